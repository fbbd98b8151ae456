"""Reports: counted from the records of the days asked for, in as many statements whatever there is."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pharmacy.audit.actions import record_refusal
from pharmacy.compounding import actions
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.interception import NOISE, Cause, RefusalKind
from pharmacy.reports.queries import REPORTS, Span, read_span
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.bags import released_bags
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import make_bag, scan_all, started_worksheet

ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 9)
THAT_DAY = Span(TODAY, TODAY, ZONE)


def tables(session, name, span=THAT_DAY, site_id=1):
    report = REPORTS[name].read(session, span, site_id=site_id)
    return {table.title: [list(row) for row in table.rows] for table in report.tables}


@pytest.fixture
def released(session, people):
    """Make, inspect and release two bags: at 09:00 at the site, inspected an hour later."""
    return released_bags(session, people, order_in_force(session, people), bags=2)


def test_work_is_counted_by_person_and_by_hour(session, released):
    found = tables(session, "work")

    # Two bags, each with its diluent and one vial; the second vial of 10 mL serves the second bag too.
    scans = len(released.scans)
    assert found["By person"] == [
        ["Peter Pomfret", 0, 0, 0, 2],
        ["Theo Thimble", 0, 0, 2, 0],
        ["Tina Tallgrass", 2, scans, 0, 0],
    ]
    assert found["By hour of the day"] == [["09:00", 2, scans, 2, 0], ["10:00", 0, 0, 0, 2]]
    assert found["Each person by hour, all kinds of work together"] == [
        ["Peter Pomfret", 0, 2],
        ["Theo Thimble", 2, 0],
        ["Tina Tallgrass", 2 + scans, 0],
    ]


def test_the_turnaround_of_a_closed_worksheet(session, released):
    found = tables(session, "turnaround")

    assert found["Minutes by stage"] == [
        ["Opened, waiting for the check", 1, 0, 0, 0],
        ["Checked, waiting for the bench", 1, 0, 0, 0],
        ["In preparation", 1, 0, 0, 0],
        ["Waiting for inspection and release", 1, 60, 60, 60],
        ["Whole way, opened to decided", 1, 60, 60, 60],
    ]
    assert found["Decided on by the time they were needed"] == [["In time", 1], ["Late", 0]]


@pytest.mark.parametrize("name", REPORTS)
def test_other_days_and_other_sites_are_empty(session, released, name):
    before = Span(TODAY - timedelta(days=1), TODAY - timedelta(days=1), ZONE)
    after = Span(TODAY + timedelta(days=1), TODAY + timedelta(days=1), ZONE)

    for found in (
        tables(session, name, before),
        tables(session, name, after),
        tables(session, name, site_id=2),
    ):
        assert [rows for rows in found.values() if rows] == []


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_costs_the_same_statements_whatever_there_is(database, session, people, name):
    sent = []
    for _ in range(2):
        with counted_statements(database) as seen:
            tables(session, name)
        sent.append(len(seen))
        released_bags(session, people, order_in_force(session, people), bags=3)
    with counted_statements(database) as seen:
        tables(session, name)

    assert {*sent, len(seen)} == {sent[0]}


def test_a_day_is_the_site_s_day_through_a_change_of_clocks():
    span = Span(date(2026, 11, 1), date(2026, 11, 1), ZONE)

    assert (span.starts, span.ends) == (
        datetime(2026, 11, 1, 4, tzinfo=UTC),
        datetime(2026, 11, 2, 5, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("", "", (date(2026, 10, 11), TODAY)),
        ("2026-11-01", "", (date(2026, 11, 1), TODAY)),
        ("", "2026-01-31", (date(2026, 1, 2), date(2026, 1, 31))),
        (" 2025-11-09 ", "2026-11-09", (date(2025, 11, 9), TODAY)),
    ],
)
def test_days_that_are_left_out(first, last, days):
    span = read_span(first, last, zone=ZONE, at=START)

    assert (span.first, span.last) == days


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        ("2026-11-10", "2026-11-09", "first", "not lie after the last"),
        ("2025-11-08", "2026-11-09", "first", "at most 366 days"),
        ("soon", "", "first", "The first day should be a date"),
        ("", "2026-02-30", "last", "The last day should be a date"),
        ("0001-01-01", "0001-01-02", "last", "The last day should be a date"),
        ("", "9999-12-31", "last", "The last day should be a date"),
    ],
)
def test_days_that_are_refused(first, last, field, words):
    with pytest.raises(InvalidInput, match=words) as refusal:
        read_span(first, last, zone=ZONE, at=START)

    assert refusal.value.field == field


def test_waste_by_reason_and_product(session, people):
    version = order_in_force(session, people)
    worksheet = started_worksheet(session, people, version, bags=2)
    first, second = worksheet.bags
    scan_all(session, people, first)
    actions.discard_bag(session, first, reason="the port tore", by=people("tina"), at=START)
    make_bag(session, people, second)
    actions.finish_preparation(session, worksheet, by=people("tina"), at=START)

    found = tables(session, "waste")

    vial, bag = (
        "magnesium sulfate 50% (500 mg/mL), 10 mL single-dose vial",
        "sodium chloride 0.9%, 100 mL bag",
    )
    assert found["Volume wasted by reason"] == [
        ["bag given up", bag, 1, Decimal(100)],
        ["left over when preparation was finished", vial, 1, Decimal(6)],
    ]
    assert found["Used and wasted by product"] == [
        [vial, Decimal(4), Decimal(6), Decimal(60)],
        [bag, Decimal(100), Decimal(100), Decimal(50)],
    ]
    assert found["Bags lost by reason"] == [["given up", "the port tore", 1]]


def test_intercepted_errors_without_the_noise(session, people):
    def refused(kind, by=None, cause=None, hours=0):
        record_refusal(session, kind=kind, tried="POST /x", sentence="No.", by=by and people(by),
                       at=START + timedelta(hours=hours), cause=cause)  # fmt: skip

    refused(RefusalKind.SCAN, "tina", Cause.EXPIRED_LOT)
    refused(RefusalKind.SCAN, "tina", Cause.EXPIRED_LOT, hours=1)
    refused(RefusalKind.SCAN, "theo", Cause.WRONG_PRODUCT)
    refused(RefusalKind.RULE, "theo")
    for noise in NOISE:
        refused(noise, "tina")
    session.flush()

    found = tables(session, "errors")

    assert found["By what was wrong"] == [
        ["expired lot", "An expired lot was kept out of a bag.", 2],
        ["rule, no cause recorded", "", 1],
        ["wrong product", "A wrong product was kept out of a bag.", 1],
    ]
    assert found["By person"] == [
        ["Theo Thimble", "rule, no cause recorded", 1],
        ["Theo Thimble", "wrong product", 1],
        ["Tina Tallgrass", "expired lot", 2],
    ]
    assert found["By hour of the day"] == [["09:00", 3], ["10:00", 1]]
