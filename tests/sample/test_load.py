"""The sample pharmacy: loaded once, dated from the day of the load, with the therapy's numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from pharmacy.audit.chain import find_break
from pharmacy.audit.models import AuditEntry
from pharmacy.audit.queries import get_head, iterate_entries
from pharmacy.domain.statuses import OrderStatus
from pharmacy.patients.models import Patient
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import ensure_in_force
from pharmacy.sample.load import load_sample
from tests.conftest import START


def test_a_second_load_changes_nothing_and_the_chain_holds(session):
    before = session.scalar(select(func.count()).select_from(AuditEntry))

    assert load_sample(session, at=START, cost="cheapest") is False

    assert session.scalar(select(func.count()).select_from(AuditEntry)) == before
    head, key = get_head(session), session.info["audit_key"]
    assert find_break(iterate_entries(session), key=key, head=head) is None


def test_the_main_patient_has_no_order_and_the_quiet_one_has_one_in_force(session):
    (version,) = session.scalars(select(OrderVersion)).all()

    assert version.order.patient.family_name == "Quince" and version.status is OrderStatus.IN_FORCE
    assert version.frequency == "weekly on Monday, Wednesday, Friday"
    assert (version.entered_by.username, version.verification.printed_name) == ("tina", "Paula Penhallow")
    ensure_in_force(session, version, at=START)


@pytest.mark.parametrize("at", ["2027-01-01T03:00", "2028-02-29T12:00", "2026-12-31T23:59"])
def test_any_day_of_load_gives_a_patient_of_46(empty_database, at):
    loaded_at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    with empty_database.transaction() as session:
        assert load_sample(session, at=loaded_at, cost="cheapest")
        patient = session.scalar(select(Patient).where(Patient.record_number == "P-1001"))
        today = loaded_at.date()
        had_birthday = (today.month, today.day) >= (patient.born.month, patient.born.day)
        assert today.year - patient.born.year - (not had_birthday) == 46
