"""The bag label: everything on it, large enough, in its place, or refused by name."""

import os
import subprocess
import sys
import unicodedata
from dataclasses import MISSING, fields, replace
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.bag_label import BagLabel, render_bag_labels
from labels.errors import CannotPrint, DoesNotFit
from labels.fonts import printable_characters
from tests.labels.reading import (
    margins_are_white,
    marked,
    page_codes,
    page_sizes,
    page_texts,
    printed_over,
    squeezed,
    type_sizes,
    words_missing,
)
from tests.labels.samples import NBSP, bag_label

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = [field.name for field in fields(BagLabel) if field.default is MISSING]
OPTIONAL = [field.name for field in fields(BagLabel) if field.default == ""]


def test_every_text_is_on_the_label():
    label = bag_label(high_alert="HIGH-ALERT")
    assert words_missing(label, render_bag_labels([label])) == []


def test_no_field_is_forgotten():
    label = marked(bag_label(high_alert="HIGH-ALERT"))
    assert words_missing(label, render_bag_labels([label])) == []


def test_one_page_of_four_by_six_inches_for_each_bag_in_order():
    labels = [bag_label(bag=f"{number} of 3", serial=f"C250303-0007-0{number}") for number in (1, 2, 3)]
    pdf = render_bag_labels(labels)
    assert [(round(w, 3), round(h, 3)) for w, h in page_sizes(pdf)] == [(288, 432)] * 3
    assert page_codes(pdf) == [[label.serial] for label in labels]
    assert ["Bag1of3" in text for text in page_texts(pdf)] == [True, False, False]


def test_the_captions_are_those_that_patients_and_inspectors_look_for():
    (text,) = page_texts(render_bag_labels([bag_label()]))
    for caption in (
        "24-hour pharmacist (518) 555-0142",
        "Label L-000482",
        "Printed Mon 3 Mar 2025 11:05 EST",
        "Date of birth",
        "Rx 1234567",
        "Fill 3",
        f"(16.24{NBSP}mEq) in 0.9% sodium chloride 100{NBSP}mL",
        "Total volume 104",
        "Concentration 19.2",
        "START BEFORE Thu 13 Mar 2025 10:12 EDT",
        "Prepared by Maria",
        "Checked by Tom",
        "Verified by Lê",
        "Prescriber Dr Anna",
        "Quantity 5 bags",
        "Authorised remaining 20 bags",
    ):
        assert squeezed(caption) in text


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Kowalska", 16),
        ("magnesium", 18),
        ("1979", 12),
        ("1234567", 12),
        ("chloride", 12),
        ("104", 12),
        ("19.2", 12),
        ("SUBCUTANEOUS", 12),
        ("ambulatory", 12),
        ("every", 12),
        ("START BEFORE", 12),
        ("10:12", 12),
        ("refrigerated", 12),
        ("Once out", 12),
        ("Bag", 12),
        ("C250303-0007-02", 12),
    ],
)
def test_what_decides_the_infusion_is_twelve_points_or_more(text, least):
    sizes = type_sizes(render_bag_labels([bag_label(patient_address="")]), text)
    assert sizes
    assert min(sizes) >= least


def test_nothing_is_smaller_than_seven_and_a_half_points():
    pdf = render_bag_labels([marked(bag_label())])
    assert min(size for word in marked_words(bag_label()) for size in type_sizes(pdf, word)) >= 7.5


def marked_words(label):
    return [text for text in vars(marked(label)).values() if isinstance(text, str) and text]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_text_is_refused_by_field(name):
    with pytest.raises(CannotPrint) as refusal:
        render_bag_labels([bag_label(), bag_label(**{name: "  "})])
    assert refusal.value.field == name.replace("_", " ")
    assert name.replace("_", " ") in refusal.value.sentence


@pytest.mark.parametrize("name", OPTIONAL)
def test_what_may_be_empty_is_left_out_with_its_caption(name):
    assert name in {
        "notice",
        "patient_address",
        "high_alert",
        "dose_equivalent",
        "out_of_refrigerator",
        "dispensed_on",
        "lots",
    }
    (text,) = page_texts(render_bag_labels([bag_label(**{name: ""})]))
    captions = {"dispensed_on": "Dispensed", "lots": "Lots", "dose_equivalent": "mEq"}
    assert captions.get(name, "()") not in text


def test_spaces_alone_count_as_empty():
    assert render_bag_labels([bag_label(lots=NBSP + "  ")]) == render_bag_labels([bag_label(lots="")])


def test_no_label_at_all_is_refused():
    with pytest.raises(CannotPrint, match="no bag label"):
        render_bag_labels([])


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Phước Thị Minh Khai Công Tằng Tôn Nữ",
        "Wawrzyńczykowska-Brzęczyszczykiewicz, Żółcisława Świętopełka",
        "Константинопольська-Щербаківська, Єлизавета Ґаврилівна",
        "Featherstonehaugh-Cholmondeley, Bartholomew Montgomery III",
    ],
)
def test_long_names_of_many_languages_fit(name):
    label = bag_label(patient_name=name, patient_address="", lots="", notice="")
    pdf = render_bag_labels([label])
    assert words_missing(label, pdf) == []
    assert min(type_sizes(pdf, name.split(" ")[0][:8])) >= 12


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("patient_name", "Wolfeschlegelsteinhausenbergerdorff" * 2, "patient name"),
        ("patient_name", "Maria " * 40, "patient name"),
        ("directions", "Infuse one bag. " * 40, "directions"),
        ("auxiliary", ("Call us at once. " * 6,) * 8, "auxiliary"),
        ("lots", "6129874, " * 60, "lots"),
        ("serial", "C250303-0007-02-C250303-0007-02", "serial"),
        ("route_line", "FOR SUBCUTANEOUS INFUSION ONLY " * 5, "route line"),
        ("start_before", "Thursday 13 March 2025 at 10:12 Eastern Daylight Time, not later", "start before"),
        ("notice", "not for patient use " * 12, "notice"),
        ("prescriber", "Anna " * 90, "prescriber"),
        ("copy", "REPRINT 2, because the first label tore in the printer and was destroyed", "copy"),
        ("pharmacy_address", "Linden Street " * 30, "pharmacy address"),
    ],
)
def test_a_text_without_room_is_refused_by_field(name, text, words):
    with pytest.raises(DoesNotFit) as refusal:
        render_bag_labels([bag_label(**{name: text})])
    assert refusal.value.field == words
    assert words in refusal.value.sentence


def test_texts_that_fit_one_by_one_but_not_together_are_refused():
    crowded = {
        "patient_name": "Wawrzyńczykowska-Brzęczyszczykiewicz, Żółcisława Świętopełka",
        "directions": "Infuse ONE bag subcutaneously with your ambulatory pump. " * 4,
        "auxiliary": ("Call us at once for drowsiness, weakness, flushing or slow breathing.",) * 5,
    }
    for name, text in crowded.items():
        render_bag_labels([bag_label(patient_address="", lots="", notice="", **{name: text})])
    with pytest.raises(DoesNotFit, match=r"mm too much text; shorten its longest text, the auxiliary"):
        render_bag_labels([bag_label(**crowded)])


def test_nothing_is_printed_over_anything_else_or_into_the_margin():
    full = bag_label(high_alert="", directions="Infuse ONE bag with your pump. " * 5, lots="", notice="")
    for label in (bag_label(), replace(full, patient_address="")):
        pdf = render_bag_labels([label])
        assert printed_over(pdf) == []
        assert margins_are_white(pdf, margin=2.2)


def test_caption_and_value_stand_on_one_baseline():
    text = pypdfium2.PdfDocument(render_bag_labels([bag_label()]))[0].get_textpage()
    feet = [
        text.get_charbox(text.search(word, match_case=True).get_next()[0])[1]
        for word in ("START BEFORE", "Thu 13 Mar 2025 10:12")
    ]
    assert feet[0] == pytest.approx(feet[1], abs=0.2)


def test_a_reprint_mark_and_the_notice_are_on_the_label():
    (text,) = page_texts(render_bag_labels([bag_label(copy="REPRINT 2, label torn")]))
    assert "REPRINT2,labeltorn" in text
    assert "Samplepharmacy,notforpatientuse" in text


def test_the_same_data_give_the_same_bytes_in_any_process():
    program = (
        "import sys; from tests.labels.samples import bag_label;"
        "from labels.bag_label import render_bag_labels;"
        "sys.stdout.buffer.write(render_bag_labels([bag_label()]))"
    )
    printed = render_bag_labels([bag_label()])
    render_bag_labels([bag_label(patient_name="Somebody Else")])
    assert render_bag_labels([bag_label()]) == printed
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, env=environment, check=True, cwd=ROOT
    )
    assert done.stdout == printed


READ_BACK = sorted(
    character
    for character in printable_characters()
    if (character.isalnum() or character in "()%,.;:'’–+/°≥&")
    # The reader takes ligatures and raised digits apart.
    and unicodedata.is_normalized("NFKC", character)
)
WORDS = st.lists(st.text(READ_BACK, min_size=1, max_size=12), min_size=1, max_size=12).map(" ".join)


@settings(max_examples=30)
@given(st.sampled_from([name for name in (*REQUIRED, *OPTIONAL) if name != "serial"]), WORDS)
def test_any_printable_text_is_on_the_label_or_refused(name, text):
    label = bag_label(**{"patient_address": "", "lots": "", "notice": "", name: text})
    try:
        pdf = render_bag_labels([label])
    except DoesNotFit:
        return
    assert words_missing(label, pdf) == []
