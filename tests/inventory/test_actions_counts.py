"""Counts, sheets and adjustments, on both databases: blind, explained, and confirmed by a second person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.accounts.actions import WrongPassword
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.statuses import CountStatus
from pharmacy.domain.stock_changes import ChangeReason
from pharmacy.inventory import actions, queries
from pharmacy.inventory.models import Lot, MovementKind, StockMovement, StockPolicy
from pharmacy.sample.people import PASSWORD
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.inventory.shelf import balance_of, is_consistent, open_one
from tests.therapy.stock import location_called

SHELF = "High-alert cabinet, shelf 1"
R = ChangeReason


@pytest.fixture
def saline(session):
    """Give the diluent lot of 96 bags on shelf B2, which is no high-alert drug."""
    return session.scalar(select(Lot).where(Lot.number == "SNC0934"))


def count(session, people, lot, number, *, by="tina", place=None, sheet=None):
    location = location_called(session, place or (SHELF if lot.product.high_alert else "Shelf B2"))
    return actions.count_lot(session, lot, location, counted=number, sheet=sheet, by=people(by), at=START)


def explain(session, people, found, code=R.LOST, *, by="tina", reason="not on the shelf"):
    return actions.explain_count(session, found, reason_code=code, reason=reason, by=people(by), at=START)


def confirm(session, people, found, number, *, by="theo"):
    return actions.confirm_count(session, found, counted=number, by=people(by), at=START)


def test_a_count_that_agrees_changes_nothing(session, people, saline):
    found = count(session, people, saline, 96)

    assert (found.status, found.booked, found.difference) == (CountStatus.AGREES, 96, 0)
    assert balance_of(session, saline).containers == 96
    refused(session, Refusal, "does not wait for an explanation", lambda: explain(session, people, found))


@pytest.mark.parametrize(
    ("number", "code", "status"),
    [
        (94, R.LOST, CountStatus.SETTLED),
        (98, R.FOUND, CountStatus.SETTLED),
        (93, R.LOST, CountStatus.TO_CONFIRM),
        (99, R.RECEIVED_TOO_FEW, CountStatus.TO_CONFIRM),
    ],
)
def test_a_small_difference_is_booked_and_a_large_one_waits(session, people, saline, number, code, status):
    found = explain(session, people, count(session, people, saline, number), code)

    assert found.status is status
    booked = number if status is CountStatus.SETTLED else 96
    assert balance_of(session, saline) == queries.Balance(booked, Decimal(100 * booked))
    if status is CountStatus.SETTLED:
        movement = session.get(StockMovement, found.movement_id)
        assert (movement.kind, movement.containers) == (MovementKind.COUNTED, number - 96)
        assert (movement.reason_code, movement.reason) == (code, "not on the shelf")
        assert last_entry(session).action == "booked a difference"


def test_a_limit_of_none_lets_every_difference_wait(session, people, saline):
    session.scalars(select(StockPolicy)).one().large_difference = 0
    session.flush()

    assert explain(session, people, count(session, people, saline, 95)).status is CountStatus.TO_CONFIRM


def test_a_high_alert_difference_is_counted_by_a_second_person(session, people, vial):
    found = count(session, people, vial, 14)
    refused(session, InvalidInput, "1 container fewer than booked cannot be: found",
            lambda: explain(session, people, found, R.FOUND))  # fmt: skip
    refused(session, InvalidInput, "Give the reason", lambda: explain(session, people, found, reason=" "))
    refused(
        session, Refusal, "does not wait for a second person", lambda: confirm(session, people, found, 14)
    )
    explain(session, people, found, by="paula")
    assert found.status is CountStatus.TO_CONFIRM and balance_of(session, vial).containers == 15

    for who in ("tina", "paula"):
        refused(session, Refusal, "You counted or explained this",
                lambda who=who: confirm(session, people, found, 14, by=who))  # fmt: skip
    refused(session, Forbidden, "nurse may not", lambda: confirm(session, people, found, 14, by="nora"))
    refused(session, InvalidInput, "0 or more", lambda: confirm(session, people, found, -1))
    confirm(session, people, found, 14)

    assert (found.status, found.counted_again, found.settled_by) == (CountStatus.SETTLED, 14, people("theo"))
    assert balance_of(session, vial) == queries.Balance(14, Decimal(140)) and is_consistent(session, vial)


def test_two_counts_that_differ_book_nothing(session, people, vial):
    found = explain(session, people, count(session, people, vial, 14))

    confirm(session, people, found, 15)

    assert (found.status, found.counted_again) == (CountStatus.SENT_BACK, 15)
    assert balance_of(session, vial).containers == 15
    refused(session, Refusal, "does not wait", lambda: confirm(session, people, found, 14, by="peter"))


def test_what_was_taken_between_the_two_counts_is_allowed_for(session, people, vial):
    found = explain(session, people, count(session, people, vial, 14))
    open_one(session, people, vial)

    confirm(session, people, found, 13)

    assert found.status is CountStatus.SETTLED and balance_of(session, vial).containers == 13


def test_a_difference_never_leaves_fewer_than_none(session, people, saline):
    place = location_called(session, "Shelf B2")
    found = count(session, people, saline, 95)
    actions.adjust_stock(session, saline, place, reason_code=R.BROKEN, containers=96, reason="the shelf fell",
                         witness=None, accepted=False, by=people("tina"), at=START)  # fmt: skip

    refused(session, Refusal, "were taken from Shelf B2 after this count. Count again",
            lambda: explain(session, people, found))  # fmt: skip
    again = count(session, people, saline, 0)
    assert (again.status, found.status) == (CountStatus.AGREES, CountStatus.COUNTED_AGAIN)


@pytest.mark.parametrize("code", [R.BROKEN, R.DESTROYED])
def test_a_loss_that_was_booked_by_hand_is_not_booked_by_its_count_again(session, people, saline, code):
    later = START + timedelta(minutes=5)
    adjust(session, people, saline, R.BROKEN, place="Shelf B2")
    found = count(session, people, saline, 94)
    adjust(session, people, saline, code, place="Shelf B2", at=later,
           witness=actions.Witness("theo", PASSWORD))  # fmt: skip

    refused(session, Refusal, "Stock was adjusted after this count. Count again",
            lambda: explain(session, people, found))  # fmt: skip
    assert balance_of(session, saline).containers == 94


def test_what_was_adjusted_elsewhere_or_before_does_not_hinder_a_count(session, people, saline):
    adjust(session, people, saline, R.BROKEN, place="Shelf B2", at=START - timedelta(minutes=1))
    found = count(session, people, saline, 94)
    adjust(session, people, saline, R.FOUND, place="Shelf B2, front", at=START + timedelta(minutes=1))

    assert explain(session, people, found).status is CountStatus.SETTLED


def test_a_sheet_takes_no_count_of_another_shelf_or_lot(session, people, vial, saline):
    sheet = actions.open_count_sheet(session, location_called(session, SHELF), by=people("tina"), at=START)

    refused(session, Refusal, "This count sheet is of High-alert cabinet, shelf 1, not of .* shelf 2",
            lambda: count(session, people, vial, 15, place="High-alert cabinet, shelf 2", sheet=sheet)
            )  # fmt: skip
    refused(session, Refusal, "Lot SNC0934 is not on this count sheet",
            lambda: count(session, people, saline, 0, place=SHELF, sheet=sheet))  # fmt: skip
    assert len(queries.list_uncounted(sheet)) == 2


def test_who_may_count(session, people, saline):
    refused(session, Forbidden, "nurse may not", lambda: count(session, people, saline, 1, by="nora"))
    refused(session, InvalidInput, "0 or more", lambda: count(session, people, saline, -1))


def test_a_sheet_counts_a_whole_location(session, people, saline, vial):
    tina, place = people("tina"), location_called(session, SHELF)
    sheet = actions.open_count_sheet(session, place, by=tina, at=START)
    assert [one.lot.number for one in sheet.lines] == ["SMG4417", "SMG5102"]
    refused(session, Refusal, "is open already",
            lambda: actions.open_count_sheet(session, place, by=tina, at=START))  # fmt: skip
    refused(session, Refusal, "Nothing is booked at Freezer 1",
            lambda: actions.open_count_sheet(session, location_called(session, "Freezer 1"), by=tina,
                                             at=START))  # fmt: skip

    actions.add_to_sheet(session, sheet, saline, by=tina, at=START)
    refused(session, Refusal, "is on this sheet already",
            lambda: actions.add_to_sheet(session, sheet, saline, by=tina, at=START))  # fmt: skip
    for line, number in zip(sheet.lines, (14, 50, 0), strict=True):
        refused(session, Refusal, "not counted yet",
                lambda: actions.close_count_sheet(session, sheet, by=tina, at=START))  # fmt: skip
        count(session, people, line.lot, number, place=SHELF, sheet=sheet)
        session.refresh(sheet)
    assert [one.count.status.value for one in queries.list_sheet_lines(sheet)] == [
        "differs",
        "agrees",
        "agrees",
    ]
    found = explain(session, people, sheet.counts[0])
    confirm(session, people, found, 15)
    # A count that was sent back is to be done again.
    assert [one.line.lot.number for one in queries.list_uncounted(sheet)] == ["SMG4417"]
    count(session, people, vial, 15, sheet=sheet)
    session.refresh(sheet)
    actions.close_count_sheet(session, sheet, by=tina, at=START)
    refused(session, Refusal, "is closed", lambda: count(session, people, vial, 15, sheet=sheet))
    refused(session, Refusal, "is closed",
            lambda: actions.close_count_sheet(session, sheet, by=tina, at=START))  # fmt: skip


def test_what_moved_since_the_last_right_count_is_shown(session, people, vial):
    count(session, people, vial, 15)
    opened = open_one(session, people, vial)
    found = count(session, people, vial, 13)

    shown = queries.list_movements_since_count(session, found, size=50)

    assert shown[0].opened_container_id == opened.id and shown[-1].kind is MovementKind.RECEIVED


def adjust(
    session, people, lot, code, containers=1, *, by="tina", witness=None, reason="seen", place=SHELF,
    accepted=False, at=START,
):  # fmt: skip
    return actions.adjust_stock(
        session,
        lot,
        location_called(session, place),
        reason_code=code,
        containers=containers,
        reason=reason,
        witness=witness,
        accepted=accepted,
        by=people(by),
        at=at,
    )


def test_stock_is_adjusted_with_a_reason_code(session, people, vial):
    movement = adjust(session, people, vial, R.BROKEN, 2, reason="dropped")

    assert (movement.kind, movement.containers, movement.volume_ml) == (MovementKind.ADJUSTED, -2, -20)
    assert (movement.reason_code, movement.reason, movement.witness_id) == (R.BROKEN, "dropped", None)
    assert balance_of(session, vial) == queries.Balance(13, Decimal(130)) and is_consistent(session, vial)
    entry = last_entry(session)
    assert (entry.action, entry.reason) == ("adjusted the stock of a lot", "dropped")


def test_what_may_not_be_adjusted(session, people, vial):
    def act(code=R.BROKEN, containers=1, **changes):
        return lambda: adjust(session, people, vial, code, containers, **changes)

    refused(session, Forbidden, "nurse may not", act(by="nora"))
    refused(session, InvalidInput, "Give the reason", act(reason=" "))
    refused(session, InvalidInput, "at least 1 container", act(containers=0))
    refused(session, Refusal, "15 containers .* not 16", act(containers=16))
    refused(session, InvalidInput, "A second person has to see this: broken", act(containers=3))
    refused(session, InvalidInput, "A second person .* returned", act(R.RETURNED, containers=3))
    refused(session, Refusal, "0 containers of lot SMG4417 booked at Shelf B2", act(place="Shelf B2"))


@pytest.mark.parametrize("code", [R.DESTROYED, R.LOST, R.FOUND, R.RECEIVED_TOO_MANY, R.RECEIVED_TOO_FEW])
def test_a_witness_is_another_person_who_signs(session, people, vial, code):
    def act(username=None, password=PASSWORD):
        witness = actions.Witness(username, password) if username else None
        return lambda: adjust(session, people, vial, code, witness=witness)

    refused(session, InvalidInput, f"A second person has to see this: {code.value}", act())
    refused(session, InvalidInput, "Nobody at this site signs in", act("nobody"))
    refused(session, Refusal, "another person than the one who books", act("tina"))
    refused(session, Forbidden, "nurse may not receive and count", act("nora"))
    refused(session, WrongPassword, "password is not right", act("theo", "wrong"))

    movement = act("theo")()

    assert movement.witness.person is people("theo")
    assert movement.witness.meaning == f"Witness: 1 container of lot SMG4417 {code.value}"
    kind = MovementKind.DESTROYED if code is R.DESTROYED else MovementKind.ADJUSTED
    assert movement.kind is kind and "Theo Thimble" in last_entry(session).details


@pytest.mark.parametrize("code", [R.FOUND, R.RECEIVED_TOO_FEW])
def test_what_is_added_may_stand_where_it_is_added(session, people, saline, vial, code):
    def act(lot=saline, place="Shelf B2", **changes):
        return lambda: adjust(session, people, lot, code, place=place,
                              witness=actions.Witness("theo", PASSWORD), **changes)  # fmt: skip

    refused(session, Refusal, "is kept at: room temperature", act(place="Freezer 1", accepted=True))
    refused(session, Refusal, "Tick that this is right", act(vial))
    act(vial, accepted=True)()
    location_called(session, "Shelf B2, front").closed_at = START
    refused(session, Refusal, "is closed", act(place="Shelf B2, front"))
    actions.quarantine_lot(session, saline, reason="leak", by=people("tina"), at=START)
    refused(session, Refusal, "is in quarantine: put it at a quarantine location", act())
    refused(session, Refusal, "is in quarantine", lambda: actions.adjust_stock(
        session, saline, None, reason_code=code, containers=1, reason="x", witness=None, accepted=True,
        by=people("tina"), at=START))  # fmt: skip
    actions.recall_lot(session, saline, reason="letter", by=people("petra"), at=START)
    refused(session, Refusal, "is recalled: put it at a quarantine location", act())
    act(place="Quarantine shelf")()
    assert balance_of(session, saline).containers == 97
