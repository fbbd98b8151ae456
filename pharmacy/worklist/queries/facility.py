"""What comes due of people, rooms and hoods: competencies, certifications and sampling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Role
from pharmacy.domain.beyond_use_limits import Category
from pharmacy.domain.competency import COMPETENCY_WORDS, Duty, Standing
from pharmacy.domain.facility_intervals import SampleKind
from pharmacy.domain.local_time import to_instant, to_local
from pharmacy.facility.queries import Due, judge_people, list_compounding_people, read_rooms
from pharmacy.worklist.queries.waiting import Waiting

# How many days ahead a thing stands on the worklist; surfaces are sampled every month, so not long before.
AHEAD_DAYS, AHEAD_OF_SAMPLING = 30, 7
_SAMPLED = {SampleKind.AIR: "viable air", SampleKind.SURFACE: "surfaces"}


def list_competencies_due(session: Session, person: Person, at: datetime) -> Iterator[Waiting]:
    """List competencies that are due: everybody's for the pharmacist-in-charge, else one's own.

    Of people who never showed any, none is due: they do not compound.
    """
    people = [person]
    if person.role is Role.PHARMACIST_IN_CHARGE:
        people = list_compounding_people(session, site_id=person.site_id)
    zone = ZoneInfo(person.site.time_zone)
    for one in judge_people(session, people, duty=Duty.COMPOUND, category=Category.TWO, at=at):
        for standing in one.standings if any(kind.last for kind in one.standings) else ():
            if standing.wrong or _is_near(standing.until, zone, at):
                yield _competency(one.person, standing, zone=zone, mine=one.person.id == person.id, at=at)


def _competency(of: Person, standing: Standing, *, zone: ZoneInfo, mine: bool, at: datetime) -> Waiting:
    name = COMPETENCY_WORDS[standing.kind]
    what = f"Show again: {name}" if mine else f"{name[0].upper()}{name[1:]} of {of.name}"
    return Waiting(
        _end_of(standing.until, zone) if standing.until else at,
        "",
        what,
        standing.wrong.partition(": ")[2] or "due",
        "facility.show_competencies",
        {"person_id": of.id},
    )


def list_certifications_due(session: Session, person: Person, at: datetime) -> Iterator[Waiting]:
    """List the certifications of rooms and hoods, and the sampling of rooms, that are due."""
    zone = ZoneInfo(person.site.time_zone)
    for view in read_rooms(session, site_id=person.site_id, at=at):
        room = view.room
        place = "facility.show_room", {"room_id": room.id}
        if view.certification_due and _is_due(view.certification_due, zone, at):
            yield _waiting(f"Certify {room.name}", view.certification_due, *place, zone=zone, at=at)
        for kind, due in view.sampling_due.items():
            if _is_due(due, zone, at, ahead=AHEAD_OF_SAMPLING):
                yield _waiting(f"Sample {_SAMPLED[kind]} in {room.name}", due, *place, zone=zone, at=at)
        for hood in view.hoods:
            if _is_due(hood.certification_due, zone, at):
                control = hood.known.control
                yield _waiting(f"Certify {control.name}", hood.certification_due, "facility.show_control",
                               {"control_id": control.id}, zone=zone, at=at)  # fmt: skip


def _waiting(
    what: str, due: Due, endpoint: str, arguments: dict[str, int], *, zone: ZoneInfo, at: datetime
) -> Waiting:
    stands = "overdue" if due.until and due.is_late else "due" if due.until else "never recorded"
    return Waiting(_end_of(due.until, zone) if due.until else at, "", what, stands, endpoint, arguments)


def _is_due(due: Due, zone: ZoneInfo, at: datetime, *, ahead: int = AHEAD_DAYS) -> bool:
    return due.is_late or _is_near(due.until, zone, at, ahead=ahead)


def _is_near(until: date | None, zone: ZoneInfo, at: datetime, *, ahead: int = AHEAD_DAYS) -> bool:
    return until is not None and until <= to_local(at, zone).date() + timedelta(days=ahead)


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return to_instant(datetime.combine(day + timedelta(days=1), time()), zone)
