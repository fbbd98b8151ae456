"""Two versions of a master formulation record beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pharmacy.domain.admixture_working import working
from pharmacy.domain.side_by_side import Line, Mark, align
from pharmacy.formulary.models import Formula
from pharmacy.formulary.queries.formulas import compute_bag_of
from pharmacy.formulary.queries.told import Section, tell_formula, tell_stability, tell_step


@dataclass(frozen=True)
class ComparedSection:
    """Hold one part of two versions: each fact's words with its two texts."""

    title: str
    facts: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class Comparison:
    """Hold two versions beside each other, and how many of their lines differ."""

    sections: tuple[ComparedSection, ...]
    working: tuple[Line, ...]
    steps: tuple[Line, ...]
    stability: tuple[Line, ...]

    @property
    def differences(self) -> int:
        """Count the lines that are not the same."""
        lines = [line for section in self.sections for _, line in section.facts]
        lines += [*self.working, *self.steps, *self.stability]
        return sum(line.mark is not Mark.SAME for line in lines)


def compare_formulas(was: Formula, now: Formula) -> Comparison:
    """Compare two versions: every field, the arithmetic with its working, the steps and the stability."""
    bag_was, bag_now = compute_bag_of(was), compute_bag_of(now)
    pairs = zip(tell_formula(was, bag_was), tell_formula(now, bag_now), strict=True)
    return Comparison(
        sections=tuple(_compare_sections(*pair) for pair in pairs),
        working=_align(working(bag_was), working(bag_now)),
        steps=_align([tell_step(one) for one in was.steps], [tell_step(one) for one in now.steps]),
        stability=_align(
            [tell_stability(one) for one in was.stability], [tell_stability(one) for one in now.stability]
        ),
    )


def _align(was: Sequence[str], now: Sequence[str]) -> tuple[Line, ...]:
    return tuple(align(was, now))


def _compare_sections(was: Section, now: Section) -> ComparedSection:
    facts = tuple(
        (words, Line(Mark.SAME if old == new else Mark.CHANGED, old, new))
        for (words, old), (_, new) in zip(was.facts, now.facts, strict=True)
    )
    return ComparedSection(now.title, facts)
