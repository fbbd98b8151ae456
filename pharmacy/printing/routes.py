"""Show a printed paper exactly as it left the printer."""

from __future__ import annotations

from flask import Blueprint, Response

from pharmacy.accounts.permissions import Permission
from pharmacy.printing import queries
from pharmacy.web.doors import requires
from pharmacy.web.request import actor, reads_chart, session

blueprint = Blueprint("printing", __name__)


@blueprint.get("/papers/<serial>.pdf")
@requires(Permission.READ_CHARTS)
def show_paper(serial: str) -> Response:
    """Show the bytes that were printed."""
    paper = queries.get_paper(session(), serial, site_id=actor().site_id)
    queries.ensure_as_printed(paper)
    if paper.patient_id:
        reads_chart(paper.patient_id)
    return Response(
        paper.content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{paper.serial}.pdf"'},
    )
