"""Show an attached file exactly as it was given."""

from __future__ import annotations

from flask import Blueprint, Response

from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.attachments import queries
from pharmacy.web.doors import requires
from pharmacy.web.request import actor, reads_chart, session

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/attachments/<int:attachment_id>")
@requires(Permission.READ_FORMULARY)
def show_attachment(attachment_id: int) -> Response:
    """Show the bytes that were attached."""
    found = queries.get_attachment(session(), attachment_id, site_id=actor().site_id)
    if found.patient_id:
        ensure_may(actor().role, Permission.READ_CHARTS)
        reads_chart(found.patient_id)
    response = Response(found.content, mimetype=found.media_type)
    response.headers.set("Content-Disposition", "inline", filename=found.name)
    return response
