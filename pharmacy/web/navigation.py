"""The menu: the places a person may go to, in the order of their day."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g

from pharmacy.accounts.permissions import ROLE_NAMES, Permission

# Endpoint, word in the menu, and who sees it; an endpoint that no feature has registered is left out.
_PLACES = (
    ("worklist.home", "Worklist", Permission.SEE_WORKLIST),
    ("patients.list_patients", "Patients", Permission.READ_CHARTS),
    ("prescriptions.list_orders", "Orders", Permission.READ_CHARTS),
    ("compounding.list_worksheets", "Worksheets", Permission.OPEN_WORKSHEETS),
    ("inventory.list_stock", "Stock", Permission.READ_FORMULARY),
    ("compounding.list_stock_bags", "Bags in stock", Permission.OPEN_WORKSHEETS),
    ("compounding.list_deviations", "Deviations", Permission.REPORT_DEVIATIONS),
    ("facility.list_rooms", "Rooms and hoods", Permission.READ_FACILITY),
    ("facility.list_competencies", "Who may compound", Permission.READ_FACILITY),
    ("formulary.list_formulas", "Formulas", Permission.READ_FORMULARY),
    ("pumps.list_sheets", "Pump sheets", Permission.PREPARE_PUMP_SHEETS),
    ("pumps.list_pumps", "Pumps", Permission.PREPARE_PUMP_SHEETS),
    ("delivery.list_batches", "Deliveries", Permission.PACK_DELIVERIES),
    ("delivery.my_stops", "My stops", Permission.DRIVE_DELIVERIES),
    ("calculators.list_rules", "Calculators", Permission.USE_CALCULATORS),
    ("trace.trace_lot", "Trace", Permission.TRACE),
    ("trace.list_recalls", "Recalls", Permission.TRACE),
    ("reports.list_reports", "Reports", Permission.READ_REPORTS),
    ("audit.refusals", "Intercepted errors", Permission.READ_REFUSALS),
    ("audit.entries", "Audit", Permission.READ_AUDIT),
    ("accounts.people", "People", Permission.MANAGE_PEOPLE),
)


def register_navigation(app: Flask) -> None:
    """Give every page the menu, the person and the site's notice."""
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    person = g.get("person")
    places = [
        (endpoint, word)
        for endpoint, word, permission in _PLACES
        if person and person.may(permission) and endpoint in current_app.view_functions
    ]
    return {
        "places": places,
        "person": person,
        "role_name": ROLE_NAMES[person.role] if person else "",
        "site": person.site if person else None,
        "idle_minutes": current_app.extensions["settings"].idle_minutes,
        "may_find": bool(person and person.may(Permission.READ_CHARTS))
        and "overview.find" in current_app.view_functions,
        "Permission": Permission,
    }
