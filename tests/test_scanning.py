"""What a raw scan means, against published vectors and against a scanner that drops the separators."""

from __future__ import annotations

import itertools
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.barcodes import ScanKind, ScanMeaning, SerialPrefix, check_digit, make_serial
from pharmacy.domain.errors import ScanRefused
from pharmacy.domain.gs1 import is_set_82
from pharmacy.scanning import GS, read_scan

VIAL = "00363323064211"
SEED = f"01{VIAL}1726123110LOT42A{GS}21SER0001"
NO_SEPARATOR = "the scanner did not send the separator"


def refusal(raw: str, **options: Any) -> str:
    with pytest.raises(ScanRefused) as refused:
        read_scan(raw, **options)
    return refused.value.sentence


def read_or_sentence(raw: str, **options: Any) -> ScanMeaning | str:
    """Return what a scan means, or the sentence that refuses it."""
    try:
        return read_scan(raw, **options)
    except ScanRefused as refused:
        return refused.sentence


def held(meaning: ScanMeaning) -> tuple[str | None, str | None, date | None, str | None]:
    assert meaning.kind is ScanKind.PRODUCT
    return meaning.gtin, meaning.lot, meaning.expires, meaning.serial


WHOLE = (VIAL, "LOT42A", date(2026, 12, 31), "SER0001")


@pytest.mark.parametrize(
    "raw",
    [
        SEED,
        SEED + "\r\n",
        f"\t{SEED}\r",
        f"]d2{SEED}",
        f"]C1{SEED}",
        f"]Q3{SEED}",
        f"{GS}{SEED}{GS}",
        SEED.replace(GS, "|"),
        f"(01){VIAL}(17)261231(10)LOT42A(21)SER0001",
        f"(01) {VIAL} (17) 261231 (10) LOT42A (21) SER0001",
        f"01{VIAL}21SER0001{GS}1726123110LOT42A",
        f"1726123101{VIAL}10LOT42A{GS}21SER0001",
        f"]d2{SEED}{GS}{GS}30100",
        f"]d2{SEED}{GS}10LOT42A",
    ],
    ids=[
        *("plain", "line end", "tab", "DataMatrix", "GS1-128", "QR", "FNC1 in front", "bar"),
        *("brackets", "brackets and blanks", "serial first", "expiry first", "a count after", "lot twice"),
    ],
)
def test_a_whole_code_in_every_way_a_scanner_types_it(raw: str) -> None:
    meaning = read_scan(raw)

    assert held(meaning) == WHOLE
    assert (meaning.ndc10, meaning.ndc11) == ("6332306421", None)
    assert "63323006421" in meaning.ndc11_candidates


@pytest.mark.parametrize(
    ("raw", "gtin"),
    [
        ("363323064211", VIAL),
        ("0363323064211", VIAL),
        (VIAL, VIAL),
        ("]E00363323064211", VIAL),
        ("]I100363323064211", VIAL),
        ("]e001" + VIAL, VIAL),
        ("]E496385074", "00000096385074"),
        (f"]E0{VIAL[1:]}|]e010LOT42A{GS}17261231", VIAL),
    ],
    ids=["UPC-A", "EAN-13", "GTIN-14", "marked EAN-13", "ITF-14", "DataBar", "EAN-8", "composite"],
)
def test_a_code_that_is_a_gtin(raw: str, gtin: str) -> None:
    assert read_scan(raw).gtin == gtin


@pytest.mark.parametrize(
    ("raw", "candidates"),
    [
        ("63323-064-21", ("63323006421",)),
        ("NDC 63323-064-21\r", ("63323006421",)),
        ("63323006421", ("63323006421",)),
        ("]A063323-064-21", ("63323006421",)),
        ("6332306421", ("06332306421", "63323006421", "63323064201")),
    ],
)
def test_an_ndc_without_gtin(raw: str, candidates: tuple[str, ...]) -> None:
    meaning = read_scan(raw)

    assert (meaning.kind, meaning.gtin, meaning.ndc11_candidates) == (ScanKind.PRODUCT, None, candidates)


@pytest.mark.parametrize("raw", ["{}", "]C0{}", "{}\r\n", " {} "])
def test_our_own_serials_come_first(raw: str) -> None:
    serial = make_serial(SerialPrefix.WORKSHEET, 4711)

    meaning = read_scan(raw.format(serial.lower()))

    assert (meaning.kind, meaning.text) == (ScanKind.OWN_SERIAL, serial)
    assert meaning.own is not None
    assert (meaning.own.prefix, meaning.own.number) == (SerialPrefix.WORKSHEET, 4711)


def test_a_mistyped_serial_is_refused() -> None:
    assert "mistyped or misread" in refusal("B-000017")


@pytest.mark.parametrize(
    "raw",
    [
        *("LOT42A", "10034567", "+A123BC1/$52001510X3", "https://example.org/01/00363323064211", "]XX", "-"),
        *(
            "17261231",
            f"10LOT42A{GS}17261231",
            "(17)261231(10)LOT42A",
            "]d200376130321109103421",
            "Ⅷ",
            "１２",
        ),
        *("X-000016", "B-0001", "]d1" + SEED.replace(GS, ""), "1" * 300),
    ],
)
def test_a_text_of_no_known_kind_is_unknown_and_says_why(raw: str) -> None:
    meaning = read_scan(raw)

    assert (meaning.kind, meaning.text) == (ScanKind.UNKNOWN, raw)
    assert meaning.why.endswith(".")
    assert (meaning.gtin, meaning.ndc, meaning.lot, meaning.serial, meaning.own) == (None,) * 5


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", "Nothing was scanned"),
        (" \r\n", "Nothing was scanned"),
        (f"{SEED}\r\n{SEED}", "more than one code"),
        ("1" * 301, "more than one code"),
        ("00363323064215", "check digit"),
        ("0100363323064215", "check digit"),
        ("]E0363323064211", "13 digits"),
        ("]E436332306", "check digit"),
        (f"01{VIAL}17261301", "cannot be read"),
        (f"01{VIAL}17261231{GS}17271231", "two different values for expiry"),
        (f"]d201{VIAL}10A{GS}10B", "two different values for lot"),
        (f"]d201{VIAL}10{GS}17261231", "cannot be read"),
        (f"]d201{VIAL}10{'A' * 21}{GS}17261231", "cannot be read"),
        (f"]d201{VIAL}10{'A' * 20}17261231{GS}21SER0001", "cannot be read"),
        (f"]d201{VIAL}10LOT 42{GS}17261231", "cannot be read"),
        (f"01{VIAL}9", "cannot be read"),
        ("]d2", "empty"),
        ("(01)00363323064215", "check digit"),
        (f"(1){VIAL}", "brackets"),
        (f"x(01){VIAL}", None),
        (f"(01){VIAL}(17)2612(31)", "cannot be read"),
        (f"(01){VIAL}(10)A|B", "cannot be read"),
        (f"(01){VIAL}17261231(10)LOT42A", "its identifier asks for"),
        (f"(01){VIAL}(10)A|17261231", "its identifier asks for"),
        (f"(01){VIAL[:13]}(1)", "cannot be read"),
    ],
)
def test_a_damaged_code_is_refused(raw: str, why: str | None) -> None:
    if why is None:
        assert read_scan(raw).kind is ScanKind.UNKNOWN
    else:
        assert why in refusal(raw)


RUN_TOGETHER = f"01{VIAL}1726123110LOT42A21SER0001"


def test_lot_and_serial_that_run_together_are_refused() -> None:
    for raw in (RUN_TOGETHER, f"]d2{RUN_TOGETHER}", f"{GS}{RUN_TOGETHER}"):
        assert NO_SEPARATOR in refusal(raw)


def test_a_lot_on_hand_tells_the_parts_apart() -> None:
    assert held(read_scan(RUN_TOGETHER, known_lots=["LOT7", "LOT42A"])) == WHOLE
    assert held(read_scan(RUN_TOGETHER, known_lots=["LOT42A21SER0001"]))[1] == "LOT42A21SER0001"


def test_a_lot_that_is_not_on_hand_or_two_that_fit_tell_nothing() -> None:
    assert NO_SEPARATOR in refusal(RUN_TOGETHER, known_lots=["LOT7"])
    assert NO_SEPARATOR in refusal(RUN_TOGETHER, known_lots=["LOT42A", "LOT42A21SER0001"])


def test_separators_that_were_sent_outweigh_lots_on_hand() -> None:
    meaning = read_scan(f"01{VIAL}10LOT42A21SER0001{GS}17261231", known_lots=["LOT42A"])

    assert meaning.lot == "LOT42A21SER0001"


@pytest.mark.parametrize(
    ("tail", "lot"),
    [
        ("10LOT42A", "LOT42A"),
        ("10LOT4221", "LOT4221"),
        ("10LOT17261301", "LOT17261301"),
        ("10LOT0105901234123458", "LOT0105901234123458"),
        ("10" + "A" * 20, "A" * 20),
    ],
    ids=["no tail", "nothing after 21", "no such month", "no such GTIN", "the longest"],
)
def test_a_last_lot_that_can_be_read_in_one_way_needs_no_separator(tail: str, lot: str) -> None:
    assert read_scan(f"01{VIAL}17261231{tail}").lot == lot


@pytest.mark.parametrize("tail", ["10LOT4221X", "10LOT17261231", "10LOT11261200", "21SER10LOT", "240A10LOT"])
def test_a_plausible_tail_makes_the_last_part_ambiguous(tail: str) -> None:
    assert NO_SEPARATOR in refusal(f"01{VIAL}{tail}")


def test_a_separator_at_either_end_proves_nothing_about_those_between() -> None:
    code = f"01{VIAL}1728093010LOTA21SER9"

    for raw in (code, code + GS, GS + code, code + GS * 2, code + "|", f"]d2{code}{GS}"):
        assert NO_SEPARATOR in refusal(raw), raw


def test_a_lot_too_long_to_be_one_is_read_in_the_only_way_left() -> None:
    meaning = read_scan(f"01{VIAL}10{'A' * 19}17261231")

    assert (meaning.lot, meaning.expires) == ("A" * 19, date(2026, 12, 31))
    assert NO_SEPARATOR in refusal(f"01{VIAL}10{'A' * 21}")
    whole = read_scan(f"01{VIAL}10{'A' * 20}1726123121S")
    assert held(whole) == (VIAL, "A" * 20, date(2026, 12, 31), "S")


set_82 = st.text("0123456789ABCL-/.", min_size=1, max_size=20)
dates = st.dates(date(2000, 1, 1), date(2076, 12, 31))


@st.composite
def codes(draw: st.DrawFn) -> tuple[list[str], tuple[str, str | None, date | None, str | None]]:
    """Draw the element strings of one code in any order, and what they hold."""
    payload = draw(st.text("0123456789", min_size=13, max_size=13))
    gtin = payload + check_digit(payload)
    lot, serial, expires = draw(st.none() | set_82), draw(st.none() | set_82), draw(st.none() | dates)
    elements = [f"01{gtin}"]
    elements += [f"10{lot}"] if lot else []
    elements += [f"21{serial}"] if serial else []
    elements += [f"17{expires:%y%m%d}"] if expires else []
    return draw(st.permutations(elements)), (gtin, lot, expires, serial)


@given(codes())
def test_with_separators_every_code_is_read_as_it_is(
    code: tuple[list[str], tuple[str, str | None, date | None, str | None]],
) -> None:
    elements, expected = code

    assert held(read_scan("]d2" + GS.join(elements))) == expected
    assert held(read_scan("]d2" + "|".join(elements) + "|")) == expected


@settings(max_examples=400)
@given(codes())
def test_without_separators_a_code_is_read_as_it_is_or_refused(
    code: tuple[list[str], tuple[str, str | None, date | None, str | None]],
) -> None:
    elements, expected = code

    for known_lots in ((), (expected[1],) if expected[1] else ()):
        found = read_or_sentence("]d2" + "".join(elements), known_lots=known_lots)
        if isinstance(found, str):
            assert NO_SEPARATOR in found
        else:
            assert held(found) == expected


@settings(max_examples=400)
@given(st.text(st.characters(max_codepoint=127), max_size=60) | st.text(max_size=30))
def test_any_text_means_something_or_is_refused_with_a_sentence(text: str) -> None:
    for raw in (text, f"]d2{text}", f"01{VIAL}{text}", f"({text}"):
        found = read_or_sentence(raw)
        if isinstance(found, str):
            assert found.endswith(".")
        else:
            assert found.lot is None or is_set_82(found.lot)
            assert (found.kind is ScanKind.UNKNOWN) == bool(found.why)


def test_the_worst_text_without_separators_is_answered_at_once() -> None:
    assert NO_SEPARATOR in refusal("]d210" + "2110172601011126010113260101" * 10)


def test_reading_our_own_serials_does_not_load_the_gs1_tables() -> None:
    program = (
        "import sys; from pharmacy.scanning import read_scan; read_scan('B-000016'); "
        "sys.exit('biip' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_all_orders_of_the_legal_four_elements_are_read_with_separators() -> None:
    elements = [f"01{VIAL}", "17261231", "10LOT42A", "21SER0001"]

    for order in itertools.permutations(elements):
        assert held(read_scan("]d2" + GS.join(order))) == WHOLE
