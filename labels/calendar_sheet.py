"""The calendar at the patient's home: one page, every infusion day with its bag, every rest day in grey."""

from __future__ import annotations

from dataclasses import dataclass, replace

from labels.blocks import Block, Facts, Prose
from labels.drawing import Type
from labels.finished import Printed, finished
from labels.month_grid import Month, MonthGrid, least_height
from labels.sheet import Sheet, render, room_left

PLAIN, PLAIN_BOLD, LEGEND_KIND = Type(12), Type(13, bold=True), Type(10)
# A day is as high as the page allows, up to this; the spare covers the rounding of many heights.
MOST_HEIGHT, SPARE = 20.0, 0.1
LEGEND = (
    "Heavy frame, Infuse: start one bag on this day and tick the box when it is done.",
    "Grey, Rest: no bag, pump stopped.",
)


@dataclass(frozen=True, kw_only=True)
class CalendarSheet(Printed):
    """A calendar for the patient, in plain language.

    `schedule` says the frequency in words, `summary` counts infusions and bags, `reminders` say what to do
    about a missed or doubtful day, `replaces` names the calendar to throw away.
    """

    patient_name: str
    date_of_birth: str
    rx_number: str
    drug: str
    schedule: str
    start_time: str
    summary: str
    months: tuple[Month, ...]
    reminders: tuple[str, ...]
    call: str
    replaces: str = ""
    watermark: str = ""


def render_calendar(calendar: CalendarSheet) -> bytes:
    """Return the calendar as a PDF of one page.

    Refuses a missing text, a day under the wrong day of the week (`CannotPrint`) and what does not fit on one
    page (`DoesNotFit`).
    """
    calendar = finished(calendar)
    least = least_height(calendar.months)
    sheet = Sheet(
        document=calendar,
        title="My infusion calendar",
        identity=f"{calendar.patient_name} · born {calendar.date_of_birth} · Rx {calendar.rx_number}",
        watermark=calendar.watermark,
        most_pages=1,
        blocks=_blocks(calendar, least),
    )
    weeks = sum(len(month.weeks) for month in calendar.months)
    height = least + (room_left(sheet) - SPARE) / weeks
    height = min(max(height, least), MOST_HEIGHT)
    return render(replace(sheet, blocks=_blocks(calendar, height)))


def _blocks(calendar: CalendarSheet, cell_height: float) -> tuple[Block, ...]:
    return (
        Facts((("Medicine", calendar.drug), ("Start time", calendar.start_time)), columns=2),
        Prose("schedule", (calendar.schedule,), PLAIN_BOLD),
        Prose("replaces", (calendar.replaces,) if calendar.replaces else (), PLAIN_BOLD),
        MonthGrid(calendar.months, cell_height),
        Prose("summary", (calendar.summary,), PLAIN_BOLD),
        Prose("legend", LEGEND, LEGEND_KIND, mark="•"),
        Prose("reminders", calendar.reminders, PLAIN, mark="•"),
        Prose("call", (calendar.call,), PLAIN_BOLD),
    )
