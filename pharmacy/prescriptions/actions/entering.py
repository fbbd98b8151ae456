"""Enter an order from a prescription, and correct or withdraw one that nobody has verified."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, move, record
from pharmacy.domain.errors import Refusal
from pharmacy.domain.local_time import to_local
from pharmacy.domain.order_terms import (
    FormulaTerms,
    OrderTerms,
    Problem,
    ensure_no_problem,
    find_problems,
    find_reason_problems,
    read_frequency,
)
from pharmacy.domain.statuses import ORDER_MOVES, FormulaStatus, OrderStatus
from pharmacy.formulary.models import Formula
from pharmacy.formulary.queries import AdoptedKind, find_adopted, get_formula
from pharmacy.patients.queries import get_patient, get_prescriber
from pharmacy.prescriptions.models import Order, OrderVersion

_FIRST_RX_NUMBER = 1_000_001


@dataclass(frozen=True, kw_only=True)
class OrderEntry(OrderTerms):
    """Hold an order as it is entered: for whom, by which formula, from whom, and its coded fields."""

    patient_id: int
    formula_id: int
    prescriber_id: int


def list_entry_problems(session: Session, entry: OrderEntry, *, by: Person, at: datetime) -> list[Problem]:
    """List everything that stands in the way of keeping an entry, each with its field."""
    formula = get_formula(session, entry.formula_id, site_id=by.site_id)
    get_patient(session, entry.patient_id, site_id=by.site_id)
    get_prescriber(session, entry.prescriber_id, site_id=by.site_id)
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    problems = _formula_problems(formula, today)
    if find_adopted(session, AdoptedKind.PUMP_PROFILE, entry.device, site_id=by.site_id) is None:
        problems.append(Problem("device", "Choose a device whose profile this site has adopted."))
    return [*problems, *find_problems(entry, _terms_of(formula), today=today)]


def _formula_problems(formula: Formula, today: date) -> list[Problem]:
    if formula.status is not FormulaStatus.APPROVED:
        return [Problem("formula_id", f"The formula is {formula.status.value}; choose an approved one.")]
    if formula.effective_on > today:
        return [Problem("formula_id", "The formula is not in effect yet.")]
    return []


def _terms_of(formula: Formula) -> FormulaTerms:
    return FormulaTerms(
        name=formula.name,
        dose_mg=formula.dose_mg,
        diluent_volume_ml=formula.diluent.volume_ml,
        route=formula.route,
    )


def enter_order(session: Session, entry: OrderEntry, *, by: Person, at: datetime) -> OrderVersion:
    """Enter an order under a new Rx number; it waits for a pharmacist's verification.

    Refuses what is missing, what disagrees with the formula and what cannot be timed, naming the field.
    """
    ensure_may(by.role, Permission.ENTER_ORDERS)
    ensure_no_problem(list_entry_problems(session, entry, by=by, at=at))
    order = Order(
        site_id=by.site_id, rx_number=_next_rx_number(session, by.site_id), patient_id=entry.patient_id
    )
    version = OrderVersion(
        order=order, version=1, status=OrderStatus.ENTERED, **_coded_fields(session, entry, by=by, at=at)
    )
    session.add(version)
    begin_life(session, version, by=by, at=at)
    record(session, version, "entered an order", by=by, at=at, rx=order.rx_number, **asdict(entry))
    return version


def _next_rx_number(session: Session, site_id: int) -> str:
    """Return the next number; writers are served one after the other, so it is free."""
    used = session.scalar(select(func.count()).select_from(Order).where(Order.site_id == site_id)) or 0
    return str(_FIRST_RX_NUMBER + used)


def _coded_fields(session: Session, entry: OrderEntry, *, by: Person, at: datetime) -> dict[str, Any]:
    """Return what a version keeps of an entry; drug and diluent are those of the formula."""
    formula = get_formula(session, entry.formula_id, site_id=by.site_id)
    typed = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in asdict(entry).items()
        if name not in ("patient_id", "formula_id", "prescriber_id")
    }
    return typed | {
        "formula": formula,
        "drug": formula.additive.drug,
        "diluent": f"{formula.diluent.strength} {formula.diluent.drug}",
        "prescriber": get_prescriber(session, entry.prescriber_id, site_id=by.site_id),
        "frequency": read_frequency(entry.frequency_as_written).text,
        "entered_by": by,
        "entered_at": at,
    }


def correct_order(
    session: Session, version: OrderVersion, entry: OrderEntry, *, reason: str, by: Person, at: datetime
) -> OrderVersion:
    """Correct an order that a pharmacist sent back; it waits for verification again.

    Refuses another patient, and a change of an earlier version, which is withdrawn and recorded again.
    """
    ensure_may(by.role, Permission.ENTER_ORDERS)
    ensure_no_problem(find_reason_problems(reason, missing="Enter the reason."))
    if entry.patient_id != version.order.patient_id:
        raise Refusal("This order is another patient's: withdraw it and enter a new one.")
    if version.replaces_id is not None:
        raise Refusal("A change that was sent back is withdrawn and recorded again.")
    ensure_no_problem(list_entry_problems(session, entry, by=by, at=at))
    move(session, version, ORDER_MOVES, OrderStatus.ENTERED, what="an order", by=by, at=at, reason=reason)
    before = _entered_values(version)
    for name, value in _coded_fields(session, entry, by=by, at=at).items():
        setattr(version, name, value)
    session.flush()
    after = _entered_values(version)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record(session, version, "corrected an order", by=by, at=at, reason=reason, changed=changed)
    return version


def _entered_values(version: OrderVersion) -> dict[str, Any]:
    names = [name for name in OrderEntry.__dataclass_fields__ if name != "patient_id"]
    return {name: getattr(version, name) for name in [*names, "frequency"]}


def withdraw_order(
    session: Session, version: OrderVersion, *, reason: str, by: Person, at: datetime
) -> OrderVersion:
    """Withdraw an order or a change that nobody has verified, such as one entered twice."""
    ensure_may(by.role, Permission.ENTER_ORDERS)
    ensure_no_problem(find_reason_problems(reason, missing="Enter the reason."))
    move(session, version, ORDER_MOVES, OrderStatus.WITHDRAWN, what="an order", by=by, at=at, reason=reason)
    record(session, version, "withdrew an order", by=by, at=at, reason=reason)
    return version
