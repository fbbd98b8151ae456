"""Reads across all rooms: the find box and the patient's page."""

from pharmacy.overview.queries.find import Place, find_places
from pharmacy.overview.queries.paper import PaperState, get_paper_state
from pharmacy.overview.queries.patient import OrderPage, PatientPage, get_patient_page

__all__ = [
    "OrderPage",
    "PaperState",
    "PatientPage",
    "Place",
    "find_places",
    "get_paper_state",
    "get_patient_page",
]
