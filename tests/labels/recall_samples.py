"""One of the list of a recall."""

from __future__ import annotations

from typing import Any

from labels.recall_list import BagReached, PatientToCall, PrescriberToTell, RecallList
from tests.labels.samples import IMPRINT, START_BEFORE


def recall_list(**changes: Any) -> RecallList:
    texts: dict[str, Any] = {
        **IMPRINT,
        "document_serial": "D-000318",
        "recall": "Recall 3",
        "lots": ("magnesium sulfate 50% (500 mg/mL), 10 mL single-dose vial, lot SMG4417, expires 2027-03",),
        "urgency": "Class 1: it may cause serious harm or death",
        "source": "Maker, Notice 26-114",
        "opened": "Wed 5 Mar 2025 09:00 EST by Anna Lindqvist",
        "reason": "Glass particles in the vials.",
        "instructions": "Do not use any of these bags. Set them aside; we collect them.",
        "count": "3 bags affected = 1 accounted for + 2 open",
        "patients": (
            PatientToCall(
                name="Lê Thị Hạnh",
                phone="(518) 555-0177",
                bags=f"B-000016, {START_BEFORE}; B-000020, {START_BEFORE}",
                delivered="Tue 4 Mar 2025 12:00 EST",
                tried="1 call, last Wed 5 Mar 2025 09:40 EST: no answer",
            ),
        ),
        "prescribers": (
            PrescriberToTell(
                name="Dr Anna Lindqvist, MD",
                phone="(518) 555-0122",
                patients="Lê Thị Hạnh",
                told="not told yet",
            ),
        ),
        "bags": (
            BagReached(
                serial="B-000016",
                stands="open: at home",
                place="at home",
                start_before=START_BEFORE,
                patient="Lê Thị Hạnh",
                delivery="M-00001Y, stop 1, delivered",
            ),
        ),
        "watermark": "DRILL",
    }
    return RecallList(**(texts | changes))
