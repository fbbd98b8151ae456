"""Forms of products: what the label says, a correction, and the codes that a scan may carry."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from pharmacy.domain.product_containers import ProductContainer
from pharmacy.formulary.actions import GTIN, NDC, ProductEntry, digest_product
from pharmacy.formulary.models import Product, ProductKind
from pharmacy.web.fields import (
    ChoiceField,
    Given,
    LineField,
    ParagraphField,
    QuantityField,
    Required,
    RequiredChoice,
    WholeField,
)

_KINDS = (
    (ProductKind.ADDITIVE.value, "an additive"),
    (ProductKind.DILUENT.value, "a diluent"),
    (ProductKind.PREMIX.value, "a ready-made bag that stands in for both"),
)
_SAME = (
    *("drug", "strength", "salt_form", "container", "volume_ml", "overfill_ml", "mg_per_ml", "meq_per_ml"),
    *("mosm_per_ml", "density_g_per_ml", "tare_g", "label_hours", "storage", "source_note"),
)
_OR_NOTHING = ("overfill_source", "weights_source")


class ProductForm(FlaskForm):
    """What does the label of the product say?"""

    kind = ChoiceField("What is it to a bag?", [RequiredChoice("what it is to a bag")], choices=_KINDS)
    drug = LineField("Drug, or the diluent's substance", [Required("the drug")])
    strength = LineField("Strength, as the label says it", [Required("the strength")])
    salt_form = LineField("Salt form or grade, where the label names it")
    container = LineField("Container, as it is called", [Required("the container")])
    container_kind = ChoiceField(
        "Kind of container",
        [RequiredChoice("the kind of container")],
        choices=[(one.value, one.value) for one in ProductContainer],
    )
    volume_ml = QuantityField("Volume on the label", [Given("the volume")], unit="mL")
    mg_per_ml = QuantityField("Strength in mg/mL", unit="mg/mL")
    meq_per_ml = QuantityField("Strength in mEq/mL", unit="mEq/mL")
    mosm_per_ml = QuantityField(
        "Osmolarity on the label", [Given("the mOsm/mL")], unit="mOsm/mL", zero_allowed=True
    )
    overfill_ml = QuantityField("Overfill of the maker", unit="mL", zero_allowed=True)
    overfill_source = LineField("Where the overfill comes from")
    density_g_per_ml = QuantityField("Density", unit="g/mL")
    tare_g = QuantityField("Weight of the empty container", unit="g")
    weights_source = LineField("Where density and empty weight come from")
    label_hours = WholeField("Hours of use after the first entry, where the label says", most=2000)
    high_alert = ChoiceField(
        "Is it a high-alert drug?",
        [RequiredChoice("whether it is a high-alert drug")],
        choices=[("yes", "Yes"), ("no", "No")],
    )
    storage = LineField("Storage of the product", [Required("the storage")])
    source_note = ParagraphField("Where these values come from", [Required("where the values come from")])

    def entry(self) -> ProductEntry:
        """Return the product as it was described."""
        return ProductEntry(
            **{name: self[name].data for name in _SAME},
            **{name: self[name].data or None for name in _OR_NOTHING},
            kind=ProductKind(self.kind.data),
            container_kind=ProductContainer(self.container_kind.data),
            high_alert=self.high_alert.data == "yes",
        )


class CorrectProductForm(ProductForm):
    """What is put right, and why? `shown` is the digest of the values that the page was opened with."""

    reason = LineField("Why is it corrected?", [Required("the reason")], longest=500)
    shown = HiddenField()


class CodeForm(FlaskForm):
    """Which code stands on the product?"""

    system = ChoiceField(
        "What kind of code?", [RequiredChoice("the kind of code")], choices=[(NDC, "NDC"), (GTIN, "GTIN")]
    )
    text = LineField("The code, as it is printed", [Required("the code")], longest=40)


def values_of_product(product: Product) -> dict[str, Any]:
    """Return what the form shows of a product that is there."""
    return {
        **{name: getattr(product, name) for name in (*_SAME, *_OR_NOTHING)},
        "kind": product.kind.value,
        "container_kind": product.container_kind.value,
        "high_alert": "yes" if product.high_alert else "no",
        "shown": digest_product(product),
    }
