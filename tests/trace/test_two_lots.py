"""One bag of two lots of the same vial: an amount of each, the earlier expiry, and both found again."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select

from pharmacy.compounding.models import Bag
from pharmacy.domain.expiry import parse_expiry
from pharmacy.inventory.actions import open_container, waste
from pharmacy.inventory.models import Lot
from pharmacy.inventory.queries import get_balances
from pharmacy.trace import queries
from tests.conftest import START
from tests.therapy.formulas import approved_formula
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import made_bags


def traced_serials(session, number):
    session.flush()
    [found] = queries.trace_lots(session, queries.find_lots(session, number, site_id=1))
    return {one.serial: one.volume_ml for one in found.bags}


def lot_called(session, number):
    return session.scalars(select(Lot).where(Lot.number == number)).one()


def test_a_bag_of_two_lots(session, people):
    approved_formula(session, people, pool_vials=True)
    first, second = lot_called(session, "SMG4417"), lot_called(session, "SMG5102")
    first.expiry = (START + timedelta(days=5)).date().isoformat()
    first.expires_at = parse_expiry(first.expiry, ZoneInfo("America/New_York"))
    for _ in range(get_balances(session, [first.id])[first.id].containers - 1):
        spoilt = open_container(session, first, worksheet_id=0, bag_id=0, by=people("tina"), at=START)
        waste(session, spoilt, reason="broken", by=people("tina"), at=START)

    # 4 mL for each bag: the one vial of 10 mL that is left of the first lot does not fill the third.
    bags = made_bags(session, people, order_in_force(session, people), bags=3)

    vials = [
        {one.lot.number: one.volume_ml for one in bag.components if one.lot.product is first.product}
        for bag in bags
    ]
    assert vials == [{"SMG4417": 4}, {"SMG4417": 4}, {"SMG4417": Decimal(2), "SMG5102": Decimal(2)}]
    # The earlier expiry of the two caps the date.
    assert bags[2].beyond_use_at <= first.expires_at < second.expires_at
    serials = [bag.serial for bag in bags]
    assert traced_serials(session, "SMG4417") == dict(zip(serials, (4, 4, 2), strict=True))
    assert traced_serials(session, "SMG5102") == {serials[2]: 2}
    trace = queries.trace_bag(session, serials[2], site_id=1)
    assert {"SMG4417", "SMG5102"} <= {one.lot.number for one in trace.bag.components}
    assert session.scalars(select(Bag).where(Bag.serial == serials[2])).one() is bags[2]
