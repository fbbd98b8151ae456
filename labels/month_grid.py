"""A month as a grid: on which days to infuse, with which bag, and on which days to rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labels.bands import Band, Said, beside, space, stack, together
from labels.blocks import Strip
from labels.drawing import Paper, Type, wrap
from labels.errors import CannotPrint

INFUSE, REST = "infuse", "rest"
WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
WORDS = {INFUSE: "Infuse", REST: "Rest", "": ""}
REST_GREY = 0.85

MONTH = Type(13, bold=True)
WEEKDAY = Type(9, bold=True)
DAY = Type(12, bold=True)
KIND, BAG, NOTE = Type(9, bold=True), Type(10, bold=True), Type(8.5)
PADDING, BOX = 1.2, 3.2
LEAST_HEIGHT = DAY.line + BAG.line + 1.5 * PADDING


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """One place of the grid: `Tue`, `4`, infuse or rest, `Bag 2`, and a note such as the time to start.

    All empty: a place before the first or after the last day. Without a kind: a day outside the supply.
    """

    weekday: str = ""
    day: str = ""
    kind: str = ""
    bag: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month with its weeks, each of seven places from Sunday to Saturday."""

    title: str
    weeks: tuple[tuple[CalendarDay, ...], ...]


def least_height(months: Sequence[Month]) -> float:
    """Return how high a day must be for its number, its bag and, if any day has one, its note."""
    noted = any(day.note for month in months for week in month.weeks for day in week)
    return LEAST_HEIGHT + (NOTE.line if noted else 0)


@dataclass(frozen=True, slots=True)
class MonthGrid:
    """Months below each other, each on one page; a day is at least as high as `least_height` says."""

    months: Sequence[Month]
    cell_height: float

    def strips(self, width: float) -> list[Strip]:
        return [Strip(self._month(month, width), f"calendar {month.title}") for month in self.months]

    def _month(self, month: Month, width: float) -> Band:
        column = width / len(WEEKDAYS)
        names = beside(*((stack(Said("weekday", name, WEEKDAY), width=column), column) for name in WEEKDAYS))
        weeks = []
        for week in month.weeks:
            _ensure_week(week, month)
            weeks.append(beside(*((self._day(day, month, column), column) for day in week)))
        title = stack(Said("month", month.title, MONTH), width=width)
        return together(space(1), title, names, *weeks, space(2))

    def _day(self, day: CalendarDay, month: Month, width: float) -> Band:
        field = f"calendar {day.day} {month.title}"
        inner = width - 2 * PADDING
        kind_room = inner - DAY.width("00 ") - (BOX if day.kind == INFUSE else 0)
        kind = wrap(WORDS[day.kind], width=kind_room, kind=KIND, field=field, max_lines=1)
        below = stack(Said(field, day.bag, BAG), Said(field, day.note, NOTE), width=inner)

        def draw(paper: Paper, x: float, y: float) -> None:
            if not day.day:
                return
            _frame(paper, x, y, width, self.cell_height, day.kind)
            x, y = x + PADDING, y + PADDING / 2
            paper.text(x, y, day.day, DAY)
            paper.lines(x + DAY.width("00 "), y + DAY.baseline - KIND.baseline, kind, KIND)
            below.draw(paper, x, y + DAY.line)

        return Band(self.cell_height, draw)


def _frame(paper: Paper, x: float, y: float, width: float, height: float, kind: str) -> None:
    """Draw the place without colour: a heavy frame and a box to tick to infuse, grey to rest."""
    if kind == INFUSE:
        paper.box(x + 0.4, y + 0.4, width - 0.8, height - 0.8, thick=0.7)
        paper.box(x + width - PADDING - BOX, y + PADDING, BOX, BOX, thick=0.25)
    else:
        paper.box(x + 0.4, y + 0.4, width - 0.8, height - 0.8, fill=REST_GREY if kind else None, thick=0.15)


def _ensure_week(week: Sequence[CalendarDay], month: Month) -> None:
    """Refuse a week that would put a day under another day of the week, or a kind nobody can read."""
    field = f"calendar {month.title}"
    if len(week) != len(WEEKDAYS):
        raise CannotPrint(f"The {field} has a week of {len(week)} places.", field=field)
    for name, day in zip(WEEKDAYS, week, strict=True):
        if day.day and day.weekday != name:
            raise CannotPrint(f"The {field} has day {day.day}, a {day.weekday}, under {name}.", field=field)
        if day.kind not in WORDS:
            raise CannotPrint(f"The {field} has a day that is neither infuse nor rest.", field=field)
