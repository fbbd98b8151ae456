"""Who holds a worksheet: leaving, taking over, what becomes of a drawn syringe, and notes."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.accounts.actions import WrongPassword
from pharmacy.accounts.models import Signature
from pharmacy.compounding import actions, queries
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.preparation_steps import Step
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.inventory.models import MovementKind, StockMovement
from pharmacy.sample.people import PASSWORD
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.formulas import SHORT, staged_formula
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import do_next, go_to, made_bags, started_worksheet


@pytest.fixture
def worksheet(session, people):
    """Give a worksheet of two bags that Tina holds."""
    return started_worksheet(session, people, order_in_force(session, people))


def leave(session, people, worksheet, *, who="tina", reason="fire alarm"):
    return actions.leave_station(session, worksheet, reason=reason, by=people(who), at=START)


def take(session, people, worksheet, *, who="theo", **kwargs):
    return actions.take_over(session, worksheet, by=people(who), at=START, **kwargs)


def holder(worksheet):
    found = queries.holder_of(worksheet)
    return found and found.username


def test_who_leaves_holds_nothing_and_anybody_may_take_over(session, people, worksheet):
    bag = worksheet.bags[0]
    do_next(session, people, bag)
    refused(session, InvalidInput, "Give the reason", lambda: leave(session, people, worksheet, reason=" "))
    refused(session, Refusal, "Tina Tallgrass holds", lambda: leave(session, people, worksheet, who="theo"))

    left = leave(session, people, worksheet)

    assert (holder(worksheet), left.from_person.username, left.reason) == (None, "tina", "fire alarm")
    assert left.state.startswith(f"Bag 1 of 2 ({bag.serial}). Next: scan the additive. Open: sodium chloride")
    assert (last_entry(session).action, last_entry(session).reason) == ("left the station", "fire alarm")
    for by in (people("tina"), people("theo")):
        refused(session, Refusal, "Nobody holds worksheet",
                lambda by=by: actions.discard_bag(session, bag, reason="x", by=by, at=START))  # fmt: skip
    refused(session, Forbidden, "may not compound", lambda: take(session, people, worksheet, who="nora"))

    taken = take(session, people, worksheet)

    assert (holder(worksheet), taken.agreed, taken.from_person) == ("theo", True, None)
    refused(session, Refusal, "Theo Thimble holds", lambda: do_next(session, people, bag))
    refused(session, Refusal, "You hold worksheet", lambda: take(session, people, worksheet))


def test_who_holds_a_worksheet_agrees_or_the_reason_says_why_not(session, people, worksheet):
    refused(session, InvalidInput, "Tina Tallgrass still holds this worksheet",
            lambda: take(session, people, worksheet))  # fmt: skip
    refused(session, WrongPassword, "password is not right",
            lambda: take(session, people, worksheet, holder_password="wrong"))  # fmt: skip

    signed = take(session, people, worksheet, holder_password=PASSWORD)
    assert (holder(worksheet), signed.agreed, signed.reason) == ("theo", True, None)
    signature = session.scalars(select(Signature).order_by(Signature.id.desc())).first()
    assert (signature.printed_name, signature.meaning) == (
        "Tina Tallgrass",
        "Handed over at the station: what is open and in work is as it is written",
    )
    forced = take(session, people, worksheet, who="paula", reason="Theo fainted")
    assert (holder(worksheet), forced.agreed, forced.reason) == ("paula", False, "Theo fainted")
    assert len(worksheet.handovers) == 2


@pytest.mark.parametrize("step", [Step.SECOND_VOLUME, Step.COMPLETE])
def test_a_drawn_syringe_does_not_change_hands(session, people, worksheet, step):
    """Checked or not: it has no label, and nobody watched it."""
    bag = worksheet.bags[0]
    go_to(session, people, bag, step)

    taken = take(session, people, worksheet, reason="called away")

    check = bag.checks[-1]
    assert (check.discarded_at, "nobody watched it" in check.discarded_because) == (START, True)
    assert "The syringe that Tina Tallgrass drew is thrown away." in taken.state and "4" not in (
        taken.state.split("Open:")[0].replace(bag.serial, "")
    )
    wasted = session.scalar(select(StockMovement).where(StockMovement.kind == MovementKind.WASTED))
    assert (wasted.volume_ml, wasted.bag_id) == (Decimal(-4), bag.id)
    assert queries.read_bag_state(session, worksheet, bag, at=START).step is Step.FIRST_VOLUME
    assert queries.find_waiting_check(bag) is None


def test_what_is_in_the_bag_already_stays_there(session, people):
    staged_formula(session, people, weight_tolerance_percent=5, steps=SHORT)
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    bag = worksheet.bags[0]
    go_to(session, people, bag, Step.WEIGH_AFTER)

    take(session, people, worksheet, reason="called away")

    assert bag.checks[-1].discarded_at is None
    assert queries.read_bag_state(session, worksheet, bag, at=START).step is Step.WEIGH_AFTER


def test_who_only_confirmed_a_step_compounded_as_well(session, people):
    """Nobody verifies what they had a hand in, also as the one who stood in for a while."""
    staged_formula(session, people)
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    go_to(session, people, worksheet.bags[0], Step.INSTRUCTION)
    take(session, people, worksheet, who="paula", reason="called away")
    assert people("paula").id not in queries.list_compounders(worksheet)

    actions.confirm_step(session, worksheet, by=people("paula"), at=START)

    assert people("paula").id in queries.list_compounders(worksheet)


def test_notes_are_kept_once_with_their_bag(session, people, worksheet):
    bag = worksheet.bags[0]
    refused(session, InvalidInput, "Write the note",
            lambda: actions.add_note(session, worksheet, text=" ", by=people("tina"), at=START))  # fmt: skip
    refused(session, Forbidden, "may not compound",
            lambda: actions.add_note(session, worksheet, text="x", by=people("nora"), at=START))  # fmt: skip

    note = actions.add_note(session, worksheet, text=" The port was stiff. ", by=people("theo"), at=START)
    again = actions.add_note(session, worksheet, text="The port was stiff.", by=people("theo"), at=START)

    assert note is again and len(worksheet.station_notes) == 1
    assert (note.text, note.bag_id, note.person.username) == ("The port was stiff.", bag.id, "theo")
    assert last_entry(session).action == "noted at the station"


def test_nothing_is_handed_over_or_noted_out_of_season(session, people):
    worksheet = made_bags(session, people, order_in_force(session, people), bags=1)[0].worksheet
    assert worksheet.bags[0].status is BagStatus.MADE

    refused(session, Refusal, "awaiting release; nothing is made", lambda: leave(session, people, worksheet))
    refused(session, Refusal, "awaiting release; nothing is made", lambda: take(session, people, worksheet))
    assert actions.add_note(session, worksheet, text="late", by=people("tina"), at=START).bag_id is None
    worksheet.status = WorksheetStatus.CLOSED
    refused(session, Refusal, "is closed; nothing is noted any more",
            lambda: actions.add_note(session, worksheet, text="x", by=people("tina"), at=START))  # fmt: skip
