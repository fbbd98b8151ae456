"""The programming sheet on paper: each screen of the pump with room to read it back, and the working."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from labels.pump_sheet import Finding, ProgramRow, PumpSheet, Setting, render_pump_sheet
from labels.rows import Step
from pharmacy.accounts.models import Site
from pharmacy.compounding.documents.imprint import drawn, imprint, signatures
from pharmacy.compounding.documents.worksheet import METHODS
from pharmacy.domain.admixture import FillMethod
from pharmacy.domain.findings import Severity
from pharmacy.domain.formatting import number, quantity
from pharmacy.domain.pump_settings import Setting as PumpSetting
from pharmacy.domain.pump_working import UNVERIFIED
from pharmacy.printing.actions import PaperMark
from pharmacy.pumps.documents.months import draw_months, list_clock_times, say_summary
from pharmacy.pumps.documents.wording import (
    list_patient_sections,
    say_rule,
    say_value,
    show_setting,
    spell_setting,
)
from pharmacy.pumps.models import ProgramSheet
from pharmacy.pumps.queries import SheetCalendar, SheetProgram, read_calendar, read_program

# How a line of the working begins, what it is called on paper, and under which name its result is kept.
_LINES = (
    ("Volume", "Volume", "volume"),
    ("Rate", "Rate", "rate"),
    ("Error of the rate", "Error of the rate", "error"),
    ("Check", "Check: rate by time", "runs_for"),
    ("In both units", "In both units", "rate_in_24_hours"),
    ("Drug rate", "Drug rate", "mg_per_hour"),
    ("Bag", "Bag", "left"),
    ("Drug", "Drug in a dose", "delivered"),
    ("Of the dose", "Part of the dose", "percent"),
    ("Expected", "Expected end", "window"),
)
_BUDGET = "left"
_SAID = {Severity.NOTE: "Note", Severity.FLAG: "Flag", Severity.REFUSE: "Refused"}
# The facts that stand on the paper under their own name.
_FACTS = (
    *("patient_name", "date_of_birth", "patient_number", "allergies", "weight", "rx_number", "prescriber"),
    *("ordered_on", "drug", "dose", "route", "frequency", "duration", "start_date", "directions", "product"),
    *("amount", "nominal_volume", "content_volume", "concentration", "lot", "beyond_use", "storage"),
    *("pump_model", "pump_serial", "pump_asset", "pump_software", "administration_set", "maintenance_due"),
)


def draw_sheet(sheet: ProgramSheet, *, site: Site) -> Callable[[PaperMark], bytes]:
    """Return what draws a programming sheet."""
    return lambda mark: drawn(lambda: render_pump_sheet(_paper(sheet, site, mark)))


def _paper(sheet: ProgramSheet, site: Site, mark: PaperMark) -> PumpSheet:
    program, calendar = read_program(sheet), read_calendar(sheet)
    facts = program.facts
    steps = list(_list_steps(program))
    clocks = " and ".join(list_clock_times(calendar))
    return PumpSheet(
        **imprint(site, mark),
        **{name: facts[name] for name in _FACTS},
        version=number(sheet.version),
        supersedes=f"version {sheet.replaces.version}" if sheet.replaces else "",
        watermark="" if program.profile_verified else UNVERIFIED,
        digest=sheet.verification.digest if sheet.verification else "",
        volume_method=METHODS[FillMethod(facts["volume_method"])],
        pump_library=f"{program.profile['name']}, profile version {program.profile['version']}",
        mode=sheet.mode.capitalize(),
        program=tuple(_list_rows(program.settings)),
        program_rule=say_rule(sheet),
        arithmetic=tuple(step for name, step in steps if name != _BUDGET),
        reservoir=tuple(step for name, step in steps if name == _BUDGET),
        alarms=_alarms(program),
        site=_site(sheet),
        findings=tuple(_list_findings(sheet, program)),
        months=draw_months(calendar),
        calendar_summary=say_summary(calendar),
        supplies=_supplies(calendar),
        patient_sections=list_patient_sections(sheet, clocks=clocks),
        patient_call=f"Pharmacist, day and night: {site.phone_24_hour}",
        signatures=signatures((sheet.verification,), ZoneInfo(site.time_zone)),
    )


def _list_rows(settings: tuple[PumpSetting, ...]) -> Iterator[ProgramRow]:
    for place, one in enumerate(settings, start=1):
        yield ProgramRow(
            screen=str(place),
            field=one.field,
            value=say_value(one),
            shown=show_setting(one),
            spelled=spell_setting(one),
            source="entered" if one.entered else "derived",
        )


def _list_steps(program: SheetProgram) -> Iterator[tuple[str, Step]]:
    for line in program.working:
        begins, what, name = next(one for one in _LINES if line.startswith(one[0]))
        how = line.removeprefix(f"{begins}: ").rstrip(".")
        yield name, Step(what=what, working=how, result=program.numbers[name])


def _alarms(program: SheetProgram) -> tuple[Setting, ...]:
    named = (
        ("Air detector", "air_detector"),
        ("Upstream occlusion sensor", "occlusion_sensor"),
        ("Low reservoir", "low_reservoir"),
        ("Lock", "lock_level"),
    )
    return tuple(Setting(name=words, value=program.facts[name]) for words, name in named)


def _site(sheet: ProgramSheet) -> tuple[Setting, ...]:
    sites = sheet.order_version.sites
    return (
        Setting(name="Sites", value=number(sites)),
        Setting(name="Rate at each site", value=quantity(sheet.rate_ml_per_h / sites, "mL/h")),
        Setting(name="Place", value="another place each time, as the nurse showed"),
    )


def _list_findings(sheet: ProgramSheet, program: SheetProgram) -> Iterator[Finding]:
    for one in program.findings:
        answer = sheet.flag_reason or "" if one.severity is Severity.FLAG else ""
        yield Finding(severity=_SAID[one.severity], finding=one.message, answer=answer)


def _supplies(calendar: SheetCalendar) -> tuple[Setting, ...]:
    """Count what the runs need, one set and one needle set each (pumps.md 6)."""
    runs = number(len(calendar.infusions))
    return (
        Setting(name="Bags", value=number(len(calendar.serials))),
        Setting(name="Administration sets", value=f"{runs}, one for each infusion"),
        Setting(name="Needle sets", value=f"{runs}, one for each infusion"),
    )
