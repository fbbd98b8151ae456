"""Read a written frequency: one normal form, then a table of what is understood, whole texts only.

Nothing is searched for inside a text, so a word that is not understood is never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pharmacy.domain.frequency_refusals import (
    Unclear,
    ensure_not_error_prone,
    explain,
    too_many_days,
    too_many_hours,
)
from pharmacy.domain.frequency_types import (
    LEAST_HOURS,
    MOST_DAYS,
    MOST_HOURS,
    Continuous,
    DaysOfCycle,
    EveryHours,
    Frequency,
)
from pharmacy.domain.frequency_weekdays import read_weekdays

_MOST_LETTERS = 200
_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_UNITS_TH = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
_TEENS_TH = [
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
_TENS_TH = [word.removesuffix("y") + "ieth" for word in _TENS]
_VALUES = {
    **{word: value for words in (_UNITS, _UNITS_TH) for value, word in enumerate(words, 1)},
    **{word: value for words in (_TEENS, _TEENS_TH) for value, word in enumerate(words, 10)},
    **{word: value * 10 for words in (_TENS, _TENS_TH) for value, word in enumerate(words, 2)},
}
_WORDS = re.compile(
    r"\b(?:(?P<tens>{})[ -](?P<unit>{})|(?P<word>{}))\b".format(
        "|".join(_TENS), "|".join(_UNITS + _UNITS_TH), "|".join(_VALUES)
    )
)
_ORDINAL_WORDS = {*_UNITS_TH, *_TEENS_TH, *_TENS_TH}
# Marks an ordinal; it cannot be typed, because only ASCII is read.
_TH = "°"
_SUFFIX = re.compile(r"\b(\d+)(st|nd|rd|th)\b")
_TWICE_WRITTEN = re.compile(r"\b(\d{1,7}) ?\((\d{1,7})\)")
_HYPHENS = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014), "-")


def _number_word(found: re.Match[str]) -> str:
    last = found["unit"] or found["word"]
    value = _VALUES[last] + (_VALUES[found["tens"]] if found["tens"] else 0)
    return f"{value}{_TH if last in _ORDINAL_WORDS else ''}"


def _digit_ordinal(found: re.Match[str]) -> str:
    value = int(found[1])
    teen = value % 100 in (11, 12, 13)
    suffix = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{_TH}" if suffix == found[2] else found[0]


def _number_once(found: re.Match[str]) -> str:
    """Read a number written as a word and again in brackets, as in "two (2) days"."""
    if int(found[1]) != int(found[2]):
        raise Unclear(
            f"says {found[1]} and {found[2]} for one number", "one number, for example every 3 days"
        )
    return found[1]


def _normal(text: str) -> str:
    """Write a text in lower case, with single blanks, digits for number words and `2°` for second."""
    plain = " ".join(text.translate(_HYPHENS).split())
    if not plain or len(plain) > _MOST_LETTERS or not plain.isascii() or not plain.isprintable():
        raise Unclear(f"should be up to {_MOST_LETTERS} plain letters, digits and commas")
    plain = re.sub(r"(?<=[a-z])\.(?![0-9])", "", plain.lower())
    plain = " ".join(plain.replace("&", " and ").split())
    plain = _SUFFIX.sub(_digit_ordinal, _WORDS.sub(_number_word, plain))
    plain = _TWICE_WRITTEN.sub(_number_once, plain)
    for word, times in (("once", "1 times"), ("twice", "2 times"), ("thrice", "3 times")):
        plain = re.sub(rf"\b{word}\b", times, plain)
    return re.sub(r"\bevery[ -](?:other|alternate)\b", f"every 2{_TH}", plain)


def _days(on: int, cycle: int) -> Frequency:
    if cycle > MOST_DAYS:
        raise too_many_days()
    if cycle == 0 or on == 0:
        raise Unclear("counts no day at all")
    if on == cycle and cycle > 1:
        raise Unclear(f"means every one of {cycle} days", "daily")
    if on > cycle:
        raise Unclear(
            "has more infusion days than its cycle has",
            "fewer days on than the cycle has, for example 2 of every 3 days",
        )
    return DaysOfCycle(on=on, cycle=cycle)


def _part_of_cycle(on: int, cycle: int) -> Frequency:
    if on == cycle == 1:
        raise Unclear("means every day", "daily")
    return _days(on, cycle)


def _on_and_off(on: int, off: int) -> Frequency:
    return _part_of_cycle(on, on + off)


def _hours(hours: int) -> Frequency:
    if hours < LEAST_HOURS:
        raise Unclear("is too often", f"every {LEAST_HOURS} hours or more, or continuous")
    if hours > MOST_HOURS:
        raise too_many_hours()
    return _days(1, hours // 24) if hours % 24 == 0 else EveryHours(hours)


def _times_a_day(times: int) -> Frequency:
    if times == 0 or 24 % times or times > 24 // LEAST_HOURS:
        raise Unclear(
            "cannot be spread evenly over 24 hours",
            "every 2, 3, 4, 6, 8 or 12 hours, as the prescriber means",
        )
    return _hours(24 // times)


_N = r"(\d{1,7})"
_ONE = r"1 (?:times?|doses?|infusions?)"
_ONCE = rf"(?:{_ONE} )?"
_EACH = r"(?:every|each)"
_DAYS = r"(?:days?|nights?)"
_HOURS = r"(?:hours?|hrs?|h)"
_A_DAY = rf"(?:(?:a|per|{_EACH}) day| ?/ ?day|(?:in|per|{_EACH}) 24 ?{_HOURS})"
_THEN = r"(?: ?[,;/-] ?(?:and |then )?| and | then | and then | followed by | )"
_REPEAT = r"(?:,? (?:(?:and|then|and then) )?repeat(?:ing|ed)?)?"
# What is understood: the whole text in its normal form, and what its numbers mean.
_UNDERSTOOD: list[tuple[str, Callable[..., Frequency]]] = [
    (rf"{_ONCE}(?:daily|everyday|{_EACH} day|nightly|{_EACH} night)", lambda: _days(1, 1)),
    (rf"{_ONE} ?(?:{_A_DAY}|(?:a|per) night)|7 days (?:a|per|{_EACH}) week", lambda: _days(1, 1)),
    (rf"{_ONCE}{_EACH} {_N} ?{_DAYS}", lambda days: _days(1, days)),
    (rf"(?:{_ONE}|1) (?:per|in {_EACH}) {_N} {_DAYS}", lambda cycle: _part_of_cycle(1, cycle)),
    (rf"{_ONCE}(?:on )?{_EACH} (?!1{_TH}){_N}{_TH} {_DAYS}", lambda days: _days(1, days)),
    (r"(?:on )?alternat(?:e|ing) (?:days?|nights?)", lambda: _days(1, 2)),
    (
        rf"(?:on )?(?:{_EACH} )?{_N} ?(?:consecutive )?{_DAYS}"
        rf" (?:out )?(?:of|in) (?:{_EACH} )?{_N}(?: ?{_DAYS})?",
        _part_of_cycle,
    ),
    (rf"(?:on )?(?:{_EACH} )?{_N} (?:out )?of (?:{_EACH} )?{_N} ?{_DAYS}", _part_of_cycle),
    (rf"{_N} ?{_DAYS} on{_THEN}{_N} ?(?:{_DAYS} )?off{_REPEAT}", _on_and_off),
    (rf"on (?:for )?{_N} {_DAYS}{_THEN}off (?:for )?{_N} {_DAYS}{_REPEAT}", _on_and_off),
    (rf"{_N} ?(?:times?|x) ?(?:daily|{_A_DAY})", _times_a_day),
    (r"b ?i ?d", lambda: _times_a_day(2)),
    (r"t ?i ?d", lambda: _times_a_day(3)),
    (r"q ?i ?d", lambda: _times_a_day(4)),
    (rf"{_ONCE}(?:{_EACH} |q ?){_N} ?{_HOURS}", _hours),
    (rf"{_ONCE}{_EACH} (?!1{_TH}){_N}{_TH} hours?", _hours),
    (rf"(?:{_EACH} )?{_N} ?(?:hourly|hrly)", _hours),
    (r"continuous(?:ly)?|(?:as a |as |by )?continuous infusions?", Continuous),
]
_TABLE = [(re.compile(pattern), meaning) for pattern, meaning in _UNDERSTOOD]


def parse_frequency(text: str, *, field: str = "frequency") -> Frequency:
    """Read a frequency as a pharmacist writes it.

    Raises InvalidInput naming `field`, with the reason and what to write instead, for text that is unknown,
    error-prone or can be read in two ways (calculators.md, frequency; domain.md 3.3).

    >>> parse_frequency("every two out of three days").text, parse_frequency("MWF").text
    ('2 of every 3 days', 'weekly on Monday, Wednesday, Friday')
    >>> parse_frequency("4 of 3 days")
    Traceback (most recent call last):
    ...
    pharmacy.domain.errors.InvalidInput: frequency "4 of 3 days" has more infusion days than its cycle has; \
write fewer days on than the cycle has, for example 2 of every 3 days.
    """
    try:
        return _read(_normal(text))
    except Unclear as unclear:
        raise unclear.refusal(text, field=field) from None


def _read(plain: str) -> Frequency:
    ensure_not_error_prone(plain)
    # Weekdays first: there a hyphen has a meaning, between other words it has none.
    if (weekly := read_weekdays(plain)) is not None:
        return weekly
    words = re.sub(r"(?<=[a-z0-9°])-(?=[a-z])|(?<=[a-z])-(?=[0-9])", " ", plain)
    for pattern, meaning in _TABLE:
        if found := pattern.fullmatch(words):
            return meaning(*(int(group) for group in found.groups()))
    raise explain(words)
