"""Who may compound: a competency that is failed or past stops that person at each step."""

from decimal import Decimal

from sqlalchemy import select

from pharmacy.compounding import actions
from pharmacy.domain.competency import Competency
from pharmacy.domain.errors import Refusal
from pharmacy.facility.models import BenchDay
from tests.compounding.fingerprint import refused
from tests.compounding.starting import lose, ready, starting
from tests.conftest import START
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import (
    scan_all,
    started_worksheet,
    take_over,
)


def test_who_is_not_competent_does_not_start(session, people):
    worksheet = ready(session, people)
    lose(session, people, "tina")

    refused(
        session,
        Refusal,
        r"Tina Tallgrass may not compound now\. Media fill: failed on Mon 9 Nov 2026\. "
        r"See Petra Quillfeather, pharmacist-in-charge\.",
        starting(session, people, worksheet),
    )

    starting(session, people, worksheet, by="theo")()
    assert session.scalars(select(BenchDay.person_id)).all() == [people("theo").id]


def test_who_is_not_competent_does_no_step_at_the_station(session, people):
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    bag = worksheet.bags[0]
    scan_all(session, people, bag)
    lose(session, people, "tina")
    lot = worksheet.scans[0].lot

    for act in (
        lambda: actions.scan_container(session, bag, lot.number, by=people("tina"), at=START),
        lambda: actions.undo_scan(session, bag, discarded=False, reason="x", by=people("tina"), at=START),
        lambda: actions.enter_first_volume(session, bag, volume_ml=Decimal(4), by=people("tina"), at=START),
        lambda: actions.complete_bag(session, bag, by=people("tina"), at=START),
    ):
        refused(session, Refusal, "Tina Tallgrass may not compound now", act)
    take_over(session, people, worksheet, by="theo")
    actions.enter_first_volume(session, bag, volume_ml=Decimal(4), by=people("theo"), at=START)


def test_who_checks_needs_the_competencies_of_oversight(session, people):
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    bag = worksheet.bags[0]
    scan_all(session, people, bag)
    actions.enter_first_volume(session, bag, volume_ml=Decimal(4), by=people("tina"), at=START)
    lose(session, people, "theo", kind=Competency.GARBING)

    refused(
        session,
        Refusal,
        "Theo Thimble may not check what others compound now. Garbing",
        lambda: actions.enter_second_volume(session, bag, volume_ml=Decimal(4), by=people("theo"), at=START),
    )

    actions.enter_second_volume(session, bag, volume_ml=Decimal(4), by=people("peter"), at=START)
