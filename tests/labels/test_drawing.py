"""Text that fits or is refused, in millimetres from the top left corner."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.drawing import MM, Paper, Type, wrap, wrap_code
from labels.errors import DoesNotFit
from tests.labels.reading import page_images, page_sizes

TEN = Type(10)
NBSP = "\N{NO-BREAK SPACE}"
WORDS = st.lists(st.text("aiMW059.,-ễŻ" + NBSP, min_size=1, max_size=9), max_size=25)


def test_a_line_is_as_wide_as_its_width_allows_and_no_wider():
    exact = TEN.width("ten hours")
    assert wrap("ten hours", width=exact, kind=TEN, field="x") == ("ten hours",)
    assert wrap("ten hours", width=exact - 0.01, kind=TEN, field="x") == ("ten", "hours")


def test_a_number_stays_with_its_unit():
    text = f"at 10.4{NBSP}mL"
    narrow = TEN.width(f"10.4{NBSP}mL")
    assert wrap(text, width=narrow, kind=TEN, field="x") == ("at", f"10.4{NBSP}mL")


def test_a_word_that_is_too_wide_is_refused_by_field():
    with pytest.raises(DoesNotFit, match="directions holds a word that is too wide") as refusal:
        wrap(f"10.4{NBSP}mL", width=TEN.width("10.4"), kind=TEN, field="directions")
    assert refusal.value.field == "directions"


def test_one_line_too_many_is_refused_by_field():
    width = TEN.width("three")
    assert wrap("one three", width=width, kind=TEN, field="x", max_lines=2) == ("one", "three")
    with pytest.raises(DoesNotFit, match="The storage is too long: it needs 3 lines and has room for 2"):
        wrap("one two three", width=width, kind=TEN, field="storage", max_lines=2)


def test_spaces_at_the_ends_and_in_rows_take_no_line():
    assert wrap("  one   two ", width=50, kind=TEN, field="x") == ("one two",)
    assert wrap("", width=50, kind=TEN, field="x", max_lines=1) == ()


@given(WORDS, st.integers(5, 60))
def test_wrapping_keeps_every_word_and_fills_every_line(words, width):
    text = " ".join(words)
    try:
        lines = wrap(text, width=width, kind=TEN, field="x")
    except DoesNotFit:
        assert any(TEN.width(word) > width for word in words)
        return
    assert " ".join(lines) == text
    assert all(TEN.width(line) <= width + 0.01 for line in lines)
    for line, after in pairwise(lines):
        assert TEN.width(f"{line} {after.split(' ')[0]}") > width - 0.01


@given(WORDS, st.integers(5, 60))
def test_a_code_is_broken_and_never_refused(words, width):
    lines = wrap_code(" ".join(words), width=width, kind=TEN, field="x")
    assert "".join(lines).replace(" ", "") == "".join(words)
    assert all(TEN.width(line) <= width + 0.01 for line in lines)


def test_a_code_is_broken_only_where_it_is_too_wide():
    width = TEN.width("ABCDEF") + 0.01
    assert wrap_code("ABCDEFGH lot", width=width, kind=TEN, field="x") == ("ABCDEF", "GH lot")


def ink(image, *, left, top, right, bottom):
    """Return how dark the darkest place of a box in millimetres is, 0 to 255."""
    x, y = image.width / 50, image.height / 30
    box = image.crop((round(left * x), round(top * y), round(right * x), round(bottom * y)))
    return 255 - box.getextrema()[0]


def test_positions_are_millimetres_from_the_top_left():
    paper = Paper(width=50, height=30, title="test")
    paper.box(10, 5, 8, 2, fill=0.0, thick=0)
    paper.rule(20, 25, 10, thick=1)
    paper.text(30, 10, "HHHH", Type(20, bold=True))
    paper.next_page()
    pdf = paper.finish()
    (image,) = page_images(pdf, dpi=254)
    assert page_sizes(pdf) == [(pytest.approx(50 * MM), pytest.approx(30 * MM))]
    assert ink(image, left=10.2, top=5.2, right=17.8, bottom=6.8) == 255
    assert ink(image, left=0, top=0, right=50, bottom=4.9) == 0
    assert ink(image, left=0, top=5, right=9.9, bottom=30) == 0
    assert ink(image, left=20.5, top=24.7, right=29.5, bottom=25.3) == 255
    line = Type(20, bold=True).line
    assert ink(image, left=30, top=10, right=50, bottom=10 + line) == 255
    assert ink(image, left=30, top=7.1, right=50, bottom=10) == 0
    assert ink(image, left=31, top=10 + line, right=50, bottom=24) == 0


def test_text_ends_where_it_is_told_to():
    paper = Paper(width=50, height=30, title="test")
    paper.text_to(40, 10, "HHHH", Type(20, bold=True))
    paper.next_page()
    (image,) = page_images(paper.finish(), dpi=254)
    assert ink(image, left=40.1, top=0, right=50, bottom=30) == 0
    assert ink(image, left=37, top=10, right=40, bottom=20) == 255
