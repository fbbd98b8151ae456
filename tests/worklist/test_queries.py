"""What waits for whom, at each step of the therapy."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from pharmacy.compounding.models import Worksheet
from pharmacy.worklist.queries import list_waiting
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.bags import labelled_bags
from tests.therapy.deliveries import packed_stop, released_delivery, sent_stop
from tests.therapy.orders import entered_order, main_patient, order_in_force, verified
from tests.therapy.plans import proposed_plan, signed_plan
from tests.therapy.worksheets import checked_worksheet, open_worksheet


def waits(session, people, username):
    """List what waits for somebody about the main patient."""
    session.flush()
    patient = main_patient(session)
    return [
        one
        for one in list_waiting(session, person=people(username), at=START)
        if one.patient in {patient.name, f"{patient.given_name} {patient.family_name}"}
    ]


def whats(session, people, username):
    return [one.what for one in waits(session, people, username)]


def test_an_order_waits_for_a_pharmacist_who_did_not_enter_it(session, people):
    version = entered_order(session, people)
    rx = version.order.rx_number

    assert whats(session, people, "paula") == [f"Verify prescription {rx}"]
    assert whats(session, people, "tina") == []
    verified(session, people, version)
    assert whats(session, people, "paula") == [f"Count at home and plan prescription {rx}"]
    assert whats(session, people, "nora") == [f"Count at home and plan prescription {rx}"]


def test_a_plan_waits_for_its_signature_and_then_its_worksheets(session, people):
    version = order_in_force(session, people)
    proposed_plan(session, people, version)
    assert whats(session, people, "paula") == ["Sign the dispense plan"]
    assert whats(session, people, "tina") == []

    signed_plan(session, people, version)

    assert "Open the worksheet" in whats(session, people, "tina")[0]


def test_a_worksheet_waits_for_check_preparation_and_release(session, people):
    version = order_in_force(session, people)
    open_worksheet(session, people, version)
    checked_worksheet(session, people, version)
    labelled_bags(session, people, version)
    first, second, third = session.scalars(select(Worksheet.serial).order_by(Worksheet.id))

    assert whats(session, people, "peter")[1:] == [
        f"Check worksheet {first}, 2 bags",
        f"Inspect and release worksheet {third}, 2 bags",
        f"Prepare worksheet {second}, 2 bags",
    ]
    assert f"Prepare worksheet {second}, 2 bags" in whats(session, people, "tina")
    assert not any("release" in what for what in whats(session, people, "tina"))


def test_a_box_waits_to_be_packed_and_then_driven(session, people):
    planned = released_delivery(session, people, order_in_force(session, people))
    packed_stop(session, people, planned)
    assert whats(session, people, "tina")[-1] == "Check and send out the box"
    assert whats(session, people, "dan") == []


def test_a_driver_sees_the_stop_and_nothing_clinical(session, people):
    stop = sent_stop(session, people, released_delivery(session, people, order_in_force(session, people)))

    [one] = waits(session, people, "dan")

    assert one.what == f"Deliver to {stop.address}"
    assert "magnesium" not in f"{one}"


def test_the_list_costs_the_same_for_one_order_and_for_many(session, people, database):
    costs = []
    for more in (1, 5):
        for _ in range(more):
            entered_order(session, people)
            open_worksheet(session, people, order_in_force(session, people))
        session.flush()
        with counted_statements(database) as seen:
            found = list_waiting(session, person=people("paula"), at=START)
        costs.append(len(seen))

    assert len(found) >= 12
    assert costs[0] == costs[1]


def test_what_is_due_first_stands_first_and_late_is_said(session, people, sign_in, clock):
    entered_order(session, people)
    session.commit()
    clock.advance(days=3)

    page = sign_in("paula").get("/")

    assert page.status_code == 200
    assert "late" in page.text
    assert page.text.index("Verify prescription") > 0


def test_who_has_nothing_to_do_is_told_what_would_stand_here(sign_in):
    assert "Nothing waits for you" in sign_in("arlo").get("/").text
    assert "Nothing waits for you" in sign_in("ada").get("/").text


def of_the_formulary(session, people, username, at):
    session.flush()
    found = list_waiting(session, person=people(username), at=at)
    return [(one.what, one.due) for one in found if one.endpoint.startswith("formulary.")]


def test_a_draft_waits_for_who_had_no_hand_in_it(session, people):
    draft = "Approve MG-1G-100, version 1: magnesium sulfate 1 g in 0.9% sodium chloride 100 mL"

    assert of_the_formulary(session, people, "petra", START) == [
        (draft, datetime(2026, 11, 10, 4, 59, 59, tzinfo=UTC))
    ]
    assert of_the_formulary(session, people, "peter", START) == []
    assert of_the_formulary(session, people, "tina", START) == []


def test_what_is_due_for_review_waits_in_one_line_for_pharmacists(session, people):
    last = datetime(2027, 9, 10, 12, tzinfo=UTC)
    # The first review of the sample is due on 9 November 2027, and told of 60 days before.
    assert of_the_formulary(session, people, "peter", last - timedelta(days=1)) == []
    assert of_the_formulary(session, people, "peter", last) == [
        ("Review 3 sources that new bags rest on", datetime(2027, 11, 10, 4, 59, 59, tzinfo=UTC))
    ]
    assert of_the_formulary(session, people, "tina", last) == []
