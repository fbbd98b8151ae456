"""Pages of worksheets: the list, the record, the check, and what they refuse."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pharmacy.audit.actions import move
from pharmacy.compounding import actions, queries
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import BAG_MOVES, BagStatus, WorksheetStatus
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import (
    IN_HOOD_1,
    checked_worksheet,
    made_bags,
    open_worksheet,
    started_worksheet,
)

DAY = timedelta(days=1)


def kept(session, worksheet):
    """Commit what was arranged, and return the worksheet's number and its first bag's."""
    found = worksheet.id, worksheet.bags[0].id
    session.commit()
    return found


def test_the_list_shows_late_in_words_and_filters(session, people, sign_in, clock):
    version = order_in_force(session, people)
    open_worksheet(session, people, version, bags=3)
    started_worksheet(session, people, version, at=START + timedelta(hours=1))
    session.commit()
    tina = sign_in("tina")

    page = tina.get("/worksheets").text
    assert page.index("W-000014") < page.index("W-000022")
    assert "(in 1 day)" in page and "late," not in page and "0 of 2 made" in page
    assert "W-000022" not in tina.get("/worksheets?status=proposed").text
    assert "W-000014" in tina.get("/worksheets?search=larks").text
    assert "W-000014" in tina.get("/worksheets?search=w-000014").text
    assert "No worksheet is like that" in tina.get("/worksheets?search=%25").text
    assert "No worksheet is like that" in tina.get("/worksheets?status=closed").text
    clock.advance(days=1, hours=3)
    assert "late, 3 hours ago" in sign_in("tina").get("/worksheets").text


def test_the_list_and_the_record_cost_the_same_on_one_and_on_many(database, session, people):
    version = order_in_force(session, people)
    small = open_worksheet(session, people, version, bags=1)
    large = open_worksheet(session, people, version, bags=12)
    session.commit()

    def cost(read):
        with database.reading() as reading, counted_statements(database) as seen:
            read(reading)
        return len(seen)

    def record(worksheet):
        def read(reading):
            found = queries.get_worksheet(reading, worksheet.id, site_id=1)
            assert len([bag.checks for bag in found.bags]) == found.bag_count
            assert [lot.lot.product.name for lot in found.proposed_lots]
            assert found.patient.allergies is not None and found.formula.steps

        return read

    def listed(reading):
        for line in queries.list_queue(reading, site_id=1, at=START):
            one = line.worksheet
            assert one.patient.name and one.formula.additive.drug and line.holder.name and not line.short

    assert cost(record(small)) == cost(record(large)) <= 34
    few = cost(listed)
    for _ in range(4):
        open_worksheet(session, people, version)
    session.commit()
    assert cost(listed) == few <= 6


def test_pages_of_worksheets(session, people):
    version = order_in_force(session, people)
    made = [open_worksheet(session, people, version, bags=1) for _ in range(queries.PAGE + 2)]
    site_id = made[0].site_id

    first = queries.list_queue(session, site_id=site_id, at=START)
    second = [one.worksheet.id for one in queries.list_queue(session, site_id=site_id, page=2, at=START)]
    assert (len(first), second) == (queries.PAGE + 1, [made[-2].id, made[-1].id])
    with pytest.raises(NotFound, match="No worksheet is recorded"):
        queries.get_worksheet(session, made[0].id, site_id=site_id + 1)
    with pytest.raises(NotFound, match="No bag is recorded"):
        queries.get_bag(session, made[0].bags[0].id, site_id=site_id + 1)


def test_bags_of_an_order_and_what_counts_as_dispensed(session, people):
    version = order_in_force(session, people)
    bags = made_bags(session, people, version, bags=6)
    order_id, site_id = version.order_id, bags[0].site_id

    assert queries.list_bags_of_order(session, order_id, [BagStatus.MADE]) == bags
    assert queries.list_bags_of_order(session, order_id, [BagStatus.PLANNED]) == []
    assert queries.find_bag(session, bags[0].serial, site_id=site_id) is bags[0]
    assert queries.find_bag(session, bags[0].serial, site_id=site_id + 1) is None
    assert [one.id for one in queries.list_open_worksheets(session, order_id)] == [bags[0].worksheet_id]
    assert queries.count_bags_dispensed(session, order_id) == 0

    def go(bag, *statuses):
        for status in statuses:
            move(session, bag, BAG_MOVES, status, what="a bag", by=people("petra"), at=START)

    go(bags[0], BagStatus.RELEASED, BagStatus.PACKED)
    go(bags[1], BagStatus.RELEASED, BagStatus.PACKED, BagStatus.DELIVERED, BagStatus.USED)
    go(bags[2], BagStatus.RELEASED, BagStatus.PACKED, BagStatus.RETURNED, BagStatus.DESTROYED)
    # Destroyed in the pharmacy: packed and taken out again, it never left.
    go(bags[3], BagStatus.RELEASED, BagStatus.PACKED, BagStatus.RELEASED, BagStatus.DESTROYED)
    go(bags[4], BagStatus.RELEASED)
    session.flush()
    assert queries.count_bags_dispensed(session, order_id) == 3


def test_the_record_shows_all_and_one_next_step(session, people, sign_in):
    version = order_in_force(session, people)
    worksheet = started_worksheet(session, people, version, bags=2, doses=[START + DAY, START + 6 * DAY])
    worksheet_id, bag_id = kept(session, worksheet)
    tina = sign_in("tina")

    page = tina.get(f"/worksheets/{worksheet_id}").text
    for part in (
        "Larkspur, Marigold", "penicillin", "High-alert", "Go to the station", "107\xa0mL", "443.2\xa0mOsm/L",
        "SMG4417", "Start before Sun 15 Nov 2026 23:59 EST", "the soonest limit is the component",
        "not checked by a pharmacist", "Paula Penhallow", "Digest", "Cancel this worksheet",
    ):  # fmt: skip
        assert part in page, part
    assert page.count("cannot be started then: its beyond-use date is before") == 0
    assert page.count('class="btn btn-primary"') == 1
    assert "Cancel this worksheet" not in sign_in("arlo").get(f"/worksheets/{worksheet_id}").text
    assert tina.get("/worksheets/999").status_code == 404

    answer = tina.post(f"/bags/{bag_id}/beyond-use", data={"became": "2026-11-16T10:00", "reason": "x"})
    assert answer.status_code == 409 and "only made earlier" in answer.text and 'value="x"' in answer.text
    typed = {"became": "2026-11-10T09:00", "reason": "left out"}
    assert tina.post(f"/bags/{bag_id}/beyond-use", data=typed | {"became": "soon"}).status_code == 422
    assert tina.post(f"/bags/{bag_id}/beyond-use", data=typed).status_code == 303
    page = tina.get(f"/worksheets/{worksheet_id}").text
    # 9:00 at the pharmacy is the very instant of the planned dose: too late by the rule.
    assert "cannot be started then: its beyond-use date is before" in page
    assert "Shortened from Sun 15 Nov 2026 23:59 EST by Tina Tallgrass: left out" in page


def test_who_checks_what_they_did_not_open(session, people, sign_in):
    version = order_in_force(session, people)
    worksheet = actions.open_worksheet(
        session, version, bag_count=2, doses=[None] * 2, needed_at=START + DAY, by=people("peter"), at=START
    )
    worksheet_id, _ = kept(session, worksheet)
    address = f"/worksheets/{worksheet_id}"
    peter, paula = sign_in("peter"), sign_in("paula")

    assert "A pharmacist other than Peter Pomfret checks" in peter.get(address).text
    refused = peter.post(f"{address}/check", data={"password": PASSWORD})
    assert refused.status_code == 409 and "You opened this worksheet" in refused.text
    assert sign_in("tina").get(f"{address}/check").status_code == 403
    assert "Check the worksheet" in paula.get(address).text
    assert paula.post(f"{address}/check", data={"password": ""}).status_code == 422
    assert paula.post(f"{address}/check", data={"password": PASSWORD}).status_code == 303
    assert "Choose the hood and start" in paula.get(address).text


def test_cancelling_and_adding_a_lot_in_the_browser(database, session, people, sign_in):
    worksheet_id, _ = kept(session, checked_worksheet(session, people, order_in_force(session, people)))
    address = f"/worksheets/{worksheet_id}"
    tina, paula = sign_in("tina"), sign_in("paula")

    page = paula.get(f"{address}/lots").text
    assert "SMG5102" in page and "SMH2090" not in page
    assert tina.get(f"{address}/lots").status_code == 403
    with database.reading() as reading:
        lot_id = next(one.id for one in queries.list_other_lots(
            reading, reading.get(Worksheet, worksheet_id), at=START) if one.number == "SMG5102")  # fmt: skip
    assert paula.post(f"{address}/lots", data={"lot": "999", "reason": "x"}).status_code == 422
    assert paula.post(f"{address}/lots", data={"lot": str(lot_id), "reason": "broke"}).status_code == 303
    assert "added later" in tina.get(address).text

    assert "bags that are made are rejected" in tina.get(f"{address}/cancel").text
    assert tina.post(f"{address}/cancel", data={"reason": ""}).status_code == 422
    assert tina.post(f"{address}/cancel", data={"reason": "twice"}).status_code == 303
    assert "It was cancelled: twice" in tina.get(address).text
    assert tina.post(f"{address}/cancel", data={"reason": "again"}).status_code == 409
    assert tina.post(f"{address}/start", data=IN_HOOD_1).status_code == 409
    with database.reading() as reading:
        assert reading.scalar(select(Worksheet)).status is WorksheetStatus.CANCELLED
        assert {bag.status for bag in reading.scalars(select(Bag))} == {BagStatus.CANCELLED}
    assert "nothing is made by it now" in tina.get(f"{address}/station").text
