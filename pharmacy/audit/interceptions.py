"""Reads of what was tried and refused: intercepted errors, and apart from them the noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from pharmacy.audit.models import Refusal
from pharmacy.domain.errors import InvalidInput, NotFound
from pharmacy.domain.interception import NOISE, Cause
from pharmacy.domain.local_time import start_of_day

PAGE = 50
# One file holds the newest so many; a shorter span of days holds the others.
MOST_IN_FILE = 10_000


class Show(StrEnum):
    """Which refusals are looked for."""

    INTERCEPTED = "intercepted"
    NOISE = "noise"
    ALL = "all"


@dataclass(frozen=True)
class Sought:
    """Hold which refusals are looked for: their sort and cause, who, from which day to which, and words."""

    show: Show = Show.INTERCEPTED
    cause: Cause | None = None
    person_id: int | None = None
    first: date | None = None
    last: date | None = None
    words: str = ""


def read_sought(typed: Mapping[str, str]) -> Sought:
    """Read what is looked for from an address; raises InvalidInput for a day that does not exist."""
    found = Sought(
        show=next((one for one in Show if one.value == typed.get("show")), Show.INTERCEPTED),
        cause=next((one for one in Cause if one.value == typed.get("cause")), None),
        person_id=_read_number(typed.get("person", "")),
        first=_read_day(typed.get("first", ""), "first"),
        last=_read_day(typed.get("last", ""), "last"),
        words=typed.get("search", "").replace("\x00", "").strip()[:200],
    )
    if found.first and found.last and found.first > found.last:
        raise InvalidInput("The first day should not lie after the last.", field="first")
    return found


def _read_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _read_day(text: str, field: str) -> date | None:
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        found = date.min
    if not 1900 <= found.year <= 9000:
        raise InvalidInput(f"The {field} day should be a date that exists, such as 2026-11-09.", field=field)
    return found


def list_refusals(
    session: Session, sought: Sought, *, site_id: int, zone: ZoneInfo, most: int = PAGE + 1, page: int = 1
) -> list[Refusal]:
    """List the newest refusals of a site that are looked for; strangers, who belong to none, are noise."""
    newest = _find(sought, site_id=site_id, zone=zone).order_by(Refusal.id.desc())
    return list(session.scalars(newest.offset((page - 1) * PAGE).limit(most)))


def _find(sought: Sought, *, site_id: int, zone: ZoneInfo) -> Select[Refusal]:
    statement = _of_kind(sought.show, site_id=site_id)
    if sought.cause is not None:
        statement = statement.where(Refusal.cause == sought.cause)
    if sought.person_id is not None:
        statement = statement.where(Refusal.person_id == sought.person_id)
    if sought.first is not None:
        statement = statement.where(Refusal.at >= start_of_day(sought.first, zone))
    if sought.last is not None:
        statement = statement.where(Refusal.at < start_of_day(sought.last + timedelta(days=1), zone))
    return statement.where(_holds(sought.words)) if sought.words else statement


def _of_kind(show: Show, *, site_id: int) -> Select[Refusal]:
    noise = [kind.value for kind in NOISE]
    if show is Show.INTERCEPTED:
        return select(Refusal).where(Refusal.site_id == site_id, Refusal.kind.not_in(noise))
    here = select(Refusal).where(or_(Refusal.site_id == site_id, Refusal.site_id.is_(None)))
    return here.where(Refusal.kind.in_(noise)) if show is Show.NOISE else here


def _holds(words: str) -> ColumnElement[bool]:
    columns = (Refusal.sentence, Refusal.raw, Refusal.read_product, Refusal.read_lot, Refusal.read_serial)
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def get_refusal(session: Session, refusal_id: int, *, site_id: int) -> Refusal:
    """Return one refusal of a site, or of a stranger."""
    found = session.get(Refusal, refusal_id)
    if found is None or found.site_id not in (site_id, None):
        raise NotFound("Nothing that was refused is recorded under this number.")
    return found
