"""The worksheet on paper: what is made, from what, how, and room for what is written down by hand."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from labels.worksheet import BagPlanned, Ingredient, WorksheetPaper, render_worksheet
from pharmacy.accounts.models import Site
from pharmacy.compounding.documents.imprint import drawn, imprint, product_code, signatures, steps
from pharmacy.compounding.documents.made_for import made_for
from pharmacy.compounding.models import Worksheet
from pharmacy.compounding.queries import list_needs, preparation_as_dated
from pharmacy.domain.admixture import FillMethod
from pharmacy.domain.beyond_use import Storage
from pharmacy.domain.beyond_use_limits import STORAGE_WORDS, LimitsTable, hours_words
from pharmacy.domain.formatting import counted, dose, moment, quantity
from pharmacy.domain.place_words import say_made_in
from pharmacy.formulary.models import Product
from pharmacy.patients.models import AllergyStatus, Patient
from pharmacy.printing.actions import PaperMark

HIGH_ALERT = "HIGH-ALERT: a second person checks the drawn volume before the additive goes into the bag."
METHODS = {
    FillMethod.ADD: "Add the additive to the bag as it is; nothing is withdrawn",
    FillMethod.REPLACE: "Withdraw as much diluent as additive goes in, then add the additive",
    FillMethod.EXACT: "Put diluent and additive into an empty container",
}


def draw_worksheet(worksheet: Worksheet, *, site: Site, limits: LimitsTable) -> Callable[[PaperMark], bytes]:
    """Return what draws a worksheet; `limits` are those that its beyond-use date will follow."""
    return lambda mark: drawn(lambda: render_worksheet(_paper(worksheet, site, limits, mark)))


def _paper(worksheet: Worksheet, site: Site, limits: LimitsTable, mark: PaperMark) -> WorksheetPaper:
    formula, version = worksheet.formula, worksheet.order_version
    zone = ZoneInfo(site.time_zone)
    return WorksheetPaper(
        **imprint(site, mark),
        **made_for(worksheet),
        worksheet_id=worksheet.serial,
        allergies=say_allergies(worksheet.patient),
        high_alert=HIGH_ALERT if formula.additive.high_alert else "",
        preparation=formula.name,
        dose=f"{dose(formula.dose_mg)} ({quantity(worksheet.meq, 'mEq')})",
        strength=quantity(worksheet.mg_per_ml, "mg/mL"),
        dosage_form=formula.dosage_form,
        formula=f"{formula.code}, version {formula.version}",
        category=preparation_as_dated(worksheet).words(),
        container=formula.container_closure,
        volume_method=METHODS[FillMethod(formula.method)],
        bags_to_make=counted(worksheet.bag_count, "bag"),
        made_in=say_made_in(worksheet.place),
        make_on=moment(worksheet.needed_at, zone),
        ingredients=_ingredients(worksheet),
        equipment=parts_of(formula.equipment),
        calculations=steps(worksheet.working),
        instructions=tuple(step.instruction for step in formula.steps),
        bags=tuple(
            BagPlanned(bag=f"{bag.position} of {worksheet.bag_count}", serial=bag.serial)
            for bag in worksheet.bags
        ),
        inspection=(formula.quality_checks, f"Right appearance: {formula.description}"),
        beyond_use_rule=_say_beyond_use(worksheet, limits),
        storage=formula.storage_words,
        signatures=signatures([version.verification if version else None, worksheet.check], zone),
    )


def parts_of(text: str) -> tuple[str, ...]:
    """Split a list that was written on one line at its semicolons."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def say_allergies(patient: Patient | None) -> str:
    """Say what is known of a patient's allergies; not asked is not the same as none."""
    if patient is None:
        return "Looked at when a bag is allocated to a patient"
    if patient.allergy_status is AllergyStatus.LISTED:
        return ", ".join(one.substance for one in patient.allergies)
    known = patient.allergy_status is AllergyStatus.NONE_KNOWN
    return "No known allergies" if known else "NOT ASKED"


def _ingredients(worksheet: Worksheet) -> tuple[Ingredient, ...]:
    formula, (diluent, additive) = worksheet.formula, list_needs(worksheet)
    drawn_in_all = quantity(worksheet.total_additive_ml, "mL")
    if FillMethod(formula.method) is FillMethod.EXACT:
        each, in_all = (
            quantity(diluent.volume_ml, "mL"),
            quantity(diluent.volume_ml * worksheet.bag_count, "mL"),
        )
    else:
        each, in_all = _whole_bag(worksheet), counted(worksheet.bag_count, "whole bag")
    return (
        _ingredient(worksheet, formula.additive, quantity(additive.volume_ml, "mL"), drawn_in_all),
        _ingredient(worksheet, formula.diluent, each, in_all),
    )


def _whole_bag(worksheet: Worksheet) -> str:
    """Say that the diluent's own bag is filled, and what is withdrawn from it first."""
    withdrawn = f" less {quantity(worksheet.withdraw_ml, 'mL')}" if worksheet.withdraw_ml else ""
    return f"1 bag of {quantity(worksheet.formula.diluent.volume_ml, 'mL')}{withdrawn}"


def _ingredient(worksheet: Worksheet, product: Product, each: str, in_all: str) -> Ingredient:
    proposed = [one for one in worksheet.proposed_lots if one.lot.product_id == product.id]
    lots = [f"{one.lot.number} ({counted(one.containers, 'container')})" for one in proposed]
    return Ingredient(
        name=product.drug,
        strength=f"{product.strength}, {product.container}",
        product_code=product_code(product),
        amount_per_bag=each,
        amount_total=in_all,
        containers=counted(sum(one.containers for one in proposed), "container"),
        planned_lot="; ".join(lots),
        expires="; ".join(one.lot.expiry for one in proposed),
    )


def _say_beyond_use(worksheet: Worksheet, limits: LimitsTable) -> str:
    formula = worksheet.formula
    storage = Storage(formula.storage)
    hours = limits.get_hours(preparation_as_dated(worksheet), storage)
    stable = ", ".join(
        f"stable {one.stable_for} ({one.reference.rstrip('.')})"
        for one in formula.stability
        if one.storage == formula.storage
    )
    house = f", house limit {counted(formula.house_limit_days, 'day')}" if formula.house_limit_days else ""
    rule = (
        "Counted from the start of preparation, N days are N x 24 hours; the soonest of: "
        f"{hours_words(hours)} {STORAGE_WORDS[storage]} by category, {stable}{house}, "
        "the expiry of every component."
    )
    return f"{rule} {limits.statement}"
