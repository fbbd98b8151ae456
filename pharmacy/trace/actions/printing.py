"""Print the list of a recall; what was printed is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.printing.actions import PaperMark, print_paper
from pharmacy.printing.models import PrintedPaper
from pharmacy.trace.models import Recall

RECALL_LIST = "recall list"


def print_recall_list(
    session: Session,
    recall: Recall,
    *,
    draw: Callable[[PaperMark], bytes],
    reason: str | None,
    by: Person,
    at: datetime,
) -> PrintedPaper:
    """Print the list of a recall as it is now; a later copy says why it is printed."""
    ensure_may(by.role, Permission.CALL_FOR_RECALLS)
    return print_paper(
        session,
        recall,
        kind=RECALL_LIST,
        render=draw,
        patient_id=None,
        order_version_id=None,
        reason=(reason or "").strip() or None,
        by=by,
        at=at,
    )
