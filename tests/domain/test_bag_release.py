"""Which bags may leave, and when a count closes (domain.md 2.4)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pharmacy.domain.bag_release import (
    BagStanding,
    InspectionOutcome,
    LabelOnBag,
    ReworkKind,
    Seen,
    Tally,
    count_bags,
    ensure_outcome,
    find_obstacles,
    find_obstacles_to_leaving,
)
from pharmacy.domain.errors import InvalidInput

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=9)
PASS, REWORK, QUARANTINE, REJECT = InspectionOutcome
GOOD = Seen(no_particles=True, colour_right=True, closure_intact=True, label_matches=True)
LABEL = LabelOnBag(applied_at=NOON, says_the_date=True, says_the_order=True)
BAG = BagStanding(
    name="Bag 1",
    made=True,
    beyond_use=LATER,
    label=LABEL,
    may_lack_label=False,
    outcome=PASS,
    inspected_at=NOON,
)


@pytest.mark.parametrize("wrong", ["no_particles", "colour_right", "closure_intact", "label_matches"])
def test_a_bag_passes_only_when_all_four_are_right(wrong):
    ensure_outcome(GOOD, PASS, reason="")
    with pytest.raises(InvalidInput, match="not confirmed") as refusal:
        ensure_outcome(replace(GOOD, **{wrong: False}), PASS, reason="looks fine")
    assert refusal.value.field == "outcome"


@pytest.mark.parametrize("outcome", [REJECT, QUARANTINE])
@pytest.mark.parametrize("seen", [GOOD, replace(GOOD, no_particles=False)])
def test_what_does_not_pass_needs_a_reason(outcome, seen):
    ensure_outcome(seen, outcome, reason="a fibre")
    with pytest.raises(InvalidInput, match="Enter why") as refusal:
        ensure_outcome(seen, outcome, reason="  ")
    assert refusal.value.field == "reason"


def test_a_bag_with_nothing_missing_has_no_obstacle():
    assert find_obstacles([BAG], at=LATER - timedelta(microseconds=1)) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"label": None}, "no label was scanned"),
        ({"label": replace(LABEL, applied_at=None)}, "no label was scanned"),
        ({"label": replace(LABEL, says_the_date=False)}, "another beyond-use date"),
        ({"label": replace(LABEL, says_the_order=False)}, "directions that no longer hold"),
        ({"inspected_at": NOON - timedelta(microseconds=1)}, "inspected before the label"),
        ({"beyond_use": NOON}, "has passed"),
        ({"beyond_use": None}, "has passed"),
        ({"outcome": None, "inspected_at": None}, "is not inspected"),
        ({"made": False, "outcome": None}, "its label is not destroyed"),
    ],
)
def test_each_obstacle_is_said_once(changes, words):
    (sentence,) = find_obstacles([replace(BAG, **changes)], at=NOON)

    assert words in sentence and sentence.startswith("Bag 1")


@pytest.mark.parametrize("outcome", [REJECT, QUARANTINE])
@pytest.mark.parametrize(
    "changes",
    [
        {"beyond_use": NOON},
        {"label": replace(LABEL, says_the_date=False, says_the_order=False)},
        {"inspected_at": NOON - timedelta(hours=1)},
    ],
)
def test_what_keeps_a_bag_from_leaving_does_not_keep_it_from_being_set_aside(outcome, changes):
    assert find_obstacles([replace(BAG, outcome=outcome, **changes)], at=NOON) == []


def test_a_bag_without_a_label_may_only_be_rejected_when_none_can_be_printed():
    bare = replace(BAG, label=None, outcome=REJECT)

    assert len(find_obstacles([bare], at=NOON)) == 1
    assert find_obstacles([replace(bare, may_lack_label=True)], at=NOON) == []


def test_a_bag_that_was_not_made_needs_nothing_but_its_label_destroyed():
    given_up = replace(BAG, made=False, label=None, outcome=None, inspected_at=None)

    assert find_obstacles([given_up], at=NOON) == []


def test_leaving_is_judged_without_the_outcome():
    assert list(find_obstacles_to_leaving(replace(BAG, outcome=QUARANTINE), at=NOON)) == []
    assert len(list(find_obstacles_to_leaving(replace(BAG, label=None), at=LATER))) == 2
    (undone,) = find_obstacles_to_leaving(replace(BAG, outcome=QUARANTINE, open_rework=True), at=NOON)
    assert undone.startswith("Bag 1: its rework is not done.")


@pytest.mark.parametrize(
    ("counts", "closes"),
    [
        ((3, 3, 0, 3, 0, 0), True),
        ((3, 3, 0, 2, 1, 0), True),
        ((3, 2, 1, 2, 1, 0), True),
        ((0, 0, 0, 0, 0, 0), True),
        ((3, 2, 0, 3, 0, 0), False),
        ((3, 4, 0, 3, 0, 0), False),
        ((3, 3, 0, 2, 0, 1), False),
        ((3, 3, 0, 2, 0, 0), False),
        ((3, 3, 0, 3, 1, 0), False),
        ((2, 3, 0, 3, 0, 0), False),
    ],
)
def test_the_count_closes_only_when_all_three_figures_agree(counts, closes):
    assert Tally(*counts).closes is closes


def test_bags_are_counted_as_they_stand():
    bags = [
        BAG,
        replace(BAG, outcome=REJECT),
        replace(BAG, outcome=QUARANTINE),
        replace(BAG, outcome=REJECT, label=None, may_lack_label=True),
        replace(BAG, outcome=REJECT, may_lack_label=True),
        replace(BAG, outcome=None, label=replace(LABEL, applied_at=None)),
        replace(BAG, made=False, outcome=None),
    ]

    tally = count_bags(bags)

    assert tally == Tally(made=6, labelled=4, without_label=1, released=1, rejected=3, quarantined=1)
    assert tally.say(decided=False) == (
        "6 bags made, 4 labels applied (1 rejected without), "
        "1 to be released, 3 to be rejected, 1 in quarantine."
    )
    assert count_bags([BAG]).say(decided=True) == "1 bag made, 1 label applied, 1 released, 0 rejected."


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ((), ReworkKind.PHOTO),
        ((), ReworkKind.COUNT),
        (("label_matches",), ReworkKind.LABEL),
        (("closure_intact",), ReworkKind.PORT_SEAL),
        (("closure_intact",), ReworkKind.OUTER_BAG),
    ],
)
def test_what_can_be_mended_from_outside_goes_to_rework(wrong, kind):
    ensure_outcome(replace(GOOD, **dict.fromkeys(wrong, False)), REWORK, reason="do it", rework=kind)


@pytest.mark.parametrize("kind", list(ReworkKind))
@pytest.mark.parametrize("wrong", ["no_particles", "colour_right"])
def test_a_doubtful_content_is_never_reworked(wrong, kind):
    with pytest.raises(InvalidInput, match="content of this bag is in doubt") as refusal:
        ensure_outcome(replace(GOOD, **{wrong: False}), REWORK, reason="look again", rework=kind)
    assert refusal.value.field == "outcome"


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ("label_matches", ReworkKind.PORT_SEAL),
        ("label_matches", ReworkKind.PHOTO),
        ("closure_intact", ReworkKind.LABEL),
        ("closure_intact", ReworkKind.COUNT),
    ],
)
def test_a_rework_that_does_not_mend_what_is_wrong_is_refused(wrong, kind):
    with pytest.raises(InvalidInput, match="does not mend that") as refusal:
        ensure_outcome(replace(GOOD, **{wrong: False}), REWORK, reason="do it", rework=kind)
    assert refusal.value.field == "rework"


def test_a_rework_needs_what_is_to_be_mended_and_what_is_to_be_done():
    with pytest.raises(InvalidInput, match="what is to be mended"):
        ensure_outcome(GOOD, REWORK, reason="do it")
    with pytest.raises(InvalidInput, match="what is to be done"):
        ensure_outcome(GOOD, REWORK, reason=" ", rework=ReworkKind.LABEL)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"in_rework": True, "outcome": None}, "is in rework"),
        ({"was_reworked": True, "outcome": None}, "is not inspected since its rework"),
        ({"deviation": "V-00001X"}, "part of the open deviation V-00001X"),
        ({"doubts": ("Lot A is recalled.",)}, "Lot A is recalled."),
        (
            {"outcome": REJECT, "may_lack_label": True, "label": replace(LABEL, applied_at=None)},
            "neither on the bag nor destroyed",
        ),
    ],
)
def test_what_holds_a_bag_back_is_said(changes, words):
    (sentence,) = find_obstacles([replace(BAG, **changes)], at=NOON)

    assert words in sentence and sentence.startswith("Bag 1")


@pytest.mark.parametrize("outcome", [REJECT, QUARANTINE])
def test_what_speaks_against_a_bag_does_not_keep_it_from_being_set_aside(outcome):
    bag = replace(BAG, outcome=outcome, deviation="V-00001X", doubts=("Lot A is recalled.",))

    assert find_obstacles([bag], at=NOON) == []


def test_a_bag_in_rework_keeps_the_count_open():
    tally = count_bags([BAG, replace(BAG, in_rework=True, outcome=None)])

    assert (tally.made, tally.released, tally.in_rework, tally.closes) == (2, 1, 1, False)
    assert tally.say(decided=False).endswith("1 to be released, 0 to be rejected, 1 in rework.")
