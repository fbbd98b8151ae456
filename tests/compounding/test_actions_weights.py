"""Weights at the station: the change is judged, never the total, and a wrong one stops the bag."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.audit.models import Refusal as KeptRefusal
from pharmacy.compounding import actions, queries
from pharmacy.domain.beyond_use import Category
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.preparation_steps import Step
from pharmacy.domain.statuses import BagStatus
from pharmacy.sample.facility import CLEANROOM_HOOD
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.formulas import SHORT, staged_formula
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import (
    BEFORE_G,
    checked_worksheet,
    go_to,
    hood_called,
    read_room,
    started_worksheet,
)


@pytest.fixture
def bag(session, people):
    """Give a bag that has its additive and is to be weighed: 4 mL of 1.22 g/mL, within 5 percent."""
    staged_formula(session, people, weight_tolerance_percent=5, steps=SHORT)
    bag = started_worksheet(session, people, order_in_force(session, people)).bags[0]
    go_to(session, people, bag, Step.WEIGH_AFTER)
    return bag


def weigh(session, people, bag, change, *, reason="", who="tina"):
    grams = BEFORE_G + Decimal(change)
    return actions.weigh_after(session, bag, grams=grams, reason=reason, by=people(who), at=START)


def step_of(session, bag):
    return queries.read_bag_state(session, bag.worksheet, bag, at=START).step


@pytest.mark.parametrize(
    ("change", "passes"),
    [("4.88", True), ("4.636", True), ("4.6359", False), ("5.124", True), ("5.1241", False), ("0.01", False),
     ("-1", False)],
)  # fmt: skip
def test_the_change_is_judged_at_both_ends(session, people, bag, change, passes):
    weighing = weigh(session, people, bag, change)

    assert weighing.passes is passes
    assert [weighing.before_g, weighing.expected_g, weighing.least_g, weighing.most_g] == [
        BEFORE_G, Decimal("4.88"), Decimal("4.636"), Decimal("5.124"),
    ]  # fmt: skip
    assert step_of(session, bag) is (Step.COMPLETE if passes else Step.WEIGH_AFTER)
    assert (session.scalar(select(KeptRefusal)) is None) is passes


def test_a_wrong_weight_stops_and_every_weighing_is_kept(session, people, bag):
    """A bag without its additive weighs as much as one with it, within the tolerance of the whole."""
    weigh(session, people, bag, "0.02")

    kept = session.scalar(select(KeptRefusal))
    assert (kept.kind, kept.cause, kept.bag_id) == ("weight", "weight out of tolerance", bag.id)
    assert "The bag gained 0.02" in kept.sentence.replace("\xa0", " ")
    assert '"passes":false' in last_entry(session).details
    refused(session, Refusal, "may not be finished yet. Next: weigh the bag after",
            lambda: actions.complete_bag(session, bag, by=people("tina"), at=START))  # fmt: skip
    refused(session, InvalidInput, "Say why the bag is weighed again",
            lambda: weigh(session, people, bag, "4.88"))  # fmt: skip

    again = weigh(session, people, bag, "4.9", reason="a clamp lay on the scale")

    assert [(one.passes, one.reason) for one in bag.weighings] == [
        (False, None), (True, "a clamp lay on the scale"),
    ]  # fmt: skip
    assert (again.person.username, step_of(session, bag)) == ("tina", Step.COMPLETE)
    refused(session, Refusal, "not weighed now. Next: finish the bag",
            lambda: weigh(session, people, bag, "4.9"))  # fmt: skip


def test_a_bag_of_the_wrong_weight_is_given_up_with_all_that_went_in(session, people, bag):
    weigh(session, people, bag, "9.76")

    actions.discard_bag(session, bag, reason="twice the weight", by=people("tina"), at=START)

    assert bag.status is BagStatus.CANCELLED


def test_who_weighs_and_what(session, people, bag):
    refused(session, Forbidden, "may not compound", lambda: weigh(session, people, bag, "4.88", who="nora"))
    refused(session, Refusal, "Tina Tallgrass holds", lambda: weigh(session, people, bag, "4.88", who="theo"))
    refused(session, InvalidInput, "Enter what the scale says", lambda: weigh(session, people, bag, "-112.4"))
    before = {"grams": BEFORE_G, "by": people("tina"), "at": START}
    refused(session, Refusal, "not weighed now", lambda: actions.weigh_before(session, bag, **before))


def test_without_a_density_preparation_does_not_start(session, people):
    formula = staged_formula(session, people, weight_tolerance_percent=5, steps=SHORT)
    formula.additive.density_g_per_ml = None
    worksheet = checked_worksheet(session, people, order_in_force(session, people))

    hood = hood_called(session, CLEANROOM_HOOD)
    read_room(session, people, hood, at=START)

    def begin():
        actions.start_preparation(
            session, worksheet, control=hood, accepts=Category.TWO, by=people("tina"), at=START
        )

    refused(session, Refusal, "the density of magnesium sulfate .* is not recorded", begin)
