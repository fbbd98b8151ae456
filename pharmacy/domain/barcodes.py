"""What a scan means: a product by its GTIN or NDC, one of our own serials, or nothing that we know.

A GTIN is built from the ten digits of an NDC (indicator, `03`, ten digits, check digit). Ten digits without
dashes are 4-4-2, 5-3-2 or 5-4-1: they are looked up among the candidates, never guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.expiry import last_day_of_month

_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_NDC_PREFIX = re.compile(r"\s*NDC[:#\s]*", re.ASCII | re.IGNORECASE)
_NDC_DASHED = re.compile(r"([0-9]{4,5})-([0-9]{3,4})-([0-9]{1,2})", re.ASCII)
# The lengths of labeler, product and package that an NDC is printed with.
_NDC10_FORMS = ((4, 4, 2), (5, 3, 2), (5, 4, 1))
_NDC11_FORM = (5, 4, 2)
# GS1 reads YY by a window around today. This one is fixed where it stood in 2026, so that a rule needs no
# clock: what it may get wrong it reads as long expired, which stops a scan instead of letting it through.
_FIRST_YEAR_OF_1900S = 77
# Crockford's 32 digits, without I, L, O and U; what people type for 0 and 1 instead.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TYPED_FOR = str.maketrans("OIL", "011")
_LEAST_DIGITS, _MOST_DIGITS = 5, 11
_SERIAL = re.compile(r"([BDMVW])-([0-9A-Z]{6,12})", re.ASCII | re.IGNORECASE)


class ScanKind(StrEnum):
    """What a scan turned out to be."""

    PRODUCT = "product"
    OWN_SERIAL = "own serial"
    UNKNOWN = "unknown"


class SerialPrefix(StrEnum):
    """What one of our own serials stands on."""

    BAG = "B"
    DOCUMENT = "D"
    MANIFEST = "M"
    WORKSHEET = "W"
    DEVIATION = "V"


@dataclass(frozen=True, slots=True)
class OwnSerial:
    """Hold one of our own serials; `text` is the only way it is written."""

    prefix: SerialPrefix
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Ndc:
    """Hold what an NDC text says: its ten digits where known, and every 11-digit form it can stand for."""

    digits10: str | None
    candidates11: tuple[str, ...]

    @property
    def ndc11(self) -> str | None:
        """Return the 11-digit form where only one is possible; None means look it up or ask."""
        return self.candidates11[0] if len(self.candidates11) == 1 else None


@dataclass(frozen=True, slots=True)
class ScanMeaning:
    """Hold what a scan means; only the fields of its kind are set.

    A product has a `gtin` (14 digits) or an NDC or both, and the `lot`, `expires` and `serial` that the code
    held. `why` says in a sentence why a scan is unknown.
    """

    kind: ScanKind
    text: str
    gtin: str | None = None
    ndc: Ndc | None = None
    lot: str | None = None
    expires: date | None = None
    serial: str | None = None
    own: OwnSerial | None = None
    why: str = ""

    @property
    def ndc10(self) -> str | None:
        """Return the ten NDC digits without dashes."""
        return self.ndc.digits10 if self.ndc else None

    @property
    def ndc11(self) -> str | None:
        """Return the 11-digit NDC where the code leaves no doubt."""
        return self.ndc.ndc11 if self.ndc else None

    @property
    def ndc11_candidates(self) -> tuple[str, ...]:
        """Return every 11-digit NDC that the code can stand for, to look up among the products."""
        return self.ndc.candidates11 if self.ndc else ()


def check_digit(payload: str) -> str:
    """Return the GS1 check digit of the digits before it: weights 3 and 1 from the right, modulo 10.

    >>> check_digit("0036332306421")
    '1'
    """
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(payload)))
    return str(-total % 10)


def has_valid_check_digit(digits: str) -> bool:
    """Tell whether the last digit is the GS1 check digit of those before it."""
    return len(digits) > 1 and bool(_DIGITS.fullmatch(digits)) and digits[-1] == check_digit(digits[:-1])


def normalize_gtin(digits: str) -> str:
    """Return a GTIN of 8, 12, 13 or 14 digits as 14; raises InvalidInput for a wrong length or check digit.

    >>> normalize_gtin("363323064211")
    '00363323064211'
    """
    if not _DIGITS.fullmatch(digits) or len(digits) not in (8, 12, 13, 14):
        raise InvalidInput("A GTIN should have 8, 12, 13 or 14 digits.", field="gtin")
    if not has_valid_check_digit(digits):
        raise InvalidInput(f"The check digit of {digits} is wrong; scan or type it again.", field="gtin")
    return digits.zfill(14)


def gtin_to_ndc10(gtin: str) -> str | None:
    """Return the ten NDC digits inside a 14-digit GTIN, at any packaging level; None when it holds no NDC.

    >>> gtin_to_ndc10("00363323064211"), gtin_to_ndc10("05901234123457")
    ('6332306421', None)
    """
    return gtin[3:13] if gtin[1:3] == "03" else None


def normalize_ndc(text: str) -> Ndc:
    """Read an NDC: dashed 4-4-2, 5-3-2, 5-4-1 or 5-4-2, eleven digits, or ten digits that stay ambiguous.

    Raises InvalidInput for anything else.

    >>> normalize_ndc("63323-064-21").ndc11
    '63323006421'
    >>> normalize_ndc("6332306421").candidates11
    ('06332306421', '63323006421', '63323064201')
    """
    plain = _NDC_PREFIX.sub("", text, count=1).strip()
    if len(plain) == 11 and _DIGITS.fullmatch(plain):
        return Ndc(None, (plain,))
    if len(plain) == 10 and _DIGITS.fullmatch(plain):
        return ndc_from_digits10(plain)
    dashed = _NDC_DASHED.fullmatch(plain)
    if dashed:
        parts = dashed.groups()
        lengths = tuple(len(part) for part in parts)
        if lengths in _NDC10_FORMS:
            return Ndc("".join(parts), (_pad(parts),))
        if lengths == _NDC11_FORM:
            return Ndc(None, (_pad(parts),))
    raise InvalidInput(
        "An NDC should be written with dashes, such as 63323-064-21, or as 10 or 11 digits.", field="ndc"
    )


def ndc_from_digits10(digits: str) -> Ndc:
    """Return the NDC of ten digits without dashes: every 11-digit form that they can stand for."""
    candidates = (
        _pad((digits[:labeler], digits[labeler : labeler + product], digits[labeler + product :]))
        for labeler, product, _ in _NDC10_FORMS
    )
    return Ndc(digits, tuple(dict.fromkeys(candidates)))


def _pad(parts: tuple[str, ...]) -> str:
    return "".join(part.zfill(length) for part, length in zip(parts, _NDC11_FORM, strict=True))


def parse_gs1_date(text: str) -> date:
    """Read YYMMDD; day 00 is the last day of the month. Raises InvalidInput for a date that does not exist.

    >>> parse_gs1_date("260200")
    datetime.date(2026, 2, 28)
    """
    if len(text) != 6 or not _DIGITS.fullmatch(text):
        raise InvalidInput(f"{text} should be a date of six digits, as YYMMDD.", field="expires")
    year = int(text[:2]) + (1900 if int(text[:2]) >= _FIRST_YEAR_OF_1900S else 2000)
    try:
        if text[4:] == "00":
            return last_day_of_month(date(year, int(text[2:4]), 1))
        return date(year, int(text[2:4]), int(text[4:]))
    except ValueError:
        raise InvalidInput(f"{text} is not a date that exists (YYMMDD).", field="expires") from None


def product_from_gtin(text: str, digits: str) -> ScanMeaning:
    """Return the product meaning of a GTIN; raises InvalidInput for a wrong length or check digit."""
    gtin = normalize_gtin(digits)
    digits10 = gtin_to_ndc10(gtin)
    return ScanMeaning(
        ScanKind.PRODUCT, text, gtin=gtin, ndc=ndc_from_digits10(digits10) if digits10 else None
    )


def unknown_scan(text: str, why: str) -> ScanMeaning:
    """Return the meaning of a scan that is none that we know, with the reason."""
    return ScanMeaning(ScanKind.UNKNOWN, text, why=why)


def make_serial(prefix: SerialPrefix, number: int) -> str:
    """Write one of our own serials: prefix, hyphen, the number in base 32 and one check character.

    The check is taken over prefix and number in the field of 32 elements, so that every single wrong
    character and every exchange of two is caught. Raises InvalidInput for a number below 1 or too large.

    >>> make_serial(SerialPrefix.BAG, 1)
    'B-000016'
    """
    if not 1 <= number < 32**_MOST_DIGITS:
        raise InvalidInput(f"A serial number should be from 1 to {32**_MOST_DIGITS - 1:,}.", field="number")
    digits = ""
    while number:
        number, last = divmod(number, 32)
        digits = _ALPHABET[last] + digits
    digits = digits.rjust(_LEAST_DIGITS, "0")
    return f"{prefix}-{digits}{_ALPHABET[_times_two(_remainder(prefix + digits))]}"


def is_like_serial(text: str) -> bool:
    """Tell whether a text has the shape of one of our own serials, right or mistyped."""
    return bool(_SERIAL.fullmatch(text))


def is_serial(text: str) -> bool:
    """Tell whether a text is one of our own serials, rightly written."""
    try:
        parse_serial(text)
    except InvalidInput:
        return False
    return True


def parse_serial(text: str) -> OwnSerial:
    """Read one of our own serials, in any letter case, with O for 0 and I or L for 1 as people type them.

    Raises InvalidInput when it has not the shape of one, or when its check character tells it is mistyped.

    >>> parse_serial("b-oooo16").text
    'B-000016'
    """
    shape = _SERIAL.fullmatch(text.strip())
    if not shape:
        raise InvalidInput(
            "Our serials are B, D, M, V or W, a hyphen and 6 to 12 letters and digits, such as B-000016.",
            field="serial",
        )
    prefix = SerialPrefix(shape[1].upper())
    characters = shape[2].upper().translate(_TYPED_FOR)
    if not set(characters) <= set(_ALPHABET) or _remainder(prefix + characters):
        raise InvalidInput(f"{text.strip()} is mistyped or misread; scan or type it again.", field="serial")
    number = 0
    for character in characters[:-1]:
        number = number * 32 + _ALPHABET.index(character)
    canonical = f"{prefix}-{characters}"
    # One number has one serial: a longer writing with more zeros would be a second name for the same bag.
    if make_serial(prefix, number) != canonical:
        raise InvalidInput(f"{text.strip()} is not a serial that was issued.", field="serial")
    return OwnSerial(prefix, number, canonical)


def _remainder(characters: str) -> int:
    """Evaluate the characters as a polynomial at the field's generator; 0 for a serial that is right."""
    value = 0
    for character in characters:
        value = _times_two(value) ^ _ALPHABET.index(character)
    return value


def _times_two(value: int) -> int:
    """Multiply by the generator in the field of 32 elements (modulus x^5 + x^2 + 1)."""
    return (value << 1) ^ (0b100101 if value & 0b10000 else 0)
