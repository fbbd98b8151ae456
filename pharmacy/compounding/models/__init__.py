"""Tables of the compounding room, by what they keep."""

from __future__ import annotations

from pharmacy.compounding.models.allocations import BagAllocation
from pharmacy.compounding.models.bags import Bag, BagComponent, Shortening
from pharmacy.compounding.models.deviations import (
    Complaint,
    Deviation,
    DeviationBag,
    DeviationLot,
    DeviationNote,
)
from pharmacy.compounding.models.recalled import BagClearance
from pharmacy.compounding.models.records import RecordAddendum, SignedRecord
from pharmacy.compounding.models.release import BagLabelCopy, Inspection
from pharmacy.compounding.models.rework import Rework
from pharmacy.compounding.models.station import (
    BagWeighing,
    Handover,
    Scan,
    StationNote,
    StepDone,
    VolumeCheck,
)
from pharmacy.compounding.models.worksheets import ProposedLot, Worksheet

__all__ = [
    "Bag",
    "BagAllocation",
    "BagClearance",
    "BagComponent",
    "BagLabelCopy",
    "BagWeighing",
    "Complaint",
    "Deviation",
    "DeviationBag",
    "DeviationLot",
    "DeviationNote",
    "Handover",
    "Inspection",
    "ProposedLot",
    "RecordAddendum",
    "Rework",
    "Scan",
    "Shortening",
    "SignedRecord",
    "StationNote",
    "StepDone",
    "VolumeCheck",
    "Worksheet",
]
