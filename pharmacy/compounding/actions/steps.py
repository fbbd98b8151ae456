"""Confirm the steps of a preparation one after the other, undo the last one, and take a photo again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.attachments.actions import attach
from pharmacy.attachments.models import Attachment
from pharmacy.audit.actions import record
from pharmacy.compounding.actions.readiness import ensure_holds, ensure_in_work, take_turn
from pharmacy.compounding.models import Bag, StepDone, Worksheet
from pharmacy.compounding.queries import (
    find_clean_up,
    find_current_bag,
    find_instruction,
    find_undoable_step,
    list_standing,
    read_bag_state,
)
from pharmacy.domain.barcodes import ScanKind, ScanMeaning
from pharmacy.domain.errors import InvalidInput, Refusal, ScanRefused
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.interception import Cause
from pharmacy.domain.preparation_sequence import Task, confirmed_by
from pharmacy.domain.preparation_stages import ONCE
from pharmacy.domain.preparation_steps import Confirmed, Step
from pharmacy.domain.quantities import decimal_text
from pharmacy.domain.reasons import ensure_reason
from pharmacy.formulary.models import FormulaStep
from pharmacy.scanning import keep_meaning, read_scan, reading_of


def confirm_step(
    session: Session,
    worksheet: Worksheet,
    *,
    code: str = "",
    photo: KeptFile | None = None,
    by: Person,
    at: datetime,
) -> StepDone:
    """Confirm the step that is next, by hand or by scanning the worksheet's own code or the bag's.

    Refuses a step that is done otherwise, another code, and a missing photo where the formula asks for one.
    """
    ensure_holds(worksheet, by=by)
    bag = find_current_bag(worksheet)
    task = _get_task(session, worksheet, bag, by=by, at=at)
    what, instruction = confirmed_by(task), find_instruction(worksheet.formula, task)
    if what is None or what is Confirmed.WEIGHED:
        raise Refusal(f"Nothing is just confirmed now. Next: {task.step.value}.")
    ensure_own_code(worksheet, bag, code)
    if instruction is not None and instruction.photo and photo is None:
        raise InvalidInput("Take the photo first: this step is not done without it.", field="photo")
    attachment = _keep_photo(session, worksheet, photo, what=_name(instruction, task), by=by, at=at)
    if instruction is not None and instruction.stage in ONCE:
        bag = None
    done = StepDone(turn=take_turn(worksheet), step=what, formula_step=instruction, undone=False,
                    attachment=attachment, person=by, at=at)  # fmt: skip
    keep_step(session, worksheet, bag, done)
    record(session, done, "confirmed a step", by=by, at=at, worksheet=worksheet.serial,
           serial=bag.serial if bag else None, step=_name(instruction, task),
           photo=attachment.digest if attachment else None)  # fmt: skip
    return done


def _get_task(session: Session, worksheet: Worksheet, bag: Bag | None, *, by: Person, at: datetime) -> Task:
    if bag is None:
        return find_clean_up(worksheet) or Task(Step.FINISH)
    ensure_in_work(session, bag, by=by, at=at)
    return read_bag_state(session, worksheet, bag, at=at).task


def ensure_own_code(worksheet: Worksheet, bag: Bag | None, code: str) -> None:
    """Refuse a code that is neither the worksheet's nor the bag's; without one it is done by hand."""
    if not code.strip():
        return
    with reading_of(code) as seen:
        _ensure_confirms(worksheet, bag, keep_meaning(seen, read_scan(seen.raw)))


def _ensure_confirms(worksheet: Worksheet, bag: Bag | None, meaning: ScanMeaning) -> None:
    own = {worksheet.serial, bag.serial if bag else worksheet.serial}
    if meaning.kind is not ScanKind.OWN_SERIAL or meaning.text not in own:
        raise ScanRefused(
            "This code confirms nothing here.",
            expected=f"Expected is the code of worksheet {worksheet.serial} on this page.",
            action="Scan it, or press Enter on the empty field.",
            cause=Cause.OUT_OF_TURN,
        )


def _keep_photo(
    session: Session, worksheet: Worksheet, photo: KeptFile | None, *, what: str, by: Person, at: datetime
) -> Attachment | None:
    if photo is None:
        return None
    words = f"{worksheet.serial}: {what}"
    return attach(session, photo, what=words, patient_id=worksheet.patient_id, by=by, at=at)


def _name(instruction: FormulaStep | None, task: Task) -> str:
    return instruction.instruction if instruction else task.step.value


def keep_step(session: Session, worksheet: Worksheet, bag: Bag | None, done: StepDone) -> None:
    """Add a row of the station to its worksheet, and to its bag where it is about one."""
    done.bag_id = bag.id if bag else None
    worksheet.steps_done.append(done)
    session.flush()


def undo_step(session: Session, worksheet: Worksheet, *, reason: str, by: Person, at: datetime) -> StepDone:
    """Undo the confirmation that was given last, with the reason; the row that stood stays and is answered.

    Refuses when something else was done since, such as a scan or a volume.
    """
    ensure_holds(worksheet, by=by)
    reason = ensure_reason(reason)
    last = _get_undoable(session, worksheet, at=at)
    undone = StepDone(turn=take_turn(worksheet), step=last.step, formula_step=last.formula_step, undone=True,
                      replaces_id=last.id, reason=reason, person=by, at=at)  # fmt: skip
    bag = next((one for one in worksheet.bags if one.id == last.bag_id), None)
    keep_step(session, worksheet, bag, undone)
    record(session, undone, "undid a step", by=by, at=at, reason=reason, worksheet=worksheet.serial,
           serial=bag.serial if bag else None, step=last.words,
           grams=decimal_text(last.grams) if last.grams is not None else None)  # fmt: skip
    return undone


def _get_undoable(session: Session, worksheet: Worksheet, *, at: datetime) -> StepDone:
    found = find_undoable_step(session, worksheet, at=at)
    if found is None:
        raise Refusal("No confirmed step can be undone now: something else was done since.")
    return found


def retake_photo(
    session: Session,
    worksheet: Worksheet,
    old: StepDone,
    *,
    photo: KeptFile | None,
    reason: str,
    by: Person,
    at: datetime,
) -> StepDone:
    """Take the photo of a confirmed step again, while its bag is in work; the one before is kept."""
    ensure_holds(worksheet, by=by)
    reason = ensure_reason(reason)
    current = find_current_bag(worksheet)
    if photo is None:
        raise InvalidInput("Choose the photo.", field="photo")
    if old.attachment is None or old not in list_standing(worksheet.steps_done):
        raise Refusal("There is no photo of this step to take again.")
    if old.bag_id is not None and (current is None or old.bag_id != current.id):
        raise Refusal("The bag of this photo is made or given up; its photos stay as they are.")
    instruction = old.formula_step
    words, was = old.words, old.attachment.digest
    attachment = _keep_photo(session, worksheet, photo, what=words, by=by, at=at)
    again = StepDone(turn=take_turn(worksheet), step=old.step, formula_step=instruction, undone=False,
                     replaces_id=old.id, reason=reason, attachment=attachment, person=by, at=at)  # fmt: skip
    keep_step(session, worksheet, current if old.bag_id else None, again)
    record(session, again, "took a photo again", by=by, at=at, reason=reason, worksheet=worksheet.serial,
           step=words, photo=attachment.digest if attachment else None, was=was)  # fmt: skip
    return again
