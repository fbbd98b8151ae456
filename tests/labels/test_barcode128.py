"""Every bar code is read back by a scanner library from what a label printer would print."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.barcode128 import LABEL_PRINTER, LEAST_MODULE, OFFICE_PRINTER, bars, draw_code128
from labels.drawing import Paper
from labels.errors import CannotPrint, DoesNotFit
from tests.labels.reading import page_codes, page_images

PRINTABLE = string.ascii_letters + string.digits + string.punctuation + " "


def drawn(*texts, width=66.0, dpi=LABEL_PRINTER, x=4.0):
    paper = Paper(width=101.6, height=30, title="test")
    for text in texts:
        draw_code128(paper, x, 5, text, width=width, height=10, dpi=dpi, field="serial")
        paper.next_page()
    return paper.finish()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("99207000101", id="library-issue-251-leading-99"),
        "99",
        "9999",
        "99A",
        "9",
        "9A99",
        "990",
        "C990303-0007-02",
        "C250303-0007-02",
        "CR-250303-0007",
        "abc123456",
        "~ !\"#$%&'()*",
    ],
)
@pytest.mark.parametrize("dpi", [LABEL_PRINTER, OFFICE_PRINTER])
def test_a_scanner_reads_what_was_meant(text, dpi):
    assert page_codes(drawn(text, dpi=dpi)) == [[text]]


@settings(max_examples=25)
@given(
    st.lists(
        st.one_of(
            st.text(PRINTABLE, min_size=1, max_size=8),
            st.text(string.digits, min_size=1, max_size=20),
            st.from_regex(r"99[0-9]{0,6}[A-Z]?[0-9]{0,6}", fullmatch=True),
        ).filter(lambda text: text == text.strip()),
        min_size=4,
        max_size=4,
    )
)
def test_a_scanner_reads_any_printable_text(texts):
    assert page_codes(drawn(*texts)) == [[text] for text in texts]


@pytest.mark.parametrize("text", ["", "Ł1", "1\n2", "\x1d01", "١٢"])
def test_what_scanners_answer_differently_to_is_refused(text):
    with pytest.raises(CannotPrint, match="bag serial"):
        bars(text, field="bag serial")


def modules(text):
    return sum(length for _, length in bars(text, field="x"))


def test_a_text_is_refused_where_its_bars_would_be_too_narrow():
    needed = (modules("C250303-0007-02") + 20) * LEAST_MODULE
    assert page_codes(drawn("C250303-0007-02", width=needed)) == [["C250303-0007-02"]]
    with pytest.raises(DoesNotFit, match="serial is too long for its bar code"):
        drawn("C250303-0007-02", width=needed - 0.01)


def test_modules_are_whole_dots_with_a_quiet_zone_on_both_sides():
    (image,) = page_images(drawn("C250303-0007-02", width=90.0))
    row = [pixel < 128 for pixel in image.crop((0, 80, image.width, 81)).tobytes()]
    runs, start = [], 0
    for place in range(1, len(row) + 1):
        if place == len(row) or row[place] != row[start]:
            runs.append(place - start)
            start = place
    expected = [length * 3 for _, length in bars("C250303-0007-02", field="x")]
    assert runs[1:-1] == expected
    assert runs[0] == round(4 * LABEL_PRINTER / 25.4) + 30


def test_what_lies_behind_a_symbol_does_not_show_in_it():
    paper = Paper(width=101.6, height=30, title="test")
    paper.box(0, 0, 60, 30, fill=0.4, thick=0)
    draw_code128(paper, 4, 5, "12345678", width=50, height=10, dpi=LABEL_PRINTER, field="serial")
    paper.next_page()
    assert page_codes(paper.finish()) == [["12345678"]]
