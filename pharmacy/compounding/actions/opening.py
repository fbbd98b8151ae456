"""Open a worksheet: compute it, propose its lots, and give each bag its serial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, record
from pharmacy.compounding.actions.rates import find_rate, kept
from pharmacy.compounding.actions.readiness import ensure_ready
from pharmacy.compounding.models import Bag, ProposedLot, Worksheet
from pharmacy.compounding.queries import date_new_bag, get_formula_to_make, worksheet_content
from pharmacy.domain.admixture import BagArithmetic, Batch, FillMethod, compute_batch
from pharmacy.domain.admixture_working import working
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.lots import propose_first_expiry_first_out
from pharmacy.domain.preparation_steps import measured_ml
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.formulary.models import Formula, Product
from pharmacy.formulary.queries import adopted_limits_table, compute_bag_of
from pharmacy.inventory.models import Lot
from pharmacy.inventory.queries import list_lots_on_hand
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.printing.actions import next_serial

# More bags than a batch may hold without a sterility test would be another kind of work (domain.md 1.2).
MOST_BAGS = 250


def open_worksheet(
    session: Session,
    version: OrderVersion,
    *,
    bag_count: int,
    doses: Sequence[datetime | None],
    needed_at: datetime,
    by: Person,
    at: datetime,
) -> Worksheet:
    """Open a worksheet for N bags of an order in force, each with the dose it is planned for.

    Everything is computed from the formula and its products and kept with its working. Lots are proposed by
    first expiry, first out, among those that outlast the last planned dose. Refuses an order not in force or
    with blocking change tasks, a formula that is not approved or past its review, and stock that is short.
    """
    ensure_may(by.role, Permission.OPEN_WORKSHEETS)
    if not 1 <= bag_count <= MOST_BAGS:
        raise InvalidInput(f"Make 1 to {MOST_BAGS} bags on one worksheet.", field="bag_count")
    if len(doses) != bag_count:
        raise InvalidInput("Each bag needs its planned dose, or none.", field="doses")
    formula = get_formula_to_make(session, version)
    ensure_ready(session, formula, version, by=by, at=at)
    bag = compute_bag_of(formula)
    rate, sentence = find_rate(session, version, bag)
    worksheet = _compute(session, formula, bag, bag_count, needed_at=needed_at, by=by, at=at)
    worksheet.order_version, worksheet.patient = version, version.order.patient
    worksheet.rate_ml_per_h = rate
    worksheet.working += f"\n{sentence}"
    lasting = max([needed_at, *(dose for dose in doses if dose is not None)])
    return _open(session, worksheet, doses, lasting=lasting, by=by, at=at)


def open_stock_worksheet(
    session: Session,
    formula: Formula,
    *,
    bag_count: int,
    needed_at: datetime,
    reason: str,
    by: Person,
    at: datetime,
) -> Worksheet:
    """Open a worksheet for N bags of a formula for stock: no patient and no order until they are allocated.

    Lots are proposed among those that outlast the beyond-use date of bags prepared when they are needed, so
    that none shortens it. Refuses a formula that is not approved or past its review, and stock that is short.
    """
    ensure_may(by.role, Permission.OPEN_WORKSHEETS)
    if not 1 <= bag_count <= MOST_BAGS:
        raise InvalidInput(f"Make 1 to {MOST_BAGS} bags on one worksheet.", field="bag_count")
    if not reason.strip():
        raise InvalidInput("Say why these bags are made for stock.", field="reason")
    if needed_at <= at:
        raise InvalidInput("The bags should be needed later than now.", field="needed_at")
    ensure_ready(session, formula, None, by=by, at=at)
    bag = compute_bag_of(formula)
    worksheet = _compute(session, formula, bag, bag_count, needed_at=needed_at, by=by, at=at)
    worksheet.stock_reason = reason.strip()
    table, zone = adopted_limits_table(session, site_id=by.site_id), ZoneInfo(by.site.time_zone)
    lasting = date_new_bag(formula, prepared_at=needed_at, table=table, zone=zone).until
    return _open(session, worksheet, [None] * bag_count, lasting=lasting, by=by, at=at)


def _open(
    session: Session,
    worksheet: Worksheet,
    doses: Sequence[datetime | None],
    *,
    lasting: datetime,
    by: Person,
    at: datetime,
) -> Worksheet:
    _propose_lots(session, worksheet, lasting=lasting, at=at)
    session.add(worksheet)
    begin_life(session, worksheet, by=by, at=at)
    _add_bags(session, worksheet, doses, by=by, at=at)
    record(session, worksheet, "opened a worksheet", by=by, at=at, **worksheet_content(worksheet))
    return worksheet


def _compute(
    session: Session,
    formula: Formula,
    bag: BagArithmetic,
    bag_count: int,
    *,
    needed_at: datetime,
    by: Person,
    at: datetime,
) -> Worksheet:
    batch = _batch(bag.additive_ml, formula.additive, bag_count, formula.pool_vials)
    return Worksheet(
        site_id=by.site_id,
        serial=next_serial(session, Worksheet, "W"),
        status=WorksheetStatus.PROPOSED,
        formula=formula,
        bag_count=bag_count,
        needed_at=needed_at,
        additive_ml=kept(bag.additive_ml),
        withdraw_ml=kept(bag.withdraw_ml),
        diluent_ml=kept(bag.diluent_ml),
        total_ml=kept(bag.total_ml),
        mg_per_ml=kept(bag.mg_per_ml),
        meq=kept(bag.meq),
        mosm_per_l=kept(bag.mosm_per_l),
        deliverable_ml=kept(bag.deliverable_ml),
        vials=batch.vials,
        total_additive_ml=kept(batch.total_additive_ml),
        waste_ml=kept(batch.waste_ml),
        working="\n".join(working(bag, batch)),
        opened_by=by,
        opened_at=at,
    )


def _batch(drawn: Fraction, product: Product, bags: int, pool: bool) -> Batch:
    """Count whole containers for the volume as it is measured, which is what leaves them."""
    return compute_batch(additive_ml=measured_ml(drawn), vial_ml=product.volume_ml, bags=bags, pool=pool)


def _propose_lots(session: Session, worksheet: Worksheet, *, lasting: datetime, at: datetime) -> None:
    formula = worksheet.formula
    for product, needed in ((formula.additive, worksheet.vials), (formula.diluent, _diluents(worksheet))):
        lots = list_lots_on_hand(session, product.id, site_id=worksheet.site_id)
        try:
            # A bag must start before the expiry of what is in it, so a lot has to last longer than the dose.
            shares = propose_first_expiry_first_out(
                lots, needed=needed, at=at, lasting_until=lasting + timedelta(microseconds=1)
            )
        except Refusal as short:
            raise Refusal(f"Stock of {product.name} is short: {short.sentence}", field=short.field) from None
        for lot, containers in shares:
            worksheet.proposed_lots.append(
                ProposedLot(lot=session.get_one(Lot, lot.lot_id), containers=containers)
            )


def _diluents(worksheet: Worksheet) -> int:
    """Count the diluent bags: one for each bag, or as much as is drawn where an empty container is filled."""
    formula = worksheet.formula
    if FillMethod(formula.method) is FillMethod.EXACT:
        drawn = Fraction(worksheet.diluent_ml)
        return _batch(drawn, formula.diluent, worksheet.bag_count, formula.pool_vials).vials
    return worksheet.bag_count


def _add_bags(
    session: Session, worksheet: Worksheet, doses: Sequence[datetime | None], *, by: Person, at: datetime
) -> None:
    for position, dose in enumerate(doses, start=1):
        bag = Bag(
            site_id=by.site_id,
            serial=next_serial(session, Bag, "B"),
            worksheet=worksheet,
            position=position,
            order_version=worksheet.order_version,
            patient=worksheet.patient,
            status=BagStatus.PLANNED,
            planned_dose_at=dose,
        )
        session.add(bag)
        begin_life(session, bag, by=by, at=at)
