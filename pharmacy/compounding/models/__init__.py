"""Tables of the compounding room, by what they keep."""

from __future__ import annotations

from pharmacy.compounding.models.bags import Bag, BagComponent, Shortening
from pharmacy.compounding.models.release import BagLabelCopy, Inspection
from pharmacy.compounding.models.station import Scan, VolumeCheck
from pharmacy.compounding.models.worksheets import ProposedLot, Worksheet

__all__ = [
    "Bag",
    "BagComponent",
    "BagLabelCopy",
    "Inspection",
    "ProposedLot",
    "Scan",
    "Shortening",
    "VolumeCheck",
    "Worksheet",
]
