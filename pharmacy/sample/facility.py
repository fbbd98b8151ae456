"""The sample rooms and hoods, ready to work in, and the competencies of the people who compound."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.competency import Competency, Occasion, Outcome
from pharmacy.domain.compounding_place import ControlKind, RoomKind
from pharmacy.domain.facility_intervals import SampleKind
from pharmacy.domain.local_time import to_local
from pharmacy.domain.room_readings import Reading, RoomLimits
from pharmacy.domain.statuses import ControlStatus, RoomStatus
from pharmacy.facility.actions import (
    CertificationGiven,
    CompetencyGiven,
    ControlEntry,
    RoomEntry,
    certify,
    move_control,
    move_room,
    record_cleaning,
    record_competency,
    record_readings,
    record_sample,
    register_control,
    register_room,
)
from pharmacy.facility.models import CompoundingRoom

CLEANROOM, SEGREGATED = "Cleanroom suite", "Segregated area"
CLEANROOM_HOOD, SEGREGATED_HOOD = "Hood 1", "Hood 2"
CERTIFIER = "Sample Cleanroom Certifiers"
CLEANED = "Daily cleaning and disinfection of floor, counters and hood"
AGENT = "Sample one-step disinfectant, then sterile 70% alcohol"
READY = "Ready for work; sample."
# Each person who compounds, before whom they showed their competencies, and who recorded it.
_PEOPLE = {
    "tina": ("paula", "petra"),
    "theo": ("paula", "petra"),
    "paula": ("petra", "petra"),
    "peter": ("paula", "petra"),
    "petra": ("peter", "paula"),
}
# How many days before the load each was shown.
_SHOWN = {Competency.TRAINING: 40, Competency.GARBING: 20, Competency.MEDIA_FILL: 15}


def load_facility(session: Session, people: dict[str, Person], *, at: datetime) -> None:
    """Set up a cleanroom suite and a segregated area with a hood each, and qualify who compounds."""
    by = people["petra"]
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    suite = _room(session, CLEANROOM, RoomKind.CLEANROOM_SUITE, Decimal("0.02"), by=by, at=at)
    area = _room(session, SEGREGATED, RoomKind.SEGREGATED_AREA, None, by=by, at=at)
    certify(session, suite, _certification(today, iso=7, ante_iso=8), by=by, at=at)
    _hood(session, suite, CLEANROOM_HOOD, today=today, by=by, at=at)
    _hood(session, area, SEGREGATED_HOOD, today=today, by=by, at=at)
    for room in (suite, area):
        _keep_clean(session, room, today=today, by=people["tina"], at=at)
    for username in _PEOPLE:
        _qualify(session, people, username, today=today, at=at)


def _room(
    session: Session, name: str, kind: RoomKind, pressure: Decimal | None, *, by: Person, at: datetime
) -> CompoundingRoom:
    limits = RoomLimits(
        temperature_low_c=Decimal(15),
        temperature_high_c=Decimal(20) if kind is RoomKind.CLEANROOM_SUITE else Decimal(25),
        humidity_high_percent=Decimal(60),
        pressure_low_inches=pressure,
    )
    room = register_room(session, RoomEntry(name=name, kind=kind, limits=limits), by=by, at=at)
    return move_room(session, room, RoomStatus.IN_SERVICE, reason=READY, by=by, at=at)


def _certification(today: date, *, iso: int, ante_iso: int | None = None) -> CertificationGiven:
    return CertificationGiven(
        done_on=today - timedelta(days=30),
        passed=True,
        iso=iso,
        ante_iso=ante_iso,
        certified_by=CERTIFIER,
        report=f"SAMPLE-CERT-ISO{iso}",
    )


def _hood(
    session: Session, room: CompoundingRoom, name: str, *, today: date, by: Person, at: datetime
) -> None:
    entry = ControlEntry(
        name=name,
        kind=ControlKind.LAMINAR_HOOD,
        maker="Sample Hood Works",
        serial_number=f"SAMPLE-{name[-1]}-5150",
    )
    hood = register_control(session, room, entry, by=by, at=at)
    certify(session, hood, _certification(today, iso=5), by=by, at=at)
    move_control(session, hood, ControlStatus.IN_SERVICE, reason=READY, by=by, at=at)


def _keep_clean(session: Session, room: CompoundingRoom, *, today: date, by: Person, at: datetime) -> None:
    pressure = None if room.pressure_low_inches is None else Decimal("0.03")
    reading = Reading(temperature_c=Decimal("19.4"), humidity_percent=Decimal(42), pressure_inches=pressure)
    record_readings(session, room, reading, note="", by=by, at=at)
    record_cleaning(session, room, None, what=CLEANED, agent=AGENT, note="", by=by, at=at)
    for kind, days in ((SampleKind.AIR, 30), (SampleKind.SURFACE, 3)):
        taken_on = today - timedelta(days=days)
        record_sample(session, room, kind, taken_on=taken_on, result="No growth; sample.", by=by, at=at)


def _qualify(
    session: Session, people: dict[str, Person], username: str, *, today: date, at: datetime
) -> None:
    evaluator, recorder = _PEOPLE[username]
    for kind, days in _SHOWN.items():
        given = CompetencyGiven(
            kind=kind,
            occasion=Occasion.INITIAL,
            done_on=today - timedelta(days=days),
            outcome=Outcome.PASSED,
            evaluator=people[evaluator],
            note="Sample.",
        )
        then = at - timedelta(days=days)
        record_competency(session, people[username], given, by=people[recorder], at=then)
