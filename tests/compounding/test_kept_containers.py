"""A multiple-dose vial that one worksheet leaves open serves the next one within its clock."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.compounding import actions
from pharmacy.domain.errors import ScanRefused
from pharmacy.domain.preparation_steps import Step
from pharmacy.domain.product_containers import ProductContainer
from pharmacy.inventory.actions import waste
from pharmacy.inventory.models import Lot, OpenedContainer
from pharmacy.inventory.queries import Balance, get_balances
from tests.compounding.fingerprint import refused
from tests.conftest import START
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import code_of, go_to, made_bags, scan_all, started_worksheet


@pytest.fixture
def vial(session):
    found = session.scalars(select(Lot).where(Lot.number == "SMG4417")).one()
    found.product.container_kind = ProductContainer.MULTIPLE_DOSE_VIAL
    session.flush()
    return found


def test_what_is_left_of_a_multiple_dose_vial_serves_the_next_worksheet(session, people, vial):
    version = order_in_force(session, people)
    first = made_bags(session, people, version, bags=1)[0]
    opened = session.scalars(select(OpenedContainer).where(OpenedContainer.lot_id == vial.id)).one()
    assert (opened.left_ml, opened.held_by_id, opened.discarded_at) == (6, None, None)
    assert get_balances(session, [vial.id])[vial.id] == Balance(14, Decimal(146))

    second = started_worksheet(session, people, version, bags=1)
    scan_all(session, people, second.bags[0])

    assert second.scans[-1].opened_container_id == opened.id
    assert (opened.held_by_id, opened.worksheet_id) == (second.id, first.worksheet_id)
    # An undone scan lets it go again: it was not opened here, so it does not go back on the shelf.
    actions.undo_scan(session, second.bags[0], discarded=False, reason="later", by=people("tina"), at=START)
    assert (opened.held_by_id, opened.discarded_at) == (None, None)
    assert get_balances(session, [vial.id])[vial.id] == Balance(14, Decimal(146))


def test_what_was_drawn_is_not_in_the_vial_that_a_cancelled_worksheet_leaves(session, people, vial):
    worksheet = started_worksheet(session, people, order_in_force(session, people), bags=1)
    go_to(session, people, worksheet.bags[0], Step.SECOND_VOLUME)
    opened = session.scalars(select(OpenedContainer).where(OpenedContainer.lot_id == vial.id)).one()
    assert opened.left_ml == 10

    actions.cancel_worksheet(session, worksheet, reason="on hold", by=people("tina"), at=START)

    assert (opened.left_ml, opened.held_by_id, opened.discarded_at) == (6, None, None)
    assert get_balances(session, [vial.id])[vial.id] == Balance(14, Decimal(146))


def test_a_kept_vial_out_of_its_time_stops_the_scan(session, people, vial):
    version = order_in_force(session, people)
    made_bags(session, people, version, bags=1)
    opened = session.scalars(select(OpenedContainer).where(OpenedContainer.lot_id == vial.id)).one()
    opened.use_until = START + timedelta(minutes=5)
    second = started_worksheet(session, people, version, bags=1)
    bag, late = second.bags[0], START + timedelta(minutes=5)
    diluent = next(one.lot for one in second.proposed_lots if one.lot.product_id != vial.product_id)
    actions.scan_container(session, bag, code_of(diluent), by=people("tina"), at=late)

    def scan():
        return actions.scan_container(session, bag, code_of(vial), by=people("tina"), at=late)

    refused(session, ScanRefused, "was opened .* and could be used before .* Discard it", scan)

    waste(session, opened, reason="out of its time", by=people("tina"), at=late)
    assert scan().opened_container_id != opened.id
