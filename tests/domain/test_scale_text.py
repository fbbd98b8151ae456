"""What a scale types: two forms are read, and everything else is refused with what to do."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.scale_text import read_weight


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("104.82", "104.82"),
        ("  104.82 g", "104.82"),
        ("104.82g\r\n", "104.82"),
        ("+104.82 g", "104.82"),
        ("   0.01 g", "0.01"),
        ("99999 g", "99999"),
        ("ST,GS,+00104.82g", "104.82"),
        ("ST,GS,+00104.82  g", "104.82"),
        ("ST,GS,+  104.82g", "104.82"),
    ],
)
def test_a_stable_gross_weight_is_read(text, grams):
    assert read_weight(text, field="weight") == Decimal(grams)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("US,GS,+00104.82g", "still moving"),
        ("OL,GS,+00104.82g", "still moving"),
        ("ST,NT,+00004.88g", "net weight"),
        ("ST,GS,-00004.88g", "below 0"),
        ("ST,GS,+0000.1048kg", "sent kg"),
        ("ST,GS,+00003.697oz", "sent oz"),
        ("0 g", "above 0 g"),
        ("0", "above 0 g"),
        ("ST,GS,+00000.00g", "above 0 g"),
        ("ST,GS,+00100000g", "above 0 g"),
        *[
            (text, "104.82 g for example")
            for text in (
                *("", "g", "104,82 g", "104.82 kg", "104.82 mg", "-104.82 g", "1e2 g", "104.82 g 104.83 g"),
                *("1 04.82", ".82", "104.", "104.82345", "123456", "\u0661\u0660\u0664 g", "ST,104.82g"),
                *("st,gs,+00104.82g", "ST,GS,00104.82g", "SNC0821"),
            )
        ],
    ],
)
def test_everything_else_is_refused(text, sentence):
    with pytest.raises(InvalidInput, match=sentence) as caught:
        read_weight(text, field="weight")
    assert caught.value.field == "weight"


@given(st.text(max_size=20))
def test_any_text_is_a_weight_or_a_refusal(text):
    try:
        grams = read_weight(text, field="weight")
    except InvalidInput:
        return
    assert 0 < grams <= 99999
