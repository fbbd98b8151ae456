"""One of each document that goes home with the patient or on the road."""

from __future__ import annotations

from typing import Any

from labels.calendar_sheet import CalendarSheet
from labels.manifest import BagDelivered, DeliveryManifest, PumpDelivered, Receipt, SupplyDelivered
from labels.month_grid import INFUSE, REST, WEEKDAYS, CalendarDay, Month
from labels.package_list import Package, PackageList, PackageStop
from labels.pump_sheet import Finding, PatientSection, ProgramRow, PumpSheet, Setting
from labels.rows import Step
from tests.labels.samples import (
    DIGEST,
    DRUG,
    IMPRINT,
    NBSP,
    PATIENT,
    REFRIGERATE,
    START_BEFORE,
    STEPS,
    signed,
)


def week(first: int, kinds: str, *, blank: int = 0) -> tuple[CalendarDay, ...]:
    """Return a week of the month: `i` infuse, `r` rest, `-` outside, after some blank places."""
    named = {"i": INFUSE, "r": REST, "-": ""}
    days = [
        CalendarDay(
            weekday=WEEKDAYS[blank + place],
            day=str(first + place),
            kind=named[kind],
            bag=f"Bag {first + place}" if kind == "i" else "",
            note="9 pm" if kind == "i" else "",
        )
        for place, kind in enumerate(kinds)
    ]
    places = [CalendarDay()] * blank + days
    return tuple(places + [CalendarDay()] * (7 - len(places)))


MARCH = Month(title="March 2025", weeks=(week(1, "-", blank=6), week(2, "--iirii"), week(9, "riiriir")))
APRIL = Month(title="April 2025", weeks=(week(1, "iir--", blank=2),))


def calendar_sheet(**changes: Any) -> CalendarSheet:
    texts: dict[str, Any] = {
        **IMPRINT,
        **PATIENT,
        "document_serial": "CAL-000318-2",
        "rx_number": "1234567",
        "drug": DRUG,
        "schedule": "Infuse one bag on 2 of every 3 days, on the days marked below.",
        "start_time": "9 pm, each bag runs 10 hours",
        "summary": "10 infusions, 10 bags.",
        "months": (MARCH, APRIL),
        "reminders": ("The pump does not know your infusion days.", "Do not infuse 3 days in a row."),
        "call": "Questions at any hour: (518) 555-0142",
        "replaces": "This calendar replaces CAL-000318-1. Please throw the old one away.",
    }
    return CalendarSheet(**(texts | changes))


RECEIPT = Receipt(
    printed_name="Piotr Kowalski",
    relationship="Husband",
    received_at="Tue 4 Mar 2025 15:12 EST",
    typed="P. Kowalski",
    strokes=(((100, 200), (500, 800), (900, 200)), ((500, 500),)),
)


def bag_delivered(serial: str = "C250303-0007-01") -> BagDelivered:
    return BagDelivered(
        rx_number="1234567",
        serial=serial,
        bag="1 of 5",
        description=DRUG,
        lot="C250303-0007",
        start_before=START_BEFORE,
        storage=f"Refrigerate 2–8{NBSP}°C",
    )


def manifest(**changes: Any) -> DeliveryManifest:
    texts: dict[str, Any] = {
        **IMPRINT,
        **PATIENT,
        "document_serial": "DM-000771",
        "stop": "Stop 3 of 7",
        "delivery_window": "Tue 4 Mar 2025, 14:00 to 16:00 EST",
        "address": "18 Hudson Terrace, Apartment 4B, Troy, NY 12180",
        "phone": "(518) 555-0177",
        "delivery_instructions": "Side door, ring twice.",
        "bags": (bag_delivered(),),
        "bag_count": "1 bag",
        "supplies": (SupplyDelivered(item="Administration set 21-7301", quantity="5", lot="77120"),),
        "pumps": (
            PumpDelivered(
                model="CADD-Solis VIP 2120",
                asset="PUMP-0042",
                serial="1193320",
                maintenance_due="Mon 1 Sep 2025",
            ),
        ),
        "documents": ("Infusion calendar CAL-000318-2",),
        "temperature_pack": "Shipper TS-8, winter profile",
        "temperature_monitor": "Logger LG-0192",
        "packed_at": "Tue 4 Mar 2025 11:20 EST",
        "deliver_by": "Wed 5 Mar 2025 11:20 EST",
        "packed_by": "Maria Santos, CPhT",
        "checked_by": "Lê Thị Hạnh, RPh",
        "checked_at": "Tue 4 Mar 2025 11:31 EST",
        "receipt": RECEIPT,
    }
    return DeliveryManifest(**(texts | changes))


def package_list(**changes: Any) -> PackageList:
    stop = PackageStop(
        stop="Stop 1",
        window="14:00 to 16:00",
        name="Kowalska, Katarzyna M",
        address="18 Hudson Terrace, Apartment 4B, Troy, NY 12180",
        phone="(518) 555-0177",
        instructions="Side door, ring twice.",
        packages=(Package(package="Cooler 1 of 1", number="PKG-001771", handling="Keep cold"),),
    )
    texts: dict[str, Any] = {
        **IMPRINT,
        "document_serial": "PL-000092",
        "route": "Tue 4 Mar 2025, north route",
        "driver": "J. Novák",
        "vehicle": "Van 2",
        "instructions": ("Keep coolers closed.",),
        "stops": (stop,),
    }
    return PackageList(**(texts | changes))


PROGRAM = (
    ProgramRow(
        screen="1",
        field="Infusion Volume",
        value=f"104{NBSP}mL",
        shown=f"104.0{NBSP}mL",
        spelled="one hundred four point zero mL",
        source="entered",
    ),
    ProgramRow(
        screen="2",
        field="Infusion Rate",
        value=f"10.4{NBSP}mL per hour",
        shown=f"10.4{NBSP}mL/hr",
        spelled="ten point four mL per hour",
        source="entered",
    ),
    ProgramRow(
        screen="3",
        field="Infusion Time",
        value="10 hours",
        shown="10:00",
        spelled="ten hours, zero minutes",
        source="derived",
    ),
)


def pump_sheet(**changes: Any) -> PumpSheet:
    texts: dict[str, Any] = {
        **IMPRINT,
        **PATIENT,
        "document_serial": "PS-000201-3",
        "version": "3",
        "supersedes": "PS-000201-2",
        "watermark": "UNVERIFIED PUMP PROFILE – NOT FOR PATIENT USE",
        "digest": DIGEST,
        "patient_number": "P-00318",
        "allergies": "Latex; no known drug allergies",
        "weight": f"61.4{NBSP}kg on 20 Feb 2025",
        "rx_number": "1234567",
        "prescriber": "Dr Anna Lindqvist, MD",
        "ordered_on": "Thu 27 Feb 2025",
        "drug": "magnesium sulfate",
        "dose": f"2{NBSP}g",
        "route": "subcutaneous",
        "frequency": "2 of every 3 days",
        "duration": f"10{NBSP}hours",
        "start_date": "Tue 4 Mar 2025 21:00 EST",
        "directions": f"Infuse 2{NBSP}g subcutaneously over 10{NBSP}hours on 2 of every 3 days.",
        "product": DRUG,
        "amount": f"2,000{NBSP}mg (16.24{NBSP}mEq)",
        "nominal_volume": f"104{NBSP}mL",
        "content_volume": f"107 to 114{NBSP}mL",
        "concentration": f"19.2{NBSP}mg/mL",
        "volume_method": "Add to the bag; nothing is withdrawn",
        "lot": "C250303-0007",
        "beyond_use": START_BEFORE,
        "storage": REFRIGERATE,
        "pump_model": "CADD-Solis VIP 2120",
        "pump_serial": "1193320",
        "pump_asset": "PUMP-0042",
        "pump_software": "3.0",
        "pump_library": "Linden 2025-01",
        "mode": "Continuous",
        "administration_set": "21-7301",
        "maintenance_due": "Mon 1 Sep 2025",
        "program": PROGRAM,
        "program_rule": "Program delivers ONE bag each time it is started.",
        "arithmetic": STEPS,
        "reservoir": (Step(what="Left over", working="104 − 104", result=f"0{NBSP}mL"),),
        "alarms": (Setting(name="Air detector", value="On, low"),),
        "site": (Setting(name="Sites", value="1, abdomen"),),
        "findings": (Finding(severity="Flag", finding="Off-label route.", answer="Prescriber aware."),),
        "months": (MARCH, APRIL),
        "calendar_summary": "10 infusions, 10 bags.",
        "supplies": (Setting(name="Needle sets", value="10 and 2 spare"),),
        "patient_sections": (
            PatientSection(title="To start", sentences=("Look at your calendar.",)),
            PatientSection(title="Call at once", sentences=("You feel drowsy or weak.",)),
        ),
        "patient_call": "Pharmacist, day and night: (518) 555-0142.",
        "signatures": (signed("Lê Thị Hạnh, RPh", "Program verified"),),
    }
    return PumpSheet(**(texts | changes))
