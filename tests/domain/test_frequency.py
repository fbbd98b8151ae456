"""What a frequency is called: to the patient, to the pump, and before and after a change."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.frequency import describe_change, needs_calendar, parse_frequency, say


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("daily", "once a day, every day"),
        ("every 2 days", "once every other day: see your calendar"),
        ("every 3 days", "once every 3 days: see your calendar"),
        ("2 of 3 days", "on 2 of every 3 days: see your calendar"),
        ("q12h", "every 12 hours (2 times a day)"),
        ("q8h", "every 8 hours (3 times a day)"),
        ("q36h", "every 36 hours: see your calendar"),
        ("every other day", "once every other day: see your calendar"),
        ("5 of 7 days", "on 5 of every 7 days: see your calendar"),
        ("q2h", "every 2 hours (12 times a day)"),
        ("Saturday", "every Saturday"),
        ("Mon through Sun", "every Monday, Tuesday, Wednesday, Thursday, Friday, Saturday and Sunday"),
        ("every Monday", "every Monday"),
        ("Mon, Thu", "every Monday and Thursday"),
        ("MWF", "every Monday, Wednesday and Friday"),
        ("continuous", "day and night without a break: start each bag when the one before it ends"),
    ],
)
def test_patient_wording(written: str, said: str) -> None:
    assert say(parse_frequency(written)) == said


@pytest.mark.parametrize(
    ("written", "needed"),
    [
        ("daily", False),
        ("every 2 days", False),
        ("1 of 3 days", False),
        ("2 of 3 days", True),
        ("MWF", True),
        ("every Monday", True),
        ("q12h", False),
        ("q36h", False),
        ("continuous", False),
    ],
    ids=lambda value: f"pumps.md 1.4, {value}" if isinstance(value, str) else "",
)
def test_calendar_is_needed_where_no_pump_cycle_holds_the_days(written: str, needed: bool) -> None:
    assert needs_calendar(parse_frequency(written)) is needed


@pytest.mark.parametrize(
    ("written", "per_week", "per_30_days"),
    [
        ("daily", 7, 30),
        ("every 2 days", Fraction(7, 2), 15),
        ("2 of 3 days", Fraction(14, 3), 20),
        ("q12h", 14, 60),
        ("q36h", Fraction(14, 3), 20),
        ("MWF", 3, Fraction(90, 7)),
        ("continuous", Fraction(84, 5), 72),
    ],
)
def test_doses_a_week_and_in_thirty_days_are_exact(
    written: str, per_week: Fraction, per_30_days: Fraction
) -> None:
    change = describe_change(parse_frequency("daily"), parse_frequency(written), infusion_hours=Decimal(10))

    assert (change.before.per_week, change.before.per_30_days) == (7, 30)
    assert (change.after.per_week, change.after.per_30_days) == (per_week, per_30_days)
    assert change.percent == Fraction(per_week) / 7 * 100


def test_change_is_one_sentence_with_doses_before_and_after() -> None:
    change = describe_change(parse_frequency("2 of 3 days"), parse_frequency("every Monday"))

    assert change.sentence == (
        "From 2 of every 3 days (4.67 doses a week, 20 in 30 days) to weekly on Monday"
        " (1 dose a week, 4.29 in 30 days): 21.4% of the doses before, on average."
    )


def test_same_frequency_in_other_words_is_no_change() -> None:
    change = describe_change(parse_frequency("q24h"), parse_frequency("nightly"))

    assert change.sentence == "No change: daily (7 doses a week, 30 in 30 days)."


def test_change_from_continuous_counts_the_bags_before() -> None:
    change = describe_change(
        parse_frequency("continuous"), parse_frequency("daily"), infusion_hours=Decimal(12)
    )

    assert (change.before.per_week, change.after.per_week, change.percent) == (14, 7, 50)


def test_change_to_continuous_needs_the_hours_of_a_bag() -> None:
    with pytest.raises(InvalidInput, match="infusion_hours is missing"):
        describe_change(parse_frequency("daily"), parse_frequency("continuous"))


@given(cycle=st.integers(2, 366), data=st.data())
def test_a_whole_number_of_cycles_holds_its_average(cycle: int, data: st.DataObject) -> None:
    on = data.draw(st.integers(1, cycle - 1))

    change = describe_change(parse_frequency("daily"), parse_frequency(f"{on} of every {cycle} days"))

    assert change.after.per_week * cycle == on * 7
