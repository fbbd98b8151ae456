"""Reads of stock: what is on hand, in which order, for which site, and at what cost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.accounts.models import Site
from pharmacy.domain.errors import NotFound, ScanRefused
from pharmacy.domain.statuses import LotStatus
from pharmacy.inventory import queries
from pharmacy.inventory.actions import quarantine_lot
from pharmacy.inventory.models import Lot
from pharmacy.scanning import read_scan
from tests.conftest import START
from tests.inventory.shelf import receive
from tests.statements import counted_statements
from tests.therapy.worksheets import GS, code_of, gtin_of


@pytest.fixture
def site_id(people):
    return people("tina").site_id


def find(session, number):
    return session.scalar(select(Lot).where(Lot.number == number))


def test_lots_are_listed_by_expiry_with_filters(session, people, site_id):
    quarantine_lot(session, find(session, "SMH2090"), reason="x", by=people("tina"), at=START)

    def numbers(**filters):
        return [line.lot.number for line in queries.list_lots(session, site_id=site_id, **filters)]

    assert numbers() == ["SNC0821", "SMG4417", "SMP3301", "SMH2090", "SNC0934", "SNC0977", "SMG5102"]
    assert numbers(search="sodium") == ["SNC0821", "SNC0934", "SNC0977"]
    assert numbers(search="smg") == ["SMG4417", "SMG5102"]
    assert numbers(search="%") == [] and numbers(search="SMG_417") == []
    assert numbers(status=LotStatus.QUARANTINED) == ["SMH2090", "SNC0977"]
    assert numbers(search="smg", status=LotStatus.RECALLED) == []
    assert numbers(page=2) == []
    assert queries.list_lots(session, site_id=site_id + 1) == []


def test_lists_cost_the_same_on_few_and_many_lots(database, session, people, site_id):
    product = find(session, "SMG4417").product

    def count():
        session.expire_all()
        with counted_statements(database) as seen:
            lines = queries.list_lots(session, site_id=site_id)
            assert all(line.lot.product.name and line.balance for line in lines)
        return len(seen), len(lines)

    before = count()
    for number in range(60):
        receive(session, people, product, number=f"MANY{number}", expiry="2028-06", containers=1)
    after = count()

    assert before[0] == after[0] <= 3
    assert (before[1], after[1]) == (7, queries.PAGE + 1)
    assert len(queries.list_lots(session, site_id=site_id, page=2)) == 17


def test_balances_are_the_sums_and_nothing_else(session):
    lot = find(session, "SMG4417")

    assert queries.get_balances(session, [lot.id, 999]) == {
        lot.id: queries.Balance(15, Decimal(150)),
        999: queries.Balance(0, Decimal(0)),
    }
    assert queries.get_balances(session, []) == {}


def test_a_lot_is_found_at_its_own_site_only(session, site_id):
    lot = find(session, "SMG4417")

    assert queries.find_lot(session, lot.product_id, "SMG4417", site_id=site_id) is lot
    assert queries.find_lot(session, lot.product_id, "smg4417", site_id=site_id) is None
    assert queries.find_lot(session, lot.product_id, "SMG4417", site_id=site_id + 1) is None
    assert queries.get_lot(session, lot.id, site_id=site_id) is lot
    with pytest.raises(NotFound, match="No lot is recorded"):
        queries.get_lot(session, lot.id, site_id=site_id + 1)
    with pytest.raises(NotFound, match="No lot is recorded"):
        queries.get_lot(session, 999, site_id=site_id)


def test_usable_lots_leave_out_the_empty_the_held_and_the_expired(session, people, site_id):
    first, second = find(session, "SMG4417"), find(session, "SMG5102")

    def numbers(at=START):
        found = queries.list_usable_lots(session, [first.product_id], site_id=site_id, at=at)
        return [lot.number for lot in found]

    assert numbers() == ["SMG4417", "SMG5102"]
    assert numbers(first.expires_at - timedelta(seconds=1)) == ["SMG4417", "SMG5102"]
    assert numbers(first.expires_at) == ["SMG5102"]
    quarantine_lot(session, second, reason="x", by=people("tina"), at=START)
    assert numbers() == ["SMG4417"]


def test_a_code_is_looked_up_by_gtin_then_by_each_ndc(session, site_id):
    vial = find(session, "SMG4417").product

    def names(raw):
        return [one.id for one in queries.find_scanned_products(session, read_scan(raw), site_id=site_id)]

    gtin = gtin_of(vial)
    for raw in (gtin, f"01{gtin}10SMG4417", "31722-394-10", "3172239410", "31722039410", "NDC 31722-394-10"):
        assert names(raw) == [vial.id], raw
    # The carton has another GTIN with the same NDC inside.
    assert names("20331722394103") == [vial.id]
    assert names("63323-064-99") == []


def test_what_a_package_says_at_receiving(session, site_id):
    lot = find(session, "SMG4417")

    full = queries.read_received(session, code_of(lot) + GS + "21SERIAL1", site_id=site_id)
    assert (full.product.id, full.number, full.expiry) == (lot.product_id, "SMG4417", lot.expiry)
    short = queries.read_received(session, "31722-394-10", site_id=site_id)
    assert (short.product.id, short.number, short.expiry) == (lot.product_id, "", "")
    for raw, sentence in (
        ("63323-064-99", "is of no product of this pharmacy"),
        ("W-000014", "one of our own serials"),
        ("hello", "not a product code"),
    ):
        with pytest.raises(ScanRefused, match=sentence):
            queries.read_received(session, raw, site_id=site_id)


def test_another_site_sees_nothing(session, people, site_id):
    other = Site(
        **{column.name: getattr(people("tina").site, column.name) for column in Site.__table__.columns}
        | {"id": None, "name": "Another Sample Pharmacy"}
    )
    session.add(other)
    session.flush()

    assert queries.list_lots(session, site_id=other.id) == []
    product_id = find(session, "SMG4417").product_id
    assert queries.list_lots_of_product(session, product_id, site_id=other.id) == []
