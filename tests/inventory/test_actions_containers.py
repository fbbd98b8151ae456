"""Containers, on both databases: opening, drawing, wasting and their sums."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.domain.errors import Forbidden, InvalidInput, NotFound, Refusal
from pharmacy.domain.product_containers import ProductContainer
from pharmacy.inventory import actions, queries
from pharmacy.inventory.models import MovementKind, StockMovement
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.inventory.shelf import BAG, WORKSHEET, balance_of, is_consistent, open_one, receive


def test_opening_drawing_and_wasting_keep_the_sums(session, people, vial):
    tina = people("tina")
    opened = open_one(session, people, vial)

    assert opened.use_until == START + timedelta(hours=12)
    assert (opened.left_ml, opened.worksheet_id) == (Decimal(10), WORKSHEET)
    assert balance_of(session, vial) == queries.Balance(14, Decimal(150))
    assert is_consistent(session, vial)

    actions.draw(session, opened, volume_ml=Decimal("4.25"), bag_id=BAG, by=tina, at=START)
    assert balance_of(session, vial) == queries.Balance(14, Decimal("145.75"))
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

    assert balance_of(session, vial) == queries.Balance(14, Decimal(140)) and is_consistent(session, vial)
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

    assert balance_of(session, vial) == queries.Balance(15, Decimal(150)) and is_consistent(session, vial)
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


@pytest.mark.parametrize(
    ("container", "label_hours", "hours"),
    [
        (ProductContainer.MULTIPLE_DOSE_VIAL, None, 28 * 24),
        (ProductContainer.BULK_PACKAGE, 4, 4),
        (ProductContainer.SINGLE_DOSE_VIAL, 6, 6),
        (ProductContainer.BAG, None, 12),
    ],
)
def test_the_clock_is_that_of_the_container_and_its_label(
    session, people, vial, container, label_hours, hours
):
    vial.product.container_kind, vial.product.label_hours = container, label_hours

    assert open_one(session, people, vial).use_until == START + timedelta(hours=hours)


def test_stock_movements_are_never_changed_or_removed(session, vial):
    movement = session.scalar(select(StockMovement).where(StockMovement.lot_id == vial.id))
    movement.containers = 99

    with pytest.raises(Exception, match="never changed"):
        session.flush()


def make_multiple_dose(lot):
    lot.product.container_kind = ProductContainer.MULTIPLE_DOSE_VIAL


def test_a_multiple_dose_container_is_kept_for_the_next_worksheet(session, people, vial):
    tina, site_id = people("tina"), people("tina").site_id
    make_multiple_dose(vial)
    opened = open_one(session, people, vial)
    actions.draw(session, opened, volume_ml=Decimal(4), bag_id=BAG, by=tina, at=START)

    assert actions.let_go(session, opened, reason="finished", by=tina, at=START)

    def kept(at=START):
        return queries.list_kept(session, [vial.product_id], site_id=site_id, at=at)

    assert kept() == [opened] and queries.list_opened(session, WORKSHEET) == []
    assert kept(opened.use_until - timedelta(seconds=1)) == [opened] and kept(opened.use_until) == []
    actions.take_up(session, opened, worksheet_id=WORKSHEET + 1, by=tina, at=START)
    assert kept() == [] and queries.list_opened(session, WORKSHEET + 1) == [opened]
    # What the second worksheet draws is booked on it, though the first one opened the container.
    movement = actions.draw(session, opened, volume_ml=Decimal(1), bag_id=BAG, by=tina, at=START)
    assert (movement.worksheet_id, opened.worksheet_id) == (WORKSHEET + 1, WORKSHEET)
    refused(
        session,
        Refusal,
        "is in use on another worksheet",
        lambda: actions.take_up(session, opened, worksheet_id=WORKSHEET, by=tina, at=START),
    )


@pytest.mark.parametrize(("seconds", "stays"), [(-1, True), (0, False), (1, False)])
def test_a_container_is_kept_and_taken_up_before_the_end_of_its_clock(session, people, vial, seconds, stays):
    tina = people("tina")
    make_multiple_dose(vial)
    first, second = open_one(session, people, vial), open_one(session, people, vial)
    at = first.use_until + timedelta(seconds=seconds)

    assert actions.let_go(session, first, reason="finished", by=tina, at=at) is stays
    assert (first.discarded_at is None) is stays

    assert actions.let_go(session, second, reason="finished", by=tina, at=START)
    if stays:
        actions.take_up(session, second, worksheet_id=WORKSHEET, by=tina, at=at)
    else:
        refused(
            session,
            Refusal,
            "could be used before .*; discard it",
            lambda: actions.take_up(session, second, worksheet_id=WORKSHEET, by=tina, at=at),
        )


@pytest.mark.parametrize(("seconds", "opens"), [(-1, True), (0, False)])
def test_a_container_out_of_its_time_stops_the_scan_until_it_is_discarded(
    session, people, vial, seconds, opens
):
    tina, opened = people("tina"), open_one(session, people, vial)
    at = opened.use_until + timedelta(seconds=seconds)

    if opens:
        open_one(session, people, vial, at=at)
        return
    refused(
        session,
        Refusal,
        "A container of lot SMG4417 was opened .* Discard it under Open containers",
        lambda: open_one(session, people, vial, at=at),
    )
    # Another worksheet, in another hood, does not have that container before it.
    actions.open_container(session, vial, worksheet_id=WORKSHEET + 1, bag_id=BAG, by=tina, at=at)
    actions.waste(session, opened, reason="out of its time", by=tina, at=at)
    open_one(session, people, vial, at=at)


def test_single_dose_and_empty_containers_are_wasted_at_the_end(session, people, vial):
    tina, single = people("tina"), open_one(session, people, vial)
    assert not actions.let_go(session, single, reason="finished", by=tina, at=START)
    assert single.discarded_at == START and is_consistent(session, vial)

    make_multiple_dose(vial)
    empty = open_one(session, people, vial)
    actions.draw(session, empty, volume_ml=Decimal(10), bag_id=BAG, by=tina, at=START)
    assert not actions.let_go(session, empty, reason="finished", by=tina, at=START)


def test_a_held_lot_is_not_taken_up(session, people, vial):
    tina, opened = people("tina"), open_one(session, people, vial)
    make_multiple_dose(vial)
    opened.stays_open = True
    actions.let_go(session, opened, reason="finished", by=tina, at=START)
    actions.quarantine_lot(session, vial, reason="leak", by=tina, at=START)

    assert queries.list_kept(session, [vial.product_id], site_id=tina.site_id, at=START) == []
    refused(
        session,
        Refusal,
        "is in quarantine",
        lambda: actions.take_up(session, opened, worksheet_id=WORKSHEET, by=tina, at=START),
    )


def test_what_is_open_is_listed_with_the_first_to_end_at_the_top(session, people, vial):
    site_id = people("tina").site_id
    first = open_one(session, people, vial)
    second = open_one(session, people, vial, at=START + timedelta(hours=1))

    assert queries.list_all_open(session, site_id=site_id, size=50) == [first, second]
    assert queries.list_all_open(session, site_id=site_id + 1, size=50) == []
    with pytest.raises(NotFound, match="No opened container"):
        queries.get_opened(session, first.id, site_id=site_id + 1)
