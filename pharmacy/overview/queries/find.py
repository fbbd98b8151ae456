"""One box for everything: a patient, a prescription, a bag, a lot, a worksheet, a document, or any scan."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from pharmacy.compounding.models import Deviation, Worksheet
from pharmacy.delivery.queries import find_batch
from pharmacy.domain.barcodes import ScanKind, ScanMeaning, SerialPrefix
from pharmacy.domain.errors import ScanRefused
from pharmacy.formulary.models import ProductCode
from pharmacy.inventory.models import Lot
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import Order
from pharmacy.scanning import read_scan

MOST = 20


@dataclass(frozen=True)
class Place:
    """Somewhere to go: what it is, in words, and its page."""

    words: str
    endpoint: str
    arguments: dict[str, str | int] = field(default_factory=dict)


def find_places(session: Session, text: str, *, site_id: int) -> list[Place]:
    """Find what a scan or a typed text may mean; raises ScanRefused for a scan that is damaged."""
    wanted = text.strip()
    if not wanted:
        return []
    found = _by_number(session, wanted, site_id=site_id) or _by_scan(session, wanted, site_id=site_id)
    return found or _patients(session, wanted, site_id=site_id)


def _by_number(session: Session, wanted: str, *, site_id: int) -> list[Place]:
    orders = session.scalars(select(Order).where(Order.rx_number == wanted, Order.site_id == site_id))
    places = [
        Place(
            f"Prescription {order.rx_number} of {order.patient.name}",
            "prescriptions.show_order",
            {"order_id": order.id},
        )
        for order in orders
    ]
    lots = session.scalars(
        select(Lot).where(func.upper(Lot.number) == wanted.upper(), Lot.site_id == site_id)
    )
    return places + [_lot_place(lot) for lot in lots]


def _lot_place(lot: Lot) -> Place:
    return Place(f"Lot {lot.number} of {lot.product.name}", "trace.trace_lot", {"lot": lot.number})


def _by_scan(session: Session, wanted: str, *, site_id: int) -> list[Place]:
    try:
        meaning = read_scan(wanted)
    except ScanRefused:
        if wanted.isascii() and any(one.isdigit() for one in wanted):
            raise
        return []
    if meaning.kind is ScanKind.OWN_SERIAL and meaning.own is not None:
        return _by_serial(session, meaning.own.prefix, meaning.own.text, site_id=site_id)
    if meaning.kind is ScanKind.PRODUCT:
        return _by_product(session, meaning, site_id=site_id)
    return []


def _by_serial(session: Session, prefix: SerialPrefix, serial: str, *, site_id: int) -> list[Place]:
    if prefix is SerialPrefix.BAG:
        return [Place(f"Bag {serial}", "trace.show_bag", {"serial": serial})]
    if prefix is SerialPrefix.DOCUMENT:
        return [Place(f"Document {serial}", "overview.show_document", {"serial": serial})]
    if prefix is SerialPrefix.MANIFEST:
        batch = find_batch(session, serial, site_id=site_id)
        return (
            [Place(f"Delivery batch {serial}", "delivery.show_batch", {"batch_id": batch.id})]
            if batch
            else []
        )
    if prefix is SerialPrefix.DEVIATION:
        return _deviation(session, serial, site_id=site_id)
    worksheet = session.scalar(
        select(Worksheet).where(Worksheet.serial == serial, Worksheet.site_id == site_id)
    )
    if worksheet is None:
        return []
    return [Place(f"Worksheet {serial}", "compounding.show_worksheet", {"worksheet_id": worksheet.id})]


def _deviation(session: Session, serial: str, *, site_id: int) -> list[Place]:
    found = session.scalar(
        select(Deviation.id).where(Deviation.serial == serial, Deviation.site_id == site_id)
    )
    if found is None:
        return []
    return [Place(f"Deviation {serial}", "compounding.show_deviation", {"deviation_id": found})]


def _by_product(session: Session, meaning: ScanMeaning, *, site_id: int) -> list[Place]:
    codes = {code for code in (meaning.gtin, *meaning.ndc11_candidates) if code}
    lots = session.scalars(
        select(Lot)
        .join(ProductCode, ProductCode.product_id == Lot.product_id)
        .where(Lot.site_id == site_id, ProductCode.value.in_(codes))
        .order_by(Lot.expires_at)
        .limit(MOST)
    ).unique()
    return [_lot_place(lot) for lot in lots if meaning.lot in (None, lot.number)]


def _patients(session: Session, wanted: str, *, site_id: int) -> list[Place]:
    """Match each word at the start of a name or the whole record number."""
    statement = select(Patient).where(Patient.site_id == site_id)
    for word in wanted.replace(",", " ").split()[:5]:
        start = _escaped(word.lower()) + "%"
        statement = statement.where(
            or_(
                func.lower(Patient.family_name).like(start, escape="\\"),
                func.lower(Patient.given_name).like(start, escape="\\"),
                func.lower(Patient.record_number) == word.lower(),
            )
        )
    patients = session.scalars(statement.order_by(Patient.family_name, Patient.id).limit(MOST))
    return [
        Place(
            f"{patient.name}, no. {patient.record_number}",
            "overview.show_patient",
            {"patient_id": patient.id},
        )
        for patient in patients
    ]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
