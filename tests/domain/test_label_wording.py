"""The lines of a label that follow from the calendar and from storage (domain.md 1.5, 3.2)."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from pharmacy.domain.formatting import NBSP
from pharmacy.domain.frequency import expand, parse_frequency
from pharmacy.domain.label_wording import say_next_doses, say_out_of_refrigerator, say_route
from pharmacy.domain.routes import Route
from pharmacy.domain.wording import ensure_safe_wording

HOME = ZoneInfo("America/New_York")


def next_doses(text, count=3, anchor="2026-11-09T21:00"):
    starts = datetime(2026, 11, 1, tzinfo=UTC)
    doses = expand(
        parse_frequency(text),
        anchor=datetime.fromisoformat(anchor),
        zone=HOME,
        starts=starts,
        ends=starts + timedelta(days=99),
    )
    return say_next_doses(doses[:count], zone=HOME)


@pytest.mark.parametrize(
    ("frequency", "said"),
    [
        ("daily", "Next: Mon 9 Nov, Tue 10 Nov and Wed 11 Nov 2026 at 21:00."),
        (
            "2 of every 3 days",
            "Next: Mon 9 Nov, Tue 10 Nov and Thu 12 Nov 2026 at 21:00. None on Wed 11 Nov.",
        ),
        (
            "every 2 days",
            "Next: Mon 9 Nov, Wed 11 Nov and Fri 13 Nov 2026 at 21:00. None on Tue 10 Nov and Thu 12 Nov.",
        ),
        ("weekly on Monday", "Next: Mon 9 Nov, Mon 16 Nov and Mon 23 Nov 2026 at 21:00."),
        (
            "every 12 hours",
            "Next: Mon 9 Nov 21:00, Tue 10 Nov 09:00 and Tue 10 Nov 21:00.",
        ),
    ],
)
def test_next_doses_are_dates_at_home(frequency, said):
    assert next_doses(frequency) == said


def test_doses_keep_their_clock_time_over_a_change_of_the_clocks():
    assert next_doses("daily", anchor="2026-10-31T21:00") == (
        "Next: Sat 31 Oct, Sun 1 Nov and Mon 2 Nov 2026 at 21:00."
    )


def test_dates_of_two_years_carry_their_year():
    assert next_doses("daily", anchor="2026-12-30T21:00") == (
        "Next: Wed 30 Dec 2026, Thu 31 Dec 2026 and Fri 1 Jan 2027 at 21:00."
    )


def test_a_single_dose_has_no_list():
    assert next_doses("daily", count=1) == "Next: Mon 9 Nov 2026 at 21:00."


@pytest.mark.parametrize(
    ("limits", "said"),
    [([24, Fraction(96), 168], "24 hours"), ([96, Fraction(12)], "12 hours"), ([Fraction(1)], "1 hour")],
)
def test_the_shortest_limit_out_of_the_refrigerator_is_said_with_its_cap(limits, said):
    text = say_out_of_refrigerator(limits).replace(NBSP, " ")

    assert text == f"Once out, start within {said} and before that time."


def test_without_a_limit_the_bag_stays_in_the_refrigerator():
    assert say_out_of_refrigerator([]) == "Take it out only to start it."


def test_routes_are_written_out():
    assert [say_route(route) for route in Route][:2] == [
        "FOR SUBCUTANEOUS INFUSION ONLY",
        "FOR INTRAVENOUS INFUSION ONLY",
    ]


@pytest.mark.parametrize("frequency", ["daily", "2 of every 3 days", "every 12 hours"])
def test_the_lines_hold_no_dangerous_abbreviation(frequency):
    ensure_safe_wording(next_doses(frequency), field="frequency")
    ensure_safe_wording(say_out_of_refrigerator([24]), field="out of refrigerator")
