"""A drawn signature comes out where it was drawn, or is refused."""

import pytest

from labels.drawing import Paper
from labels.errors import CannotPrint
from labels.signature import signature
from tests.labels.reading import page_images


def drawn(strokes):
    paper = Paper(width=60, height=40, title="test")
    signature(strokes, width=40, height=20, field="signature").draw(paper, 10, 10)
    paper.next_page()
    (image,) = page_images(paper.finish(), dpi=254)
    return image


def ink_box(image):
    """Return the box of the ink in millimetres."""
    left, top, right, bottom = image.point(lambda grey: 255 - grey).getbbox()
    return left / 10, top / 10, right / 10, bottom / 10


@pytest.mark.parametrize(
    ("strokes", "box"),
    [
        ((((0, 0), (1000, 1000)),), (10, 10, 50, 30)),
        ((((0, 0), (500, 500)), ((500, 500), (1000, 0))), (10, 10, 50, 20)),
        ((((250, 500), (750, 500)),), (20, 20, 40, 20)),
        ((((500, 500),),), (30, 20, 30, 20)),
    ],
)
def test_strokes_fill_their_box_from_the_left_top(strokes, box):
    assert ink_box(drawn(strokes)) == pytest.approx(box, abs=0.4)


@pytest.mark.parametrize(
    "strokes",
    [
        (),
        ((),),
        (((0, 0), (10, 10)), ()),
        (((1001, 0),),),
        (((0, -1),),),
        (((0.5, 1),),),
    ],
)
def test_what_is_no_signature_is_refused(strokes):
    with pytest.raises(CannotPrint, match="The receipt, signature"):
        signature(strokes, width=40, height=20, field="receipt, signature")


def test_the_edges_of_the_box_are_inside():
    signature((((0, 0), (1000, 1000)),), width=40, height=20, field="signature")
