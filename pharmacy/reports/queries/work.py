"""Who did how much, and at which hour of the day: bags, scans, second checks and inspections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Bag, Inspection, Scan, VolumeCheck, Worksheet
from pharmacy.domain.bar_chart import lay_out_bars
from pharmacy.domain.local_time import to_local
from pharmacy.reports.queries.report import Cell, Report, Table, figures, words
from pharmacy.reports.queries.span import Span

_EMPTY = "Nobody made, scanned, checked or inspected a bag in these days."
KINDS = ("Bags made", "Scans taken", "Second checks", "Inspections")


def report_work(session: Session, span: Span, *, site_id: int) -> Report:
    """Report what each person did at the bench in the span, and at which hour of the day at the site."""
    by_person: Counter[tuple[str, str]] = Counter()
    by_hour: Counter[tuple[int, str]] = Counter()
    together: Counter[tuple[str, int]] = Counter()
    for kind, name, at in _deeds(session, span, site_id=site_id):
        hour = to_local(at, span.zone).hour
        by_person[name, kind] += 1
        by_hour[hour, kind] += 1
        together[name, hour] += 1
    hours, names = sorted({hour for hour, _ in by_hour}), sorted({name for name, _ in by_person})
    return Report(
        "What was done at the bench in these days. A scan that was undone later counts as work too.",
        [
            _by_person(by_person, names),
            _by_hour(by_hour, hours),
            Table(
                "Each person by hour, all kinds of work together",
                [words("Who"), *(figures(_hour(hour)) for hour in hours)],
                [[name, *(together[name, hour] for hour in hours)] for name in names],
                _EMPTY,
            ),
        ],
    )


def _by_person(counts: Counter[tuple[str, str]], names: list[str]) -> Table:
    rows: list[list[Cell]] = [[name, *(counts[name, kind] for kind in KINDS)] for name in names]
    made = [(name, counts[name, KINDS[0]]) for name in names if counts[name, KINDS[0]]]
    chart = lay_out_bars("Bags made by each person", "bags", made) if made else None
    return Table("By person", [words("Who"), *map(figures, KINDS)], rows, _EMPTY, chart)


def _by_hour(counts: Counter[tuple[int, str]], hours: list[int]) -> Table:
    rows: list[list[Cell]] = [[_hour(hour), *(counts[hour, kind] for kind in KINDS)] for hour in hours]
    whole = [(_hour(hour), sum(counts[hour, kind] for kind in KINDS)) for hour in hours]
    chart = lay_out_bars("Work by hour of the day", "pieces of work", whole) if whole else None
    return Table("By hour of the day", [words("Hour"), *map(figures, KINDS)], rows, _EMPTY, chart)


def _hour(hour: int) -> str:
    return f"{hour:02d}:00"


def _deeds(session: Session, span: Span, *, site_id: int) -> Iterator[tuple[str, str, datetime]]:
    """Read every deed of the span as its kind, its person and its instant."""
    for kind, statement in zip(KINDS, _statements(span, site_id), strict=True):
        for name, at in session.execute(statement):
            yield kind, name, at


def _statements(span: Span, site_id: int) -> tuple[Select[tuple[str, datetime]], ...]:
    return (
        select(Person.name, Bag.made_at)
        .join(Bag, Bag.made_by_id == Person.id)
        .where(Bag.site_id == site_id, Bag.made_at >= span.starts, Bag.made_at < span.ends),
        select(Person.name, Scan.at)
        .join(Scan, Scan.person_id == Person.id)
        .join(Worksheet, Scan.worksheet_id == Worksheet.id)
        .where(Worksheet.site_id == site_id, Scan.at >= span.starts, Scan.at < span.ends),
        select(Person.name, VolumeCheck.second_at)
        .join(VolumeCheck, VolumeCheck.second_by_id == Person.id)
        .join(Bag, VolumeCheck.bag_id == Bag.id)
        .where(
            Bag.site_id == site_id, VolumeCheck.second_at >= span.starts, VolumeCheck.second_at < span.ends
        ),
        select(Person.name, Inspection.at)
        .join(Inspection, Inspection.person_id == Person.id)
        .join(Bag, Inspection.bag_id == Bag.id)
        .where(Bag.site_id == site_id, Inspection.at >= span.starts, Inspection.at < span.ends),
    )
