"""GTIN, NDC, GS1 dates and our own serials: what is read, what stays ambiguous, what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.barcodes import (
    SerialPrefix,
    check_digit,
    gtin_to_ndc10,
    has_valid_check_digit,
    is_like_serial,
    make_serial,
    ndc_from_digits10,
    normalize_gtin,
    normalize_ndc,
    parse_gs1_date,
    parse_serial,
)
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.gs1 import is_set_82
from tests.material import material_json

GS1_LINTER = "01_gs1_barcode/gs1_linter_vectors.given.json"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

digits10 = st.text("0123456789", min_size=10, max_size=10)
serials = st.builds(make_serial, st.sampled_from(SerialPrefix), st.integers(1, 32**11 - 1))


@pytest.mark.parametrize(
    ("digits", "valid"),
    [
        ("00363323064211", True),
        ("00363323064212", False),
        ("363323064211", True),
        ("5901234123457", True),
        ("96385074", True),
        ("", False),
        ("0", False),
        ("٠٠", False),
        ("1a", False),
    ],
)
def test_check_digit(digits: str, valid: bool) -> None:
    assert has_valid_check_digit(digits) is valid


@given(st.text("0123456789", min_size=7, max_size=17), st.data())
def test_every_single_wrong_digit_is_caught(payload: str, data: st.DataObject) -> None:
    digits = payload + check_digit(payload)
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != digits[place]))

    assert has_valid_check_digit(digits)
    assert not has_valid_check_digit(digits[:place] + other + digits[place + 1 :])


def test_published_check_digit_rows_are_judged_alike() -> None:
    rows = material_json(GS1_LINTER)["csum"]

    assert [has_valid_check_digit(row["input"]) for row in rows] == [row["ok"] for row in rows]


def test_published_character_set_rows_are_judged_alike() -> None:
    rows = [row for row in material_json(GS1_LINTER)["cset82"] if 1 <= len(row["input"]) <= 20]

    assert len(rows) > 100
    assert [row["input"] for row in rows if is_set_82(row["input"]) != row["ok"]] == []


def test_published_date_rows_are_judged_alike() -> None:
    def is_read(text: str) -> bool:
        try:
            return bool(parse_gs1_date(text))
        except InvalidInput:
            return False

    rows = material_json(GS1_LINTER)["yymmd0"]
    assert [row["input"] for row in rows if is_read(row["input"]) != row["ok"]] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("261231", date(2026, 12, 31)),
        ("260200", date(2026, 2, 28)),
        ("280200", date(2028, 2, 29)),
        ("261200", date(2026, 12, 31)),
        ("000229", date(2000, 2, 29)),
        ("760101", date(2076, 1, 1)),
        ("770101", date(1977, 1, 1)),
        ("991231", date(1999, 12, 31)),
    ],
)
def test_gs1_dates(text: str, expected: date) -> None:
    assert parse_gs1_date(text) == expected


@pytest.mark.parametrize(
    "text", ["", "26123", "2612311", "261301", "260001", "260230", "290229", "26-1-1", "٢٦١٢٣١"]
)
def test_dates_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_gs1_date(text)


@pytest.mark.parametrize(
    ("digits", "gtin"),
    [
        ("363323064211", "00363323064211"),
        ("0363323064211", "00363323064211"),
        ("00363323064211", "00363323064211"),
        ("50363323064216", "50363323064216"),
        ("96385074", "00000096385074"),
    ],
)
def test_gtins_of_every_length_become_14_digits(digits: str, gtin: str) -> None:
    assert normalize_gtin(digits) == gtin


@pytest.mark.parametrize("digits", ["", "0036332306421", "00363323064215", "36332306421a", "٣63323064211"])
def test_a_gtin_with_a_wrong_length_or_check_digit_is_refused(digits: str) -> None:
    with pytest.raises(InvalidInput):
        normalize_gtin(digits)


@pytest.mark.parametrize(
    ("gtin", "digits"),
    [
        ("00363323064211", "6332306421"),
        ("50363323064216", "6332306421"),
        ("05901234123457", None),
        ("00012345678905", None),
        ("01312345678907", None),
        ("00412345678903", None),
    ],
    ids=["unit", "case of units", "not a drug of the United States", "a plain UPC", "prefix 13", "prefix 04"],
)
def test_the_ten_ndc_digits_inside_a_gtin(gtin: str, digits: str | None) -> None:
    assert gtin_to_ndc10(gtin) == digits


@given(digits10, st.sampled_from("012345678"))
def test_a_gtin_built_from_an_ndc_gives_it_back(digits: str, indicator: str) -> None:
    payload = f"{indicator}03{digits}"

    assert gtin_to_ndc10(normalize_gtin(payload + check_digit(payload))) == digits


@pytest.mark.parametrize(
    ("text", "digits", "ndc11"),
    [
        ("0409-2168-17", "0409216817", "00409216817"),
        ("63323-064-21", "6332306421", "63323006421"),
        ("44567-1420-4", "4456714204", "44567142004"),
        ("NDC 63323-064-21", "6332306421", "63323006421"),
        ("ndc: 63323-064-21 ", "6332306421", "63323006421"),
        ("63323-0064-21", None, "63323006421"),
        ("63323006421", None, "63323006421"),
    ],
    ids=["4-4-2", "5-3-2", "5-4-1", "with its name", "with a colon", "5-4-2", "11 digits"],
)
def test_ndc_forms_that_are_clear(text: str, digits: str | None, ndc11: str) -> None:
    ndc = normalize_ndc(text)

    assert (ndc.digits10, ndc.ndc11, ndc.candidates11) == (digits, ndc11, (ndc11,))


def test_ten_digits_without_dashes_stay_three_candidates() -> None:
    ndc = normalize_ndc("6332306421")

    assert ndc.ndc11 is None
    assert ndc.candidates11 == ("06332306421", "63323006421", "63323064201")


def test_ten_digits_that_pad_to_one_form_only_are_clear() -> None:
    assert ndc_from_digits10("0000000000").ndc11 == "00000000000"


@given(digits10)
def test_every_dashed_form_is_among_the_candidates_of_its_digits(digits: str) -> None:
    forms = [
        f"{digits[:4]}-{digits[4:8]}-{digits[8:]}",
        f"{digits[:5]}-{digits[5:8]}-{digits[8:]}",
        f"{digits[:5]}-{digits[5:9]}-{digits[9:]}",
    ]

    assert tuple(dict.fromkeys(normalize_ndc(form).ndc11 for form in forms)) == (
        normalize_ndc(digits).candidates11
    )


@pytest.mark.parametrize(
    "text",
    [
        *("", "NDC", "633230642", "633230642111", "63323-64-21", "6332-064-21", "63323 064 21"),
        *("63323-064-2", "063323-0064-21", "63323-064-21-1", "٦٣٣٢٣-٠٦٤-٢١", "63323–064–21"),
    ],
)
def test_what_is_no_ndc_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="An NDC should be written"):
        normalize_ndc(text)


@given(st.sampled_from(SerialPrefix), st.integers(1, 32**11 - 1))
def test_a_serial_gives_its_number_back(prefix: SerialPrefix, number: int) -> None:
    serial = make_serial(prefix, number)
    own = parse_serial(serial)

    assert (own.prefix, own.number, own.text) == (prefix, number, serial)
    assert is_like_serial(serial)
    assert 6 <= len(serial) - 2 <= 12


@given(st.integers(1, 32**11 - 1))
def test_a_serial_as_people_type_it_is_the_same_serial(number: int) -> None:
    serial = make_serial(SerialPrefix.BAG, number)

    assert parse_serial(f" {serial.lower()} ").text == serial
    assert parse_serial(serial.replace("0", "o")).text == serial
    assert parse_serial("B-" + serial[2:].replace("1", "l").replace("0", "O")).text == serial
    assert parse_serial("B-" + serial[2:].replace("1", "I")).text == serial


def is_refused(serial: str) -> bool:
    try:
        parse_serial(serial)
    except InvalidInput:
        return True
    return False


@given(serials)
def test_every_single_wrong_character_is_caught(serial: str) -> None:
    for place in range(2, len(serial)):
        for other in set(ALPHABET) - {serial[place]}:
            assert is_refused(serial[:place] + other + serial[place + 1 :])
    for prefix in set("BDMVW") - {serial[0]}:
        assert is_refused(prefix + serial[1:])


@given(serials)
def test_every_exchange_of_two_characters_is_caught(serial: str) -> None:
    for first in range(2, len(serial)):
        for second in range(first + 1, len(serial)):
            if serial[first] != serial[second]:
                swapped = list(serial)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                assert is_refused("".join(swapped))


@given(serials)
def test_a_lost_or_doubled_character_is_no_serial_of_another_bag(serial: str) -> None:
    number = parse_serial(serial).number
    for place in range(2, len(serial)):
        for text in (serial[:place] + serial[place + 1 :], serial[:place] + serial[place - 1 :]):
            assert is_refused(text) or parse_serial(text).number != number


@pytest.mark.parametrize("digits", ["000001", "0000000001", "00000", "0000000"])
def test_a_longer_writing_of_a_number_or_zero_is_no_serial_whatever_its_check(digits: str) -> None:
    for check in ALPHABET:
        assert is_like_serial(f"B-{digits}{check}")
        assert is_refused(f"B-{digits}{check}")


@pytest.mark.parametrize(
    "text", ["", "B", "B-", "B000016", "B-00016", "X-000016", "B-00U016", "B-0000160000000000", "B_000016"]
)
def test_what_is_no_serial_is_refused(text: str) -> None:
    assert is_refused(text)


@pytest.mark.parametrize("number", [0, -1, 32**11])
def test_a_number_that_no_serial_holds_is_refused(number: int) -> None:
    with pytest.raises(InvalidInput, match="from 1 to"):
        make_serial(SerialPrefix.BAG, number)
