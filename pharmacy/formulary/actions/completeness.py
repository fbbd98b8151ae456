"""What a record must hold to be worked on, and to be approved."""

from __future__ import annotations

from datetime import date

from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formula_record import ensure_stages_in_order, ensure_weighable
from pharmacy.domain.stability import ensure_fits, ensure_in_review
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.domain.wording import ensure_safe_wording
from pharmacy.formulary.models import Formula, Product
from pharmacy.formulary.queries import compute_bag_of

# What people read at work, by the name of its column; a text that can be misread is refused.
_WORDED = {
    "name": "The name",
    "dosage_form": "The dosage form",
    "storage_words": "The storage",
    "container_closure": "The container and closure",
    "equipment": "The equipment",
    "supplies": "The list of supplies",
    "description": "The description",
    "ph_and_tonicity": "The note on pH and tonicity",
    "quality_checks": "The quality checks",
    "precautions": "The precautions",
    "auxiliary_labels": "An auxiliary label",
    "premix_reason": "The reason against a premixed bag",
    "changes": "What changed",
}


def ensure_draft(formula: Formula) -> None:
    """Refuse a version that is approved or retired: it never changes again."""
    if formula.status is not FormulaStatus.DRAFT:
        raise Refusal(f"Version {formula.version} of {formula.code} is {formula.status.value}, not a draft.")


def ensure_workable(formula: Formula) -> None:
    """Refuse a draft that cannot be computed, weighed or followed, or whose words can be misread."""
    compute_bag_of(formula)
    ensure_weighable(
        formula.additive.name,
        density_g_per_ml=formula.additive.density_g_per_ml,
        tolerance_percent=formula.weight_tolerance_percent,
    )
    ensure_stages_in_order([step.stage for step in formula.steps])
    for column, words in _WORDED.items():
        _ensure_worded(getattr(formula, column), words=words, field=column)
    for step in formula.steps:
        _ensure_worded(step.instruction, words=f"Step {step.position}", field="steps")


def _ensure_worded(text: str, *, words: str, field: str) -> None:
    """Refuse a text that can be misread; the sentence names it in words, the refusal by its field."""
    try:
        ensure_safe_wording(text, field=words)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.sentence, field=field) from None


def ensure_complete(formula: Formula, *, today: date) -> None:
    """Refuse to approve a record without steps, or whose stability references do not carry it."""
    ensure_workable(formula)
    if not formula.steps:
        raise Refusal("The record has no steps, so nobody could work by it.")
    if not any(one.storage == formula.storage and one.reference for one in formula.stability):
        raise Refusal(
            f"The record has no stability entry with a reference for its storage, {formula.storage}."
        )
    bag = compute_bag_of(formula)
    for one in formula.stability:
        ensure_fits(one.facts, mg_per_ml=bag.mg_per_ml, materials=formula.allowed_materials)
        ensure_in_review(one.facts, formula=formula.code, today=today)
    for product in (formula.additive, formula.diluent):
        _ensure_in_use(product)


def _ensure_in_use(product: Product) -> None:
    if product.retired_at is not None:
        raise Refusal(f"{product.name} is retired; take a product that is in use.")
