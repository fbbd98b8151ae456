"""Reads of competencies: what a person showed, where each stands today, and whom to see about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import ROLE_NAMES, Permission, Role, roles_that_may
from pharmacy.accounts.queries import list_people_of_role
from pharmacy.domain.beyond_use_limits import Category
from pharmacy.domain.competency import (
    CompetencyIntervals,
    Duty,
    Shown,
    Standing,
    find_last_good_day,
    judge_competencies,
    read_competency_intervals,
)
from pharmacy.domain.errors import NotFound
from pharmacy.domain.local_time import to_local
from pharmacy.facility.models import BenchDay, CompetencyEntry
from pharmacy.formulary.queries import AdoptedKind, get_adopted_last


@dataclass(frozen=True, kw_only=True)
class PersonStanding:
    """Hold where one person stands for a duty in a category; `until` is the last good day, if any."""

    person: Person
    duty: Duty
    category: Category
    standings: tuple[Standing, ...]
    last_at_bench: date | None
    until: date | None


def competency_intervals(session: Session, *, site_id: int) -> CompetencyIntervals:
    """Return the competency intervals that a site works by."""
    entry = get_adopted_last(session, AdoptedKind.COMPETENCY_INTERVALS, site_id=site_id)
    return read_competency_intervals(entry)


def get_entry(session: Session, entry_id: int, *, site_id: int) -> CompetencyEntry:
    """Return an entry about a person of a site."""
    entry = session.scalar(
        select(CompetencyEntry)
        .join(CompetencyEntry.person)
        .where(CompetencyEntry.id == entry_id, Person.site_id == site_id)
        .options(joinedload(CompetencyEntry.person), selectinload(CompetencyEntry.documents))
    )
    if entry is None:
        raise NotFound("No competency is recorded under this number at this site.")
    return entry


def list_entries_of(session: Session, person: Person) -> list[CompetencyEntry]:
    """List everything that was ever recorded of a person, the newest first, with its documents."""
    return list(
        session.scalars(
            select(CompetencyEntry)
            .where(CompetencyEntry.person_id == person.id)
            .options(
                joinedload(CompetencyEntry.evaluator),
                joinedload(CompetencyEntry.recorded_by),
                selectinload(CompetencyEntry.documents),
            )
            .order_by(CompetencyEntry.done_on.desc(), CompetencyEntry.id.desc())
        )
    )


def is_corrected(session: Session, entry: CompetencyEntry) -> bool:
    """Tell whether another entry corrects this one."""
    found = select(CompetencyEntry.id).where(CompetencyEntry.corrects_id == entry.id)
    return session.scalar(found) is not None


def list_compounding_people(session: Session, *, site_id: int) -> list[Person]:
    """List the active people of a site whose role may compound, by name."""
    roles = roles_that_may(Permission.COMPOUND)
    wanted = select(Person).where(Person.site_id == site_id, Person.active, Person.role.in_(roles))
    return list(session.scalars(wanted.order_by(Person.name, Person.id)))


@dataclass(frozen=True)
class Ask:
    """Hold whom to judge, for which duty and category, and as of when."""

    person: Person
    duty: Duty
    category: Category
    at: datetime


def judge_person(
    session: Session, person: Person, *, duty: Duty, category: Category, at: datetime
) -> PersonStanding:
    """Judge one person for a duty in a category of preparations, on the day of an instant."""
    return judge_each(session, [Ask(person, duty, category, at)])[0]


def judge_people(
    session: Session, people: Sequence[Person], *, duty: Duty, category: Category, at: datetime
) -> list[PersonStanding]:
    """Judge people of one site for a duty in a category, on the day of an instant."""
    return judge_each(session, [Ask(one, duty, category, at) for one in people])


def judge_each(session: Session, asks: Sequence[Ask]) -> list[PersonStanding]:
    """Judge people of one site, each by what was recorded up to an instant; three statements for all.

    A person is asked about once.
    """
    if not asks:
        return []
    site = asks[0].person.site
    intervals, zone = competency_intervals(session, site_id=site.id), ZoneInfo(site.time_zone)
    days = {one.person.id: to_local(one.at, zone).date() for one in asks}
    shown = _read_shown(session, {one.person.id: one.at for one in asks})
    benched = _read_bench_days(session, days)
    return [
        _stand(ask, shown[ask.person.id], benched.get(ask.person.id), intervals, days[ask.person.id])
        for ask in asks
    ]


def _stand(
    ask: Ask, shown: Sequence[Shown], last: date | None, intervals: CompetencyIntervals, today: date
) -> PersonStanding:
    standings = judge_competencies(
        shown,
        duty=ask.duty,
        category=ask.category,
        last_at_bench=last,
        intervals=intervals,
        today=today,
    )
    until = find_last_good_day(
        standings,
        last_at_bench=last if ask.duty is Duty.COMPOUND else None,
        intervals=intervals,
        today=today,
    )
    return PersonStanding(
        person=ask.person,
        duty=ask.duty,
        category=ask.category,
        standings=standings,
        last_at_bench=last,
        until=until,
    )


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """Hold where one person stands in Categories 1 and 2, in Category 3, and for checking what others do."""

    compound: PersonStanding
    compound_three: PersonStanding
    oversee: PersonStanding


def judge_all_ways(session: Session, people: Sequence[Person], *, at: datetime) -> list[PersonRow]:
    """Judge people for every duty and category, in a fixed number of statements."""
    ways = (
        judge_people(session, people, duty=duty, category=category, at=at)
        for duty, category in (
            (Duty.COMPOUND, Category.TWO),
            (Duty.COMPOUND, Category.THREE),
            (Duty.OVERSEE, Category.TWO),
        )
    )
    return [
        PersonRow(compound=one, compound_three=two, oversee=three)
        for one, two, three in zip(*ways, strict=True)
    ]


def _read_shown(session: Session, people: Mapping[int, datetime]) -> dict[int, list[Shown]]:
    """Read what stood of each person at an instant: entries that nothing recorded up to then corrects."""
    later = aliased(CompetencyEntry)
    rows = session.execute(
        select(CompetencyEntry, later.recorded_at)
        .outerjoin(later, later.corrects_id == CompetencyEntry.id)
        .where(CompetencyEntry.person_id.in_(people))
        .order_by(CompetencyEntry.id)
    )
    found: dict[int, list[Shown]] = defaultdict(list)
    for entry, corrected_at in rows:
        at = people[entry.person_id]
        if entry.recorded_at <= at and (corrected_at is None or corrected_at > at):
            found[entry.person_id].append(Shown(entry.kind, entry.occasion, entry.done_on, entry.outcome))
    return found


def _read_bench_days(session: Session, people: Mapping[int, date]) -> dict[int, date]:
    """Read the last day at the bench of each person up to a day."""
    wanted = or_(*((BenchDay.person_id == one) & (BenchDay.day <= day) for one, day in people.items()))
    rows = session.execute(
        select(BenchDay.person_id, func.max(BenchDay.day)).where(wanted).group_by(BenchDay.person_id)
    )
    return {person_id: day for person_id, day in rows}


def find_who_to_see(session: Session, person: Person) -> str:
    """Name whom a person sees about their competencies: the pharmacist-in-charge, or another pharmacist."""
    in_charge = list_people_of_role(session, Role.PHARMACIST_IN_CHARGE, site_id=person.site_id)
    return (
        _name_first(in_charge, but=person)
        or _name_first(list_people_of_role(session, Role.PHARMACIST, site_id=person.site_id), but=person)
        or f"the {ROLE_NAMES[Role.PHARMACIST_IN_CHARGE]}"
    )


def _name_first(people: Iterable[Person], *, but: Person) -> str:
    found = next((one for one in people if one.id != but.id), None)
    return f"{found.name}, {ROLE_NAMES[found.role]}" if found else ""
