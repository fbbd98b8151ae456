"""A worksheet with all that was done to its bags, and all that its release signs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from pharmacy.compounding.models import Bag, BagComponent, Worksheet
from pharmacy.compounding.queries.record import record_content
from pharmacy.compounding.queries.worksheets import get_worksheet


def get_worksheet_with_labels(session: Session, worksheet_id: int, *, site_id: int) -> Worksheet:
    """Return a worksheet with all that was done to its bags, from the first scan to the last inspection."""
    worksheet = get_worksheet(session, worksheet_id, site_id=site_id)
    session.scalars(
        select(Bag)
        .where(Bag.worksheet_id == worksheet.id)
        .options(
            selectinload(Bag.labels),
            selectinload(Bag.inspections),
            selectinload(Bag.reworks),
            selectinload(Bag.weighings),
            selectinload(Bag.components).joinedload(BagComponent.opened_container),
            selectinload(Bag.clearances),
        )
        .execution_options(populate_existing=False)
    ).all()
    session.scalars(
        select(Worksheet)
        .where(Worksheet.id == worksheet.id)
        .options(
            selectinload(Worksheet.steps_done),
            selectinload(Worksheet.handovers),
            selectinload(Worksheet.station_notes),
            selectinload(Worksheet.signed_record),
            selectinload(Worksheet.addenda),
        )
        .execution_options(populate_existing=False)
    ).all()
    return worksheet


def release_content(worksheet: Worksheet) -> dict[str, Any]:
    """Return all that a release signs: the record, and how each bag and its label stand."""
    return record_content(worksheet) | {
        "standing": [
            [
                *(bag.serial, bag.status.value, bag.beyond_use_at),
                [[copy.copy_number, copy.destroyed_at, copy.destroyed_because] for copy in bag.labels],
            ]
            for bag in worksheet.bags
        ]
    }


def bag_content(bag: Bag) -> dict[str, Any]:
    """Return all that a decision on one bag in quarantine signs."""
    (made,) = [one for one in record_content(bag.worksheet)["bags_made"] if one["serial"] == bag.serial]
    return made | {"status": bag.status.value, "beyond_use_at": bag.beyond_use_at}
