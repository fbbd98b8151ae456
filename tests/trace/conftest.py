"""A lot that reached bags in every state."""

import pytest

from pharmacy.compounding.actions import cancel_worksheet, destroy_bag, quarantine_bag
from pharmacy.domain.statuses import BagStatus
from tests.therapy.bags import labelled_bags, released_bags
from tests.therapy.deliveries import delivered_stop, packed_stop, released_delivery
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import scan_all, started_worksheet
from tests.trace.recalling import vial_lot


@pytest.fixture
def version(session, people):
    """Give the main patient's order in force."""
    return order_in_force(session, people)


@pytest.fixture
def delivered(session, people, version):
    """Give a stop with two bags delivered to the main patient."""
    return delivered_stop(session, people, version)


@pytest.fixture
def home(session, people, version):
    """Give a worksheet whose two bags are at the main patient's home, without the way there."""
    worksheet = released_bags(session, people, version, bags=2)
    for bag in worksheet.bags:
        bag.status = BagStatus.DELIVERED
    return worksheet


@pytest.fixture
def everywhere(session, people, version, delivered):
    """Give the lot of bags used, delivered, released, held, destroyed, made, in work and cancelled."""
    delivered.planned_delivery.worksheet.bags[0].status = BagStatus.USED
    _, held, gone = released_bags(session, people, version, bags=3).bags
    quarantine_bag(session, held, reason="It was warm.", by=people("tina"), at=delivered.finished_at)
    destroy_bag(session, gone, reason="It fell.", by=people("paula"), at=delivered.finished_at)
    labelled_bags(session, people, version, bags=1)
    for cancelled in (False, True):
        worksheet = started_worksheet(session, people, version, bags=1)
        scan_all(session, people, worksheet.bags[0])
        if cancelled:
            cancel_worksheet(
                session, worksheet, reason="A mistake.", by=people("tina"), at=delivered.finished_at
            )
    session.commit()
    return vial_lot(delivered)


@pytest.fixture
def packed(session, people, version):
    """Give a stop whose box is packed and checked."""
    return packed_stop(session, people, released_delivery(session, people, version))
