"""The label of a bag for stock: what it is by its formula, and that it is not for a patient yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from labels.stock_label import StockLabel, render_stock_labels
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
from pharmacy.compounding.queries import StockFacts
from pharmacy.domain.formatting import NBSP, dose, moment, quantity
from pharmacy.domain.label_wording import say_route
from pharmacy.domain.routes import Route
from pharmacy.printing.actions import PaperMark

STANDING = "NOT FOR A PATIENT YET: allocate and label before dispensing"


@dataclass(frozen=True)
class StockLabels:
    """Draw and say the stock labels of one worksheet."""

    facts: StockFacts

    def draw(self, mark: PaperMark, to_print: Sequence[LabelToPrint]) -> bytes:
        """Draw one label on a page of its own for each bag; a text without room is refused."""
        return drawn(lambda: render_stock_labels([_label(self.facts, one, mark) for one in to_print]))

    def say(self, one: LabelToPrint) -> str:
        """Write what a label says, one line for each of its fields."""
        return "\n".join(f"{name}: {text}" for name, text in list_stock_fields(self.facts, one))


def list_stock_fields(facts: StockFacts, one: LabelToPrint) -> list[tuple[str, str]]:
    """List what a stock label says, field by field, as it would be printed now."""
    return say_fields(_label(facts, one, NOT_PRINTED))


def _label(facts: StockFacts, one: LabelToPrint, mark: PaperMark) -> StockLabel:
    worksheet, bag, here = facts.worksheet, one.bag, ZoneInfo(facts.site.time_zone)
    formula = worksheet.formula
    common = imprint(facts.site, mark) | {"copy": say_copy(one.copy_number), "printed_at": mark.printed_at}
    return StockLabel(
        **common,
        standing=STANDING,
        drug=formula.additive.drug,
        dose=dose(formula.dose_mg),
        dose_equivalent=quantity(worksheet.meq, "mEq"),
        diluent=f"{formula.diluent.strength} {formula.diluent.drug}",
        diluent_volume=quantity(formula.diluent.volume_ml, "mL"),
        total_volume=quantity(worksheet.total_ml, "mL"),
        concentration=quantity(worksheet.mg_per_ml, "mg/mL"),
        dosage_form=formula.dosage_form,
        route_line=say_route(Route(formula.route)),
        formula=f"{formula.code}, version {formula.version}",
        start_before=moment(one.beyond_use_at, here),
        storage=formula.storage_words,
        bag=f"{bag.position} of {worksheet.bag_count}".replace(" ", NBSP),
        serial=bag.serial,
        worksheet=worksheet.serial,
        prepared_at=moment(worksheet.started_at, here) if worksheet.started_at else "",
        preparation_statement=COMPOUNDED,
        container_statement=SINGLE_DOSE,
        prepared_by=name_preparer(bag),
        checked_by=f"{worksheet.check.printed_name} (worksheet)" if worksheet.check else "",
        lots=", ".join(dict.fromkeys(part.lot.number for part in bag.components)),
    )
