"""Reads of the trace room: what a lot reached, all that touched a bag, and recalls."""

from pharmacy.trace.queries.bags import BagTrace, trace_bag
from pharmacy.trace.queries.labels import find_label_objection, order_no_longer_holds
from pharmacy.trace.queries.lots import PAGE, LotTrace, find_lots, trace_lots
from pharmacy.trace.queries.reached import TracedBag, reached_by
from pharmacy.trace.queries.recall_page import (
    PatientLine,
    PrescriberLine,
    RecallPage,
    get_patient_line,
    get_recall_page,
)
from pharmacy.trace.queries.recalls import (
    RECALLS_PAGE,
    RecalledBag,
    count_located_by,
    count_recalled,
    get_recall,
    list_open_recalls,
    list_reached_bags,
    list_recalled_bags,
    list_recalls,
    list_recalls_of_lots,
)
from pharmacy.trace.queries.step import Step

__all__ = [
    "PAGE",
    "RECALLS_PAGE",
    "BagTrace",
    "LotTrace",
    "PatientLine",
    "PrescriberLine",
    "RecallPage",
    "RecalledBag",
    "Step",
    "TracedBag",
    "count_located_by",
    "count_recalled",
    "find_label_objection",
    "find_lots",
    "get_patient_line",
    "get_recall",
    "get_recall_page",
    "list_open_recalls",
    "list_reached_bags",
    "list_recalled_bags",
    "list_recalls",
    "list_recalls_of_lots",
    "order_no_longer_holds",
    "reached_by",
    "trace_bag",
    "trace_lots",
]
