"""Forms of the compounding room, one for each intent."""

from __future__ import annotations

from pharmacy.compounding.forms.bench import (
    DISCARDED,
    ON_SHELF,
    AddLotForm,
    DaysForm,
    GoForm,
    LabelScanForm,
    LotByHandForm,
    PrintForm,
    ScanForm,
    ShortenForm,
    StartForm,
    UndoScanForm,
    VolumeForm,
)
from pharmacy.compounding.forms.release import (
    AsideForm,
    InspectForm,
    ReleaseForm,
    SeenForm,
    SettleForm,
)

__all__ = [
    "DISCARDED",
    "ON_SHELF",
    "AddLotForm",
    "AsideForm",
    "DaysForm",
    "GoForm",
    "InspectForm",
    "LabelScanForm",
    "LotByHandForm",
    "PrintForm",
    "ReleaseForm",
    "ScanForm",
    "SeenForm",
    "SettleForm",
    "ShortenForm",
    "StartForm",
    "UndoScanForm",
    "VolumeForm",
]
