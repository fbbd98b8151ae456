"""Deviations: opened, investigated, decided on bag by bag, found again, and closed by signature."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pharmacy.accounts.actions import WrongPassword
from pharmacy.accounts.models import Signature
from pharmacy.audit.models import AuditEntry
from pharmacy.compounding import actions, queries
from pharmacy.domain.bag_release import InspectionOutcome, ReworkKind
from pharmacy.domain.deviations import DeviationKind, Disposition
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.statuses import BagStatus, DeviationStatus, LotStatus, WorksheetStatus
from tests.compounding.deviating import (
    FOUND,
    LATER,
    allow,
    close,
    destroy,
    investigate,
    opened,
    settle,
)
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.bags import (
    inspect,
    inspected_bags,
    labelled_bags,
    release,
    released_bags,
)
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import make_bag, started_worksheet


@pytest.fixture
def version(session, people):
    return order_in_force(session, people)


def test_an_open_deviation_holds_its_bag_until_it_is_closed(session, people, version):
    worksheet = released_bags(session, people, version)
    bag, other = worksheet.bags
    lot = bag.components[0].lot
    deviation = opened(session, people, worksheet, bags=[bag], lots=[lot])

    assert (bag.status, other.status, lot.status) == (
        BagStatus.QUARANTINED, BagStatus.RELEASED, LotStatus.AVAILABLE,
    )  # fmt: skip
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "opened a deviation"))
    assert deviation.serial in entry.details and bag.serial in entry.details and lot.number in entry.details
    held = f"part of the open deviation {deviation.serial}"
    refused(session, Refusal, held, lambda: settle(session, people, bag))
    assert queries.find_holding(session, bag) == deviation.serial
    assert queries.find_holding(session, other) is None

    (affected,) = deviation.bags
    refused(session, Refusal, "Record the investigation first", lambda: allow(session, people, affected))
    refused(session, Refusal, "Record the investigation first", lambda: close(session, people, deviation))
    investigate(session, people, deviation)
    refused(session, Refusal, "Decide what becomes of bag", lambda: close(session, people, deviation))
    refused(session, InvalidInput, "why you decide", lambda: allow(session, people, affected, reason=" "))
    allow(session, people, affected)
    assert (affected.disposition, bag.status) == (Disposition.RELEASE, BagStatus.QUARANTINED)
    refused(session, Refusal, "is decided on already", lambda: destroy(session, people, affected))
    refused(session, Refusal, held, lambda: settle(session, people, bag))
    refused(session, WrongPassword, "nothing was signed",
            lambda: close(session, people, deviation, password="x"))  # fmt: skip
    close(session, people, deviation)

    assert (deviation.status, deviation.closing.printed_name) == (DeviationStatus.CLOSED, "Peter Pomfret")
    assert queries.find_holding(session, bag) is None
    refused(session, Refusal, "cannot become investigated", lambda: investigate(session, people, deviation))
    refused(session, Refusal, "is closed; open a new one",
            lambda: actions.extend_deviation(session, deviation, bag=other, lot=None, by=people("tina"),
                                             at=LATER))  # fmt: skip
    settle(session, people, bag)
    assert bag.status is BagStatus.RELEASED


def test_a_bag_is_destroyed_before_a_witness(session, people, version):
    worksheet = released_bags(session, people, version)
    deviation = opened(session, people, worksheet, bags=worksheet.bags[:1])
    (affected,) = deviation.bags

    refused(session, Refusal, "witness your own act",
            lambda: destroy(session, people, affected, witness="peter"))  # fmt: skip
    refused(session, Forbidden, "may not compound", lambda: destroy(session, people, affected, witness="dan"))
    wrong = refused(session, WrongPassword, "nothing was signed",
                    lambda: destroy(session, people, affected, password="wrong"))  # fmt: skip
    assert (wrong.field, wrong.person_id) == ("witness_password", people("theo").id)
    destroy(session, people, affected)

    assert affected.bag.status is BagStatus.DESTROYED
    assert affected.witness.printed_name == "Theo Thimble" and "Witness" in affected.witness.meaning
    assert (last_entry(session).action, last_entry(session).reason) == ("destroyed a bag", "it leaks")
    investigate(session, people, deviation)
    assert close(session, people, deviation).status is DeviationStatus.CLOSED


def test_a_bag_that_passed_and_is_destroyed_counts_as_rejected(session, people, version):
    worksheet = inspected_bags(session, people, version)
    deviation = opened(session, people, worksheet, bags=worksheet.bags[:1])
    destroy(session, people, deviation.bags[0])

    release(session, people, worksheet, at=LATER)

    said = session.scalar(select(AuditEntry).where(AuditEntry.action == "closed a worksheet")).details
    assert "1 released, 1 rejected" in said and worksheet.status is WorksheetStatus.CLOSED


def test_the_last_bag_that_is_destroyed_closes_its_worksheet(session, people, version):
    worksheet = labelled_bags(session, people, version)
    bag, other = worksheet.bags
    inspect(session, people, bag, InspectionOutcome.QUARANTINE, reason="a haze")
    inspect(session, people, other)
    release(session, people, worksheet)
    deviation = opened(session, people, worksheet, bags=[bag])
    assert worksheet.status is WorksheetStatus.AWAITING_RELEASE

    destroy(session, people, deviation.bags[0])

    assert (bag.status, worksheet.status) == (BagStatus.DESTROYED, WorksheetStatus.CLOSED)


def test_who_opened_a_deviation_does_not_close_it(session, people, version):
    worksheet = released_bags(session, people, version)
    deviation = opened(session, people, worksheet, by="peter")
    investigate(session, people, deviation, by="petra")

    refused(session, Refusal, "You opened this deviation", lambda: close(session, people, deviation))
    close(session, people, deviation, by="petra")


def test_only_a_pharmacist_settles_and_nobody_without_the_right_reports(session, people, version):
    worksheet = released_bags(session, people, version)
    deviation = opened(session, people, worksheet, bags=worksheet.bags[:1])
    (affected,) = deviation.bags

    refused(session, Forbidden, "may not report", lambda: opened(session, people, worksheet, by="dan"))
    for act in (
        lambda: investigate(session, people, deviation, by="tina"),
        lambda: allow(session, people, affected, by="tina"),
        lambda: destroy(session, people, affected, by="tina"),
        lambda: close(session, people, deviation, by="tina"),
    ):
        refused(session, Forbidden, "may not investigate and close deviations", act)


def test_who_worked_on_a_bag_does_not_let_it_go(session, people, version):
    worksheet = labelled_bags(session, people, version, bags=1)
    (bag,) = worksheet.bags
    inspect(session, people, bag, InspectionOutcome.REWORK, reason="outer bag", rework=ReworkKind.OUTER_BAG)
    actions.finish_rework(session, bag, note="done", photo=None, by=people("petra"), at=START)
    deviation = opened(session, people, worksheet, bags=[bag])
    investigate(session, people, deviation)

    refused(session, Refusal, "You compounded on this worksheet",
            lambda: allow(session, people, deviation.bags[0], by="petra"))  # fmt: skip
    allow(session, people, deviation.bags[0])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": " "}, "what"),
        ({"immediate_action": ""}, "immediate_action"),
        ({"happened_at": LATER + timedelta(microseconds=1)}, "happened_at"),
    ],
)
def test_what_is_missing_in_a_report_is_named(session, people, version, changes, field):
    refusal = refused(session, InvalidInput, "Enter w", lambda: opened(session, people, **changes))
    assert refusal.field == field


@pytest.mark.parametrize("missing", list(FOUND))
def test_an_investigation_is_recorded_whole(session, people, missing):
    deviation = opened(session, people)

    found = refused(session, InvalidInput, "Enter",
                    lambda: investigate(session, people, deviation, **{missing: " "}))  # fmt: skip
    assert found.field == missing


def test_a_worksheet_whose_only_bag_was_destroyed_is_closed_without_a_label(session, people, version):
    worksheet = started_worksheet(session, people, version, bags=1)
    (bag,) = worksheet.bags
    make_bag(session, people, bag)
    actions.finish_preparation(session, worksheet, by=people("tina"), at=START)
    deviation = opened(session, people, worksheet, bags=[bag])
    destroy(session, people, deviation.bags[0])

    release(session, people, worksheet, at=LATER)

    assert worksheet.status is WorksheetStatus.CLOSED and worksheet.release is not None


def test_more_bags_lots_and_notes_are_added_and_nothing_twice(session, people, version):
    worksheet = released_bags(session, people, version)
    bag, other = worksheet.bags
    lot = bag.components[0].lot
    deviation = opened(session, people, bags=[bag])

    def extend(bag=None, lot=None, by="tina"):
        return actions.extend_deviation(session, deviation, bag=bag, lot=lot, by=people(by), at=LATER)

    extend(bag=other)
    extend(lot=lot)
    assert other.status is BagStatus.QUARANTINED
    refused(session, Refusal, "part of this deviation already", lambda: extend(bag=other))
    refused(session, Refusal, "part of this deviation already", lambda: extend(lot=lot))
    refused(session, Forbidden, "may not report", lambda: extend(bag=other, by="dan"))

    file = KeptFile("letter.pdf", "application/pdf", b"%PDF-1.7")
    note = actions.note_deviation(
        session, deviation, text=" Called the maker. ", file=file, by=people("tina"), at=LATER
    )
    assert (note.text, note.attachment.name) == ("Called the maker.", "letter.pdf")
    refused(session, InvalidInput, "Enter the note",
            lambda: actions.note_deviation(session, deviation, text=" ", file=None, by=people("tina"),
                                     at=LATER))  # fmt: skip


def test_bags_of_another_worksheet_are_refused(session, people, version):
    one = released_bags(session, people, version, bags=1)
    other = released_bags(session, people, version, bags=1)

    refused(session, InvalidInput, f"Choose bags of worksheet {one.serial} only",
            lambda: opened(session, people, one, bags=other.bags))  # fmt: skip


def test_deviations_are_found_by_what_they_name(session, people, version):
    worksheet = released_bags(session, people, version)
    bag = worksheet.bags[0]
    lot = bag.components[0].lot
    one = opened(session, people, worksheet, bags=[bag], lots=[lot])
    older = opened(session, people, what="The hood alarmed.", kind=DeviationKind.ROOM_OR_EQUIPMENT,
                   happened_at=START - timedelta(days=3))  # fmt: skip
    site = people("tina").site_id

    def found(**asked):
        return queries.list_deviations(session, site_id=site, **asked)

    assert found() == [older, one]
    for text in (bag.serial.lower(), lot.number, worksheet.serial, one.serial, "FIBRE"):
        assert found(search=text) == [one]
    assert found(search="100%") == [] and found(kind=DeviationKind.ROOM_OR_EQUIPMENT) == [older]
    assert found(statuses=(DeviationStatus.CLOSED,)) == []
    investigate(session, people, older)
    close(session, people, older)
    assert found(statuses=tuple(DeviationStatus)) == [one, older]
    assert queries.list_deviations_of(session, worksheet) == [one]


def test_a_closing_signs_all_that_the_deviation_says(session, people, version):
    deviation = opened(session, people)
    investigate(session, people, deviation)
    close(session, people, deviation)

    signature = session.scalar(select(Signature).where(Signature.record_type == "deviation"))
    assert signature.id == deviation.closing_id and "Closing of a deviation" in signature.meaning
    assert last_entry(session).action == "closed a deviation"
