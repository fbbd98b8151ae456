"""What the station says of itself: what may be undone, and how it stands when it changes hands."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Scan, StepDone, Worksheet
from pharmacy.compounding.queries.preparation import (
    BagState,
    find_current_bag,
    list_left_over,
    read_bag_state,
)
from pharmacy.compounding.queries.steps import find_setup, list_steps_of, weight_window_of
from pharmacy.domain.admixture_weight import say_wrong_weight
from pharmacy.domain.formatting import moment, quantity
from pharmacy.domain.preparation_sequence import WeightState, confirmed_by, is_in_syringe
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.preparation_steps import Step


def find_undoable(state: BagState) -> Scan | StepDone | None:
    """Find what was done last for a bag and may be undone: a scan, or a confirmation.

    A volume or a weight that was entered stands. Before anything is done for the first bag, it is the last
    of what is done once.
    """
    if state.expected and state.expected.scans:
        return state.expected.scans[-1]
    worksheet, last = state.bag.worksheet, state.last_done
    if find_setup(worksheet) or (last is None and state.bag is worksheet.bags[0]):
        return next(iter(reversed(list_steps_of(worksheet, None))), None)
    if last is None or last.step in (Step.FIRST_VOLUME, Step.SECOND_VOLUME, Step.WEIGH_AFTER):
        return None
    if last.step in (Step.SCAN_DILUENT, Step.SCAN_ADDITIVE):
        return state.last_scan
    wanted = (confirmed_by(last), last.instruction_id)
    found = [one for one in state.steps if (one.step, one.formula_step_id) == wanted]
    return max(found, key=lambda one: one.turn)


def find_undoable_at_end(worksheet: Worksheet) -> StepDone | None:
    """Find the last confirmation of the clean-up, which may be undone until preparation is finished."""
    wanted = {one.id for one in worksheet.formula.steps if one.stage is Stage.CLEAN_UP}
    found = [one for one in list_steps_of(worksheet, None) if one.formula_step_id in wanted]
    return found[-1] if found else None


def find_undoable_step(session: Session, worksheet: Worksheet, *, at: datetime) -> StepDone | None:
    """Find the confirmation that was given last, when nothing else was done since."""
    bag = find_current_bag(worksheet)
    if bag is None:
        return find_undoable_at_end(worksheet)
    found = find_undoable(read_bag_state(session, worksheet, bag, at=at))
    return found if isinstance(found, StepDone) else None


def say_done(state: BagState) -> str:
    """Say what was done last, for the glance at the top of the page; nothing before the first scan."""
    found = find_undoable(state)
    if isinstance(found, Scan) and not state.is_drawn:
        return f"Right: {found.product.name}, lot {found.lot.number}."
    if isinstance(found, StepDone):
        grams = f": {quantity(found.grams, 'g')}" if found.grams is not None else ""
        return f"Done: {found.words.rstrip('.')}{grams}."
    last = state.last_done
    if last is not None:
        return _SAID.get(last.step, "")
    before = [bag for bag in state.bag.worksheet.bags if bag.position < state.bag.position]
    if not before:
        return ""
    became = "made" if before[-1].made_at else "given up"
    return f"Bag {before[-1].position} is {became}. Next: bag {state.bag.position}."


_SAID = {
    Step.FIRST_VOLUME: "The volume is entered.",
    Step.SECOND_VOLUME: "Right: both people have the volume that the order needs.",
    Step.WEIGH_AFTER: "Right: the addition weighs what it should.",
}


def say_weight_problem(state: BagState) -> str:
    """Say why the last weight stopped the bag; nothing when it did not."""
    if state.facts.weight is not WeightState.FAILED:
        return ""
    last = state.bag.weighings[-1]
    return say_wrong_weight(last.after_g - last.before_g, weight_window_of(state.bag.worksheet))


def is_syringe_drawn(state: BagState) -> bool:
    """Tell whether a syringe is drawn for a bag and not yet in it."""
    return is_in_syringe(state.facts)


def say_state(session: Session, worksheet: Worksheet, *, at: datetime, zone: ZoneInfo) -> str:
    """Say how a worksheet stands at its station: the bag, its next step, its syringe, and what is open."""
    bag = find_current_bag(worksheet)
    parts = ["All bags are made or given up."]
    if bag is not None:
        state = read_bag_state(session, worksheet, bag, at=at)
        parts = [f"Bag {bag.position} of {worksheet.bag_count} ({bag.serial}). Next: {state.step.value}."]
        if state.check and is_in_syringe(state.facts):
            parts.append(f"The syringe that {state.check.first_by.name} drew is thrown away.")
    for one in list_left_over(session, worksheet):
        parts.append(
            f"Open: {one.lot.product.name}, lot {one.lot.number}, {quantity(one.left_ml, 'mL')} left, "
            f"to be used before {moment(one.use_until, zone)}."
        )
    return " ".join(parts)
