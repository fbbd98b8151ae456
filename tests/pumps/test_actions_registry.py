"""The register of pumps: each move by the right person, recorded, and none that the table does not have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from pharmacy.audit.models import AuditEntry, StatusChange
from pharmacy.domain.errors import Forbidden, InvalidInput, NotFound, Refusal
from pharmacy.domain.statuses import PumpStatus
from pharmacy.patients.models import Patient
from pharmacy.pumps import actions
from pharmacy.pumps.queries import get_pump, list_pumps
from pharmacy.sample.pumps import OLDER_PUMP, OVERDUE_PUMP, READY_PUMP
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.sheets import sample_pump

ENTRY = actions.PumpEntry(
    asset_number="PUMP-0100",
    serial_number="S-1",
    maker="Smiths Medical",
    model="CADD-Solis VIP 2120",
    profile="cadd-solis-vip",
    software_version="4.1",
    administration_set="21-7301",
    air_detector="On, low",
    occlusion_sensor="On",
    low_reservoir="5 mL",
    lock_level="Locked",
    maintenance_due=date(2027, 6, 1),
)


def test_the_sample_register(session):
    pumps = list_pumps(session, site_id=1)

    assert [(one.asset_number, one.status) for one in pumps] == [
        (OLDER_PUMP, PumpStatus.AVAILABLE),
        (OVERDUE_PUMP, PumpStatus.AVAILABLE),
        (READY_PUMP, PumpStatus.AVAILABLE),
    ]
    assert sample_pump(session, OVERDUE_PUMP).maintenance_due < START.date()
    assert all(one.cleaned_on == START.date() for one in pumps)
    assert list_pumps(session, site_id=2) == []
    with pytest.raises(NotFound):
        get_pump(session, pumps[0].id, site_id=2)


def test_a_pumps_life(session, people):
    tina, dan, paula = people("tina"), people("dan"), people("paula")
    patient = session.scalar(select(Patient))

    pump = actions.register_pump(session, ENTRY, by=tina, at=START)
    with pytest.raises(InvalidInput, match="pump-0100 is taken"):
        actions.register_pump(session, replace(ENTRY, asset_number="pump-0100"), by=tina, at=START)
    with pytest.raises(NotFound, match="has not adopted sapphire"):
        actions.register_pump(
            session, replace(ENTRY, asset_number="P", profile="sapphire"), by=tina, at=START
        )
    with pytest.raises(Refusal, match="cannot become with patient"):
        actions.hand_over_pump(session, pump, patient, by=dan, at=START)
    actions.clean_pump(session, pump, by=tina, at=START)
    assert (pump.status, pump.cleaned_on) == (PumpStatus.AVAILABLE, START.date())
    actions.hand_over_pump(session, pump, patient, by=dan, at=START)
    with pytest.raises(Refusal, match="not at the pharmacy"):
        actions.record_maintenance(session, pump, next_due=date(2028, 1, 1), note="x", by=tina, at=START)
    actions.take_back_pump(session, pump, by=tina, at=START)
    with pytest.raises(Refusal, match="is not with a patient"):
        actions.take_back_pump(session, pump, by=tina, at=START)
    assert (pump.patient_id, pump.cleaned_on) == (None, None)
    actions.quarantine_pump(session, pump, reason="dropped", by=tina, at=START)
    with pytest.raises(Forbidden):
        actions.end_quarantine(session, pump, reason="tested", by=tina, at=START)
    actions.end_quarantine(session, pump, reason="tested", by=paula, at=START)
    with pytest.raises(Refusal, match="is not in quarantine"):
        actions.end_quarantine(session, pump, reason="tested", by=paula, at=START)
    for due, note, sentence in (
        (START.date(), "x", "should be due after"),
        (START.date() + timedelta(days=1), " ", "who maintained the pump"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            actions.record_maintenance(session, pump, next_due=due, note=note, by=tina, at=START)
    actions.record_maintenance(session, pump, next_due=date(2028, 1, 1), note="passed", by=tina, at=START)
    assert pump.maintenance_due == date(2028, 1, 1)
    with pytest.raises(InvalidInput, match="Give the reason"):
        actions.retire_pump(session, pump, reason="", by=tina, at=START)
    actions.retire_pump(session, pump, reason="recalled by the maker", by=tina, at=START)

    moves = session.scalars(
        select(StatusChange).where(StatusChange.record_type == "pump", StatusChange.record_id == pump.id)
    ).all()
    assert [one.to_status for one in moves] == [
        *("cleaning", "available", "with_patient", "cleaning", "quarantined", "cleaning", "retired"),
    ]
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.record_type == "pump", AuditEntry.record_id == pump.id)
    ).all()
    assert len(entries) == 8 and entries[-1].reason == "recalled by the maker"
    with pytest.raises(Refusal, match="cannot become"):
        actions.quarantine_pump(session, pump, reason="x", by=tina, at=START)
    for who in ("dan", "nora", "ada", "arlo"):
        with pytest.raises(Forbidden):
            actions.register_pump(session, ENTRY, by=people(who), at=START)


def test_the_list_costs_the_same_on_few_pumps_and_on_many(session, people, database):
    def show():
        session.expire_all()
        with counted_statements(database) as seen:
            for one in list_pumps(session, site_id=1):
                assert one.asset_number and (one.patient is None or one.patient.name)
        return len(seen)

    few = show()
    for number in range(8):
        entry = replace(ENTRY, asset_number=f"PUMP-02{number:02}")
        pump = actions.register_pump(session, entry, by=people("tina"), at=START)
        pump.patient = session.scalar(select(Patient))

    assert show() == few
