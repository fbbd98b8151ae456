"""Record what people showed that they can do, correct it, and stop who may not compound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.attachments.actions import attach
from pharmacy.audit.actions import record
from pharmacy.domain.beyond_use_limits import Category
from pharmacy.domain.competency import COMPETENCY_WORDS, Competency, Duty, Occasion, Outcome, say_why_not
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.formatting import day
from pharmacy.domain.local_time import to_local
from pharmacy.domain.reasons import ensure_reason
from pharmacy.facility.models import BenchDay, CompetencyDocument, CompetencyEntry
from pharmacy.facility.queries import find_who_to_see, is_corrected, judge_person, list_entries_of


@dataclass(frozen=True, kw_only=True)
class CompetencyGiven:
    """Hold what is entered of a competency: which, on what occasion, when, what came of it, before whom."""

    kind: Competency
    occasion: Occasion
    done_on: date
    outcome: Outcome
    evaluator: Person
    note: str


def record_competency(
    session: Session, person: Person, given: CompetencyGiven, *, by: Person, at: datetime
) -> CompetencyEntry:
    """Record that a person showed a competency to another, and whether they passed.

    Refuses one's own, an evaluator who is the person, a day to come, and a recurring one before an initial
    one was passed.
    """
    ensure_may(by.role, Permission.MANAGE_COMPETENCIES)
    if given.outcome is Outcome.IN_ERROR:
        raise InvalidInput("Enter whether it was passed or failed.", field="outcome")
    return _add(session, person, given, by=by, at=at)


def correct_competency(
    session: Session, entry: CompetencyEntry, given: CompetencyGiven, *, reason: str, by: Person, at: datetime
) -> CompetencyEntry:
    """Correct an entry by a new row with the reason; the row before stays as it was."""
    ensure_may(by.role, Permission.MANAGE_COMPETENCIES)
    ensure_reason(reason)
    if is_corrected(session, entry):
        raise Refusal("This entry was corrected already; correct the newer one.")
    return _add(session, entry.person, given, corrects=entry, reason=reason.strip(), by=by, at=at)


def _add(
    session: Session,
    person: Person,
    given: CompetencyGiven,
    *,
    corrects: CompetencyEntry | None = None,
    reason: str | None = None,
    by: Person,
    at: datetime,
) -> CompetencyEntry:
    _ensure_others(person, given, by=by)
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    if given.done_on > today:
        raise InvalidInput(
            f"Enter the day on which it was done, {day(today)} at the latest.", field="done_on"
        )
    _ensure_initial_first(session, person, given, corrects=corrects)
    entry = CompetencyEntry(
        person_id=person.id,
        kind=given.kind,
        occasion=given.occasion,
        done_on=given.done_on,
        outcome=given.outcome,
        evaluator_id=given.evaluator.id,
        note=given.note.strip(),
        corrects_id=corrects.id if corrects else None,
        correction_reason=reason,
        recorded_by_id=by.id,
        recorded_at=at,
    )
    session.add(entry)
    session.flush()
    record(session, entry, "corrected a competency" if corrects else "recorded a competency", by=by, at=at,
           reason=reason, person=person.name, kind=given.kind.value, occasion=given.occasion.value,
           done_on=given.done_on, outcome=given.outcome.value, evaluator=given.evaluator.name,
           corrects=entry.corrects_id)  # fmt: skip
    return entry


def _ensure_others(person: Person, given: CompetencyGiven, *, by: Person) -> None:
    if by.id == person.id:
        raise Refusal("Another pharmacist records your competencies.")
    if given.evaluator.id == person.id:
        raise InvalidInput("Choose another person: nobody evaluates themselves.", field="evaluator")
    if given.evaluator.site_id != person.site_id:
        raise InvalidInput("Choose a person of this site as the evaluator.", field="evaluator")


def _ensure_initial_first(
    session: Session, person: Person, given: CompetencyGiven, *, corrects: CompetencyEntry | None
) -> None:
    if given.occasion is Occasion.INITIAL or given.outcome is Outcome.IN_ERROR:
        return
    entries = list_entries_of(session, person)
    replaced = {one.corrects_id for one in entries} | {corrects.id if corrects else None}
    begun = any(
        one.kind is given.kind and one.occasion is Occasion.INITIAL and one.outcome is Outcome.PASSED
        for one in entries
        if one.id not in replaced
    )
    if not begun:
        raise InvalidInput(
            f"No initial {COMPETENCY_WORDS[given.kind]} of {person.name} was passed; that comes first.",
            field="occasion",
        )


def attach_document(
    session: Session, entry: CompetencyEntry, file: KeptFile, *, by: Person, at: datetime
) -> CompetencyDocument:
    """Attach a document to an entry: a test sheet, a certificate, a reading of plates."""
    ensure_may(by.role, Permission.MANAGE_COMPETENCIES)
    if by.id == entry.person_id:
        raise Refusal("Another pharmacist records your competencies.")
    what = f"{COMPETENCY_WORDS[entry.kind]} of {entry.person.name}, {day(entry.done_on)}"
    attachment = attach(session, file, what=what, by=by, at=at)
    document = CompetencyDocument(attachment_id=attachment.id)
    entry.documents.append(document)
    record(session, entry, "attached a document to a competency", by=by, at=at, digest=attachment.digest)
    return document


def ensure_competent(
    session: Session, person: Person, *, duty: Duty, category: Category, at: datetime
) -> None:
    """Refuse a person whose competency for a duty is missing, failed or expired, saying whom to see."""
    stands = judge_person(session, person, duty=duty, category=category, at=at)
    if stands.until is None:
        raise Refusal(say_why_not(person.name, duty, stands.standings, see=find_who_to_see(session, person)))


def note_bench_day(session: Session, person: Person, *, at: datetime) -> None:
    """Keep that a person compounded on this day, once a day."""
    today = to_local(at, ZoneInfo(person.site.time_zone)).date()
    known = select(BenchDay.id).where(BenchDay.person_id == person.id, BenchDay.day == today)
    if session.scalar(known) is None:
        session.add(BenchDay(person_id=person.id, day=today))
        session.flush()
