"""The calendar at the patient's home: every infusion day with its bag, on one page."""

from __future__ import annotations

from collections.abc import Callable

from labels.calendar_sheet import CalendarSheet, render_calendar
from pharmacy.accounts.models import Site
from pharmacy.compounding.documents.imprint import drawn, imprint
from pharmacy.domain.frequency import parse_frequency
from pharmacy.domain.pump_working import UNVERIFIED
from pharmacy.printing.actions import PaperMark
from pharmacy.pumps.documents.months import draw_months, list_clock_times, say_summary
from pharmacy.pumps.documents.wording import list_reminders, say_schedule
from pharmacy.pumps.models import ProgramSheet
from pharmacy.pumps.queries import read_calendar, read_program


def draw_calendar(sheet: ProgramSheet, *, site: Site) -> Callable[[PaperMark], bytes]:
    """Return what draws the calendar of a sheet."""
    return lambda mark: drawn(lambda: render_calendar(_paper(sheet, site, mark)))


def _paper(sheet: ProgramSheet, site: Site, mark: PaperMark) -> CalendarSheet:
    program, calendar = read_program(sheet), read_calendar(sheet)
    facts = program.facts
    frequency = parse_frequency(sheet.order_version.frequency)
    clocks = " and ".join(list_clock_times(calendar))
    return CalendarSheet(
        **imprint(site, mark),
        patient_name=facts["patient_name"],
        date_of_birth=facts["date_of_birth"],
        rx_number=facts["rx_number"],
        drug=facts["product"],
        schedule=say_schedule(frequency),
        start_time=f"{clocks}; each bag runs {facts['duration']}",
        summary=say_summary(calendar),
        months=draw_months(calendar),
        reminders=list_reminders(frequency),
        call=f"Questions at any hour: {site.phone_24_hour}",
        replaces=_say_replaced(sheet),
        watermark="" if program.profile_verified else UNVERIFIED,
    )


def _say_replaced(sheet: ProgramSheet) -> str:
    if sheet.replaces is None:
        return ""
    return f"Version {sheet.version} of your calendar. Throw away version {sheet.replaces.version}."
