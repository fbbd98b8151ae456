"""Bring bags from a signed plan to the patient's door, through actions, by the right people."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding import actions as compounding
from pharmacy.compounding.models import Worksheet
from pharmacy.delivery import actions
from pharmacy.delivery.models import DeliveryStop
from pharmacy.dispensing.actions import open_worksheet_for
from pharmacy.dispensing.models import PlannedDelivery
from pharmacy.dispensing.queries import list_ready
from pharmacy.domain.drawn_signature import LEAST_POINTS
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.pumps.queries import find_verified_sheet
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.bags import inspect, print_labels, release
from tests.therapy.plans import signed_plan
from tests.therapy.sheets import verified_sheet
from tests.therapy.worksheets import make_bag, start

People = Callable[[str], Person]
SITE = ZoneInfo("America/New_York")
DRAWN = json.dumps([[[place * 100, 500] for place in range(LEAST_POINTS)]])


def planned_delivery(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 0,
    days: int = 3,
    arrivals: Sequence[datetime] | None = None,
    at: datetime = START,
) -> PlannedDelivery:
    """Return the first delivery of a plan that Paula signed, with `bags` counted at home before."""
    plan = signed_plan(session, people, version, bags=bags, days=days, arrivals=arrivals, at=at)
    return plan.deliveries[0]


def released_delivery(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 0,
    days: int = 3,
    arrivals: Sequence[datetime] | None = None,
    at: datetime = START,
) -> PlannedDelivery:
    """Return a planned delivery whose bags are made, labelled and released; by default two, for two days."""
    planned = planned_delivery(session, people, version, bags=bags, days=days, arrivals=arrivals, at=at)
    worksheet = open_worksheet_for(session, planned, by=people("tina"), at=at)
    compounding.check_worksheet(session, worksheet, password=PASSWORD, by=people("paula"), at=at)
    start(session, people, worksheet, at=at)
    for bag in worksheet.bags:
        make_bag(session, people, bag, at=at)
    compounding.finish_preparation(session, worksheet, by=people("tina"), at=at)
    _release(session, people, worksheet, at=at)
    return planned


def _release(session: Session, people: People, worksheet: Worksheet, *, at: datetime) -> None:
    print_labels(session, people, worksheet, at=at)
    for bag in worksheet.bags:
        compounding.apply_label(session, worksheet, bag.serial, by=people("tina"), at=at)
        inspect(session, people, bag, at=at)
    release(session, people, worksheet, at=at)


def opened_stop(
    session: Session, people: People, planned: PlannedDelivery, *, driver: str = "dan", at: datetime = START
) -> DeliveryStop:
    """Return a delivery as the one stop of a batch that Tina opened for Dan."""
    batch = actions.open_batch(
        session,
        delivers_on=planned.arrives_at.astimezone(SITE).date(),
        driver=people(driver),
        by=people("tina"),
        at=at,
    )
    return actions.add_stop(session, batch, planned, by=people("tina"), at=at)


def serials_to_pack(planned: PlannedDelivery) -> list[str]:
    """List the serials of the bags that belong into a delivery's box."""
    made = [bag.serial for bag in planned.worksheet.bags] if planned.worksheet else []
    return [*(serial for serial, _ in list_ready(planned)), *made]


def describe_box(session: Session, people: People, stop: DeliveryStop, *, at: datetime = START) -> None:
    """Say what the box is, as Tina would."""
    actions.describe_box(
        session,
        stop,
        packages=2,
        cold_pack="Shipper with 4 cold packs",
        temperature_monitor="Indicator, 2 to 8 C",
        by=people("tina"),
        at=at,
    )


def filled_stop(
    session: Session, people: People, planned: PlannedDelivery, *, at: datetime = START
) -> DeliveryStop:
    """Return an open stop with sheet, every bag and the pump in the box, ready to be finished by Tina."""
    version = planned.plan.order_version
    sheet = find_verified_sheet(session, version.id)
    if planned.worksheet is not None and (sheet is None or sheet.worksheet_id != planned.worksheet_id):
        sheet = verified_sheet(session, people, version, planned.worksheet, at=at)
    assert sheet is not None
    stop = opened_stop(session, people, planned, at=at)
    for serial in serials_to_pack(planned):
        actions.pack_bag(session, stop, serial, by=people("tina"), at=at)
    if sheet.pump.patient_id != stop.patient_id:
        actions.pack_pump(session, stop, sheet.pump.asset_number, by=people("tina"), at=at)
    describe_box(session, people, stop, at=at)
    return stop


def packed_stop(
    session: Session, people: People, planned: PlannedDelivery, *, at: datetime = START
) -> DeliveryStop:
    """Return a stop whose box Tina packed and Theo checked."""
    stop = filled_stop(session, people, planned, at=at)
    actions.finish_packing(session, stop, by=people("tina"), at=at)
    return actions.check_packing(session, stop, by=people("theo"), at=at)


def sent_stop(
    session: Session, people: People, planned: PlannedDelivery, *, at: datetime = START
) -> DeliveryStop:
    """Return a stop that is on its way with Dan."""
    stop = packed_stop(session, people, planned, at=at)
    actions.send_out(session, stop.batch, by=people("tina"), at=at)
    return stop


def delivered_stop(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 0,
    days: int = 3,
    arrivals: Sequence[datetime] | None = None,
    at: datetime = START,
) -> DeliveryStop:
    """Return a stop that was delivered when it was to arrive; by default two bags and the pump."""
    planned = released_delivery(session, people, version, bags=bags, days=days, arrivals=arrivals, at=at)
    stop = sent_stop(session, people, planned, at=at + timedelta(hours=1))
    return actions.record_proof(
        session,
        stop,
        received_by="Basil Larkspur",
        relationship="husband",
        signature_kind="drawn",
        signature_content=DRAWN,
        by=people("dan"),
        at=planned.arrives_at,
    )
