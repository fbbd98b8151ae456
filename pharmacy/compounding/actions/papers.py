"""Papers of a bag that no longer say what is true."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Bag
from pharmacy.printing.actions import replace_paper
from pharmacy.printing.queries import list_papers


def void_papers(session: Session, bag: Bag, *, because: str, by: Person, at: datetime) -> None:
    """Mark every paper printed of a bag as replaced, so that its barcode says so wherever it is scanned."""
    for paper in list_papers(session, bag.__tablename__, bag.id):
        if paper.replaced_at is None:
            replace_paper(session, paper, because=because, by=by, at=at)
