"""What must hold before a box is closed and before it leaves: plan, order, sheet, pump and every bag."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.compounding.queries import list_bags_for
from pharmacy.delivery.models import DeliveryStop
from pharmacy.delivery.queries import find_bag_objection, list_packed
from pharmacy.dispensing.queries import ensure_consent_to_ship, ensure_plan_in_force
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import moment, quantity
from pharmacy.domain.lifecycle import say
from pharmacy.domain.local_time import to_local
from pharmacy.domain.statuses import BagStatus, DeliveryStatus, StopStatus
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import ensure_in_force, ensure_no_blocking_task
from pharmacy.pumps.actions import ensure_maintained, ensure_pump_may_go
from pharmacy.pumps.models import ProgramSheet
from pharmacy.pumps.queries import find_verified_sheet, read_calendar

# A calendar that names a bag which became one of these would send somebody looking for it.
_GONE = (
    BagStatus.REJECTED,
    BagStatus.QUARANTINED,
    BagStatus.DESTROYED,
    BagStatus.CANCELLED,
    BagStatus.RETURNED,
)


def order_version_of(stop: DeliveryStop) -> OrderVersion:
    """Return the order version that a stop's plan was signed for."""
    return stop.planned_delivery.plan.order_version


def ensure_batch_open(stop: DeliveryStop) -> None:
    """Refuse a stop whose batch has left or was cancelled."""
    if stop.batch.status is not DeliveryStatus.OPEN:
        raise Refusal(f"Batch {stop.batch.serial} is {say(stop.batch.status)}; its boxes are closed.")


def ensure_packing(stop: DeliveryStop) -> None:
    """Refuse a stop whose box is not open for packing."""
    ensure_batch_open(stop)
    if stop.status is not StopStatus.OPEN:
        raise Refusal(f"The box of stop {stop.position} is {say(stop.status)}; open it again first.")


def ensure_order_holds(session: Session, stop: DeliveryStop, *, at: datetime) -> None:
    """Refuse a stop whose plan, order or consent no longer stands, or whose order waits for change tasks."""
    plan, version = stop.planned_delivery.plan, order_version_of(stop)
    ensure_in_force(session, version, at=at)
    ensure_plan_in_force(plan)
    ensure_consent_to_ship(plan)
    ensure_no_blocking_task(session, version.order_id)


def ensure_bags_may_go(session: Session, stop: DeliveryStop, *, at: datetime) -> None:
    """Refuse when anything speaks against a bag in the box: it may have changed since it was scanned."""
    for packed in list_packed(stop):
        objection = find_bag_objection(session, stop, packed.bag, at=at)
        if objection:
            raise Refusal(f"{objection} Take it out of the box.")


def ensure_sheet_goes_along(session: Session, stop: DeliveryStop) -> ProgramSheet:
    """Refuse without a verified pump sheet for this order version, for these bags, and its pump at hand."""
    version = order_version_of(stop)
    sheet = find_verified_sheet(session, version.id)
    if sheet is None:
        raise Refusal(
            f"No verified pump programming sheet is in force for version {version.version} of"
            f" Rx {version.order.rx_number}. Prepare it and have it verified first."
        )
    _ensure_bags_of_sheet(stop, sheet)
    _ensure_pump_of_sheet(session, stop, sheet)
    return sheet


def _ensure_bags_of_sheet(stop: DeliveryStop, sheet: ProgramSheet) -> None:
    """Refuse bags of another content than the sheet programs, and a calendar that does not name them."""
    named = set(read_calendar(sheet).serials)
    made = sheet.worksheet
    rate = list_bags_for(made, sheet.order_id)[0].get_rate()
    for packed in list_packed(stop):
        bag, content = packed.bag, packed.bag.worksheet
        if (content.total_ml, content.mg_per_ml, bag.get_rate()) != (made.total_ml, made.mg_per_ml, rate):
            raise Refusal(
                f"The pump sheet is for bags of {quantity(made.total_ml, 'mL')},"
                f" {quantity(made.mg_per_ml, 'mg/mL')}; bag {bag.serial} holds"
                f" {quantity(content.total_ml, 'mL')}, {quantity(content.mg_per_ml, 'mg/mL')}. Prepare a new"
                " sheet."
            )
        if bag.serial not in named:
            raise Refusal(
                f"Bag {bag.serial} is not on the calendar of pump sheet version {sheet.version}. Prepare a"
                " new version of the sheet."
            )


def _ensure_pump_of_sheet(session: Session, stop: DeliveryStop, sheet: ProgramSheet) -> None:
    ensure_pump_may_go(session, sheet.pump, stop.patient)
    calendar = read_calendar(sheet)
    last = to_local(calendar.infusions[-1].starts, ZoneInfo(calendar.zone)).date()
    ensure_maintained(sheet.pump, last_infusion=last)
    if stop.pump_id is None and sheet.pump.patient_id != stop.patient_id:
        raise Refusal(f"Pump {sheet.pump.asset_number} of the sheet is not in the box. Scan its asset tag.")
    if stop.pump_id is not None and stop.pump_id != sheet.pump_id:
        raise Refusal(f"The pump in the box is not {sheet.pump.asset_number}, which the sheet is for.")


def ensure_calendar_holds(session: Session, stop: DeliveryStop, sheet: ProgramSheet) -> None:
    """Refuse a calendar that names a bag of these worksheets which will never come."""
    zone = ZoneInfo(read_calendar(sheet).zone)
    gone = {bag.serial: bag for bag in sheet.worksheet.bags if bag.status in _GONE}
    for infusion in read_calendar(sheet).infusions:
        if infusion.bag in gone:
            raise Refusal(
                f"The calendar names bag {infusion.bag} for {moment(infusion.starts, zone)}, and it is"
                f" {say(gone[infusion.bag].status)}. Prepare a new version of the pump sheet."
            )
