"""Writing records: a new one, a draft that is changed, the next version, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pharmacy.audit.models import AuditEntry
from pharmacy.domain.errors import Forbidden, InvalidInput, NotFound, Refusal
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary import actions
from pharmacy.formulary.actions import StepEntry
from pharmacy.formulary.queries import list_products, list_versions_of
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.formulary.untouched import refused
from tests.formulary.written import DAY, NEXT_YEAR, TODAY, approved, drafted, entry_of, reference

WIPE = StepEntry(instruction="Wipe the port.", stage=Stage.SETUP, photo=False)
DRAW = StepEntry(instruction="Hold the syringe beside the vial.", stage=Stage.ADDITIVE, photo=True)
LABEL = StepEntry(instruction="Label the bag.", stage=Stage.FINISH, photo=False)


def write(session, people, who="paula", code="NEW-1", **changes):
    entry = entry_of(approved(session), changes="", **changes)
    return actions.write_formula(session, code, entry, by=people(who), at=START)


def edit(session, people, formula, who="peter", revision=None, **changes):
    return actions.edit_formula(
        session, formula, entry_of(formula, **changes),
        revision=formula.revision if revision is None else revision, by=people(who), at=START,
    )  # fmt: skip


def last_details(session):
    return session.query(AuditEntry).order_by(AuditEntry.number.desc()).first().details


def test_a_new_record_is_a_draft_of_its_author(session, people):
    made = write(session, people, steps=(WIPE, DRAW))

    assert (made.code, made.version, made.status, made.revision) == ("NEW-1", 1, FormulaStatus.DRAFT, 1)
    assert [(one.position, one.instruction, one.stage, one.photo) for one in made.steps] == [
        (1, "Wipe the port.", Stage.SETUP, False),
        (2, "Hold the syringe beside the vial.", Stage.ADDITIVE, True),
    ]
    assert made.author.name == "Paula Penhallow" and made.stability == []
    assert [(one.revision, one.what) for one in made.edits] == [(1, "wrote it")]
    session.commit()


@pytest.mark.parametrize(
    ("changes", "kind", "sentence", "field"),
    [
        ({"review_by": TODAY}, InvalidInput, "review should be after today", "review_by"),
        ({"steps": (LABEL, DRAW)}, InvalidInput, "Step 2 .* comes before step 1", "steps"),
        ({"method": "exact"}, InvalidInput, "fill_mL is missing", "fill_mL"),
        ({"precautions": "Give 2.0 mL SC"}, InvalidInput, "The precautions can be misread", "precautions"),
        (
            {"steps": (replace(WIPE, instruction="Add MgSO4"),)},
            InvalidInput,
            "Step 1 can be misread",
            "steps",
        ),
        ({"weight_tolerance_percent": Decimal(5)}, Refusal, "has no density on record", None),
        ({"weight_tolerance_percent": Decimal(100)}, InvalidInput, "less than 100 percent", None),
        ({"additive_id": 99}, NotFound, "No product is recorded", None),
        ({"prime_ml": Decimal(200)}, Refusal, "leave something to deliver", None),
    ],
)
def test_a_record_that_nobody_could_work_by_is_refused(session, people, changes, kind, sentence, field):
    caught = refused(session, kind, sentence, lambda: write(session, people, **changes))

    assert field is None or caught.field == field


def test_only_pharmacists_write_and_no_code_twice(session, people):
    for who in ("tina", "nora", "ada", "arlo"):
        refused(session, Forbidden, "may not write", lambda who=who: write(session, people, who=who))
    taken = refused(
        session,
        InvalidInput,
        "MG-2G-100 is recorded already",
        lambda: write(session, people, code="MG-2G-100"),
    )
    assert taken.field == "code"


def test_a_draft_is_changed_row_by_row_and_the_audit_keeps_both(session, people):
    draft = drafted(session)
    first_ids = [one.id for one in draft.steps]

    edit(session, people, draft, name="magnesium sulfate 1 g", steps=(WIPE, DRAW, LABEL))

    assert [one.id for one in draft.steps] == first_ids[:3]
    assert [one.position for one in draft.steps] == [1, 2, 3]
    session.expire(draft)
    assert [one.instruction for one in draft.steps] == [WIPE.instruction, DRAW.instruction, LABEL.instruction]
    assert draft.revision == 2 and draft.edits[-1].what == "changed name, steps"
    details = last_details(session)
    for text in (
        "magnesium sulfate 1 g in 0.9%",
        '"magnesium sulfate 1 g"',
        "Scan each vial",
        "Wipe the port.",
    ):
        assert text in details, text
    edit(session, people, draft, steps=(*entry_of(draft).steps, LABEL, LABEL))
    assert [one.position for one in draft.steps] == [1, 2, 3, 4, 5]
    session.commit()


def test_a_change_voids_what_was_accepted(session, people):
    draft = drafted(session)
    actions.accept_delivered_part(
        session, draft, revision=draft.revision, password=PASSWORD, by=people("petra"), at=START
    )

    edit(session, people, draft, residual_ml=Decimal(2))

    session.flush()
    assert draft.delivered_acceptance is None
    refused(
        session, Refusal, "Accept what the bag delivers", lambda: approve(session, people, draft, "petra")
    )


def approve(session, people, formula, who, at=START):
    return actions.approve_formula(
        session, formula, revision=formula.revision, password=PASSWORD, by=people(who), at=at
    )


def test_who_wrote_or_changed_a_draft_neither_accepts_nor_approves_it(session, people):
    draft = drafted(session)
    edit(session, people, draft, who="paula", residual_ml=Decimal(2))

    def accept(who):
        return actions.accept_delivered_part(
            session, draft, revision=draft.revision, password=PASSWORD, by=people(who), at=START
        )

    refused(session, Refusal, "did not change this draft", lambda: accept("paula"))
    refused(session, Refusal, "Somebody else than its author", lambda: accept("peter"))
    accept("petra")
    refused(session, Refusal, "did not change this draft", lambda: approve(session, people, draft, "paula"))
    refused(
        session, Refusal, "Somebody else than its author", lambda: approve(session, people, draft, "peter")
    )

    assert approve(session, people, draft, "petra").status is FormulaStatus.APPROVED
    session.commit()


def test_a_signature_stands_under_the_revision_that_was_read(session, people):
    draft = drafted(session)
    read = draft.revision
    edit(session, people, draft, supplies="Peter's list")

    def sign(action, revision):
        return action(session, draft, revision=revision, password=PASSWORD, by=people("petra"), at=START)

    sentence = r"Peter Pomfret saved this draft meanwhile \(changed supplies\). Nothing was signed"
    refused(session, Refusal, sentence, lambda: sign(actions.accept_delivered_part, read))
    sign(actions.accept_delivered_part, draft.revision)
    refused(session, Refusal, sentence, lambda: sign(actions.approve_formula, read))
    assert sign(actions.approve_formula, draft.revision).status is FormulaStatus.APPROVED


def test_a_draft_is_changed_by_one_person_after_the_other(session, people):
    draft = drafted(session)
    opened = draft.revision
    edit(session, people, draft, name="Peter's name")

    stale = refused(session, Refusal, "Peter Pomfret saved this draft meanwhile",
                    lambda: edit(session, people, draft, who="paula", revision=opened, name="x"))  # fmt: skip
    assert "changed name" in stale.sentence
    refused(session, Refusal, "Nothing was changed", lambda: edit(session, people, draft))
    refused(session, Forbidden, "may not write", lambda: edit(session, people, draft, who="tina", name="x"))


def test_what_is_approved_or_retired_is_never_changed(session, people):
    refused(session, Refusal, "is approved, not a draft",
            lambda: edit(session, people, approved(session), name="x"))  # fmt: skip
    draft = drafted(session)
    actions.retire_formula(session, draft, reason="not needed", by=people("petra"), at=START)
    refused(session, Refusal, "is retired, not a draft", lambda: edit(session, people, draft, name="x"))


def write_version(
    session, people, old, who="peter", changes="Less residual; the new set holds less.", **more
):
    entry = entry_of(old, changes=changes, **{"residual_ml": Decimal("0.5")} | more)
    return actions.write_version(session, old, entry, by=people(who), at=START)


def test_a_new_version_keeps_the_references_and_replaces_the_old_when_approved(session, people):
    old = approved(session)
    new = write_version(session, people, old)

    assert (new.version, new.status, old.status) == (2, FormulaStatus.DRAFT, FormulaStatus.APPROVED)
    assert [
        (one.storage, one.days, one.reference, one.review_by, one.entered_by_id) for one in new.stability
    ] == [(one.storage, one.days, one.reference, one.review_by, one.entered_by_id) for one in old.stability]
    assert {one.id for one in new.stability}.isdisjoint(one.id for one in old.stability)
    actions.accept_delivered_part(
        session, new, revision=new.revision, password=PASSWORD, by=people("petra"), at=START
    )
    approve(session, people, new, "petra")
    assert (new.status, old.status) == (FormulaStatus.APPROVED, FormulaStatus.RETIRED)
    assert [one.status.value for one in list_versions_of(session, new)] == ["approved", "retired"]
    session.commit()


def test_a_version_replaces_the_one_in_force_from_its_day_on(session, people):
    old = approved(session)
    new = write_version(session, people, old, effective_on=TODAY + DAY)
    later = drafted(session)
    later.effective_on = TODAY + DAY
    for one in (new, later):
        actions.accept_delivered_part(
            session, one, revision=one.revision, password=PASSWORD, by=people("petra"), at=START
        )

    sentence = "Version 1 would go out of force today, .* from Tue 10 Nov 2026 only. Approve it on that day"
    refused(session, Refusal, sentence, lambda: approve(session, people, new, "petra"))
    # A record that replaces none leaves no gap.
    assert approve(session, people, later, "petra").status is FormulaStatus.APPROVED
    assert approve(session, people, new, "petra", at=START + DAY).status is FormulaStatus.APPROVED
    assert old.status is FormulaStatus.RETIRED


def test_a_new_version_says_why_and_waits_alone(session, people):
    old = approved(session)
    missing = refused(session, InvalidInput, "Say what this version changes",
                      lambda: write_version(session, people, old, changes=""))  # fmt: skip
    assert missing.field == "changes"
    refused(session, Forbidden, "may not write", lambda: write_version(session, people, old, who="tina"))
    new = write_version(session, people, old)
    refused(session, Refusal, "Version 2 of MG-2G-100 is a draft already",
            lambda: write_version(session, people, old))  # fmt: skip
    refused(session, InvalidInput, "Say what this version changes",
            lambda: edit(session, people, new, changes=""))  # fmt: skip
    # A draft that was given up leaves its number to nobody.
    actions.retire_formula(session, new, reason="given up", by=people("petra"), at=START)
    assert write_version(session, people, old).version == 3


def test_retiring_needs_a_reason_and_a_pharmacist_and_is_final(session, people):
    formula = approved(session)

    def retire(who="petra", reason="shortage"):
        return actions.retire_formula(session, formula, reason=reason, by=people(who), at=START)

    refused(session, Forbidden, "may not approve", lambda: retire(who="tina"))
    refused(session, InvalidInput, "Give the reason", lambda: retire(reason=" "))
    assert retire().status is FormulaStatus.RETIRED and '"was":"approved"' in last_details(session)
    refused(session, Refusal, "cannot become retired", retire)
    refused(session, Refusal, "is retired, not a draft", lambda: approve(session, people, formula, "paula"))


def test_a_record_is_approved_only_with_references_that_speak_for_its_bag(session, people):
    draft = drafted(session)
    actions.accept_delivered_part(
        session, draft, revision=draft.revision, password=PASSWORD, by=people("petra"), at=START
    )
    for changes, sentence in (
        ({"least_mg_per_ml": Decimal(20)}, "is for concentrations from 20"),
        ({"container": "EVA"}, "is for containers of EVA"),
    ):
        with session.begin_nested() as attempt:
            entry = reference(**{"least_mg_per_ml": None} | changes)
            actions.add_stability(session, draft, entry, revision=draft.revision, document=None,
                                  by=people("peter"), at=START)  # fmt: skip
            actions.accept_delivered_part(
                session, draft, revision=draft.revision, password=PASSWORD, by=people("petra"), at=START
            )
            with pytest.raises(Refusal, match=sentence):
                approve(session, people, draft, "petra")
            attempt.rollback()
        session.expire_all()


def test_a_retired_product_or_an_overdue_reference_stops_an_approval(session, people):
    draft = drafted(session)
    actions.accept_delivered_part(
        session, draft, revision=draft.revision, password=PASSWORD, by=people("petra"), at=START
    )
    for one in draft.stability:
        one.review_by = TODAY - DAY
    refused(session, Refusal, "was to be reviewed by Sun 8 Nov 2026",
            lambda: approve(session, people, draft, "petra"))  # fmt: skip
    for one in draft.stability:
        one.review_by = NEXT_YEAR
    draft.additive = next(one for one in list_products(session, site_id=1) if one.volume_ml == 2)
    draft.additive.retired_at = START
    refused(
        session, Refusal, "2 mL single-dose vial is retired", lambda: approve(session, people, draft, "petra")
    )
