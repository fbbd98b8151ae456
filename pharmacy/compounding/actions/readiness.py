"""What must hold before and while bags are made: the order in force, the formula and the limits in review."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.compounding.actions.places import ensure_place_holds
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries import category_of, find_current_bag, holder_of
from pharmacy.domain.competency import Duty
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import counted, day
from pharmacy.domain.interception import Cause
from pharmacy.domain.lifecycle import say
from pharmacy.domain.local_time import to_local
from pharmacy.domain.reference_data import ensure_in_review
from pharmacy.domain.stability import ensure_in_review as ensure_reference_in_review
from pharmacy.domain.statuses import FormulaStatus, WorksheetStatus
from pharmacy.facility.actions import ensure_competent
from pharmacy.formulary.models import Formula
from pharmacy.formulary.queries import (
    AdoptedKind,
    adopted_limits_table,
    as_reference_entry,
    get_adopted,
)
from pharmacy.inventory.queries import find_objection, get_balances
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import ensure_in_force, ensure_no_blocking_task


def ensure_ready(
    session: Session, formula: Formula, version: OrderVersion | None, *, by: Person, at: datetime
) -> None:
    """Refuse unless bags by this formula may be made now, for an order version or, with None, for stock."""
    ensure_order_holds(session, version, at=at)
    _ensure_formula_holds(formula, by=by, at=at)
    _ensure_limits_in_review(session, by=by, at=at)


def ensure_order_holds(session: Session, version: OrderVersion | None, *, at: datetime) -> None:
    """Refuse an order that is not in force or waits for change tasks; bags for stock have none."""
    if version is not None:
        ensure_in_force(session, version, at=at)
        ensure_no_blocking_task(session, version.order_id)


def _ensure_formula_holds(formula: Formula, *, by: Person, at: datetime) -> None:
    name = f"The formula {formula.code}, version {formula.version},"
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    if formula.status is not FormulaStatus.APPROVED:
        raise Refusal(f"{name} is {formula.status.value}; work needs an approved one.")
    if today < formula.effective_on:
        raise Refusal(f"{name} is in effect from {day(formula.effective_on)} only.")
    if today > formula.review_by:
        raise Refusal(f"{name} was to be reviewed by {day(formula.review_by)}; review it before new work.")
    for reference in formula.stability:
        ensure_reference_in_review(reference.facts, formula=formula.code, today=today)


def _ensure_limits_in_review(session: Session, *, by: Person, at: datetime) -> None:
    table = adopted_limits_table(session, site_id=by.site_id)
    adopted = get_adopted(session, AdoptedKind.BEYOND_USE_LIMITS, table.key, site_id=by.site_id)
    ensure_in_review(as_reference_entry(adopted), at=to_local(at, ZoneInfo(by.site.time_zone)).date())


def ensure_lots_usable(session: Session, worksheet: Worksheet, *, by: Person, at: datetime) -> None:
    """Refuse when a lot of the worksheet may no longer be used, or too few containers are left of them."""
    for one in worksheet.proposed_lots:
        objection = find_objection(one.lot, at=at, zone=ZoneInfo(by.site.time_zone))
        if objection:
            raise Refusal(f"{objection} Cancel this worksheet and open a new one, which takes other lots.")
    balances = get_balances(session, [one.lot_id for one in worksheet.proposed_lots])
    for product in (worksheet.formula.additive, worksheet.formula.diluent):
        lots = [one for one in worksheet.proposed_lots if one.lot.product_id == product.id]
        needed, left = (
            sum(one.containers for one in lots),
            sum(balances[one.lot_id].usable for one in lots),
        )
        if left < needed:
            raise Refusal(
                f"{counted(needed, 'container')} of {product.name} needed, {left:,} left in the lots of this "
                "worksheet. Cancel it and open a new one, which takes other lots."
            )


def ensure_at_station(session: Session, bag: Bag, *, by: Person, at: datetime) -> None:
    """Refuse unless this person holds the worksheet and this bag is the one that is being made now."""
    ensure_may(by.role, Permission.COMPOUND)
    ensure_in_work(session, bag, by=by, at=at)
    ensure_holds(bag.worksheet, by=by)


def ensure_holds(worksheet: Worksheet, *, by: Person) -> None:
    """Refuse unless this person may compound and is the one who holds the worksheet at its station."""
    ensure_may(by.role, Permission.COMPOUND)
    ensure_in_preparation(worksheet)
    holder = holder_of(worksheet)
    if holder is None:
        raise Refusal(f"Nobody holds worksheet {worksheet.serial}. Take it over first.")
    if holder.id != by.id:
        raise Refusal(f"{holder.name} holds worksheet {worksheet.serial}. Take it over first.")


def ensure_in_preparation(worksheet: Worksheet) -> None:
    """Refuse unless bags are being made by this worksheet."""
    if worksheet.status is not WorksheetStatus.IN_PREPARATION:
        sentence = f"Worksheet {worksheet.serial} is {say(worksheet.status)}; nothing is made by it now."
        raise Refusal(sentence, cause=Cause.OUT_OF_TURN)


def take_turn(worksheet: Worksheet) -> int:
    """Count one thing done at the station; what is sent from an older page is then known as such."""
    worksheet.turn += 1
    return worksheet.turn


def ensure_in_work(
    session: Session, bag: Bag, *, duty: Duty = Duty.COMPOUND, by: Person, at: datetime
) -> None:
    """Refuse unless this bag is the one that is being made now, for an order that still holds.

    Refuses a person whose competency for the duty does not hold today, and a place that does not hold.
    """
    worksheet = bag.worksheet
    ensure_in_preparation(worksheet)
    current = find_current_bag(worksheet)
    if current is None or current.id != bag.id:
        next_one = f"the next is bag {current.position}" if current else "no bag is left to make"
        sentence = f"Bag {bag.position} is {say(bag.status)} or out of turn; {next_one}."
        raise Refusal(sentence, cause=Cause.OUT_OF_TURN)
    ensure_order_holds(session, worksheet.order_version, at=at)
    ensure_place_holds(session, worksheet, by=by, at=at)
    ensure_competent(session, by, duty=duty, category=category_of(worksheet), at=at)
