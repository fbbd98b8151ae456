"""Forms of the inventory room: receive a lot, and correct its expiry."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm

from pharmacy.formulary.models import Product
from pharmacy.web.fields import ChoiceField, LineField, Required, RequiredChoice, WholeField, WholeNumberGiven


class ReceiveLotForm(FlaskForm):
    """What came in?"""

    product = ChoiceField("Product", [RequiredChoice("the product")])
    number = LineField("Lot number, as printed", [Required("the lot number")], longest=20)
    expiry = LineField("Expiry, as printed", [Required("the expiry")], longest=10)
    containers = WholeField("How many vials or bags?", [WholeNumberGiven("how many came")], most=10_000)
    supplier = LineField("Supplier", [Required("the supplier")])
    location = LineField("Where does it stand?", [Required("the place")])

    def offer(self, products: Sequence[Product]) -> None:
        """Offer the products of the site."""
        self.product.offer([(str(one.id), one.name) for one in products])


class CorrectExpiryForm(FlaskForm):
    """Which expiry is really printed on the lot?"""

    expiry = LineField("Expiry, as printed", [Required("the expiry")], longest=10)
    reason = LineField("What is the reason?", [Required("the reason")], longest=500)
