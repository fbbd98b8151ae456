"""Start preparation, complete or give up a bag, and finish: stock falls by what was used and wasted."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.compounding.actions.beyond_use import freeze, shorten
from pharmacy.compounding.actions.deviations import hold_made_bag
from pharmacy.compounding.actions.papers import void_papers
from pharmacy.compounding.actions.places import settle_place
from pharmacy.compounding.actions.readiness import (
    ensure_at_station,
    ensure_holds,
    ensure_lots_usable,
    ensure_ready,
    take_turn,
)
from pharmacy.compounding.actions.volumes import waste_syringe
from pharmacy.compounding.models import Bag, BagComponent, Worksheet
from pharmacy.compounding.queries import (
    BagState,
    ProductState,
    date_there,
    find_clean_up,
    read_bag_state,
    weight_window_of,
)
from pharmacy.domain.admixture import FillMethod
from pharmacy.domain.beyond_use import Category, may_be_started
from pharmacy.domain.competency import Duty
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import moment
from pharmacy.domain.lifecycle import ensure_move
from pharmacy.domain.preparation_steps import Step, measured_ml
from pharmacy.domain.quantities import decimal_text
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import BAG_MOVES, WORKSHEET_MOVES, BagStatus, WorksheetStatus
from pharmacy.facility.actions import ensure_competent, note_bench_day
from pharmacy.facility.models import EngineeringControl
from pharmacy.formulary.queries import adopted_limits_table
from pharmacy.inventory.actions import draw, let_go, waste
from pharmacy.inventory.models import OpenedContainer
from pharmacy.inventory.queries import find_objection, list_opened


def start_preparation(
    session: Session,
    worksheet: Worksheet,
    *,
    control: EngineeringControl,
    accepts: Category,
    by: Person,
    at: datetime,
) -> Worksheet:
    """Start preparation in a hood: this instant starts the beyond-use clock, and the date is frozen.

    `accepts` is the category that the person was shown for this hood; the date follows what the place allows.
    """
    ensure_may(by.role, Permission.COMPOUND)
    ensure_move(WORKSHEET_MOVES, worksheet.status, WorksheetStatus.IN_PREPARATION, what="a worksheet")
    ensure_ready(session, worksheet.formula, worksheet.order_version, by=by, at=at)
    ensure_lots_usable(session, worksheet, by=by, at=at)
    if worksheet.formula.weight_tolerance_percent is not None:
        weight_window_of(worksheet)
    allowed, place = settle_place(session, worksheet, control, accepts=accepts, by=by, at=at)
    ensure_competent(session, by, duty=Duty.COMPOUND, category=accepts, at=at)
    table = adopted_limits_table(session, site_id=worksheet.site_id)
    assigned = date_there(worksheet, allowed, table=table, zone=ZoneInfo(by.site.time_zone), at=at)
    worksheet.started_by, worksheet.started_at = by, at
    worksheet.engineering_control_id = control.id
    freeze(worksheet, assigned, place=place)
    note_bench_day(session, by, at=at)
    move(session, worksheet, WORKSHEET_MOVES, WorksheetStatus.IN_PREPARATION, what="a worksheet",
         by=by, at=at)  # fmt: skip
    record(session, worksheet, "started preparation", by=by, at=at, serial=worksheet.serial,
           beyond_use_at=assigned.until, limited_by=assigned.limited_by.value, hood=control.name,
           category=accepts.value, lowered_because=place["lowered_because"])  # fmt: skip
    return worksheet


def complete_bag(session: Session, bag: Bag, *, by: Person, at: datetime) -> Bag:
    """Complete a bag once two people agreed on the volume: its components are kept and leave the stock.

    Refuses before the agreement, and when the order, a lot or the beyond-use date speaks against it. A bag
    that an open deviation concerns goes into quarantine at once.
    """
    ensure_may(by.role, Permission.COMPOUND)
    worksheet = bag.worksheet
    ensure_at_station(session, bag, by=by, at=at)
    state = read_bag_state(session, worksheet, bag, at=at)
    if state.step is not Step.COMPLETE:
        raise Refusal(f"The bag may not be finished yet. Next: {state.step.value}.")
    _ensure_still_usable(bag, state, by=by, at=at)
    take_turn(worksheet)
    _use(session, bag, state.diluent, wasted_ml=measured_ml(worksheet.withdraw_ml), by=by, at=at)
    _use(session, bag, state.additive, wasted_ml=Decimal(0), by=by, at=at)
    if FillMethod(worksheet.formula.method) is not FillMethod.EXACT:
        for opened in state.diluent.containers:
            waste(session, opened, reason="its bag is made", by=by, at=at)
    bag.made_by, bag.made_at = by, at
    note_bench_day(session, by, at=at)
    move(session, bag, BAG_MOVES, BagStatus.MADE, what="a bag", by=by, at=at)
    record(session, bag, "completed a bag", by=by, at=at, serial=bag.serial,
           components=[[one.lot.number, decimal_text(one.volume_ml)] for one in bag.components])  # fmt: skip
    _shorten_to_own_lots(session, bag, by=by, at=at)
    hold_made_bag(session, bag, by=by, at=at)
    return bag


def _ensure_still_usable(bag: Bag, state: BagState, *, by: Person, at: datetime) -> None:
    zone = ZoneInfo(by.site.time_zone)
    for scan in (*state.diluent.scans, *state.additive.scans):
        objection = find_objection(scan.lot, at=at, zone=zone)
        if objection:
            raise Refusal(f"{objection} Discard this bag.")
    if bag.beyond_use_at is None or not may_be_started(at, bag.beyond_use_at):
        raise Refusal(f"The beyond-use date of bag {bag.serial} has passed. Discard this bag.")


def _use(
    session: Session, bag: Bag, product: ProductState, *, wasted_ml: Decimal, by: Person, at: datetime
) -> None:
    """Take each share out of its container and keep it as a component, without what is withdrawn again."""
    for share in product.shares:
        opened = product.get_container(share.container_id)
        volume = share.volume_ml - wasted_ml
        draw(session, opened, volume_ml=volume, bag_id=bag.id, by=by, at=at)
        bag.components.append(
            BagComponent(lot=opened.lot, opened_container=opened, volume_ml=volume, person=by, at=at)
        )


def _shorten_to_own_lots(session: Session, bag: Bag, *, by: Person, at: datetime) -> None:
    """Make the date earlier where a lot that was added after the start expires before it."""
    first = min(bag.components, key=lambda one: one.lot.expires_at).lot
    if bag.beyond_use_at is not None and first.expires_at < bag.beyond_use_at:
        expires = moment(first.expires_at, ZoneInfo(by.site.time_zone))
        reason = f"Lot {first.number} of {first.product.name} expires {expires}."
        shorten(session, bag, became=first.expires_at, reason=reason, by=by, at=at)


def discard_bag(session: Session, bag: Bag, *, reason: str, by: Person, at: datetime) -> Bag:
    """Give up a bag that is not made yet: its diluent and what was drawn for it are wasted."""
    ensure_may(by.role, Permission.COMPOUND)
    ensure_reason(reason)
    worksheet = bag.worksheet
    ensure_holds(worksheet, by=by)
    move(session, bag, BAG_MOVES, BagStatus.CANCELLED, what="a bag", by=by, at=at, reason=reason)
    take_turn(worksheet)
    state = read_bag_state(session, worksheet, bag, at=at)
    if state.is_drawn:
        waste_syringe(session, state, reason=f"bag {bag.serial} given up: {reason}", by=by, at=at)
    for opened in state.diluent.containers:
        waste(session, opened, reason=f"bag {bag.serial} given up: {reason}", by=by, at=at)
    void_papers(session, bag, because=f"the bag was given up: {reason}", by=by, at=at)
    record(session, bag, "gave up a bag", by=by, at=at, reason=reason, serial=bag.serial)
    return bag


def finish_preparation(session: Session, worksheet: Worksheet, *, by: Person, at: datetime) -> Worksheet:
    """Finish preparation: each bag is made or given up, what is left in open containers wasted or kept."""
    ensure_may(by.role, Permission.COMPOUND)
    ensure_move(WORKSHEET_MOVES, worksheet.status, WorksheetStatus.AWAITING_RELEASE, what="a worksheet")
    planned = [bag for bag in worksheet.bags if bag.status is BagStatus.PLANNED]
    if planned:
        raise Refusal(f"Bag {planned[0].position} of {worksheet.bag_count} is not made yet.")
    if all(bag.status is BagStatus.CANCELLED for bag in worksheet.bags):
        raise Refusal("No bag was made; cancel the worksheet instead.")
    ensure_holds(worksheet, by=by)
    if find_clean_up(worksheet):
        raise Refusal(f"Clean-up is not confirmed yet. Next: {Step.INSTRUCTION.value}.")
    take_turn(worksheet)
    left = list_opened(session, worksheet.id)
    held = {one.id: [one.lot.number, decimal_text(one.left_ml)] for one in left if one.left_ml}
    kept = _let_go(session, left, by=by, at=at)
    wasted = [said for opened_id, said in held.items() if opened_id not in kept]
    move(session, worksheet, WORKSHEET_MOVES, WorksheetStatus.AWAITING_RELEASE, what="a worksheet",
         by=by, at=at)  # fmt: skip
    record(session, worksheet, "finished preparation", by=by, at=at, serial=worksheet.serial, wasted=wasted,
           kept=[said for opened_id, said in held.items() if opened_id in kept])  # fmt: skip
    return worksheet


def _let_go(session: Session, containers: list[OpenedContainer], *, by: Person, at: datetime) -> set[int]:
    """Let go of open containers; returns which were kept open, since their kind allows it."""
    reason = "left over when preparation was finished"
    return {one.id for one in containers if let_go(session, one, reason=reason, by=by, at=at)}
