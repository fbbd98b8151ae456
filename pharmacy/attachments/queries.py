"""Reads of attached files."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from pharmacy.attachments.models import Attachment
from pharmacy.domain.errors import NotFound, Refusal


def get_attachment(session: Session, attachment_id: int, *, site_id: int) -> Attachment:
    """Return a file of a site with its bytes; refuses one that is no longer what was given."""
    found = session.scalar(
        select(Attachment)
        .where(Attachment.id == attachment_id, Attachment.site_id == site_id)
        .options(undefer(Attachment.content))
    )
    if found is None:
        raise NotFound("No file is kept under this number at this site.")
    if sha256(found.content).hexdigest() != found.digest:
        raise Refusal(
            f"File {found.name} is damaged: what is kept is not what was given, whose digest begins with"
            f" {found.digest[:16]}. Restore it from a backup; do not rely on it."
        )
    return found
