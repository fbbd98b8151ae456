"""The form that asks which product a code means."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired

from pharmacy.formulary.models import Product
from pharmacy.web.fields import ScanField


class WhichProductForm(FlaskForm):
    """Which of several products is it: its number in the list, or another code that says it?"""

    code = HiddenField()
    answer = ScanField(
        "Type its number, or scan its square code",
        [InputRequired("Type the number of the product, or scan its square code.")],
    )

    def chosen(self, products: Sequence[Product]) -> Product | None:
        """Return the product whose number was answered; None where the answer is another code."""
        answer = (self.answer.data or "").strip()
        numbered = {str(number): product for number, product in enumerate(products, start=1)}
        return numbered.get(answer)
