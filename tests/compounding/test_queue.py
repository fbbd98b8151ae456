"""The room's queue: due, late in words, filters in the address, search, who has it, lots ready or short."""

from datetime import timedelta

import pytest

from pharmacy.compounding.models import Handover
from pharmacy.inventory.actions import quarantine_lot
from tests.conftest import START
from tests.therapy.orders import order_in_force
from tests.therapy.stock_bags import stock_worksheet
from tests.therapy.worksheets import checked_worksheet, made_bags, open_worksheet, started_worksheet


@pytest.fixture
def queue(session, people, sign_in):
    """Ask for the queue as Tina; answers the text of the page."""

    def ask(address=""):
        session.commit()
        answer = sign_in("tina").get(f"/worksheets{address}")
        assert answer.status_code == 200
        return answer.text

    return ask


def test_late_is_said_in_words_and_counted(session, people, queue, clock):
    open_worksheet(session, people, order_in_force(session, people))
    assert "late" not in queue().split("<table")[1]

    clock.advance(days=1, minutes=1)

    page = queue()
    assert "1 worksheet late" in page
    assert "late, 1 minute ago" in page


def test_stock_and_patients_stand_in_one_queue_by_when_they_are_needed(session, people, queue):
    version = order_in_force(session, people)
    later = open_worksheet(session, people, version)
    sooner = stock_worksheet(session, people, bags=3)
    serials = sooner.serial, later.serial

    page = queue()

    assert page.index(serials[0]) < page.index(serials[1])
    assert "<td>Stock</td>" in page


@pytest.mark.parametrize(
    ("address", "hours", "shown"),
    [
        ("?when=today", 13, True),
        ("?when=today", 15, False),
        ("?when=today", -5, True),
        ("?when=tomorrow", 13, False),
        ("?when=tomorrow", 15, True),
        ("?when=tomorrow", 39, False),
        ("?when=week", 6 * 24 + 14, True),
        ("?when=week", 6 * 24 + 16, False),
        ("?when=nonsense", 9000, True),
    ],
)
def test_periods_follow_the_days_of_the_pharmacys_clock(session, people, queue, address, hours, shown):
    """It is 09:00 there, so the day ends after 15 hours."""
    worksheet = open_worksheet(session, people, order_in_force(session, people))
    worksheet.needed_at = START + timedelta(hours=hours)
    serial = worksheet.serial

    assert (serial in queue(address)) is shown


def test_the_search_finds_patient_prescription_worksheet_bag_and_lot(session, people, queue):
    version = order_in_force(session, people)
    worksheet = open_worksheet(session, people, version)
    other = stock_worksheet(session, people, bags=1)
    lot = worksheet.proposed_lots[0].lot.number
    found, left = worksheet.serial, other.serial
    patient, bag = version.order.patient, worksheet.bags[0].serial
    words = [patient.family_name.upper(), patient.given_name, version.order.rx_number, found, bag]

    for text in words:
        page = queue(f"?search={text}")
        assert found in page and left not in page, text
    assert found in queue(f"?search={lot.lower()}")
    assert "No worksheet is like that" in queue("?search=_")


def test_who_has_it_is_whom_it_was_handed_to_last(session, people, queue):
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    serial, tina, theo = worksheet.serial, people("tina").id, people("theo").id
    assert serial in queue(f"?person={tina}") and serial not in queue(f"?person={theo}")

    worksheet.handovers.append(Handover(turn=1, from_id=tina, to_id=theo, agreed=True, state="{}", at=START))

    assert serial in queue(f"?person={theo}") and serial not in queue(f"?person={tina}")
    assert serial in queue("?person=x")


def test_the_hood_and_the_status_narrow_the_queue(session, people, queue):
    version = order_in_force(session, people)
    started, waiting = started_worksheet(session, people, version), open_worksheet(session, people, version)
    serials, hood = (started.serial, waiting.serial), started.engineering_control_id

    assert [one in queue(f"?hood={hood}") for one in serials] == [True, False]
    assert [one in queue("?status=proposed") for one in serials] == [False, True]
    assert [one in queue("?status=all") for one in serials] == [True, True]


def test_lots_are_ready_or_short_with_the_reason(session, people, queue):
    worksheet = checked_worksheet(session, people, order_in_force(session, people))
    lot = worksheet.proposed_lots[0].lot
    assert "<td>ready</td>" in queue()

    quarantine_lot(session, lot, reason="leaking vials", by=people("tina"), at=START)
    number = lot.number

    page = queue()
    assert "short</span>" in page and f"Lot {number} of" in page and "is in quarantine." in page


def test_what_is_made_needs_no_lots_any_more(session, people, queue):
    made_bags(session, people, order_in_force(session, people))

    assert "<td>taken</td>" in queue()
