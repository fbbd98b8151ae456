"""A drawn signature is read strictly: whole points in the box, enough for a name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.drawn_signature import LEAST_POINTS, MOST_POINTS, MOST_STROKES, read_strokes
from pharmacy.domain.errors import InvalidInput

LINE = [[place * 10, 500] for place in range(LEAST_POINTS)]
points = st.tuples(st.integers(0, 1000), st.integers(0, 1000))
drawings = st.lists(st.lists(points, min_size=1, max_size=20), min_size=1, max_size=10)


@given(drawings)
def test_what_was_drawn_comes_back_point_for_point(drawn):
    if sum(map(len, drawn)) >= LEAST_POINTS:
        assert read_strokes(json.dumps(drawn)) == tuple(tuple(map(tuple, stroke)) for stroke in drawn)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("{", id="no JSON"),
        pytest.param("7", id="a number"),
        pytest.param('"text"', id="a text"),
        pytest.param("null", id="null"),
        pytest.param("[" * 100_000, id="nested without end"),
        pytest.param(json.dumps([[*LINE, [1001, 0]]]), id="right of the box"),
        pytest.param(json.dumps([[*LINE, [0, -1]]]), id="above the box"),
        pytest.param(json.dumps([[*LINE, [0.5, 1]]]), id="a fraction"),
        pytest.param(json.dumps([[*LINE, [True, 1]]]), id="true is no number"),
        pytest.param(json.dumps([[*LINE, ["1", 1]]]), id="a text as a number"),
        pytest.param(json.dumps([[*LINE, [1, 2, 3]]]), id="three numbers"),
    ],
)
def test_what_is_no_drawing_is_refused(text):
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_strokes(text)


@pytest.mark.parametrize(
    ("strokes", "sentence"),
    [
        ([], "Draw the whole signature"),
        ([LINE, []], "Draw the whole signature"),
        ([LINE[:-1]], "Draw the whole signature"),
        ([LINE], None),
        ([LINE[:1]] * MOST_STROKES, None),
        ([LINE[:1]] * (MOST_STROKES + 1), "too many"),
        ([LINE[:1] * MOST_POINTS], None),
        ([LINE[:1] * (MOST_POINTS + 1)], "too many"),
    ],
)
def test_the_bounds_of_a_drawing(strokes, sentence):
    if sentence is None:
        assert len(read_strokes(json.dumps(strokes))) == len(strokes)
        return
    with pytest.raises(InvalidInput, match=sentence) as refused:
        read_strokes(json.dumps(strokes))
    assert refused.value.field == "signature"
