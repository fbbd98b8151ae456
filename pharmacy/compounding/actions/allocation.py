"""Give bags of stock to an order, have the labels compared with it, and take a bag back into stock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person, sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.compounding.actions.labels import destroy_copy
from pharmacy.compounding.actions.papers import void_papers
from pharmacy.compounding.actions.rates import find_rate
from pharmacy.compounding.actions.readiness import ensure_order_holds
from pharmacy.compounding.models import Bag, BagAllocation
from pharmacy.compounding.queries import (
    count_bags_given,
    date_new_bag,
    describe_stock_bag,
    find_holding,
    find_label_in_use,
    get_labelled_version,
    has_patients_label,
    list_holding,
    makeup_of,
    read_standing,
)
from pharmacy.domain.bag_release import find_obstacles_to_leaving
from pharmacy.domain.beyond_use import may_be_started
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import counted, moment
from pharmacy.domain.lifecycle import say
from pharmacy.domain.quantities import decimal_text
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import BagStatus
from pharmacy.domain.stock_bags import find_misfit
from pharmacy.formulary.queries import adopted_limits_table, compute_bag_of, find_formula_in_force
from pharmacy.prescriptions.models import OrderVersion

CHECK_MEANING = "Comparison of the labels of bags from stock with the order"
_BACK_TO_STOCK = (BagStatus.RELEASED, BagStatus.QUARANTINED)


def allocate_bags(
    session: Session,
    version: OrderVersion,
    wanted: Sequence[tuple[Bag, datetime | None]],
    *,
    spare_until: datetime,
    by: Person,
    at: datetime,
) -> list[BagAllocation]:
    """Give bags of stock to an order in force, each for its planned dose or as a spare, at the order's rate.

    Refuses an order that does not hold, more bags than it authorises, and a bag that is not the one it asks
    for, cannot be started for its dose, is held back, or was given to somebody meanwhile.
    """
    ensure_may(by.role, Permission.OPEN_WORKSHEETS)
    ensure_order_holds(session, version, at=at)
    _ensure_authorised(session, version, len(wanted))
    rate, _ = find_rate(session, version, compute_bag_of(version.formula))
    found = []
    for bag, dose in wanted:
        _ensure_free(session, bag)
        _ensure_date_holds(session, bag, zone=ZoneInfo(by.site.time_zone))
        asked = makeup_of(version.formula)
        misfit = find_misfit(describe_stock_bag(bag), asked, until=dose or spare_until, at=at)
        if misfit:
            raise Refusal(misfit)
        allocation = BagAllocation(
            order_version=version,
            patient=version.order.patient,
            rate_ml_per_h=rate,
            planned_dose_at=dose,
            allocated_by=by,
            allocated_at=at,
        )
        bag.allocations.append(allocation)
        # The database lets a bag become somebody's only as an allocation that stands already says.
        session.flush()
        bag.order_version, bag.patient, bag.planned_dose_at = version, version.order.patient, dose
        found.append(allocation)
        record(session, allocation, "allocated a bag from stock", by=by, at=at, serial=bag.serial,
               rx=version.order.rx_number, version=version.version, dose=dose,
               rate_ml_per_h=decimal_text(rate))  # fmt: skip
    return found


def _ensure_free(session: Session, bag: Bag) -> None:
    if not bag.worksheet.is_stock:
        raise Refusal(f"Bag {bag.serial} was made for an order and not for stock.")
    taken = bag.allocation
    if taken is not None:
        raise Refusal(
            f"Bag {bag.serial} is no longer in stock: {taken.allocated_by.name} allocated it to"
            f" {taken.patient.name}. Take another one."
        )
    if serial := find_holding(session, bag):
        raise Refusal(f"Deviation {serial} holds bag {bag.serial} back until it is closed. Take another one.")


def _ensure_date_holds(session: Session, bag: Bag, *, zone: ZoneInfo) -> None:
    """Refuse a bag whose date is later than the version of its formula that is in force gives it."""
    made_by, started = bag.worksheet.formula, bag.worksheet.started_at
    current = find_formula_in_force(session, made_by.code, site_id=made_by.site_id)
    if current is None or current.id == made_by.id or started is None or bag.beyond_use_at is None:
        return
    table = adopted_limits_table(session, site_id=bag.site_id)
    until = date_new_bag(current, prepared_at=started, table=table, zone=zone).until
    if until < bag.beyond_use_at:
        raise Refusal(
            f"Bag {bag.serial} was made by version {made_by.version} of the formula {made_by.code}; by"
            f" version {current.version}, which is in force, it is to be started before"
            f" {moment(until, zone)}. Shorten its date first."
        )


def _ensure_authorised(session: Session, version: OrderVersion, bags: int) -> None:
    left = version.bags_authorised - count_bags_given(session, version.order_id)
    if bags > left:
        raise Refusal(
            f"The order still authorises {counted(max(0, left), 'bag')}, and {bags} are to be allocated."
        )


def undo_allocation(session: Session, bag: Bag, *, reason: str, by: Person, at: datetime) -> BagAllocation:
    """Take a bag back into stock before it is packed, with the reason; its patient's label is void.

    What was packed or has left never comes back into stock.
    """
    ensure_may(by.role, Permission.OPEN_WORKSHEETS)
    ensure_reason(reason)
    allocation = bag.allocation
    if allocation is None:
        raise Refusal(f"Bag {bag.serial} is not allocated from stock.")
    if bag.status not in _BACK_TO_STOCK:
        raise Refusal(
            f"Bag {bag.serial} is {say(bag.status)}. Only a bag that lies at the pharmacy, in no box, comes"
            " back into stock."
        )
    patient = bag.get_patient()
    allocation.undone_at, allocation.undone_by, allocation.undone_because = at, by, reason.strip()
    session.flush()
    bag.order_version = bag.patient = bag.planned_dose_at = None
    copy = find_label_in_use(bag)
    if copy is not None and has_patients_label(bag):
        destroy_copy(session, bag, copy, because=f"the allocation was undone: {reason.strip()}", by=by, at=at)
    void_papers(session, bag, because=f"the allocation was undone: {reason.strip()}", by=by, at=at)
    record(session, allocation, "undid an allocation", by=by, at=at, reason=reason.strip(),
           serial=bag.serial, patient=patient.record_number)  # fmt: skip
    return allocation


def check_allocations(
    session: Session, bags: Sequence[Bag], *, password: str, by: Person, at: datetime
) -> list[BagAllocation]:
    """Sign that the label on each bag from stock was compared with the order; only then it may be packed.

    Refuses who allocated or labelled one of them, a label that is not scanned on its bag or no longer holds,
    and a bag that cannot be started for its dose.
    """
    ensure_may(by.role, Permission.RELEASE_BAGS)
    unchecked = list_unchecked(bags)
    if not unchecked:
        raise Refusal("No bag from stock waits for the comparison of its label.")
    _ensure_not_own_work(unchecked, by)
    obstacles = [one for bag in unchecked for one in find_check_obstacles(session, bag, at=at)]
    if obstacles:
        raise Refusal(" ".join(["The comparison cannot be signed.", *obstacles]))
    allocations = [one for bag in unchecked if (one := bag.allocation)]
    content = check_content(unchecked)
    signature = sign(session, allocations[0], meaning=CHECK_MEANING, content=content, password=password,
                     by=by, at=at)  # fmt: skip
    for allocation in allocations:
        allocation.check = signature
    record(session, allocations[0], "compared labels of bags from stock", by=by, at=at,
           serials=[bag.serial for bag in unchecked], digest=signature.digest)  # fmt: skip
    return allocations


def list_unchecked(bags: Sequence[Bag]) -> list[Bag]:
    """List the bags that are allocated and whose labels no pharmacist has compared with the order."""
    return [bag for bag in bags if bag.allocation and bag.allocation.check_id is None]


def check_content(bags: Sequence[Bag]) -> dict[str, Any]:
    """Return all that the comparison signs: each bag with its label, and the order that it is for."""
    return {
        "bags": [
            [
                bag.serial,
                bag.get_patient().record_number,
                bag.get_order_version().order.rx_number,
                bag.get_order_version().version,
                bag.planned_dose_at,
                bag.beyond_use_at,
                copy.copy_number if (copy := find_label_in_use(bag)) else None,
                copy.said if copy else None,
            ]
            for bag in bags
        ]
    }


def _ensure_not_own_work(bags: Sequence[Bag], by: Person) -> None:
    done_by = {one.allocated_by_id for bag in bags if (one := bag.allocation)}
    done_by |= {copy.applied_by_id for bag in bags if (copy := find_label_in_use(bag)) and copy.applied_by_id}
    ensure_other_person(
        by, *done_by, sentence="You allocated or labelled these bags; another pharmacist compares them."
    )


def find_check_obstacles(session: Session, bag: Bag, *, at: datetime) -> list[str]:
    """Say what stands in the way of the comparison of a bag's label: label, order, date, or its dose."""
    if bag.status is not BagStatus.RELEASED:
        return [f"Bag {bag.serial} is {say(bag.status)}."]
    if not has_patients_label(bag):
        return [f"Bag {bag.serial} still carries its stock label. Print the patient's and scan it there."]
    try:
        version = get_labelled_version(session, bag.get_order_version(), at=at)
    except Refusal as refusal:
        return [refusal.sentence]
    standing = replace(read_standing(bag, version, list_holding(session, bag.worksheet)), inspected_at=None)
    found = list(find_obstacles_to_leaving(standing, at=at))
    dose, until = bag.planned_dose_at, bag.beyond_use_at
    if dose is not None and until is not None and not may_be_started(dose, until):
        found.append(f"Bag {bag.serial} can no longer be started for its dose.")
    return found
