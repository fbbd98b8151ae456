"""What was wasted and why: volumes from open containers, and bags that were made and lost."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from pharmacy.audit.models import StatusChange
from pharmacy.compounding.models import Bag, Scan
from pharmacy.domain.bar_chart import BarChart, lay_out_bars
from pharmacy.domain.quantities import round_half_up
from pharmacy.domain.statuses import BagStatus
from pharmacy.domain.waste_reasons import gather_reason
from pharmacy.formulary.models import Product
from pharmacy.inventory.models import Lot, MovementKind, StockMovement
from pharmacy.reports.queries.report import Cell, Report, Table, figures, words
from pharmacy.reports.queries.span import Span

_BECAME = {
    BagStatus.REJECTED.value: "rejected",
    BagStatus.DESTROYED.value: "destroyed",
    BagStatus.CANCELLED.value: "given up",
}


def report_waste(session: Session, span: Span, *, site_id: int) -> Report:
    """Report what was wasted in the span, by product and by reason, and the bags that were lost."""
    return Report(
        "What was drawn, wasted or lost in these days. Reasons are gathered: serials of bags and what was "
        "typed after a colon are left out.",
        [
            _by_reason(session, span, site_id),
            _by_product(session, span, site_id),
            _bags(session, span, site_id),
        ],
    )


def _by_reason(session: Session, span: Span, site_id: int) -> Table:
    times: defaultdict[tuple[str, str], int] = defaultdict(int)
    volumes: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    rows = session.execute(
        select(Product, StockMovement.reason, func.count(), func.sum(StockMovement.volume_ml))
        .join(Lot, StockMovement.lot_id == Lot.id)
        .join(Product, Lot.product_id == Product.id)
        .where(
            Lot.site_id == site_id,
            StockMovement.kind == MovementKind.WASTED,
            StockMovement.at >= span.starts,
            StockMovement.at < span.ends,
        )
        .group_by(Product.id, StockMovement.reason)
    )
    for product, reason, count, volume in rows:
        key = (gather_reason(reason), product.name)
        times[key] += count
        volumes[key] -= volume
    shown: list[list[Cell]] = [[*key, times[key], volumes[key]] for key in sorted(volumes)]
    return Table(
        "Volume wasted by reason",
        [words("Reason"), words("Product"), figures("Times"), figures("Wasted, mL")],
        shown,
        "Nothing was wasted in these days.",
        _chart(volumes),
    )


def _chart(volumes: dict[tuple[str, str], Decimal]) -> BarChart | None:
    by_reason: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (reason, _product), volume in volumes.items():
        by_reason[reason] += volume
    largest_first = sorted(by_reason.items(), key=lambda one: (-one[1], one[0]))
    return lay_out_bars("Volume wasted by reason", "mL", largest_first) if largest_first else None


def _by_product(session: Session, span: Span, site_id: int) -> Table:
    volumes: defaultdict[str, dict[MovementKind, Decimal]] = defaultdict(dict)
    rows = session.execute(
        select(Product, StockMovement.kind, func.sum(StockMovement.volume_ml))
        .join(Lot, StockMovement.lot_id == Lot.id)
        .join(Product, Lot.product_id == Product.id)
        .where(
            Lot.site_id == site_id,
            StockMovement.kind.in_((MovementKind.USED, MovementKind.WASTED)),
            StockMovement.at >= span.starts,
            StockMovement.at < span.ends,
        )
        .group_by(Product.id, StockMovement.kind)
    )
    for product, kind, volume in rows:
        volumes[product.name][kind] = volumes[product.name].get(kind, Decimal(0)) - volume
    return Table(
        "Used and wasted by product",
        [words("Product"), figures("Used, mL"), figures("Wasted, mL"), figures("Wasted, percent of both")],
        [_product_row(name, volumes[name]) for name in sorted(volumes)],
        "Nothing was drawn in these days.",
    )


def _product_row(name: str, volumes: dict[MovementKind, Decimal]) -> list[Cell]:
    used, wasted = (volumes.get(kind, Decimal(0)) for kind in (MovementKind.USED, MovementKind.WASTED))
    both = used + wasted
    percent = round_half_up(wasted * 100 / both, 1) if both else Decimal(0)
    return [name, used, wasted, percent]


def _bags(session: Session, span: Span, site_id: int) -> Table:
    """Count the bags that were rejected, destroyed without that, or given up after a scan for them."""
    begun = exists().where(Scan.bag_id == Bag.id)
    lost: defaultdict[tuple[str, str], int] = defaultdict(int)
    rows = session.execute(
        select(StatusChange.to_status, StatusChange.reason, func.count())
        .join(Bag, Bag.id == StatusChange.record_id)
        .where(
            StatusChange.record_type == Bag.__tablename__,
            Bag.site_id == site_id,
            StatusChange.at >= span.starts,
            StatusChange.at < span.ends,
            or_(
                StatusChange.to_status == BagStatus.REJECTED.value,
                and_(
                    StatusChange.to_status == BagStatus.DESTROYED.value,
                    StatusChange.from_status != BagStatus.REJECTED.value,
                ),
                and_(StatusChange.to_status == BagStatus.CANCELLED.value, begun),
            ),
        )
        .group_by(StatusChange.to_status, StatusChange.reason)
    )
    for status, reason, count in rows:
        lost[status, gather_reason(reason)] += count
    shown: list[list[Cell]] = [
        [_BECAME[status], reason, lost[status, reason]] for status, reason in sorted(lost)
    ]
    return Table(
        "Bags lost by reason",
        [words("What became of them"), words("Reason"), figures("Bags")],
        shown,
        "No bag was lost in these days.",
    )
