"""What was typed, told for paper: each question with its answer in the words and units of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from wtforms import Field, FormField

from pharmacy.calculators.forms.base import (
    LOCAL,
    CalculatorForm,
    MomentField,
    RowsField,
    typed_text,
    typed_texts,
)
from pharmacy.domain.formatting import clock, day, number, quantity
from pharmacy.web.fields import ChoiceField, QuantityField, TicksField, WholeField


@dataclass(frozen=True, slots=True)
class Told:
    """Hold one group of the form: its legend, and its questions with their answers."""

    legend: str
    answers: tuple[tuple[str, str], ...]


def tell(form: CalculatorForm) -> list[Told]:
    """Tell input that was answered, group by group; boxes and groups left empty are not told."""
    told = (
        Told(legend, tuple(answer for name in names for answer in _tell_field(form[name])))
        for legend, names in form.groups
    )
    return [one for one in told if one.answers]


def _tell_field(field: Field, before: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(field, RowsField):
        for place, row in enumerate(field, start=1):
            yield from _tell_field(row, f"{field.one} {place}: ")
    elif isinstance(field, FormField):
        for box in field:
            yield from _tell_field(box, before)
    elif any(typed_texts(field)):
        yield f"{before}{field.label.text}", _tell_box(field)


def _tell_box(box: Field) -> str:
    text = typed_text(box)
    if isinstance(box, QuantityField):
        return quantity(Decimal(text), box.unit, 6)
    if isinstance(box, WholeField):
        return number(Decimal(text))
    if isinstance(box, ChoiceField):
        return {str(one.value): str(one.label) for one in box.choices}.get(text, text)
    if isinstance(box, MomentField) and LOCAL.fullmatch(text):
        moment = datetime.fromisoformat(text)
        return f"{day(moment.date())} {clock(moment)}"
    return ", ".join(typed_texts(box)) if isinstance(box, TicksField) else text
