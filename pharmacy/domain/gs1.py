"""GS1 element strings as they stand on medicine packages: from plain elements to what the scan means.

A variable-length element (lot, serial) ends at a separator. When the scanner does not send it, the elements
run together; such a text is accepted only where it can be read in one way, or where a lot on hand leaves one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from pharmacy.domain.barcodes import (
    ScanMeaning,
    has_valid_check_digit,
    parse_gs1_date,
    product_from_gtin,
    unknown_scan,
)
from pharmacy.domain.errors import InvalidInput

Elements = tuple[tuple[str, str], ...]
# The 82 characters of a lot or serial number (GS1 General Specifications, character set 82).
_SET_82 = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}""", re.ASCII)
_LOT, _SERIAL = "10", "21"
_DATES = ("11", "13", "15", "16", "17")
_NAMES = {"01": "product", _LOT: "lot", "17": "expiry", _SERIAL: "serial"}
_LONGEST_ELEMENT = 90
# What GS1 does not allow beside the product, or beside a serial number.
_NEVER_WITH = {"01": frozenset({"02", "03", "37", "255"}), _SERIAL: frozenset({"235"})}
_MEASURE = re.compile(r"3[1-6][0-9]{2}", re.ASCII)
_SIGNATURE = "8030"


def meaning_of_elements(elements: Elements, text: str) -> ScanMeaning:
    """Decide what the elements of one code mean together.

    Raises InvalidInput for a wrong check digit, an expiry that does not exist, a lot or serial with
    characters that GS1 does not allow, and two different values for one element.
    """
    values: dict[str, str] = {}
    for identifier, value in elements:
        if values.setdefault(identifier, value) != value:
            name = _NAMES.get(identifier, f"({identifier})")
            raise InvalidInput(
                f"The code holds two different values for {name}: {values[identifier]}, {value}."
            )
    if "01" not in values:
        return unknown_scan(text, "The code does not say which product it is; scan the product's code.")
    _ensure_together(values)
    for identifier in (_LOT, _SERIAL):
        if identifier in values and not is_set_82(values[identifier]):
            raise InvalidInput(f"The {_NAMES[identifier]} in the code cannot be read; scan it again.")
    product = product_from_gtin(text, values["01"])
    return ScanMeaning(
        product.kind,
        text,
        gtin=product.gtin,
        ndc=product.ndc,
        lot=values.get(_LOT),
        expires=parse_gs1_date(values["17"]) if "17" in values else None,
        serial=values.get(_SERIAL),
    )


def _ensure_together(values: dict[str, str]) -> None:
    """Refuse elements that may not stand in one code (GS1 syntax dictionary, attributes ex and req)."""
    for one, others in _NEVER_WITH.items():
        for other in others & values.keys() if one in values else ():
            raise InvalidInput(f"The code holds ({one}) and ({other}), which contradict each other.")
    measures = [name[:3] for name in values if _MEASURE.fullmatch(name)]
    if len(set(measures)) < len(measures):
        raise InvalidInput("The code holds one measure twice; scan it again.")
    if _SIGNATURE in values and _SERIAL not in values:
        raise InvalidInput("The code holds a digital signature without the serial number that it is of.")


def is_set_82(value: str) -> bool:
    """Tell whether a lot or serial number has 1 to 20 characters of those that GS1 allows."""
    return bool(_SET_82.fullmatch(value))


def choose_reading(head: Elements, identifier: str, rest: str, *, known_lots: Collection[str]) -> Elements:
    """Read a text whose separators were not sent: `head`, then a variable element and all that follows it.

    Accepts the one way to read it, or the one whose lot is among `known_lots`; raises InvalidInput otherwise.
    """
    taken = {name for name, _ in head}
    readings = list(_readings(identifier, rest, frozenset(taken)))
    if len(readings) > 1:
        readings = [reading for reading in readings if dict(reading).get(_LOT) in known_lots]
    if len(readings) != 1:
        name = _NAMES.get(identifier, f"({identifier})")
        raise InvalidInput(
            f"What follows the {name} has run together with it: the scanner did not send the separator. "
            "Scan with a scanner that sends it, or type the lot."
        )
    return head + readings[0]


def _readings(identifier: str, rest: str, taken: frozenset[str]) -> Iterator[Elements]:
    """Yield every way to end a variable element and read what follows as elements not yet taken."""
    for length in range(1, min(len(rest), _LONGEST_ELEMENT) + 1):
        value, following = rest[:length], rest[length:]
        if identifier in (_LOT, _SERIAL) and not is_set_82(value):
            return
        if not following:
            yield ((identifier, value),)
        for more in _sequences(following, taken | {identifier}):
            yield ((identifier, value), *more)


def _sequences(text: str, taken: frozenset[str]) -> Iterator[Elements]:
    """Yield every way to read a text as elements that follow each other on a medicine package."""
    identifier = text[:2]
    if identifier in taken:
        return
    if identifier in (_LOT, _SERIAL):
        yield from _readings(identifier, text[2:], taken)
    elif identifier == "01" or identifier in _DATES:
        end = 16 if identifier == "01" else 8
        if not _is_plausible(identifier, text[2:end]):
            return
        if len(text) == end:
            yield ((identifier, text[2:]),)
        for more in _sequences(text[end:], taken | {identifier}):
            yield ((identifier, text[2:end]), *more)


def _is_plausible(identifier: str, value: str) -> bool:
    if identifier == "01":
        return len(value) == 14 and has_valid_check_digit(value)
    try:
        parse_gs1_date(value)
    except InvalidInput:
        return False
    return True
