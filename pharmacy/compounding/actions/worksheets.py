"""Check a worksheet by signature, add a lot to it, and cancel it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.compounding.actions.papers import void_papers
from pharmacy.compounding.actions.readiness import ensure_lots_usable, ensure_ready
from pharmacy.compounding.actions.volumes import waste_syringe
from pharmacy.compounding.models import ProposedLot, Worksheet
from pharmacy.compounding.queries import (
    find_current_bag,
    may_check_this,
    read_bag_state,
    worksheet_content,
)
from pharmacy.domain.errors import Refusal
from pharmacy.domain.lifecycle import ensure_move
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import BAG_MOVES, WORKSHEET_MOVES, BagStatus, WorksheetStatus
from pharmacy.inventory.actions import let_go
from pharmacy.inventory.models import Lot
from pharmacy.inventory.queries import find_objection, list_opened

CHECK_MEANING = "Check of the worksheet before preparation: order, formula, volumes and lots"


def check_worksheet(
    session: Session, worksheet: Worksheet, *, password: str, by: Person, at: datetime
) -> Worksheet:
    """Check a worksheet by signing all that it says, before work starts (domain.md 4.2, stage 3).

    Refuses the person who opened it, unless the site has only one pharmacist.
    """
    ensure_may(by.role, Permission.CHECK_WORKSHEETS)
    ensure_move(WORKSHEET_MOVES, worksheet.status, WorksheetStatus.CHECKED, what="a worksheet")
    if not may_check_this(session, worksheet, by=by):
        raise Refusal("You opened this worksheet; another pharmacist checks it.")
    ensure_ready(session, worksheet.formula, worksheet.order_version, by=by, at=at)
    ensure_lots_usable(session, worksheet, by=by, at=at)
    worksheet.check = sign(session, worksheet, meaning=CHECK_MEANING, content=worksheet_content(worksheet),
                           password=password, by=by, at=at)  # fmt: skip
    move(session, worksheet, WORKSHEET_MOVES, WorksheetStatus.CHECKED, what="a worksheet", by=by, at=at)
    record(session, worksheet, "checked a worksheet", by=by, at=at,
           serial=worksheet.serial, digest=worksheet.check.digest)  # fmt: skip
    return worksheet


def add_lot(
    session: Session, worksheet: Worksheet, lot: Lot, *, reason: str, by: Person, at: datetime
) -> ProposedLot:
    """Let another lot go into the bags, when a proposed one ran out or broke; a pharmacist decides it.

    Bags that are made from a lot that expires before their beyond-use date get an earlier one.
    """
    ensure_may(by.role, Permission.CHECK_WORKSHEETS)
    ensure_reason(reason)
    if worksheet.status not in (WorksheetStatus.CHECKED, WorksheetStatus.IN_PREPARATION):
        raise Refusal("A lot is added after the check and before preparation ends.")
    formula = worksheet.formula
    if lot.product_id not in (formula.additive_id, formula.diluent_id):
        raise Refusal(f"{lot.product.name} does not belong to this formula.")
    if lot.id in {one.lot_id for one in worksheet.proposed_lots}:
        raise Refusal(f"Lot {lot.number} is on this worksheet already.")
    objection = find_objection(lot, at=at, zone=ZoneInfo(by.site.time_zone))
    if objection:
        raise Refusal(objection)
    added = ProposedLot(lot=lot, containers=0)
    worksheet.proposed_lots.append(added)
    record(session, worksheet, "added a lot to a worksheet", by=by, at=at, reason=reason,
           serial=worksheet.serial, product=lot.product.name, lot=lot.number)  # fmt: skip
    return added


def cancel_worksheet(
    session: Session, worksheet: Worksheet, *, reason: str, by: Person, at: datetime
) -> Worksheet:
    """Cancel a worksheet: planned bags are cancelled, made ones rejected, open containers discarded."""
    ensure_may(by.role, Permission.OPEN_WORKSHEETS)
    ensure_reason(reason)
    _waste_drawn(session, worksheet, reason=reason, by=by, at=at)
    move(session, worksheet, WORKSHEET_MOVES, WorksheetStatus.CANCELLED, what="a worksheet", by=by, at=at,
         reason=reason)  # fmt: skip
    worksheet.cancelled_because = reason
    for bag in worksheet.bags:
        if bag.status is BagStatus.CANCELLED:
            continue
        to = BagStatus.CANCELLED if bag.status is BagStatus.PLANNED else BagStatus.REJECTED
        move(session, bag, BAG_MOVES, to, what="a bag", by=by, at=at, reason=reason)
        void_papers(session, bag, because=f"the worksheet was cancelled: {reason}", by=by, at=at)
    for opened in list_opened(session, worksheet.id):
        let_go(session, opened, reason=f"worksheet cancelled: {reason}", by=by, at=at)
    record(session, worksheet, "cancelled a worksheet", by=by, at=at, reason=reason, serial=worksheet.serial)
    return worksheet


def _waste_drawn(session: Session, worksheet: Worksheet, *, reason: str, by: Person, at: datetime) -> None:
    """Waste what was drawn for the bag in work, so that a container that is kept open does not count it."""
    bag = find_current_bag(worksheet)
    if bag is None or not bag.checks:
        return
    state = read_bag_state(session, worksheet, bag, at=at)
    if state.is_drawn:
        waste_syringe(session, state, reason=f"worksheet cancelled: {reason}", by=by, at=at)
