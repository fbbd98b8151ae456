"""Why a written frequency is refused, and what to write instead: a table read from top to bottom.

Sources: the error-prone abbreviations of domain.md 3.3 and the refusals of calculators.md, frequency.
"""

from __future__ import annotations

import re

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.frequency_types import MOST_DAYS, MOST_HOURS

EXAMPLES = (
    "daily, every 2 days, 2 of every 3 days, every 12 hours,"
    " weekly on Monday, Wednesday, Friday or continuous"
)
_NAME_THE_DAYS = "weekly on Monday, Wednesday, Friday, with the days of the week named"
_NUMBER_OF_DAYS = "a number of days, such as every 28 days"
_MOST_SHOWN = 40


class Unclear(Exception):
    """Carry why a text is refused and what to write instead, before field and text are known."""

    def __init__(self, why: str, instead: str = EXAMPLES) -> None:
        super().__init__(why)
        self.why = why
        self.instead = instead

    def refusal(self, text: str, *, field: str) -> InvalidInput:
        """Make the sentence for the user."""
        shown = " ".join(text.split())
        shown = "".join(letter if " " <= letter <= "~" else "?" for letter in shown)
        if len(shown) > _MOST_SHOWN:
            shown = shown[:_MOST_SHOWN].rstrip() + "..."
        return InvalidInput(f'{field} "{shown}" {self.why}; write {self.instead}.', field=field)


# Looked for anywhere in the text before anything else is understood.
_ERROR_PRONE = (
    (
        r"24 ?/ ?7|around the clock|atc",
        "can be read as one infusion after the other or as evenly spaced doses",
        "continuous, or every N hours, for example every 6 hours",
    ),
    (r"q ?d(?:ay|aily)?", "can be read as daily or as four times daily (QID)", "daily"),
    (r"q ?o ?d|eod|qad", "can be read as every other day, daily or four times daily", "every other day"),
    (r"o ?d", "can be read as daily or as the right eye", "daily"),
    (
        r"q ?\d+ ?d(?:ays?)?",
        "can be read as a number of days or as four times daily (QID)",
        "every N days, for example every 3 days",
    ),
    (
        r"b ?i ?w|bi[ -]?weekly|semi[ -]?weekly",
        "can be read as twice a week or as every two weeks",
        "weekly on Monday, Thursday, or every 14 days",
    ),
    (
        r"t ?i ?w|tri[ -]?weekly",
        "can be read as three times a week, twice a week or three times a day",
        _NAME_THE_DAYS,
    ),
    (
        r"q ?hs|h ?s|b ?t|qn",
        "can be read as bedtime, half strength, every hour or twice daily",
        "daily or nightly, with the clock time in day 1",
    ),
    (
        r"q ?\d+ ?[ap]m|q ?am|q ?pm",
        "can be read as a clock time or as a number of hours",
        "daily, with the clock time in day 1",
    ),
    (
        r"q ?\d* ?(?:w|wks?|weeks?|weekly)",
        "does not name the day of the week",
        "weekly on Monday, or every 14 days",
    ),
    (r"b ?d(?: ?s)?", "can be read as twice daily or as bedtime", "twice daily"),
    (r"t ?d ?s", "is not used in this country and can be misread", "three times daily"),
    (r"q ?d ?s", "can be read as daily or as four times daily", "four times daily"),
    (
        r"prn|(?:as|when|if|where) (?:needed|required|necessary)|on demand|ad lib",
        "does not fix the days, so no dose can be counted",
        EXAMPLES,
    ),
    (r"as (?:directed|instructed|ordered|told)|ud|ut dict", "does not say how often", EXAMPLES),
    (
        r"few|couple|several|some|many|multiple|various",
        "does not say how many",
        "a number, for example every 3 days",
    ),
)
# A fraction, a range or a share is never pieced together from its digits.
_NUMBERS = (
    (
        r"\d[.,]\d|\.\d|\bhalf\b",
        "should hold whole numbers only",
        "whole days or hours, for example every 36 hours",
    ),
    (
        r"\d ?/ ?\d",
        "can be read as a number of days in a cycle, as a range or as a fraction",
        "for example 2 of every 3 days, or every 2 days",
    ),
    (
        r"\d°?(?: ?days?| ?hours?)? ?(?:-|to|or|through) ?\d",
        "is a range, so no dose can be counted",
        "one number, for example every 3 days",
    ),
)
# Looked for when nothing was understood.
_NOT_UNDERSTOOD = (
    (
        r"(?!1 )\d+ (?:doses?|infusions?|bags?) ?(?:daily|(?:a|per|each|every|/) ?(?:day|night))",
        "can be read as spread over the day or as all at one time",
        "for example twice daily, or daily",
    ),
    (
        r"^(?:continuous\w* )?(?:over )?24 ?(?:hours?|hrs?|h)(?: continuous\w*| infusions?| (?:a|per) day)*$",
        "can be read as one infusion after the other or as one infusion that runs 24 hours",
        "continuous or daily",
    ),
    (
        r"(?:start|begin)[a-z]*|from|beginning|until|till|for",
        "says when it begins or ends, which has a place of its own",
        "the frequency alone, for example daily",
    ),
    (
        r"1 (?:(?:times?|doses?|infusions?) )?in \d+ (?:days?|nights?)",
        "can be read as one dose in each of these spans or as a single dose after them",
        "for example every 2 days",
    ),
    (
        r"\d+ ?(?:times?|x|doses?|days?)? ?(?:every|each|in|per|out of|/) ?(?:every )?\d+ ?days?",
        "can be read as the first days of each cycle or as evenly spaced doses",
        "for example 2 of every 3 days, or every 36 hours",
    ),
    (
        r"(?:every \d+°|alternat(?:e|ing)) (?:mon|tue|wed|thu|fri|sat|sun)[a-z]*",
        "can be read as every so many weeks or as one day of the month",
        "every 14 days or every 21 days, with day 1 on that day of the week",
    ),
    (
        r"\d+ ?weeks? on\b.*off",
        "can be read as a dose on every day of the weeks on or as one dose a week",
        "days, for example 14 of every 21 days",
    ),
    (
        r"\d+ ?on\b.*off",
        "can be read as days or as weeks",
        "2 days on 1 day off, or 14 days on 7 days off",
    ),
    (
        r"off\b.*\bon\b",
        "starts on a day without a dose, and day 1 is always a day with one",
        "for example 2 of every 3 days, with day 1 on the first infusion day",
    ),
    (
        r"every \d+°? weeks?|fortnight(?:ly)?",
        "is a number of weeks, which are counted in days here",
        "a number of days, such as every 14 days, with day 1 on the first infusion day",
    ),
    (
        r"weekdays?",
        "can be read as Monday through Friday or as any days of the week",
        "weekly on Monday, Tuesday, Wednesday, Thursday, Friday, with the days named",
    ),
    (
        r"weekends?",
        "can be read as Saturday and Sunday or as Friday through Sunday",
        "weekly on Saturday, Sunday, with the days named",
    ),
    (r"week(?:s|ly)?|wks?", "does not name the days of the week", _NAME_THE_DAYS),
    (
        r"bi-?month(?:s|ly)?",
        "can be read as twice a month or as every two months",
        _NUMBER_OF_DAYS,
    ),
    (r"month(?:s|ly)?|mth|quarter(?:ly)?|year(?:s|ly)?|annually", "has no fixed length", _NUMBER_OF_DAYS),
    (
        r"(?:every|each) hour|hourly|minutes?|seconds?|mins?|secs?",
        "is too often",
        "every 2 hours or more, or continuous",
    ),
    (
        r"^1 (?:times?|doses?|infusions?)(?: only)?$|stat|now|single",
        "is a single dose and no frequency",
        EXAMPLES,
    ),
    (
        r"at|@ ?\d*|am|pm|mornings?|evenings?|noon|midnight|bedtime|afternoons?|\d+:\d+",
        "names a clock time, which belongs to day 1 of the schedule",
        "for example daily",
    ),
    (
        r"x ?\d+|total|doses|bags?",
        "says how many, which has a place of its own",
        "the frequency alone, for example daily",
    ),
    (r"\(.*\)", "adds something in brackets", "one frequency without brackets, for example daily"),
    (r"or|alternatively", "leaves a choice", "one frequency"),
    (
        r"days? \d+\b.* of (?:every |each )?(?:a )?\d+",
        "names the days of a cycle by their numbers",
        "how many of them there are, for example 2 of every 3 days",
    ),
    (r"\d+ (?:out )?of (?:every )?\d+", "does not say days", "for example 2 of every 3 days"),
    (
        r"^(?:every |each |q ?)\d+$",
        "can be read as a number of days or of hours",
        "for example every 12 hours, or every 12 days",
    ),
)


_WORD = r"(?<![a-z0-9])(?:{})(?![a-z0-9])"
_BEFORE = [
    *((re.compile(_WORD.format(pattern)), why, instead) for pattern, why, instead in _ERROR_PRONE),
    *((re.compile(pattern), why, instead) for pattern, why, instead in _NUMBERS),
]
_AFTER = [(re.compile(_WORD.format(pattern)), why, instead) for pattern, why, instead in _NOT_UNDERSTOOD]


def ensure_not_error_prone(plain: str) -> None:
    """Refuse abbreviations that were misread elsewhere, and numbers that are no whole number."""
    for pattern, why, instead in _BEFORE:
        if pattern.search(plain):
            raise Unclear(why, instead)


def explain(plain: str) -> Unclear:
    """Say why a text was not understood, as closely as can be."""
    for pattern, why, instead in _AFTER:
        if pattern.search(plain):
            return Unclear(why, instead)
    return Unclear("is not a frequency that is known here")


def too_many_days() -> Unclear:
    """Refuse a cycle longer than can be held."""
    return Unclear(f"is longer than {MOST_DAYS} days", f"at most {MOST_DAYS} days")


def too_many_hours() -> Unclear:
    """Refuse a gap in hours longer than can be held."""
    return Unclear(f"is longer than {MOST_DAYS} days", f"at most {MOST_HOURS:,} hours")
