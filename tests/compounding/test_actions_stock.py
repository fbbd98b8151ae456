"""Bags for stock: made without a patient, given to an order, compared, and taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pharmacy.audit.models import AuditEntry
from pharmacy.compounding import actions, documents, queries
from pharmacy.domain.deviations import DeviationKind, Gravity
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.sample.people import PASSWORD
from tests.compounding.fingerprint import refused
from tests.conftest import START
from tests.therapy.bags import changed_order, released_bags
from tests.therapy.formulas import approved_formula
from tests.therapy.orders import order_in_force
from tests.therapy.stock_bags import (
    REASON,
    allocated,
    compared,
    labelled_stock,
    relabelled,
    stock,
    stock_worksheet,
    the_formula,
)
from tests.therapy.worksheets import start


def open_stock(session, people, **changes):
    values = {"bag_count": 2, "needed_at": START + timedelta(hours=4), "reason": REASON, "by": people("tina")}
    formula = changes.pop("formula", None) or the_formula(session, people)
    return actions.open_stock_worksheet(session, formula, **values | changes, at=START)


def last_action(session):
    return session.scalar(select(AuditEntry.action).order_by(AuditEntry.number.desc()).limit(1))


def test_a_worksheet_for_stock_has_no_patient_order_or_rate(session, people):
    worksheet = open_stock(session, people)

    assert (worksheet.patient, worksheet.order_version, worksheet.rate_ml_per_h) == (None, None, None)
    assert (worksheet.stock_reason, worksheet.is_stock) == (REASON, True)
    assert [(bag.patient_id, bag.is_free_stock) for bag in worksheet.bags] == [(None, True)] * 2
    assert "Rate" not in worksheet.working
    assert queries.worksheet_content(worksheet)["stock"] == REASON


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bag_count": 0}, "Make 1 to 250 bags"),
        ({"bag_count": 251}, "Make 1 to 250 bags"),
        ({"reason": " "}, "Say why these bags are made"),
        ({"needed_at": START}, "later than now"),
    ],
)
def test_opening_for_stock_refuses_what_is_missing_or_out_of_range(session, people, changes, words):
    refused(session, InvalidInput, words, lambda: open_stock(session, people, **changes))


def test_stock_is_made_with_lots_that_do_not_shorten_its_date(session, people):
    worksheet = stock_worksheet(session, people, bags=3)

    start(session, people, worksheet)

    assert worksheet.beyond_use_limited_by != "component expiry"
    assert all(one.lot.expires_at > worksheet.beyond_use_at for one in worksheet.proposed_lots)


def test_bags_are_released_into_stock_under_a_label_that_says_so(session, people):
    worksheet = labelled_stock(session, people)
    said = worksheet.bags[0].labels[0].said

    bags = stock(session, people, bags=1)

    assert "NOT FOR A PATIENT YET: allocate and label before dispensing" in said
    assert "Start before: " in said
    assert "Diluent: 0.9% sodium chloride\n" in said
    assert "Drug: magnesium sulfate\n" in said and "Concentration: 18.018" in said
    assert worksheet.bags[0].labels[0].order_version_id is None
    assert (bags[0].status, bags[0].worksheet.status) == (BagStatus.RELEASED, WorksheetStatus.CLOSED)
    assert queries.count_stock(session, site_id=people("tina").site_id, at=START) == [
        ("MG-2G-100", bags[0].worksheet.formula.name, 1, 1)
    ]


def test_a_bag_of_stock_becomes_a_patients_only_by_allocation_label_and_comparison(session, people):
    version = order_in_force(session, people)
    first, second = stock(session, people)

    allocated(session, people, version, [first, second])
    relabelled(session, people, [first, second])
    compared(session, people, [first, second])

    assert (first.patient, first.order_version, first.status) == (
        version.order.patient,
        version,
        BagStatus.RELEASED,
    )
    assert first.get_rate() == released_bags(session, people, version, bags=1).get_rate()
    stock_copy, own = first.labels
    assert stock_copy.destroyed_because == f"covered by the label of {version.order.patient.name}"
    assert (own.order_version_id, own.applied) == (version.id, True)
    assert f"Patient name: {version.order.patient.name}" in own.said
    assert "Bag: 1\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}2" in own.said
    assert "Bag: 2\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}2" in second.labels[1].said
    assert first.allocation.check.person_id == people("peter").id
    assert first.allocation.check_id == second.allocation.check_id


def test_a_bag_that_is_taken_is_not_allocated_again(session, people):
    version = order_in_force(session, people)
    bags = allocated(session, people, version, stock(session, people, bags=1))

    refused(
        session,
        Refusal,
        "no longer in stock: Tina .* allocated it to",
        lambda: allocated(session, people, version, bags),
    )


def test_an_open_deviation_holds_a_bag_of_stock_back_from_allocation_and_comparison(session, people):
    version = order_in_force(session, people)
    given, kept = stock(session, people)
    allocated(session, people, version, [given])
    relabelled(session, people, [given])
    deviation = open_deviation_on(session, people, given.worksheet)

    held = f"Deviation {deviation.serial} holds bag {kept.serial} back"
    refused(session, Refusal, held, lambda: allocated(session, people, version, [kept]))
    held = f"open deviation {deviation.serial}"
    refused(session, Refusal, held, lambda: compared(session, people, [given]))


def open_deviation_on(session, people, worksheet):
    event = actions.Event(
        kind=DeviationKind.INSPECTION_FAILED,
        gravity=Gravity.MAJOR,
        happened_at=START,
        what="A fibre was seen near a port.",
        immediate_action="All bags were looked at.",
    )
    return actions.open_deviation(
        session, event, worksheet=worksheet, bags=(), lots=(), by=people("tina"), at=START
    )


def test_stock_of_a_replaced_version_keeps_no_longer_date_than_the_version_in_force_gives(session, people):
    version = order_in_force(session, people)
    first, second = stock(session, people)
    approved_formula(session, people, precautions="High-alert. Two people look at every bag.")
    allocated(session, people, version, [first])
    approved_formula(session, people, house_limit_days=1)

    refused(
        session,
        Refusal,
        f"Bag {second.serial} was made by version 1 .*; by version 3, which is in force, it is to be started "
        "before .* Shorten its date first",
        lambda: allocated(session, people, version, [second]),
    )
    until = START + timedelta(days=1)
    actions.shorten_beyond_use(
        session, second, became=until, reason="version 3", by=people("peter"), at=START
    )
    refused(session, Refusal, "label", lambda: allocated(session, people, version, [second]))


def test_a_bag_of_an_order_is_never_allocated(session, people):
    version = order_in_force(session, people)
    bags = released_bags(session, people, version).bags

    refused(session, Refusal, "made for an order", lambda: allocated(session, people, version, bags))


def test_allocation_respects_order_quantity_and_date(session, people):
    bags = stock(session, people, bags=2)
    version = order_in_force(session, people, bags_authorised=1)
    late = bags[0].beyond_use_at

    refused(session, Refusal, "still authorises 1 bag", lambda: allocated(session, people, version, bags))
    refused(
        session,
        Refusal,
        "date of bag .* has passed",
        lambda: allocated(session, people, version, bags[:1], at=late),
    )
    with pytest.raises(Forbidden):
        actions.allocate_bags(
            session, version, [(bags[0], None)], spare_until=START, by=people("dan"), at=START
        )
    for_dose = [(bags[0], late)]
    refused(
        session,
        Refusal,
        "no longer be started when it is needed",
        lambda: actions.allocate_bags(
            session, version, for_dose, spare_until=START, by=people("tina"), at=START
        ),
    )
    changed_order(session, people, version, "every other day")
    refused(session, Refusal, "was replaced", lambda: allocated(session, people, version, bags[:1]))


def test_an_undone_allocation_returns_the_bag_to_stock_and_voids_its_label(session, people):
    version = order_in_force(session, people)
    (bag,) = allocated(session, people, version, stock(session, people, bags=1))
    relabelled(session, people, [bag])

    refused(
        session,
        InvalidInput,
        "Give the reason",
        lambda: actions.undo_allocation(session, bag, reason=" ", by=people("theo"), at=START),
    )
    actions.undo_allocation(session, bag, reason="the order changed", by=people("theo"), at=START)

    assert (bag.patient_id, bag.order_version_id, bag.allocation) == (None, None, None)
    assert queries.find_label_in_use(bag) is None
    assert bag.labels[-1].destroyed_because == "the allocation was undone: the order changed"
    assert last_action(session) == "undid an allocation"
    refused(
        session,
        Refusal,
        "No stock label that holds",
        lambda: allocated(session, people, version, [bag]),
    )


def test_a_returned_bag_gets_a_stock_label_again_and_may_go_to_somebody_else(session, people):
    version = order_in_force(session, people)
    (bag,) = allocated(session, people, version, stock(session, people, bags=1))
    relabelled(session, people, [bag])
    actions.undo_allocation(session, bag, reason="not needed", by=people("tina"), at=START)

    press = documents.press_for_bag(session, bag, at=START)
    actions.reprint_bag_label(session, bag, press=press, reason="back in stock", by=people("tina"), at=START)
    with pytest.raises(Forbidden):
        actions.apply_label(session, bag.worksheet, bag.serial, by=people("tina"), at=START)
    actions.apply_label(session, bag.worksheet, bag.serial, by=people("peter"), at=START)
    allocated(session, people, version, [bag])
    relabelled(session, people, [bag])
    compared(session, people, [bag])

    assert [one.undone_because for one in bag.allocations] == ["not needed", None]
    assert bag.allocation.check_id is not None


def test_a_packed_bag_does_not_come_back_into_stock(session, people):
    version = order_in_force(session, people)
    (bag,) = allocated(session, people, version, stock(session, people, bags=1))
    relabelled(session, people, [bag])
    bag.status = BagStatus.PACKED
    session.flush()

    refused(
        session,
        Refusal,
        "is packed. Only a bag that lies at the pharmacy",
        lambda: actions.undo_allocation(session, bag, reason="x", by=people("tina"), at=START),
    )


def test_the_comparison_is_another_pharmacists_and_needs_the_patients_label_on_the_bag(session, people):
    version = order_in_force(session, people)
    (bag,) = allocated(session, people, version, stock(session, people, bags=1))

    def check(by):
        return lambda: actions.check_allocations(session, [bag], password=PASSWORD, by=people(by), at=START)

    refused(session, Refusal, "still carries its stock label", check("peter"))
    press = documents.press_for_allocated(session, [bag], at=START)
    actions.print_allocated_labels(session, bag.allocation, [bag], press=press, by=people("paula"), at=START)
    refused(session, Refusal, "no label was scanned on the bag", check("peter"))
    actions.apply_label(session, bag.worksheet, bag.serial, by=people("paula"), at=START)
    refused(session, Refusal, "You allocated or labelled these bags", check("paula"))
    refused(session, Forbidden, "may not inspect and release bags", check("tina"))
    check("peter")()
    refused(session, Refusal, "No bag from stock waits", check("peter"))


FORBIDDEN = {
    "UPDATE bag SET order_version_id = NULL, patient_id = NULL": "is made for whom it is made",
    "UPDATE bag SET order_version_id = 99, patient_id = 99 WHERE patient_id IS NULL": "is made for whom",
    "UPDATE bag_allocation SET rate_ml_per_h = 1": "bag_allocation is frozen",
    "DELETE FROM bag_allocation": "bag_allocation rows are never removed",
}


def test_the_database_lets_a_bag_change_hands_only_by_an_allocation(session, people):
    version = order_in_force(session, people)
    bags = stock(session, people, bags=2)
    allocated(session, people, version, bags[:1])
    session.flush()

    for statement, words in FORBIDDEN.items():
        with pytest.raises(DBAPIError, match=words), session.begin_nested():
            session.execute(text(statement))
    statement = f"UPDATE bag SET status = 'packed' WHERE id = {bags[1].id}"
    with pytest.raises(DBAPIError, match="leaves_for_somebody"), session.begin_nested():
        session.execute(text(statement))
