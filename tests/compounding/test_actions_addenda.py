"""The record as it was signed, its addenda, and complaints that join it later."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pharmacy.accounts.actions import WrongPassword
from pharmacy.audit.chain import digest
from pharmacy.compounding import actions, documents, queries
from pharmacy.domain.complaints import ComplaintKind
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.sample.people import PASSWORD
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.bags import labelled_bags, released_bags
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import started_worksheet

LATER = START + timedelta(days=2)
SAID = {
    "what": "Room",
    "old_value": "Not kept in this system",
    "new_value": "Cleanroom 1",
    "reason": "It was left out.",
}


@pytest.fixture
def worksheet(session, people):
    return released_bags(session, people, order_in_force(session, people))


def add(session, people, worksheet, *, by="tina", password=PASSWORD, **changes):
    return actions.add_addendum(
        session, worksheet, **SAID | changes, password=password, by=people(by), at=LATER
    )


def complain(session, people, bag, *, by="nora", **changes):
    told = {
        "kind": ComplaintKind.ADVERSE_REACTION,
        "received_on": date(2026, 11, 11),
        "complainant": "Basil Larkspur, husband",
        "nature": "Redness at the site.",
        "response": "Told to move the site; prescriber called.",
    }
    return actions.take_complaint(session, bag, **told | changes, by=people(by), at=LATER)


def test_the_record_is_kept_whole_when_the_release_is_signed(session, people, worksheet):
    kept = worksheet.signed_record

    assert kept.signature.id == worksheet.release_id
    assert kept.digest == digest(queries.record_content(worksheet))
    assert queries.list_record_changes(worksheet) == []


def test_an_unsigned_record_is_not_kept_and_takes_no_addendum(session, people):
    worksheet = labelled_bags(session, people, order_in_force(session, people))

    assert worksheet.signed_record is None and queries.list_record_changes(worksheet) is None
    refused(session, Refusal, "record is still open", lambda: add(session, people, worksheet))


def test_an_addendum_is_signed_and_stands_on_the_record(session, people, worksheet):
    addendum = add(session, people, worksheet)

    assert (addendum.signature.printed_name, addendum.at) == ("Tina Tallgrass", LATER)
    assert "Addendum" in addendum.signature.meaning and len(addendum.signature.digest) == 64
    entry = last_entry(session)
    assert (entry.action, entry.reason) == ("added an addendum", "It was left out.")
    facts = queries.get_record_facts(session, worksheet, at=LATER)
    record = documents.write_record(worksheet, facts)
    assert [(one.what, one.old_value, one.new_value) for one in record.addenda] == [
        ("Room", "Not kept in this system", "Cleanroom 1"),
    ]
    assert [one.what for one in facts.list_later(worksheet)] == ["Addendum: Room"]
    assert facts.changed == []


@pytest.mark.parametrize("missing", list(SAID))
def test_an_addendum_says_all_four(session, people, worksheet, missing):
    found = refused(session, InvalidInput, "Enter",
                    lambda: add(session, people, worksheet, **{missing: " "}))  # fmt: skip
    assert found.field == missing


def test_an_addendum_is_refused_without_difference_password_or_right(session, people, worksheet):
    refused(session, InvalidInput, "should differ",
            lambda: add(session, people, worksheet, new_value=f" {SAID['old_value']}"))  # fmt: skip
    refused(session, WrongPassword, "nothing was signed",
            lambda: add(session, people, worksheet, password="wrong"))  # fmt: skip
    refused(session, Forbidden, "may not compound", lambda: add(session, people, worksheet, by="nora"))


def test_a_record_that_was_changed_behind_the_pharmacy_says_where(session, people, worksheet):
    session.flush()
    worksheet.signed_record.content = worksheet.signed_record.content.replace("SMG4417", "SMG0000")
    with session.no_autoflush:
        assert queries.list_record_changes(worksheet) == ["the signed record itself"]
        session.expire(worksheet.signed_record)
    worksheet.bags[0].components[0].lot.supplier = "Somebody else"
    with session.no_autoflush:
        places = queries.list_record_changes(worksheet)
        assert places and all(one.startswith("bags made") and "components" in one for one in places)
        session.rollback()


def test_complaints_join_the_record(session, people, worksheet):
    bag = worksheet.bags[0]
    complaint = complain(session, people, bag)

    assert (complaint.bag_id, complaint.taken_by.username) == (bag.id, "nora")
    assert last_entry(session).action == "took a complaint"
    facts = queries.get_record_facts(session, worksheet, at=LATER)
    (said,) = documents.write_record(worksheet, facts).problems_reported
    assert bag.serial in said and "Redness at the site." in said and "Basil Larkspur" in said
    (later,) = facts.list_later(worksheet)
    assert later.what.startswith("Complaint (adverse reaction) from Basil Larkspur")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"complainant": " "}, "complainant"),
        ({"nature": ""}, "nature"),
        ({"response": " "}, "response"),
        ({"received_on": date(2026, 11, 12)}, "received_on"),
    ],
)
def test_what_is_missing_in_a_complaint_is_named(session, people, worksheet, changes, field):
    found = refused(session, InvalidInput, "Enter",
                    lambda: complain(session, people, worksheet.bags[0], **changes))  # fmt: skip
    assert found.field == field


def test_a_driver_takes_no_complaint_and_none_is_of_a_bag_that_was_not_made(session, people, worksheet):
    refused(session, Forbidden, "may not report",
            lambda: complain(session, people, worksheet.bags[0], by="dan"))  # fmt: skip
    other = started_worksheet(session, people, order_in_force(session, people))
    refused(session, Refusal, "was not made", lambda: complain(session, people, other.bags[0]))


def test_the_database_keeps_what_was_signed(session, people, worksheet):
    add(session, people, worksheet)
    complain(session, people, worksheet.bags[0])
    session.flush()
    for table in ("signed_record", "record_addendum", "complaint"):
        for statement in (f"UPDATE {table} SET id = id + 100", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match=f"{table} rows are never"), session.begin_nested():
                session.execute(text(statement))
