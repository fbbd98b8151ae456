"""Stock: receiving, holding back, opening, drawing and wasting, on both databases."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.audit.actions import move
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.statuses import LOT_MOVES, LotStatus
from pharmacy.inventory import actions, queries
from pharmacy.inventory.models import Lot, MovementKind, OpenedContainer, StockMovement
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START

# These numbers stand for a worksheet and a bag; stock does not ask what they are.
WORKSHEET, BAG = 7001, 8001


@pytest.fixture
def vial(session):
    """Give the vial lot that expires first: 15 vials of 10 mL."""
    return session.scalar(select(Lot).where(Lot.number == "SMG4417"))


def balance(session, lot):
    return queries.get_balances(session, [lot.id])[lot.id]


def receive(session, people, product, *, by="tina", at=START, **changes):
    values = {"number": "NEW1", "expiry": "2027-03", "supplier": "Somebody", "containers": 5, "location": "A"}
    return actions.receive_lot(session, product, **values | changes, by=people(by), at=at)


def open_one(session, people, lot, *, at=START):
    return actions.open_container(session, lot, worksheet_id=WORKSHEET, bag_id=BAG, by=people("tina"), at=at)


def is_consistent(session, lot):
    """Tell whether movements and open containers say the same: nothing appears and nothing is lost."""
    opened = session.scalars(
        select(OpenedContainer).where(
            OpenedContainer.lot_id == lot.id, OpenedContainer.discarded_at.is_(None)
        )
    ).all()
    now = balance(session, lot)
    return now.volume_ml == now.containers * lot.product.volume_ml + sum(one.left_ml for one in opened)


def test_a_lot_is_received_and_received_again(session, people, vial):
    lot = receive(session, people, vial.product)

    assert (lot.status, lot.expiry, lot.received_at) == (LotStatus.AVAILABLE, "2027-03", START)
    # 31 March 2027, 23:59:59 in New York (domain.md 1.6, rule 6).
    assert lot.expires_at.isoformat() == "2027-04-01T03:59:59+00:00"
    assert balance(session, lot) == queries.Balance(5, Decimal(50))
    entry = last_entry(session)
    assert (entry.action, entry.person_name, entry.at) == ("received a lot", "Tina Tallgrass", START)
    assert [one.to_status for one in list_history(session, "lot", lot.id)] == ["available"]

    again = receive(session, people, vial.product, expiry="2027-03-31", containers=2)

    assert again.id == lot.id
    assert balance(session, lot) == queries.Balance(7, Decimal(70))
    assert len(list_history(session, "lot", lot.id)) == 1


def test_what_may_not_be_received(session, people, vial):
    def act(**changes):
        return lambda: receive(session, people, vial.product, **changes)

    refused(session, Forbidden, "nurse may not receive", act(by="nora"))
    refused(session, InvalidInput, "lot number should be as printed", act(number=" "))
    refused(session, InvalidInput, "lot number should be as printed", act(number="A" * 21))
    refused(session, InvalidInput, "at least 1 container", act(containers=0))
    refused(session, InvalidInput, "expiry should be a month", act(expiry="03/2027"))
    refused(session, Refusal, "expired Sat 31 Oct 2026", act(expiry="2026-10"))
    refused(
        session,
        Refusal,
        "is here already and expires .* read the package again",
        act(number=vial.number, expiry="2027-03"),
    )
    move(session, vial, LOT_MOVES, LotStatus.RECALLED, what="a lot", by=people("petra"), at=START)
    refused(
        session, Refusal, "recalled; do not put it on the shelf", act(number=vial.number, expiry=vial.expiry)
    )


@pytest.mark.parametrize(("seconds", "is_received"), [(-1, True), (0, False)])
def test_a_lot_is_received_until_its_last_instant(session, people, vial, seconds, is_received):
    last = receive(session, people, vial.product).expires_at
    at = last + timedelta(seconds=seconds)

    if is_received:
        assert receive(session, people, vial.product, number="NEW2", at=at).expires_at == last
    else:
        refused(
            session, Refusal, "expired", lambda: receive(session, people, vial.product, number="NEW2", at=at)
        )


def test_quarantine_and_its_lifting(session, people, vial):
    actions.quarantine_lot(session, vial, reason="leaking carton", by=people("tina"), at=START)

    assert vial.status is LotStatus.QUARANTINED
    assert (last_entry(session).action, last_entry(session).reason) == (
        "put a lot in quarantine",
        "leaking carton",
    )
    refused(session, Refusal, "is in quarantine", lambda: open_one(session, people, vial))
    refused(
        session,
        Forbidden,
        "technician may not lift",
        lambda: actions.lift_quarantine(session, vial, reason="fine", by=people("tina"), at=START),
    )
    refused(
        session,
        InvalidInput,
        "Give the reason",
        lambda: actions.lift_quarantine(session, vial, reason=" ", by=people("paula"), at=START),
    )
    refused(
        session,
        Refusal,
        "quarantined cannot become quarantined",
        lambda: actions.quarantine_lot(session, vial, reason="x", by=people("tina"), at=START),
    )

    actions.lift_quarantine(session, vial, reason="carton only", by=people("paula"), at=START)

    assert vial.status is LotStatus.AVAILABLE
    assert [one.to_status for one in list_history(session, "lot", vial.id)][-2:] == [
        "quarantined",
        "available",
    ]
    refused(
        session,
        Refusal,
        "available cannot become available",
        lambda: actions.lift_quarantine(session, vial, reason="x", by=people("paula"), at=START),
    )


def test_opening_drawing_and_wasting_keep_the_sums(session, people, vial):
    tina = people("tina")
    opened = open_one(session, people, vial)

    assert opened.use_until == START + timedelta(hours=12)
    assert (opened.left_ml, opened.worksheet_id) == (Decimal(10), WORKSHEET)
    assert balance(session, vial) == queries.Balance(14, Decimal(150))
    assert is_consistent(session, vial)

    actions.draw(session, opened, volume_ml=Decimal("4.25"), bag_id=BAG, by=tina, at=START)
    assert balance(session, vial) == queries.Balance(14, Decimal("145.75"))
    actions.waste_part(
        session, opened, volume_ml=Decimal("0.75"), bag_id=BAG, reason="dropped", by=tina, at=START
    )
    assert opened.left_ml == 5 and is_consistent(session, vial)
    refused(
        session,
        Refusal,
        "5.01\xa0mL cannot be taken from a container .* with 5\xa0mL left",
        lambda: actions.draw(session, opened, volume_ml=Decimal("5.01"), bag_id=BAG, by=tina, at=START),
    )
    refused(
        session,
        Refusal,
        "0\xa0mL cannot be taken",
        lambda: actions.draw(session, opened, volume_ml=Decimal(0), bag_id=BAG, by=tina, at=START),
    )
    refused(
        session,
        Refusal,
        "was drawn from",
        lambda: actions.put_back(session, opened, reason="not needed", by=tina, at=START),
    )
    refused(
        session,
        InvalidInput,
        "Give the reason",
        lambda: actions.waste(session, opened, reason="", by=tina, at=START),
    )

    actions.waste(session, opened, reason="left over", by=tina, at=START + timedelta(hours=1))

    assert balance(session, vial) == queries.Balance(14, Decimal(140)) and is_consistent(session, vial)
    assert (opened.left_ml, opened.discarded_at) == (0, START + timedelta(hours=1))
    kinds = session.scalars(
        select(StockMovement.kind)
        .where(StockMovement.opened_container_id == opened.id)
        .order_by(StockMovement.id)
    ).all()
    assert kinds == [MovementKind.OPENED, MovementKind.USED, MovementKind.WASTED, MovementKind.WASTED]
    assert last_entry(session).details == '{"lot":"SMG4417","wasted_ml":"5"}'
    refused(
        session,
        Refusal,
        "discarded already",
        lambda: actions.waste(session, opened, reason="again", by=tina, at=START),
    )
    refused(
        session,
        Refusal,
        "discarded already",
        lambda: actions.draw(session, opened, volume_ml=Decimal(1), bag_id=BAG, by=tina, at=START),
    )


def test_a_container_that_was_never_entered_goes_back(session, people, vial):
    opened = open_one(session, people, vial)

    actions.put_back(session, opened, reason="wrong bag", by=people("tina"), at=START)

    assert balance(session, vial) == queries.Balance(15, Decimal(150)) and is_consistent(session, vial)
    assert queries.list_opened(session, WORKSHEET) == []
    assert last_entry(session).reason == "wrong bag"


def test_the_last_container_is_opened_once(session, people, vial):
    lot = receive(session, people, vial.product, containers=1)
    open_one(session, people, lot)

    refused(session, Refusal, "No container of lot NEW1 .* is left", lambda: open_one(session, people, lot))


def test_who_may_open_and_until_when(session, people, vial):
    def act(who, at):
        return lambda: actions.open_container(
            session, vial, worksheet_id=WORKSHEET, bag_id=BAG, by=people(who), at=at
        )

    refused(session, Forbidden, "may not compound", act("nora", START))
    refused(session, Refusal, "Lot SMG4417 of magnesium sulfate .* expired", act("tina", vial.expires_at))
    # The clock of a container never runs past the lot's own expiry.
    opened = open_one(session, people, vial, at=vial.expires_at - timedelta(hours=1))
    assert opened.use_until == vial.expires_at


def test_a_multiple_dose_vial_has_the_longer_clock(session, people, vial):
    vial.product.single_dose = False

    assert open_one(session, people, vial).use_until == START + timedelta(days=28)


def test_an_expiry_is_corrected_until_the_first_container_is_opened(session, people, vial):
    def act(who="paula", reason="misread", expiry="2027-05-20"):
        return lambda: actions.correct_expiry(
            session, vial, expiry=expiry, reason=reason, by=people(who), at=START
        )

    refused(session, Forbidden, "technician may not", act("tina"))
    refused(session, InvalidInput, "Give the reason", act(reason=""))
    refused(session, InvalidInput, "expiry should be a month", act(expiry="May 2027"))
    was = vial.expiry
    act()()
    assert (vial.expiry, vial.expires_at.isoformat()) == ("2027-05-20", "2027-05-21T03:59:59+00:00")
    entry = last_entry(session)
    assert entry.reason == "misread" and was in entry.details and "2027-05-20" in entry.details

    actions.put_back(session, open_one(session, people, vial), reason="x", by=people("tina"), at=START)
    refused(session, Refusal, "was opened already; put it in quarantine", act(expiry="2027-06"))


def test_stock_movements_are_never_changed_or_removed(session, vial):
    movement = session.scalar(select(StockMovement).where(StockMovement.lot_id == vial.id))
    movement.containers = 99

    with pytest.raises(Exception, match="never changed"):
        session.flush()
