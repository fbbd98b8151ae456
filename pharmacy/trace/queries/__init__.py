"""Reads of the trace room: what a lot reached, and all that touched a bag."""

from pharmacy.trace.queries.bags import BagTrace, trace_bag
from pharmacy.trace.queries.labels import find_label_objection, order_no_longer_holds
from pharmacy.trace.queries.lots import PAGE, LotTrace, find_lots, trace_lots
from pharmacy.trace.queries.reached import TracedBag, reached_by
from pharmacy.trace.queries.steps import Step

__all__ = [
    "PAGE",
    "BagTrace",
    "LotTrace",
    "Step",
    "TracedBag",
    "find_label_objection",
    "find_lots",
    "order_no_longer_holds",
    "reached_by",
    "trace_bag",
    "trace_lots",
]
