"""A bag goes back to the bench for what can be mended from outside, and is inspected again."""

from datetime import timedelta

import pytest

from pharmacy.attachments.models import Attachment
from pharmacy.compounding import actions, queries
from pharmacy.domain.bag_release import InspectionOutcome, ReworkKind
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.sample.people import PASSWORD
from pharmacy.worklist.queries.quality import list_reworks
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.bags import GOOD, inspect, labelled_bags, print_labels, release, reprint_label
from tests.therapy.orders import order_in_force

PASS, REWORK = InspectionOutcome.PASS, InspectionOutcome.REWORK
LATER = START + timedelta(hours=1)
PHOTO = KeptFile("bag.png", "image/png", b"\x89PNG\r\n\x1a\nbytes")


@pytest.fixture
def worksheet(session, people):
    return labelled_bags(session, people, order_in_force(session, people))


def send(session, people, bag, kind=ReworkKind.LABEL, reason="print the label again", **seen):
    inspect(session, people, bag, REWORK, reason=reason, rework=kind, **seen)


def settle(session, people, bag):
    return actions.settle_quarantine(session, bag, **GOOD, outcome=PASS, reason="mended", password=PASSWORD,
                                     by=people("peter"), at=LATER)  # fmt: skip


def finish(session, people, bag, *, note="done", photo=None, by="tina", at=LATER):
    return actions.finish_rework(session, bag, note=note, photo=photo, by=people(by), at=at)


def test_a_torn_label_is_mended_and_the_bag_inspected_again(session, people, worksheet):
    bag, other = worksheet.bags
    inspect(session, people, other)
    send(session, people, bag, label_matches=False)

    assert bag.status is BagStatus.REWORK
    entry = last_entry(session)
    assert (entry.action, entry.reason) == ("sent a bag to rework", "print the label again")
    refused(session, Refusal, "is in rework. Record it as done", lambda: release(session, people, worksheet))
    refused(session, Refusal, "only a bag that is made is inspected",
            lambda: inspect(session, people, bag))  # fmt: skip
    refused(session, Refusal, "bears no new label", lambda: finish(session, people, bag))
    reprint_label(session, people, bag, at=LATER)
    refused(session, Refusal, "bears no new label", lambda: finish(session, people, bag))
    actions.apply_label(session, worksheet, bag.serial, by=people("tina"), at=LATER)
    refused(session, InvalidInput, "what was done", lambda: finish(session, people, bag, note=" "))
    refused(session, Forbidden, "may not compound", lambda: finish(session, people, bag, by="nora"))
    finish(session, people, bag, note="new label put on")

    (rework,) = bag.reworks
    assert (rework.done_by.username, rework.done_note) == ("tina", "new label put on")
    assert bag.status is BagStatus.MADE and last_entry(session).action == "did the rework of a bag"
    refused(session, Refusal, "is not inspected since its rework",
            lambda: release(session, people, worksheet))  # fmt: skip
    refused(session, Refusal, "has no rework to be done", lambda: finish(session, people, bag))
    inspect(session, people, bag, at=LATER)
    release(session, people, worksheet, at=LATER)

    assert {one.status for one in worksheet.bags} == {BagStatus.RELEASED}
    assert worksheet.status is WorksheetStatus.CLOSED


def test_a_missing_photo_is_taken(session, people, worksheet):
    bag = worksheet.bags[0]
    send(session, people, bag, ReworkKind.PHOTO, reason="the photo of the finished bag is missing")

    refused(session, InvalidInput, "Take the photo", lambda: finish(session, people, bag))
    finish(session, people, bag, photo=PHOTO)

    kept = session.get_one(Attachment, bag.reworks[0].photo_id)
    assert (kept.name, kept.patient_id, kept.media_type) == ("bag.png", bag.patient_id, "image/png")


def test_a_doubtful_content_and_a_rework_of_nothing_are_refused(session, people, worksheet):
    bag = worksheet.bags[0]

    refused(session, InvalidInput, "content of this bag is in doubt",
            lambda: send(session, people, bag, no_particles=False))  # fmt: skip
    refused(session, InvalidInput, "does not mend that",
            lambda: send(session, people, bag, closure_intact=False))  # fmt: skip
    refused(session, InvalidInput, "what is to be mended", lambda: send(session, people, bag, None))
    refused(session, InvalidInput, "what is to be done", lambda: send(session, people, bag, reason=""))


def test_who_mended_a_bag_does_not_release_it(session, people, worksheet):
    bag = worksheet.bags[0]
    send(session, people, bag, ReworkKind.PORT_SEAL, reason="seal is crooked", closure_intact=False)
    finish(session, people, bag, by="petra")

    assert people("petra").id in queries.list_compounders(worksheet)
    refused(session, Refusal, "You compounded on this worksheet",
            lambda: inspect(session, people, bag, by="petra", at=LATER))  # fmt: skip


def test_a_rework_that_was_asked_for_is_done_in_quarantine_too(session, people, worksheet):
    bag, other = worksheet.bags
    inspect(session, people, other)
    send(session, people, bag, label_matches=False)
    actions.hold_recalled_bag(session, bag, reason="the lot is in doubt", by=people("peter"), at=LATER)
    release(session, people, worksheet, at=LATER)

    refused(session, Refusal, "its rework is not done", lambda: settle(session, people, bag))
    (waiting,) = list_reworks(session, people("tina"))
    assert waiting.arguments == {"worksheet_id": worksheet.id, "bag_id": bag.id}
    reprint_label(session, people, bag, at=LATER)
    actions.apply_label(session, worksheet, bag.serial, by=people("tina"), at=LATER)
    finish(session, people, bag)
    assert bag.status is BagStatus.QUARANTINED and list(list_reworks(session, people("tina"))) == []
    settle(session, people, bag)

    assert (bag.status, worksheet.status) == (BagStatus.RELEASED, WorksheetStatus.CLOSED)


def test_labels_of_bags_in_rework_are_printed_with_the_others(session, people, worksheet):
    bag = worksheet.bags[0]
    send(session, people, bag, label_matches=False)

    print_labels(session, people, worksheet, reason="wrong paper", at=LATER)

    assert [len(one.labels) for one in worksheet.bags] == [2, 2]
