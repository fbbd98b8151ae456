"""What a keyboard does to a code: the scanner types it, and the computer's keyboard settings change it.

Mended is only what can be told without doubt: Caps Lock where the symbology identifier gives it away, and the
Alt+029 that Windows turns into an arrow (character 29 of code page 437). A code that came through another
keyboard layout is refused, because its letters may be wrong too. Separators written as text, such as {GS} or
~1, come from programs that draw codes and from no scanner; they are refused as well.
"""

from __future__ import annotations

import re

from pharmacy.domain.barcodes import has_valid_check_digit, is_like_serial, is_serial
from pharmacy.domain.errors import ScanRefused
from pharmacy.domain.interception import Cause

_ARROW, _GS = "\u2194", "\x1d"
# AIM letters that no code here has, but has in the other case: Data Matrix is d, the others are capitals.
_SWAPPED = frozenset("Dacfgijlq")
_CAPITAL_DATABAR = re.compile(r"\]E0(?:1[1-7][0-9]{6})*01[0-9]{14}", re.ASCII)
_SMALL_EAN = re.compile(r"\]e0([0-9]{13})(?:\|\]E0.*)?", re.ASCII | re.DOTALL)
_TEXT_SEPARATOR = re.compile(r"[{<\[](?:GS|FNC1)[}>\]]|~1|~d029|\^\]|\\x1d", re.ASCII | re.IGNORECASE)
# The row of digits of a French or Belgian keyboard without Shift, and of an American one with Shift.
_FRENCH_DIGITS, _SHIFTED_DIGITS = frozenset("&é\"'(-è_çà§!"), frozenset("!@#$%^&*()")
_FEWEST_DIGITS = 5
_FROM_FRENCH = str.maketrans("&é\"'(-è_çà)QAZW?", "1234567890-AQWZM")
_WRONG_BRACKET = re.compile(r"[^0-9A-Za-z\]\s][ACdEeIJQ][0-9](.+)", re.ASCII | re.DOTALL)
_WRONG_HYPHEN = re.compile(r"([BDMVW])[^0-9A-Za-z\-\s]([0-9A-Z]{6,12})", re.ASCII | re.IGNORECASE)
_WRONG_NDC = re.compile(r"[0-9]{4,5}([^0-9A-Za-z\-\s])[0-9]{3,4}\1[0-9]{1,2}", re.ASCII)
_WRONG_ROUND = re.compile(r"[)*](?:01|10|11|17|21)[=(]", re.ASCII)
_Y_AND_Z = str.maketrans("YZyz", "ZYzy")
_SAME_LAYOUT = "Set the scanner and this computer to the same keyboard layout, then scan again."


def mend_keyboard(text: str) -> str:
    """Return a code as it was scanned, where the keyboard settings changed it beyond doubt.

    >>> mend_keyboard("]D20100363323064211" + "10lot42a")
    ']d2010036332306421110LOT42A'
    """
    mended = text.replace(_ARROW, _GS)
    if _is_caps_locked(mended):
        return mended.swapcase()
    return mended


def _is_caps_locked(text: str) -> bool:
    if text[:1] != "]":
        return False
    small = _SMALL_EAN.fullmatch(text)
    if small:
        return has_valid_check_digit(small[1])
    return text[1:2] in _SWAPPED or bool(_CAPITAL_DATABAR.match(text))


def ensure_same_layout(text: str) -> None:
    """Refuse a code that came through another keyboard layout, or whose separators are written as text."""
    written = _TEXT_SEPARATOR.search(text)
    if written:
        raise ScanRefused(
            f"The separator came through as the text {written.group()}.",
            action="Set the scanner to send the group separator itself (ASCII 29), then scan again.",
            cause=Cause.KEYBOARD_LAYOUT,
        )
    fault = _find_fault(text)
    if fault:
        why = f"{fault}: the scanner types for another keyboard layout than this computer has."
        raise ScanRefused(why, action=_SAME_LAYOUT, cause=Cause.KEYBOARD_LAYOUT)


def _find_fault(text: str) -> str | None:
    french = _is_mostly(text, _FRENCH_DIGITS) or is_serial(text.translate(_FROM_FRENCH))
    if french and not text.isascii():
        return "The digits came through as signs, as on a French keyboard"
    if _is_mostly(text, _SHIFTED_DIGITS):
        return "The digits came through as signs"
    wrong = _WRONG_BRACKET.fullmatch(text)
    if wrong and _is_code(wrong[1]):
        return f"The sign ] in front came through as {text[0]}"
    serial = _WRONG_HYPHEN.fullmatch(text)
    if serial and any(is_serial(f"{serial[1]}-{one}") for one in (serial[2], serial[2].translate(_Y_AND_Z))):
        return f"The hyphen came through as {text[1]}"
    ndc = _WRONG_NDC.fullmatch(text)
    if ndc:
        return f"The hyphens came through as {ndc[1]}"
    return "The brackets came through as other signs" if _WRONG_ROUND.match(text) else None


def _is_mostly(text: str, signs: frozenset[str]) -> bool:
    """Tell whether a text without a digit is mostly made of signs that stand for digits."""
    found = sum(character in signs for character in text)
    has_digit = any(character in "0123456789" for character in text)
    return not has_digit and found >= _FEWEST_DIGITS and 2 * found > len(text)


def _is_code(text: str) -> bool:
    """Tell whether what follows an identifier is a product code or one of our own serials."""
    if text.startswith("01") and has_valid_check_digit(text[2:16]) and len(text) >= 16:
        return True
    return has_valid_check_digit(text) or is_like_serial(text)


def may_be_caps_locked(text: str, value: str | None) -> bool:
    """Tell whether a lot may have come through in the wrong case: small letters, and nothing to tell by.

    >>> may_be_caps_locked("010036332306421110lot42a", "lot42a"), may_be_caps_locked("]d201...", "lot42a")
    (True, False)
    """
    return value is not None and not text.startswith("]") and value != value.upper()
