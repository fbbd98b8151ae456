"""Where the bags of a worksheet stand before release, and all that its release signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from pharmacy.accounts.models import Signature, Site
from pharmacy.compounding.models import Bag, BagComponent, Worksheet
from pharmacy.compounding.queries.competences import list_competences
from pharmacy.compounding.queries.content import list_frozen_limits, worksheet_content
from pharmacy.compounding.queries.labels import find_label_in_use, get_labelled_version
from pharmacy.compounding.queries.worksheets import get_worksheet
from pharmacy.domain.bag_release import BagStanding, InspectionOutcome, LabelOnBag, count_bags
from pharmacy.domain.errors import Refusal
from pharmacy.inventory.models import MovementKind, StockMovement
from pharmacy.prescriptions.models import OrderVersion


def get_worksheet_with_labels(session: Session, worksheet_id: int, *, site_id: int) -> Worksheet:
    """Return a worksheet with all that was done to its bags: components, labels and inspections too."""
    worksheet = get_worksheet(session, worksheet_id, site_id=site_id)
    session.scalars(
        select(Bag)
        .where(Bag.worksheet_id == worksheet.id)
        .options(
            selectinload(Bag.labels),
            selectinload(Bag.inspections),
            selectinload(Bag.components).joinedload(BagComponent.opened_container),
        )
        .execution_options(populate_existing=False)
    ).all()
    return worksheet


def name_bag(bag: Bag) -> str:
    """Name a bag for a sentence: its place on the worksheet and its serial."""
    return f"Bag {bag.position} ({bag.serial})"


def find_version_to_label(session: Session, worksheet: Worksheet, *, at: datetime) -> OrderVersion | None:
    """Find the version whose directions the bags must carry; None when no order holds, and for stock."""
    return _find_holding(session, worksheet.order_version, at=at)


def _find_holding(session: Session, version: OrderVersion | None, *, at: datetime) -> OrderVersion | None:
    if version is None:
        return None
    try:
        return get_labelled_version(session, version, at=at)
    except Refusal:
        return None


def read_standings(session: Session, worksheet: Worksheet, *, at: datetime) -> list[BagStanding]:
    """Read where every bag of a worksheet stands, as the rule of release takes it."""
    versions = {bag.order_version for bag in worksheet.bags}
    holding = {version: _find_holding(session, version, at=at) for version in versions}
    return [read_standing(bag, holding[bag.order_version]) for bag in worksheet.bags]


def read_standing(bag: Bag, version: OrderVersion | None) -> BagStanding:
    """Read where one bag stands; `version` is the order that holds for it, or None. Stock needs none."""
    copy = find_label_in_use(bag)
    seen = bag.inspections[-1] if bag.inspections else None
    label = None
    if copy is not None:
        label = LabelOnBag(
            applied_at=copy.applied_at,
            says_the_date=copy.beyond_use_at == bag.beyond_use_at,
            says_the_order=copy.order_version_id is None
            if bag.is_free_stock
            else version is not None and copy.order_version_id == version.id,
        )
    return BagStanding(
        name=name_bag(bag),
        made=bag.made_at is not None,
        beyond_use=bag.beyond_use_at,
        label=label,
        may_lack_label=version is None
        and not bag.is_free_stock
        and seen is not None
        and seen.outcome is InspectionOutcome.REJECT,
        outcome=seen.outcome if seen else None,
        inspected_at=seen.at if seen else None,
    )


def list_compounders(worksheet: Worksheet) -> set[int]:
    """List who compounded: who started, scanned, confirmed a step, drew, weighed or put together.

    The independent second check of a volume is a check, not compounding, and may be the releaser's.
    """
    bags = worksheet.bags
    people = {worksheet.started_by_id, *(scan.person_id for scan in worksheet.scans)}
    people |= {bag.made_by_id for bag in bags} | {check.first_by_id for bag in bags for check in bag.checks}
    people |= {part.person_id for bag in bags for part in bag.components}
    people |= {step.person_id for step in worksheet.steps_done}
    people |= {weighing.person_id for bag in bags for weighing in bag.weighings}
    return {one for one in people if one is not None}


def release_content(worksheet: Worksheet) -> dict[str, Any]:
    """Return all that a release signs: the worksheet, what was done to each bag, and what was seen of it."""
    return worksheet_content(worksheet) | {
        "checked": worksheet.check.digest if worksheet.check else None,
        "started": [worksheet.started_at, worksheet.started_by.name if worksheet.started_by else None],
        "place": worksheet.place,
        "beyond_use": [asdict(one) for one in list_frozen_limits(worksheet)],
        "scans": [
            [scan.raw, scan.product.name, scan.lot.number, scan.person.name, scan.at, scan.undone_because]
            for scan in worksheet.scans
        ],
        "bags_made": [bag_content(bag) for bag in worksheet.bags],
    }


def bag_content(bag: Bag) -> dict[str, Any]:
    """Return all that is known of how a bag was made, labelled and inspected."""
    return {
        "serial": bag.serial,
        "status": bag.status.value,
        "beyond_use_at": bag.beyond_use_at,
        "made": [bag.made_at, bag.made_by.name if bag.made_by else None],
        "components": [
            [part.lot.product.name, part.lot.number, part.lot.expires_at, part.volume_ml]
            for part in bag.components
        ],
        "volumes": [
            [check.first_ml, check.first_by.name, check.second_ml, check.second_by_id, check.agrees]
            for check in bag.checks
        ],
        "labels": [
            [copy.copy_number, copy.beyond_use_at, copy.applied_at, copy.destroyed_at, copy.reason]
            for copy in bag.labels
        ],
        "inspections": [
            [
                *(one.no_particles, one.colour_right, one.closure_intact, one.label_matches),
                *(one.outcome.value, one.reason, one.person.name, one.at),
            ]
            for one in bag.inspections
        ],
        "shortened": [[one.was, one.became, one.reason, one.person.name] for one in bag.shortenings],
    }


@dataclass(frozen=True, kw_only=True)
class RecordFacts:
    """Hold what a compounding record is written from, beside the worksheet itself."""

    site: Site
    count: str
    signed: list[Signature]
    waste: list[StockMovement]
    competences: Mapping[int, str]


def get_record_facts(session: Session, worksheet: Worksheet, *, at: datetime) -> RecordFacts:
    """Return the count, the signatures and the waste of a worksheet."""
    return RecordFacts(
        site=session.get_one(Site, worksheet.site_id),
        count=count_bags(read_standings(session, worksheet, at=at)).say(decided=True),
        signed=_list_signatures(session, worksheet),
        waste=_list_waste(session, worksheet),
        competences=list_competences(session, worksheet),
    )


def _list_signatures(session: Session, worksheet: Worksheet) -> list[Signature]:
    bags = [bag.id for bag in worksheet.bags]
    return list(
        session.scalars(
            select(Signature)
            .where(
                ((Signature.record_type == "worksheet") & (Signature.record_id == worksheet.id))
                | ((Signature.record_type == "bag") & Signature.record_id.in_(bags))
            )
            .order_by(Signature.id)
        )
    )


def _list_waste(session: Session, worksheet: Worksheet) -> list[StockMovement]:
    return list(
        session.scalars(
            select(StockMovement)
            .where(
                StockMovement.worksheet_id == worksheet.id,
                StockMovement.kind == MovementKind.WASTED,
                StockMovement.volume_ml != 0,
            )
            .options(joinedload(StockMovement.lot))
            .order_by(StockMovement.id)
        )
    )
