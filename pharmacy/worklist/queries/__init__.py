"""What waits for a person: one statement for each kind of work, sorted by when it is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission
from pharmacy.worklist.queries.compounding import (
    list_deliveries_to_make,
    list_quarantined_bags,
    list_second_checks,
    list_worksheets_to_check,
    list_worksheets_to_make,
    list_worksheets_to_release,
)
from pharmacy.worklist.queries.delivery import (
    list_batches_to_pack,
    list_change_tasks,
    list_sheets_to_verify,
    list_stops_to_drive,
)
from pharmacy.worklist.queries.facility import list_certifications_due, list_competencies_due
from pharmacy.worklist.queries.formulary import list_formulas_to_approve, list_reviews_due
from pharmacy.worklist.queries.orders import (
    list_orders_to_correct,
    list_orders_to_plan,
    list_orders_to_verify,
    list_plans_to_sign,
)
from pharmacy.worklist.queries.quality import list_deviations_to_settle, list_reworks
from pharmacy.worklist.queries.recalls import list_recalls_to_work_on
from pharmacy.worklist.queries.stock import list_counts_to_settle
from pharmacy.worklist.queries.waiting import Waiting


def list_waiting(session: Session, *, person: Person, at: datetime) -> list[Waiting]:
    """List what waits for a person: recalls at the top, then what is due first."""
    found = [
        one for permission, source in _SOURCES if person.may(permission) for one in source(session, person)
    ]
    found += [
        one for permission, source in _COMING if person.may(permission) for one in source(session, person, at)
    ]
    return sorted(found, key=lambda one: (not one.stands_first, one.due, one.patient, one.what))


P = Permission
_SOURCES: tuple[tuple[Permission, Callable[[Session, Person], Iterator[Waiting]]], ...] = (
    (P.CALL_FOR_RECALLS, list_recalls_to_work_on),
    (P.VERIFY_ORDERS, list_orders_to_verify),
    (P.ENTER_ORDERS, list_orders_to_correct),
    (P.RECORD_HOME_COUNTS, list_orders_to_plan),
    (P.SIGN_PLANS, list_plans_to_sign),
    (P.OPEN_WORKSHEETS, list_deliveries_to_make),
    (P.CHECK_WORKSHEETS, list_worksheets_to_check),
    (P.COMPOUND, list_worksheets_to_make),
    (P.COMPOUND, list_second_checks),
    (P.COMPOUND, list_reworks),
    (P.RELEASE_BAGS, list_worksheets_to_release),
    (P.RELEASE_BAGS, list_quarantined_bags),
    (P.RECEIVE_STOCK, list_counts_to_settle),
    (P.APPROVE_FORMULAS, list_formulas_to_approve),
    (P.SETTLE_DEVIATIONS, list_deviations_to_settle),
    (P.VERIFY_PUMP_SHEETS, list_sheets_to_verify),
    (P.DO_CHANGE_TASKS, list_change_tasks),
    (P.PACK_DELIVERIES, list_batches_to_pack),
    (P.DRIVE_DELIVERIES, list_stops_to_drive),
)
# What waits because a day comes near.
_COMING: tuple[tuple[Permission, Callable[[Session, Person, datetime], Iterator[Waiting]]], ...] = (
    (P.COMPOUND, list_competencies_due),
    (P.MANAGE_FACILITY, list_certifications_due),
    (P.APPROVE_FORMULAS, list_reviews_due),
)

__all__ = ["Waiting", "list_waiting"]
