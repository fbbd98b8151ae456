"""What the labels of a worksheet's bags say, read from the order that holds, the formula and the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, defer

from pharmacy.accounts.models import Site
from pharmacy.audit.models import StatusChange
from pharmacy.compounding.models import Bag, BagLabelCopy, Worksheet
from pharmacy.compounding.queries.places import preparation_as_dated
from pharmacy.domain.beyond_use import Storage
from pharmacy.domain.dispensing_regimen import list_doses
from pharmacy.domain.errors import Refusal
from pharmacy.domain.frequency import parse_frequency
from pharmacy.domain.label_wording import say_next_doses, say_out_of_refrigerator
from pharmacy.domain.routes import Route
from pharmacy.domain.statuses import BagStatus, OrderStatus, WorksheetStatus
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
_NEVER_DISPENSED = (BagStatus.CANCELLED, BagStatus.REJECTED)


@dataclass(frozen=True, kw_only=True)
class LabelFacts:
    """Hold what the labels of a worksheet say beyond the bag itself; `version` is the order that holds."""

    site: Site
    worksheet: Worksheet
    version: OrderVersion
    fill: int
    authorised_remaining: int
    directions: str
    next_doses: str
    out_of_refrigerator: str


def find_label_in_use(bag: Bag) -> BagLabelCopy | None:
    """Find the copy of a bag's label that is not destroyed; there is at most one."""
    return next((copy for copy in reversed(bag.labels) if copy.destroyed_at is None), None)


def list_papers_of(session: Session, worksheet: Worksheet) -> list[PrintedPaper]:
    """List what was printed of a worksheet and of each of its bags, oldest first, without the bytes."""
    bags = [bag.id for bag in worksheet.bags]
    return list(
        session.scalars(
            select(PrintedPaper)
            .where(
                ((PrintedPaper.record_type == "worksheet") & (PrintedPaper.record_id == worksheet.id))
                | ((PrintedPaper.record_type == "bag") & PrintedPaper.record_id.in_(bags))
            )
            .options(defer(PrintedPaper.content))
            .order_by(PrintedPaper.id)
        )
    )


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
    return LabelFacts(
        site=session.get_one(Site, worksheet.site_id),
        worksheet=worksheet,
        version=version,
        fill=count_fills(session, worksheet),
        authorised_remaining=max(0, version.bags_authorised - count_bags_up_to(session, worksheet)),
        directions=say_directions(session, version, worksheet.get_rate()),
        next_doses=_say_next_doses(session, worksheet, at=at),
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


def _say_next_doses(session: Session, worksheet: Worksheet, *, at: datetime) -> str:
    """Say the next doses by the order's calendar, from the first that the worksheet's bags are for."""
    planned = [bag.planned_dose_at for bag in worksheet.bags if bag.planned_dose_at is not None]
    starts = max(at, min(planned, default=worksheet.needed_at))
    zone = ZoneInfo(worksheet.get_patient().time_zone)
    regimen = list_segments(session, worksheet.get_order_version().order_id)
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


def count_fills(session: Session, worksheet: Worksheet) -> int:
    """Count the fills of an order up to a worksheet: its worksheets that were not cancelled."""
    wanted = (
        select(func.count())
        .select_from(Worksheet)
        .join(OrderVersion, Worksheet.order_version_id == OrderVersion.id)
        .where(
            OrderVersion.order_id == worksheet.get_order_version().order_id,
            Worksheet.id <= worksheet.id,
            Worksheet.status != WorksheetStatus.CANCELLED,
        )
    )
    return session.scalar(wanted) or 0


def count_bags_up_to(session: Session, worksheet: Worksheet) -> int:
    """Count the bags of an order on its worksheets up to this one that were, or may still be, dispensed.

    A bag that was destroyed before it left does not count.
    """
    left = exists().where(
        StatusChange.record_type == Bag.__tablename__,
        StatusChange.record_id == Bag.id,
        StatusChange.to_status == BagStatus.DELIVERED.value,
    )
    wanted = (
        select(func.count())
        .select_from(Bag)
        .join(OrderVersion, Bag.order_version_id == OrderVersion.id)
        .where(
            OrderVersion.order_id == worksheet.get_order_version().order_id,
            Bag.worksheet_id <= worksheet.id,
            Bag.status.not_in(_NEVER_DISPENSED),
            (Bag.status != BagStatus.DESTROYED) | left,
        )
    )
    return session.scalar(wanted) or 0
