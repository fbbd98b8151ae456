"""Read a raw scan, as a keyboard-wedge scanner types it, into what it means.

The text may carry a symbology identifier (`]d2`), separators (GS, or `|` from scanners set so) and a line
end, and keyboard settings may have changed it. Own serials come first, then GS1 element strings, GTINs, NDCs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from pharmacy.domain.barcodes import (
    ScanKind,
    ScanMeaning,
    SerialPrefix,
    is_like_serial,
    normalize_ndc,
    parse_serial,
    product_from_gtin,
    unknown_scan,
)
from pharmacy.domain.errors import InvalidInput, Refusal, ScanRefused
from pharmacy.domain.gs1 import Elements, choose_reading, meaning_of_elements
from pharmacy.domain.interception import Cause, Reading
from pharmacy.domain.wedge import ensure_same_layout, mend_keyboard

GS = "\x1d"
SCAN_LABEL = "Scan the bar code of the label on the bag."
# No code on a package is longer; more is a paste or a stuck key.
_LONGEST_SCAN = 300
_LINE_ENDS = " \t\r\n"
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]", re.ASCII)
_GS1_SYMBOLOGIES = {"]C1", "]d2", "]Q3", "]e0", "]J1"}
_GTIN_SYMBOLOGIES = {"]E0": 13, "]E4": 8, "]I0": 14, "]I1": 14}
# An EAN-13 with an add-on of 2 or 5 digits, which no medicine needs.
_WITH_ADD_ON, _ADD_ON_LENGTHS = "]E3", (15, 18)
_COMPOSITE = "|]e0"
_ELEMENTS_START = re.compile(r"(?:1[1-7][0-9]{6})*01[0-9]{14}", re.ASCII)
_BRACKETED = re.compile(r"\(([0-9]{2,4})\)", re.ASCII)
_WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_NDC_SHAPE = re.compile(r"(NDC.*|[0-9]{4,5}-[0-9]{3,4}-[0-9]{1,2}|[0-9]{10,11})", re.ASCII | re.IGNORECASE)


@contextmanager
def reading_of(raw: str) -> Iterator[Reading]:
    """Let every refusal inside say what was scanned, and what it was read as so far."""
    seen = Reading(raw)
    try:
        yield seen
    except Refusal as refusal:
        refusal.reading = seen
        raise


def keep_meaning(seen: Reading, meaning: ScanMeaning) -> ScanMeaning:
    """Note what a scan was read as, and return it."""
    seen.product = meaning.gtin or meaning.ndc10 or meaning.ndc11
    seen.lot, seen.serial = meaning.lot, meaning.own.text if meaning.own else meaning.serial
    return meaning


def read_bag_serial(seen: Reading) -> str:
    """Read the label of a bag: its serial; refuses any other code."""
    meaning = keep_meaning(seen, read_scan(seen.raw))
    if meaning.own is None:
        raise ScanRefused("This is not a bag's label.", action=SCAN_LABEL, cause=Cause.NOT_A_LABEL)
    if meaning.own.prefix is not SerialPrefix.BAG:
        why = f"{meaning.own.text} is not a bag."
        raise ScanRefused(why, action=SCAN_LABEL, cause=Cause.NOT_A_LABEL)
    return meaning.own.text


def read_scan(raw: str, *, known_lots: Collection[str] = ()) -> ScanMeaning:
    """Read what was scanned or typed into a scan field.

    `known_lots` are the lots on hand of what may be scanned here; they decide only where a code without
    separators could be read in several ways, so leave them out where a new lot is received. A text of no
    known kind is a meaning of kind UNKNOWN; raises ScanRefused for a code that is damaged or ambiguous.
    """
    text = raw.strip(_LINE_ENDS)
    if not text:
        raise ScanRefused("Nothing was scanned.", cause=Cause.UNREADABLE)
    if len(text) > _LONGEST_SCAN or "\n" in text or "\r" in text:
        why = "The scan field holds more than one code; clear it and scan once."
        raise ScanRefused(why, cause=Cause.UNREADABLE)
    try:
        return _read(mend_keyboard(text), known_lots)
    except InvalidInput as refusal:
        raise ScanRefused(refusal.sentence, cause=Cause.UNREADABLE) from None


def _read(text: str, known_lots: Collection[str]) -> ScanMeaning:
    ensure_same_layout(text)
    if not text.isascii():
        return unknown_scan(text, "The code holds characters that no barcode here uses.")
    symbology = _SYMBOLOGY.match(text)
    marked = symbology.group() if symbology else ""
    body = text[len(marked) :]
    if is_like_serial(body):
        own = parse_serial(body)
        return ScanMeaning(ScanKind.OWN_SERIAL, own.text, own=own)
    if marked in _GS1_SYMBOLOGIES:
        return _read_elements(text, body, known_lots)
    if marked == _WITH_ADD_ON and len(body) in _ADD_ON_LENGTHS:
        return _read_retail_code(text, body[:13], 13)
    if marked in _GTIN_SYMBOLOGIES:
        return _read_retail_code(text, body, _GTIN_SYMBOLOGIES[marked])
    if body.startswith("("):
        return _read_bracketed(text, body)
    if not marked and (GS in body or _ELEMENTS_START.match(body)):
        return _read_elements(text, body, known_lots)
    return _read_plain(text, body)


def _read_plain(text: str, body: str) -> ScanMeaning:
    """Read a text without structure: an NDC, or the digits of a GTIN."""
    if _WEB_ADDRESS.match(body):
        return unknown_scan(text, "This is a web address. Scan the code that holds product, lot and expiry.")
    if body != text and _ELEMENTS_START.match(body):
        why = "This code is not marked as a GS1 code, so its parts cannot be told apart for certain."
        return unknown_scan(text, why)
    if _NDC_SHAPE.fullmatch(body):
        ndc = normalize_ndc(body)
        return ScanMeaning(ScanKind.PRODUCT, text, ndc=ndc)
    # Eight digits are left alone: no medicine carries an EAN-8, but a pump's serial may have eight digits.
    if _DIGITS.fullmatch(body) and len(body) in (12, 13, 14):
        return product_from_gtin(text, body)
    return unknown_scan(text, "This is not a product code, an NDC or one of our own serials.")


def _read_retail_code(text: str, body: str, length: int) -> ScanMeaning:
    """Read a symbol that holds a GTIN and nothing else, or a composite part beside it."""
    digits, composite, elements = body.partition(_COMPOSITE)
    if len(digits) != length:
        raise InvalidInput(f"The code should hold {length} digits; scan it again.")
    product = product_from_gtin(text, digits)
    if not composite or product.gtin is None:
        return product
    return meaning_of_elements((("01", product.gtin), *_split_scanned(elements, ())), text)


def _read_elements(text: str, body: str, known_lots: Collection[str]) -> ScanMeaning:
    return meaning_of_elements(_split_scanned(body, known_lots), text)


def _split_scanned(body: str, known_lots: Collection[str]) -> Elements:
    # One in front or at the end tells nothing about those between: some scanners send it and drop the others.
    return _split_elements(body.strip(f"{GS}|"), known_lots)


def _read_bracketed(text: str, body: str) -> ScanMeaning:
    """Read element strings typed as they are printed, with their identifiers in brackets."""
    before, *parts = _BRACKETED.split(body)
    pairs = tuple(zip(parts[::2], (value.strip() for value in parts[1::2]), strict=True))
    if before or not pairs:
        raise InvalidInput("The brackets should hold an identifier of 2 to 4 digits, such as (01).")
    found = _split_elements(GS.join(f"{identifier}{value}" for identifier, value in pairs) + GS, ())
    if found != pairs:
        raise InvalidInput("What follows a bracket does not have the form that its identifier asks for.")
    return meaning_of_elements(found, text)


def _split_elements(body: str, known_lots: Collection[str]) -> Elements:
    """Split element strings at their separators; raises InvalidInput where they cannot be told apart."""
    segments = body.replace("|", GS).split(GS)
    has_separators = len(segments) > 1
    found: Elements = ()
    for segment in segments:
        rest = segment
        while rest:
            identifier, value, is_variable = _first_element(rest)
            rest = rest[len(identifier) + len(value) :]
            if is_variable and not has_separators:
                return choose_reading(found, identifier, value + rest, known_lots=known_lots)
            if is_variable and rest:
                raise InvalidInput(f"The part ({identifier}) of the code cannot be read; scan it again.")
            found += ((identifier, value),)
    if not found:
        raise InvalidInput("The code is empty; scan it again.")
    return found


def _first_element(text: str) -> tuple[str, str, bool]:
    """Take the first element off a text: its identifier, its value and whether its length is variable."""
    # Imported on the first such scan: it builds tables that no other page needs.
    from biip import ParseError
    from biip.gs1_element_strings import GS1ElementString

    try:
        element = GS1ElementString.extract(text)
    except ParseError:
        raise InvalidInput("The code cannot be read as a product code; scan it again.") from None
    return element.ai.ai, element.value, element.ai.separator_required
