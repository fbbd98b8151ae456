"""Locations, moves and what a site settles, on both databases."""

import pytest
from sqlalchemy import select

from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.stock_locations import LocationKind, StorageNeed
from pharmacy.inventory import actions, queries
from pharmacy.inventory.models import MovementKind, StockMovement
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.inventory.shelf import balance_of, open_one, receive
from tests.therapy.stock import location_called, receipt_of

SHELF = "High-alert cabinet, shelf 1"


def move(
    session, people, lot, to, *, came_from=SHELF, containers=4, by="tina", reason="tidying", accepted=False
):
    return actions.move_containers(
        session,
        lot,
        came_from=location_called(session, came_from) if came_from else None,
        to=location_called(session, to),
        containers=containers,
        accepted=accepted,
        reason=reason,
        by=people(by),
        at=START,
    )


def standing(session, lot):
    return {
        one.location and one.location.name: one.containers
        for one in queries.list_standings(session, [lot.id])
    }


def test_a_move_is_a_pair_that_changes_no_sum(session, people, vial):
    before = balance_of(session, vial)

    move(session, people, vial, "High-alert cabinet, shelf 2")

    assert balance_of(session, vial) == before
    assert standing(session, vial) == {SHELF: 11, "High-alert cabinet, shelf 2": 4}
    pair = session.scalars(select(StockMovement).where(StockMovement.kind == MovementKind.MOVED)).all()
    assert [(one.containers, one.location.name, one.other_location.name) for one in pair] == [
        (-4, SHELF, "High-alert cabinet, shelf 2"),
        (4, "High-alert cabinet, shelf 2", SHELF),
    ]
    assert (last_entry(session).action, last_entry(session).reason) == ("moved containers", "tidying")


def test_what_may_not_be_moved(session, people, vial):
    def act(to="High-alert cabinet, shelf 2", **changes):
        return lambda: move(session, people, vial, to, **changes)

    refused(session, Forbidden, "nurse may not", act(by="nora"))
    refused(session, InvalidInput, "Give the reason", act(reason=" "))
    refused(session, InvalidInput, "at least 1", act(containers=0))
    refused(session, InvalidInput, "choose another location", act(to=SHELF))
    refused(session, Refusal, "15 containers of lot SMG4417 booked at .*, not 16", act(containers=16))
    refused(session, Refusal, "booked without a location", act(came_from=None, containers=1))
    refused(session, Refusal, "is kept at: room temperature", act(to="Freezer 1"))
    refused(session, Refusal, "is kept at: room temperature", act(to="Freezer 1", accepted=True))
    refused(session, Refusal, "high-alert drug .* Tick that this is right", act(to="Shelf B2"))
    act(to="Shelf B2", accepted=True, containers=15)()
    assert standing(session, vial) == {"Shelf B2": 15}


def test_only_a_pharmacist_takes_stock_out_of_quarantine(session, people, vial):
    held = "Quarantine shelf"
    move(session, people, vial, held, containers=15)
    assert balance_of(session, vial).usable == 0
    refused(
        session, Refusal, "Every container .* stands in quarantine", lambda: open_one(session, people, vial)
    )

    def back(by):
        return lambda: move(session, people, vial, SHELF, came_from=held, containers=15, by=by)

    refused(session, Forbidden, "technician may not lift", back("tina"))
    actions.quarantine_lot(session, vial, reason="leak", by=people("tina"), at=START)
    refused(session, Refusal, "is quarantined; it stays in quarantine", back("paula"))
    actions.lift_quarantine(session, vial, reason="fine", by=people("paula"), at=START)
    back("paula")()
    assert balance_of(session, vial).usable == 15


def test_held_stock_that_stands_elsewhere_is_shown_with_the_quarantine(session, people, vial):
    site_id = people("tina").site_id
    assert queries.list_held_elsewhere(session, site_id=site_id, size=50) == []

    actions.quarantine_lot(session, vial, reason="leak", by=people("tina"), at=START)
    (line,) = queries.list_held_elsewhere(session, site_id=site_id, size=50)
    assert (line.lot, line.location.name, line.containers) == (vial, SHELF, 15)

    move(session, people, vial, "Quarantine shelf", containers=15)
    assert queries.list_held_elsewhere(session, site_id=site_id, size=50) == []


def test_a_held_lot_is_received_into_quarantine_only(session, people, vial):
    receive(session, people, vial.product)
    actions.quarantine_lot(session, vial, reason="leak", by=people("tina"), at=START)

    def act(location):
        return lambda: receive(
            session, people, vial.product, number="SMG4417", expiry=vial.expiry, location=location
        )

    refused(session, Refusal, "is in quarantine: put it at a quarantine location", act(SHELF))
    act("Quarantine shelf")()
    assert balance_of(session, vial) == queries.Balance(20, balance_of(session, vial).volume_ml, held=5)


def test_locations_are_added_changed_and_closed_by_a_pharmacist(session, people, vial):
    paula = people("paula")

    def add(name="Shelf C", by=paula):
        return lambda: actions.add_location(session, name=name, kind=LocationKind.ROOM, by=by, at=START)

    refused(session, Forbidden, "technician may not set up", add(by=people("tina")))
    refused(session, InvalidInput, "Enter the name", add(name=" "))
    refused(session, InvalidInput, "A location called Shelf B2 is there already", add(name=" Shelf B2 "))
    shelf = add()()
    assert queries.find_scanned_location(session, f" loc-{shelf.id}\r\n", site_id=paula.site_id) is shelf

    def change(location, kind, reason="new sign"):
        return lambda: actions.change_location(
            session, location, name=location.name, kind=kind, reason=reason, by=paula, at=START
        )

    full = location_called(session, SHELF)
    refused(session, InvalidInput, "Give the reason", change(shelf, LocationKind.FREEZER, reason=""))
    refused(
        session, Refusal, "still holds stock; it can be given another kind", change(full, LocationKind.ROOM)
    )
    change(shelf, LocationKind.FREEZER)()
    assert shelf.kind is LocationKind.FREEZER

    def close(location):
        return lambda: actions.close_location(session, location, reason="gone", by=paula, at=START)

    refused(session, Refusal, "still holds stock; it can be closed", close(full))
    close(shelf)()
    refused(session, Refusal, "Shelf C is closed; choose another", close(shelf))
    refused(session, Refusal, "Shelf C is closed", lambda: move(session, people, vial, "Shelf C"))
    assert shelf not in queries.list_locations(session, site_id=paula.site_id)


def test_a_site_settles_its_limits_and_products(session, people, vial):
    petra = people("petra")

    def policy(days=30, difference=2, by=petra):
        return lambda: actions.set_policy(
            session, short_dated_days=days, large_difference=difference, by=by, at=START
        )

    refused(session, Forbidden, "technician may not set up", policy(by=people("tina")))
    refused(session, InvalidInput, "at least 1 day", policy(days=0))
    refused(session, InvalidInput, "0 or more", policy(difference=-1))
    policy(days=90, difference=0)()
    assert last_entry(session).details == '{"became":[90,0],"was":[30,2]}'

    def rule(level, by=petra):
        return lambda: actions.set_rule(
            session, vial.product, storage=StorageNeed.REFRIGERATOR, reorder_level=level, by=by, at=START
        )

    refused(session, Forbidden, "technician may not set up", rule(5, by=people("tina")))
    refused(session, InvalidInput, "1 or more, or empty", rule(0))
    rule(None)()
    receipt_of(session, by=petra, at=START)
    assert queries.find_rule(session, vial.product_id, site_id=petra.site_id).reorder_level is None
    refused(session, Refusal, "is kept at: refrigerator", lambda: receive(session, people, vial.product))


@pytest.mark.parametrize(("level", "is_low"), [(64, False), (65, False), (66, True)])
def test_a_product_is_low_below_its_level(session, people, vial, level, is_low):
    petra = people("petra")
    actions.set_rule(session, vial.product, storage=StorageNeed.ROOM, reorder_level=level, by=petra, at=START)

    low = queries.list_low_products(session, site_id=petra.site_id, at=START)

    assert (vial.product in [line.product for line in low]) is is_low
    assert queries.get_product_line(session, vial.product, site_id=petra.site_id, at=START).usable == 65
    # At its last instant a lot counts no more.
    line = queries.get_product_line(session, vial.product, site_id=petra.site_id, at=vial.expires_at)
    assert (line.usable, line.other) == (50, 15)
