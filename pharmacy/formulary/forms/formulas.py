"""The form of a master formulation record: every item that domain.md 2.1 asks for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from pharmacy.domain.admixture import FillMethod
from pharmacy.domain.beyond_use_limits import STORAGE_WORDS, Category, Method
from pharmacy.domain.container_materials import ContainerMaterial
from pharmacy.domain.pump_numbers import DeliveryBasis
from pharmacy.domain.routes import Route
from pharmacy.formulary.actions import FormulaEntry
from pharmacy.formulary.forms.revision import RevisionField
from pharmacy.formulary.forms.steps import StepsField
from pharmacy.formulary.models import Formula, Product, ProductKind
from pharmacy.formulary.queries import BASIS_WORDS, METHOD_WORDS
from pharmacy.web.fields import (
    ChoiceField,
    DayField,
    DoseField,
    Given,
    LineField,
    ParagraphField,
    QuantityField,
    Required,
    RequiredChoice,
    TicksField,
    WholeField,
)

_CATEGORIES = [(one.value, f"Category {one.value}") for one in Category if one is not Category.IMMEDIATE]
_METHODS = ((Method.ASEPTIC.value, "aseptic processing"), (Method.TERMINAL.value, "terminal sterilization"))
_YES_NO = (("yes", "Yes"), ("no", "No"))
# The questions of the form that are answered by yes or no.
_ANSWERED = ("pool_vials", "prime_by_pump", "sterility_tested", "nonsterile_components")
_SAME = (
    *("name", "dosage_form", "route", "method", "fill_ml", "delivery_basis", "prime_ml", "residual_ml"),
    *("category", "sterilisation", "storage", "storage_words", "house_limit_days"),
    *(
        "weight_tolerance_percent",
        "container_closure",
        "container_ml",
        "equipment",
        "supplies",
        "description",
    ),
    *("ph_and_tonicity", "quality_checks", "precautions", "auxiliary_labels", "premix_reason", "changes"),
    *("effective_on", "review_by"),
)


class _RecordForm(FlaskForm):
    """What is made, from what, how, and how long does it keep?"""

    name = LineField("Name, with the dose and the diluent", [Required("the name")])
    dosage_form = LineField("Dosage form", [Required("the dosage form")])
    route = ChoiceField(
        "Route", [RequiredChoice("the route")], choices=[(one.value, one.value) for one in Route]
    )
    dose = DoseField("Dose in each bag", [Given("the dose in g")])
    additive_id = ChoiceField("Additive", [RequiredChoice("the additive")])
    diluent_id = ChoiceField("Diluent", [RequiredChoice("the diluent")])
    method = ChoiceField(
        "How additive and diluent come together",
        [RequiredChoice("how they come together")],
        choices=[(one.value, METHOD_WORDS[one]) for one in FillMethod],
    )
    fill_ml = QuantityField("Volume that an empty container is filled to", unit="mL")
    delivery_basis = ChoiceField(
        "What the pump is set to give",
        [RequiredChoice("what the pump is set to give")],
        choices=[(one.value, BASIS_WORDS[one]) for one in DeliveryBasis],
    )
    prime_ml = QuantityField(
        "Volume that primes the tubing",
        [Given("the volume that primes the tubing, or 0")],
        unit="mL",
        zero_allowed=True,
    )
    residual_ml = QuantityField(
        "Volume that stays in the bag",
        [Given("the volume that stays in the bag, or 0")],
        unit="mL",
        zero_allowed=True,
    )
    prime_by_pump = ChoiceField(
        "Does the pump prime the tubing?",
        [RequiredChoice("whether the pump primes the tubing")],
        choices=_YES_NO,
    )
    pool_vials = ChoiceField(
        "Are the remnants of vials pooled within a batch?",
        [RequiredChoice("whether remnants are pooled")],
        choices=_YES_NO,
    )
    premix_reason = ParagraphField("Why no premixed bag serves", [Required("why no premixed bag serves")])

    container_closure = LineField("Container and closure", [Required("the container and its closure")])
    container_ml = QuantityField("Size of the container, where it is not the diluent's bag", unit="mL")
    materials = TicksField(
        "The container may be of",
        [RequiredChoice("what the container may be of")],
        choices=[SelectChoice(one.value, one.value) for one in ContainerMaterial],
    )

    equipment = ParagraphField("Equipment", [Required("the equipment")])
    supplies = ParagraphField("Supplies", [Required("the supplies")])
    precautions = ParagraphField("Special precautions", [Required("the precautions")])
    steps = StepsField("Steps")
    weight_tolerance_percent = QuantityField("Tolerance of the addition's weight", unit="percent")
    description = LineField("What the finished bag looks like", [Required("what it looks like")])
    ph_and_tonicity = ParagraphField("pH and tonicity, where they matter")
    quality_checks = ParagraphField("Quality checks before release", [Required("the quality checks")])
    auxiliary_labels = ParagraphField("Auxiliary labels, one on a line")

    category = ChoiceField("Category", [RequiredChoice("the category")], choices=_CATEGORIES)
    sterilisation = ChoiceField(
        "How it becomes sterile", [RequiredChoice("how it becomes sterile")], choices=_METHODS
    )
    sterility_tested = ChoiceField(
        "Is each batch tested for sterility, and released once it has passed?",
        [RequiredChoice("whether each batch is tested for sterility")],
        choices=_YES_NO,
    )
    nonsterile_components = ChoiceField(
        "Is a starting component not sterile?",
        [RequiredChoice("whether a component is not sterile")],
        choices=_YES_NO,
    )
    storage = ChoiceField(
        "Storage that its bags are dated for",
        [RequiredChoice("the storage")],
        choices=[(one.value, words) for one, words in STORAGE_WORDS.items()],
    )
    storage_words = LineField("Storage, as the label says it", [Required("the storage as the label says it")])
    house_limit_days = WholeField("House limit, where it is shorter", most=365)
    effective_on = DayField("In effect from", [Given("from when it is in effect")])
    review_by = DayField("To be reviewed by", [Given("by when it is to be reviewed")])
    changes = ParagraphField("What this version changes, and why")

    def offer(self, products: Iterable[Product]) -> None:
        """Offer the products that the site uses, by what they are to a bag."""
        known = list(products)
        for field, kind in ((self.additive_id, ProductKind.ADDITIVE), (self.diluent_id, ProductKind.DILUENT)):
            field.offer((str(one.id), one.name) for one in known if one.kind is kind)

    def entry(self) -> FormulaEntry:
        """Return the record as it was written."""
        return FormulaEntry(
            **{name: self[name].data for name in _SAME},
            **{name: self[name].data == "yes" for name in _ANSWERED},
            dose_mg=self.dose.mg,
            additive_id=int(self.additive_id.data),
            diluent_id=int(self.diluent_id.data),
            materials=", ".join(self.materials.data or ()),
            steps=self.steps.steps(),
        )


class FormulaForm(_RecordForm):
    """A new record, under which code?"""

    code = LineField("Code of the record", [Required("the code")], longest=40)


class VersionForm(_RecordForm):
    """A draft, or the next version of a record; `revision` is that of the draft which was opened."""

    revision = RevisionField()


def values_of_formula(formula: Formula) -> dict[str, Any]:
    """Return what the form shows of a record that is there."""
    return {
        **{name: getattr(formula, name) for name in _SAME},
        **{name: "yes" if getattr(formula, name) else "no" for name in _ANSWERED},
        "dose": formula.dose_mg / Decimal(1000),
        "additive_id": str(formula.additive_id),
        "diluent_id": str(formula.diluent_id),
        "materials": [one.value for one in formula.allowed_materials],
        "steps": [
            {"instruction": one.instruction, "stage": one.stage.value, "photo": one.photo}
            for one in formula.steps
        ],
        "revision": str(formula.revision),
    }
