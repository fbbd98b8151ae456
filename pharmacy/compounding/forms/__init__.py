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
from pharmacy.compounding.forms.station import (
    ConfirmForm,
    NoteForm,
    PhotoForm,
    SecondHereForm,
    TakeOverForm,
    WeightForm,
)

__all__ = [
    "DISCARDED",
    "ON_SHELF",
    "AddLotForm",
    "AsideForm",
    "ConfirmForm",
    "DaysForm",
    "GoForm",
    "InspectForm",
    "LabelScanForm",
    "LotByHandForm",
    "NoteForm",
    "PhotoForm",
    "PrintForm",
    "ReleaseForm",
    "ScanForm",
    "SecondHereForm",
    "SeenForm",
    "SettleForm",
    "ShortenForm",
    "StartForm",
    "TakeOverForm",
    "UndoScanForm",
    "VolumeForm",
    "WeightForm",
]
