"""The letter-size documents: every text, on every page who it is about, as many pages as it takes."""

from dataclasses import MISSING, fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.calendar_sheet import render_calendar
from labels.compounding_record import render_compounding_record
from labels.errors import CannotPrint, DoesNotFit
from labels.manifest import DeliveryManifest, render_manifest
from labels.package_list import PackageList, render_package_list
from labels.pump_sheet import render_pump_sheet
from labels.recall_list import render_recall_list
from labels.rows import Step
from labels.worksheet import render_worksheet
from tests.labels.home_samples import (
    APRIL,
    MARCH,
    PROGRAM,
    bag_delivered,
    calendar_sheet,
    manifest,
    package_list,
    pump_sheet,
    week,
)
from tests.labels.reading import (
    margins_are_white,
    marked,
    page_codes,
    page_images,
    page_sizes,
    page_texts,
    printed_over,
    squeezed,
    words_missing,
)
from tests.labels.recall_samples import recall_list
from tests.labels.samples import IMPRINT, component, compounding_record, worksheet

DOCUMENTS = [
    pytest.param(compounding_record, render_compounding_record, id="compounding-record"),
    pytest.param(worksheet, render_worksheet, id="worksheet"),
    pytest.param(pump_sheet, render_pump_sheet, id="pump-sheet"),
    pytest.param(calendar_sheet, render_calendar, id="calendar"),
    pytest.param(manifest, render_manifest, id="manifest"),
    pytest.param(package_list, render_package_list, id="package-list"),
    pytest.param(recall_list, render_recall_list, id="recall-list"),
]
each_document = pytest.mark.parametrize(("sample", "render"), DOCUMENTS)


@each_document
def test_every_text_is_printed(sample, render):
    assert words_missing(sample(), render(sample())) == []


@each_document
def test_no_field_is_forgotten(sample, render):
    document = marked(sample())
    assert words_missing(document, render(document)) == []


@each_document
def test_every_page_says_which_document_of_whom_and_which_page_of_how_many(sample, render):
    document = sample()
    pdf = render(document)
    texts = page_texts(pdf)
    who = next(
        getattr(document, name) for name in ("driver", "recall", "patient_name") if hasattr(document, name)
    )
    for number, text in enumerate(texts, start=1):
        assert f"Page{number}of{len(texts)}" in text
        for line in (who, document.document_serial, *IMPRINT.values()):
            assert squeezed(line) in text
    assert page_codes(pdf) == [[document.document_serial]] * len(texts)
    assert {(round(width, 2), round(height, 2)) for width, height in page_sizes(pdf)} == {(612, 792)}


@each_document
def test_nothing_is_printed_over_anything_else_or_into_the_margin(sample, render):
    document = sample() if isinstance(sample(), PackageList) else sample(watermark="")
    pdf = render(document)
    assert printed_over(pdf) == []
    assert margins_are_white(pdf, margin=9)


@each_document
def test_the_same_data_give_the_same_bytes(sample, render):
    first = render(sample())
    render(marked(sample()))
    assert render(sample()) == first


@each_document
def test_a_missing_text_is_refused_by_field(sample, render):
    document = sample()
    for field in fields(document):
        if field.default is MISSING:
            empty = () if isinstance(getattr(document, field.name), tuple) else " "
            with pytest.raises(CannotPrint) as refusal:
                render(replace(document, **{field.name: empty}))
            assert refusal.value.field == field.name.replace("_", " ")


@each_document
def test_what_may_be_empty_may_be_empty(sample, render):
    document = sample()
    empty = {field.name: field.default for field in fields(document) if field.default is not MISSING}
    assert words_missing(replace(document, **empty), render(replace(document, **empty))) == []


@each_document
def test_a_character_without_a_glyph_is_refused_by_field(sample, render):
    with pytest.raises(CannotPrint, match="The printed at holds"):
        render(sample(printed_at="3月3日"))


@each_document
def test_a_serial_without_room_for_its_bars_is_refused(sample, render):
    with pytest.raises(DoesNotFit, match="document serial is too long for its bar code"):
        render(sample(document_serial="CR-" + "A7" * 12))


def test_a_missing_text_in_a_row_is_refused_with_the_number_of_the_row():
    rows = (component(), component(lot=""))
    with pytest.raises(CannotPrint, match="The components 2, lot is missing") as refusal:
        render_compounding_record(compounding_record(components=rows))
    assert refusal.value.field == "components 2, lot"


def test_a_long_record_runs_on_and_loses_nothing():
    lots = [f"LOT{number:04d}" for number in range(90)]
    record = compounding_record(components=tuple(component(lot) for lot in lots))
    texts = page_texts(render_compounding_record(record))
    assert len(texts) > 4
    assert [sum(text.count(lot) for text in texts) for lot in lots] == [1] * 90
    pages_with_rows = [text for text in texts if "LOT0" in text]
    assert len(pages_with_rows) > 2
    assert all("Componentandstrength" in text for text in pages_with_rows)
    assert [f"Page{number}of{len(texts)}" in text for number, text in enumerate(texts, 1)] == [True] * len(
        texts
    )


def test_a_heading_never_stands_alone_at_the_foot():
    for count in range(1, 40):
        record = compounding_record(instructions=tuple(f"Step {number}." for number in range(count)))
        for text in page_texts(render_compounding_record(record)):
            body = text.split(squeezed("CR-250303-0007 · Copy 1"))[0]
            assert not body.endswith(("Labels", "Mixinginstructions", "Deviations", "Addenda", "People"))


def test_a_row_longer_than_a_page_is_refused_by_field():
    step = Step(what="Volume", working="104 divided by 10 " * 900, result="10.4")
    with pytest.raises(DoesNotFit, match="The calculations 1 is too long for a page"):
        render_compounding_record(compounding_record(calculations=(step,)))


def test_what_was_not_recorded_is_said():
    lists = (
        "reconciliation",
        "steps_done",
        "photographs",
        "notes",
        "deviations",
        "problems_reported",
        "addenda",
    )
    record = compounding_record(**dict.fromkeys(lists, ()))
    text = "".join(page_texts(render_compounding_record(record)))
    assert text.count("Nonerecorded.") == len(lists)


def test_a_watermark_lies_across_every_page_and_leaves_the_bar_codes_readable():
    words = "VOID – replaced by PS-000201-4"
    plain = render_pump_sheet(pump_sheet(watermark=""))
    pdf = render_pump_sheet(pump_sheet(watermark=words))
    assert all(text.count(squeezed(words)) == 2 for text in page_texts(pdf))
    assert page_codes(pdf) == [["PS-000201-3"]] * len(page_texts(pdf))
    grey = [sum(image.histogram()[220:230]) for image in page_images(pdf)]
    assert min(grey) > 10 * max(sum(image.histogram()[220:230]) for image in page_images(plain)) > 0


def test_the_program_has_each_screen_once_on_one_page_with_two_boxes_to_read_back():
    many = tuple(replace(PROGRAM[0], screen=str(number)) for number in range(1, 10))
    texts = page_texts(render_pump_sheet(pump_sheet(program=many)))
    with_rows = [text for text in texts if "onehundredfourpointzeromL" in text]
    assert [text.count("onehundredfourpointzeromL") for text in with_rows] == [9]
    assert "Readbackbyprogrammer" in with_rows[0]
    assert "Readbackbysecondperson" in with_rows[0]


def test_a_program_longer_than_a_page_runs_on():
    many = tuple(replace(PROGRAM[0], screen=f"S{number}", field="Rate") for number in range(1, 25))
    texts = page_texts(render_pump_sheet(pump_sheet(program=many)))
    rows = "".join(texts)
    assert all(rows.count(f"S{number}:Rate") == 1 for number in range(1, 25))
    with_rows = [text for text in texts if ":Rate" in text]
    assert all("Thepumpmustshow" in text for text in with_rows)
    assert len(with_rows) == 3


def test_the_patient_page_is_the_last_and_has_nothing_of_the_program():
    last = page_texts(render_pump_sheet(pump_sheet()))[-1]
    assert "Foryou,Kowalska,KatarzynaM" in last
    assert "Lookatyourcalendar." in last
    assert "Thepumpmustshow" not in last
    assert "Airdetector" not in last


def test_the_calendar_is_one_page_also_for_two_full_months():
    full = replace(MARCH, weeks=(week(1, "iiriiri"),) * 5)
    months = (full, replace(APRIL, weeks=(week(1, "iiriiri"),) * 4))
    assert len(page_texts(render_calendar(calendar_sheet(months=months)))) == 1


def test_a_calendar_of_too_many_weeks_is_refused():
    months = (replace(MARCH, weeks=(week(1, "iiriiri"),) * 20),)
    with pytest.raises(DoesNotFit, match="page"):
        render_calendar(calendar_sheet(months=months))


def test_a_calendar_of_two_pages_is_refused():
    full = replace(MARCH, weeks=(week(1, "iiriiri"),) * 9)
    with pytest.raises(DoesNotFit, match="My infusion calendar needs 2 pages and may have 1"):
        render_calendar(calendar_sheet(months=(full, full)))


def test_infusion_and_rest_days_differ_without_colour():
    def day_ink(kinds):
        months = (replace(MARCH, weeks=(week(2, kinds),)),)
        (image,) = page_images(render_calendar(calendar_sheet(months=months)))
        return image.histogram()

    infuse, rest, outside = day_ink("iiiiiii"), day_ink("rrrrrrr"), day_ink("-------")
    grey = [sum(histogram[210:222]) for histogram in (infuse, rest, outside)]
    assert grey[1] > 20 * max(grey[0], grey[2])
    assert infuse[0] > outside[0] * 1.05


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (week(1, "iir")[:5], "a week of 5 places"),
        (tuple(reversed(week(2, "iiriiri"))), "has day 8, a Sat, under Sun"),
        (
            (replace(week(2, "i")[0], kind="maybe"), *week(3, "iiriir", blank=1)[1:]),
            "neither infuse nor rest",
        ),
    ],
)
def test_a_day_in_the_wrong_place_is_refused(wrong, sentence):
    with pytest.raises(CannotPrint, match=sentence):
        render_calendar(calendar_sheet(months=(replace(MARCH, weeks=(wrong,)),)))


def test_a_day_with_more_text_than_its_place_is_refused():
    crowded = replace(week(2, "i")[0], bag="Bag 1, then bag 2 if needed")
    weeks = ((crowded, *week(3, "iiriir", blank=1)[1:]),)
    with pytest.raises(DoesNotFit, match="calendar 2 March 2025"):
        render_calendar(calendar_sheet(months=(replace(MARCH, weeks=weeks),)))


def test_a_manifest_lists_each_bag_once_and_has_lines_to_sign_until_it_is_received():
    bags = tuple(bag_delivered(f"C250303-0007-{number:02d}") for number in range(1, 21))
    texts = "".join(page_texts(render_manifest(manifest(bags=bags, receipt=None))))
    assert [texts.count(bag.serial) for bag in bags] == [1] * 20
    assert "PrintednameRelationshiptothepatientSignatureDateandtime" in texts
    assert "Receivedby" in "".join(page_texts(render_manifest(manifest())))


def test_a_manifest_without_bags_says_so():
    texts = "".join(page_texts(render_manifest(manifest(bags=(), bag_count="none", pumps=(), supplies=()))))
    assert "Nobags." in texts
    assert "Nopump." in texts
    assert "Nosupplies." in texts


def test_the_drivers_list_has_no_place_for_a_drug():
    named = {field.name for field in fields(PackageList)} & {field.name for field in fields(DeliveryManifest)}
    assert not named & {"bags", "supplies", "drug", "patient_name", "date_of_birth"}


def test_a_stop_of_the_drivers_list_stays_on_one_page():
    stop = package_list().stops[0]
    stops = tuple(replace(stop, stop=f"Stop {number};") for number in range(1, 9))
    for text in page_texts(render_package_list(package_list(stops=stops))):
        assert text.count("Stop") == text.count("Relationship")


TEXT = st.lists(
    st.text("abcdefgilmoSTAW059ńễЖя.,()%-", min_size=1, max_size=14), min_size=1, max_size=30
).map(" ".join)


@settings(max_examples=15)
@given(TEXT, TEXT, TEXT)
def test_any_text_is_printed_or_refused(fact, cell, paragraph):
    record = compounding_record(
        cabinet=fact, components=(replace(component(), vendor=cell),), deviations=(paragraph,) * 3
    )
    try:
        pdf = render_compounding_record(record)
    except DoesNotFit as refusal:
        wide = max(map(len, (*fact.split(), *cell.split())))
        if wide < 8:
            raise AssertionError(f"refused without need: {refusal}") from refusal
        return
    assert words_missing(record, pdf) == []


@settings(max_examples=15)
@given(st.lists(st.text("0123456789ABCDEFMW-", min_size=1, max_size=40), min_size=1, max_size=30))
def test_a_lot_number_of_any_length_is_printed(lots):
    record = compounding_record(components=tuple(component(lot) for lot in lots))
    assert words_missing(record, render_compounding_record(record)) == []
