"""Inspection, release by signature, the count that must close, and quarantine."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pharmacy.accounts.actions import WrongPassword
from pharmacy.audit.actions import move
from pharmacy.audit.chain import digest
from pharmacy.audit.models import AuditEntry, StatusChange
from pharmacy.compounding import actions, queries
from pharmacy.domain.bag_release import InspectionOutcome
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.statuses import BAG_MOVES, ORDER_MOVES, BagStatus, OrderStatus, WorksheetStatus
from pharmacy.prescriptions.actions import tick_task
from pharmacy.prescriptions.models import ChangeTask
from pharmacy.sample.people import PASSWORD
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.bags import (
    GOOD,
    changed_order,
    inspect,
    inspected_bags,
    labelled_bags,
    print_labels,
    release,
    released_bags,
    reprint_label,
)
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import made_bags, make_bag, scan_all, started_worksheet, take_over

PASS, REWORK, QUARANTINE, REJECT = InspectionOutcome
LATER = START + timedelta(hours=2)
SETTLED = {"outcome": PASS, "reason": "seen again by two people", "password": PASSWORD}


@pytest.fixture
def version(session, people):
    return order_in_force(session, people)


def settle(session, people, bag, *, by="peter", at=LATER, **changes):
    return actions.settle_quarantine(session, bag, **GOOD | SETTLED | {"by": people(by), "at": at} | changes)


def apply_new_label(session, people, bag, *, at=START, by="tina"):
    reprint_label(session, people, bag, at=at)
    actions.apply_label(session, bag.worksheet, bag.serial, by=people(by), at=at)


def test_a_pharmacist_inspects_and_releases(session, people, version):
    worksheet = labelled_bags(session, people, version, bags=3)
    for bag, outcome in zip(worksheet.bags, (PASS, REJECT, PASS), strict=True):
        inspect(session, people, bag, outcome, reason="" if outcome is PASS else "a fibre")
    entry = last_entry(session)
    assert (entry.action, entry.person_name, entry.at) == ("inspected a bag", "Peter Pomfret", START)
    signed = digest(queries.release_content(worksheet))

    release(session, people, worksheet, at=LATER)

    assert (worksheet.status, worksheet.closed_at) == (WorksheetStatus.CLOSED, LATER)
    assert [bag.status for bag in worksheet.bags] == [
        BagStatus.RELEASED, BagStatus.REJECTED, BagStatus.RELEASED,
    ]  # fmt: skip
    signature = worksheet.release
    assert (signature.printed_name, signature.signed_at, signature.digest) == ("Peter Pomfret", LATER, signed)
    assert "Final verification and release" in signature.meaning
    said = {one.action: one for one in session.scalars(select(AuditEntry).where(AuditEntry.at == LATER))}
    assert {"released a worksheet", "decided: released", "decided: rejected", "closed a worksheet"} <= set(
        said
    )
    assert said["decided: rejected"].reason == "a fibre"
    assert "3 bags made, 3 labels applied, 2 released, 1 rejected." in said["closed a worksheet"].details
    changes = session.scalars(select(StatusChange).where(StatusChange.to_status == "released")).all()
    assert {one.person.username for one in changes} == {"peter"}
    assert BAG_MOVES[BagStatus.REJECTED] == {BagStatus.DESTROYED}


def test_only_a_pharmacist_inspects_releases_and_settles(session, people, version):
    worksheet = inspected_bags(session, people, version, bags=1)
    (bag,) = worksheet.bags

    for name in ("tina", "nora", "ada", "arlo", "dan"):
        for act in (
            lambda name=name: inspect(session, people, bag, by=name),
            lambda name=name: release(session, people, worksheet, by=name),
            lambda name=name: settle(session, people, bag, by=name),
        ):
            refused(session, Forbidden, "may not inspect and release bags", act)


def test_who_compounded_neither_inspects_nor_releases(session, people, version):
    worksheet = started_worksheet(session, people, version)
    by_petra, by_paula = worksheet.bags
    scan_all(session, people, by_petra)
    take_over(session, people, worksheet, by="petra")
    actions.enter_first_volume(
        session, by_petra, volume_ml=worksheet.additive_ml, by=people("petra"), at=START
    )
    actions.enter_second_volume(
        session, by_petra, volume_ml=worksheet.additive_ml, by=people("peter"), at=START
    )
    actions.complete_bag(session, by_petra, by=people("petra"), at=START)
    take_over(session, people, worksheet, by="tina")
    make_bag(session, people, by_paula)
    actions.finish_preparation(session, worksheet, by=people("tina"), at=START)
    print_labels(session, people, worksheet)
    for bag in worksheet.bags:
        actions.apply_label(session, worksheet, bag.serial, by=people("tina"), at=START)
    own = "You compounded on this worksheet"

    refused(session, Refusal, own, lambda: inspect(session, people, by_paula, by="petra"))
    # The independent second check is a check, not compounding.
    inspect(session, people, by_petra, QUARANTINE, reason="cloudy?", by="peter")
    inspect(session, people, by_paula, by="paula")
    refused(session, Refusal, own, lambda: release(session, people, worksheet, by="petra"))
    release(session, people, worksheet, by="peter")
    refused(session, Refusal, own, lambda: settle(session, people, by_petra, by="petra"))
    assert queries.list_compounders(worksheet) == {people("tina").id, people("petra").id}


def test_who_put_a_label_on_does_not_inspect_or_release_it(session, people, version):
    worksheet = labelled_bags(session, people, version)
    first, second = worksheet.bags
    apply_new_label(session, people, first, by="petra")
    own = "You compounded on this worksheet"

    refused(session, Refusal, own, lambda: inspect(session, people, second, by="petra"))
    for bag in worksheet.bags:
        inspect(session, people, bag)
    refused(session, Refusal, own, lambda: release(session, people, worksheet, by="petra"))
    release(session, people, worksheet, at=LATER)
    # A label that a pharmacist puts on after the release is compared with the order as it is put on.
    apply_new_label(session, people, second, by="paula", at=LATER + timedelta(minutes=1))
    assert queries.list_compounders(worksheet) == {people("tina").id, people("petra").id}


def test_an_inspection_is_refused_when_it_is_incomplete_or_too_early(session, people, version):
    worksheet = started_worksheet(session, people, version)
    bag = make_bag(session, people, worksheet.bags[0])
    refused(session, Refusal, "when preparation is finished", lambda: inspect(session, people, bag))
    actions.discard_bag(session, worksheet.bags[1], reason="dropped", by=people("tina"), at=START)
    actions.finish_preparation(session, worksheet, by=people("tina"), at=START)

    refused(session, Refusal, "is cancelled; only a bag that is made",
            lambda: inspect(session, people, worksheet.bags[1]))  # fmt: skip
    refused(session, InvalidInput, "not confirmed: the closure",
            lambda: inspect(session, people, bag, closure_intact=False))  # fmt: skip
    for outcome in (REJECT, QUARANTINE):
        refused(session, InvalidInput, "Enter why",
                lambda outcome=outcome: inspect(session, people, bag, outcome, reason=" "))  # fmt: skip


def test_the_count_must_close(session, people, version):
    worksheet = made_bags(session, people, version, bags=3)[0].worksheet
    first, second, third = worksheet.bags

    def sentence():
        return refused(
            session, Refusal, "It does not close", lambda: release(session, people, worksheet)
        ).sentence

    inspect(session, people, first)
    text = sentence()
    assert text.count("no label was scanned on the bag") == 3 and text.count("is not inspected") == 2
    assert "3 bags made, 0 labels applied, 1 to be released, 0 to be rejected." in text
    print_labels(session, people, worksheet)
    for bag in (first, second):
        actions.apply_label(session, worksheet, bag.serial, by=people("tina"), at=START)
    inspect(session, people, second, REJECT, reason="a fibre")
    inspect(session, people, third, REJECT, reason="leaks")
    text = sentence()
    assert f"Bag 3 ({third.serial}): no label was scanned" in text and "Bag 1" not in text
    actions.apply_label(session, worksheet, third.serial, by=people("tina"), at=START)
    apply_new_label(session, people, first, at=LATER)
    assert "inspected before the label that is on it now" in sentence()
    inspect(session, people, first, at=LATER)
    refused(session, WrongPassword, "nothing was signed", lambda: actions.release_worksheet(
        session, worksheet, password="wrong", by=people("peter"), at=LATER))  # fmt: skip

    release(session, people, worksheet, at=LATER)

    assert worksheet.status is WorksheetStatus.CLOSED
    refused(session, Refusal, "it is closed", lambda: release(session, people, worksheet, at=LATER))


def test_the_label_of_a_bag_that_was_not_made_must_be_destroyed(session, people, version):
    worksheet = started_worksheet(session, people, version)
    made, given_up = worksheet.bags
    print_labels(session, people, worksheet)
    make_bag(session, people, made)
    actions.discard_bag(session, given_up, reason="dropped", by=people("tina"), at=START)
    actions.finish_preparation(session, worksheet, by=people("tina"), at=START)
    actions.apply_label(session, worksheet, made.serial, by=people("tina"), at=START)
    inspect(session, people, made)
    refused(session, Refusal, "was not made, but its label is not destroyed",
            lambda: release(session, people, worksheet))  # fmt: skip

    actions.destroy_label(session, given_up, reason="bag given up", by=people("tina"), at=START)
    release(session, people, worksheet)

    assert worksheet.status is WorksheetStatus.CLOSED
    assert [bag.status for bag in worksheet.bags] == [BagStatus.RELEASED, BagStatus.CANCELLED]


def test_a_shortened_date_makes_the_label_void_until_it_is_printed_again(session, people, version):
    worksheet = inspected_bags(session, people, version)
    bag = worksheet.bags[0]
    became = bag.beyond_use_at - timedelta(days=1)
    actions.shorten_beyond_use(session, bag, became=became, reason="warm", by=people("peter"), at=START)
    refused(session, Refusal, "another beyond-use date", lambda: release(session, people, worksheet))

    apply_new_label(session, people, bag)
    inspect(session, people, bag)
    release(session, people, worksheet)

    assert bag.status is BagStatus.RELEASED


def test_a_bag_beyond_use_is_never_released(session, people, version):
    worksheet = inspected_bags(session, people, version)
    bag = worksheet.bags[0]
    exactly = bag.beyond_use_at
    refused(session, Refusal, "beyond-use date has passed",
            lambda: release(session, people, worksheet, at=exactly))  # fmt: skip

    inspect(session, people, bag, QUARANTINE, reason="too old?")
    inspect(session, people, worksheet.bags[1], REJECT, reason="too old")
    release(session, people, worksheet, at=exactly)
    refused(session, Refusal, "beyond-use date has passed", lambda: settle(session, people, bag, at=exactly))
    settle(session, people, bag, outcome=REJECT, at=exactly)

    assert (bag.status, worksheet.status) == (BagStatus.REJECTED, WorksheetStatus.CLOSED)


def test_a_quarantined_bag_keeps_the_worksheet_open_until_it_is_settled(session, people, version):
    worksheet = labelled_bags(session, people, version, bags=3)
    passed, one, other = worksheet.bags
    inspect(session, people, passed)
    for bag in (one, other):
        inspect(session, people, bag, QUARANTINE, reason="a haze", colour_right=False)
    release(session, people, worksheet)
    assert (passed.status, one.status) == (BagStatus.RELEASED, BagStatus.QUARANTINED)
    assert worksheet.status is WorksheetStatus.AWAITING_RELEASE and worksheet.closed_at is None
    refused(session, Refusal, "but for those in quarantine", lambda: release(session, people, worksheet))
    refused(session, Refusal, "only a bag that is made", lambda: inspect(session, people, one))
    refused(session, Refusal, "is released, not in quarantine", lambda: settle(session, people, passed))
    refused(session, InvalidInput, "in quarantine already",
            lambda: settle(session, people, one, outcome=QUARANTINE))  # fmt: skip
    refused(session, InvalidInput, "why you decide", lambda: settle(session, people, one, reason=" "))
    refused(session, InvalidInput, "not confirmed", lambda: settle(session, people, one, colour_right=False))
    refused(session, WrongPassword, "nothing was signed", lambda: settle(session, people, one, password="x"))

    settle(session, people, one, by="petra")
    assert worksheet.status is WorksheetStatus.AWAITING_RELEASE
    settle(session, people, other, outcome=REJECT, colour_right=False, reason="a haze, confirmed")

    assert (one.status, other.status) == (BagStatus.RELEASED, BagStatus.REJECTED)
    assert (worksheet.status, worksheet.closed_at) == (WorksheetStatus.CLOSED, LATER)
    signed = queries.get_record_facts(session, worksheet, at=LATER).signed
    assert [one.meaning for one in signed][-2:] == [
        "Release of a bag from quarantine", "Rejection of a bag in quarantine",
    ]  # fmt: skip
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "settled a quarantine"))
    assert (entry.reason, entry.person_name) == ("seen again by two people", "Petra Quillfeather")


def test_a_replaced_order_holds_its_bags_back_until_the_change_is_worked_through(session, people, version):
    worksheet = inspected_bags(session, people, version)
    bag, other = worksheet.bags
    changed = changed_order(session, people, version, "2 of every 3 days")
    task = ChangeTask(
        site_id=worksheet.site_id, order_version=changed, position=1, kind="check again",
        subject_type="worksheet", subject_id=worksheet.id, sentence="It was opened under the old order.",
        action="Finish it only with new labels.", blocks=True, created_at=START,
    )  # fmt: skip
    session.add(task)
    refused(session, Refusal, "record each as rejected or as quarantined",
            lambda: release(session, people, worksheet))  # fmt: skip
    tick_task(session, task, note="labels printed again", by=people("paula"), at=START)
    refused(session, Refusal, "directions that no longer hold", lambda: release(session, people, worksheet))

    apply_new_label(session, people, bag)
    inspect(session, people, bag)
    inspect(session, people, other, REJECT, reason="one too many")
    release(session, people, worksheet)

    assert [one.status for one in worksheet.bags] == [BagStatus.RELEASED, BagStatus.REJECTED]


def test_no_bag_of_an_order_that_has_ended_is_released(session, people, version):
    worksheet = made_bags(session, people, version)[0].worksheet
    move(
        session, version, ORDER_MOVES, OrderStatus.DISCONTINUED, what="an order", by=people("paula"), at=START
    )
    one, other = worksheet.bags
    inspect(session, people, one)
    inspect(session, people, other, REJECT, reason="the order ended")
    found = refused(session, Refusal, "is discontinued", lambda: release(session, people, worksheet))
    assert "record each as rejected or as quarantined" in found.sentence

    inspect(session, people, one, REJECT, reason="the order ended")
    release(session, people, worksheet)

    assert {bag.status for bag in worksheet.bags} == {BagStatus.REJECTED}
    assert worksheet.status is WorksheetStatus.CLOSED
    assert "0 labels applied (2 rejected without)" in last_entry(session).details


def test_a_quarantined_bag_of_an_ended_order_can_only_be_rejected(session, people, version):
    worksheet = labelled_bags(session, people, version, bags=1)
    (bag,) = worksheet.bags
    inspect(session, people, bag, QUARANTINE, reason="a haze")
    release(session, people, worksheet)
    move(session, version, ORDER_MOVES, OrderStatus.ON_HOLD, what="an order", by=people("paula"), at=START)
    session.flush()

    refused(session, Refusal, "is on hold", lambda: settle(session, people, bag))
    assert settle(session, people, bag, outcome=REJECT).status is BagStatus.REJECTED


def test_a_page_that_no_longer_holds_is_not_signed(session, people, version):
    worksheet = inspected_bags(session, people, version)
    seen = actions.digest_of_page(worksheet)
    actions.ensure_page_holds(worksheet, seen=seen)

    inspect(session, people, worksheet.bags[0], REJECT, reason="a fibre", by="paula")

    refused(session, Refusal, "while you read", lambda: actions.ensure_page_holds(worksheet, seen=seen))


def test_a_released_bag_is_put_in_quarantine_and_settled_again(session, people, version):
    worksheet = released_bags(session, people, version)
    bag, other = worksheet.bags

    def hold(by="tina", reason="left in a warm car"):
        return actions.quarantine_bag(session, bag, reason=reason, by=people(by), at=LATER)

    refused(session, Forbidden, "may not compound", lambda: hold(by="nora"))
    refused(session, InvalidInput, "Give the reason", lambda: hold(reason=" "))
    hold()
    entry = last_entry(session)
    assert (entry.action, entry.reason) == ("put a bag in quarantine", "left in a warm car")
    refused(session, Refusal, "is quarantined; only a released bag", hold)
    refused(session, Refusal, "is quarantined; it is not destroyed here",
            lambda: actions.destroy_bag(session, bag, reason="x", by=people("peter"), at=LATER))  # fmt: skip

    settle(session, people, bag, reason="it was never out")

    assert bag.status is other.status is BagStatus.RELEASED
    assert worksheet.status is WorksheetStatus.CLOSED


def test_a_bag_is_destroyed_by_a_pharmacist_with_the_reason(session, people, version):
    worksheet = inspected_bags(session, people, version)
    kept, rejected = worksheet.bags
    paper = reprint_label(session, people, kept)
    actions.apply_label(session, worksheet, kept.serial, by=people("tina"), at=START)
    inspect(session, people, kept)
    inspect(session, people, rejected, REJECT, reason="a fibre")
    release(session, people, worksheet)

    def destroy(bag, by="paula", reason="one too many"):
        return actions.destroy_bag(session, bag, reason=reason, by=people(by), at=LATER)

    refused(session, Forbidden, "may not inspect and release bags", lambda: destroy(kept, by="tina"))
    refused(session, InvalidInput, "Give the reason", lambda: destroy(kept, reason=""))
    for bag in (kept, rejected):
        assert destroy(bag).status is BagStatus.DESTROYED
    assert (last_entry(session).action, last_entry(session).at) == ("destroyed a bag", LATER)
    assert paper.replaced_because == "the bag was destroyed: one too many"
    refused(session, Refusal, "is destroyed; it is not destroyed here", lambda: destroy(kept))
