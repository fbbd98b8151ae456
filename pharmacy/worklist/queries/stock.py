"""What waits at the shelf: counts that differ, for whoever explains them or counts a second time."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.statuses import CountStatus
from pharmacy.inventory.queries import list_open_counts
from pharmacy.worklist.queries.waiting import Waiting


def list_counts_to_settle(session: Session, person: Person) -> Iterator[Waiting]:
    """List the counts that wait: to be explained, or for a person who neither counted nor explained."""
    for one in list_open_counts(session, site_id=person.site_id):
        waits = one.status is CountStatus.TO_CONFIRM
        if waits and person.id in (one.counted_by_id, one.explained_by_id):
            continue
        verb = "Count again as the second person" if waits else "Explain a difference"
        yield Waiting(
            one.counted_at,
            "Stock",
            f"{verb}: lot {one.lot.number} at {one.location.name}",
            f"counted by {one.counted_by.name}",
            "inventory.show_count",
            {"count_id": one.id},
        )
