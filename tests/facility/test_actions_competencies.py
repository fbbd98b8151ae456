"""Competencies are recorded by another person, corrected by new rows, and stop who may not compound."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from pharmacy.audit.models import AuditEntry
from pharmacy.domain.beyond_use_limits import Category
from pharmacy.domain.competency import Competency, Duty, Occasion, Outcome
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.facility import actions, queries
from pharmacy.facility.models import BenchDay, CompetencyDocument, CompetencyEntry
from tests.conftest import START

DAY = timedelta(days=1)
TODAY = date(2026, 11, 9)
PDF = KeptFile("test.pdf", "application/pdf", b"%PDF-1.7 test")


def given(people, **changes):
    values = {
        "kind": Competency.MEDIA_FILL,
        "occasion": Occasion.RECURRING,
        "done_on": TODAY,
        "outcome": Outcome.PASSED,
        "evaluator": people("paula"),
        "note": "14 days, no growth",
    }
    return actions.CompetencyGiven(**values | changes)


def counts(session):
    return [
        session.scalar(select(func.count()).select_from(one))
        for one in (CompetencyEntry, CompetencyDocument, BenchDay, AuditEntry)
    ]


def refused(session, kind, match, act):
    before = counts(session)
    with pytest.raises(kind, match=match):
        act()
    assert counts(session) == before


def entry_of(session, people, username, kind=Competency.MEDIA_FILL):
    return next(one for one in queries.list_entries_of(session, people(username)) if one.kind is kind)


def until(session, people, username, *, duty=Duty.COMPOUND, at=START):
    return queries.judge_person(session, people(username), duty=duty, category=Category.TWO, at=at).until


def test_a_competency_is_recorded_with_everything(session, people):
    assert until(session, people, "tina") == date(2027, 4, 20)

    for kind in (Competency.MEDIA_FILL, Competency.GARBING):
        actions.record_competency(
            session, people("tina"), given(people, kind=kind), by=people("petra"), at=START
        )

    assert until(session, people, "tina") == date(2027, 5, 9)
    kept = entry_of(session, people, "tina")
    assert (kept.evaluator.name, kept.recorded_by.name) == ("Paula Penhallow", "Petra Quillfeather")
    last = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert last.action == "recorded a competency"
    for part in ("Tina Tallgrass", "garbing", "recurring", "passed", "Paula Penhallow"):
        assert part in last.details


def test_nobody_records_their_own_or_evaluates_themselves(session, people):
    tina, petra = people("tina"), people("petra")
    refused(session, Refusal, "Another pharmacist records your", lambda: actions.record_competency(
        session, petra, given(people), by=petra, at=START))  # fmt: skip
    refused(session, InvalidInput, "nobody evaluates themselves", lambda: actions.record_competency(
        session, tina, given(people, evaluator=tina), by=petra, at=START))  # fmt: skip
    refused(session, Forbidden, "technician may not record the competencies", lambda: (
        actions.record_competency(session, people("theo"), given(people), by=tina, at=START)))  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"done_on": TODAY + DAY}, "done_on"),
        ({"outcome": Outcome.IN_ERROR}, "outcome"),
    ],
)
def test_bad_input_names_its_field(session, people, changes, field):
    with pytest.raises(InvalidInput) as caught:
        actions.record_competency(
            session, people("tina"), given(people, **changes), by=people("petra"), at=START
        )
    assert caught.value.field == field


def test_the_first_of_a_kind_is_initial(session, people):
    nora = people("nora")
    refused(session, InvalidInput, "No initial media fill of Nora Nettlebed was passed", lambda: (
        actions.record_competency(session, nora, given(people), by=people("petra"), at=START)))  # fmt: skip
    first = given(people, occasion=Occasion.INITIAL, outcome=Outcome.FAILED)
    actions.record_competency(session, nora, first, by=people("petra"), at=START)
    refused(session, InvalidInput, "No initial media fill", lambda: (
        actions.record_competency(session, nora, given(people), by=people("petra"), at=START)))  # fmt: skip
    actions.record_competency(
        session, nora, replace(first, outcome=Outcome.PASSED), by=people("petra"), at=START
    )

    actions.record_competency(session, nora, given(people), by=people("petra"), at=START)


def test_a_correction_is_a_new_row_with_its_reason(session, people):
    tina, petra = people("tina"), people("petra")
    wrong = entry_of(session, people, "tina")
    right = given(people, occasion=Occasion.INITIAL, outcome=Outcome.FAILED, done_on=wrong.done_on)
    refused(session, InvalidInput, "Give the reason", lambda: actions.correct_competency(
        session, wrong, right, reason=" ", by=petra, at=START))  # fmt: skip
    recurring = replace(right, occasion=Occasion.RECURRING)
    refused(session, InvalidInput, "No initial media fill", lambda: actions.correct_competency(
        session, wrong, recurring, reason="x", by=petra, at=START))  # fmt: skip

    made = actions.correct_competency(session, wrong, right, reason="plates misread", by=petra, at=START)

    assert (made.corrects_id, made.correction_reason) == (wrong.id, "plates misread")
    assert until(session, people, "tina") is None
    assert until(session, people, "tina", at=START - timedelta(seconds=1)) == date(2027, 4, 20)
    refused(session, Refusal, "corrected already", lambda: actions.correct_competency(
        session, wrong, right, reason="again", by=petra, at=START))  # fmt: skip
    undone = replace(right, outcome=Outcome.IN_ERROR)
    actions.correct_competency(session, made, undone, reason="it was Theo", by=petra, at=START + DAY)
    with pytest.raises(Refusal, match=r"Media fill: nothing is recorded\. See Petra Quillfeather"):
        actions.ensure_competent(session, tina, duty=Duty.COMPOUND, category=Category.TWO, at=START + DAY)
    before = queries.judge_person(session, tina, duty=Duty.COMPOUND, category=Category.TWO, at=START)
    assert any("failed on" in one.wrong for one in before.standings)


def test_rows_never_change_and_are_never_removed(session, people):
    wrong = entry_of(session, people, "tina")
    wrong.outcome = Outcome.FAILED
    with pytest.raises(DBAPIError, match="never changed"):
        session.flush()
    session.rollback()
    session.delete(entry_of(session, people, "tina"))
    with pytest.raises(DBAPIError, match="never removed"):
        session.flush()


def test_a_document_is_attached_by_another_person(session, people):
    entry = entry_of(session, people, "petra")
    refused(session, Refusal, "Another pharmacist", lambda: actions.attach_document(
        session, entry, PDF, by=people("petra"), at=START))  # fmt: skip

    actions.attach_document(session, entry, PDF, by=people("paula"), at=START)

    [document] = entry.documents
    assert document.attachment.media_type == "application/pdf"


def test_whom_to_see_is_named(session, people):
    assert queries.find_who_to_see(session, people("tina")) == "Petra Quillfeather, pharmacist-in-charge"
    assert queries.find_who_to_see(session, people("petra")) == "Paula Penhallow, pharmacist"
    people("petra").active = False
    assert queries.find_who_to_see(session, people("tina")) == "Paula Penhallow, pharmacist"
    people("paula").active = people("peter").active = False
    assert queries.find_who_to_see(session, people("tina")) == "the pharmacist-in-charge"


@pytest.mark.parametrize(
    ("day", "may"), [(date(2027, 4, 19), True), (date(2027, 4, 20), True), (date(2027, 4, 21), False)]
)
def test_who_may_compound_is_judged_on_the_day_at_the_site(session, people, day, may):
    """Late in the evening in New York it is the next day in UTC."""
    at = START.replace(year=day.year, month=day.month, day=day.day, hour=3) + DAY

    assert (until(session, people, "tina", at=at) is not None) is may


def test_a_day_at_the_bench_is_kept_once(session, people):
    tina = people("tina")
    for at in (START, START + timedelta(hours=2), START + DAY):
        actions.note_bench_day(session, tina, at=at)

    assert session.scalars(select(BenchDay.day).order_by(BenchDay.day)).all() == [TODAY, TODAY + DAY]
    found = queries.judge_person(session, tina, duty=Duty.COMPOUND, category=Category.TWO, at=START)
    assert found.last_at_bench == TODAY


def test_who_was_away_too_long_may_not_compound_but_may_check(session, people):
    tina, petra = people("tina"), people("petra")
    actions.note_bench_day(session, tina, at=START)
    away = START + timedelta(days=185)
    for kind in Competency:
        actions.record_competency(
            session, tina, given(people, kind=kind, done_on=away.date() - 30 * DAY), by=petra, at=away
        )

    with pytest.raises(Refusal, match="after an absence that went on past Sun 9 May 2027"):
        actions.ensure_competent(session, tina, duty=Duty.COMPOUND, category=Category.TWO, at=away)
    actions.ensure_competent(session, tina, duty=Duty.OVERSEE, category=Category.TWO, at=away)
