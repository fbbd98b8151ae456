"""What the keyboard settings do to a code: mended where that is beyond doubt, else refused, never misread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.barcodes import ScanKind, SerialPrefix, check_digit, make_serial
from pharmacy.domain.errors import ScanRefused
from pharmacy.domain.interception import Cause
from pharmacy.domain.wedge import may_be_caps_locked, mend_keyboard
from pharmacy.scanning import GS, read_scan

VIAL = "00363323064211"
WHOLE = f"01{VIAL}1726123110Lot42a{GS}21Ser1"
EAN = VIAL[1:]
# What the row of digits, the hyphen and the brackets give on another keyboard than the American one.
FRENCH = str.maketrans("1234567890-]AQWZMaqwzm", "&é\"'(-è_çà)$QAZW?qazw,")
SHIFTED = str.maketrans("1234567890", "!@#$%^&*()")
GERMAN = str.maketrans("-]yzYZ()", "ß+zyZY)=")


@pytest.mark.parametrize("identifier", ["]d2", "]C1", "]Q3", "]e0", "]J1"])
def test_caps_lock_is_mended_where_the_identifier_tells(identifier):
    typed = (identifier + WHOLE).swapcase()
    meaning = read_scan(typed)

    assert (meaning.gtin, meaning.lot, meaning.serial) == (VIAL, "Lot42a", "Ser1")
    assert read_scan(identifier + WHOLE).lot == "Lot42a"


@pytest.mark.parametrize(
    ("typed", "gtin"),
    [
        (f"]e0{EAN}", VIAL),
        (f"]e0{EAN}|]E010LOT42A", VIAL),
        (f"]E0{EAN}", VIAL),
        (f"]E001{VIAL}", VIAL),
        (f"]E01726123101{VIAL}10a", VIAL),
        (f"]i1{VIAL}", VIAL),
    ],
)
def test_one_letter_in_two_cases_is_told_by_what_follows(typed, gtin):
    assert read_scan(typed).gtin == gtin


def test_what_is_no_code_in_either_case_is_left_alone():
    for text in (f"]e0{EAN[:-1]}0", "]x2abc", "abc", "lot42a", f"]E0{EAN}|]e010lot"):
        assert mend_keyboard(text) == text


def test_our_own_serials_need_no_case():
    serial = make_serial(SerialPrefix.BAG, 987654)

    for typed in (serial, serial.lower(), f"]c0{serial.lower()}", f"]D1{serial.lower()}", f"]C0{serial}"):
        assert read_scan(typed).text == serial


def test_the_arrow_of_alt_029_is_a_separator():
    assert read_scan(WHOLE.replace(GS, "\u2194")).serial == "Ser1"


def refused(raw):
    with pytest.raises(ScanRefused) as caught:
        read_scan(raw)
    return caught.value


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (f"]d2{WHOLE}".translate(FRENCH), "as on a French keyboard"),
        (VIAL.translate(FRENCH), "as on a French keyboard"),
        ("63323-064-21".translate(FRENCH), "as on a French keyboard"),
        (make_serial(SerialPrefix.BAG, 29).translate(FRENCH), "as on a French keyboard"),
        (VIAL.translate(SHIFTED), "The digits came through as signs:"),
        ("6332306421".translate(SHIFTED), "The digits came through as signs:"),
        (f"]d2{WHOLE}".translate(GERMAN), "The sign ] in front came through as +"),
        (f"$C1{WHOLE}", "The sign ] in front came through as $"),
        (f"¨d2{WHOLE}", "The sign ] in front came through as ¨"),
        (f"+E0{EAN}", "The sign ] in front came through as +"),
        ("+C0" + make_serial(SerialPrefix.BAG, 29), "The sign ] in front came through as +"),
        (make_serial(SerialPrefix.BAG, 29).translate(GERMAN), "The hyphen came through as ß"),
        (make_serial(SerialPrefix.DOCUMENT, 3390).replace("-", "/"), "The hyphen came through as /"),
        (make_serial(SerialPrefix.DEVIATION, 3390).replace("-", "/"), "The hyphen came through as /"),
        ("63323ß064ß21", "The hyphens came through as ß"),
        ("63323'064'21", "The hyphens came through as '"),
        (f"(01){VIAL}(10)A1".translate(GERMAN), "The brackets came through as other signs"),
    ],
)
def test_another_layout_is_refused_with_what_to_set(raw, why):
    refusal = refused(raw)

    assert why in refusal.why and refusal.cause is Cause.KEYBOARD_LAYOUT
    assert refusal.action == "Set the scanner and this computer to the same keyboard layout, then scan again."


def test_a_serial_with_y_and_z_exchanged_is_known_for_what_it_is():
    serials = [make_serial(SerialPrefix.BAG, number) for number in range(32, 1000)]
    for serial in serials:
        if {"Y", "Z"} & set(serial):
            assert "The hyphen came through as ß" in refused(serial.translate(GERMAN)).why


@pytest.mark.parametrize("sign", ["{GS}", "<GS>", "[gs]", "~1", "~d029", "^]", "\\x1d", "<FNC1>"])
def test_a_separator_written_as_text_is_refused_and_never_read_as_part_of_a_lot(sign):
    refusal = refused(f"01{VIAL}1726123110LOT42A{sign}21SER1")

    assert sign in refusal.why and "group separator itself" in refusal.action
    assert refusal.cause is Cause.KEYBOARD_LAYOUT


@pytest.mark.parametrize(
    "text",
    [
        "Éléonore",
        "O'Neill-Smith",
        "+A123BC1/$52001510X3",
        "$100",
        "!!!!",
        "B/0000",
        "a-b-c",
        "2026/11/09",
    ],
)
def test_what_is_no_garbled_code_is_not_called_one(text):
    assert read_scan(text).kind is ScanKind.UNKNOWN


@given(st.text("0123456789", min_size=13, max_size=13), st.text("ABCXYZ0123456789-", min_size=1, max_size=12))
def test_no_layout_turns_one_package_into_another(digits, lot):
    gtin = digits + check_digit(digits)
    for identifier in ("", "]d2", "]C1"):
        for layout in (FRENCH, SHIFTED, GERMAN):
            typed = f"{identifier}01{gtin}10{lot}".translate(layout)
            try:
                meaning = read_scan(typed)
            except ScanRefused:
                continue
            # Without a sign that tells, only letters that both layouts have can be exchanged.
            assert meaning.gtin in (None, gtin) and not (identifier and meaning.gtin)


@pytest.mark.parametrize(
    ("text", "lot", "doubtful"),
    [
        (f"01{VIAL}10lot42a", "lot42a", True),
        (f"01{VIAL}10LOT42a", "LOT42a", True),
        (f"01{VIAL}10LOT42A", "LOT42A", False),
        (f"01{VIAL}104242", "4242", False),
        (f"]d201{VIAL}10lot42a", "lot42a", False),
        (VIAL, None, False),
    ],
)
def test_small_letters_without_an_identifier_are_in_doubt(text, lot, doubtful):
    assert may_be_caps_locked(text, lot) is doubtful
