"""Reads across all rooms: the two-way trace, the find box and the patient's page."""

from pharmacy.overview.queries.find import Place, find_places
from pharmacy.overview.queries.paper import PaperState, get_paper_state
from pharmacy.overview.queries.patient import OrderPage, PatientPage, get_patient_page
from pharmacy.overview.queries.trace import BagTrace, LotTrace, Step, trace_bag, trace_lot

__all__ = [
    "BagTrace",
    "LotTrace",
    "OrderPage",
    "PaperState",
    "PatientPage",
    "Place",
    "Step",
    "find_places",
    "get_paper_state",
    "get_patient_page",
    "trace_bag",
    "trace_lot",
]
