"""What the form of every calculator can do: take what was typed, say it as JSON, hold it in an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, TypeGuard

from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, Form, FormField, StringField

from pharmacy.domain.errors import InvalidInput
from pharmacy.web.fields import ChoiceField, TicksField

MOST_ROWS = 60
# The button that asks for one more row names the list here; it is no input of the rule.
ADD = "add"
LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII)
_ROW = re.compile(r"(?P<list>[a-z_]+)-(?P<row>\d{1,6})(?P<rest>-.+)?", re.ASCII | re.DOTALL)
_LONGEST_NAME = 40
Typed = MultiDict[str, str]


class MomentField(StringField):
    """A date and clock time; what no date picker can hold, such as an offset, stays as text."""

    def __call__(self, **kwargs: Any) -> Any:
        """Draw a date picker where it can show what was typed."""
        text = typed_text(self)
        picker = "text" if text and not LOCAL.fullmatch(text) else "datetime-local"
        return super().__call__(**{"type": picker, "step": "1" if text.count(":") > 1 else "60", **kwargs})


class YesNoField(ChoiceField):
    """Yes or no; starts empty, so that neither is taken for granted."""

    def __init__(self, label: str = "", **kwargs: Any) -> None:
        super().__init__(label, choices=[("yes", "Yes"), ("no", "No")], **kwargs)
        self.type = ChoiceField.__name__


class DatesField(StringField):
    """Dates side by side in one box, with blanks or commas between them."""

    def _value(self) -> str:
        return ", ".join(typed_texts(self))


class RowsField(FieldList):
    """A list of rows; `one` says what a row is, and a list that is not needed is left out when empty."""

    def __init__(
        self, form: type[Form], label: str, *, one: str, needed: bool = True, hint: str = "", **kwargs: Any
    ) -> None:
        super().__init__(FormField(form), label, description=hint, **kwargs)
        self.one, self.needed = one, needed


class CalculatorForm(Form):
    """Base of the six forms: `groups` are the boxes in the order of the page, each with its legend."""

    rule: ClassVar[str]
    title: ClassVar[str]
    purpose: ClassVar[str]
    groups: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]]

    def __init__(self, typed: Typed) -> None:
        self.asked_for = typed.get(ADD, "")
        self.was_sent = any(True for name in typed if name != ADD)
        self._typed, shown = _drop_blank_rows(typed)
        super().__init__(self._typed)
        for rows in self._lists():
            is_longer = self.asked_for == rows.name
            wanted = max(shown.get(rows.name, 0) if is_longer else 0, len(rows)) + 1
            while len(rows) < min(wanted, MOST_ROWS):
                rows.append_entry()
            if is_longer:
                _begin_at(rows)

    def _lists(self) -> list[RowsField]:
        return [field for field in self if isinstance(field, RowsField)]

    @property
    def is_asking_for_row(self) -> bool:
        """Tell whether only one more row was asked for, and no answer."""
        return any(rows.name == self.asked_for for rows in self._lists())

    def values(self) -> dict[str, Any]:
        """Return the input of the rule; a box that was left empty is not in it.

        Refuses a name that no box has and a name given twice, as the command line does.
        """
        self._ensure_known()
        return _values(self)

    def address(self) -> list[tuple[str, str]]:
        """Return the names and texts that hold this input in an address."""
        return [(box.name, text) for box in self.boxes() for text in typed_texts(box) if text]

    def boxes(self) -> Iterator[Field]:
        """Walk the boxes that can be filled in, those of rows too."""
        return (field for field in _walk(self) if not _holds_others(field))

    def find(self, path: str | None) -> Field | None:
        """Find the box, or the group of boxes, that a refusal names, as in `components[0].lot`."""
        name = re.sub(r"[\[\].]+", "-", path or "").strip("-")
        return next((field for field in _walk(self) if field.name == name), None)

    def _ensure_known(self) -> None:
        named = {box.name: box for box in self.boxes()}
        for name in self._typed:
            if name not in named:
                known = ", ".join(sorted(str(field.short_name) for field in self))
                raise InvalidInput(f"{_shown(name)} is not a field of this calculator; known are {known}.")
            if len(self._typed.getlist(name)) > 1 and not _holds_several(named[name]):
                raise InvalidInput(f"{_shown(name)} is given twice.", field=name)
        for rows in self._lists():
            if len(rows) > MOST_ROWS:
                raise InvalidInput(f"{rows.name} should have at most {MOST_ROWS} rows.", field=rows.name)


def typed_text(box: Field) -> str:
    """Return what was typed into a box, without the blanks around it."""
    return str(box.raw_data[0]).strip() if box.raw_data else ""


def typed_texts(box: Field) -> list[str]:
    """Return all that was typed or ticked in a box, each without the blanks around it."""
    return [str(one).strip() for one in box.raw_data or []]


def flatten(values: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    """Write the input of a rule as the names and texts of its form."""
    found: list[tuple[str, str]] = []
    for key, value in values.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            found += flatten(value, f"{name}-")
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            for place, one in enumerate(value):
                found += flatten(one, f"{name}-{place}-")
        elif isinstance(value, list):
            found += [(name, one) for one in value]
        else:
            found.append((name, {True: "yes", False: "no"}.get(value, value)))
    return found


def _drop_blank_rows(typed: Typed) -> tuple[Typed, dict[str, int]]:
    """Renumber the rows that hold something; answer them with the number of rows that each list showed."""
    shown: dict[str, list[int]] = {}
    filled: dict[str, list[int]] = {}
    for name, text in typed.items(multi=True):
        match = _ROW.fullmatch(name)
        if match:
            shown.setdefault(match["list"], []).append(int(match["row"]))
            if text.strip():
                filled.setdefault(match["list"], []).append(int(match["row"]))
    places = {
        name: {row: place for place, row in enumerate(sorted(set(rows)))} for name, rows in filled.items()
    }
    kept: Typed = MultiDict()
    for name, text in typed.items(multi=True):
        match = _ROW.fullmatch(name)
        if match and int(match["row"]) in places.get(match["list"], {}):
            kept.add(f"{match['list']}-{places[match['list']][int(match['row'])]}{match['rest'] or ''}", text)
        elif not match and name != ADD:
            kept.add(name, text)
    return kept, {name: len(set(rows)) for name, rows in shown.items()}


def _values(fields: Iterable[Field]) -> dict[str, Any]:
    found = {field.short_name: _value(field) for field in fields}
    return {name: value for name, value in found.items() if value is not None}


def _value(field: Field) -> Any:
    """Return what a box holds for the rule; None for nothing."""
    if isinstance(field, FormField):
        return _values(field)
    if isinstance(field, RowsField):
        rows = [value for value in map(_value, field) if value]
        return rows if rows or field.needed else None
    if _holds_several(field):
        return [one for text in typed_texts(field) for one in re.split(r"[\s,]+", text) if one]
    text = typed_text(field)
    if isinstance(field, YesNoField):
        return {"": None, "yes": True, "no": False}.get(text, text)
    return text or None


def _begin_at(rows: RowsField) -> None:
    """Put the cursor into the row that was added, without a script."""
    box = next(iter(rows.entries[-1]))
    box.render_kw = {**(box.render_kw or {}), "autofocus": True}


def _holds_several(field: Field) -> bool:
    return isinstance(field, TicksField | DatesField)


def _holds_others(field: Field) -> TypeGuard[FieldList | FormField]:
    return isinstance(field, FieldList | FormField)


def _walk(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        if _holds_others(field):
            yield from _walk(field)


def _shown(name: str) -> str:
    plain = "".join(letter if letter.isprintable() else "?" for letter in name)
    return plain if len(plain) <= _LONGEST_NAME else plain[:_LONGEST_NAME] + "..."
