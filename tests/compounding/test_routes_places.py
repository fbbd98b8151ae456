"""The hood is chosen in the browser, with the date that follows shown first."""

from datetime import timedelta

from pharmacy.compounding.models import Worksheet
from pharmacy.domain.statuses import RoomStatus
from pharmacy.facility.actions import move_room
from pharmacy.sample.facility import CLEANROOM_HOOD
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.bags import labelled_bags
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import IN_HOOD_1, checked_worksheet, hood_called

IN_HOOD_2 = {"hood": "2-1"}


def checked(session, people, **kwargs):
    worksheet = checked_worksheet(session, people, order_in_force(session, people), **kwargs)
    found = worksheet.id, f"/worksheets/{worksheet.id}"
    session.commit()
    return found


def test_what_follows_in_each_hood_is_shown_and_nothing_is_chosen(session, people, sign_in):
    doses = [START + timedelta(hours=20), START + timedelta(hours=30)]
    _, address = checked(session, people, doses=doses)

    page = sign_in("tina").get(f"{address}/start").text

    assert "Category 1 instead of 2." in page
    assert "Segregated area is a segregated compounding area: Category 1 at most." in page
    assert "Start before Tue 10 Nov 2026 09:00 EST" in page
    assert "Too early for 1 planned dose" in page and "bag 2 is planned for" in page
    assert "ISO 7, ante-room ISO 8" in page
    assert " checked>" not in page


def test_a_hood_has_to_be_chosen(database, session, people, sign_in):
    worksheet_id, address = checked(session, people)
    tina = sign_in("tina")

    for data, status, said in (
        ({}, 422, "Choose the hood."),
        ({"hood": "x-2"}, 400, "Choose one of the hoods on this page."),
        ({"hood": "1-9"}, 400, "Choose one of the hoods on this page."),
        ({"hood": "999-2"}, 404, "No hood is recorded"),
        ({"hood": "2-2"}, 409, "Look at the date again, then start."),
    ):
        answer = tina.post(f"{address}/start", data=data)
        assert (answer.status_code, said in answer.text) == (status, True), data
    with database.reading() as reading:
        assert reading.get(Worksheet, worksheet_id).started_at is None
    assert sign_in("nora").get(f"{address}/start").status_code == 403


def test_a_lower_category_stands_on_the_worksheet_and_at_release(session, people, sign_in):
    _, address = checked(session, people)

    assert sign_in("tina").post(f"{address}/start", data=IN_HOOD_2).status_code == 303

    for page in (sign_in("peter").get(address).text, sign_in("peter").get(f"{address}/release").text):
        assert "Lower category than the worksheet was checked with." in page
        assert "Hood 2" in page and "19.4\xa0°C" in page


def test_a_place_that_became_worse_meanwhile_is_said(session, people, sign_in):
    _, address = checked(session, people)
    move_room(session, hood_called(session, CLEANROOM_HOOD).room, RoomStatus.OUT_OF_CLASSIFICATION,
              reason="pressure lost", by=people("theo"), at=START)  # fmt: skip
    session.commit()

    answer = sign_in("tina").post(f"{address}/start", data=IN_HOOD_1)

    assert answer.status_code == 409
    assert "In Hood 1 Category 1 is made now, not Category 2 as you were shown." in answer.text


def test_the_page_costs_the_same_for_one_bag_and_for_many(database, session, people, sign_in):
    tina, costs = sign_in("tina"), []
    for bags in (1, 9):
        _, address = checked(session, people, bags=bags)
        tina.get(f"{address}/start")
        with counted_statements(database) as seen:
            assert tina.get(f"{address}/start").status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1]


def test_bags_made_in_a_hood_are_listed_by_day(session, people, sign_in):
    worksheet = labelled_bags(session, people, order_in_force(session, people))
    serial = worksheet.bags[0].serial
    session.commit()
    tina = sign_in("tina")

    assert serial in tina.get("/hoods/1/bags").text
    assert serial in tina.get("/hoods/1/bags?since=2026-11-09&until=2026-11-09").text
    assert serial not in tina.get("/hoods/1/bags?since=2026-11-10&until=2026-11-10").text
    assert serial not in tina.get("/hoods/2/bags").text
    for query, said in (
        ("since=2026-11-10&until=2026-11-09", "not before the first"),
        ("since=x&until=2026-11-09", "Enter a date that exists"),
        ("since=2026-11-09&until=9999-12-31", "before the year 9999"),
    ):
        answer = tina.get(f"/hoods/1/bags?{query}")
        assert (answer.status_code, said in answer.text) == (422, True), query
