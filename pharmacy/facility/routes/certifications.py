"""Pages on which certifications of rooms and hoods are recorded and corrected."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.facility import actions, queries
from pharmacy.facility.forms import CertificationForm, CorrectCertificationForm
from pharmacy.facility.models import Certification, CompoundingRoom, EngineeringControl
from pharmacy.facility.routes.door import blueprint, load_control, load_room
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session
from pharmacy.web.uploads import takes_files

_Subject = CompoundingRoom | EngineeringControl
_SAID = "The certification is recorded."


@blueprint.get("/rooms/<int:room_id>/certifications/new")
@requires(Permission.MANAGE_FACILITY)
def certify_room(room_id: int) -> str:
    """Ask what the certifier found of a room."""
    return _certify_page(load_room(room_id), CertificationForm())


@takes_files
@blueprint.post("/rooms/<int:room_id>/certifications/new")
@requires(Permission.MANAGE_FACILITY)
def submit_certify_room(room_id: int) -> Any:
    """Record a certification of a room."""
    return _submit_certify(load_room(room_id))


@blueprint.get("/hoods/<int:control_id>/certifications/new")
@requires(Permission.MANAGE_FACILITY)
def certify_control(control_id: int) -> str:
    """Ask what the certifier found of a hood."""
    return _certify_page(load_control(control_id), CertificationForm())


@takes_files
@blueprint.post("/hoods/<int:control_id>/certifications/new")
@requires(Permission.MANAGE_FACILITY)
def submit_certify_control(control_id: int) -> Any:
    """Record a certification of a hood."""
    return _submit_certify(load_control(control_id))


def _certify_page(subject: _Subject, form: CertificationForm) -> str:
    return render_template("facility/certify.html", subject=subject, form=form, wrong=None)


def _submit_certify(subject: _Subject) -> Any:
    form = CertificationForm()

    def act() -> Any:
        actions.certify(session(), subject, form.chosen(), by=actor(), at=now())
        return _go_to(subject)

    return submit(form, act, page=lambda: _certify_page(subject, form), said=_SAID)


def _go_to(subject: _Subject) -> Any:
    if isinstance(subject, CompoundingRoom):
        return go("facility.show_room", room_id=subject.id)
    return go("facility.show_control", control_id=subject.id)


@blueprint.get("/certifications/<int:certification_id>/correct")
@requires(Permission.MANAGE_FACILITY)
def correct_certification(certification_id: int) -> str:
    """Ask what a certifier really found."""
    wrong, subject = _load(certification_id)
    form = CorrectCertificationForm()
    form.show(wrong)
    return _correct_page(wrong, subject, form)


def _load(certification_id: int) -> tuple[Certification, _Subject]:
    wrong = queries.get_certification(session(), certification_id, site_id=actor().site_id)
    return wrong, load_room(wrong.room_id) if wrong.room_id else load_control(wrong.control_id or 0)


def _correct_page(wrong: Certification, subject: _Subject, form: CorrectCertificationForm) -> str:
    return render_template("facility/certify.html", subject=subject, form=form, wrong=wrong)


@takes_files
@blueprint.post("/certifications/<int:certification_id>/correct")
@requires(Permission.MANAGE_FACILITY)
def submit_correct_certification(certification_id: int) -> Any:
    """Correct a certification by a new row."""
    form, (wrong, subject) = CorrectCertificationForm(), _load(certification_id)

    def act() -> Any:
        reason = form.reason.data or ""
        actions.correct_certification(
            session(), subject, wrong, form.chosen(), reason=reason, by=actor(), at=now()
        )
        return _go_to(subject)

    return submit(form, act, page=lambda: _correct_page(wrong, subject, form), said=_SAID)
