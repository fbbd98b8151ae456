"""Every published GS1 row: scans, element strings, dates, check digits and characters are judged alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pharmacy.domain.barcodes import ScanKind, ScanMeaning, has_valid_check_digit, parse_gs1_date
from pharmacy.domain.errors import InvalidInput, ScanRefused
from pharmacy.domain.gs1 import is_set_82
from pharmacy.scanning import GS, read_scan
from tests.material import material, material_json

FOLDER = "01_gs1_barcode"
BIIP, ENGINE, LINTERS = (
    f"{FOLDER}/{name}.given.json"
    for name in ("biip_vectors", "gs1_syntax_engine_vectors", "gs1_linter_vectors")
)
PRODUCT = "(01)95012345678903"

# Sections that judge what no medicine's code is read for; the reason stands beside each.
_NEVER_READ = "the content of an identifier that says nothing about product, lot, expiry or serial"
OUT_OF_REACH = {
    "digital_link_generate": "we print no web addresses",
    **dict.fromkeys(
        (
            *("csumalpha", "gcppos1", "gcppos2", "hasnondigit", "hh", "hhmi", "hyphen", "iso3166999"),
            *("iso5218", "latitude", "longitude", "mi", "nonzero", "nozeroprefix", "pcenc", "pieceoftotal"),
            *("posinseqslash", "ss", "winding", "yesno", "yyyymmd0", "yyyymmdd", "zero"),
        ),
        _NEVER_READ,
    ),
}
OUT_OF_REACH_ROWS, ROWS = 375, 944
# Rows that are accepted there and refused here, and why.
STRICTER = {
    "(10)12345\\(11)991225": "a bracket inside a value has a stroke only in that engine's own text",
    "^7007211225211231": "one date or two cannot be told without the separator that this code lacks",
    "^800302112345678900ABC": "where the serial ends cannot be told without a separator",
    "^800302112345678900": "as above",
    "010703206980498810032915210526": "the lot may be 0329 with a best-before date behind it",
}


def read(raw: str) -> ScanMeaning | None:
    """Return what a scan means, or None where it is refused."""
    try:
        return read_scan(raw)
    except ScanRefused:
        return None


def is_no_product(raw: str) -> bool:
    """Tell whether a text is refused, or read as no product."""
    meaning = read(raw)
    return meaning is None or meaning.kind is ScanKind.UNKNOWN


def agree(row: dict[str, Any], raw: str, unbracketed: str) -> None:
    """Assert that a row is judged alike; an accepted one gives the product that it names, or none."""
    if not row["ok"]:
        assert is_no_product(raw), row
        return
    meaning = read(raw)
    if meaning is None:
        assert row.get("input", row.get("value")) in STRICTER, row
        return
    assert meaning.gtin == (unbracketed[3:17] if unbracketed.startswith("^01") else None), row


def as_scan(unbracketed: str) -> str:
    return "]d2" + unbracketed.removeprefix("^").replace("^", GS)


def linter(section: str, accepts: Callable[[str], bool]) -> int:
    rows = material_json(LINTERS)[section]
    for row in rows:
        assert accepts(row["input"]) == row["ok"], row
    return len(rows)


def is_date(text: str) -> bool:
    try:
        parse_gs1_date(text)
    except InvalidInput:
        return False
    return True


def is_whole_date(text: str) -> bool:
    """Tell whether a date names its day; the expiry of a medicine need not."""
    return is_date(text) and text[4:] != "00"


def in_set_82(text: str) -> bool:
    """Judge each character alone: an empty or longer text is a matter of length, not of characters."""
    return all(is_set_82(character) for character in text)


@pytest.mark.parametrize(
    ("section", "accepts", "rows"),
    [
        ("cset82", in_set_82, 132),
        ("csetnumeric", lambda text: text == "" or (text.isascii() and text.isdigit()), 6),
        ("csum", has_valid_check_digit, 7),
        ("yymmd0", is_date, 31),
        ("yymmdd", is_whole_date, 31),
    ],
)
def test_characters_check_digits_and_dates(section: str, accepts: Callable[[str], bool], rows: int) -> None:
    assert linter(section, accepts) == rows


@pytest.mark.parametrize("section", ["cset82", "csum", "yymmd0"])
def test_a_package_with_such_a_value_is_judged_alike(section: str) -> None:
    """The same rows as part of a whole code: the lot, the product, the expiry."""
    for row in material_json(LINTERS)[section]:
        text = row["input"]
        if section == "csum":
            code = f"]d201{text}"
            possible = len(text) == 14
        elif section == "yymmd0":
            code, possible = "]d20195012345678903" + f"17{text}", len(text) == 6
        else:
            code, possible = "]d20195012345678903" + f"10{text}{GS}99X", 1 <= len(text) <= 20
        meaning = read(code)
        accepted = meaning is not None and meaning.kind is ScanKind.PRODUCT
        assert not accepted or row["ok"], row
        # A bar is our other separator: the code then ends there.
        assert accepted or not (row["ok"] and possible), row


def test_scans_with_their_elements_and_dates() -> None:
    rows = material_json(BIIP)["rows"]
    for row in rows:
        meaning = read(row["value"])
        if meaning is None or meaning.gtin is None:
            continue
        elements = row.get("elements", {})
        expires = row.get("dates", {}).get("17")
        found = (meaning.gtin, meaning.lot, meaning.expires, meaning.serial)
        expected = (
            row.get("gtin14"),
            elements.get("10"),
            date.fromisoformat(expires) if expires else None,
            elements.get("21"),
        )
        # One row is refused there only because its separator is a bar, which we take as one.
        assert found == expected or "|" in row["value"], row
    assert len(rows) == 110


def test_whole_product_codes_are_accepted() -> None:
    refused = [
        row["value"]
        for row in material_json(BIIP)["rows"]
        if row["ok"]
        and (row.get("symbology") or (row.get("hri", "").startswith("(01)")) or len(row["value"]) in (13, 14))
        and row.get("gtin14")
        and read(row["value"]) is None
    ]

    assert set(refused) <= set(STRICTER)


def test_scan_data_of_every_symbology() -> None:
    rows = material_json(ENGINE)["process_scan_data"]
    for row in rows:
        digits = row["expect"].partition("|")[0]
        is_retail = row["ok"] and row["symbology"] in ("EAN13", "EAN8", "UPCA", "UPCE")
        agree(row, row["scan"], f"^01{digits.zfill(14)}" if is_retail else row["expect"])
    assert len(rows) == 27


def test_scan_data_that_the_engine_writes_is_read_back() -> None:
    rows = material_json(ENGINE)["generate_scan_data"]
    for row in rows:
        if row["expect"] is None:
            continue
        data = row["data"].partition("|")[0]
        meaning = read(row["expect"])
        assert meaning is not None, row
        if data.startswith("^01"):
            assert meaning.gtin == data[3:17], row
        elif data.isdigit():
            assert (meaning.gtin or "").startswith(data.zfill(14)[:13]) or data[:12] in str(meaning.gtin), row
        else:
            assert meaning.kind is ScanKind.UNKNOWN, row
    assert len(rows) == 23


@pytest.mark.parametrize(
    ("section", "rows"),
    [("bracketed_to_unbracketed", 14), ("linter_on_real_AI", 50), ("ai_association_rules", 39)],
)
def test_bracketed_texts(section: str, rows: int) -> None:
    found = material_json(ENGINE)[section]
    for row in found:
        agree(row, row["input"], "^01" + row["input"][4:18] if row["input"].startswith("(01)") else "")
    assert len(found) == rows


# These contradict an identifier that names no package on its own; beside a product it is no part of them.
_NOT_OF_PACKAGES = {"(3940)1234(8111)9999", "(3955)123456(3929)123", "(21)ABC123"}


def test_rules_between_elements_hold_beside_a_product() -> None:
    """A row that is refused without a product is refused with one too."""
    for row in material_json(ENGINE)["ai_association_rules"]:
        if not row["ok"] and "(01)" not in row["input"] and row["input"] not in _NOT_OF_PACKAGES:
            assert is_no_product(PRODUCT + row["input"]), row


def test_unbracketed_elements() -> None:
    rows = material_json(ENGINE)["unbracketed_valid"]
    for row in rows:
        agree(row, as_scan(row["input"]), row["input"])
    assert len(rows) == 40


def test_a_web_address_is_no_product_and_says_so() -> None:
    rows = material_json(ENGINE)["digital_link_parse"]
    for row in rows:
        assert is_no_product(row["uri"]), row
    assert len(rows) == 59
    assert "web address" in read_scan("https://id.gs1.org/01/09506000134352/10/ABC").why


def test_the_dictionary_knows_each_element_as_we_read_it() -> None:
    """Form and length of what is read of a package: product, dates, lot and serial."""
    forms = {
        line.split()[0]: line
        for line in material(f"{FOLDER}/gs1-syntax-dictionary.txt").read_text(encoding="utf-8").splitlines()
        if line[:1].isdigit()
    }

    assert "N14,csum" in forms["01"]
    assert "N6,yymmd0" in forms["17"] and "N6,yymmd0" in forms["15"]
    assert "X..20" in forms["10"] and "X..20" in forms["21"]
    for identifier, fixed in (("01", True), ("17", True), ("10", False), ("21", False)):
        assert ("*" in forms[identifier].split()[1]) is fixed


def test_every_section_is_judged_or_has_its_reason() -> None:
    judged = {
        *("cset82", "csetnumeric", "csum", "yymmd0", "yymmdd", "rows"),
        *("process_scan_data", "generate_scan_data", "bracketed_to_unbracketed", "linter_on_real_AI"),
        *("ai_association_rules", "unbracketed_valid", "digital_link_parse"),
    }
    sections = {
        name: len(rows)
        for file in (BIIP, ENGINE, LINTERS)
        for name, rows in material_json(file).items()
        if isinstance(rows, list)
    }

    assert set(sections) == judged | set(OUT_OF_REACH)
    assert sum(sections.values()) == ROWS
    assert sum(sections[name] for name in OUT_OF_REACH) == OUT_OF_REACH_ROWS
