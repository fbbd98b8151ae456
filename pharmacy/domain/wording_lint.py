"""Find what would be misread in a clinical text, and refuse it with what to write instead (domain.md 3.3).

For what people write about drugs: directions, notes, instructions. Not for names, addresses, reported
laboratory values or the numbers that a pump shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.wording_terms import NUMBERS, SIGNS, UNIT_SLASH, WORDS, TermRule

# Where it stands and what to write instead.
_Found: TypeAlias = tuple[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class UnsafeTerm:
    """Hold a term as it was written, where it starts, and what to write instead."""

    term: str
    start: int
    write_instead: str

    @property
    def advice(self) -> str:
        """Say it in words: the term and what to write."""
        told = self.write_instead
        return f'"{" ".join(self.term.split())}": {told if told.startswith("write ") else f"write {told}"}'


def find_unsafe_wording(text: str) -> list[UnsafeTerm]:
    """Find every term of a clinical text that would be misread, in the order of the text.

    A term inside a longer one counts as the longer; what is wrong with a number is always reported.

    >>> [(one.term, one.write_instead) for one in find_unsafe_wording("MgSO4 2.0 g SC")]
    [('MgSO4', 'write the full drug name'), ('2.0', '2'), ('SC', 'subcutaneously')]
    >>> find_unsafe_wording("magnesium sulfate 20 mg/mL, keep at 2 °C to 8 °C")
    []
    """
    in_units = {place for one in UNIT_SLASH.finditer(text) for place in range(*one.span())}
    found = [
        (one.span(), rule.write_instead(one))
        for rule, one in _search((*WORDS, *SIGNS), text)
        if one[0] != "/" or one.start() not in in_units
    ]
    kept = set(_drop_contained(found))
    kept |= {(one.span(), rule.write_instead(one)) for rule, one in _search(NUMBERS, text)}
    return [UnsafeTerm(text[start:end], start, instead) for (start, end), instead in sorted(kept)]


def _search(rules: Iterable[TermRule], text: str) -> Iterator[tuple[TermRule, re.Match[str]]]:
    return ((rule, found) for rule in rules for found in rule.pattern.finditer(text))


def _drop_contained(found: list[_Found]) -> Iterator[_Found]:
    """Leave out every span that lies within a longer one: widest first, one look back is enough."""
    widest = (0, 0)
    for span, instead in sorted(found, key=lambda one: (one[0][0], -one[0][1])):
        if span[1] > widest[1]:
            widest = span
        if span == widest:
            yield span, instead


def advise_on_wording(text: str) -> str:
    """Say, to follow the name of a text, that it can be misread and what to write; nothing if it cannot."""
    advice = "; ".join(dict.fromkeys(term.advice for term in find_unsafe_wording(text)))
    return f"can be misread. {advice}." if advice else ""


def ensure_safe_wording(text: str, *, field: str) -> None:
    """Refuse a clinical text that would be misread; InvalidInput names `field` and what to write instead."""
    advice = advise_on_wording(text)
    if advice:
        raise InvalidInput(f"{field} {advice}", field=field)


__all__ = ["UnsafeTerm", "advise_on_wording", "ensure_safe_wording", "find_unsafe_wording"]
