"""Steps of the formula at the station: each in its turn, with its photo, undone with a reason."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from pharmacy.attachments.models import Attachment
from pharmacy.compounding import actions, queries
from pharmacy.compounding.models import StepDone
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal, ScanRefused
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.preparation_steps import Step
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.formulas import staged_formula
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import (
    PHOTO,
    checked_worksheet,
    do_next,
    go_to,
    start,
    started_worksheet,
)

OTHER_PHOTO = KeptFile("sharper.png", "image/png", b"\x89PNG\r\n\x1a\nsharper")


@pytest.fixture
def worksheet(session, people):
    """Give a worksheet of two bags, started but not set up, of a formula with a step at every stage."""
    staged_formula(session, people, method="replace", weight_tolerance_percent=5)
    found = checked_worksheet(session, people, order_in_force(session, people))
    return start(session, people, found)


def confirm(session, people, worksheet, *, who="tina", code="", photo=PHOTO):
    return actions.confirm_step(session, worksheet, code=code, photo=photo, by=people(who), at=START)


def undo(session, people, worksheet, *, reason="pressed too early", who="tina"):
    return actions.undo_step(session, worksheet, reason=reason, by=people(who), at=START)


def state_of(session, bag):
    return queries.read_bag_state(session, bag.worksheet, bag, at=START)


def asked_for(session, bag):
    state = state_of(session, bag)
    return state.instruction.stage if state.instruction else state.step


def test_every_step_is_asked_for_once_in_its_order(session, people, worksheet):
    first = worksheet.bags[0]
    seen = []
    for bag in worksheet.bags:
        while bag.status is BagStatus.PLANNED:
            seen.append(asked_for(session, bag))
            do_next(session, people, bag)
    each = [
        *(Step.SCAN_DILUENT, Stage.DILUENT, Step.MEASURE_DILUENT, Step.WEIGH_BEFORE, Step.SCAN_ADDITIVE),
        *(Step.FIRST_VOLUME, Stage.ADDITIVE, Step.SECOND_VOLUME, Step.INJECT, Stage.INJECT),
        *(Step.WEIGH_AFTER, Stage.FINISH, Step.COMPLETE),
    ]
    assert seen == [Stage.SETUP, *each, *each]

    def finish():
        return actions.finish_preparation(session, worksheet, by=people("tina"), at=START)

    refused(session, Refusal, "Clean-up is not confirmed yet", finish)
    cleaned = confirm(session, people, worksheet)
    assert (cleaned.bag_id, cleaned.formula_step.stage) == (None, Stage.CLEAN_UP)
    assert finish().status is WorksheetStatus.AWAITING_RELEASE
    session.refresh(first)
    confirmed = [one for one in worksheet.steps_done if one.bag_id == first.id and one.formula_step]
    stages = [one.formula_step.stage for one in confirmed]
    assert stages == [Stage.DILUENT, Stage.ADDITIVE, Stage.INJECT, Stage.FINISH]
    assert [one.attachment is not None for one in confirmed] == [
        False, True, False, False,
    ]  # fmt: skip
    # What is set up once, in its own turn; then each turn is higher than the one before.
    turns = [one.turn for one in worksheet.steps_done]
    assert turns == sorted(set(turns))


def test_no_step_is_done_in_the_place_of_another(session, people, worksheet):
    """Whatever step a bag is at, every other one is refused and changes nothing."""
    bag = worksheet.bags[0]
    tina = people("tina")
    others = {
        Step.SCAN_DILUENT: lambda: actions.scan_container(session, bag, "x", by=tina, at=START),
        Step.WEIGH_BEFORE: lambda: actions.weigh_before(session, bag, grams=100, by=tina, at=START),
        Step.FIRST_VOLUME: lambda: actions.enter_first_volume(session, bag, volume_ml=4, by=tina, at=START),
        Step.SECOND_VOLUME: lambda: actions.enter_second_volume(
            session, bag, volume_ml=4, by=people("theo"), at=START
        ),
        Step.WEIGH_AFTER: lambda: actions.weigh_after(session, bag, grams=100, by=tina, at=START),
        Step.COMPLETE: lambda: actions.complete_bag(session, bag, by=tina, at=START),
        Step.INSTRUCTION: lambda: confirm(session, people, worksheet),
    }
    confirmed = {Step.INSTRUCTION, Step.MEASURE_DILUENT, Step.INJECT}
    scanned = {Step.SCAN_DILUENT, Step.SCAN_ADDITIVE}
    tried = 0
    while bag.status is BagStatus.PLANNED:
        step = state_of(session, bag).step
        for other, act in others.items():
            if other is step or {other, step} <= confirmed or {other, step} <= scanned:
                continue
            kind = ScanRefused if other is Step.SCAN_DILUENT else Refusal
            refused(session, kind, "Next: ", act)
            tried += 1
        do_next(session, people, bag)
    assert tried > 70


def test_a_step_is_confirmed_by_hand_or_by_its_own_code(session, people, worksheet):
    bag = worksheet.bags[0]
    for code in ("hello", worksheet.bags[1].serial, "31722-394-10"):
        refused(session, ScanRefused, "This code confirms nothing here. .* or press Enter",
                lambda code=code: confirm(session, people, worksheet, code=code))  # fmt: skip
    refused(session, Forbidden, "may not compound", lambda: confirm(session, people, worksheet, who="nora"))

    done = confirm(session, people, worksheet, code=f"{worksheet.serial}\r\n")

    assert (done.step, done.bag_id, done.person.username, done.at) == ("formula_step", None, "tina", START)
    assert (last_entry(session).action, "Read the worksheet" in last_entry(session).details) == (
        "confirmed a step", True,
    )  # fmt: skip
    go_to(session, people, bag, Step.INSTRUCTION)
    assert confirm(session, people, worksheet, code=bag.serial).bag_id == bag.id


def test_a_step_with_a_photo_is_not_done_without_it(session, people, worksheet):
    bag = worksheet.bags[0]
    while asked_for(session, bag) is not Stage.ADDITIVE:
        do_next(session, people, bag)

    refusal = refused(
        session, InvalidInput, "Take the photo first", lambda: confirm(session, people, worksheet, photo=None)
    )
    assert refusal.field == "photo"
    done = confirm(session, people, worksheet)

    kept = session.scalar(select(Attachment))
    assert (done.attachment_id, kept.patient_id, kept.size) == (
        kept.id, worksheet.patient_id, len(PHOTO.content),
    )  # fmt: skip
    assert kept.digest in last_entry(session).details


def test_a_photo_is_taken_again_while_its_bag_is_in_work(session, people, worksheet):
    bag = worksheet.bags[0]
    go_to(session, people, bag, Step.SECOND_VOLUME)
    old = next(one for one in worksheet.steps_done if one.attachment)

    def again(photo=OTHER_PHOTO, reason="blurred", step=old):
        return lambda: actions.retake_photo(
            session, worksheet, step, photo=photo, reason=reason, by=people("tina"), at=START
        )

    refused(session, InvalidInput, "Give the reason", again(reason=" "))
    refused(session, InvalidInput, "Choose the photo", again(photo=None))
    refused(session, Refusal, "no photo of this step", again(step=worksheet.steps_done[0]))
    new = again()()

    assert (new.replaces_id, new.reason, new.attachment.name) == (old.id, "blurred", "sharper.png")
    assert [one.id for one in queries.list_standing(worksheet.steps_done) if one.attachment] == [new.id]
    assert session.get(Attachment, old.attachment_id) is not None
    assert state_of(session, bag).step is Step.SECOND_VOLUME
    refused(session, Refusal, "no photo of this step", again())
    go_to(session, people, bag, Step.COMPLETE)
    actions.complete_bag(session, bag, by=people("tina"), at=START)
    refused(session, Refusal, "made or given up; its photos stay", again(step=new))


def test_a_new_draw_asks_for_its_photo_again(session, people, worksheet):
    bag = worksheet.bags[0]
    go_to(session, people, bag, Step.SECOND_VOLUME)
    actions.enter_second_volume(session, bag, volume_ml=5, by=people("theo"), at=START)
    go_to(session, people, bag, Step.FIRST_VOLUME)
    do_next(session, people, bag)

    assert asked_for(session, bag) is Stage.ADDITIVE


def test_the_last_step_is_undone_with_a_reason_and_asked_for_again(session, people, worksheet):
    bag = worksheet.bags[0]
    refused(session, Refusal, "No confirmed step", lambda: undo(session, people, worksheet))
    confirm(session, people, worksheet)
    undo(session, people, worksheet)
    assert asked_for(session, bag) is Stage.SETUP
    go_to(session, people, bag, Step.MEASURE_DILUENT)
    refused(session, InvalidInput, "Give the reason", lambda: undo(session, people, worksheet, reason=" "))
    refused(session, Forbidden, "may not compound", lambda: undo(session, people, worksheet, who="nora"))

    undone = undo(session, people, worksheet)

    assert asked_for(session, bag) is Stage.DILUENT
    stood = session.get(StepDone, undone.replaces_id)
    assert (undone.undone, undone.reason, stood.undone) == (True, "pressed too early", False)
    assert (last_entry(session).action, last_entry(session).reason) == ("undid a step", "pressed too early")
    refused(session, Refusal, "No confirmed step", lambda: undo(session, people, worksheet))
    scan = {"discarded": False, "reason": "x", "by": people("tina"), "at": START}
    actions.undo_scan(session, bag, **scan)
    assert asked_for(session, bag) is Step.SCAN_DILUENT
    go_to(session, people, bag, Step.MEASURE_DILUENT)
    refused(session, Refusal, "A step was confirmed since that scan: undo that first",
            lambda: actions.undo_scan(session, bag, **scan))  # fmt: skip
    go_to(session, people, bag, Step.SECOND_VOLUME)
    undo(session, people, worksheet)
    assert asked_for(session, bag) is Stage.ADDITIVE
    refused(session, Refusal, "No confirmed step", lambda: undo(session, people, worksheet))


def test_a_new_bag_of_diluent_asks_for_its_steps_again(session, people, worksheet):
    bag = worksheet.bags[0]
    go_to(session, people, bag, Step.SCAN_ADDITIVE)
    for _ in range(3):
        undo(session, people, worksheet)
    actions.undo_scan(session, bag, discarded=True, reason="leaks", by=people("tina"), at=START)

    seen = []
    while asked_for(session, bag) is not Step.SCAN_ADDITIVE:
        seen.append(asked_for(session, bag))
        do_next(session, people, bag)
    assert seen == [Step.SCAN_DILUENT, Stage.DILUENT, Step.MEASURE_DILUENT, Step.WEIGH_BEFORE]


def test_the_database_refuses_a_turn_or_an_undoing_twice(session, people, worksheet):
    confirm(session, people, worksheet)
    undo(session, people, worksheet)
    session.flush()
    copied = (
        "worksheet_id, bag_id, step, formula_step_id, undone, reason, grams, attachment_id, person_id, at"
    )
    for turn, replaces in (("turn", "NULL"), ("turn + 100", "replaces_id")):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(
                text(
                    f"INSERT INTO step_done ({copied}, turn, replaces_id) "
                    f"SELECT {copied}, {turn}, {replaces} FROM step_done WHERE undone"
                )
            )


def test_a_formula_with_all_its_steps_at_the_set_up_works(session, people):
    """As records are that were written before steps had stages."""
    staged_formula(session, people, steps=[("Read it.", Stage.SETUP, False), ("Do it.", Stage.SETUP, False)])
    worksheet = started_worksheet(session, people, order_in_force(session, people), bags=1)
    bag, seen = worksheet.bags[0], []
    while bag.status is BagStatus.PLANNED:
        seen.append(asked_for(session, bag))
        do_next(session, people, bag)

    assert [one.words for one in worksheet.steps_done] == ["Read it.", "Do it."]
    assert seen == [
        Step.SCAN_DILUENT, Step.SCAN_ADDITIVE, Step.FIRST_VOLUME, Step.SECOND_VOLUME, Step.COMPLETE,
    ]  # fmt: skip
