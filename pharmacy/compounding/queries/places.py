"""Where a worksheet is made: what each hood allows before the start, and what was frozen of it then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from pharmacy.accounts.models import Site
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries.queue import PAGE
from pharmacy.domain.beyond_use import BeyondUse, Category, Component, LimitsTable, Preparation
from pharmacy.domain.compounding_place import Allowed, allow_there, judge_place
from pharmacy.domain.errors import Refusal
from pharmacy.domain.place_words import say_conditions, say_hood, say_lowered, say_room
from pharmacy.facility.queries import KnownPlace, facility_intervals, list_controls, read_places
from pharmacy.formulary.queries import adopted_limits_table, date_bag_of, preparation_of


@dataclass(frozen=True, kw_only=True)
class HoodChoice:
    """Hold what would follow if a worksheet started in a hood now: category, date, or what speaks against it.

    `too_late` are the bags whose planned dose would not be before the date.
    """

    known: KnownPlace
    allowed: Allowed
    dated: BeyondUse | None
    objection: str
    too_late: tuple[Bag, ...]

    @property
    def value(self) -> str:
        """Name the choice as a form sends it: the hood, and the category that was shown."""
        return f"{self.known.control.id}-{self.allowed.category or ''}"

    @property
    def is_lower(self) -> bool:
        """Tell whether the place allows less than the formula asks for."""
        return self.dated is not None and bool(self.allowed.reasons)


def list_hood_choices(session: Session, worksheet: Worksheet, *, at: datetime) -> list[HoodChoice]:
    """List every hood of the site with the date that would follow there now; nothing is chosen."""
    places = read_places(session, list_controls(session, site_id=worksheet.site_id))
    if not places:
        return []
    intervals = facility_intervals(session, site_id=worksheet.site_id)
    table = adopted_limits_table(session, site_id=worksheet.site_id)
    zone = ZoneInfo(session.get_one(Site, worksheet.site_id).time_zone)
    wanted = Category(worksheet.formula.category)
    return [
        _choose(
            worksheet,
            known,
            judge_place(known.as_place(), wanted, intervals=intervals, at=at, zone=zone),
            table=table,
            zone=zone,
            at=at,
        )
        for known in places
    ]


def _choose(
    worksheet: Worksheet,
    known: KnownPlace,
    allowed: Allowed,
    *,
    table: LimitsTable,
    zone: ZoneInfo,
    at: datetime,
) -> HoodChoice:
    dated, objection = None, allowed.sentence
    if allowed.category is not None:
        try:
            dated, objection = date_there(worksheet, allowed, table=table, zone=zone, at=at), ""
        except Refusal as refusal:
            objection = refusal.sentence
    too_late = [
        bag
        for bag in worksheet.bags
        if dated is not None and bag.planned_dose_at is not None and bag.planned_dose_at >= dated.until
    ]
    return HoodChoice(
        known=known, allowed=allowed, dated=dated, objection=objection, too_late=tuple(too_late)
    )


def date_there(
    worksheet: Worksheet, allowed: Allowed, *, table: LimitsTable, zone: ZoneInfo, at: datetime
) -> BeyondUse:
    """Date a worksheet whose preparation starts now at a place, by what the place allows.

    The limits are the site's adopted table, the formula's stability, house limit and storage, and the expiry
    of every lot that may go in (domain.md 1.1 to 1.6).
    """
    return date_bag_of(
        worksheet.formula,
        preparation=allow_there(preparation_of(worksheet.formula), allowed),
        prepared_at=at,
        zone=zone,
        components=[
            Component(one.lot.product.name, one.lot.number, one.lot.expires_at)
            for one in worksheet.proposed_lots
        ],
        table=table,
    )


def category_of(worksheet: Worksheet) -> Category:
    """Return the category in which a worksheet's bags are made: as dated, else as the formula says."""
    return Category(worksheet.place["category"] if worksheet.place else worksheet.formula.category)


def preparation_as_dated(worksheet: Worksheet) -> Preparation:
    """Return how a worksheet's bags are made, as the beyond-use limits name it: in the category dated by."""
    return replace(preparation_of(worksheet.formula), category=category_of(worksheet))


@dataclass(frozen=True)
class PlaceWords:
    """Hold the place of a worksheet in words, as it was frozen at the start."""

    hood: str
    room: str
    conditions: str
    lowered: str


def say_place(worksheet: Worksheet, zone: ZoneInfo) -> PlaceWords | None:
    """Say where a worksheet is made; None before it starts."""
    place = worksheet.place
    if place is None:
        return None
    return PlaceWords(say_hood(place), say_room(place), say_conditions(place, zone), say_lowered(place))


def list_bags_made_in(
    session: Session, control_id: int, *, site_id: int, since: datetime, until: datetime, page: int = 1
) -> Sequence[Bag]:
    """List a page of the bags made in a hood from an instant to before another, the newest first.

    One more than a page holds, each with its worksheet.
    """
    wanted = (
        select(Bag)
        .join(Bag.worksheet)
        .where(
            Worksheet.engineering_control_id == control_id,
            Bag.site_id == site_id,
            Bag.made_at >= since,
            Bag.made_at < until,
        )
        .options(joinedload(Bag.worksheet))
        .order_by(Bag.made_at.desc(), Bag.id.desc())
    )
    return list(session.scalars(wanted.offset((page - 1) * PAGE).limit(PAGE + 1)))
