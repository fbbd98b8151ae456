"""What the labels of a worksheet's bags say, read from the order that holds, the formula and the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from pharmacy.accounts.models import Site
from pharmacy.compounding.models import Bag, BagLabelCopy, Worksheet
from pharmacy.compounding.queries.fills import (
    count_bags_given,
    count_bags_up_to,
    count_fills,
    count_fills_of_bag,
    list_allocated_together,
)
from pharmacy.compounding.queries.places import preparation_as_dated
from pharmacy.domain.beyond_use import Storage
from pharmacy.domain.dispensing_regimen import list_doses
from pharmacy.domain.errors import Refusal
from pharmacy.domain.frequency import parse_frequency
from pharmacy.domain.label_wording import say_next_doses, say_out_of_refrigerator
from pharmacy.domain.routes import Route
from pharmacy.domain.statuses import OrderStatus
from pharmacy.domain.wording import directions
from pharmacy.formulary.queries import adopted_limits_table, adopted_pump_profile
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import ensure_in_force, find_version_in_force, list_segments
from pharmacy.printing.models import PrintedPaper

NEXT_DOSES = 3
# What patients know their programmable pump by; its model stands on the programming sheet.
PUMP = "ambulatory pump"
# How far ahead the next doses are looked for, in days: most are near, the rarest come once a year.
_AHEAD = (10, 100, 1200)
# What a bag is made by; a version that differs in one of these needs other bags, not other labels.
_MADE_BY = (
    *("formula_id", "dose_mg", "diluent", "diluent_volume_ml", "route", "infusion_hours", "sites", "device"),
)


@dataclass(frozen=True)
class StockFacts:
    """Hold what the labels of bags for stock say beyond the bag itself; it follows from the formula."""

    site: Site
    worksheet: Worksheet


@dataclass(frozen=True, kw_only=True)
class LabelFacts:
    """Hold what labels say beyond the bag itself; `version` is the order that holds.

    `places` is the place of each bag, by its id, among the `quantity` that are given to the patient together.
    """

    site: Site
    worksheet: Worksheet
    version: OrderVersion
    quantity: int
    places: Mapping[int, int]
    fill: int
    authorised_remaining: int
    directions: str
    next_doses: str
    out_of_refrigerator: str


def find_label_in_use(bag: Bag) -> BagLabelCopy | None:
    """Find the copy of a bag's label that is not destroyed; there is at most one."""
    return next((copy for copy in reversed(bag.labels) if copy.destroyed_at is None), None)


def has_patients_label(bag: Bag) -> bool:
    """Tell whether the label in use names a patient; that of stock names none."""
    copy = find_label_in_use(bag)
    return copy is not None and copy.order_version_id is not None


def list_papers_of(session: Session, worksheet: Worksheet, *, whole: bool = False) -> list[PrintedPaper]:
    """List what was printed of a worksheet and its bags, oldest first; with the bytes if `whole`."""
    bags = [bag.id for bag in worksheet.bags]
    wanted = select(PrintedPaper).where(
        ((PrintedPaper.record_type == "worksheet") & (PrintedPaper.record_id == worksheet.id))
        | ((PrintedPaper.record_type == "bag") & PrintedPaper.record_id.in_(bags))
    )
    options = [] if whole else [defer(PrintedPaper.content)]
    return list(session.scalars(wanted.options(*options).order_by(PrintedPaper.id)))


def get_labelled_version(session: Session, version: OrderVersion, *, at: datetime) -> OrderVersion:
    """Return the version of the order whose directions a bag of `version` must carry now.

    That is the version in force, as long as it asks for the same bag. Refuses when none is in force, and
    when the one that is asks for another bag.
    """
    holds = version
    if version.status is not OrderStatus.IN_FORCE:
        holds = find_version_in_force(session, version.order_id) or version
    ensure_in_force(session, holds, at=at)
    if any(getattr(holds, name) != getattr(version, name) for name in _MADE_BY):
        raise Refusal(
            f"Version {holds.version} of Rx {version.order.rx_number} asks for another bag than version "
            f"{version.version}, by which this one is made."
        )
    return holds


def get_label_facts(session: Session, worksheet: Worksheet, *, at: datetime) -> LabelFacts:
    """Return what the labels of a worksheet say now; refuses where no order holds for its bags."""
    version = get_labelled_version(session, worksheet.get_order_version(), at=at)
    planned = [bag.planned_dose_at for bag in worksheet.bags if bag.planned_dose_at is not None]
    return _gather(
        session,
        worksheet,
        version,
        rate=worksheet.get_rate(),
        quantity=worksheet.bag_count,
        places={bag.id: bag.position for bag in worksheet.bags},
        fill=count_fills(session, worksheet),
        given=count_bags_up_to(session, worksheet),
        starts=max(at, min(planned, default=worksheet.needed_at)),
    )


def get_stock_facts(session: Session, worksheet: Worksheet) -> StockFacts:
    """Return what the stock labels of a worksheet say."""
    return StockFacts(session.get_one(Site, worksheet.site_id), worksheet)


def get_allocated_facts(session: Session, bag: Bag, *, at: datetime) -> LabelFacts:
    """Return what the patient's label of a bag from stock says now; refuses where no order holds for it.

    The bags that were allocated to the order by the same act are given together.
    """
    version = get_labelled_version(session, bag.get_order_version(), at=at)
    together = list_allocated_together(session, bag)
    planned = [one.planned_dose_at for one in together if one.planned_dose_at is not None]
    return _gather(
        session,
        bag.worksheet,
        version,
        rate=bag.get_rate(),
        quantity=len(together),
        places={one.bag_id: place for place, one in enumerate(together, start=1)},
        fill=count_fills_of_bag(session, bag),
        given=count_bags_given(session, version.order_id),
        starts=max(at, min(planned, default=at)),
    )


def _gather(
    session: Session,
    worksheet: Worksheet,
    version: OrderVersion,
    *,
    rate: Decimal,
    quantity: int,
    places: Mapping[int, int],
    fill: int,
    given: int,
    starts: datetime,
) -> LabelFacts:
    return LabelFacts(
        site=session.get_one(Site, worksheet.site_id),
        worksheet=worksheet,
        version=version,
        quantity=quantity,
        places=places,
        fill=fill,
        authorised_remaining=max(0, version.bags_authorised - given),
        directions=say_directions(session, version, rate),
        next_doses=_say_next_doses(session, version, starts=starts),
        out_of_refrigerator=_say_out_of_refrigerator(session, worksheet),
    )


def say_directions(session: Session, version: OrderVersion, rate_ml_per_h: Decimal) -> str:
    """Say a bag's directions as its label does: the order that holds, at the rate of the bag."""
    profile = adopted_pump_profile(session, version.device, site_id=version.order.site_id)
    return directions(
        dose_mg=version.dose_mg,
        bags_per_dose=1,
        route=Route(version.route),
        infusion_hours=version.infusion_hours,
        device=PUMP if profile.is_programmable else profile.name,
        rate_ml_per_h=rate_ml_per_h if profile.is_programmable else None,
        frequency=parse_frequency(version.frequency),
    )


def _say_next_doses(session: Session, version: OrderVersion, *, starts: datetime) -> str:
    """Say the next doses by the order's calendar, from the first that the bags are for."""
    zone = ZoneInfo(version.order.patient.time_zone)
    regimen = list_segments(session, version.order_id)
    doses: list[datetime] = []
    for days in _AHEAD:
        found = list_doses(regimen, zone=zone, starts=starts, ends=starts + timedelta(days=days))
        doses = [dose for dose, _ in found[:NEXT_DOSES]]
        if len(doses) == NEXT_DOSES:
            break
    if not doses:
        raise Refusal("The order has no dose ahead, so its label cannot say when the next one is.")
    return say_next_doses(doses, zone=zone)


def _say_out_of_refrigerator(session: Session, worksheet: Worksheet) -> str:
    """Say the site's limit out of the refrigerator, never above what room temperature allows this bag."""
    formula = worksheet.formula
    if Storage(formula.storage) is not Storage.REFRIGERATOR:
        return ""
    stable = [one.total_hours for one in formula.stability if Storage(one.storage) is Storage.ROOM]
    if not stable:
        return say_out_of_refrigerator([])
    table = adopted_limits_table(session, site_id=worksheet.site_id)
    site = session.get_one(Site, worksheet.site_id)
    limits: list[Fraction | Decimal | int] = [site.out_of_refrigerator_hours, *stable]
    return say_out_of_refrigerator([*limits, table.get_hours(preparation_as_dated(worksheet), Storage.ROOM)])
