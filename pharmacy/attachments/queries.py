"""Reads of attached files."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from pharmacy.attachments.models import Attachment
from pharmacy.domain.errors import NotFound


def get_attachment(session: Session, attachment_id: int, *, site_id: int) -> Attachment:
    """Return a file of a site with its bytes."""
    found = session.scalar(
        select(Attachment)
        .where(Attachment.id == attachment_id, Attachment.site_id == site_id)
        .options(undefer(Attachment.content))
    )
    if found is None:
        raise NotFound("No file is kept under this number at this site.")
    return found
