"""Reads of worksheets and bags."""

from __future__ import annotations

from pharmacy.compounding.queries.bags import (
    count_bags_dispensed,
    find_bag,
    get_bag,
    get_bag_of,
    list_bags_of_order,
)
from pharmacy.compounding.queries.content import (
    FrozenLimit,
    list_frozen_limits,
    worksheet_content,
)
from pharmacy.compounding.queries.preparation import (
    BagState,
    ProductState,
    find_current_bag,
    find_waiting_check,
    list_expected_lots,
    list_left_over,
    list_needs,
    list_other_lots,
    read_bag_state,
)
from pharmacy.compounding.queries.scanning import ASIDE, is_lot_missing, read_expected_scan
from pharmacy.compounding.queries.worksheets import (
    OPEN_STATUSES,
    PAGE,
    get_worksheet,
    list_open_worksheets,
    list_worksheets,
)

__all__ = [
    "ASIDE",
    "OPEN_STATUSES",
    "PAGE",
    "BagState",
    "FrozenLimit",
    "ProductState",
    "count_bags_dispensed",
    "find_bag",
    "find_current_bag",
    "find_waiting_check",
    "get_bag",
    "get_bag_of",
    "get_worksheet",
    "is_lot_missing",
    "list_bags_of_order",
    "list_expected_lots",
    "list_frozen_limits",
    "list_left_over",
    "list_needs",
    "list_open_worksheets",
    "list_other_lots",
    "list_worksheets",
    "read_bag_state",
    "read_expected_scan",
    "worksheet_content",
]
