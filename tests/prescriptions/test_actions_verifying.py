"""Clinical verification: who may, what is needed, what is signed, and what it moves."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pharmacy.accounts.actions import WrongPassword
from pharmacy.accounts.models import Signature
from pharmacy.accounts.permissions import Role
from pharmacy.accounts.queries import list_people
from pharmacy.audit.models import AuditEntry
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.findings import Severity
from pharmacy.domain.statuses import FormulaStatus, OrderStatus
from pharmacy.patients.models import Allergy, AllergyStatus, LabResult, Medication
from pharmacy.prescriptions.actions import (
    correct_order,
    digest_of_page,
    ensure_unchanged,
    send_back,
    verify_order,
    withdraw_order,
)
from pharmacy.prescriptions.queries import (
    ensure_in_force,
    find_version_in_force,
    measure_version,
    screen_version,
)
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.orders import entered_order, main_patient, order_entry, order_in_force, verified

LATER = START + timedelta(hours=1)


def sign(session, version, by, **changes):
    values = {"list_checked": True, "acknowledged": {}, "password": PASSWORD, "at": LATER} | changes
    return verify_order(session, version, by=by, **values)


def signatures(session):
    return len(session.scalars(select(Signature)).all())


def test_a_verified_order_is_in_force_and_what_was_signed_can_be_checked(session, people):
    version = sign(session, entered_order(session, people), people("paula"))

    assert version.status is OrderStatus.IN_FORCE and version.list_checked_at == LATER
    signature = version.verification
    assert (signature.printed_name, signature.signed_at) == ("Paula Penhallow", LATER)
    assert "Clinical verification" in signature.meaning
    assert sha256(version.verified_content.encode()).hexdigest() == signature.digest
    content = json.loads(version.verified_content)
    assert content["order"]["frequency"] == "daily" and content["medication_list_checked"] is True
    assert ["magnesium", "1.3", "mg/dL", "1.7", "2.4"] in [lab[:5] for lab in content["chart"]["labs"]]
    assert any("magnesium level" in row for row in content["findings"])
    assert ["Concentration", "18.018\N{NO-BREAK SPACE}mg/mL"] in [row[:2] for row in content["measures"]]
    assert find_version_in_force(session, version.order_id) is version
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert (entry.action, entry.person_name) == ("verified an order", "Paula Penhallow")
    assert json.loads(entry.details)["digest"] == signature.digest
    assert [one.to_status for one in list_history(session, "order_version", version.id)] == [
        "entered",
        "in_force",
    ]
    session.commit()
    with pytest.raises(DBAPIError, match="signed"):
        session.execute(
            text("UPDATE order_version SET verified_content = 'x' WHERE id = :id"), {"id": version.id}
        )


def test_each_thing_missing_refuses_and_signs_nothing(session, people):
    version, before = entered_order(session, people), signatures(session)

    with pytest.raises(InvalidInput) as refused:
        sign(session, version, people("paula"), list_checked=False)
    assert refused.value.field == "list_checked"
    with pytest.raises(WrongPassword):
        sign(session, version, people("paula"), password="wrong")
    with pytest.raises(Forbidden):
        sign(session, version, people("tina"))

    assert version.status is OrderStatus.ENTERED and signatures(session) == before
    assert version.verified_content is None


def test_who_entered_or_corrected_an_order_does_not_verify_it(session, people):
    version = entered_order(session, people)
    send_back(session, version, reason="dose?", by=people("petra"), at=START)
    correct_order(session, version, order_entry(session), reason="checked", by=people("paula"), at=START)

    with pytest.raises(Refusal, match="another pharmacist verifies"):
        sign(session, version, people("paula"))
    assert sign(session, version, people("petra")).status is OrderStatus.IN_FORCE


def test_a_sole_pharmacist_verifies_their_own_entry_only_by_the_sites_setting(session, people):
    petra = people("petra")
    for one in list_people(session, site_id=petra.site_id):
        if one.role is Role.PHARMACIST:
            one.active = False
    version = entered_order(session, people)
    withdraw_order(session, version, reason="own entry wanted", by=petra, at=START)
    own = entered_order(session, lambda _: petra)

    with pytest.raises(Refusal, match="another pharmacist verifies"):
        sign(session, own, petra)
    petra.site.sole_pharmacist = True
    sign(session, own, petra)

    assert json.loads(own.verified_content)["sole_pharmacist"] is True


def test_the_setting_says_nothing_where_two_pharmacists_work(session, people):
    paula = people("paula")
    paula.site.sole_pharmacist = True
    version = entered_order(session, lambda _: paula)

    with pytest.raises(Refusal, match="another pharmacist verifies"):
        sign(session, version, paula)


def test_a_hard_finding_needs_a_recorded_answer_of_its_own(session, people):
    patient = main_patient(session)
    patient.allergies.append(Allergy(substance="magnesium sulfate", reaction="rash", severity="mild"))
    version = entered_order(session, people)
    (hard,) = [f for f in screen_version(session, version, at=LATER) if f.severity is Severity.REFUSE]

    for answers in ({}, {hard.message: " "}, {"another message": "called"}, {hard.message: "D/C MgSO4"}):
        with pytest.raises(InvalidInput) as refused:
            sign(session, version, people("paula"), acknowledged=answers)
        assert refused.value.field == "acknowledged"
    sign(session, version, people("paula"), acknowledged={hard.message: "Rash was tape; Dr Nephridge agrees"})

    content = json.loads(version.verified_content)
    assert content["acknowledged"] == {hard.message: "Rash was tape; Dr Nephridge agrees"}


def test_one_answer_does_not_stand_for_two_hard_findings(session, people):
    patient = main_patient(session)
    patient.allergies.append(Allergy(substance="magnesium sulfate", reaction="rash", severity="mild"))
    next(one for one in patient.lab_results if one.analyte == "eGFR").value = Decimal(20)
    version = entered_order(session, people)
    hard = [f.message for f in screen_version(session, version, at=LATER) if f.severity is Severity.REFUSE]
    assert len(hard) == 2

    for answered in hard:
        with pytest.raises(InvalidInput, match="for each finding"):
            sign(session, version, people("paula"), acknowledged={answered: "called"})
    sign(session, version, people("paula"), acknowledged=dict.fromkeys(hard, "called"))


def test_an_order_by_a_formula_that_retired_meanwhile_is_not_verified(session, people):
    version = entered_order(session, people)
    version.formula.status = FormulaStatus.RETIRED

    with pytest.raises(Refusal, match="formula of this order is retired"):
        sign(session, version, people("paula"))


def test_screening_counts_the_doses_of_a_day_and_what_is_taken_now(session, people):
    patient = main_patient(session)
    version = entered_order(session, people, frequency_as_written="every 12 hours")
    rows = {one.name: one.value for one in measure_version(session, version).rows}
    assert rows["Drug in any 24 hours"] == "3,784\N{NO-BREAK SPACE}mg"

    digoxin = Medication(drug="digoxin 125 mcg tablet", directions="daily", stopped_on=START.date())
    patient.medications.append(digoxin)
    session.flush()
    assert "digoxin" not in str(screen_version(session, version, at=LATER))
    digoxin.stopped_on = None
    assert "digoxin" in str(screen_version(session, version, at=LATER))


def test_screening_reads_the_chart_as_it_is(session, people):
    version, patient = entered_order(session, people), main_patient(session)

    def rules(severity):
        found = screen_version(session, version, at=LATER)
        return {one.rule for one in found if one.severity is severity}

    assert rules(Severity.REFUSE) == rules(Severity.FLAG) == set()
    patient.allergy_status = AllergyStatus.NOT_ASKED
    egfr = next(one for one in patient.lab_results if one.analyte == "eGFR")
    egfr.value = Decimal(29)
    assert rules(Severity.REFUSE) == {"kidney"} and "allergy" in rules(Severity.FLAG)
    newer = LabResult(
        analyte="magnesium", loinc="19123-9", value=Decimal("5.1"), reported="5.1", unit="mg/dL",
        range_low="1.7", range_high="2.4", laboratory="x", collected_at=START,
    )  # fmt: skip
    patient.lab_results.append(newer)
    session.flush()
    session.expire(patient)
    assert rules(Severity.REFUSE) == {"kidney", "magnesium level"}


def test_a_page_that_changed_while_it_was_read_is_not_signed(session, people):
    version = entered_order(session, people)
    seen = digest_of_page(session, version, at=START)
    ensure_unchanged(session, version, seen=seen, at=START)

    main_patient(session).allergies.append(Allergy(substance="latex", reaction="wheals", severity="severe"))

    with pytest.raises(Refusal, match="changed while you read"):
        ensure_unchanged(session, version, seen=seen, at=START)


def test_an_order_is_sent_back_with_a_reason(session, people):
    version = entered_order(session, people)
    for reason, sentence in (("", "Enter what must be put right"), ("2.0 g QOD?", "This can be misread")):
        with pytest.raises(InvalidInput, match=sentence):
            send_back(session, version, reason=reason, by=people("paula"), at=START)
    assert version.status is OrderStatus.ENTERED
    with pytest.raises(Forbidden):
        send_back(session, version, reason="dose", by=people("tina"), at=START)

    send_back(session, version, reason="Is it 2 g?", by=people("paula"), at=START)

    assert version.status is OrderStatus.SENT_BACK
    assert list_history(session, "order_version", version.id)[-1].reason == "Is it 2 g?"
    with pytest.raises(Refusal, match="sent back cannot become in force"):
        sign(session, version, people("paula"))


def test_an_expired_order_is_not_verified(session, people):
    version = entered_order(session, people, expires_on=START.date() + timedelta(days=1))

    with pytest.raises(Refusal, match="expired on Tue 10 Nov 2026"):
        sign(session, version, people("paula"), at=START + timedelta(days=2))


def test_an_order_holds_through_its_last_date_at_the_pharmacys_clock(session, people):
    # 9 November 09:00 in New York; the last date, the 10th, ends 39 hours later.
    version = order_in_force(session, people, expires_on=START.date() + timedelta(days=1))

    ensure_in_force(session, version, at=START)
    ensure_in_force(session, version, at=START + timedelta(hours=39) - timedelta(seconds=1))
    with pytest.raises(Refusal, match="expired on Tue 10 Nov 2026"):
        ensure_in_force(session, version, at=START + timedelta(hours=39))


def test_nothing_rests_on_an_order_that_is_not_verified(session, people):
    version = entered_order(session, people)

    with pytest.raises(Refusal, match="Version 1 of Rx 1000002 is not verified"):
        ensure_in_force(session, version, at=START)
    assert find_version_in_force(session, version.order_id) is None
    verified(session, people, version)
    ensure_in_force(session, version, at=START)
