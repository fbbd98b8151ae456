"""A bag's label: every field of domain.md 2.3, 3.1 and 3.2, from the order, the formula and the worksheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo

from labels.bag_label import BagLabel, render_bag_labels
from pharmacy.compounding.actions import LabelToPrint
from pharmacy.compounding.documents.imprint import drawn, imprint
from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import LabelFacts
from pharmacy.domain.formatting import NBSP, counted, day, dose, moment, quantity
from pharmacy.domain.label_wording import say_route
from pharmacy.domain.routes import Route
from pharmacy.printing.actions import PaperMark

COMPOUNDED = "Compounded preparation"
SINGLE_DOSE = "Single-dose container: discard what is left"
_MARKS = {"document_serial", "copy", "printed_at", "notice"}
_NOT_PRINTED = PaperMark(serial="-", copy="-", printed_at="-", printed_by="-", notice="")


@dataclass(frozen=True)
class LabelSheet:
    """Draw and say the labels of one worksheet from its facts."""

    facts: LabelFacts

    def draw(self, mark: PaperMark, to_print: Sequence[LabelToPrint]) -> bytes:
        """Draw one label on a page of its own for each bag; a text without room is refused."""
        return drawn(lambda: render_bag_labels([_label(self.facts, one, mark) for one in to_print]))

    def say(self, one: LabelToPrint) -> str:
        """Write what a label says, one line for each of its fields."""
        return "\n".join(f"{name}: {text}" for name, text in list_fields(self.facts, one))


def list_fields(facts: LabelFacts, one: LabelToPrint) -> list[tuple[str, str]]:
    """List what a label says, field by field, as it would be printed now."""
    label = _label(facts, one, _NOT_PRINTED)
    texts = ((field.name, getattr(label, field.name)) for field in fields(label) if field.name not in _MARKS)
    return [
        (name.replace("_", " ").capitalize(), " ".join(text) if isinstance(text, tuple) else text)
        for name, text in texts
        if text
    ]


def _label(facts: LabelFacts, one: LabelToPrint, mark: PaperMark) -> BagLabel:
    worksheet, version, bag = facts.worksheet, facts.version, one.bag
    formula, patient = worksheet.formula, worksheet.get_patient()
    home = ZoneInfo(patient.time_zone)
    common = imprint(facts.site, mark) | {"copy": _copy(one.copy_number), "printed_at": mark.printed_at}
    return BagLabel(
        **common,
        patient_name=patient.name,
        date_of_birth=day(patient.born),
        patient_address=patient.address,
        rx_number=version.order.rx_number,
        fill=str(facts.fill),
        drug=version.drug,
        dose=dose(version.dose_mg),
        dose_equivalent=quantity(worksheet.meq, "mEq"),
        diluent=version.diluent,
        diluent_volume=quantity(version.diluent_volume_ml, "mL"),
        total_volume=quantity(worksheet.total_ml, "mL"),
        concentration=quantity(worksheet.mg_per_ml, "mg/mL"),
        dosage_form=formula.dosage_form,
        route_line=say_route(Route(version.route)),
        directions=facts.directions,
        frequency=facts.next_doses,
        start_before=moment(one.beyond_use_at, home),
        storage=formula.storage_words,
        out_of_refrigerator=facts.out_of_refrigerator,
        auxiliary=_auxiliary(facts),
        bag=f"{bag.position} of {worksheet.bag_count}".replace(" ", NBSP),
        serial=bag.serial,
        prepared_at=moment(worksheet.started_at, home) if worksheet.started_at else "",
        prescriber=version.prescriber.name,
        quantity=counted(worksheet.bag_count, "bag"),
        authorised_remaining=f"{counted(facts.authorised_remaining, 'bag')} until {day(version.expires_on)}",
        preparation_statement=COMPOUNDED,
        container_statement=SINGLE_DOSE,
        prepared_by=_preparer(facts, bag),
        checked_by=f"{worksheet.check.printed_name} (worksheet)" if worksheet.check else "",
        verified_by=f"{version.verification.printed_name} (order)" if version.verification else "",
        lots=", ".join(dict.fromkeys(part.lot.number for part in bag.components)),
    )


def _copy(number: int) -> str:
    return "Copy 1" if number == 1 else f"REPRINT, copy {number}"


def _auxiliary(facts: LabelFacts) -> tuple[str, ...]:
    return (
        f"Do not use if it leaks or is not a {_lower_first(facts.worksheet.formula.description)}.",
        "Keep away from children. Unwell or unsure? Call at any hour.",
    )


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")


def _preparer(facts: LabelFacts, bag: Bag) -> str:
    """Name who made the bag, or who started the preparation while it is not made yet."""
    person = bag.made_by or facts.worksheet.started_by
    return person.name if person else ""
