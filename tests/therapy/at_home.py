"""Bring bags home without a van: released through actions, then moved as a delivery moves them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.audit.actions import move
from pharmacy.compounding.models import Bag
from pharmacy.domain.statuses import BAG_MOVES, BagStatus
from pharmacy.prescriptions.models import OrderVersion
from tests.therapy.bags import released_bags

People = Callable[[str], Person]


def move_bags(
    session: Session, people: People, bags: Sequence[Bag], *statuses: BagStatus, at: datetime
) -> Sequence[Bag]:
    """Move bags along, by Dan."""
    for bag in bags:
        for status in statuses:
            move(session, bag, BAG_MOVES, status, what="a bag", by=people("dan"), at=at)
    session.flush()
    return bags


def bags_at_home(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 2,
    doses: Sequence[datetime | None] | None = None,
    made_at: datetime,
    at: datetime,
) -> Sequence[Bag]:
    """Return bags whose preparation started at `made_at` and that were delivered at `at`."""
    made = released_bags(session, people, version, bags=bags, doses=doses, at=made_at).bags
    return move_bags(session, people, made, BagStatus.PACKED, BagStatus.DELIVERED, at=at)
