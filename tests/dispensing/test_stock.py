"""Bags of stock for a planned delivery: as many as fit, one by its scan, and the worksheet for the rest."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from pharmacy.compounding.actions import undo_allocation
from pharmacy.compounding.models import BagAllocation
from pharmacy.compounding.queries import find_bag
from pharmacy.delivery.queries import find_bag_objection
from pharmacy.dispensing import actions, queries
from pharmacy.domain.barcodes import make_serial
from pharmacy.domain.errors import InvalidInput, Refusal, ScanRefused
from pharmacy.sample.people import PASSWORD
from tests.compounding.fingerprint import refused
from tests.conftest import START
from tests.therapy.deliveries import planned_delivery
from tests.therapy.orders import order_in_force
from tests.therapy.stock_bags import compared, delivery_with_stock, relabelled, stock


def take(session, people, delivery, bags):
    return actions.allocate_stock(session, delivery, bags=bags, by=people("tina"), at=START)


def test_stock_serves_the_first_doses_and_a_worksheet_makes_the_rest(session, people):
    version = order_in_force(session, people)
    delivery = delivery_with_stock(session, people, version, bags=1)
    covers = queries.list_covers(delivery)
    chosen = delivery.bags_chosen

    (bag,) = take(session, people, delivery, 1)
    worksheet = actions.open_worksheet_for(session, delivery, by=people("tina"), at=START)

    assert bag.planned_dose_at == covers[0]
    assert worksheet.bag_count == chosen - 1 == delivery.bags_to_make
    assert covers[0] not in {one.planned_dose_at for one in worksheet.bags}
    ready = queries.read_supply(session, version, at=START).ready
    assert {one.serial for one in ready} == {bag.serial, *(one.serial for one in worksheet.bags)}


def test_a_delivery_that_stock_covers_needs_no_worksheet(session, people):
    version = order_in_force(session, people)
    delivery = delivery_with_stock(session, people, version, bags=3)
    site_id = people("tina").site_id
    assert delivery in queries.list_deliveries_to_prepare(session, site_id=site_id, at=START)

    take(session, people, delivery, delivery.bags_chosen)

    assert delivery not in queries.list_deliveries_to_prepare(session, site_id=site_id, at=START)
    refused(
        session,
        Refusal,
        "comes from stock",
        lambda: actions.open_worksheet_for(session, delivery, by=people("tina"), at=START),
    )


def test_no_more_than_fits_or_is_needed_is_taken(session, people):
    version = order_in_force(session, people)
    delivery = delivery_with_stock(session, people, version, bags=1)

    refused(session, Refusal, "1 bag of stock fit now", lambda: take(session, people, delivery, 2))
    refused(session, InvalidInput, "still needs", lambda: take(session, people, delivery, 200))
    actions.open_worksheet_for(session, delivery, by=people("tina"), at=START)
    refused(session, Refusal, "makes the bags of this delivery", lambda: take(session, people, delivery, 1))


def test_a_scanned_bag_is_allocated_and_one_that_does_not_fit_is_stopped(session, people):
    version = order_in_force(session, people)
    first, second = stock(session, people, bags=2)
    delivery = planned_delivery(session, people, version)

    def scan(raw):
        return actions.allocate_scanned(session, delivery, raw, by=people("tina"), at=START)

    assert scan(first.serial).planned_dose_at == queries.list_covers(delivery)[0]
    refused(session, ScanRefused, "is allocated to .* already", lambda: scan(first.serial))
    refused(session, ScanRefused, "is not a bag of stock", lambda: scan(make_serial("B", 999)))
    assert scan(second.serial).planned_dose_at == queries.list_covers(delivery)[1]


def test_a_bag_from_stock_is_packed_only_after_the_comparison(session, people):
    version = order_in_force(session, people)
    delivery = delivery_with_stock(session, people, version, bags=1)
    (bag,) = take(session, people, delivery, 1)

    class Stop:
        planned_delivery, patient = delivery, version.order.patient

    assert "still carries its stock label" in find_bag_objection(session, Stop, bag, at=START)
    relabelled(session, people, [bag])
    assert "no pharmacist has compared" in find_bag_objection(session, Stop, bag, at=START)
    compared(session, people, [bag])
    assert find_bag_objection(session, Stop, bag, at=START) is None


def test_the_demand_of_signed_plans_is_what_neither_stock_nor_a_worksheet_covers(session, people):
    version = order_in_force(session, people)
    delivery = delivery_with_stock(session, people, version, bags=2)

    def asked():
        return [one.bags for one in queries.list_demand(session, version.formula, at=START)]

    chosen = delivery.bags_chosen
    assert asked() == [chosen]
    (bag,) = take(session, people, delivery, 1)
    assert asked() == [chosen - 1]
    undo_allocation(session, bag, reason="not needed", by=people("tina"), at=START)
    assert asked() == [chosen]


def test_the_last_bag_of_stock_goes_to_one_of_two_people(database, session, people, sign_in):
    version = order_in_force(session, people)
    delivery = delivery_with_stock(session, people, version, bags=1)
    post = f"/planned-deliveries/{delivery.id}/stock"
    session.commit()
    clients, start = [sign_in("tina"), sign_in("theo")], Barrier(2)

    def ask(number):
        start.wait(timeout=30)
        return clients[number].post(post, data={"bags": "1"})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(ask, range(2)))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (lost,) = [answer for answer in answers if answer.status_code == 409]
    assert "0 bags of stock fit now, and 1 were asked for." in lost.text
    with database.reading() as reading:
        assert len(reading.scalars(select(BagAllocation)).all()) == 1


@pytest.fixture
def pages(session, people, sign_in):
    """Return the delivery's address, and the people who work on it, each signed in."""
    version = order_in_force(session, people)
    delivery = delivery_with_stock(session, people, version, bags=2)
    address, plan_id = f"/planned-deliveries/{delivery.id}/stock", delivery.plan_id
    session.commit()
    return address, plan_id, {name: sign_in(name) for name in ("tina", "peter")}


def test_the_pages_from_stock_to_the_signed_comparison(database, session, pages, people):
    address, plan_id, clients = pages
    tina, peter = clients["tina"], clients["peter"]
    assert "2 of stock fit" in tina.get(f"/plans/{plan_id}").text
    assert "2 of stock fit" in tina.get(address).text

    assert tina.post(address, data={"bags": "x"}).status_code == 422
    assert tina.post(address, data={"bags": "2"}).status_code == 303
    assert tina.post(f"{address}/labels").status_code == 303
    assert tina.post(f"{address}/labels").status_code == 409
    with database.reading() as reading:
        bags = [one.bag for one in reading.scalars(select(BagAllocation))]
        serials, ids = [bag.serial for bag in bags], [bag.id for bag in bags]
    assert tina.post(f"{address}/applied", data={"label-code": make_serial("B", 999)}).status_code == 409
    for serial in serials:
        assert tina.post(f"{address}/applied", data={"label-code": serial}).status_code == 303
    assert tina.get(f"{address}/compare").status_code == 403
    page = peter.get(f"{address}/compare").text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    stale = peter.post(f"{address}/compare", data={"password": PASSWORD, "seen": "0"})
    assert "Something was recorded on these bags" in stale.text
    signed = peter.post(f"{address}/compare", data={"password": PASSWORD, "seen": seen})
    assert signed.status_code == 303
    assert tina.get(f"{address}/{ids[0]}/undo").status_code == 200
    assert tina.post(f"{address}/{ids[0]}/undo", data={"reason": ""}).status_code == 422
    assert tina.post(f"{address}/{ids[0]}/undo", data={"reason": "not needed"}).status_code == 303
    session.rollback()
    assert find_bag(session, serials[0], site_id=people("tina").site_id).patient_id is None
    assert serials[0] in tina.get("/stock-bags").text


def test_a_worksheet_for_stock_is_opened_from_the_formula(session, people, sign_in):
    version = order_in_force(session, people)
    planned_delivery(session, people, version)
    formula_id, patient = version.formula_id, version.order.patient.name
    session.commit()
    tina, dan = sign_in("tina"), sign_in("dan")
    address = f"/formulas/{formula_id}/stock"

    page = tina.get(address)
    assert "Signed plans ask for" in page.text and patient in page.text
    assert dan.get(address).status_code == 403
    empty = tina.post(address, data={})
    assert empty.status_code == 422 and "Enter the number of bags." in empty.text
    good = {"bags": "3", "needed_at": "2026-11-09T18:00", "reason": "three patients are due"}
    assert tina.post(address, data=good | {"needed_at": "2026-11-08T18:00"}).status_code == 400
    answer = tina.post(address, data=good)
    assert answer.status_code == 303
    shown = tina.get(answer.location).text
    assert "Not for a patient yet" in shown and "three patients are due" in shown
    assert "three patients are due" in tina.get(address).text
