"""Pages of the delivery room: the desk, the station, and a driver's phone that shows nothing clinical."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from pharmacy.accounts.queries import find_person
from pharmacy.audit.models import Refusal
from pharmacy.delivery.actions import open_batch
from pharmacy.delivery.models import DeliveryStop
from pharmacy.delivery.queries import list_batches
from pharmacy.domain.statuses import StopStatus
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.deliveries import DRAWN, opened_stop, planned_delivery, released_delivery, sent_stop
from tests.therapy.orders import main_patient, order_in_force
from tests.therapy.sheets import verified_sheet

# What a driver has no business to see: drug, dose, diagnosis, allergies, bags, prescriptions, doctors.
CLINICAL = ("magnesium", "sulfate", "chloride", "subcutaneous", "infus", "hypomagnesemia", "e83", "seizure")
CLINICAL += (
    " 2 g",
    " mg",
    "penicillin",
    "allerg",
    "nephridge",
    "rx ",
    "prescription",
    "b-0",
    "born",
    "p-1001",
)


def people_of(session):
    return lambda name: find_person(session, name)


@pytest.fixture
def released(database):
    """Give a released delivery with its verified sheet: the serials of its bags."""
    with database.transaction() as session:
        people = people_of(session)
        version = order_in_force(session, people)
        planned = released_delivery(session, people, version)
        verified_sheet(session, people, version, planned.worksheet)
        return [bag.serial for bag in planned.worksheet.bags]


def number_in(answer):
    return int(re.search(r"/(\d+)$", answer.headers["Location"])[1])


def test_from_the_desk_to_the_door(sign_in, released, database, clock):
    tina, theo, dan = sign_in("tina"), sign_in("theo"), sign_in("dan")
    with database.reading() as session:
        driver = find_person(session, "dan").id
    assert "No batch is open" in tina.get("/deliveries").text
    wrong = tina.post("/deliveries", data={"delivers_on": "2026-11-01", "driver": driver})
    assert wrong.status_code == 400 and "is past" in wrong.text
    made = tina.post("/deliveries", data={"delivers_on": "2026-11-10", "driver": driver})
    batch = number_in(made)
    page = tina.get(f"/deliveries/{batch}").text
    [delivery] = re.findall(r'<option value="(\d+)">Larkspur, Marigold, 2 bags', page)
    assert tina.post(f"/deliveries/{batch}/stops", data={"delivery": "999"}).status_code == 422
    assert tina.post(f"/deliveries/{batch}/stops", data={"delivery": delivery}).status_code == 303
    with database.reading() as session:
        stop = session.scalar(select(DeliveryStop.id))
    box = f"/deliveries/stops/{stop}"

    station = tina.get(f"{box}/pack")
    assert "0 of 2" in station.text and "data-scan" in station.text and "Larkspur, Marigold" in station.text
    stopped = tina.post(f"{box}/scan", data={"code": "B-000017"})
    assert stopped.status_code == 409 and "station-stop" in stopped.text and "mistyped" in stopped.text
    assert tina.post(f"{box}/scan", data={"code": ""}).status_code == 422
    for serial in released:
        assert tina.post(f"{box}/scan", data={"code": serial}).status_code == 303
    again = tina.post(f"{box}/scan", data={"code": released[0]})
    assert again.status_code == 409 and "is packed already for stop 1" in again.text
    with database.reading() as session:
        kinds = [one.kind for one in session.scalars(select(Refusal)) if "/scan" in one.tried]
        assert kinds == ["scan", "scan"]
    page = tina.get(f"{box}/pack").text
    assert "2 of 2" in page and "station-good" in page
    out = re.search(r"/bags/(\d+)/out", page)[1]
    assert tina.post(f"{box}/bags/{out}/out", data={"reason": "dropped"}).status_code == 303
    assert tina.post(f"{box}/scan", data={"code": released[0]}).status_code == 303
    typed = {"packages": "2", "cold_pack": "4 cold packs <big>", "temperature_monitor": "none"}
    early = tina.post(f"{box}/finish", data=typed)
    assert early.status_code == 409 and "of the sheet is not in the box" in early.text
    assert "4 cold packs &lt;big&gt;" in early.text
    assert tina.post(f"{box}/pump", data={"asset": "PUMP-0017"}).status_code == 409
    assert tina.post(f"{box}/pump", data={"asset": "PUMP-0042"}).status_code == 303
    assert tina.post(f"{box}/finish", data=typed | {"packages": "0"}).status_code == 422
    assert tina.post(f"{box}/finish", data=typed).status_code == 303
    assert tina.get(f"{box}/pack").status_code == 303

    ticks = {"bags_match": "y", "papers_match": "y", "cold": "y"}
    assert "You packed this box" in tina.get(box).text
    assert tina.post(f"{box}/check", data=ticks).status_code == 409
    assert theo.post(f"{box}/check", data={"cold": "y"}).status_code == 422
    assert dan.get(f"{box}").status_code == 403
    assert tina.post(f"/deliveries/{batch}/send-out").status_code == 409
    assert theo.post(f"{box}/check", data=ticks).status_code == 303
    assert theo.post(f"{box}/manifest").status_code == 303
    assert theo.post(f"{box}/manifest").status_code == 400
    assert theo.post(f"/deliveries/{batch}/package-list").status_code == 303
    assert dan.get(f"/my-stops/{stop}").status_code == 404
    assert theo.post(f"/deliveries/{batch}/send-out").status_code == 303

    assert "46 Sample Lane" in dan.get("/my-stops").text
    wrong = dan.post(f"/my-stops/{stop}/proof", data={"received_by": "Dan Dapplewood",
        "relationship": "other", "signature": DRAWN})  # fmt: skip
    assert wrong.status_code == 400 and "Staff never sign for a patient" in wrong.text
    assert DRAWN.replace('"', "&#34;") in wrong.text
    assert dan.post(f"/my-stops/{stop}/proof", data={}).status_code == 422
    proof = {"received_by": "Basil Larkspur", "relationship": "spouse or partner"}
    assert dan.post(f"/my-stops/{stop}/proof", data=proof).status_code == 400
    assert dan.post(f"/my-stops/{stop}/proof", data=proof | {"signature": DRAWN}).status_code == 303
    assert "You have no stop on the way" in dan.get("/my-stops").text
    page = tina.get(box).text
    assert "Basil Larkspur" in page and "<polyline" in page and "delivered" in page
    assert tina.post(f"{box}/manifest").status_code == 303
    serial = re.search(r"Batch (M-\w+)", tina.get(f"/deliveries/{batch}").text)[1]
    found = tina.post("/find", data={"for": serial.lower()})
    assert found.headers["Location"] == f"/deliveries/{batch}"


def test_the_driver_sees_doors_and_nothing_clinical(sign_in, database, clock):
    with database.transaction() as session:
        people = people_of(session)
        stop = sent_stop(session, people, released_delivery(session, people, order_in_force(session, people)))
        stop_id, paper = stop.id, stop.batch_id
        people("theo").role = people("dan").role
        assert main_patient(session).name == "Larkspur, Marigold"
    dan, other = sign_in("dan"), sign_in("theo")
    pages = ["/", "/my-stops", *(f"/my-stops/{stop_id}{one}" for one in ("", "/proof", "/not-delivered"))]
    for page in pages:
        answer = dan.get(page)
        text = re.sub(r"Home infusion pharmacy|Sample pharmacy, not for patient use", "", answer.text).lower()
        assert answer.status_code == 200, page
        assert [word for word in CLINICAL if word in text] == [], page
    page = dan.get(f"/my-stops/{stop_id}").text
    for said in (
        *("Larkspur, Marigold", "46 Sample Lane", 'href="tel:555-0146"', "Ring twice"),
        *("Package 1 of 2", "Pump case"),
    ):
        assert said in page, said
    assert 'data-field="signature"' in dan.get(f"/my-stops/{stop_id}/proof").text
    assert "no stop on the way" in other.get("/my-stops").text
    for page in pages[2:]:
        assert other.get(page).status_code == 404
    assert other.post(f"/my-stops/{stop_id}/proof", data={"received_by": "X", "relationship": "other",
        "signature": DRAWN}).status_code == 404  # fmt: skip
    for page in ("/deliveries", f"/deliveries/{paper}", f"/deliveries/stops/{stop_id}", "/pumps"):
        assert dan.get(page).status_code == 403

    assert dan.post(f"/my-stops/{stop_id}/not-delivered", data={"reason": ""}).status_code == 422
    assert dan.post(f"/my-stops/{stop_id}/not-delivered", data={"reason": "nobody home"}).status_code == 303
    with database.reading() as session:
        assert session.get_one(DeliveryStop, stop_id).status is StopStatus.NOT_DELIVERED
    assert "never go into stock" in sign_in("tina").get(f"/deliveries/stops/{stop_id}").text


def test_the_list_costs_the_same_on_one_batch_and_on_many(session, people, database):
    planned = planned_delivery(session, people, order_in_force(session, people))

    def show():
        session.expire_all()
        with counted_statements(database) as seen:
            for one in list_batches(session, site_id=1):
                assert one.driver.name and one.opened_by.name
                assert all(stop.name for stop in one.stops)
        return len(seen)

    opened_stop(session, people, planned)
    few = show()
    for _ in range(4):
        open_batch(session, delivers_on=START.date(), driver=people("dan"), by=people("tina"), at=START)

    assert show() == few
