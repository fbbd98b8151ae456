"""Fields: what a person types, read strictly, with messages that say what to do."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.quantities import decimal_text, parse_quantity
from pharmacy.domain.scale_text import read_weight

LONGEST_TEXT = 2000


class Given:
    """Ask for an empty field; one that holds what cannot be read keeps the reason why not."""

    def __init__(self, what: str) -> None:
        self.sentence = f"Enter {what}."

    def __call__(self, form: Any, field: Field) -> None:
        """Refuse an empty box, or stop after the reason that the field gave."""
        if field.data is not None:
            return
        if any(str(one).strip() for one in field.raw_data or ()):
            raise StopValidation()
        field.errors = []
        raise StopValidation(self.sentence)


class Required(DataRequired):
    """Ask for an empty field in one voice: `Enter the dose.`"""

    def __init__(self, what: str) -> None:
        super().__init__(f"Enter {what}.")


class RequiredChoice(DataRequired):
    """Ask for a choice in one voice: `Choose the route.`"""

    def __init__(self, what: str) -> None:
        super().__init__(f"Choose {what}.")


class MustBeTicked:
    """Refuse a box that is not ticked, saying what it stands for."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Field) -> None:
        """Refuse when the box is empty."""
        if not field.data:
            raise StopValidation(self.sentence)


def _clean(text: str | None) -> str:
    return (text or "").strip()


class LineField(StringField):
    """One line of text, stripped; control characters and overlong text are refused."""

    def __init__(self, label: str = "", validators: Any = (), *, longest: int = 200, **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[_clean], **kwargs)
        self.longest = longest

    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be shown or printed."""
        _ensure_plain(self, self.longest)


class ParagraphField(TextAreaField):
    """Several lines of text, stripped."""

    def __init__(self, label: str = "", validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, filters=[_clean], **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be shown or printed."""
        _ensure_plain(self, LONGEST_TEXT)


def _ensure_plain(field: StringField, longest: int) -> None:
    text = field.data or ""
    if len(text) > longest:
        raise StopValidation(f"Shorten this to at most {longest:,} characters.")
    if any(not one.isprintable() and one not in "\r\n\t" for one in text):
        raise StopValidation("Remove the characters that cannot be shown.")


class ScanField(StringField):
    """What a keyboard-wedge scanner types; kept raw, with its group separators."""

    def pre_validate(self, form: Any) -> None:
        """Refuse an overlong scan."""
        if self.data and len(self.data) > 500:
            raise StopValidation("This is longer than any barcode; scan again.")
        if self.data and "\x00" in self.data:
            raise StopValidation("This scan is damaged; scan again.")


class QuantityField(StringField):
    """A plain decimal number; `data` is a Decimal, what was typed stays in the box."""

    def __init__(
        self, label: str = "", validators: Any = (), *, unit: str = "", zero_allowed: bool = False, **kw: Any
    ) -> None:
        super().__init__(label, validators, **kw)
        self.unit = unit
        self.zero_allowed = zero_allowed

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return decimal_text(self.data) if isinstance(self.data, Decimal) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number strictly: no exponent, no sign, no other digits."""
        text = _clean(valuelist[0] if valuelist else None)
        self.data = None
        if not text:
            return
        try:
            self.data = parse_quantity(text, field=self.label.text, zero_allowed=self.zero_allowed)
        except InvalidInput:
            least = "a number" if self.zero_allowed else "a number greater than 0"
            unit = f" in {self.unit}" if self.unit else ""
            raise ValidationError(
                f"Enter {least}{unit} with at most 7 digits and 6 decimals, such as 10.4."
            ) from None


class WeightField(StringField):
    """What a scale types into the field, or a person; `data` is a Decimal in g, what was typed stays."""

    unit = "g"

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a stable gross weight in grams strictly."""
        text = _clean(valuelist[0] if valuelist else None)
        self.data = None
        if not text:
            return
        try:
            self.data = read_weight(text, field=self.label.text)
        except InvalidInput as refusal:
            raise ValidationError(refusal.sentence) from None

    def pre_validate(self, form: Any) -> None:
        """Let what is wrong with a text stand, instead of asking for one."""
        if self.errors:
            raise StopValidation()


class DoseField(QuantityField):
    """A dose typed in g; `mg` is what the record holds."""

    def __init__(self, label: str = "", validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, unit="g", **kwargs)

    @property
    def mg(self) -> Decimal:
        """Return the dose in mg."""
        return Decimal(self.data) * 1000


class WholeField(StringField):
    """A whole number within limits; `data` is an int."""

    def __init__(
        self, label: str = "", validators: Any = (), *, least: int = 1, most: int = 1000, **kw: Any
    ) -> None:
        super().__init__(label, validators, **kw)
        self.least, self.most = least, most

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number strictly."""
        text = _clean(valuelist[0] if valuelist else None)
        self.data = None
        if not text:
            return
        good = text.isascii() and text.isdigit() and len(text) <= 7
        if not good or not self.least <= int(text) <= self.most:
            raise ValidationError(f"Enter a whole number from {self.least:,} to {self.most:,}.")
        self.data = int(text)


class WholeNumberGiven(DataRequired):
    """Ask for a whole number that may be 0."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Enter {what}.")

    def __call__(self, form: Any, field: Field) -> None:
        """Refuse only an empty box, not a 0."""
        if field.data is None:
            if field.errors:
                raise StopValidation()
            raise StopValidation(self.message)


class DayField(DateField):
    """A date."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date, with a message that shows the form."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter a date that exists, such as 2026-11-09.") from None


class ClockTimeField(DateTimeLocalField):
    """A date with a clock time at home or at the site; `data` is naive and local."""

    def __init__(self, label: str = "", validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date and time, with a message that shows the form."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter a date and time that exist, such as 2026-11-09 21:00.") from None


class ChoiceField(SelectField):
    """One of several; starts empty, so that nothing is chosen by default."""

    def __init__(
        self,
        label: str = "",
        validators: Any = (),
        *,
        choices: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, choices=_select_choices(choices), **kwargs)

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these values with their words, for choices that are read from records."""
        self.choices = _select_choices(choices)

    def pre_validate(self, form: Any) -> None:
        """Leave an empty choice to the validator that asks for it."""
        if self.data:
            super().pre_validate(form)


class TicksField(SelectMultipleField):
    """Several of a few, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def offer(self, choices: Iterable[tuple[str, str]]) -> None:
        """Offer these values with their words, for choices that are read from records."""
        self.choices = list(choices)


def _select_choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice("", "Choose"), *(SelectChoice(value, words) for value, words in pairs)]


__all__ = [
    "ChoiceField",
    "ClockTimeField",
    "DayField",
    "DoseField",
    "Given",
    "LineField",
    "MustBeTicked",
    "ParagraphField",
    "QuantityField",
    "Required",
    "RequiredChoice",
    "ScanField",
    "TicksField",
    "WholeField",
    "WholeNumberGiven",
]
