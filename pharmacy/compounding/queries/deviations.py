"""Reads of deviations: one with all that it concerns, lists by where they stand, and what they hold back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from pharmacy.accounts.models import Person
from pharmacy.accounts.queries import count_pharmacists
from pharmacy.compounding.models import Bag, Complaint, Deviation, DeviationBag, DeviationLot, Worksheet
from pharmacy.domain.deviations import AffectedBag, DeviationKind
from pharmacy.domain.errors import InvalidInput, NotFound
from pharmacy.domain.statuses import BagStatus, DeviationStatus
from pharmacy.inventory.models import Lot

OPEN_DEVIATIONS = (DeviationStatus.OPEN, DeviationStatus.INVESTIGATED)
DEVIATIONS_A_PAGE = 25


def get_deviation(session: Session, deviation_id: int, *, site_id: int) -> Deviation:
    """Return a deviation of a site with its bags, lots and notes."""
    found = session.scalar(
        select(Deviation)
        .where(Deviation.id == deviation_id, Deviation.site_id == site_id)
        .options(
            joinedload(Deviation.worksheet),
            joinedload(Deviation.complaint),
            selectinload(Deviation.bags).joinedload(DeviationBag.bag).joinedload(Bag.worksheet),
            selectinload(Deviation.lots).joinedload(DeviationLot.lot),
            selectinload(Deviation.notes),
        )
    )
    if found is None:
        raise NotFound("No deviation is recorded under this number at this site.")
    return found


def get_affected(deviation: Deviation, affected_id: int) -> DeviationBag:
    """Return one of the bags that a deviation concerns."""
    found = next((one for one in deviation.bags if one.id == affected_id), None)
    if found is None:
        raise NotFound("This bag is not part of this deviation.")
    return found


def list_deviations(
    session: Session,
    *,
    site_id: int,
    statuses: Collection[DeviationStatus] = OPEN_DEVIATIONS,
    kind: DeviationKind | None = None,
    search: str = "",
    page: int = 1,
) -> list[Deviation]:
    """List a page of deviations, the open ones first and of those the oldest; one more than a page holds."""
    wanted = _matching(site_id=site_id, statuses=statuses, kind=kind, search=search)
    return list(
        session.scalars(
            wanted.offset((page - 1) * DEVIATIONS_A_PAGE).limit(DEVIATIONS_A_PAGE + 1)
        )
    )  # fmt: skip


def list_all_deviations(
    session: Session,
    *,
    site_id: int,
    statuses: Collection[DeviationStatus] = OPEN_DEVIATIONS,
    kind: DeviationKind | None = None,
    search: str = "",
) -> list[Deviation]:
    """List all deviations that match, for a file."""
    return list(session.scalars(_matching(site_id=site_id, statuses=statuses, kind=kind, search=search)))


def _matching(
    *, site_id: int, statuses: Collection[DeviationStatus], kind: DeviationKind | None, search: str
) -> Select[Any]:
    wanted = (
        select(Deviation)
        .where(Deviation.site_id == site_id, Deviation.status.in_(statuses))
        .options(
            joinedload(Deviation.worksheet),
            selectinload(Deviation.bags).joinedload(DeviationBag.bag),
            selectinload(Deviation.lots).joinedload(DeviationLot.lot),
        )
        .order_by(Deviation.closed_at.is_not(None), Deviation.happened_at, Deviation.id)
    )
    if kind is not None:
        wanted = wanted.where(Deviation.kind == kind)
    text = search.strip()
    return wanted.where(_says(text)) if text else wanted


def _says(text: str) -> Any:
    """Match a part of what happened, or of the serial of a deviation, worksheet, bag or lot."""
    bags = (
        select(DeviationBag.deviation_id)
        .join(Bag, DeviationBag.bag_id == Bag.id)
        .where(Bag.serial.icontains(text, autoescape=True))
    )
    lots = (
        select(DeviationLot.deviation_id)
        .join(Lot, DeviationLot.lot_id == Lot.id)
        .where(Lot.number.icontains(text, autoescape=True))
    )
    sheets = select(Worksheet.id).where(Worksheet.serial.icontains(text, autoescape=True))
    return or_(
        Deviation.what.icontains(text, autoescape=True),
        Deviation.serial.icontains(text, autoescape=True),
        Deviation.id.in_(bags),
        Deviation.id.in_(lots),
        Deviation.worksheet_id.in_(sheets),
    )


def list_holding(session: Session, worksheet: Worksheet) -> dict[int, str]:
    """List the serial of the open deviation that holds each bag of a worksheet back, by the bag's id."""
    ids = [bag.id for bag in worksheet.bags]
    rows = session.execute(
        select(Deviation.serial, DeviationBag.bag_id)
        .outerjoin(DeviationBag, DeviationBag.deviation_id == Deviation.id)
        .where(
            Deviation.status.in_(OPEN_DEVIATIONS),
            or_(
                (Deviation.worksheet_id == worksheet.id) & DeviationBag.id.is_(None),
                DeviationBag.bag_id.in_(ids),
            ),
        )
        .order_by(Deviation.id.desc())
    ).all()
    held: dict[int, str] = {}
    for serial, bag_id in rows:
        held.update(dict.fromkeys(ids if bag_id is None else [bag_id], serial))
    return held


def find_holding(session: Session, bag: Bag) -> str | None:
    """Find the serial of an open deviation that holds a bag back."""
    concerned = exists().where(DeviationBag.deviation_id == Deviation.id, DeviationBag.bag_id == bag.id)
    any_bag = exists().where(DeviationBag.deviation_id == Deviation.id)
    return session.scalar(
        select(Deviation.serial)
        .where(
            Deviation.status.in_(OPEN_DEVIATIONS),
            or_(concerned, (Deviation.worksheet_id == bag.worksheet_id) & ~any_bag),
        )
        .order_by(Deviation.id)
        .limit(1)
    )


def find_concerning(session: Session, bag: Bag) -> Deviation | None:
    """Find the first open deviation that concerns a bag by name."""
    return session.scalar(
        select(Deviation)
        .join(DeviationBag, DeviationBag.deviation_id == Deviation.id)
        .where(Deviation.status.in_(OPEN_DEVIATIONS), DeviationBag.bag_id == bag.id)
        .order_by(Deviation.id)
        .limit(1)
    )


def list_deviations_of(session: Session, worksheet: Worksheet) -> list[Deviation]:
    """List the deviations that concern a worksheet or one of its bags, oldest first."""
    ids = [bag.id for bag in worksheet.bags]
    concerned = select(DeviationBag.deviation_id).where(DeviationBag.bag_id.in_(ids))
    return list(
        session.scalars(
            select(Deviation)
            .where(or_(Deviation.worksheet_id == worksheet.id, Deviation.id.in_(concerned)))
            .options(selectinload(Deviation.bags).joinedload(DeviationBag.bag))
            .order_by(Deviation.id)
        )
    )


def get_complaint(session: Session, complaint_id: int, *, site_id: int) -> Complaint:
    """Return a complaint of a site with its bag."""
    found = session.get(Complaint, complaint_id)
    if found is None or found.site_id != site_id:
        raise NotFound("No complaint is recorded under this number at this site.")
    return found


def get_named_lots(session: Session, numbers: Collection[str], *, site_id: int) -> list[Lot]:
    """Return the lots of a site by their numbers; refuses a number that nothing was received under."""
    wanted = {number.upper() for number in numbers}
    found = list(
        session.scalars(
            select(Lot)
            .where(Lot.site_id == site_id, func.upper(Lot.number).in_(wanted))
            .order_by(Lot.number, Lot.id)
        )
    )
    missing = sorted(wanted - {lot.number.upper() for lot in found})
    if missing:
        raise InvalidInput(f"No lot {missing[0]} has been received at this site.", field="lots")
    return found


def find_bag_or_lot(session: Session, code: str, *, site_id: int) -> tuple[Bag | None, Lot | None]:
    """Find the bag or the lot that a scan or a typed text means; refuses what is neither."""
    text = code.strip().upper()
    bag = session.scalar(select(Bag).where(Bag.serial == text, Bag.site_id == site_id))
    if bag is not None:
        return bag, None
    lots = session.scalars(select(Lot).where(func.upper(Lot.number) == text, Lot.site_id == site_id)).all()
    if len(lots) != 1:
        raise InvalidInput(f"{code.strip()[:40]} is no bag and no lot of this site.", field="code")
    return None, lots[0]


def may_close_this(session: Session, deviation: Deviation, *, by: Person) -> bool:
    """Tell whether a pharmacist may close a deviation: not one of their own, unless they are the sole one."""
    if by.id != deviation.opened_by_id:
        return True
    return by.site.sole_pharmacist and count_pharmacists(session, site_id=by.site_id) == 1


def list_affected(deviation: Deviation) -> list[AffectedBag]:
    """List the bags of a deviation as the rule of its closing takes them."""
    return [
        AffectedBag(
            f"bag {one.bag.serial}", one.bag.status is BagStatus.QUARANTINED, one.disposition
        )
        for one in deviation.bags
    ]  # fmt: skip


def deviation_content(deviation: Deviation) -> Mapping[str, Any]:
    """Return all that the closing of a deviation signs."""
    return {
        "serial": deviation.serial,
        "kind": deviation.kind.value,
        "gravity": deviation.gravity.value,
        "happened_at": deviation.happened_at,
        "what": deviation.what,
        "immediate_action": deviation.immediate_action,
        "worksheet": deviation.worksheet.serial if deviation.worksheet else None,
        "opened": [deviation.opened_by.name, deviation.opened_at],
        "cause": deviation.cause,
        "others_affected": deviation.others_affected,
        "findings": deviation.findings,
        "corrective_action": deviation.corrective_action,
        "preventive_action": deviation.preventive_action,
        "investigated": [
            deviation.investigated_by.name if deviation.investigated_by else None,
            deviation.investigated_at,
        ],
        "bags": [
            [one.bag.serial, one.disposition.value if one.disposition else None, one.reason]
            for one in deviation.bags
        ],
        "lots": [[one.lot.product.name, one.lot.number] for one in deviation.lots],
        "notes": [[one.text, one.person.name, one.at] for one in deviation.notes],
    }
