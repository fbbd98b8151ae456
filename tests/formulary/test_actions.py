"""Master formulation records: drafted, accepted, approved; and adopted reference data."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import make_transient

from pharmacy.accounts.actions import WrongPassword
from pharmacy.accounts.models import Signature
from pharmacy.audit.chain import digest
from pharmacy.audit.models import AuditEntry
from pharmacy.domain.errors import Forbidden, NotFound, Refusal
from pharmacy.domain.reference_data import load_entries
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary.actions import (
    accept_delivered_part,
    adopt_entry,
    approve_formula,
    draft_formula,
    signed_content,
)
from pharmacy.formulary.models import AdoptedEntry, Formula, FormulaStep, StabilityReference
from pharmacy.formulary.queries import (
    AdoptedKind,
    adopted_limits_table,
    adopted_pump_profile,
    adopted_screening_limits,
    as_reference_entry,
    get_adopted,
    list_approved_formulas,
    list_formulas,
    list_versions_of,
)
from pharmacy.sample.people import PASSWORD
from tests.conftest import START

LATER = START + timedelta(hours=2)
TABLE = "usp-797-2023"


def approved(session):
    (formula,) = list_approved_formulas(session, site_id=1)
    return formula


def drafted(session):
    return next(one for one in list_formulas(session, site_id=1) if one.status is FormulaStatus.DRAFT)


def next_version(session, **changes):
    """Return an unsaved second version of the approved record."""
    first = approved(session)
    names = [column.name for column in Formula.__table__.columns if column.name != "id"]
    values = {name: getattr(first, name) for name in names}
    values |= {"version": 2, "approval_id": None, "delivered_acceptance_id": None} | changes
    second = Formula(**values)
    second.steps = [FormulaStep(position=1, instruction="Scan each vial.")]
    second.stability = [
        StabilityReference(
            storage="refrigerator", days=9, reference="Own study", review_by=START.date() + timedelta(days=90)
        )
    ]
    return second


def signatures(session):
    return session.scalar(select(func.count()).select_from(Signature))


def sign(action, session, formula, person, **changes):
    return action(
        session,
        formula,
        **({"revision": formula.revision, "password": PASSWORD, "by": person, "at": LATER} | changes),
    )


def test_a_draft_is_accepted_and_approved_by_another_and_retires_the_old_version(session, people):
    old, second = approved(session), next_version(session)
    draft_formula(session, second, by=people("peter"), at=START)
    assert (second.status, second.author_id) == (FormulaStatus.DRAFT, people("peter").id)
    with pytest.raises(Refusal, match="Accept what the bag delivers"):
        sign(approve_formula, session, second, people("petra"))

    sign(accept_delivered_part, session, second, people("paula"))
    assert second.delivered_acceptance.printed_name == "Paula Penhallow"
    acceptance = second.delivered_acceptance.meaning.replace("\N{NO-BREAK SPACE}", " ")
    assert acceptance == "Acceptance: 1,892 mg (94.6 percent) of 2,000 mg are delivered"
    sign(approve_formula, session, second, people("petra"))

    assert (old.status, second.status) == (FormulaStatus.RETIRED, FormulaStatus.APPROVED)
    assert second.approval.digest == digest(signed_content(second))
    assert [one.version for one in list_versions_of(session, second)] == [2, 1]
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert (entry.action, entry.person_name, entry.at) == (
        "approved a master formulation record",
        "Petra Quillfeather",
        LATER,
    )
    session.commit()


def test_every_refusal_leaves_the_draft_unsigned(session, people):
    draft, before = drafted(session), signatures(session)

    with pytest.raises(Forbidden):
        sign(approve_formula, session, draft, people("tina"))
    with pytest.raises(Refusal, match="Somebody else than its author"):
        sign(approve_formula, session, draft, people("peter"))
    with pytest.raises(WrongPassword):
        sign(accept_delivered_part, session, draft, people("petra"), password="x")
    for action in (approve_formula, accept_delivered_part):
        with pytest.raises(Refusal, match="is approved, not a draft"):
            sign(action, session, approved(session), people("petra"))

    assert signatures(session) == before and draft.status is FormulaStatus.DRAFT
    sign(accept_delivered_part, session, draft, people("petra"))
    with pytest.raises(Refusal, match="accepted already"):
        sign(accept_delivered_part, session, draft, people("paula"))


def test_a_record_nobody_could_work_by_is_not_approved(session, people):
    for emptied, sentence in (("steps", "no steps"), ("stability", "no stability entry")):
        second = next_version(session, code=f"NO-{emptied}")
        setattr(second, emptied, [])
        draft_formula(session, second, by=people("peter"), at=START)
        with pytest.raises(Refusal, match=sentence):
            sign(approve_formula, session, second, people("petra"))


def test_a_draft_whose_bag_cannot_be_computed_is_refused(session, people):
    for changes in ({"prime_ml": Decimal(200)}, {"method": "exact"}):
        with pytest.raises(Refusal):
            draft_formula(session, next_version(session, **changes), by=people("peter"), at=START)
        session.rollback()


def test_a_bag_that_delivers_its_whole_dose_needs_no_acceptance(session, people):
    whole = next_version(
        session, code="EXACT", method="exact", fill_ml=Decimal(106), delivery_basis="exact_fill"
    )
    draft_formula(session, whole, by=people("peter"), at=START)

    with pytest.raises(Refusal, match="nothing to accept"):
        sign(accept_delivered_part, session, whole, people("petra"))
    sign(approve_formula, session, whole, people("petra"))

    assert whole.status is FormulaStatus.APPROVED and approved_codes(session) == {"EXACT", "MG-2G-100"}


def approved_codes(session):
    return {one.code for one in list_approved_formulas(session, site_id=1)}


def test_a_signature_covers_every_field_of_a_record(session):
    formula = approved(session)
    before = digest(signed_content(formula))
    session.expunge(formula)
    make_transient(formula)

    for name in ("dose_mg", "prime_ml", "residual_ml"):
        value = getattr(formula, name)
        setattr(formula, name, value + 1)
        assert digest(signed_content(formula)) != before, name
        setattr(formula, name, value)
    formula.steps[0].instruction = "Shake."
    assert digest(signed_content(formula)) != before


def test_an_adopted_entry_reads_back_as_it_was_shipped(session):
    adopted = get_adopted(session, AdoptedKind.BEYOND_USE_LIMITS, TABLE, site_id=1)

    assert as_reference_entry(adopted) == load_entries("beyond_use_limits.toml")[TABLE]
    assert adopted.signature.printed_name == "Petra Quillfeather" and adopted.checked_by == ""
    assert adopted_limits_table(session, site_id=1).notice.endswith("not checked by a pharmacist.")
    assert adopted_pump_profile(session, "cadd-solis-vip", site_id=1).is_programmable
    assert adopted_screening_limits(session, "magnesium sulfate", site_id=1).kidney.hard == 30
    for site_id, profile in ((1, "sapphire"), (2, "cadd-solis-vip")):
        with pytest.raises(NotFound, match="has not adopted"):
            adopted_pump_profile(session, profile, site_id=site_id)
    with pytest.raises(NotFound, match="has not adopted beyond-use limits"):
        adopted_limits_table(session, site_id=2)


def test_a_newer_entry_takes_the_place_of_the_one_before(session, people):
    entry = load_entries("beyond_use_limits.toml")[TABLE]
    newer = replace(entry, title="Limits of this house", checked_by="A real pharmacist")
    adopt = {"password": PASSWORD, "by": people("petra"), "at": LATER}
    kind = AdoptedKind.BEYOND_USE_LIMITS
    with pytest.raises(Refusal, match="adopted already"):
        adopt_entry(session, kind, entry, **adopt)
    with pytest.raises(Forbidden):
        adopt_entry(session, kind, newer, **adopt | {"by": people("tina")})

    made = adopt_entry(session, kind, newer, **adopt)

    assert (made.version, made.in_force) == (2, True)
    assert get_adopted(session, kind, TABLE, site_id=1) is made
    assert adopted_limits_table(session, site_id=1).notice == ""
    versions = session.scalars(
        select(AdoptedEntry).where(AdoptedEntry.kind == kind, AdoptedEntry.key == TABLE)
    ).all()
    assert [one.in_force for one in sorted(versions, key=lambda one: one.version)] == [False, True]
    session.commit()
