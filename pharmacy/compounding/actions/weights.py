"""Weigh a bag before and after the addition: a change out of its window stops the bag."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.audit.actions import record, record_refusal
from pharmacy.compounding.actions.readiness import ensure_at_station, take_turn
from pharmacy.compounding.actions.steps import keep_step
from pharmacy.compounding.models import Bag, BagWeighing, StepDone
from pharmacy.compounding.queries import BagState, find_weight_before, read_bag_state, weight_window_of
from pharmacy.domain.admixture_weight import WeightWindow, say_wrong_weight
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import quantity
from pharmacy.domain.interception import Cause, RefusalKind
from pharmacy.domain.preparation_sequence import WeightState
from pharmacy.domain.preparation_steps import Confirmed, Step
from pharmacy.domain.quantities import decimal_text, round_half_up

# Six decimals are what the database holds; the window itself is judged exactly.
_PLACES = 6


def weigh_before(session: Session, bag: Bag, *, grams: Decimal, by: Person, at: datetime) -> StepDone:
    """Keep what the scale says of a bag before the addition."""
    _get_state(session, bag, Step.WEIGH_BEFORE, grams, by=by, at=at)
    worksheet = bag.worksheet
    weight_window_of(worksheet)
    done = StepDone(turn=take_turn(worksheet), step=Confirmed.WEIGHED, undone=False, grams=grams,
                    person=by, at=at)  # fmt: skip
    keep_step(session, worksheet, bag, done)
    record(session, done, "weighed a bag before the addition", by=by, at=at,
           serial=bag.serial, grams=decimal_text(grams))  # fmt: skip
    return done


def weigh_after(
    session: Session, bag: Bag, *, grams: Decimal, reason: str = "", by: Person, at: datetime
) -> BagWeighing:
    """Judge the change of a bag's weight by what the addition weighs (pumps.md 4.7).

    A change out of its window is no error of the caller: it is kept as it is and as an intercepted error, and
    the bag goes no further until it is weighed again, with the reason, or given up.
    """
    state = _get_state(session, bag, Step.WEIGH_AFTER, grams, by=by, at=at)
    if state.facts.weight is WeightState.FAILED and not reason.strip():
        raise InvalidInput("Say why the bag is weighed again.", field="reason")
    before = find_weight_before(state.steps)
    if before is None or before.grams is None:
        raise Refusal("This bag was not weighed before the addition. Give it up.")
    window = weight_window_of(bag.worksheet)
    weighing = _judge(before.grams, grams, window)
    weighing.turn, weighing.person, weighing.at = take_turn(bag.worksheet), by, at
    weighing.reason = reason.strip() or None
    bag.weighings.append(weighing)
    if not weighing.passes:
        record_refusal(session, kind=RefusalKind.WEIGHT, tried=f"weight of bag {bag.serial}",
                       sentence=say_wrong_weight(grams - before.grams, window), by=by, at=at,
                       cause=Cause.WEIGHT, expected=quantity(window.expected_g, "g"),
                       worksheet_id=bag.worksheet_id, bag_id=bag.id)  # fmt: skip
    record(session, weighing, "weighed a bag after the addition", by=by, at=at, reason=weighing.reason,
           serial=bag.serial, before_g=decimal_text(before.grams), after_g=decimal_text(grams),
           passes=weighing.passes)  # fmt: skip
    return weighing


def _get_state(
    session: Session, bag: Bag, step: Step, grams: Decimal, *, by: Person, at: datetime
) -> BagState:
    ensure_at_station(session, bag, by=by, at=at)
    if grams <= 0:
        raise InvalidInput("Enter what the scale says, in g.", field="weight")
    state = read_bag_state(session, bag.worksheet, bag, at=at)
    if state.step is not step:
        raise Refusal(f"The bag is not weighed now. Next: {state.step.value}.")
    return state


def _judge(before_g: Decimal, after_g: Decimal, window: WeightWindow) -> BagWeighing:
    return BagWeighing(
        before_g=before_g,
        after_g=after_g,
        expected_g=round_half_up(window.expected_g, _PLACES),
        least_g=round_half_up(window.least_g, _PLACES),
        most_g=round_half_up(window.most_g, _PLACES),
        passes=window.holds(after_g - before_g),
    )
