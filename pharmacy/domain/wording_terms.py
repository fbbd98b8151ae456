"""The terms that are misread in clinical text, and what to write instead: a table, one line a term.

Sources: the published lists of error-prone abbreviations (Institute for Safe Medication Practices, Joint
Commission), as gathered in domain.md 3.3; the facts only, in our own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pharmacy.domain.formatting import number

FULL_NAME = "write the full drug name"
# What follows where a whole text stands in capitals: these are words then and no ears.
_IN_CAPITALS = (
    r"\s(?:DIRECTED|INSTRUCTED|NEEDED|ORDERED|PRESCRIBED|REQUIRED|TOLERATED|SOON|LIB|AN?|THE|PER)(?![^\W_])"
)
_IN_FULL = "write the directions in full"
# Where a term begins and ends: no letter before it (a number may stand there), no letter or digit after it.
_BEGINS, _ENDS = r"(?<![^\W\d_])", r"(?![^\W_])"
_MASS_OR_VOLUME = r"mcg|mg|kg|gm|g|[µμ]g|ug|ml|dl|l|meq|mmol|mosm|units?|iu|u|cc"
_UNITS = rf"(?:{_MASS_OR_VOLUME}|hours?|hrs?|h|min)"
# How a unit is written that people write in other ways.
_WRITTEN = {
    "ml": "mL",
    "cc": "mL",
    "dl": "dL",
    "l": "L",
    "meq": "mEq",
    "mosm": "mOsm",
    "gm": "g",
    "ug": "mcg",
}
_WRITTEN |= {"µg": "mcg", "μg": "mcg", "iu": "units", "u": "units"}


@dataclass(frozen=True, slots=True)
class TermRule:
    """Hold how a term is found and what to write instead."""

    pattern: re.Pattern[str]
    instead: str | Callable[[re.Match[str]], str]

    def write_instead(self, found: re.Match[str]) -> str:
        """Say what to write instead of what was found."""
        return self.instead if isinstance(self.instead, str) else self.instead(found)


def _word(pattern: str, instead: str, *, exact_case: bool = False) -> TermRule:
    flags = re.NOFLAG if exact_case else re.IGNORECASE
    return TermRule(re.compile(f"{_BEGINS}(?:{pattern}){_ENDS}", flags), instead)


def _sign(pattern: str, instead: str) -> TermRule:
    return TermRule(re.compile(pattern), instead)


def _number(pattern: str, instead: Callable[[re.Match[str]], str]) -> TermRule:
    return TermRule(re.compile(pattern, re.IGNORECASE), instead)


def _every_days(found: re.Match[str]) -> str:
    return "daily" if int(found["days"]) == 1 else f"every {int(found['days'])} days"


def _without_zeros(found: re.Match[str]) -> str:
    return found[0].rstrip("0").rstrip(".")


def _with_commas(found: re.Match[str]) -> str:
    return number(Decimal(found[0]))


def _spaced(found: re.Match[str]) -> str:
    amount = Decimal(found["amount"].replace(",", ""))
    unit = found["unit"].lower()
    return f"{number(amount, 9)} {_WRITTEN.get(unit, unit)}"


def _without_period(found: re.Match[str]) -> str:
    unit = found["unit"].lower()
    return f"{_WRITTEN.get(unit, unit)} without a period"


WORDS = (
    _word(r"[µμ]g|ug", "mcg"),
    _word(r"cc|c\.c\.", "mL"),
    _word(r"m[lL]s|M[lL]s?|ml", "mL", exact_case=True),
    _word(r"(?!mEq)[Mm][Ee][Qq]", "mEq", exact_case=True),
    _word(r"gms?", "g"),
    TermRule(re.compile(r"\[i?u\]", re.IGNORECASE), "units"),
    _word(r"iu|i\.u\.", "units"),
    _word(r"u(?!\.\s?s\b)", "units"),
    _word(r"ij", "injection"),
    _word(r"d/c", "discharge or discontinue"),
    _word(r"o\.?d\.?", "daily"),
    _word(r"q\.?\s?d\.?", "daily"),
    _word(r"q\.?\s?o\.?\s?d\.?", "every other day"),
    TermRule(re.compile(rf"{_BEGINS}q\s?(?P<days>\d{{1,3}})\s?d{_ENDS}", re.IGNORECASE), _every_days),
    TermRule(
        re.compile(rf"{_BEGINS}q\s?(?P<clock>\d{{1,2}})\s?(?P<half>[ap]m){_ENDS}", re.IGNORECASE),
        lambda found: f"daily at {int(found['clock'])} {found['half'].upper()}",
    ),
    _word(r"q\.?\s?hs|q\.h\.s\.", "nightly at bedtime"),
    _word(r"q\.?n\.?", "nightly"),
    _word(r"t\.?i\.?w\.?", "3 times weekly, naming the days"),
    _word(r"b\.?i\.?w\.?", "2 times weekly, naming the days"),
    TermRule(
        re.compile(rf"{_BEGINS}x\s?(?P<days>\d{{1,3}})\s?d{_ENDS}", re.IGNORECASE),
        lambda found: f"for {found['days']} days",
    ),
    _word(r"u\.?d\.?|u/d", _IN_FULL),
    # SUBQ in capitals is the one short form that is not misread.
    _word(r"(?!SUBQ(?:\W|$))(?:[Ss][Uu][Bb][\s.-]*[Qq])", "subcutaneously", exact_case=True),
    _word(r"s[./]?[cq]\.?", "subcutaneously"),
    _word(r"h\.?s\.?", "at bedtime, or half-strength"),
    _word(r"bt", "at bedtime"),
    _word(r"ss", "sliding scale, or one-half"),
    _word(r"(?:mag?|mg?)\s?SO\s?[4₄]", FULL_NAME),
    _word(r"MS|M\.S\.", FULL_NAME, exact_case=True),
    _word(r"kcl", "potassium chloride"),
    _word(r"hcl", "write the full name: hydrochloric acid, or the drug with hydrochloride"),
    _word(r"nacl|ns|n/s", "write the full name with its strength, such as 0.9% sodium chloride"),
    _word(r"per\s+os", "by mouth"),
    _word(r"oj", "orange juice"),
    _word(rf"AD(?!{_IN_CAPITALS})|a\.d\.", "right ear", exact_case=True),
    _word(rf"AS(?!{_IN_CAPITALS})|a\.s\.", "left ear", exact_case=True),
    _word(r"AU|a\.u\.", "each ear", exact_case=True),
)
SIGNS = (
    _sign(r"@", "at"),
    _sign(r"&", "and"),
    _sign(r"\+", "and"),
    _sign(r">\s?=|≥", "at least"),
    _sign(r"<\s?=|≤", "at most"),
    _sign(r">", "greater than"),
    _sign(r"<", "less than"),
    _sign(r"[°º](?!\s?[CF]\b)", "hour"),
    _sign(r"(?<![\d/])\d{1,4}/\d{1,2}/\d{2,4}(?![\d/])", "the date with its month in letters"),
    _sign(r"(?<![\d/.,])\d{1,2}\s?/\s?\d{1,2}(?![\d/.,])", "words or a decimal, such as 0.5"),
    _sign(r"(?i)(?<![^\W_])w/o(?![^\W_])", "without"),
    _sign(r"(?i)(?<![^\W_])w/", "with"),
    _sign(r"(?i)(?<![^\W_])and/or(?![^\W_])", 'one word, "and" or "or"'),
    _sign(r"/", "per"),
)
NUMBERS = (
    _number(r"(?<![\d.,])\d[\d,]*\.\d*0(?!\.?\d)", _without_zeros),
    _number(r"(?<![\w.])\.\d+", lambda found: f"0{found[0]}"),
    _number(rf"(?<![\w.,])\d{{4,}}(?=(?:\.\d+)?\s?{_UNITS}{_ENDS})", _with_commas),
    _number(rf"(?<![\w.,])(?P<amount>\d[\d,]*(?:\.\d+)?|\.\d+)(?P<unit>{_UNITS}){_ENDS}", _spaced),
    _number(rf"{_BEGINS}(?P<unit>mg|mcg|kg|ml|meq|mmol|mosm)\.(?!\d)", _without_period),
    _number(r"(?:(?<=\d)|(?<=\d\s))(?P<unit>g|l|h|hrs?|min)\.(?!\d)", _without_period),
    _number(
        rf"{_BEGINS}(?P<drug>[^\W\d_]{{3,}})\d[\d.,]*\s?{_UNITS}{_ENDS}",
        lambda found: f"a space after {found['drug']}",
    ),
)
# A slash between units that people know is read as it is meant, as in mg/mL or mL/24 h.
UNIT_SLASH = re.compile(
    rf"{_BEGINS}(?:mcg|mg|kg|g|ml|l|meq|mmol|mosm|units?|drops?)"
    rf"(?:\s?/\s?(?:24\s?)?(?:ml|dl|l|kg|h|hr|hrs|hours?|min|minutes?|days?|(?:1\.73\s?)?m[2²])){{1,2}}{_ENDS}",
    re.IGNORECASE,
)

__all__ = ["FULL_NAME", "NUMBERS", "SIGNS", "UNIT_SLASH", "WORDS", "TermRule"]
