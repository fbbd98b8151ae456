"""What tests of stock share: receiving with few words, opening, and the sums that must agree."""

from sqlalchemy import select

from pharmacy.inventory import actions, queries
from pharmacy.inventory.models import OpenedContainer
from tests.conftest import START
from tests.therapy.stock import receive_lot

# These numbers stand for a worksheet and a bag; stock does not ask what they are.
WORKSHEET, BAG = 7001, 8001


def balance_of(session, lot):
    return queries.get_balances(session, [lot.id])[lot.id]


def receive(session, people, product, *, by="tina", at=START, **changes):
    values = {"number": "NEW1", "expiry": "2027-03"} | changes
    return receive_lot(session, product, **values, by=people(by), at=at)


def open_one(session, people, lot, *, at=START):
    return actions.open_container(session, lot, worksheet_id=WORKSHEET, bag_id=BAG, by=people("tina"), at=at)


def is_consistent(session, lot):
    """Tell whether movements and open containers say the same: nothing appears and nothing is lost."""
    opened = session.scalars(
        select(OpenedContainer).where(
            OpenedContainer.lot_id == lot.id, OpenedContainer.discarded_at.is_(None)
        )
    ).all()
    now = balance_of(session, lot)
    return now.volume_ml == now.containers * lot.product.volume_ml + sum(one.left_ml for one in opened)
