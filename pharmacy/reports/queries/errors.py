"""Errors that were intercepted, by what was wrong, by whom they were met and at which hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.audit.models import Refusal
from pharmacy.domain.bar_chart import lay_out_bars
from pharmacy.domain.interception import NOISE, Cause, what_was_prevented
from pharmacy.domain.local_time import to_local
from pharmacy.reports.queries.report import Cell, Report, Table, figures, words
from pharmacy.reports.queries.span import Span

_EMPTY = "Nothing was intercepted in these days."


def report_errors(session: Session, span: Span, *, site_id: int) -> Report:
    """Report what was stopped in the span, without doors, unknown addresses, typing errors and passwords."""
    found = session.execute(
        select(Refusal.cause, Refusal.kind, Person.name, Refusal.at)
        .join(Person, Refusal.person_id == Person.id)
        .where(
            Refusal.site_id == site_id,
            Refusal.kind.not_in(NOISE),
            Refusal.at >= span.starts,
            Refusal.at < span.ends,
        )
    ).all()
    causes = Counter((cause, kind) for cause, kind, _, _ in found)
    people = Counter((name, _name(cause, kind)) for cause, kind, name, _ in found)
    hours = Counter(f"{to_local(at, span.zone).hour:02d}:00" for _, _, _, at in found)
    return Report(
        "What was stopped in these days before it could reach a patient. Doors that stayed shut, typing "
        "errors and wrong passwords are left out.",
        [_by_cause(causes), _by_person(people), _by_hour(sorted(hours.items()))],
    )


def _by_cause(causes: Counter[tuple[Cause | None, str]]) -> Table:
    counts = sorted(causes.items(), key=lambda one: (-one[1], _name(*one[0])))
    rows: list[list[Cell]] = [[_name(*key), what_was_prevented(key[0]), count] for key, count in counts]
    bars = [(_name(*key), count) for key, count in counts]
    return Table(
        "By what was wrong",
        [words("What was wrong"), words("What it prevented"), figures("Times")],
        rows,
        _EMPTY,
        lay_out_bars("Intercepted errors by what was wrong", "times", bars) if bars else None,
    )


def _name(cause: Cause | None, kind: str) -> str:
    return cause.value if cause else f"{kind}, no cause recorded"


def _by_person(people: Counter[tuple[str, str]]) -> Table:
    return Table(
        "By person",
        [words("Who"), words("What was wrong"), figures("Times")],
        [[*key, people[key]] for key in sorted(people)],
        _EMPTY,
        note="A person who is often stopped may work at the hardest place: read the rows before you judge.",
    )


def _by_hour(hours: Sequence[tuple[str, int]]) -> Table:
    return Table(
        "By hour of the day",
        [words("Hour"), figures("Times")],
        [list(one) for one in hours],
        _EMPTY,
        lay_out_bars("Intercepted errors by hour of the day", "times", hours) if hours else None,
    )
