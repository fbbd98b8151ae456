"""What a dispense plan costs; the floor is listing the dose times of the same course."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from timing import report, seconds

from pharmacy.domain.delivery_days import DeliveryDays
from pharmacy.domain.delivery_plan import plan_fewest_deliveries
from pharmacy.domain.dispensing import (
    BagsOnHand,
    PlannedArrival,
    Segment,
    list_doses,
    plan_dispensing,
    working,
)
from pharmacy.domain.frequency import parse_frequency

PATIENTS = 10_000
ZONE = ZoneInfo("America/New_York")
STARTS = datetime(2026, 11, 9, 14, tzinfo=UTC)
EVENING, CHANGE = datetime(2026, 11, 9, 21), datetime(2026, 12, 20, 21)  # noqa: DTZ001
COURSE = {
    "zone": ZONE,
    "regimen": [
        Segment(EVENING, parse_frequency("daily"), EVENING),
        Segment(CHANGE, parse_frequency("2 of every 3 days"), CHANGE),
    ],
    "starts": STARTS,
}
QUARTER = STARTS + timedelta(days=90)
ON_HAND = [BagsOnHand(5, STARTS + timedelta(days=6))]
DELIVERIES = [
    PlannedArrival(STARTS + timedelta(days=3 + 7 * week), STARTS + timedelta(days=12 + 7 * week))
    for week in range(12)
]
ANY_DAY = DeliveryDays(
    weekdays=set(range(7)),
    closed=set(),
    arrival_time=time(10),
    lead_hours=Decimal(24),
    beyond_use_hours=Decimal(240),
)


def plan() -> object:
    """Plan one patient for 90 days with weekly deliveries, without working lines."""
    return plan_dispensing(**COURSE, ends=QUARTER, on_hand=ON_HAND, deliveries=DELIVERIES)


def main() -> None:
    """Plan ten thousand patients, one with working lines, and a year's fewest deliveries."""
    listing = seconds(lambda: [list_doses(**COURSE, ends=QUARTER) for _ in range(1000)]) * PATIENTS / 1000
    plans = seconds(lambda: [plan() for _ in range(PATIENTS)], rounds=1)
    report(f"{PATIENTS:,} patients x 90 days", floor="their dose times", floor_s=listing, work_s=plans)
    one = plan_dispensing(**COURSE, ends=QUARTER, on_hand=ON_HAND, deliveries=DELIVERIES)
    report(
        "working lines", floor="the plan", floor_s=seconds(plan), work_s=seconds(lambda: working(one, ZONE))
    )
    year = STARTS + timedelta(days=365)
    settled = seconds(lambda: plan_dispensing(**COURSE, ends=year, on_hand=ON_HAND, deliveries=[]))
    for bags in (5, 300):
        stock = [BagsOnHand(bags, STARTS + timedelta(days=400))]
        work = seconds(
            lambda stock=stock: plan_fewest_deliveries(**COURSE, ends=year, on_hand=stock, days=ANY_DAY)
        )
        report(
            f"a year's fewest deliveries, {bags} bags on hand", floor="one plan", floor_s=settled, work_s=work
        )


if __name__ == "__main__":
    main()
