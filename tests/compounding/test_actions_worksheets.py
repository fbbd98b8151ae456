"""The check, the start with its frozen beyond-use date, further lots, and cancelling."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.accounts.actions import WrongPassword
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Role
from pharmacy.audit.chain import digest
from pharmacy.audit.queries import list_history
from pharmacy.compounding import actions, queries
from pharmacy.domain.beyond_use import Category
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.inventory.actions import open_container, quarantine_lot
from pharmacy.inventory.models import Lot, OpenedContainer
from pharmacy.inventory.queries import Balance, get_balances
from pharmacy.sample.facility import CLEANROOM_HOOD
from pharmacy.sample.people import PASSWORD
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.bags import changed_order
from tests.therapy.formulas import approved_formula
from tests.therapy.orders import order_in_force
from tests.therapy.stock import receive_lot
from tests.therapy.worksheets import (
    checked_worksheet,
    hood_called,
    make_bag,
    open_worksheet,
    scan_all,
    started_worksheet,
)

DAY = timedelta(days=1)


def lot_of(session, number):
    return session.scalar(select(Lot).where(Lot.number == number))


def check(session, worksheet, by, *, password=PASSWORD, at=START):
    return lambda: actions.check_worksheet(session, worksheet, password=password, by=by, at=at)


def start(session, worksheet, by, *, at=START):
    control = hood_called(session, CLEANROOM_HOOD)
    return lambda: actions.start_preparation(
        session, worksheet, control=control, accepts=Category.TWO, by=by, at=at
    )


def test_the_check_signs_everything_the_worksheet_says(session, people):
    worksheet = open_worksheet(session, people, order_in_force(session, people))
    refused(session, Forbidden, "technician may not check", check(session, worksheet, people("theo")))
    refused(session, WrongPassword, "not right", check(session, worksheet, people("paula"), password="x"))

    check(session, worksheet, people("paula"))()

    signature = worksheet.check
    assert (worksheet.status, signature.printed_name) == (WorksheetStatus.CHECKED, "Paula Penhallow")
    assert signature.signed_at == START and "before preparation" in signature.meaning
    session.expire_all()
    again = queries.get_worksheet(session, worksheet.id, site_id=worksheet.site_id)
    content = queries.worksheet_content(again)
    assert digest(content) == signature.digest
    text = json.dumps(content)
    for part in ("SMG4417", "18.018018", "10.5", "MG-2G-100", "daily", *(bag.serial for bag in again.bags)):
        assert part in text, part
    assert last_entry(session).action == "checked a worksheet"
    refused(session, Refusal, "checked cannot become checked", check(session, worksheet, people("peter")))


def test_another_pharmacist_checks_than_the_one_who_opened(session, people):
    version = order_in_force(session, people)
    worksheet = actions.open_worksheet(session, version, bag_count=1, doses=[None], needed_at=START + DAY,
                                       by=people("paula"), at=START)  # fmt: skip
    own = check(session, worksheet, people("paula"))
    refused(session, Refusal, "You opened this worksheet; another pharmacist checks it", own)
    people("paula").site.sole_pharmacist = True
    refused(session, Refusal, "another pharmacist", own)
    for person in session.scalars(
        select(Person).where(Person.role != Role.TECHNICIAN, Person.username != "paula")
    ):
        person.active = False
    own()
    assert worksheet.status is WorksheetStatus.CHECKED


@pytest.mark.parametrize("when", ["check", "start"])
def test_what_changed_since_it_was_opened_stops_it(session, people, when):
    version = order_in_force(session, people)
    make = open_worksheet if when == "check" else checked_worksheet
    worksheet = make(session, people, version, bags=3)
    act = (
        check(session, worksheet, people("paula"))
        if when == "check"
        else start(session, worksheet, people("tina"))
    )

    diluent = lot_of(session, "SNC0821")
    for _ in range(2):
        open_container(session, diluent, worksheet_id=1, bag_id=1, by=people("theo"), at=START)
    refused(session, Refusal, "3 containers of sodium chloride 0.9%, 100 mL bag needed, 2 left", act)
    receive_lot(session, diluent.product, number="SNC0821", expiry=diluent.expiry, containers=1,
                by=people("tina"), at=START)  # fmt: skip
    quarantine_lot(session, lot_of(session, "SMG4417"), reason="x", by=people("tina"), at=START)
    refused(session, Refusal, "Lot SMG4417 .* is in quarantine. Cancel this worksheet", act)
    changed_order(session, people, version, "every two out of three days")
    refused(session, Refusal, "was replaced by version 2", act)


def test_the_start_freezes_the_beyond_use_date_with_its_limits(session, people):
    worksheet = checked_worksheet(session, people, order_in_force(session, people), bags=3)
    refused(session, Forbidden, "nurse may not compound", start(session, worksheet, people("nora")))

    at = START + timedelta(hours=2)
    start(session, worksheet, people("tina"), at=at)()

    short = lot_of(session, "SNC0821").expires_at
    assert (worksheet.started_at, worksheet.started_by.username) == (at, "tina")
    assert (worksheet.beyond_use_at, worksheet.beyond_use_limited_by) == (short, "component")
    assert {bag.beyond_use_at for bag in worksheet.bags} == {short}
    limits = queries.list_frozen_limits(worksheet)
    assert [(one.rule, one.until) for one in limits] == [
        ("component", short),
        ("category", at + 10 * DAY),
        ("stability", at + 14 * DAY),
        ("component", lot_of(session, "SMG4417").expires_at),
    ]
    assert "not checked by a pharmacist" in limits[1].source
    frozen = json.loads(worksheet.beyond_use_limits)
    assert (frozen["table"], frozen["storage"]) == ("usp-797-2023", "refrigerator")
    entry = last_entry(session)
    assert (entry.action, entry.at) == ("started preparation", at)
    assert [one.to_status for one in list_history(session, "worksheet", worksheet.id)] == [
        "proposed", "checked", "in_preparation",
    ]  # fmt: skip
    refused(session, Refusal, "in preparation cannot become in preparation",
            start(session, worksheet, people("theo")))  # fmt: skip


def test_without_a_short_dated_lot_the_category_binds(session, people):
    """Category 2, aseptic, sterile components, not tested, refrigerated: 10 days from the start."""
    version = order_in_force(session, people)
    worksheet = started_worksheet(session, people, version, doses=[None, START + 8 * DAY])

    assert worksheet.beyond_use_limited_by == "category"
    assert worksheet.bags[1].beyond_use_at == START + 10 * DAY


def test_the_house_limit_of_the_formula_binds_when_it_is_sooner(session, people):
    approved_formula(session, people, house_limit_days=3)
    worksheet = started_worksheet(session, people, order_in_force(session, people))

    assert (worksheet.beyond_use_limited_by, worksheet.beyond_use_at) == ("house limit", START + 3 * DAY)


def test_nothing_starts_unchecked(session, people):
    worksheet = open_worksheet(session, people, order_in_force(session, people))

    refused(
        session, Refusal, "proposed cannot become in preparation", start(session, worksheet, people("tina"))
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [("beyond_use_at", START + 30 * DAY), ("started_at", START - DAY), ("beyond_use_limits", "{}")],
)
def test_the_database_keeps_what_was_frozen(session, people, column, value):
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    setattr(worksheet, column, value)

    with pytest.raises(Exception, match="worksheet is frozen and does not change"):
        session.flush()


def test_a_pharmacist_adds_a_lot_when_one_ran_out(session, people):
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    other, known = lot_of(session, "SMG5102"), lot_of(session, "SMG4417")

    def act(lot=other, who="paula", reason="a vial broke"):
        return lambda: actions.add_lot(session, worksheet, lot, reason=reason, by=people(who), at=START)

    refused(session, Forbidden, "technician may not check", act(who="tina"))
    refused(session, InvalidInput, "Give the reason", act(reason=" "))
    refused(session, Refusal, "is on this worksheet already", act(known))
    refused(session, Refusal, "2 mL single-dose vial does not belong", act(lot_of(session, "SMH2090")))
    quarantine_lot(session, other, reason="x", by=people("tina"), at=START)
    refused(session, Refusal, "is in quarantine", act())
    assert [lot.number for lot in queries.list_other_lots(session, worksheet, at=START)] == ["SNC0934"]

    added = act(lot_of(session, "SNC0934"))()

    assert (added.lot.number, added.containers) == ("SNC0934", 0)
    assert last_entry(session).reason == "a vial broke"
    assert queries.list_other_lots(session, worksheet, at=START) == []
    for bag in worksheet.bags:
        make_bag(session, people, bag)
    actions.finish_preparation(session, worksheet, by=people("tina"), at=START)
    refused(session, Refusal, "before preparation ends", act())


def test_cancelling_wastes_what_is_open_and_rejects_what_is_made(session, people):
    worksheet = started_worksheet(session, people, order_in_force(session, people), bags=3)
    make_bag(session, people, worksheet.bags[0])
    scan_all(session, people, worksheet.bags[1])

    def act(who="tina", reason="the order is on hold"):
        return lambda: actions.cancel_worksheet(session, worksheet, reason=reason, by=people(who), at=START)

    refused(session, Forbidden, "may not open worksheets", act("nora"))
    refused(session, InvalidInput, "Give the reason", act(reason=""))

    act()()

    assert (worksheet.status, worksheet.cancelled_because) == (
        WorksheetStatus.CANCELLED,
        "the order is on hold",
    )
    assert [bag.status for bag in worksheet.bags] == [
        BagStatus.REJECTED,
        BagStatus.CANCELLED,
        BagStatus.CANCELLED,
    ]
    vial, diluent = lot_of(session, "SMG4417"), lot_of(session, "SNC0821")
    balances = get_balances(session, [vial.id, diluent.id])
    assert balances == {vial.id: Balance(14, Decimal(140)), diluent.id: Balance(2, Decimal(200))}
    assert not session.scalars(select(OpenedContainer).where(OpenedContainer.discarded_at.is_(None))).all()
    assert (last_entry(session).action, last_entry(session).reason) == (
        "cancelled a worksheet", "the order is on hold",
    )  # fmt: skip
    refused(session, Refusal, "cancelled cannot become cancelled", act())
