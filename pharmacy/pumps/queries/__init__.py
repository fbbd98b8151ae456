"""Reads of the register of pumps, of program sheets and of what they are made from."""

from __future__ import annotations

from pharmacy.pumps.queries.calendar import AT_HOME, list_calendar_bags, plan_calendar
from pharmacy.pumps.queries.content import (
    SheetCalendar,
    SheetProgram,
    read_calendar,
    read_program,
    sheet_content,
    write_calendar,
    write_program,
)
from pharmacy.pumps.queries.facts import describe_numbers, describe_sheet
from pharmacy.pumps.queries.registry import (
    PAGE,
    find_claim,
    find_pump_by_asset,
    get_pump,
    list_pumps,
    list_pumps_for,
)
from pharmacy.pumps.queries.sheets import PAGE as SHEETS
from pharmacy.pumps.queries.sheets import (
    STARTED,
    find_replacement,
    find_verified_sheet,
    get_sheet,
    list_sheets,
    list_sheets_in_force,
    list_sheets_of_order,
    list_started_worksheets,
    list_versions_without_sheet,
    next_version,
)

__all__ = [
    "AT_HOME",
    "PAGE",
    "SHEETS",
    "STARTED",
    "SheetCalendar",
    "SheetProgram",
    "describe_numbers",
    "describe_sheet",
    "find_claim",
    "find_pump_by_asset",
    "find_replacement",
    "find_verified_sheet",
    "get_pump",
    "get_sheet",
    "list_calendar_bags",
    "list_pumps",
    "list_pumps_for",
    "list_sheets",
    "list_sheets_in_force",
    "list_sheets_of_order",
    "list_started_worksheets",
    "list_versions_without_sheet",
    "next_version",
    "plan_calendar",
    "read_calendar",
    "read_program",
    "sheet_content",
    "write_calendar",
    "write_program",
]
