"""Infusion frequencies: read what was written, say it to a patient, list and count the doses.

The door to the rule; what is stored is the canonical text and the anchor, nothing else (calculators.md,
frequency).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pharmacy.domain.formatting import number
from pharmacy.domain.frequency_schedule import (
    MOST_LISTED,
    count,
    ensure_no_overlap,
    expand,
    shortest_gap_hours,
)
from pharmacy.domain.frequency_text import parse_frequency
from pharmacy.domain.frequency_types import (
    WEEKDAY_NAMES,
    Continuous,
    DaysOfCycle,
    EveryHours,
    Frequency,
    WeeklyOn,
)

DAYS_OF_A_MONTH = 30


def needs_calendar(frequency: Frequency) -> bool:
    """Tell whether no pump cycle can hold the days, so that a dated calendar must (pumps.md 1.4).

    >>> [needs_calendar(one) for one in (DaysOfCycle(2, 3), WeeklyOn((0, 2, 4)), DaysOfCycle(1, 2))]
    [True, True, False]
    """
    return isinstance(frequency, WeeklyOn) or (isinstance(frequency, DaysOfCycle) and frequency.on > 1)


def say(frequency: Frequency) -> str:
    """Say a frequency to a patient, in words that follow "Infuse one bag".

    Days that no weekday and no habit can tell are left to the calendar that goes with every delivery.

    >>> say(DaysOfCycle(2, 3)), say(EveryHours(12)), say(WeeklyOn((0, 3)))
    ('on 2 of every 3 days: see your calendar', 'every 12 hours (2 times a day)', 'every Monday and Thursday')
    """
    match frequency:
        case DaysOfCycle(on=1, cycle=1):
            return "once a day, every day"
        case DaysOfCycle(on=1, cycle=2):
            return "once every other day: see your calendar"
        case DaysOfCycle(on=1, cycle=days):
            return f"once every {days} days: see your calendar"
        case DaysOfCycle(on=on, cycle=days):
            return f"on {on} of every {days} days: see your calendar"
        case EveryHours(hours=hours) if frequency.keeps_clock:
            return f"every {hours} hours ({24 // hours} times a day)"
        case EveryHours(hours=hours):
            return f"every {hours} hours: see your calendar"
        case WeeklyOn(weekdays=weekdays):
            *first, last = (WEEKDAY_NAMES[day] for day in weekdays)
            return "every " + (f"{', '.join(first)} and {last}" if first else last)
        case Continuous():
            return "day and night without a break: start each bag when the one before it ends"


@dataclass(frozen=True, slots=True)
class DoseRate:
    """Hold how many doses a frequency gives on average, exactly."""

    frequency: Frequency
    per_week: Fraction
    per_30_days: Fraction

    @property
    def sentence_part(self) -> str:
        """Write the frequency with its doses a week and in 30 days."""
        week = f"{number(self.per_week, 2)} {'dose' if self.per_week == 1 else 'doses'} a week"
        return f"{self.frequency.text} ({week}, {number(self.per_30_days, 2)} in {DAYS_OF_A_MONTH} days)"


@dataclass(frozen=True, slots=True)
class FrequencyChange:
    """Hold the doses before and after a change of frequency."""

    before: DoseRate
    after: DoseRate

    @property
    def percent(self) -> Fraction:
        """Return the doses after the change in percent of those before."""
        return self.after.per_week / self.before.per_week * 100

    @property
    def sentence(self) -> str:
        """Write the change for a pharmacist; averages are rounded to 2 places, the fields are exact."""
        if self.before.frequency == self.after.frequency:
            return f"No change: {self.before.sentence_part}."
        return (
            f"From {self.before.sentence_part} to {self.after.sentence_part}:"
            f" {number(self.percent, 1)}% of the doses before, on average."
        )


def describe_change(
    old: Frequency, new: Frequency, *, infusion_hours: Decimal | Fraction | None = None
) -> FrequencyChange:
    """Compare two frequencies by their doses a week and in 30 days, as exact averages.

    `infusion_hours` is needed where one of them is continuous. How many doses a range of dates holds depends
    on the anchor: ask `count` (domain.md 6.3).

    >>> describe_change(DaysOfCycle(1, 1), DaysOfCycle(2, 3)).sentence
    'From daily (7 doses a week, 30 in 30 days) to 2 of every 3 days (4.67 doses a week, 20 in 30 days): \
66.7% of the doses before, on average.'
    """
    return FrequencyChange(
        before=_dose_rate(old, infusion_hours=infusion_hours),
        after=_dose_rate(new, infusion_hours=infusion_hours),
    )


def _dose_rate(frequency: Frequency, *, infusion_hours: Decimal | Fraction | None) -> DoseRate:
    match frequency:
        case DaysOfCycle(on=on, cycle=days):
            per_day = Fraction(on, days)
        case WeeklyOn(weekdays=weekdays):
            per_day = Fraction(len(weekdays), 7)
        case EveryHours() | Continuous():
            per_day = 24 / shortest_gap_hours(frequency, infusion_hours=infusion_hours)
    return DoseRate(frequency=frequency, per_week=per_day * 7, per_30_days=per_day * DAYS_OF_A_MONTH)


__all__ = [
    "MOST_LISTED",
    "Continuous",
    "DaysOfCycle",
    "DoseRate",
    "EveryHours",
    "Frequency",
    "FrequencyChange",
    "WeeklyOn",
    "count",
    "describe_change",
    "ensure_no_overlap",
    "expand",
    "needs_calendar",
    "parse_frequency",
    "say",
    "shortest_gap_hours",
]
