"""Stability references: written in a draft, reviewed by signature, and what they block."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pharmacy.accounts.actions import WrongPassword
from pharmacy.audit.models import AuditEntry
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.formulary import actions, queries
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.formulary.untouched import refused
from tests.formulary.written import DAY, NEXT_YEAR, TODAY, approved, drafted, entry_of, reference
from tests.statements import counted_statements
from tests.therapy.formulas import approved_formula
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import open_worksheet

STUDY = KeptFile("study.pdf", "application/pdf", b"%PDF-1.7 a study")


def add(session, people, formula, who="peter", revision=None, document=None, **changes):
    return actions.add_stability(
        session, formula, reference(**changes), document=document, by=people(who), at=START,
        revision=formula.revision if revision is None else revision,
    )  # fmt: skip


def review(session, people, one, who="petra", review_by=NEXT_YEAR, reason="read again", password=PASSWORD):
    return actions.review_stability(
        session, one, review_by=review_by, reason=reason, password=password, by=people(who), at=START
    )


def last_entry(session):
    return session.query(AuditEntry).order_by(AuditEntry.number.desc()).first()


def test_a_reference_is_added_with_its_document(session, people):
    draft = drafted(session)

    one = add(session, people, draft, document=STUDY, days=1, hours=12, container="polyolefin")

    assert (one.total_hours, one.stable_for.replace("\N{NO-BREAK SPACE}", " ")) == (36, "36 hours")
    assert (one.attachment.name, one.entered_by.name, one.good_until) == (
        "study.pdf",
        "Peter Pomfret",
        NEXT_YEAR,
    )
    assert draft.revision == 2 and draft.edits[-1].what == "added a stability reference"
    assert one.attachment.digest in last_entry(session).details
    session.commit()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"days": 0}, "days"),
        ({"review_by": TODAY}, "review_by"),
        ({"least_mg_per_ml": Decimal("40.1")}, "least_mg_per_ml"),
    ],
)
def test_a_reference_that_says_nothing_is_refused(session, people, changes, field):
    caught = refused(session, InvalidInput, ".", lambda: add(session, people, drafted(session), **changes))

    assert caught.field == field


def test_references_are_changed_and_removed_in_drafts_only(session, people):
    draft = drafted(session)
    one = add(session, people, draft, document=STUDY)
    kept = one.attachment

    change(session, people, one, days=5)
    assert (one.days, one.attachment, one.entered_by.name) == (5, kept, "Paula Penhallow")
    assert '"was":{' in last_entry(session).details
    refused(session, Refusal, "Paula Penhallow saved this draft meanwhile",
            lambda: add(session, people, draft, revision=2))  # fmt: skip
    refused(session, InvalidInput, "Give the reason", lambda: remove(session, people, one, reason=" "))
    remove(session, people, one)
    assert one not in draft.stability and "Own study 7" in last_entry(session).details
    session.commit()

    of_approved = approved(session).stability[0]
    refused(session, Refusal, "is approved, not a draft", lambda: add(session, people, approved(session)))
    refused(session, Refusal, "is approved, not a draft", lambda: remove(session, people, of_approved))
    refused(session, Refusal, "is approved, not a draft", lambda: change(session, people, of_approved))
    refused(session, Forbidden, "may not write", lambda: add(session, people, draft, who="tina"))


def change(session, people, one, **changes):
    return actions.change_stability(
        session, one, reference(**changes), revision=one.formula.revision, document=None,
        by=people("paula"), at=START,
    )  # fmt: skip


def remove(session, people, one, reason="wrong study"):
    actions.remove_stability(
        session, one, revision=one.formula.revision, reason=reason, by=people("peter"), at=START
    )


def test_a_review_is_signed_and_leaves_the_record_alone(session, people):
    one = approved(session).stability[0]
    was = one.review_by

    made = review(session, people, one, review_by=NEXT_YEAR + DAY)

    assert (one.review_by, one.good_until) == (was, NEXT_YEAR + DAY)
    assert made.signature.printed_name == "Petra Quillfeather"
    entry = last_entry(session)
    assert (entry.action, entry.reason) == ("reviewed a stability reference", "read again")
    assert made.signature.digest in entry.details
    session.commit()


def test_who_reviews_what_and_until_when(session, people):
    one = approved(session).stability[0]

    refused(session, Forbidden, "may not approve", lambda: review(session, people, one, who="tina"))
    refused(session, Refusal, "Somebody else than who entered it",
            lambda: review(session, people, one, who="peter"))  # fmt: skip
    refused(session, InvalidInput, "after today", lambda: review(session, people, one, review_by=TODAY))
    refused(session, InvalidInput, "Give the reason", lambda: review(session, people, one, reason=" "))
    refused(session, WrongPassword, "nothing was signed", lambda: review(session, people, one, password="x"))
    refused(session, Refusal, "references of an approved record",
            lambda: review(session, people, drafted(session).stability[0]))  # fmt: skip


def test_past_its_review_no_worksheet_is_opened_until_it_is_reviewed(session, people):
    formula = approved_formula(session, people)
    session.execute(text("DROP TRIGGER stability_reference_signed_changed" + on(session)))
    for one in formula.stability:
        one.review_by = TODAY
    version = order_in_force(session, people)
    session.flush()
    last = START + timedelta(hours=14, minutes=59)
    # At the pharmacy in New York 9 November lasts until 05:00 UTC of the next day.
    assert open_worksheet(session, people, version, at=last).id
    with pytest.raises(Refusal, match="Sample, no study.*of MG-2G-100 was to be reviewed by Mon 9 Nov 2026"):
        open_worksheet(session, people, version, at=last + timedelta(minutes=1))
    for one in formula.stability:
        review(session, people, one)
    assert open_worksheet(session, people, version, at=last + timedelta(minutes=1)).id


def on(session):
    return "" if session.get_bind().dialect.name == "sqlite" else ' ON "stability_reference"'


def another_approved(session, people, code):
    formula = actions.write_formula(
        session, code, entry_of(drafted(session), changes=""), by=people("peter"), at=START
    )
    for storage in ("refrigerator", "room"):
        add(session, people, formula, storage=storage, least_mg_per_ml=None)
    actions.accept_delivered_part(
        session, formula, revision=formula.revision, password=PASSWORD, by=people("petra"), at=START
    )
    actions.approve_formula(
        session, formula, revision=formula.revision, password=PASSWORD, by=people("petra"), at=START
    )


def test_what_is_due_is_listed_by_its_day(session, people, database):
    def due(until):
        session.expire_all()
        with counted_statements(database) as seen:
            found = queries.list_due_reviews(session, site_id=1, until=until)
        return found, len(seen)

    assert due(TODAY + timedelta(days=300))[0] == []
    found, few = due(NEXT_YEAR)
    assert [(one.kind, one.review_by) for one in found] == [
        ("master formulation record", NEXT_YEAR),
        ("stability reference", NEXT_YEAR),
        ("stability reference", NEXT_YEAR),
    ]
    assert due(NEXT_YEAR - DAY)[0] == []
    review(session, people, approved(session).stability[0], review_by=NEXT_YEAR + DAY)
    assert len(due(NEXT_YEAR)[0]) == 2
    for code in ("A", "B", "C"):
        another_approved(session, people, code)
    many, cost = due(NEXT_YEAR)
    assert len(many) == 2 + 3 * 3 and cost == few
    assert queries.list_due_reviews(session, site_id=2, until=NEXT_YEAR + 999 * DAY) == []


GUARDED = {
    "UPDATE formula SET precautions = 'x'": "formula is signed and does not change",
    "UPDATE formula SET materials = 'PVC'": "formula is signed and does not change",
    "UPDATE formula SET weight_tolerance_percent = 1": "formula is signed and does not change",
    "UPDATE formula SET delivered_acceptance_id = NULL": "formula is signed and does not change",
    "UPDATE formula_step SET photo = NOT photo WHERE formula_id = 1": "of a signed formula are never changed",
    "UPDATE formula_step SET formula_id = 1, position = 99 WHERE formula_id = 2": "are never changed",
    "DELETE FROM formula_step WHERE formula_id = 1": "of a signed formula are never removed",
    "UPDATE stability_reference SET days = 99 WHERE formula_id = 1": "of a signed formula are never changed",
    "DELETE FROM stability_reference WHERE formula_id = 1": "of a signed formula are never removed",
    "INSERT INTO formula_step (formula_id, position, instruction) VALUES (1, 99, 'x')": "never added",
    "UPDATE product SET mg_per_ml = 1 WHERE kind = 'additive' AND volume_ml = 10000000": "does not change",
    "UPDATE product SET overfill_ml = 0 WHERE kind = 'diluent'": "does not change",
    "DELETE FROM product": "product rows are never removed",
    "DELETE FROM product_code": "product_code rows are never removed",
    "UPDATE stability_review SET reason = 'x'": "stability_review rows are never changed",
    "UPDATE formula_edit SET what = 'x'": "formula_edit rows are never changed",
}


def test_the_database_refuses_what_no_action_does(session, people):
    review(session, people, approved(session).stability[0])
    session.flush()

    for statement, words in GUARDED.items():
        with pytest.raises(DBAPIError, match=words), session.begin_nested():
            session.execute(text(statement))
    # Rows of a draft, and products that nothing signed rests on, may be changed.
    session.execute(text("UPDATE formula_step SET photo = NOT photo WHERE formula_id = 2"))
    session.execute(text("DELETE FROM stability_reference WHERE formula_id = 2"))
    session.execute(text("UPDATE product SET mg_per_ml = 1 WHERE volume_ml = 2000000"))
