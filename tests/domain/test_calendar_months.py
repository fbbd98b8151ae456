"""N months after a date, at the ends of months and years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.calendar_months import add_months


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 11, 9), 6, date(2027, 5, 9)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 29), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), 12, date(2027, 1, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 9), 0, date(2026, 11, 9)),
    ],
)
def test_the_same_day_of_a_later_month_or_its_last(start, months, expected):
    assert add_months(start, months) == expected


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.integers(0, 60))
def test_a_day_never_leaves_the_month_that_it_leads_to(start, months):
    found = add_months(start, months)

    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == months
    assert found.day <= start.day
