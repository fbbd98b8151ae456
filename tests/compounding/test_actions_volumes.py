"""The independent double check: two people, one volume from the order, and a difference that stops."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.audit.models import Refusal as KeptRefusal
from pharmacy.compounding import actions, queries
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.preparation_steps import Step
from pharmacy.domain.statuses import BagStatus
from pharmacy.inventory.models import Lot, MovementKind, StockMovement
from pharmacy.inventory.queries import Balance, get_balances
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import code_of, scan_all, started_worksheet


@pytest.fixture
def bag(session, people):
    """Give a bag whose containers are scanned: the additive is to be drawn."""
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    scan_all(session, people, worksheet.bags[0])
    return worksheet.bags[0]


def first(session, people, bag, volume, *, who="tina", at=START):
    return actions.enter_first_volume(session, bag, volume_ml=Decimal(volume), by=people(who), at=at)


def second(session, people, bag, volume, *, who="theo", at=START):
    return actions.enter_second_volume(session, bag, volume_ml=Decimal(volume), by=people(who), at=at)


def complete(session, people, bag):
    return actions.complete_bag(session, bag, by=people("tina"), at=START)


def step_of(session, bag):
    return queries.read_bag_state(session, bag.worksheet, bag, at=START).step


def vial_balance(session):
    vial = session.scalar(select(Lot).where(Lot.number == "SMG4417"))
    return get_balances(session, [vial.id])[vial.id]


def test_two_people_agree_with_the_order_before_the_additive_goes_in(session, people, bag):
    refused(session, Refusal, "may not be finished yet. Next: draw the additive",
            lambda: complete(session, people, bag))  # fmt: skip
    refused(session, Refusal, "No second volume is entered now",
            lambda: second(session, people, bag, 4))  # fmt: skip

    check = first(session, people, bag, 4)

    assert (check.first_ml, check.first_by.username, check.first_at) == (4, "tina", START)
    assert (check.second_ml, check.agrees) == (None, None)
    assert (last_entry(session).action, last_entry(session).person_name) == (
        "entered the first volume", "Tina Tallgrass",
    )  # fmt: skip
    refused(session, Refusal, "Next: second person checks the volume",
            lambda: complete(session, people, bag))  # fmt: skip
    refused(session, Refusal, "No volume is entered now", lambda: first(session, people, bag, 4))
    refused(session, Refusal, "You drew this volume; another person checks it",
            lambda: second(session, people, bag, 4, who="tina"))  # fmt: skip

    later = START + timedelta(minutes=2)
    second(session, people, bag, "4.00", at=later)

    assert (check.second_ml, check.second_by.username, check.second_at) == (4, "theo", later)
    assert check.agrees is True and step_of(session, bag) is Step.COMPLETE
    refused(session, Refusal, "No second volume", lambda: second(session, people, bag, 4, who="paula"))
    assert complete(session, people, bag).status is BagStatus.MADE


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param("5", "4", id="the first differs"),
        pytest.param("4", "4.01", id="the second differs"),
        pytest.param("5", "5", id="both say the same, and not what the order needs"),
    ],
)
def test_a_difference_stops_and_a_new_draw_is_needed(session, people, bag, one, two):
    check = first(session, people, bag, one)

    second(session, people, bag, two)

    assert check.agrees is False
    kept = session.scalar(select(KeptRefusal))
    assert (kept.kind, kept.person.username, kept.at) == ("volume", "theo", START)
    assert "discard this syringe" in kept.sentence and bag.serial in kept.tried
    assert '"agrees":false' in last_entry(session).details
    wasted = session.scalar(select(StockMovement).where(StockMovement.kind == MovementKind.WASTED))
    assert (wasted.volume_ml, wasted.bag_id, wasted.reason) == (
        -Decimal(one),
        bag.id,
        "the two volumes differed",
    )
    assert vial_balance(session) == Balance(14, 150 - Decimal(one))
    refused(session, Refusal, "may not be finished yet", lambda: complete(session, people, bag))
    refused(session, Refusal, "No second volume", lambda: second(session, people, bag, 4))

    again = first(session, people, bag, 4)
    second(session, people, bag, 4)

    assert again.id != check.id and again.agrees is True
    complete(session, people, bag)
    assert [one.agrees for one in bag.checks] == [False, True]
    assert vial_balance(session) == Balance(14, 146 - Decimal(one))


def test_a_vial_that_the_stopped_draws_emptied_is_replaced(session, people, bag):
    """Two syringes thrown away leave 2 mL: the vial no longer serves, and the station asks for a new one."""
    for _ in range(2):
        first(session, people, bag, 4)
        second(session, people, bag, 5)

    assert step_of(session, bag) is Step.SCAN_ADDITIVE
    vial = session.scalar(select(Lot).where(Lot.number == "SMG4417"))
    actions.scan_container(session, bag, code_of(vial), by=people("tina"), at=START)
    first(session, people, bag, 4)
    second(session, people, bag, 4)
    complete(session, people, bag)

    assert len({one.opened_container_id for one in bag.components}) == 2
    assert vial_balance(session) == Balance(13, Decimal(138))


def test_a_slip_of_the_finger_wastes_no_more_than_the_vial_held(session, people, bag):
    first(session, people, bag, 40)
    second(session, people, bag, 4)

    assert vial_balance(session) == Balance(14, Decimal(140))


def test_who_may_enter_volumes_and_which(session, people, bag):
    refused(session, Forbidden, "may not compound", lambda: first(session, people, bag, 4, who="nora"))
    refused(session, InvalidInput, "Enter the volume in the syringe", lambda: first(session, people, bag, 0))
    first(session, people, bag, 4)
    refused(session, Forbidden, "may not compound", lambda: second(session, people, bag, 4, who="arlo"))
    refused(
        session, InvalidInput, "Enter the volume in the syringe", lambda: second(session, people, bag, -4)
    )


def test_the_syringe_counts_from_when_it_was_drawn(session, people, bag):
    """The vial's 12 hours may end while the second person walks over; a draw after them is refused."""
    drawn = START + timedelta(hours=11, minutes=59)
    late = START + timedelta(hours=12)
    refused(session, Refusal, "No volume is entered now. Next: scan the diluent",
            lambda: first(session, people, bag, 4, at=late))  # fmt: skip
    first(session, people, bag, 4, at=drawn)
    second(session, people, bag, 4, at=late)

    made = actions.complete_bag(session, bag, by=people("tina"), at=late)

    assert [one.volume_ml for one in made.components] == [100, 4]
