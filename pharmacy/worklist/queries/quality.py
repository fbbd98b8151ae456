"""What waits because something was not as it must be: bags to be mended, deviations to be settled."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Bag, Deviation, Rework
from pharmacy.compounding.queries import OPEN_DEVIATIONS, TO_MEND
from pharmacy.domain.deviations import KIND_WORDS
from pharmacy.domain.formatting import counted
from pharmacy.domain.statuses import DeviationStatus
from pharmacy.worklist.queries.waiting import Waiting


def list_reworks(session: Session, person: Person) -> Iterator[Waiting]:
    """List the bags that a pharmacist sent back to the bench."""
    found = session.execute(
        select(Rework, Bag)
        .join(Bag, Rework.bag_id == Bag.id)
        .where(Bag.site_id == person.site_id, Bag.status.in_(TO_MEND), Rework.done_at.is_(None))
        .options(joinedload(Bag.patient), joinedload(Bag.worksheet))
    )
    for rework, bag in found:
        yield Waiting(
            bag.worksheet.needed_at,
            bag.patient.name if bag.patient else "Stock",
            f"Rework bag {bag.position} of worksheet {bag.worksheet.serial}: {rework.to_do}",
            f"sent back by {rework.asked_by.name}",
            "compounding.rework",
            {"worksheet_id": bag.worksheet_id, "bag_id": bag.id},
        )


def list_deviations_to_settle(session: Session, person: Person) -> Iterator[Waiting]:
    """List the deviations to be investigated or closed; each is due since it happened."""
    found = session.scalars(
        select(Deviation)
        .where(Deviation.site_id == person.site_id, Deviation.status.in_(OPEN_DEVIATIONS))
        .options(joinedload(Deviation.bags))
    ).unique()
    for one in found:
        verb = "Investigate" if one.status is DeviationStatus.OPEN else "Decide on and close"
        affected = f", {counted(len(one.bags), 'bag')}" if one.bags else ""
        yield Waiting(
            one.happened_at,
            "",
            f"{verb} deviation {one.serial}: {KIND_WORDS[one.kind].lower()}{affected}",
            f"{one.gravity.value}, opened by {one.opened_by.name}",
            "compounding.show_deviation",
            {"deviation_id": one.id},
        )
