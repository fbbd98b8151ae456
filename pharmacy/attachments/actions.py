"""Keep a file; what it belongs to is recorded by the action that attaches it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.attachments.models import Attachment
from pharmacy.audit.actions import record
from pharmacy.domain.file_kinds import KeptFile


def attach(
    session: Session, file: KeptFile, *, what: str, patient_id: int | None = None, by: Person, at: datetime
) -> Attachment:
    """Keep the bytes of a recognised file under their digest; `what` says in words what it shows.

    A file about a patient is shown only to who may read charts, and each look is recorded.
    """
    attachment = Attachment(
        site_id=by.site_id,
        patient_id=patient_id,
        name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        digest=sha256(file.content).hexdigest(),
        content=file.content,
        added_by=by,
        added_at=at,
    )
    session.add(attachment)
    session.flush()
    record(session, attachment, "attached a file", by=by, at=at, what=what, name=file.name,
           media_type=file.media_type, size=len(file.content), digest=attachment.digest)  # fmt: skip
    return attachment
