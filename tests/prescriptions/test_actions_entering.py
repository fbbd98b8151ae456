"""Entering, correcting and withdrawing orders."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from pharmacy.audit.models import AuditEntry, StatusChange
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import Forbidden, InvalidInput, NotFound, Refusal
from pharmacy.domain.statuses import FormulaStatus, OrderStatus
from pharmacy.formulary.queries import list_formulas
from pharmacy.prescriptions.actions import correct_order, enter_order, send_back, withdraw_order
from pharmacy.prescriptions.models import Order, OrderVersion
from tests.conftest import START
from tests.therapy.orders import entered_order, main_patient, order_entry, order_in_force

LATER = START + timedelta(hours=1)


def counts(session):
    return [
        session.scalar(select(func.count()).select_from(table))
        for table in (Order, OrderVersion, AuditEntry, StatusChange)
    ]


def last_entry(session):
    return session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))


def test_an_order_is_entered_under_a_new_number_and_waits(session, people):
    version = entered_order(session, people, frequency_as_written="every two out of three days")

    assert (version.order.rx_number, version.version, version.status) == ("1000002", 1, OrderStatus.ENTERED)
    assert (version.frequency, version.frequency_as_written) == (
        "2 of every 3 days",
        "every two out of three days",
    )
    assert (version.drug, version.diluent) == ("magnesium sulfate", "0.9% sodium chloride")
    assert (version.dose_mg, version.infusion_hours) == (Decimal(2000), Decimal(10))
    assert version.verification is None and version.replaces_id is None
    entry = last_entry(session)
    assert (entry.action, entry.person_name, entry.at) == ("entered an order", "Tina Tallgrass", START)
    assert json.loads(entry.details)["rx"] == "1000002"
    (born,) = list_history(session, "order_version", version.id)
    assert (born.from_status, born.to_status, born.person.username) == (None, "entered", "tina")


PROBLEMS = [
    ({"dose_mg": Decimal(3000)}, "dose"),
    ({"frequency_as_written": "QD"}, "frequency_as_written"),
    ({"device": "cadd-unheard-of"}, "device"),
    ({"diagnosis": "  "}, "diagnosis"),
    ({"off_label_reason": ""}, "off_label_reason"),
]


def test_an_order_with_a_problem_is_refused_and_nothing_is_kept(session, people):
    before = counts(session)

    for changes, field in PROBLEMS:
        with pytest.raises(InvalidInput) as refused:
            entered_order(session, people, **changes)
        assert refused.value.field == field

    assert counts(session) == before


def test_an_order_by_a_draft_or_foreign_record_is_refused(session, people):
    draft = next(one for one in list_formulas(session, site_id=1) if one.status is FormulaStatus.DRAFT)
    with pytest.raises(InvalidInput, match="formula is draft"):
        entered_order(session, people, formula_id=draft.id, dose_mg=draft.dose_mg)
    # The sample's formula is in effect from the day of START.
    with pytest.raises(InvalidInput, match="not in effect yet"):
        enter_order(session, order_entry(session), by=people("tina"), at=START - timedelta(days=1))
    for name in ("formula_id", "patient_id", "prescriber_id"):
        with pytest.raises(NotFound):
            entered_order(session, people, **{name: 999_999})


def test_only_technicians_and_pharmacists_enter_orders(session, people):
    for username in ("nora", "dan", "ada", "arlo"):
        with pytest.raises(Forbidden):
            enter_order(session, order_entry(session), by=people(username), at=START)


def test_a_sent_back_order_is_corrected_with_its_old_and_new_values(session, people):
    version = entered_order(session, people)
    send_back(session, version, reason="Every day, or 2 of 3?", by=people("paula"), at=START)

    correct_order(
        session,
        version,
        order_entry(session, frequency_as_written="2 of 3 days"),
        reason="Dr Nephridge meant 2 of 3",
        by=people("theo"),
        at=LATER,
    )

    assert (version.status, version.frequency, version.entered_by.username, version.entered_at) == (
        OrderStatus.ENTERED,
        "2 of every 3 days",
        "theo",
        LATER,
    )
    entry = last_entry(session)
    assert (entry.action, entry.reason) == ("corrected an order", "Dr Nephridge meant 2 of 3")
    assert json.loads(entry.details)["changed"] == {
        "frequency": ["daily", "2 of every 3 days"],
        "frequency_as_written": ["daily", "2 of 3 days"],
    }
    statuses = [one.to_status for one in list_history(session, "order_version", version.id)]
    assert statuses == ["entered", "sent_back", "entered"]


def test_a_correction_is_refused_for_the_wrong_order(session, people):
    version = entered_order(session, people)
    entry = order_entry(session)
    with pytest.raises(Refusal, match="that is entered cannot become entered"):
        correct_order(session, version, entry, reason="x", by=people("tina"), at=LATER)
    send_back(session, version, reason="dose", by=people("paula"), at=START)
    before = counts(session)

    with pytest.raises(InvalidInput) as refused:
        correct_order(session, version, entry, reason=" ", by=people("tina"), at=LATER)
    assert refused.value.field == "reason"
    other = order_entry(session, patient_id=main_patient(session).id + 1)
    with pytest.raises(Refusal, match="another patient's"):
        correct_order(session, version, other, reason="x", by=people("tina"), at=LATER)
    bad = order_entry(session, sites=0)
    with pytest.raises(InvalidInput):
        correct_order(session, version, bad, reason="x", by=people("tina"), at=LATER)

    assert counts(session) == before and version.status is OrderStatus.SENT_BACK


def test_an_order_that_nobody_verified_is_withdrawn(session, people):
    version = entered_order(session, people)

    for reason in (" ", "SC was meant"):
        with pytest.raises(InvalidInput) as refused:
            withdraw_order(session, version, reason=reason, by=people("tina"), at=LATER)
        assert refused.value.field == "reason" and version.status is OrderStatus.ENTERED
    withdraw_order(session, version, reason="entered twice", by=people("tina"), at=LATER)

    assert version.status is OrderStatus.WITHDRAWN
    assert (last_entry(session).action, last_entry(session).reason) == ("withdrew an order", "entered twice")
    assert entered_order(session, people).order.rx_number == "1000003"


def test_an_order_in_force_is_neither_withdrawn_nor_corrected(session, people):
    version = order_in_force(session, people)

    with pytest.raises(Refusal, match="in force cannot become withdrawn"):
        withdraw_order(session, version, reason="x", by=people("tina"), at=LATER)
    with pytest.raises(Refusal, match="in force cannot become entered"):
        correct_order(session, version, order_entry(session), reason="x", by=people("tina"), at=LATER)
