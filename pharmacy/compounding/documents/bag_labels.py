"""A bag's label: every field of domain.md 2.3, 3.1 and 3.2, from the order, the formula and the worksheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from labels.bag_label import BagLabel, render_bag_labels
from pharmacy.compounding.actions import LabelToPrint
from pharmacy.compounding.documents.imprint import drawn, imprint
from pharmacy.compounding.documents.label_words import (
    COMPOUNDED,
    NOT_PRINTED,
    SINGLE_DOSE,
    name_preparer,
    say_copy,
    say_fields,
)
from pharmacy.compounding.queries import LabelFacts
from pharmacy.domain.formatting import NBSP, counted, day, dose, moment, quantity
from pharmacy.domain.label_wording import say_route
from pharmacy.domain.routes import Route
from pharmacy.formulary.queries import tell_auxiliary
from pharmacy.printing.actions import PaperMark


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


@dataclass(frozen=True)
class AllocatedLabels:
    """Draw and say the patients' labels of bags from stock, each from the facts of its bag's id."""

    facts: Mapping[int, LabelFacts]

    def draw(self, mark: PaperMark, to_print: Sequence[LabelToPrint]) -> bytes:
        """Draw one label on a page of its own for each bag; a text without room is refused."""
        return drawn(
            lambda: render_bag_labels([_label(self.facts[one.bag.id], one, mark) for one in to_print])
        )

    def say(self, one: LabelToPrint) -> str:
        """Write what a label says, one line for each of its fields."""
        return LabelSheet(self.facts[one.bag.id]).say(one)


def list_fields(facts: LabelFacts, one: LabelToPrint) -> list[tuple[str, str]]:
    """List what a label says, field by field, as it would be printed now."""
    return say_fields(_label(facts, one, NOT_PRINTED))


def _label(facts: LabelFacts, one: LabelToPrint, mark: PaperMark) -> BagLabel:
    worksheet, version, bag = facts.worksheet, facts.version, one.bag
    formula, patient = worksheet.formula, version.order.patient
    home = ZoneInfo(patient.time_zone)
    common = imprint(facts.site, mark) | {"copy": say_copy(_count_copy(one)), "printed_at": mark.printed_at}
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
        auxiliary=tell_auxiliary(formula),
        bag=f"{facts.places[bag.id]} of {facts.quantity}".replace(" ", NBSP),
        serial=bag.serial,
        prepared_at=moment(worksheet.started_at, home) if worksheet.started_at else "",
        prescriber=version.prescriber.name,
        quantity=counted(facts.quantity, "bag"),
        authorised_remaining=f"{counted(facts.authorised_remaining, 'bag')} until {day(version.expires_on)}",
        preparation_statement=COMPOUNDED,
        container_statement=SINGLE_DOSE,
        prepared_by=name_preparer(bag),
        checked_by=f"{worksheet.check.printed_name} (worksheet)" if worksheet.check else "",
        verified_by=f"{version.verification.printed_name} (order)" if version.verification else "",
        lots=", ".join(dict.fromkeys(part.lot.number for part in bag.components)),
    )


def _count_copy(one: LabelToPrint) -> int:
    """Count the copies of this label; a label that said that the bag is stock was another one."""
    stock = [copy.copy_number for copy in one.bag.labels if copy.order_version_id is None]
    return one.copy_number - max(stock, default=0)
