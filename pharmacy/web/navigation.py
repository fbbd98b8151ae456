"""The menu: the places a person may go to, in the order of their day."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import ROLE_NAMES, Permission

P = Permission
# Each part of the menu with its places: endpoint, word and who sees it, in the order of a person's day. An
# endpoint that no feature has registered is left out.
_MENU = (
    ("Today", (("worklist.home", "Worklist", P.SEE_WORKLIST),)),
    (
        "Patients",
        (
            ("patients.list_patients", "Patients", P.READ_CHARTS),
            ("prescriptions.list_orders", "Orders", P.READ_CHARTS),
        ),
    ),
    (
        "Compounding",
        (
            ("compounding.list_worksheets", "Worksheets", P.OPEN_WORKSHEETS),
            ("compounding.list_stock_bags", "Bags in stock", P.OPEN_WORKSHEETS),
            ("compounding.list_deviations", "Deviations", P.REPORT_DEVIATIONS),
            ("facility.list_rooms", "Rooms and hoods", P.READ_FACILITY),
            ("facility.list_competencies", "Who may compound", P.READ_FACILITY),
        ),
    ),
    (
        "Supplies",
        (
            ("inventory.list_stock", "Stock", P.READ_FORMULARY),
            ("formulary.list_formulas", "Formulas", P.READ_FORMULARY),
        ),
    ),
    (
        "Pumps and delivery",
        (
            ("pumps.list_sheets", "Pump sheets", P.PREPARE_PUMP_SHEETS),
            ("pumps.list_pumps", "Pumps", P.PREPARE_PUMP_SHEETS),
            ("delivery.list_batches", "Deliveries", P.PACK_DELIVERIES),
            ("delivery.my_stops", "My stops", P.DRIVE_DELIVERIES),
        ),
    ),
    (
        "Look back",
        (
            ("trace.trace_lot", "Trace", P.TRACE),
            ("trace.list_recalls", "Recalls", P.TRACE),
            ("reports.list_reports", "Reports", P.READ_REPORTS),
            ("audit.refusals", "Intercepted errors", P.READ_REFUSALS),
            ("audit.entries", "Audit", P.READ_AUDIT),
        ),
    ),
    (
        "Tools",
        (
            ("calculators.list_rules", "Calculators", P.USE_CALCULATORS),
            ("accounts.people", "People", P.MANAGE_PEOPLE),
        ),
    ),
)


def register_navigation(app: Flask) -> None:
    """Give every page the menu, the person and the site's notice."""
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    person = g.get("person")
    return {
        "menu": _list_menu(person) if person else [],
        "person": person,
        "role_name": ROLE_NAMES[person.role] if person else "",
        "site": person.site if person else None,
        "idle_minutes": current_app.extensions["settings"].idle_minutes,
        "may_find": bool(person and person.may(Permission.READ_CHARTS))
        and "overview.find" in current_app.view_functions,
        "Permission": Permission,
    }


def _list_menu(person: Person) -> list[tuple[str, list[tuple[str, str]]]]:
    """List the parts of the menu that hold a place for this person, each with its endpoints and words."""
    found = [
        (
            part,
            [
                (endpoint, word)
                for endpoint, word, permission in places
                if person.may(permission) and endpoint in current_app.view_functions
            ],
        )
        for part, places in _MENU
    ]
    return [(part, places) for part, places in found if places]
