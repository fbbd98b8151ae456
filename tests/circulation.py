"""What is in circulation when an order changes: bags, worksheets, labels, papers, a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from pharmacy.domain.change_impact import (
    BagAtHome,
    BagAtPharmacy,
    Becomes,
    Change,
    Consequence,
    InCirculation,
    OpenWorksheet,
    OrderTerms,
    Paper,
    PlannedDelivery,
    PlanNumbers,
    PrintedLabel,
    Subject,
    list_consequences,
)
from pharmacy.domain.statuses import OrderStatus

ZONE = ZoneInfo("America/New_York")


def at(day: int, hour: int = 21) -> datetime:
    """Return an instant of November 2026 by the clock at home."""
    return datetime(2026, 11, day, hour, tzinfo=ZONE).astimezone(UTC)


OLD = OrderTerms(
    frequency="daily",
    anchor=datetime.fromisoformat("2026-11-09T21:00"),
    dose_mg=Decimal(2000),
    diluent="100 mL of 0.9% sodium chloride",
    rate_ml_per_h=Decimal("10.4"),
    route="subcutaneous",
    status=OrderStatus.IN_FORCE,
    effective=at(9, 0),
)
HELD = replace(OLD, status=OrderStatus.ON_HOLD)
NEXT = replace(OLD, effective=at(12, 0))
CHANGED: dict[Change, tuple[OrderTerms, OrderTerms]] = {
    Change.FREQUENCY: (OLD, replace(NEXT, frequency="2 of every 3 days")),
    Change.DOSE: (OLD, replace(NEXT, dose_mg=Decimal(1000))),
    Change.DILUENT: (OLD, replace(NEXT, diluent="50 mL of 5% dextrose")),
    Change.RATE: (OLD, replace(NEXT, rate_ml_per_h=Decimal("12.5"))),
    Change.ROUTE: (OLD, replace(NEXT, route="intravenous")),
    Change.HOLD: (OLD, replace(NEXT, status=OrderStatus.ON_HOLD)),
    Change.STOP: (OLD, replace(NEXT, status=OrderStatus.DISCONTINUED)),
    Change.RESUME: (HELD, NEXT),
}
CONTENT = [Change.DOSE, Change.DILUENT, Change.ROUTE]

FIRST, SECOND = at(17, 12), at(24, 12)
PLAN = PlanNumbers(
    ends=at(30, 0),
    deliveries=[PlannedDelivery(FIRST, 7, id=1), PlannedDelivery(SECOND, 7, id=2)],
    next_needed=at(18),
    uncovered=[],
)
EMPTY = InCirculation(
    bags_at_home=[], worksheets=[], bags_at_pharmacy=[], labels=[], pump_sheets=[], calendars=[]
)
HOME_BAG = BagAtHome(11, "B-11", at(18, 9), planned=at(13))


def begun(number: int, bags: int, *, made: int, brought: int) -> OpenWorksheet:
    """Return a worksheet in preparation, some of its bags made, some of these brought by the new plan."""
    return OpenWorksheet(number, f"W-{number}", bags, started=True, arrives=FIRST, made=made, brought=brought)


def planned(number: int, bags: int) -> OpenWorksheet:
    """Return a worksheet that is not started."""
    return OpenWorksheet(number, f"W-{number}", bags, started=False, arrives=FIRST, made=0, brought=0)


def released(
    number: int, *, packed: bool = True, arrives: datetime = FIRST, brought: bool = True
) -> BagAtPharmacy:
    """Return a released bag that has not left."""
    return BagAtPharmacy(number, f"B-{number}", packed=packed, arrives=arrives, brought=brought)


ONE_OF_EACH = InCirculation(
    bags_at_home=[HOME_BAG],
    worksheets=[planned(21, 3), begun(22, 3, made=3, brought=3)],
    bags_at_pharmacy=[released(31)],
    labels=[PrintedLabel(41, "L-41", "Infuse 1 bag every day")],
    pump_sheets=[Paper(51, "PS-51")],
    calendars=[Paper(61, "C-61")],
)


def consequences(
    change: Change | tuple[OrderTerms, OrderTerms],
    out: InCirculation = EMPTY,
    *,
    before: PlanNumbers = PLAN,
    after: PlanNumbers = PLAN,
) -> list[Consequence]:
    old, new = CHANGED[change] if isinstance(change, Change) else change
    return list_consequences(old, new, out=out, before=before, after=after, zone=ZONE)


def about(found: Sequence[Consequence], subject: Subject, number: int | None) -> list[Becomes]:
    return [one.kind for one in found if (one.subject_kind, one.subject_id) == (subject, number)]


def needing(*bags: int, **changes: object) -> PlanNumbers:
    deliveries = [
        PlannedDelivery(arrives, count) for arrives, count in zip((FIRST, SECOND), bags, strict=False)
    ]
    return replace(PLAN, deliveries=deliveries, **changes)
