"""Who may do what: the whole policy as one table of words (domain.md 4.2).

A technician never verifies or releases; an administrator has no clinical rights; an auditor only reads.
"""

from __future__ import annotations

from enum import StrEnum

from pharmacy.domain.errors import Forbidden


class Role(StrEnum):
    """The roles of the people at a site."""

    TECHNICIAN = "technician"
    PHARMACIST = "pharmacist"
    PHARMACIST_IN_CHARGE = "pharmacist_in_charge"
    NURSE = "nurse"
    DRIVER = "driver"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ROLE_NAMES = {
    Role.TECHNICIAN: "pharmacy technician",
    Role.PHARMACIST: "pharmacist",
    Role.PHARMACIST_IN_CHARGE: "pharmacist-in-charge",
    Role.NURSE: "nurse",
    Role.DRIVER: "delivery driver",
    Role.ADMINISTRATOR: "administrator",
    Role.AUDITOR: "auditor",
}


class Permission(StrEnum):
    """What a person may do, in words."""

    SEE_WORKLIST = "see their own worklist"
    USE_CALCULATORS = "use the calculators"
    READ_CHARTS = "read patients' charts"
    READ_FORMULARY = "read products and master formulation records"
    WRITE_FORMULAS = "write products and master formulation records"
    APPROVE_FORMULAS = "approve master formulation records and reference data"
    ENTER_ORDERS = "enter orders"
    VERIFY_ORDERS = "verify orders"
    CHANGE_ORDERS = "record a prescriber's change of an order"
    DO_CHANGE_TASKS = "do what a change of an order asks for"
    RECORD_HOME_COUNTS = "record what a patient has at home"
    PLAN_DISPENSING = "plan what is dispensed"
    SIGN_PLANS = "sign dispense plans"
    OPEN_WORKSHEETS = "open worksheets"
    CHECK_WORKSHEETS = "check worksheets before work starts"
    COMPOUND = "compound bags"
    READ_FACILITY = "see rooms and hoods, and who may compound"
    RECORD_READINGS = "record readings and cleanings, and take a room or hood out of service"
    MANAGE_FACILITY = "register and certify rooms and hoods, and put them in service"
    MANAGE_COMPETENCIES = "record the competencies of others"
    SHORTEN_BEYOND_USE = "shorten a beyond-use date"
    PRINT_LABELS = "print bag labels"
    RELEASE_BAGS = "inspect and release bags"
    REPORT_DEVIATIONS = "report deviations and complaints"
    SETTLE_DEVIATIONS = "investigate and close deviations"
    RECEIVE_STOCK = "receive and count stock"
    QUARANTINE_LOTS = "put lots in quarantine"
    LIFT_QUARANTINE = "lift the quarantine of a lot"
    PREPARE_PUMP_SHEETS = "prepare pump programming sheets"
    VERIFY_PUMP_SHEETS = "verify pump programming sheets"
    PACK_DELIVERIES = "pack deliveries"
    DRIVE_DELIVERIES = "deliver and record proof of delivery"
    SET_UP_STOCK = "set up the locations, limits and reorder levels of stock"
    TRACE = "trace lots and bags"
    CALL_FOR_RECALLS = "call patients and prescribers about a recall"
    MANAGE_RECALLS = "open and close recalls"
    WRITE_OFF_RECALLED = "write off a recalled bag that cannot be reached"
    READ_REFUSALS = "read intercepted errors"
    READ_REPORTS = "read reports"
    READ_AUDIT = "read the audit record"
    MANAGE_PEOPLE = "add people and lock them out"


P = Permission
_EVERYBODY = frozenset({P.SEE_WORKLIST, P.USE_CALCULATORS})
_TECHNICIAN = _EVERYBODY | {
    P.READ_CHARTS,
    P.READ_FORMULARY,
    P.ENTER_ORDERS,
    P.DO_CHANGE_TASKS,
    P.RECORD_HOME_COUNTS,
    P.PLAN_DISPENSING,
    P.OPEN_WORKSHEETS,
    P.COMPOUND,
    P.READ_FACILITY,
    P.RECORD_READINGS,
    P.SHORTEN_BEYOND_USE,
    P.PRINT_LABELS,
    P.REPORT_DEVIATIONS,
    P.RECEIVE_STOCK,
    P.QUARANTINE_LOTS,
    P.PREPARE_PUMP_SHEETS,
    P.PACK_DELIVERIES,
    P.TRACE,
    P.CALL_FOR_RECALLS,
    P.READ_REFUSALS,
}
_PHARMACIST = _TECHNICIAN | {
    P.VERIFY_ORDERS,
    P.CHANGE_ORDERS,
    P.SIGN_PLANS,
    P.CHECK_WORKSHEETS,
    P.MANAGE_FACILITY,
    P.MANAGE_COMPETENCIES,
    P.RELEASE_BAGS,
    P.SETTLE_DEVIATIONS,
    P.LIFT_QUARANTINE,
    P.SET_UP_STOCK,
    P.MANAGE_RECALLS,
    P.VERIFY_PUMP_SHEETS,
    P.WRITE_FORMULAS,
    P.APPROVE_FORMULAS,
    P.READ_REPORTS,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.TECHNICIAN: _TECHNICIAN,
    Role.PHARMACIST: _PHARMACIST,
    Role.PHARMACIST_IN_CHARGE: _PHARMACIST | {P.READ_AUDIT, P.WRITE_OFF_RECALLED},
    Role.NURSE: _EVERYBODY | {P.READ_CHARTS, P.RECORD_HOME_COUNTS, P.REPORT_DEVIATIONS},
    Role.DRIVER: _EVERYBODY | {P.DRIVE_DELIVERIES},
    Role.ADMINISTRATOR: _EVERYBODY | {P.MANAGE_PEOPLE, P.READ_REPORTS},
    Role.AUDITOR: _EVERYBODY
    | {P.READ_CHARTS, P.READ_FORMULARY, P.READ_FACILITY, P.TRACE}
    | {P.READ_REFUSALS, P.READ_REPORTS, P.READ_AUDIT},
}


def may(role: Role, permission: Permission) -> bool:
    """Tell whether a role may do something."""
    return permission in PERMISSIONS[role]


def roles_that_may(permission: Permission) -> list[Role]:
    """List the roles that may do something."""
    return [role for role in Role if may(role, permission)]


def ensure_may(role: Role, permission: Permission) -> None:
    """Refuse with Forbidden, saying whose task it is."""
    if not may(role, permission):
        names = [ROLE_NAMES[one] for one in roles_that_may(permission)]
        raise Forbidden(
            f"A {ROLE_NAMES[role]} may not {permission.value}; "
            f"this is for a {' or '.join([', '.join(names[:-1]), names[-1]] if len(names) > 1 else names)}."
        )
