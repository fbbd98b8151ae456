"""Every change of worksheets and bags, one function for each intent."""

from __future__ import annotations

from pharmacy.compounding.actions.beyond_use import shorten_beyond_use
from pharmacy.compounding.actions.opening import open_worksheet
from pharmacy.compounding.actions.preparation import (
    complete_bag,
    discard_bag,
    finish_preparation,
    start_preparation,
)
from pharmacy.compounding.actions.scans import scan_container, undo_scan
from pharmacy.compounding.actions.volumes import enter_first_volume, enter_second_volume
from pharmacy.compounding.actions.worksheets import add_lot, cancel_worksheet, check_worksheet

__all__ = [
    "add_lot",
    "cancel_worksheet",
    "check_worksheet",
    "complete_bag",
    "discard_bag",
    "enter_first_volume",
    "enter_second_volume",
    "finish_preparation",
    "open_worksheet",
    "scan_container",
    "shorten_beyond_use",
    "start_preparation",
    "undo_scan",
]
