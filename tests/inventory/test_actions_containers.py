"""Containers, on both databases: opening, drawing, wasting and their sums."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
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
