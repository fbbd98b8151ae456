"""Attached files: kept under their digest, shown as they were given, to who may see them."""

from hashlib import sha256

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pharmacy.attachments.actions import attach
from pharmacy.attachments.models import Attachment
from pharmacy.audit.models import AuditEntry, ChartRead
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.patients.models import Patient
from tests.conftest import START

PHOTO = KeptFile("vial.png", "image/png", b"\x89PNG\r\n\x1a\n a vial")


def kept(session, people, **more):
    return attach(session, PHOTO, what="the vial", by=people("tina"), at=START, **more)


def test_a_file_is_kept_under_its_digest_and_recorded(session, people):
    attachment = kept(session, people)

    digest = sha256(PHOTO.content).hexdigest()
    assert (attachment.digest, attachment.size, attachment.is_picture) == (digest, len(PHOTO.content), True)
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()))
    assert entry.action == "attached a file"
    assert digest in entry.details


def test_a_file_is_never_changed_or_removed(session, people):
    kept(session, people)
    for statement in ("UPDATE attachment SET name = 'x'", "DELETE FROM attachment"):
        with pytest.raises(DBAPIError, match="never"), session.begin_nested():
            session.execute(text(statement))


@pytest.fixture
def shown(database, people, session, sign_in):
    """Keep a file, about a patient or not, and ask for it as somebody."""

    def ask(username, *, about=False):
        patient_id = session.scalar(select(Patient.id).order_by(Patient.id)) if about else None
        number = kept(session, people, patient_id=patient_id).id
        session.commit()
        return sign_in(username).get(f"/attachments/{number}")

    return ask


def test_it_is_shown_as_it_was_given(shown):
    answer = shown("tina")

    assert (answer.data, answer.mimetype) == (PHOTO.content, "image/png")
    assert answer.headers["Content-Disposition"] == "inline; filename=vial.png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_look_at_a_file_about_a_patient_is_recorded(shown, session):
    assert shown("paula", about=True).status_code == 200

    assert session.scalar(select(ChartRead).order_by(ChartRead.id.desc())).page.startswith("/attachments/")


def test_a_driver_and_another_site_see_none(shown, session):
    assert shown("dan").status_code == 403
    assert session.scalars(select(Attachment)).all()


def test_a_number_that_does_not_exist_is_said(sign_in):
    assert sign_in("tina").get("/attachments/99999").status_code == 404
