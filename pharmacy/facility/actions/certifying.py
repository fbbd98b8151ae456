"""Record what a certifier found of a room or a hood, and correct it by a new row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.attachments.actions import attach
from pharmacy.audit.actions import record
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.formatting import day
from pharmacy.domain.local_time import to_local
from pharmacy.domain.reasons import ensure_reason
from pharmacy.facility.models import Certification, CompoundingRoom, EngineeringControl
from pharmacy.facility.queries import is_certification_corrected


@dataclass(frozen=True, kw_only=True)
class CertificationGiven:
    """Hold what is entered of a certification; `ante_iso` is of a cleanroom suite only."""

    done_on: date
    passed: bool
    iso: int | None
    ante_iso: int | None
    certified_by: str
    report: str
    note: str = ""
    file: KeptFile | None = None


def certify(
    session: Session,
    subject: CompoundingRoom | EngineeringControl,
    given: CertificationGiven,
    *,
    by: Person,
    at: datetime,
) -> Certification:
    """Record a certification of a room or a hood: when, by whom, its report and the classes found."""
    ensure_may(by.role, Permission.MANAGE_FACILITY)
    return _add(session, subject, given, by=by, at=at)


def correct_certification(
    session: Session,
    subject: CompoundingRoom | EngineeringControl,
    certification: Certification,
    given: CertificationGiven,
    *,
    reason: str,
    by: Person,
    at: datetime,
) -> Certification:
    """Correct a certification by a new row with the reason; the row before stays as it was."""
    ensure_may(by.role, Permission.MANAGE_FACILITY)
    ensure_reason(reason)
    if is_certification_corrected(session, certification):
        raise Refusal("This certification was corrected already; correct the newer one.")
    return _add(session, subject, given, corrects=certification, reason=reason.strip(), by=by, at=at)


def _add(
    session: Session,
    subject: CompoundingRoom | EngineeringControl,
    given: CertificationGiven,
    *,
    corrects: Certification | None = None,
    reason: str | None = None,
    by: Person,
    at: datetime,
) -> Certification:
    _ensure_complete(given, today=to_local(at, ZoneInfo(by.site.time_zone)).date())
    is_room = isinstance(subject, CompoundingRoom)
    what = f"certification of {subject.name}, {day(given.done_on)}"
    file = attach(session, given.file, what=what, by=by, at=at) if given.file else None
    added = Certification(
        site_id=by.site_id,
        room_id=subject.id if is_room else None,
        control_id=None if is_room else subject.id,
        done_on=given.done_on,
        passed=given.passed,
        iso=given.iso,
        ante_iso=given.ante_iso if is_room else None,
        certified_by=given.certified_by,
        report=given.report,
        note=given.note.strip(),
        attachment=file,
        corrects_id=corrects.id if corrects else None,
        correction_reason=reason,
        person=by,
        at=at,
    )
    session.add(added)
    session.flush()
    record(session, added, "corrected a certification" if corrects else "recorded a certification", by=by,
           at=at, reason=reason, name=subject.name, done_on=given.done_on, passed=given.passed, iso=given.iso,
           ante_iso=added.ante_iso, certified_by=given.certified_by, report=given.report,
           corrects=added.corrects_id)  # fmt: skip
    return added


def _ensure_complete(given: CertificationGiven, *, today: date) -> None:
    if given.done_on > today:
        raise InvalidInput(
            f"Enter the day on which it was done, {day(today)} at the latest.", field="done_on"
        )
    if not given.certified_by.strip():
        raise InvalidInput("Enter who certified it.", field="certified_by")
    if given.passed and given.iso is None:
        raise InvalidInput("Enter the ISO class that was found.", field="iso")
    for field, iso in (("iso", given.iso), ("ante_iso", given.ante_iso)):
        if iso is not None and not 1 <= iso <= 9:
            raise InvalidInput("An ISO class is a number from 1 to 9.", field=field)
