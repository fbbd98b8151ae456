"""Printing labels, counting copies, and scanning them on their bags."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from pharmacy.audit.actions import move
from pharmacy.compounding import actions, documents, queries
from pharmacy.compounding.models import BagLabelCopy
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal, ScanRefused
from pharmacy.domain.statuses import ORDER_MOVES, OrderStatus
from pharmacy.inventory.models import Lot
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.bags import (
    changed_order,
    labelled_bags,
    press,
    print_labels,
    released_bags,
    reprint_label,
)
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import (
    checked_worksheet,
    code_of,
    gtin_of,
    made_bags,
    make_bag,
    open_worksheet,
    started_worksheet,
)

LATER = START + timedelta(hours=2)


@pytest.fixture
def version(session, people):
    return order_in_force(session, people)


def test_labels_come_only_after_check_and_start(session, people, version):
    for worksheet in (open_worksheet(session, people, version), checked_worksheet(session, people, version)):
        for bag in worksheet.bags:
            bag.beyond_use_at = LATER
        refused(
            session,
            Refusal,
            "printed once a pharmacist has checked the worksheet and preparation has started",
            lambda worksheet=worksheet: print_labels(session, people, worksheet),
        )
    started = started_worksheet(session, people, version)

    paper = print_labels(session, people, started)

    assert (paper.kind, paper.copy_number, paper.order_version_id) == ("bag labels", 1, version.id)
    assert (last_entry(session).action, last_entry(session).person_name) == (
        "printed bag labels",
        "Tina Tallgrass",
    )
    copies = session.scalars(select(BagLabelCopy)).all()
    assert [(one.bag_id, one.copy_number, one.beyond_use_at) for one in copies] == [
        (bag.id, 1, started.beyond_use_at) for bag in started.bags
    ]
    assert all("START" not in one.said and "Start before: " in one.said for one in copies)


def test_who_may_not_print_or_apply(session, people, version):
    worksheet = started_worksheet(session, people, version, bags=1)
    sheet = press(session, worksheet, at=START)
    print_labels(session, people, worksheet)
    (bag,) = worksheet.bags
    common = {"press": sheet, "reason": "again", "at": START}

    for by in map(people, ("nora", "arlo", "ada", "dan")):
        for act in (
            lambda by=by: actions.print_bag_labels(session, worksheet, by=by, **common),
            lambda by=by: actions.reprint_bag_label(session, bag, by=by, **common),
            lambda by=by: actions.destroy_label(session, bag, reason="x", by=by, at=START),
        ):
            refused(session, Forbidden, "may not print bag labels", act)
        refused(
            session,
            Forbidden,
            "may not compound",
            lambda by=by: actions.apply_label(session, worksheet, bag.serial, by=by, at=START),
        )


def test_a_second_print_needs_a_reason_and_destroys_the_copies_in_use(session, people, version):
    worksheet = labelled_bags(session, people, version)
    for reason in ("", "  "):
        found = refused(
            session,
            InvalidInput,
            "Give the reason for another copy",
            lambda reason=reason: print_labels(session, people, worksheet, reason=reason),
        )
        assert found.field == "reason"

    paper = print_labels(session, people, worksheet, reason="printer smeared", at=LATER)

    assert (paper.copy_number, paper.reason) == (2, "printer smeared")
    for bag in worksheet.bags:
        first, second = bag.labels
        assert (first.destroyed_at, first.destroyed_because) == (LATER, "printed again: printer smeared")
        assert (second.copy_number, second.reason, second.applied) == (2, "printer smeared", False)
        assert queries.find_label_in_use(bag) is second


def test_one_label_is_printed_again_for_a_reason(session, people, version):
    worksheet = made_bags(session, people, version)[0].worksheet
    bag, other = worksheet.bags
    refused(session, Refusal, "whole worksheet first", lambda: reprint_label(session, people, bag))
    print_labels(session, people, worksheet)
    found = refused(
        session, InvalidInput, "Give the reason", lambda: reprint_label(session, people, bag, reason=" ")
    )
    assert found.field == "reason"

    second = reprint_label(session, people, bag, reason="torn", at=LATER)
    third = reprint_label(session, people, bag, reason="wet", at=LATER)

    assert (second.kind, second.record_type, second.record_id) == ("bag label", "bag", bag.id)
    assert second.replaced_because == "the label was destroyed: printed again: wet"
    assert third.replaced_at is None
    assert [copy.destroyed_because for copy in bag.labels] == [
        "printed again: torn",
        "printed again: wet",
        None,
    ]
    assert [copy.copy_number for copy in bag.labels] == [1, 2, 3]
    assert len(other.labels) == 1 and other.labels[0].destroyed_at is None


def test_a_scan_on_the_bag_counts_the_label_as_applied(session, people, version):
    worksheet = started_worksheet(session, people, version)
    first, second = worksheet.bags
    print_labels(session, people, worksheet)
    lot = session.scalar(select(Lot))
    strange = open_worksheet(session, people, version, bags=1)
    wrong = [
        (first.serial, "not made yet"),
        (gtin_of(lot.product), "not a bag's label"),
        (code_of(lot), "not a bag's label"),
        (worksheet.serial, "is not a bag"),
        (strange.bags[0].serial, "not a bag of worksheet"),
        (first.serial[:-1] + ("0" if first.serial[-1] != "0" else "1"), "mistyped"),
        ("", "Nothing was scanned"),
    ]
    for raw, words in wrong:
        refused(
            session,
            ScanRefused,
            words,
            lambda raw=raw: actions.apply_label(session, worksheet, raw, by=people("tina"), at=START),
        )
    make_bag(session, people, first)

    copy = actions.apply_label(session, worksheet, f" {first.serial.lower()}\n", by=people("theo"), at=LATER)

    assert (copy.applied, copy.applied_at, copy.applied_by.username) == (True, LATER, "theo")
    entry = last_entry(session)
    assert (entry.action, entry.record_id, entry.at) == ("put a label on its bag", copy.id, LATER)
    refused(
        session,
        ScanRefused,
        "scanned on the bag already",
        lambda: actions.apply_label(session, worksheet, first.serial, by=people("tina"), at=LATER),
    )
    actions.discard_bag(session, second, reason="dropped", by=people("tina"), at=LATER)
    refused(
        session,
        ScanRefused,
        "is cancelled; no label goes on it",
        lambda: actions.apply_label(session, worksheet, second.serial, by=people("tina"), at=LATER),
    )


def test_a_label_on_no_bag_is_recorded_as_destroyed(session, people, version):
    worksheet = labelled_bags(session, people, version)
    bag = worksheet.bags[0]

    def destroy(reason="jammed", at=LATER):
        return actions.destroy_label(session, bag, reason=reason, by=people("tina"), at=at)

    refused(session, Refusal, "is on the bag", destroy)
    paper = reprint_label(session, people, bag)
    refused(session, InvalidInput, "Give the reason", lambda: destroy(" "))

    copy = destroy()

    assert (copy.destroyed_at, copy.destroyed_because) == (LATER, "jammed")
    assert (last_entry(session).action, last_entry(session).reason) == ("destroyed a label", "jammed")
    assert paper.replaced_because == "the label was destroyed: jammed"
    refused(session, Refusal, "No label of Bag 1 .* is in use", destroy)
    refused(
        session,
        ScanRefused,
        "print one first",
        lambda: actions.apply_label(session, worksheet, bag.serial, by=people("tina"), at=LATER),
    )


def test_a_released_bag_is_labelled_again_by_a_pharmacist_only(session, people, version):
    worksheet = released_bags(session, people, version)
    bag = worksheet.bags[0]
    refused(
        session,
        Refusal,
        "closed gets no labels",
        lambda: print_labels(session, people, worksheet, reason="x"),
    )
    reprint_label(session, people, bag, at=LATER)

    def apply(username):
        return actions.apply_label(session, worksheet, bag.serial, by=people(username), at=LATER)

    refused(session, Forbidden, "may not inspect and release bags", lambda: apply("tina"))
    assert apply("paula").applied_by.username == "paula"


def test_labels_speak_for_the_order_that_holds(session, people, version):
    worksheet = labelled_bags(session, people, version)
    assert "once a day, every day" in worksheet.bags[0].labels[0].said
    changed = changed_order(session, people, version, "2 of every 3 days")

    paper = reprint_label(session, people, worksheet.bags[0], reason="new directions", at=LATER)

    copy = worksheet.bags[0].labels[-1]
    assert paper.order_version_id == copy.order_version_id == changed.id
    assert "on 2 of every 3 days: see your calendar" in copy.said
    # Daily until the change takes effect, two of three days from then on.
    assert "Next: Tue 10 Nov, Wed 11 Nov and Thu 12 Nov 2026 at 21:00." in copy.said
    assert queries.read_standing(worksheet.bags[0], changed, {}).label.says_the_order
    assert not queries.read_standing(worksheet.bags[1], changed, {}).label.says_the_order


def test_no_label_is_printed_for_an_order_that_does_not_hold(session, people, version):
    worksheet = labelled_bags(session, people, version)
    bag = worksheet.bags[0]
    expired = datetime.combine(version.expires_on, time(12), UTC) + timedelta(days=1)
    refused(session, Refusal, "expired", lambda: reprint_label(session, people, bag, at=expired))
    move(session, version, ORDER_MOVES, OrderStatus.ON_HOLD, what="an order", by=people("paula"), at=START)
    session.flush()

    refused(session, Refusal, "is on hold", lambda: reprint_label(session, people, bag))


def test_a_version_that_asks_for_another_bag_lends_no_directions(session, people, version):
    worksheet = labelled_bags(session, people, version)
    changed_order(session, people, version, "every 2 days", infusion_hours=8)

    refused(
        session,
        Refusal,
        "Version 2 of Rx .* asks for another bag than version 1",
        lambda: reprint_label(session, people, worksheet.bags[0]),
    )


def test_a_label_that_does_not_fit_is_refused_with_its_field(session, people, version):
    worksheet = started_worksheet(session, people, version)
    worksheet.patient.given_name = "Marigold-" * 30
    session.flush()

    found = refused(session, Refusal, "Nothing was printed", lambda: print_labels(session, people, worksheet))

    assert found.field == "patient_name"


def test_fill_and_what_is_left_of_the_authorised_bags(session, people):
    version = order_in_force(session, people, bags_authorised=10)
    first = released_bags(session, people, version, bags=2)
    second = started_worksheet(session, people, version, bags=3)

    for worksheet, fill, left in ((first, 1, 8), (second, 2, 5)):
        facts = queries.get_label_facts(session, worksheet, at=LATER)
        assert (facts.fill, facts.authorised_remaining) == (fill, left)
    actions.cancel_worksheet(session, second, reason="not needed", by=people("tina"), at=LATER)
    third = started_worksheet(session, people, version, bags=1, at=LATER)
    facts = queries.get_label_facts(session, third, at=LATER)
    assert (facts.fill, facts.authorised_remaining) == (2, 7)
    said = dict(documents.list_fields(facts, actions.LabelToPrint(third.bags[0], 1, third.beyond_use_at)))
    assert said["Authorised remaining"].startswith("7 bags until ")
