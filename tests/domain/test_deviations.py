"""When a deviation may be closed, and what it holds back meanwhile."""

import pytest

from pharmacy.domain.complaints import COMPLAINT_WORDS, ComplaintKind
from pharmacy.domain.deviations import (
    GRAVITY_WORDS,
    KIND_WORDS,
    AffectedBag,
    DeviationKind,
    Disposition,
    Gravity,
    ensure_not_held_back,
    find_open_ends,
)
from pharmacy.domain.errors import Refusal

HELD = AffectedBag("Bag 1", True, None)


@pytest.mark.parametrize(
    ("bags", "investigated", "missing"),
    [
        ([], True, []),
        ([], False, ["Record the investigation first."]),
        ([HELD], True, ["Decide what becomes of Bag 1."]),
        ([HELD], False, ["Record the investigation first.", "Decide what becomes of Bag 1."]),
        ([AffectedBag("Bag 1", True, Disposition.RELEASE)], True, []),
        ([AffectedBag("Bag 1", False, None)], True, []),
    ],
)
def test_a_deviation_is_closed_when_nothing_is_left_to_decide(bags, investigated, missing):
    assert find_open_ends(bags, investigated=investigated) == missing


def test_an_open_deviation_holds_its_bag_back():
    ensure_not_held_back("Bag 1", None)
    with pytest.raises(Refusal, match="Bag 1 is part of the open deviation V-00001X"):
        ensure_not_held_back("Bag 1", "V-00001X")


@pytest.mark.parametrize(
    ("kinds", "words"),
    [(DeviationKind, KIND_WORDS), (Gravity, GRAVITY_WORDS), (ComplaintKind, COMPLAINT_WORDS)],
)
def test_everything_that_can_be_chosen_has_its_words(kinds, words):
    assert set(words) == set(kinds)
