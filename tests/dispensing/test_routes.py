"""The pages of the dispensing room: a count row by row, a plan to its signature and its worksheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from pharmacy.audit.models import ChartRead, Refusal
from pharmacy.dispensing.models import DispensePlan, HomeCount, PlannedDelivery
from pharmacy.domain.statuses import PlanStatus
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.at_home import bags_at_home
from tests.therapy.orders import order_in_force
from tests.therapy.plans import at_home, home_day, proposed_plan

CALL = {
    "told_by": "Marigold Larkspur",
    "told_by_relationship": "the patient",
    "counted_at": "2026-11-09T09:00",
    "missed_doses": "none",
    "consent": "yes",
    "note": "",
}


@pytest.fixture
def order_id(session, people):
    order_id = order_in_force(session, people).order_id
    session.commit()
    return order_id


def test_from_the_call_to_a_signed_plan_and_its_worksheet(database, order_id, sign_in):
    tina, paula = sign_in("tina"), sign_in("paula")
    assert "No plan yet" in tina.get(f"/orders/{order_id}/plans").text
    assert "Record a home count</a> first" in tina.get(f"/orders/{order_id}/plans/new").text
    assert "<strong>0 bags</strong> should be there" in tina.get(f"/orders/{order_id}/counts/new").text

    answer = tina.post(f"/orders/{order_id}/counts/new", data=CALL | {"no_bags": "y"})
    assert answer.status_code == 303
    page = tina.get(answer.headers["Location"]).text
    assert "No bag is at home" in page and "Plan deliveries" in page and "recorded" in page

    page = tina.get(f"/orders/{order_id}/plans/new").text
    assert 'name="starts"' in page and 'value="2026-11-09T09:00"' in page
    with database.reading() as session:
        count_id = session.scalar(select(HomeCount.id))
    dates = {
        "count_id": str(count_id),
        "starts": "2026-11-09T09:00",
        "ends": "2026-11-13T09:00",
        "arrivals-0": "2026-11-10T12:00",
    }
    more = tina.post(f"/orders/{order_id}/plans/new", data=dates | {"more": "1", "arrivals-2": ""})
    assert more.status_code == 200 and 'value="2026-11-10T12:00"' in more.text
    assert "Delivery 4 arrives" in more.text and "Nothing was saved" not in more.text
    answer = tina.post(f"/orders/{order_id}/plans/new", data=dates)
    assert answer.status_code == 303
    address = answer.headers["Location"]

    page = tina.get(address).text
    assert "No bag for the dose on Mon 9 Nov 2026 21:00 EST: no bag yet." in page
    assert "new bag of delivery 1" in page and "can be started" in page
    assert "A pharmacist reads this plan and signs it" in page and "Sign the plan" not in page
    assert tina.post(f"{address}/sign", data={"password": PASSWORD}).status_code == 403
    assert "Sign the plan" in paula.get(address).text
    answer = paula.post(f"{address}/sign", data={"password": "wrong"})
    assert answer.status_code == 403 and "nothing was signed" in answer.text
    assert paula.post(f"{address}/sign", data={}).status_code == 422
    assert paula.post(f"{address}/sign", data={"password": PASSWORD}).status_code == 303
    page = tina.get(address).text
    assert "Paula Penhallow" in page and "Open a worksheet for 3 bags" in page

    with database.reading() as session:
        delivery_id = session.scalar(select(PlannedDelivery.id))
        assert session.scalar(select(DispensePlan.status)) is PlanStatus.SIGNED
    opened = tina.post(f"/planned-deliveries/{delivery_id}/worksheet")
    assert opened.status_code == 303 and "/worksheets/" in opened.headers["Location"]
    again = tina.post(f"/planned-deliveries/{delivery_id}/worksheet")
    assert again.status_code == 409 and "This delivery has worksheet W-" in again.text
    assert "Open a worksheet" not in tina.get(address).text
    with database.reading() as session:
        refusals = session.scalars(select(Refusal.sentence)).all()
        assert any(one.startswith("This delivery has worksheet") for one in refusals)
        assert session.scalar(select(ChartRead.page).where(ChartRead.page == address))


def test_a_count_keeps_what_was_typed_and_says_what_is_wrong(database, session, people, sign_in):
    order = order_in_force(session, people).order
    bags = bags_at_home(session, people, order.versions[0], bags=2, made_at=START - timedelta(hours=2),
                     at=START - timedelta(hours=1))  # fmt: skip
    until = at_home(bags[0].beyond_use_at).strftime("%Y-%m-%dT%H:%M")
    serials = [bag.serial for bag in bags]
    address = f"/orders/{order.id}/counts/new"
    session.commit()
    nora = sign_in("nora")

    typed = CALL | {"rows-0-serial": serials[0], "rows-1-bags": "x", "rows-2-bags": "1", "told_by": ""}
    answer = nora.post(address, data=typed)
    assert answer.status_code == 422 and f'value="{serials[0]}"' in answer.text
    for sentence in (
        "Row 2: Enter a whole number from 1 to 250.",
        "Row 3: Give both the number of bags and the date and time on their labels.",
        "Enter who told you what is at home.",
    ):
        assert sentence in answer.text
    for wrong, sentence in (
        ({}, "Enter the bags that are at home, or tick that there is none."),
        ({"no_bags": "y", "rows-0-serial": serials[0]}, "Either there is no bag at home"),
        ({"rows-0-serial": serials[0], "rows-0-bags": "1"}, "Give either the serial or a number"),
    ):
        answer = nora.post(address, data=CALL | wrong)
        assert answer.status_code == 422 and sentence in answer.text

    more = nora.post(address, data=CALL | {"rows-3-serial": serials[0].lower(), "more": "1"})
    assert more.status_code == 200 and "Row 5" in more.text and serials[0].lower() in more.text
    assert more.text.count("autofocus") == 1
    refused = nora.post(address, data=CALL | {"rows-0-serial": serials[0], "rows-1-serial": serials[0]})
    assert refused.status_code == 409 and "is counted twice" in refused.text
    with database.reading() as reading:
        assert reading.scalar(select(HomeCount.id)) is None

    good = CALL | {
        "rows-0-serial": serials[0],
        "rows-1-bags": "1",
        "rows-1-beyond_use": until,
        "consent": "no",
    }
    answer = nora.post(address, data=good)
    assert answer.status_code == 303
    page = nora.get(answer.headers["Location"]).text
    assert serials[0] in page and "by number" in page and "Consent to ship is not recorded" in page
    assert "Plan deliveries" not in page


def test_another_quantity_is_read_before_it_is_signed(session, people, sign_in):
    version = order_in_force(session, people)
    plan = proposed_plan(session, people, version, days=8, arrivals=[home_day(2, 12)])
    address, delivery_id = f"/plans/{plan.id}", plan.deliveries[0].id
    session.commit()
    tina = sign_in("tina")
    quantity = f"/planned-deliveries/{delivery_id}/quantity"
    assert "the plan proposes <strong>7 bags</strong>" in tina.get(quantity).text

    for data, status, sentence in (
        ({"bags": ""}, 422, "Enter the number of bags."),
        ({"bags": "-1"}, 422, "Enter a whole number from 0 to 250."),
        ({"bags": "5"}, 400, "Give the reason for another number."),
        ({"bags": "91", "reason": "more"}, 409, "still authorises 90 bags"),
    ):
        answer = tina.post(quantity, data=data)
        assert answer.status_code == status and sentence in answer.text
        assert f'value="{data["bags"]}"' in answer.text
    assert tina.post(quantity, data={"bags": "5", "reason": "short of <vials>"}).status_code == 303

    page = sign_in("paula").get(address).text
    assert "the plan proposes 7, chosen because: short of &lt;vials&gt;" in page
    assert page.count("the quantity chosen") == 4  # two doses, each as a finding and in the table
    assert sign_in("arlo").get(address).status_code == 200


def test_a_plan_that_no_longer_stands_says_so(session, people, sign_in, clock):
    plan = proposed_plan(session, people, order_in_force(session, people))
    plan_id = plan.id
    session.commit()
    clock.advance(days=1, hours=3)

    page = sign_in("paula").get(f"/plans/{plan_id}").text

    assert "This plan can no longer be signed. The delivery on Tue 10 Nov 2026 12:00 EST is past" in page
    assert "Sign the plan" not in page
