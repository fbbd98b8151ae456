"""The recalls and drills that are open: a recall stands above everything else."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.trace.queries import list_open_recalls
from pharmacy.worklist.queries.waiting import Waiting


def list_recalls_to_work_on(session: Session, person: Person) -> Iterator[Waiting]:
    """List the open recalls and drills of the site."""
    for recall in list_open_recalls(session, site_id=person.site_id):
        what = "locate every bag" if recall.is_drill else "call, and account for every bag"
        yield Waiting(
            recall.opened_at,
            recall.lot_names,
            f"{recall.name}: {what}",
            "DRILL" if recall.is_drill else recall.urgency_words,
            "trace.show_recall",
            {"recall_id": recall.id},
            stands_first=not recall.is_drill,
        )
