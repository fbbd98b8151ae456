"""What a scale types: a stable gross weight in grams, in the forms that scales send to a keyboard.

Two forms are read, a plain number with `g` and the header form `ST,GS,+00104.82g` (stable, gross). All else
is refused: a moving scale, a net weight, another unit; a number that was guessed would pass a wrong bag.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pharmacy.domain.errors import InvalidInput

_PLAIN = re.compile(r"\+?([0-9]{1,5}(?:\.[0-9]{1,4})?)(?:\s*g)?", re.ASCII)
_HEADER = re.compile(r"([A-Z]{2}),([A-Z]{2}),([+-])\s*([0-9]{1,8}(?:\.[0-9]{1,4})?)\s*([A-Za-z]+)", re.ASCII)
_MOST_G = 99_999


def read_weight(text: str, *, field: str) -> Decimal:
    """Read a weight in grams from what a scale typed, or a person.

    >>> read_weight("  104.82 g", field="weight"), read_weight("ST,GS,+00104.82g", field="weight")
    (Decimal('104.82'), Decimal('104.82'))
    """
    stripped = text.strip()
    plain = _PLAIN.fullmatch(stripped)
    grams = Decimal(plain.group(1)) if plain else _read_header(stripped, field)
    if not 0 < grams <= _MOST_G:
        raise InvalidInput("The weight should be above 0 g; put the bag on the scale.", field=field)
    return grams


def _read_header(text: str, field: str) -> Decimal:
    found = _HEADER.fullmatch(text)
    if found is None:
        raise InvalidInput("The weight should be in grams, 104.82 g for example.", field=field)
    stable, kind, sign, digits, unit = found.groups()
    if stable != "ST":
        raise InvalidInput("The scale was still moving; weigh again once it is stable.", field=field)
    if kind != "GS":
        raise InvalidInput("The scale sent a net weight; take the tare off, and weigh again.", field=field)
    if unit != "g":
        raise InvalidInput(f"The scale sent {unit}; set it to g, and weigh again.", field=field)
    if sign == "-":
        raise InvalidInput("The scale sent a weight below 0; set it to zero, and weigh again.", field=field)
    return Decimal(digits)
