"""The four kinds of infusion frequency and the canonical text of each (calculators.md, frequency)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

MOST_DAYS = 366
LEAST_HOURS = 2
MOST_HOURS = MOST_DAYS * 24
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class DaysOfCycle:
    """Hold an infusion on days 1 to `on` of each cycle of `cycle` days; daily is 1 of 1.

    >>> DaysOfCycle(on=2, cycle=3).text, DaysOfCycle(on=1, cycle=2).text, DaysOfCycle(on=1, cycle=1).text
    ('2 of every 3 days', 'every 2 days', 'daily')
    """

    on: int
    cycle: int

    def __post_init__(self) -> None:
        if not (1 <= self.on < self.cycle <= MOST_DAYS or self.on == self.cycle == 1):
            raise ValueError(f"no frequency has {self.on} infusion days in {self.cycle}")

    @property
    def text(self) -> str:
        """Write the canonical text."""
        if self.on > 1:
            return f"{self.on} of every {self.cycle} days"
        return "daily" if self.cycle == 1 else f"every {self.cycle} days"


@dataclass(frozen=True, slots=True)
class EveryHours:
    """Hold an infusion every `hours` hours; a multiple of 24 hours is a number of days, never this.

    >>> EveryHours(12).text, EveryHours(12).keeps_clock, EveryHours(36).keeps_clock
    ('every 12 hours', True, False)
    """

    hours: int

    def __post_init__(self) -> None:
        if not LEAST_HOURS <= self.hours <= MOST_HOURS or self.hours % 24 == 0:
            raise ValueError(f"no frequency has {self.hours} hours between two doses")

    @property
    def text(self) -> str:
        """Write the canonical text."""
        return f"every {self.hours} hours"

    @property
    def keeps_clock(self) -> bool:
        """Tell whether the clock times are the same every day; otherwise the hours are elapsed hours."""
        return 24 % self.hours == 0


@dataclass(frozen=True, slots=True)
class WeeklyOn:
    """Hold an infusion on weekdays, Monday 0 to Sunday 6, in week order.

    >>> WeeklyOn((0, 2, 4)).text
    'weekly on Monday, Wednesday, Friday'
    """

    weekdays: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.weekdays or self.weekdays != tuple(sorted(set(self.weekdays) & set(range(7)))):
            raise ValueError(f"weekdays are 0 to 6 in week order, each once: {self.weekdays}")

    @property
    def text(self) -> str:
        """Write the canonical text."""
        return "weekly on " + ", ".join(WEEKDAY_NAMES[day] for day in self.weekdays)


@dataclass(frozen=True, slots=True)
class Continuous:
    """Hold infusions back to back: each starts when the one before it ends."""

    @property
    def text(self) -> str:
        """Write the canonical text."""
        return "continuous"


Frequency: TypeAlias = DaysOfCycle | EveryHours | WeeklyOn | Continuous
