"""The papers of the clean room, as a pharmacy would fill them; every field has something to say."""

from __future__ import annotations

from typing import Any

from labels.bag_label import BagLabel
from labels.compounding_record import (
    Addendum,
    BagMade,
    Component,
    CompoundingRecord,
    Equipment,
    Participant,
)
from labels.rows import Check, Signature, Step
from labels.worksheet import BagPlanned, Ingredient, WorksheetPaper

NBSP = "\N{NO-BREAK SPACE}"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
DRUG = f"magnesium sulfate 2{NBSP}g in 0.9% sodium chloride 100{NBSP}mL"
REFRIGERATE = f"Keep refrigerated 2–8{NBSP}°C (36–46{NBSP}°F). Do not freeze."
START_BEFORE = "Thu 13 Mar 2025 10:12 EDT"

IMPRINT = {
    "pharmacy_name": "Linden Street Home Infusion",
    "pharmacy_address": "214 Linden Street, Suite 3, Albany, NY 12207",
    "pharmacy_phone": "(518) 555-0142",
    "copy": "Copy 1",
    "printed_at": "Mon 3 Mar 2025 11:05 EST",
    "notice": "Sample pharmacy, not for patient use",
}
PATIENT = {"patient_name": "Kowalska, Katarzyna M", "date_of_birth": f"2{NBSP}Apr{NBSP}1979"}


def bag_label(**changes: Any) -> BagLabel:
    texts: dict[str, Any] = {
        **IMPRINT,
        **PATIENT,
        "document_serial": "L-000482",
        "patient_address": "18 Hudson Terrace, Apartment 4B, Troy, NY 12180",
        "rx_number": "1234567",
        "fill": "3",
        "drug": "magnesium sulfate",
        "dose": f"2{NBSP}g",
        "dose_equivalent": f"16.24{NBSP}mEq",
        "diluent": "0.9% sodium chloride",
        "diluent_volume": f"100{NBSP}mL",
        "total_volume": f"104{NBSP}mL",
        "concentration": f"19.2{NBSP}mg/mL",
        "dosage_form": "solution for infusion",
        "route_line": "FOR SUBCUTANEOUS INFUSION ONLY",
        "directions": f"Infuse ONE bag (2{NBSP}g) subcutaneously over 10{NBSP}hours with your ambulatory "
        f"pump at 10.4{NBSP}mL{NBSP}per{NBSP}hour.",
        "frequency": f"Use on 2 of every 3 days: next Tue{NBSP}4{NBSP}Mar and Wed{NBSP}5{NBSP}Mar, none on "
        f"Thu{NBSP}6{NBSP}Mar. See your calendar.",
        "start_before": START_BEFORE,
        "storage": REFRIGERATE,
        "out_of_refrigerator": f"Once out of the refrigerator, start within 24{NBSP}hours.",
        "auxiliary": (
            "Do not use if cloudy or leaking. Keep out of the reach of children.",
            "Call us at once for drowsiness, weakness, flushing or slow breathing.",
        ),
        "bag": f"2{NBSP}of{NBSP}5",
        "serial": "C250303-0007-02",
        "prepared_at": "Mon 3 Mar 2025 09:12 EST",
        "dispensed_on": "Tue 4 Mar 2025",
        "prescriber": "Dr Anna Lindqvist, MD",
        "quantity": "5 bags",
        "authorised_remaining": "20 bags until Mon 2 Mar 2026",
        "preparation_statement": "Compounded preparation",
        "container_statement": "Single-dose container: discard leftover",
        "prepared_by": "Maria Santos, CPhT",
        "checked_by": "Tom Becker, CPhT",
        "verified_by": "Lê Thị Hạnh, RPh",
        "lots": "6129874, J4K221",
    }
    return BagLabel(**(texts | changes))


def signed(name: str, meaning: str) -> Signature:
    return Signature(name=name, meaning=meaning, signed_at="Mon 3 Mar 2025 10:05 EST", digest=DIGEST)


STEPS = (
    Step(
        what="Additive volume",
        working=f"2,000{NBSP}mg ÷ 500{NBSP}mg/mL",
        result=f"4{NBSP}mL",
    ),
    Step(what="Total volume", working=f"100{NBSP}mL + 4{NBSP}mL", result=f"104{NBSP}mL"),
)


def component(lot: str = "6129874") -> Component:
    return Component(
        name="magnesium sulfate",
        strength=f"50% (500{NBSP}mg/mL)",
        product_code="63323-064-21",
        vendor="Fresenius Kabi",
        lot=lot,
        expires="31 Mar 2026",
        amount=f"20{NBSP}mL",
        first_entry="3 Mar 2025 09:14 EST",
        waste=f"0.2{NBSP}mL",
    )


def compounding_record(**changes: Any) -> CompoundingRecord:
    texts: dict[str, Any] = {
        **IMPRINT,
        **PATIENT,
        "document_serial": "CR-250303-0007",
        "record_id": "C250303-0007",
        "patient_number": "P-00318",
        "rx_number": "1234567",
        "order_version": "Version 2",
        "prescriber": "Dr Anna Lindqvist, MD",
        "preparation": DRUG,
        "strength": f"19.2{NBSP}mg/mL",
        "dosage_form": "Solution for subcutaneous infusion",
        "formula": "MF-0003 version 4",
        "category": "Category 2, aseptic, sterile components, not sterility tested",
        "started_at": "Mon 3 Mar 2025 09:12 EST",
        "finished_at": "Mon 3 Mar 2025 09:48 EST",
        "cabinet": "PEC-02",
        "room": "Clean room B",
        "room_conditions": f"19.4{NBSP}°C, pressure within limits",
        "participants": (
            Participant(name="Maria Santos, CPhT", role="Technician", part="Compounded"),
            Participant(name="Lê Thị Hạnh, RPh", role="Pharmacist", part="Verified and released"),
        ),
        "components": (component(),),
        "equipment": (Equipment(name="Balance", identity="BAL-01"),),
        "instructions": ("Clean the cabinet.", f"Add 4{NBSP}mL to the bag; nothing is withdrawn."),
        "calculations": STEPS,
        "total_quantity": f"520{NBSP}mL",
        "final_yield": f"5 bags of 104{NBSP}mL",
        "bags": (
            BagMade(
                serial="C250303-0007-01",
                volume=f"104{NBSP}mL",
                weight=f"116.2{NBSP}g",
                inspection="Clear, no particles",
                disposition="Released",
            ),
        ),
        "beyond_use": START_BEFORE,
        "beyond_use_basis": "240 hours from the start, limited by the table",
        "storage": REFRIGERATE,
        "stability_reference": "ST-0007",
        "quality_checks": (
            Check(check="Particles", result="None", by="Lê Thị Hạnh, RPh", at="Mon 3 Mar 2025 10:02 EST"),
        ),
        "label_counts": "6 printed, 5 applied, 1 destroyed",
        "label_copy": ("FOR SUBCUTANEOUS INFUSION ONLY", f"START BEFORE {START_BEFORE}"),
        "photographs": ("Vials and syringe",),
        "deviations": ("One label was destroyed.",),
        "problems_reported": ("Port hard to pierce.",),
        "addenda": (
            Addendum(
                what="Vendor, row 1",
                old_value="Fresenius",
                new_value="Fresenius Kabi",
                reason="Typing",
                by="Lê Thị Hạnh, RPh",
                at="Mon 3 Mar 2025 12:10 EST",
            ),
        ),
        "signatures": (signed("Maria Santos, CPhT", "Compounded as recorded"),),
    }
    return CompoundingRecord(**(texts | changes))


def worksheet(**changes: Any) -> WorksheetPaper:
    texts: dict[str, Any] = {
        **IMPRINT,
        **PATIENT,
        "document_serial": "WS-000412",
        "worksheet_id": "C250303-0007",
        "patient_number": "P-00318",
        "allergies": "Latex; no known drug allergies",
        "rx_number": "1234567",
        "order_version": "Version 2",
        "prescriber": "Dr Anna Lindqvist, MD",
        "high_alert": "HIGH-ALERT: independent check before addition",
        "preparation": DRUG,
        "dose": f"2{NBSP}g (16.24{NBSP}mEq)",
        "strength": f"19.2{NBSP}mg/mL",
        "dosage_form": "Solution for infusion",
        "formula": "MF-0003 version 4",
        "category": "Category 2, aseptic",
        "container": f"100{NBSP}mL bag",
        "volume_method": "Add to the bag; nothing is withdrawn",
        "bags_to_make": "5 bags",
        "make_on": "Mon 3 Mar 2025",
        "ingredients": (
            Ingredient(
                name="magnesium sulfate",
                strength=f"50% (500{NBSP}mg/mL)",
                product_code="63323-064-21",
                amount_per_bag=f"4{NBSP}mL",
                amount_total=f"20{NBSP}mL",
                containers=f"10 vials of 2{NBSP}mL",
                planned_lot="6129874",
                expires="31 Mar 2026",
            ),
        ),
        "equipment": (f"5 syringes 5{NBSP}mL", "Balance BAL-01"),
        "calculations": STEPS,
        "instructions": ("Clean the cabinet.", f"Add 4{NBSP}mL to the bag."),
        "bags": (
            BagPlanned(
                bag="1 of 5",
                serial="C250303-0007-01",
                expected_weight=f"116{NBSP}g",
                accepted_range=f"110.2 to 121.8{NBSP}g",
            ),
        ),
        "inspection": ("No particles against white and black",),
        "beyond_use_rule": "240 hours after preparation started, refrigerated",
        "storage": REFRIGERATE,
        "signatures": (signed("Lê Thị Hạnh, RPh", "Calculations checked"),),
    }
    return WorksheetPaper(**(texts | changes))
