"""The papers of the compounding room: from its records to finished strings on a label or a sheet."""

from __future__ import annotations

from pharmacy.compounding.documents.bag_labels import (
    LabelSheet,
    list_fields,
)
from pharmacy.compounding.documents.confirm_code import (
    ScreenCode,
    draw_screen_code,
)
from pharmacy.compounding.documents.press import (
    press_for_allocated,
    press_for_bag,
    press_for_worksheet,
    preview_label,
)
from pharmacy.compounding.documents.record import (
    draw_record,
    write_record,
)
from pharmacy.compounding.documents.worksheet import (
    draw_worksheet,
)

__all__ = [
    "LabelSheet",
    "ScreenCode",
    "draw_record",
    "draw_screen_code",
    "draw_worksheet",
    "list_fields",
    "press_for_allocated",
    "press_for_bag",
    "press_for_worksheet",
    "preview_label",
    "write_record",
]
