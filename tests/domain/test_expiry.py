"""A manufacturer's expiry as an instant: domain.md 1.3 and 1.6, calculators.md beyond-use."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.expiry import end_of_day, last_day_of_month, parse_expiry


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2025-03", "America/New_York", "2025-03-31T23:59:59-04:00"),
        ("2024-02", "America/New_York", "2024-02-29T23:59:59-05:00"),
        ("2025-02", "America/New_York", "2025-02-28T23:59:59-05:00"),
        ("2025-12", "Asia/Kathmandu", "2025-12-31T23:59:59+05:45"),
        ("2025-11-02", "America/New_York", "2025-11-02T23:59:59-05:00"),
        ("2025-03-09", "America/New_York", "2025-03-09T23:59:59-04:00"),
        # The clocks go back at midnight: 23:59:59 occurs twice, the first counts.
        ("2025-10-25", "America/Nuuk", "2025-10-25T23:59:59-01:00"),
        # The clocks go forward from 23:00 to midnight: the day ends a second before the gap.
        ("2025-03-29", "America/Nuuk", "2025-03-29T22:59:59-02:00"),
    ],
)
def test_a_month_or_date_runs_to_its_last_second_at_home(text: str, zone: str, expected: str) -> None:
    assert parse_expiry(text, ZoneInfo(zone)).astimezone(ZoneInfo(zone)).isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "2025", "2025-13", "2025-00", "2025-02-29", "2025-3", "03/2025", "2025-03-31T10:00", "0000-01"),
        *("２０２５-03", " 2025-03", "2025-03\n"),
    ],
)
def test_anything_else_is_refused_by_the_name_of_its_field(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^the expiry should be a month as YYYY-MM") as refused:
        parse_expiry(text, ZoneInfo("UTC"), field="the expiry")
    assert refused.value.field == "the expiry"


@pytest.mark.parametrize(
    ("day", "last"), [(date(2024, 2, 3), 29), (date(2025, 2, 28), 28), (date(2025, 4, 1), 30)]
)
def test_last_day_of_month(day: date, last: int) -> None:
    assert last_day_of_month(day) == day.replace(day=last)


def test_no_second_of_the_day_lies_after_its_end() -> None:
    for day in (date(2025, 3, 29), date(2025, 10, 25), date(2025, 7, 1)):
        for name in ("America/Nuuk", "America/New_York", "Pacific/Apia"):
            assert end_of_day(day, ZoneInfo(name)).astimezone(ZoneInfo(name)).date() <= day
