"""The independent double check: two people enter the drawn volume, and neither sees the other's figure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record, record_refusal
from pharmacy.compounding.actions.readiness import ensure_in_work
from pharmacy.compounding.models import Bag, VolumeCheck
from pharmacy.compounding.queries import BagState, read_bag_state
from pharmacy.domain.competency import Duty
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import quantity
from pharmacy.domain.interception import Cause, RefusalKind
from pharmacy.domain.preparation_steps import Step, is_agreed
from pharmacy.domain.quantities import decimal_text
from pharmacy.facility.actions import note_bench_day
from pharmacy.inventory.actions import waste_part

DIFFERENCE = (
    "Stop. The two volumes are not both what the order needs. The additive does not go into the bag: "
    "discard this syringe and draw again with a new one."
)


def enter_first_volume(
    session: Session, bag: Bag, *, volume_ml: Decimal, by: Person, at: datetime
) -> VolumeCheck:
    """Keep the volume that the person who draws has in the syringe; nobody else sees it before the second."""
    ensure_may(by.role, Permission.COMPOUND)
    _ensure_volume(volume_ml)
    ensure_in_work(session, bag, by=by, at=at)
    state = read_bag_state(session, bag.worksheet, bag, at=at)
    if state.step is not Step.FIRST_VOLUME:
        raise Refusal(f"No volume is entered now. Next: {state.step.value}.")
    check = VolumeCheck(first_ml=volume_ml, first_by=by, first_at=at)
    bag.checks.append(check)
    note_bench_day(session, by, at=at)
    record(
        session,
        check,
        "entered the first volume",
        by=by,
        at=at,
        serial=bag.serial,
        volume_ml=decimal_text(volume_ml),
    )
    return check


def enter_second_volume(
    session: Session, bag: Bag, *, volume_ml: Decimal, by: Person, at: datetime
) -> VolumeCheck:
    """Compare the volume that a second person enters from the order with the first and with what is needed.

    A difference is no error of the caller: it is kept with both figures and as an intercepted error, the
    syringe is wasted, and a new draw begins (domain.md 4.1). Refuses the person who entered the first.
    """
    ensure_may(by.role, Permission.COMPOUND)
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
           serial=bag.serial, volume_ml=decimal_text(volume_ml), agrees=check.agrees)  # fmt: skip
    return check


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
