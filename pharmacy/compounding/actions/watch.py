"""Leave a worksheet at its station, take it over, and note what is worth knowing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.compounding.actions.readiness import ensure_holds, ensure_in_preparation, take_turn
from pharmacy.compounding.actions.volumes import discard_syringe
from pharmacy.compounding.models import Handover, StationNote, Worksheet
from pharmacy.compounding.queries import find_current_bag, holder_of, read_bag_state, say_state
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.lifecycle import say
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import WorksheetStatus

HANDOVER_MEANING = "Handed over at the station: what is open and in work is as it is written"
NOT_WATCHED = "nobody watched it while the worksheet changed hands"


def leave_station(
    session: Session, worksheet: Worksheet, *, reason: str, by: Person, at: datetime
) -> Handover:
    """Leave a worksheet, with the reason; nobody does a step of it before somebody has taken it over.

    A syringe that is drawn and not yet in its bag is thrown away, checked or not: it carries no label, and
    nobody can vouch for one that was out of sight.
    """
    ensure_holds(worksheet, by=by)
    ensure_reason(reason)
    state = _hand_over(session, worksheet, by=by, at=at)
    left = Handover(turn=take_turn(worksheet), from_person=by, to_person=None, agreed=False,
                    reason=reason.strip(), state=state, at=at)  # fmt: skip
    worksheet.handovers.append(left)
    record(session, left, "left the station", by=by, at=at, reason=reason.strip(),
           worksheet=worksheet.serial, state=state)  # fmt: skip
    return left


def take_over(
    session: Session,
    worksheet: Worksheet,
    *,
    reason: str = "",
    holder_password: str = "",
    by: Person,
    at: datetime,
) -> Handover:
    """Take a worksheet over as it stands; who still holds it signs for that, or the reason says why not.

    A syringe that is drawn and not yet in its bag is thrown away, as when somebody leaves.
    """
    ensure_may(by.role, Permission.COMPOUND)
    ensure_in_preparation(worksheet)
    holder = holder_of(worksheet)
    if holder is not None and holder.id == by.id:
        raise Refusal(f"You hold worksheet {worksheet.serial} already.")
    if holder is not None and not holder_password and not reason.strip():
        raise InvalidInput(
            f"{holder.name} still holds this worksheet: let them enter their password, or say why it goes "
            "without them.",
            field="reason",
        )
    if holder is not None and holder_password:
        content = {"worksheet": worksheet.serial, "turn": worksheet.turn, "to": by.name}
        sign(session, worksheet, meaning=HANDOVER_MEANING, content=content, password=holder_password,
             by=holder, at=at)  # fmt: skip
    state = _hand_over(session, worksheet, by=by, at=at)
    taken = Handover(turn=take_turn(worksheet), from_person=holder, to_person=by,
                     agreed=holder is None or bool(holder_password), reason=reason.strip() or None,
                     state=state, at=at)  # fmt: skip
    worksheet.handovers.append(taken)
    record(session, taken, "took over at the station", by=by, at=at, reason=taken.reason,
           worksheet=worksheet.serial, was=holder.name if holder else None, agreed=taken.agreed,
           state=state)  # fmt: skip
    return taken


def _hand_over(session: Session, worksheet: Worksheet, *, by: Person, at: datetime) -> str:
    """Throw away a syringe that is drawn, and return in words how the station stood."""
    words = say_state(session, worksheet, at=at, zone=ZoneInfo(by.site.time_zone))
    bag = find_current_bag(worksheet)
    if bag is not None:
        state = read_bag_state(session, worksheet, bag, at=at)
        discard_syringe(session, state, reason=NOT_WATCHED, by=by, at=at)
    return words


def add_note(session: Session, worksheet: Worksheet, *, text: str, by: Person, at: datetime) -> StationNote:
    """Keep a note, about the bag that is in work or, between bags, about all.

    The same note of the same person, sent twice, is kept once.
    """
    ensure_may(by.role, Permission.COMPOUND)
    text = text.strip()
    if not text:
        raise InvalidInput("Write the note.", field="text")
    if worksheet.status in (WorksheetStatus.CLOSED, WorksheetStatus.CANCELLED):
        raise Refusal(f"Worksheet {worksheet.serial} is {say(worksheet.status)}; nothing is noted any more.")
    in_work = worksheet.status is WorksheetStatus.IN_PREPARATION
    bag = find_current_bag(worksheet) if in_work else None
    last = worksheet.station_notes[-1] if worksheet.station_notes else None
    if last is not None and (last.text, last.person_id) == (text, by.id):
        return last
    note = StationNote(bag_id=bag.id if bag else None, text=text, person=by, at=at)
    worksheet.station_notes.append(note)
    record(session, note, "noted at the station", by=by, at=at, worksheet=worksheet.serial,
           serial=bag.serial if bag else None, text=text)  # fmt: skip
    return note
