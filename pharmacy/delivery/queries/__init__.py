"""Reads of delivery batches, stops, packed bags and the driver's round."""

from __future__ import annotations

from pharmacy.delivery.queries.batches import (
    OPEN_STATUSES,
    PAGE,
    find_batch,
    find_stop_of,
    get_batch,
    list_batches,
    list_without_stop,
)
from pharmacy.delivery.queries.driver import Door, describe_door, get_own_stop, list_doors, list_stopped
from pharmacy.delivery.queries.fitness import find_bag_objection
from pharmacy.delivery.queries.looks import find_last_look, needs_second_look
from pharmacy.delivery.queries.stops import find_box_of, find_dose, get_packed, get_stop, list_packed

__all__ = [
    "OPEN_STATUSES",
    "PAGE",
    "Door",
    "describe_door",
    "find_bag_objection",
    "find_batch",
    "find_box_of",
    "find_dose",
    "find_last_look",
    "find_stop_of",
    "get_batch",
    "get_own_stop",
    "get_packed",
    "get_stop",
    "list_batches",
    "list_doors",
    "list_packed",
    "list_stopped",
    "list_without_stop",
    "needs_second_look",
]
