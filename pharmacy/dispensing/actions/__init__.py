"""Record what is at home, plan what is made for it, choose, sign, and open the worksheets."""

from __future__ import annotations

from pharmacy.dispensing.actions.choosing import choose_quantity
from pharmacy.dispensing.actions.counting import CountedBags, CountEntry, record_home_count
from pharmacy.dispensing.actions.planning import make_plan, replace_plan
from pharmacy.dispensing.actions.signing import ensure_plan_stands, sign_plan
from pharmacy.dispensing.actions.stock import allocate_scanned, allocate_stock, apply_patients_label
from pharmacy.dispensing.actions.worksheets import open_worksheet_for

__all__ = [
    "CountEntry",
    "CountedBags",
    "allocate_scanned",
    "allocate_stock",
    "apply_patients_label",
    "choose_quantity",
    "ensure_plan_stands",
    "make_plan",
    "open_worksheet_for",
    "record_home_count",
    "replace_plan",
    "sign_plan",
]
