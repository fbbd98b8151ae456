"""Who may compound today, and until when: garbing, media fill and training, each with its interval.

An expired, failed or missing one stops that person, never the category of a bag (domain.md 1.4). A day that
is N months after a competency is its last good day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pharmacy.domain.beyond_use_limits import Category
from pharmacy.domain.calendar_months import add_months
from pharmacy.domain.formatting import day
from pharmacy.domain.reference_data import ReferenceEntry, unchecked_notice


class Competency(StrEnum):
    """What a person shows that they can do."""

    GARBING = "garbing"
    MEDIA_FILL = "media_fill"
    TRAINING = "training"


COMPETENCY_WORDS = {
    Competency.GARBING: "garbing and gloved-fingertip sampling",
    Competency.MEDIA_FILL: "media fill",
    Competency.TRAINING: "core training with written test",
}


class Duty(StrEnum):
    """What a person does: compound, or check a step of those who do."""

    COMPOUND = "compound"
    OVERSEE = "oversee"


DUTY_WORDS = {Duty.COMPOUND: "compound", Duty.OVERSEE: "check what others compound"}


class Occasion(StrEnum):
    """Whether a person shows it for the first time or after a long absence, or as it comes round."""

    INITIAL = "initial"
    RECURRING = "recurring"


class Outcome(StrEnum):
    """What came of it; an entry that never happened is corrected to `entered in error`."""

    PASSED = "passed"
    FAILED = "failed"
    IN_ERROR = "entered_in_error"


@dataclass(frozen=True, slots=True)
class CompetencyIntervals:
    """Hold a jurisdiction's intervals in months; `notice` is empty when a pharmacist has checked them."""

    key: str
    title: str
    notice: str
    months: Mapping[tuple[Competency, Duty, Category], int]
    away_months: int


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold one time at which a person showed a competency, and what came of it."""

    kind: Competency
    occasion: Occasion
    done_on: date
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold where a person stands in one kind: the last time, its last good day, and what is wrong."""

    kind: Competency
    last: Shown | None
    until: date | None
    wrong: str

    @property
    def holds(self) -> bool:
        """Tell whether the competency holds today."""
        return not self.wrong


def judge_competencies(
    shown: Iterable[Shown],
    *,
    duty: Duty,
    category: Category,
    last_at_bench: date | None,
    intervals: CompetencyIntervals,
    today: date,
) -> tuple[Standing, ...]:
    """Judge each kind of competency of one person for a duty in a category of preparations.

    `shown` are what stands after corrections, as they were entered. Who compounds and was away from it longer
    than the intervals allow needs an initial one of each kind from after that (domain.md 1.4).
    """
    found = list(shown)
    back_after = find_end_of_absence(last_at_bench, intervals) if duty is Duty.COMPOUND else None
    if back_after is not None and today <= back_after:
        back_after = None
    return tuple(
        _judge(
            kind,
            [one for one in found if one.kind is kind and one.outcome is not Outcome.IN_ERROR],
            months=intervals.months[kind, duty, category],
            back_after=back_after,
            today=today,
        )
        for kind in Competency
    )


def _judge(
    kind: Competency, shown: Sequence[Shown], *, months: int, back_after: date | None, today: date
) -> Standing:
    name = COMPETENCY_WORDS[kind]
    if not shown:
        return Standing(kind, None, None, f"{name}: nothing is recorded")
    last = sorted(shown, key=lambda one: one.done_on)[-1]
    if last.outcome is Outcome.FAILED:
        return Standing(kind, last, None, f"{name}: failed on {day(last.done_on)}")
    until = add_months(last.done_on, months)
    if today > until:
        return Standing(kind, last, until, f"{name}: was good until {day(until)}")
    if back_after is not None and not any(
        one.occasion is Occasion.INITIAL and one.outcome is Outcome.PASSED and one.done_on > back_after
        for one in shown
    ):
        wrong = (
            f"{name}: to be shown anew from the start, after an absence that went on past {day(back_after)}"
        )
        return Standing(kind, last, until, wrong)
    return Standing(kind, last, until, "")


def find_end_of_absence(last_at_bench: date | None, intervals: CompetencyIntervals) -> date | None:
    """Find the last day on which somebody may come back without a new qualification; None who never began."""
    return None if last_at_bench is None else add_months(last_at_bench, intervals.away_months)


def find_last_good_day(
    standings: Sequence[Standing], *, last_at_bench: date | None, intervals: CompetencyIntervals, today: date
) -> date | None:
    """Find until when a person whose competencies all hold may compound; None when one does not hold."""
    if not all(one.holds for one in standings):
        return None
    days = [one.until for one in standings if one.until is not None]
    away = find_end_of_absence(last_at_bench, intervals)
    return min([*days, away] if away is not None and away >= today else days)


def say_why_not(name: str, duty: Duty, standings: Sequence[Standing], *, see: str) -> str:
    """Say that a person may not do something, why, and whom to see; empty when they may.

    >>> say_why_not("Ann", Duty.COMPOUND, [Standing(Competency.MEDIA_FILL, None, None, "media fill: failed")],
    ...             see="Bea, pharmacist-in-charge")
    'Ann may not compound now. Media fill: failed. See Bea, pharmacist-in-charge.'
    """
    wrong = [one.wrong for one in standings if one.wrong]
    if not wrong:
        return ""
    reasons = "; ".join(wrong)
    return f"{name} may not {DUTY_WORDS[duty]} now. {reasons[0].upper()}{reasons[1:]}. See {see}."


def say_standings(duty: Duty, standings: Sequence[Standing]) -> str:
    """Say where a person stands in every kind, for a record that is read in years.

    >>> say_standings(Duty.OVERSEE, [Standing(Competency.TRAINING, None, date(2027, 10, 9), "")])
    'To check what others compound: core training with written test, good until Sat 9 Oct 2027'
    """
    parts = [
        one.wrong or f"{COMPETENCY_WORDS[one.kind]}, good until {day(one.until) if one.until else 'no day'}"
        for one in standings
    ]
    return f"To {DUTY_WORDS[duty]}: {'; '.join(parts)}"


def read_competency_intervals(entry: ReferenceEntry) -> CompetencyIntervals:
    """Read intervals from a reviewed entry; raises ValueError where a row is missing or two rows meet."""
    months: dict[tuple[Competency, Duty, Category], int] = {}
    for row in entry.content["intervals"]:
        for category in row["categories"]:
            place = Competency(row["kind"]), Duty(row["duty"]), Category(category)
            if place in months:
                raise ValueError(f"{entry.key}: two rows for {' '.join(place)}")
            months[place] = _whole(row["months"], entry.key)
    missing = [
        (kind, duty, category)
        for kind in Competency
        for duty in Duty
        for category in (Category.ONE, Category.TWO, Category.THREE)
        if (kind, duty, category) not in months
    ]
    if missing:
        raise ValueError(f"{entry.key}: no row for {' '.join(missing[0])}")
    return CompetencyIntervals(
        key=entry.key,
        title=entry.title,
        notice=unchecked_notice(entry),
        months=months,
        away_months=_whole(entry.content["away_months"], entry.key),
    )


def _whole(value: Any, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{key}: months should be a whole number of at least 1, not {value}")
    return value
