"""Read the days of the week out of a written frequency: names, abbreviations, single letters and ranges."""

from __future__ import annotations

import re

from pharmacy.domain.frequency_refusals import Unclear
from pharmacy.domain.frequency_types import WEEKDAY_NAMES, WeeklyOn

_SHORT = (
    ("mon", "mo"),
    ("tue", "tues", "tu"),
    ("wed", "weds", "we"),
    ("thu", "thur", "thurs", "th"),
    ("fri", "fr"),
    ("sat", "sa"),
    ("sun", "su"),
)
_NAMES = {
    name: day
    for day, full in enumerate(WEEKDAY_NAMES)
    for name in (full.lower(), full.lower() + "s", *_SHORT[day])
}
# T and S alone are two days each; T is Tuesday only beside Th.
_LETTERS = {"m": 0, "t": 1, "w": 2, "f": 4}
_COMPACT = re.compile(r"(?:m|tu|th|t|w|f|sa|su|s){2,}")
_COMPACT_PART = re.compile(r"tu|th|sa|su|[mtwfs]")
_A_WEEK = r"(?: (?:weekly|(?:(?:a|per|each|every) )?(?:week|wk))| ?/ ?(?:week|wk))"
_WITH_WEEKDAYS = re.compile(
    rf"(?:(?:(?P<times>\d+) ?(?:times?|x|days?|doses?|infusions?){_A_WEEK}"
    r"|weekly|(?:every|each) week)(?:[,:]| -)? ?)?"
    r"(?:(?:only )?on (?:(?:every|each) )?|(?:1 (?:times?|doses?|infusions?) )?(?:every|each) )?"
    r"(?P<open>\()?(?P<days>[a-z][a-z ,/;-]*?)(?(open)\))(?: only|,? (?:weekly|(?:every|each) week))?"
)
_EXCEPT = re.compile(
    r"(?:daily|every day|each day),? (?:except|but not|but)(?: on)? (?P<days>[a-z][a-z ,/;-]*)"
)
_RANGE = re.compile(r"(?P<first>[a-z]+) (?:through|thru|to|till|until) (?P<last>[a-z]+)")
_BETWEEN = re.compile(r"(?: ?[,/;] ?(?:and )?| and | )(?:on )?(?:(?:every|each) )?")


def read_weekdays(plain: str) -> WeeklyOn | None:
    """Read a weekly frequency; None for a text of other things, Unclear where the days are in doubt."""
    if found := _EXCEPT.fullmatch(plain):
        days = _read_list(found["days"])
        if days is None or len(days) == 7:
            return None
        return WeeklyOn(tuple(day for day in range(7) if day not in days))
    found = _WITH_WEEKDAYS.fullmatch(plain)
    if found is None:
        return None
    days = _read_list(found["days"])
    if days is None:
        return None
    if found["times"] and int(found["times"]) != len(days):
        raise Unclear(
            f"says {found['times']} times a week and names {len(days)} of its days",
            "as many days as there are doses",
        )
    return WeeklyOn(tuple(sorted(days)))


def _read_list(text: str) -> list[int] | None:
    """Read a list of days in the order written; None where a word is no day."""
    if "-" in text:
        return _read_hyphens(text)
    if found := _RANGE.fullmatch(text):
        return _read_range(found["first"], found["last"])
    words = _BETWEEN.split(text)
    if len(words) == 1 and words[0] not in _NAMES:
        return _read_compact(words[0])
    # A single day in two letters could be a month ("mo") or a word ("we").
    if len(words) == 1 and len(words[0]) < 3:
        return None
    return _read_words(words)


def _read_words(words: list[str]) -> list[int] | None:
    days: list[int] = []
    for word in words:
        day = _NAMES.get(word, _LETTERS.get(word))
        if day is None:
            if word == "s" and days:
                raise _two_days("S", "Saturday or Sunday")
            return None
        days.append(day)
    if "t" in words and 3 not in days:
        raise _two_days("T", "Tuesday or Thursday")
    for day in days:
        if days.count(day) > 1:
            raise Unclear(f"names {WEEKDAY_NAMES[day]} more than once", "every day of the week once")
    return days


def _two_days(letter: str, days: str) -> Unclear:
    return Unclear(f"holds the letter {letter}, which can be read as {days}", "the names of the days in full")


def _read_compact(word: str) -> list[int] | None:
    """Read letters run together, as MWF."""
    if word == "mf":
        raise Unclear(
            "can be read as Monday and Friday or as Monday through Friday", "the names of the days in full"
        )
    # "mth" is a month at least as often as Monday and Thursday.
    if word == "mth" or not _COMPACT.fullmatch(word):
        return None
    days = _read_words(_COMPACT_PART.findall(word))
    return days if days == sorted(days or []) else None


def _read_hyphens(text: str) -> list[int] | None:
    words = re.split(r" ?- ?", text)
    if len(words) > 2:
        return _read_words(words)
    if all(
        _BETWEEN.split(word)[place] in {**_NAMES, **_LETTERS}
        for place, word in zip((-1, 0), words, strict=True)
    ):
        raise Unclear(
            "can be read as these days alone or as all days from the first to the last",
            "the names of all the days, or Monday through Friday",
        )
    return None


def _read_range(first: str, last: str) -> list[int] | None:
    if first not in _NAMES or last not in _NAMES or _NAMES[first] == _NAMES[last]:
        return None
    start, length = _NAMES[first], (_NAMES[last] - _NAMES[first]) % 7 + 1
    return [(start + step) % 7 for step in range(length)]
