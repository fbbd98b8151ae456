"""The independent double check: two people enter the drawn volume, and neither sees the other's figure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person, sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record, record_refusal
from pharmacy.compounding.actions.readiness import ensure_at_station, ensure_in_work, take_turn
from pharmacy.compounding.models import Bag, VolumeCheck
from pharmacy.compounding.queries import BagState, read_bag_state
from pharmacy.domain.competency import Duty
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import quantity
from pharmacy.domain.interception import Cause, RefusalKind
from pharmacy.domain.preparation_sequence import is_in_syringe
from pharmacy.domain.preparation_steps import Step, is_agreed
from pharmacy.domain.quantities import decimal_text
from pharmacy.facility.actions import note_bench_day
from pharmacy.inventory.actions import waste_part

SECOND_MEANING = "Independent check: this volume is in the syringe, worked out from the order"
DIFFERENCE = (
    "Stop. The two volumes are not both what the order needs. The additive does not go into the bag: "
    "discard this syringe and draw again with a new one."
)


def enter_first_volume(
    session: Session, bag: Bag, *, volume_ml: Decimal, by: Person, at: datetime
) -> VolumeCheck:
    """Keep the volume that the person who draws has in the syringe.

    Nobody sees it before the second person has entered theirs: the audit record, which some may read, holds
    the figure from then on.
    """
    ensure_may(by.role, Permission.COMPOUND)
    _ensure_volume(volume_ml)
    ensure_at_station(session, bag, by=by, at=at)
    state = read_bag_state(session, bag.worksheet, bag, at=at)
    if state.step is not Step.FIRST_VOLUME:
        raise Refusal(f"No volume is entered now. Next: {state.step.value}.")
    check = VolumeCheck(first_ml=volume_ml, first_by=by, first_at=at, turn=take_turn(bag.worksheet))
    bag.checks.append(check)
    note_bench_day(session, by, at=at)
    record(session, check, "entered the first volume", by=by, at=at, serial=bag.serial)
    return check


def enter_second_volume(
    session: Session, bag: Bag, *, volume_ml: Decimal, password: str | None = None, by: Person, at: datetime
) -> VolumeCheck:
    """Compare the volume that a second person enters from the order with the first and with what is needed.

    A difference is no error of the caller: it is kept with both figures and as an intercepted error, the
    syringe is wasted, and a new draw begins (domain.md 4.1). Refuses the person who entered the first.
    With a password, of somebody at the station of another, their figure is signed as well.
    """
    state, check = _get_second(session, bag, volume_ml, by=by, at=at)
    if password is not None:
        content = {"bag": bag.serial, "check": check.id, "second_ml": decimal_text(volume_ml)}
        sign(session, check, meaning=SECOND_MEANING, content=content, password=password, by=by, at=at)
    take_turn(bag.worksheet)
    check.second_ml, check.second_by, check.second_at = volume_ml, by, at
    check.agrees = is_agreed(
        needed_ml=state.additive.need.volume_ml, first_ml=check.first_ml, second_ml=volume_ml
    )
    if not check.agrees:
        waste_syringe(session, state, reason="the two volumes differed", by=by, at=at)
        record_refusal(session, kind=RefusalKind.VOLUME, tried=f"second volume of bag {bag.serial}",
                       sentence=DIFFERENCE, by=by, at=at, cause=Cause.VOLUME_MISMATCH,
                       expected=quantity(state.additive.need.volume_ml, "mL"),
                       worksheet_id=bag.worksheet_id, bag_id=bag.id)  # fmt: skip
    record(session, check, "entered the second volume", by=by, at=at,
           serial=bag.serial, first_ml=decimal_text(check.first_ml), volume_ml=decimal_text(volume_ml),
           agrees=check.agrees)  # fmt: skip
    return check


def _get_second(
    session: Session, bag: Bag, volume_ml: Decimal, *, by: Person, at: datetime
) -> tuple[BagState, VolumeCheck]:
    """Return the draw that waits for a second person; refuses everybody who may not be that person."""
    ensure_may(by.role, Permission.COMPOUND)
    if by.site_id != bag.site_id:
        raise Refusal(f"{by.name} works at another site.")
    _ensure_volume(volume_ml)
    ensure_in_work(session, bag, duty=Duty.OVERSEE, by=by, at=at)
    state = read_bag_state(session, bag.worksheet, bag, at=at)
    check = state.check
    if state.step is not Step.SECOND_VOLUME or check is None:
        raise Refusal(f"No second volume is entered now. Next: {state.step.value}.")
    ensure_other_person(
        by,
        check.first_by_id,
        sentence="You drew this volume; another person checks it, signed in as themselves.",
    )
    return state, check


def discard_syringe(session: Session, state: BagState, *, reason: str, by: Person, at: datetime) -> None:
    """Throw away what was drawn and is not in the bag yet: it is wasted, and a new draw begins."""
    check = state.check
    if check is None or not is_in_syringe(state.facts):
        return
    waste_syringe(session, state, reason=reason, by=by, at=at)
    check.discarded_at, check.discarded_because = at, reason
    record(session, check, "discarded a drawn syringe", by=by, at=at, reason=reason,
           serial=state.bag.serial, first_ml=decimal_text(check.first_ml))  # fmt: skip


def waste_syringe(session: Session, state: BagState, *, reason: str, by: Person, at: datetime) -> None:
    """Waste what was drawn for a bag: the first figure, as far as its containers held so much."""
    if state.check is None:
        return
    missing = Decimal(state.check.first_ml)
    for share in state.additive.shares:
        opened = state.additive.get_container(share.container_id)
        taken = min(missing, opened.left_ml)
        if taken > 0:
            waste_part(session, opened, volume_ml=taken, bag_id=state.bag.id, reason=reason, by=by, at=at)
            missing -= taken


def _ensure_volume(volume_ml: Decimal) -> None:
    if volume_ml <= 0:
        raise InvalidInput("Enter the volume in the syringe, in mL.", field="volume")
