"""A sample of the label that bags of a record will bear, before any order asks for one."""

from __future__ import annotations

from labels.bag_label import BagLabel, render_bag_labels
from pharmacy.accounts.models import Site
from pharmacy.domain.admixture import BagArithmetic
from pharmacy.domain.formatting import dose, quantity
from pharmacy.domain.label_wording import say_route
from pharmacy.domain.routes import Route
from pharmacy.formulary.models import Formula
from pharmacy.formulary.queries import tell_auxiliary
from pharmacy.printing.documents import drawn

_SAMPLE = "SAMPLE"
_FROM_ORDER = "As the order says."


def draw_sample_label(formula: Formula, bag: BagArithmetic, *, site: Site) -> bytes:
    """Draw the label of one bag with what the record decides; what an order decides says so.

    A text that has no room on the label is refused by the name of its field, as it would be at printing.
    """
    return drawn(lambda: render_bag_labels([_label(formula, bag, site)]))


def _label(formula: Formula, bag: BagArithmetic, site: Site) -> BagLabel:
    return BagLabel(
        pharmacy_name=site.name,
        pharmacy_address=site.address,
        pharmacy_phone=site.phone_24_hour,
        document_serial=_SAMPLE,
        copy="SAMPLE, not for use",
        printed_at="never",
        notice=f"SAMPLE of {formula.code}, version {formula.version}: not for use",
        patient_name="SAMPLE, not for use",
        date_of_birth=_SAMPLE,
        rx_number=_SAMPLE,
        fill="1",
        drug=formula.additive.drug,
        dose=dose(formula.dose_mg),
        dose_equivalent=quantity(bag.meq, "mEq"),
        diluent=f"{formula.diluent.strength} {formula.diluent.drug}",
        diluent_volume=quantity(formula.diluent.volume_ml, "mL"),
        total_volume=quantity(bag.total_ml, "mL"),
        concentration=quantity(bag.mg_per_ml, "mg/mL"),
        dosage_form=formula.dosage_form,
        route_line=say_route(Route(formula.route)),
        directions=_FROM_ORDER,
        frequency=_FROM_ORDER,
        start_before="date and time from the worksheet",
        storage=formula.storage_words,
        auxiliary=tell_auxiliary(formula),
        bag="1 of 1",
        serial=_SAMPLE,
        prepared_at=_SAMPLE,
        prescriber=_SAMPLE,
        quantity="1 bag",
        authorised_remaining=_FROM_ORDER,
        preparation_statement="Compounded preparation",
        container_statement="Single-dose container: discard what is left",
        prepared_by=_SAMPLE,
        checked_by=_SAMPLE,
        verified_by=_SAMPLE,
    )
