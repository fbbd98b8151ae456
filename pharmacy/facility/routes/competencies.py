"""Pages of competencies: who may compound today, one person's, and what is recorded of them."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission
from pharmacy.accounts.queries import list_people
from pharmacy.domain.competency import COMPETENCY_WORDS, Competency
from pharmacy.facility import actions, queries
from pharmacy.facility.forms import CorrectCompetencyForm, DocumentForm, FirstCompetencyForm
from pharmacy.facility.models import CompetencyEntry
from pharmacy.facility.routes.door import blueprint, load_person, today
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session
from pharmacy.web.uploads import takes_files


@blueprint.get("/competencies")
@requires(Permission.READ_FACILITY)
def list_competencies() -> str:
    """Show who may compound today, and until when."""
    people = queries.list_compounding_people(session(), site_id=actor().site_id)
    return render_template(
        "facility/list_competencies.html",
        rows=queries.judge_all_ways(session(), people, at=now()),
        kinds=list(Competency),
        intervals=queries.competency_intervals(session(), site_id=actor().site_id),
        today=today(),
    )


@blueprint.get("/competencies/people/<int:person_id>")
@requires(Permission.READ_FACILITY)
def show_competencies(person_id: int) -> str:
    """Show what a person showed, where each kind stands, and its history."""
    person = load_person(person_id)
    [row] = queries.judge_all_ways(session(), [person], at=now())
    return render_template(
        "facility/show_competencies.html",
        subject=person,
        row=row,
        entries=queries.list_entries_of(session(), person),
        intervals=queries.competency_intervals(session(), site_id=actor().site_id),
        see=queries.find_who_to_see(session(), person),
        words=COMPETENCY_WORDS,
        today=today(),
    )


@blueprint.get("/competencies/people/<int:person_id>/new")
@requires(Permission.MANAGE_COMPETENCIES)
def record_competency(person_id: int) -> str:
    """Ask what a person showed."""
    return _record_page(load_person(person_id), FirstCompetencyForm())


def _record_page(person: Person, form: FirstCompetencyForm) -> str:
    form.offer(_evaluators(), but=person)
    return render_template("facility/record_competency.html", subject=person, form=form)


def _evaluators() -> list[Person]:
    return [one for one in list_people(session(), site_id=actor().site_id) if one.active]


@takes_files
@blueprint.post("/competencies/people/<int:person_id>/new")
@requires(Permission.MANAGE_COMPETENCIES)
def submit_record_competency(person_id: int) -> Any:
    """Record that a person showed a competency."""
    form, person, people = FirstCompetencyForm(), load_person(person_id), _evaluators()
    form.offer(people, but=person)

    def act() -> Any:
        entry = actions.record_competency(session(), person, form.chosen(people), by=actor(), at=now())
        if form.file.file:
            actions.attach_document(session(), entry, form.file.file, by=actor(), at=now())
        return go("facility.show_competencies", person_id=person_id)

    return submit(form, act, page=lambda: _record_page(person, form), said="The competency is recorded.")


@blueprint.get("/competencies/<int:entry_id>/correct")
@requires(Permission.MANAGE_COMPETENCIES)
def correct_competency(entry_id: int) -> str:
    """Ask what a person really showed."""
    entry, form = _load_entry(entry_id), CorrectCompetencyForm()
    form.show(entry)
    return _correct_page(entry, form)


def _load_entry(entry_id: int) -> CompetencyEntry:
    return queries.get_entry(session(), entry_id, site_id=actor().site_id)


def _correct_page(entry: CompetencyEntry, form: CorrectCompetencyForm) -> str:
    form.offer(_evaluators(), but=entry.person)
    return render_template("facility/correct_competency.html", entry=entry, form=form)


@blueprint.post("/competencies/<int:entry_id>/correct")
@requires(Permission.MANAGE_COMPETENCIES)
def submit_correct_competency(entry_id: int) -> Any:
    """Correct an entry by a new row."""
    form, entry, people = CorrectCompetencyForm(), _load_entry(entry_id), _evaluators()
    form.offer(people, but=entry.person)

    def act() -> Any:
        given, reason = form.chosen(people), form.reason.data or ""
        actions.correct_competency(session(), entry, given, reason=reason, by=actor(), at=now())
        return go("facility.show_competencies", person_id=entry.person_id)

    return submit(form, act, page=lambda: _correct_page(entry, form), said="The entry is corrected.")


@blueprint.get("/competencies/<int:entry_id>/documents/new")
@requires(Permission.MANAGE_COMPETENCIES)
def attach_document(entry_id: int) -> str:
    """Ask which document belongs to an entry."""
    return _document_page(_load_entry(entry_id), DocumentForm())


def _document_page(entry: CompetencyEntry, form: DocumentForm) -> str:
    return render_template("facility/attach_document.html", entry=entry, form=form)


@takes_files
@blueprint.post("/competencies/<int:entry_id>/documents/new")
@requires(Permission.MANAGE_COMPETENCIES)
def submit_attach_document(entry_id: int) -> Any:
    """Attach a document to an entry."""
    form, entry = DocumentForm(), _load_entry(entry_id)

    def act() -> Any:
        actions.attach_document(session(), entry, form.file.file, by=actor(), at=now())
        return go("facility.show_competencies", person_id=entry.person_id)

    return submit(form, act, page=lambda: _document_page(entry, form), said="The document is attached.")
