"""Completing, giving up and finishing: what went in, what left the stock, and what is recorded."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from pharmacy.audit.queries import list_history
from pharmacy.compounding import actions
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.inventory.actions import quarantine_lot
from pharmacy.inventory.models import Lot, MovementKind, OpenedContainer, StockMovement
from pharmacy.inventory.queries import Balance, get_balances
from pharmacy.sample.facility import CLEANROOM_HOOD
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.bags import changed_order
from tests.therapy.formulas import approved_formula
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import (
    code_of,
    draw_and_check,
    hood_called,
    made_bags,
    make_bag,
    read_room,
    scan_all,
    started_worksheet,
)


def started(session, people, **kwargs):
    return started_worksheet(session, people, order_in_force(session, people), **kwargs)


def ready(session, people, bag):
    """Bring a bag to where only its completion is left."""
    scan_all(session, people, bag)
    draw_and_check(session, people, bag)
    return bag


def lot_of(session, number):
    return session.scalar(select(Lot).where(Lot.number == number))


def balance_of(session, number):
    lot = lot_of(session, number)
    return get_balances(session, [lot.id])[lot.id]


def complete(session, people, bag, *, who="tina", at=START):
    return lambda: actions.complete_bag(session, bag, by=people(who), at=at)


def finish(session, people, worksheet, *, who="tina"):
    return lambda: actions.finish_preparation(session, worksheet, by=people(who), at=START)


def discard(session, people, bag, *, who="tina", reason="dropped"):
    return lambda: actions.discard_bag(session, bag, reason=reason, by=people(who), at=START)


def test_a_bag_is_completed_with_its_components(session, people):
    bag = ready(session, people, started(session, people).bags[0])
    refused(session, Forbidden, "may not compound", complete(session, people, bag, who="nora"))
    at = START + timedelta(minutes=5)

    complete(session, people, bag, at=at)()

    assert (bag.status, bag.made_by.username, bag.made_at) == (BagStatus.MADE, "tina", at)
    assert [(one.lot.number, one.volume_ml, one.at) for one in bag.components] == [
        ("SNC0821", 100, at), ("SMG4417", 4, at),
    ]  # fmt: skip
    assert balance_of(session, "SNC0821") == Balance(3, Decimal(300))
    assert balance_of(session, "SMG4417") == Balance(14, Decimal(146))
    used = session.scalars(
        select(StockMovement).where(StockMovement.kind == MovementKind.USED).order_by(StockMovement.id)
    ).all()
    assert [(one.volume_ml, one.bag_id, one.worksheet_id) for one in used] == [
        (-100, bag.id, bag.worksheet_id), (-4, bag.id, bag.worksheet_id),
    ]  # fmt: skip
    entry = last_entry(session)
    assert (entry.action, entry.at) == ("completed a bag", at)
    assert '"components":[["SNC0821","100"],["SMG4417","4"]]' in entry.details
    assert [one.to_status for one in list_history(session, "bag", bag.id)] == ["planned", "made"]
    refused(session, Refusal, "Bag 1 is made or out of turn", complete(session, people, bag))


def test_what_happens_meanwhile_stops_the_completion(session, people):
    bag = ready(session, people, started(session, people).bags[0])

    read_room(session, people, hood_called(session, CLEANROOM_HOOD), at=bag.beyond_use_at)
    beyond = complete(session, people, bag, at=bag.beyond_use_at)
    # The short-dated diluent expires at the very instant of the beyond-use date.
    refused(session, Refusal, "Lot SNC0821 .* expired .* Discard this bag", beyond)
    actions.shorten_beyond_use(session, bag, became=START + timedelta(hours=1), reason="x",
                               by=people("tina"), at=START)  # fmt: skip
    refused(session, Refusal, "The beyond-use date of bag .* has passed. Discard this bag",
            complete(session, people, bag, at=START + timedelta(hours=1)))  # fmt: skip
    quarantine_lot(session, lot_of(session, "SMG4417"), reason="x", by=people("paula"), at=START)
    refused(
        session, Refusal, "Lot SMG4417 .* is in quarantine. Discard this bag", complete(session, people, bag)
    )
    changed_order(session, people, bag.order_version, "every two out of three days")
    refused(session, Refusal, "was replaced by version 2", complete(session, people, bag))


def test_finishing_wastes_what_is_left_and_closes_nothing_early(session, people):
    worksheet = started(session, people, bags=3)
    refused(session, Refusal, "Bag 1 of 3 is not made yet", finish(session, people, worksheet))
    for bag in worksheet.bags:
        make_bag(session, people, bag)
    refused(session, Forbidden, "may not compound", finish(session, people, worksheet, who="nora"))

    finish(session, people, worksheet)()

    assert worksheet.status is WorksheetStatus.AWAITING_RELEASE
    # 3 bags of 4 mL from 2 vials of 10 mL: 12 mL used and 8 mL wasted, as the worksheet said.
    assert worksheet.waste_ml == 8
    assert balance_of(session, "SMG4417") == Balance(13, Decimal(130))
    moved = session.scalars(select(StockMovement).where(StockMovement.worksheet_id == worksheet.id)).all()
    wasted = [one.volume_ml for one in moved if one.kind is MovementKind.WASTED]
    assert sorted(wasted) == [-6, -2]
    assert session.scalars(select(OpenedContainer).where(OpenedContainer.discarded_at.is_(None))).all() == []
    entry = last_entry(session)
    assert (entry.action, '"wasted":[["SMG4417","2"],["SMG4417","6"]]' in entry.details) == (
        "finished preparation", True,
    )  # fmt: skip
    refused(session, Refusal, "awaiting release cannot become awaiting release",
            finish(session, people, worksheet))  # fmt: skip


def test_a_bag_is_given_up_with_what_was_drawn_for_it(session, people):
    worksheet = started(session, people, bags=3)
    first, second, third = worksheet.bags
    refused(session, InvalidInput, "Give the reason", discard(session, people, first, reason=""))
    refused(session, Forbidden, "may not compound", discard(session, people, first, who="nora"))

    ready(session, people, first)
    discard(session, people, first)()

    assert first.status is BagStatus.CANCELLED and first.made_at is None and first.components == []
    assert balance_of(session, "SNC0821") == Balance(3, Decimal(300))
    assert balance_of(session, "SMG4417") == Balance(14, Decimal(146))
    assert (last_entry(session).action, last_entry(session).reason) == ("gave up a bag", "dropped")

    scan_all(session, people, second)
    discard(session, people, second)()
    # Nothing was drawn for it: only its diluent is wasted, the vial stays open for the next.
    assert balance_of(session, "SMG4417") == Balance(14, Decimal(146))
    assert balance_of(session, "SNC0821") == Balance(2, Decimal(200))
    make_bag(session, people, third)
    finish(session, people, worksheet)()
    refused(session, Refusal, "is awaiting release; nothing is made by it now",
            discard(session, people, third))  # fmt: skip


def test_a_worksheet_without_a_bag_is_cancelled_instead(session, people):
    worksheet = started(session, people, bags=1)
    discard(session, people, worksheet.bags[0])()

    refused(
        session, Refusal, "No bag was made; cancel the worksheet instead", finish(session, people, worksheet)
    )


def test_withdrawn_diluent_is_wasted(session, people):
    approved_formula(session, people, method="replace")
    [bag, *_] = made_bags(session, people, order_in_force(session, people))

    assert [one.volume_ml for one in bag.components] == [96, 4]
    moved = session.scalars(
        select(StockMovement)
        .join(Lot)
        .where(StockMovement.worksheet_id == bag.worksheet_id, Lot.number == "SNC0821")
        .order_by(StockMovement.id)
    ).all()
    assert [(one.kind.value, one.containers, one.volume_ml) for one in moved[:3]] == [
        ("opened", -1, 0), ("used", 0, -96), ("wasted", 0, -4),
    ]  # fmt: skip


def test_pooled_vials_and_an_empty_container(session, people):
    """5 bags of 2.08 mL from one lot of vials and 49.92 mL of diluent each: 2 vials and 3 bags of diluent."""
    approved_formula(session, people, method="exact", fill_ml=Decimal(52), pool_vials=True)
    bags = made_bags(session, people, order_in_force(session, people), bags=5)

    assert balance_of(session, "SMG4417") == Balance(13, Decimal(130))
    assert balance_of(session, "SNC0821") == Balance(1, Decimal(100))
    for bag in bags:
        parts = {number: Decimal(0) for number in ("SNC0821", "SMG4417")}
        for one in bag.components:
            parts[one.lot.number] += one.volume_ml
        assert parts == {"SNC0821": Decimal("49.92"), "SMG4417": Decimal("2.08")}
    # The last bag takes the remnant of a bag of diluent and of a vial, and the rest from new ones.
    parts = [Decimal(text) for text in ("0.32", "49.6", "1.68", "0.4")]
    assert [one.volume_ml for one in bags[4].components] == parts


def test_two_lots_in_one_worksheet_are_kept_apart(session, people):
    """Seven bags: four of the short-dated lot of diluent, three of the other, each with its own volume."""
    bags = made_bags(session, people, order_in_force(session, people), bags=7)

    assert [bag.components[0].lot.number for bag in bags] == ["SNC0821"] * 4 + ["SNC0934"] * 3
    assert balance_of(session, "SNC0821") == Balance(0, Decimal(0))
    assert balance_of(session, "SNC0934") == Balance(93, Decimal(9300))
    assert code_of(bags[6].components[0].lot).endswith("10SNC0934")
