"""Read calculator input strictly: every field by name, nothing guessed (calculators.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.local_time import find_zone, to_instant
from pharmacy.domain.quantities import parse_quantity

_OFFSET = r"(Z|[+-]\d\d:[0-5]\d(:[0-5]\d)?)"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?" + _OFFSET, re.ASCII)
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII)
_CLOCK = re.compile(r"\d\d:\d\d(:\d\d)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOST_WHOLE = 1000
# Inside `Fields` the word date names one of its readers.
_Day: TypeAlias = date


_LONGEST_KEY = 40


class NumberText(str):
    """Hold a JSON number as it was written, so that no binary float ever stands for it."""


class _Bad:
    """Hold what no field takes (null, `NaN`, a key given twice) until the place of its field is known."""

    def __init__(self, why: str) -> None:
        self.why = why


_NULL, _TWICE = _Bad("should have a value; null is not accepted"), _Bad("is given twice")


def read_object(text: str) -> Fields:
    """Read one JSON object; raises InvalidInput for anything else."""
    try:
        value = json.loads(
            text,
            parse_int=NumberText,
            parse_float=NumberText,
            parse_constant=lambda name: _Bad(f"should be a plain number; {name} is not one"),
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"The input should be one JSON object; line {error.lineno}, column {error.colno} cannot be read."
        ) from None
    except RecursionError:
        raise InvalidInput("The input is nested too deeply; it should be one JSON object.") from None
    if not isinstance(value, dict):
        raise InvalidInput("The input should be one JSON object.")
    return Fields(value)


def _shown(key: str) -> str:
    """Write a key for a sentence of one line."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in key)
    return plain if len(plain) <= _LONGEST_KEY else plain[:_LONGEST_KEY] + "..."


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[key] = _TWICE if key in found else _NULL if value is None else value
    return found


class Fields:
    """Hand out the fields of one object by name and kind; `close` refuses what nobody asked for."""

    def __init__(self, values: dict[str, Any], where: str = "") -> None:
        self._values = values
        self._where = where
        self._asked: set[str] = set()

    def name(self, key: str) -> str:
        """Say where a field stands, as in `components[0].lot`."""
        return f"{self._where}.{key}" if self._where else key

    def has(self, key: str) -> bool:
        """Tell whether an optional field is given."""
        self._asked.add(key)
        return key in self._values

    def refuse(self, key: str, expected: str) -> InvalidInput:
        """Make the refusal of a field: its name and what it should be."""
        return InvalidInput(f"{self.name(key)} should be {expected}.", field=self.name(key))

    def _take(self, key: str, expected: str) -> Any:
        self._asked.add(key)
        if key not in self._values:
            raise InvalidInput(f"{self.name(key)} is missing; it should be {expected}.", field=self.name(key))
        value = self._values[key]
        if isinstance(value, _Bad):
            raise InvalidInput(f"{self.name(key)} {value.why}.", field=self.name(key))
        return value

    def text(self, key: str, expected: str = "text") -> str:
        """Read a text that is not blank."""
        value = self._take(key, expected)
        if not isinstance(value, str) or isinstance(value, NumberText) or not value.strip():
            raise self.refuse(key, expected)
        return value

    def choice(self, key: str, options: Sequence[str]) -> str:
        """Read one of the words listed."""
        expected = "one of " + ", ".join(options)
        value = self.text(key, expected)
        if value not in options:
            raise self.refuse(key, expected)
        return value

    def boolean(self, key: str) -> bool:
        """Read true or false."""
        value = self._take(key, "true or false")
        if not isinstance(value, bool):
            raise self.refuse(key, "true or false")
        return value

    def quantity(self, key: str, *, zero_allowed: bool = False) -> Decimal:
        """Read a decimal quantity in the unit that the key names."""
        expected = "a plain number of at most 7 digits and 6 decimals, such as 10.4"
        value = self._take(key, expected)
        if not isinstance(value, str):
            raise self.refuse(key, expected)
        return parse_quantity(value, field=self.name(key), zero_allowed=zero_allowed)

    def whole(self, key: str, *, zero_allowed: bool = False, most: int = _MOST_WHOLE) -> int:
        """Read a whole number up to `most`."""
        least = 0 if zero_allowed else 1
        expected = f"a whole number from {least} to {most:,}"
        value = self._take(key, expected)
        if not isinstance(value, str):
            raise self.refuse(key, expected)
        try:
            amount = parse_quantity(value, field=self.name(key), zero_allowed=True)
        except InvalidInput:
            raise self.refuse(key, expected) from None
        if amount != int(amount) or not least <= amount <= most:
            raise self.refuse(key, expected)
        return int(amount)

    def zone(self, key: str = "timezone") -> ZoneInfo:
        """Read an IANA time zone."""
        return find_zone(self.text(key, "an IANA time zone such as America/New_York"), field=self.name(key))

    def date(self, key: str) -> date:
        """Read a date as YYYY-MM-DD."""
        return self._date(key, self.text(key, "a date as YYYY-MM-DD"), "a date")

    def dates(self, key: str) -> list[_Day]:
        """Read a list of dates as YYYY-MM-DD, which may be empty but not missing."""
        dates = "a list of dates"
        return [self._date(key, value, dates) for value in self.texts(key, f"{dates} as YYYY-MM-DD")]

    def _date(self, key: str, value: str, kind: str) -> _Day:
        if not _DATE.fullmatch(value):
            raise self.refuse(key, f"{kind} as YYYY-MM-DD")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.refuse(key, f"{kind} in the calendar, as YYYY-MM-DD") from None

    def clock(self, key: str) -> time:
        """Read a clock time at home as HH:MM or HH:MM:SS."""
        expected = "a clock time such as 10:00"
        value = self.text(key, expected)
        if not _CLOCK.fullmatch(value):
            raise self.refuse(key, expected)
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise self.refuse(key, expected) from None

    def local(self, key: str) -> datetime:
        """Read a local date-time without offset as YYYY-MM-DDTHH:MM or with seconds."""
        expected = "a local date-time without offset, as YYYY-MM-DDTHH:MM"
        value = self.text(key, expected)
        if not _LOCAL.fullmatch(value):
            raise self.refuse(key, expected)
        return self._datetime(key, value)

    def instant(self, key: str, zone: ZoneInfo | None = None) -> datetime:
        """Read an instant with offset, or beside a zone a local date-time; answers an aware datetime."""
        expected = "an ISO 8601 date-time with offset, as 2026-11-09T21:00:00-05:00"
        value = self.text(key, expected)
        if _INSTANT.fullmatch(value):
            return self._datetime(key, value)
        if zone is not None and _LOCAL.fullmatch(value):
            return to_instant(self._datetime(key, value), zone)
        raise self.refuse(key, expected)

    def _datetime(self, key: str, value: str) -> datetime:
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise self.refuse(key, "a date and time that exist") from None

    def object(self, key: str) -> Fields:
        """Read an object field."""
        value = self._take(key, "an object")
        if not isinstance(value, dict):
            raise self.refuse(key, "an object")
        return Fields(value, self.name(key))

    def objects(self, key: str, *, empty_allowed: bool = True) -> list[Fields]:
        """Read a list of objects; each knows its place, as in `moves[0]`."""
        expected = "a list of objects" if empty_allowed else "a list of at least one object"
        value = self._take(key, expected)
        if not isinstance(value, list) or (not value and not empty_allowed):
            raise self.refuse(key, expected)
        if not all(isinstance(one, dict) for one in value):
            raise self.refuse(key, expected)
        return [Fields(one, f"{self.name(key)}[{place}]") for place, one in enumerate(value)]

    def texts(self, key: str, expected: str = "a list of texts") -> list[str]:
        """Read a list of texts."""
        value = self._take(key, expected)
        if not isinstance(value, list) or not all(
            isinstance(one, str) and not isinstance(one, NumberText) for one in value
        ):
            raise self.refuse(key, expected)
        return list(value)

    def close(self) -> None:
        """Refuse every key that no rule asked for; call it when all fields are read."""
        for key in self._values:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise InvalidInput(
                    f"{_shown(self.name(key))} is not a field of this calculator; known are {known}.",
                    field=self.name(key),
                )
