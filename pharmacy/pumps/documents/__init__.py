"""The papers of the pumps' room: the programming sheet, and the calendar at home that goes with it."""

from __future__ import annotations

from pharmacy.domain.pump_working import UNVERIFIED
from pharmacy.pumps.documents.calendar import draw_calendar
from pharmacy.pumps.documents.months import lay_out
from pharmacy.pumps.documents.sheet import draw_sheet
from pharmacy.pumps.documents.wording import say_rule

__all__ = ["UNVERIFIED", "draw_calendar", "draw_sheet", "lay_out", "say_rule"]
