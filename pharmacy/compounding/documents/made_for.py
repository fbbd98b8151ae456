"""For whom the bags of a worksheet are made, as its papers say it: a patient and an order, or stock."""

from __future__ import annotations

from pharmacy.compounding.models import Worksheet
from pharmacy.domain.formatting import day

FOR_STOCK = "For stock: no patient yet"
_NONE = "none, for stock"


def made_for(worksheet: Worksheet) -> dict[str, str]:
    """Return patient, prescription and prescriber of a worksheet, or say that it is for stock."""
    version, patient = worksheet.order_version, worksheet.patient
    if version is None or patient is None:
        return {
            "patient_name": FOR_STOCK,
            "date_of_birth": _NONE,
            "patient_number": _NONE,
            "rx_number": _NONE,
            "order_version": worksheet.stock_reason or _NONE,
            "prescriber": _NONE,
        }
    return {
        "patient_name": patient.name,
        "date_of_birth": day(patient.born),
        "patient_number": patient.record_number,
        "rx_number": version.order.rx_number,
        "order_version": f"Version {version.version}",
        "prescriber": version.prescriber.name,
    }
