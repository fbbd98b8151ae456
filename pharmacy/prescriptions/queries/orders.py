"""Reads of orders and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Site
from pharmacy.domain.dispensing import Segment
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.domain.formatting import day, moment
from pharmacy.domain.frequency import parse_frequency, say
from pharmacy.domain.lifecycle import say as say_status
from pharmacy.domain.local_time import to_local
from pharmacy.domain.statuses import OrderStatus
from pharmacy.patients.models import Patient
from pharmacy.patients.queries import search_words
from pharmacy.prescriptions.models import Order, OrderVersion

PAGE = 25
OPEN = (OrderStatus.ENTERED, OrderStatus.SENT_BACK)


def get_version(session: Session, version_id: int, *, site_id: int) -> OrderVersion:
    """Return a version of an order of a site."""
    version = session.get(OrderVersion, version_id)
    if version is None or version.order.site_id != site_id:
        raise NotFound("No order is recorded under this number.")
    return version


def get_order(session: Session, order_id: int, *, site_id: int) -> Order:
    """Return an order of a site."""
    order = session.get(Order, order_id)
    if order is None or order.site_id != site_id:
        raise NotFound("No order is recorded under this number.")
    return order


def list_versions(session: Session, order_id: int) -> list[OrderVersion]:
    """List all versions of an order, the newest first."""
    return list(
        session.scalars(
            select(OrderVersion)
            .where(OrderVersion.order_id == order_id)
            .order_by(OrderVersion.version.desc())
        )
    )


def list_orders(
    session: Session, *, site_id: int, page: int, search: str, statuses: Sequence[OrderStatus]
) -> list[OrderVersion]:
    """List a page of versions with one of `statuses`, the newest first, and one more where a page follows.

    Each word of `search` is part of the patient's name or record number, the Rx number or the drug.
    """
    wanted = (
        select(OrderVersion)
        .join(OrderVersion.order)
        .join(Order.patient)
        .where(Order.site_id == site_id, OrderVersion.status.in_(statuses))
    )
    for word in search_words(search):
        columns = (Patient.family_name, Patient.given_name, Patient.record_number, Order.rx_number)
        wanted = wanted.where(or_(*(one.icontains(word, autoescape=True) for one in columns)))
    wanted = wanted.order_by(OrderVersion.entered_at.desc(), OrderVersion.id.desc())
    return list(session.scalars(wanted.offset((page - 1) * PAGE).limit(PAGE + 1)))


def find_version_in_force(session: Session, order_id: int) -> OrderVersion | None:
    """Find the version of an order that holds now; None before verification, on hold and after its end."""
    return session.scalar(
        select(OrderVersion).where(
            OrderVersion.order_id == order_id, OrderVersion.status == OrderStatus.IN_FORCE
        )
    )


def find_version_to_change(session: Session, order_id: int) -> OrderVersion | None:
    """Find the version of an order that a change would replace: the one in force or on hold."""
    return session.scalar(
        select(OrderVersion).where(
            OrderVersion.order_id == order_id,
            OrderVersion.status.in_([OrderStatus.IN_FORCE, OrderStatus.ON_HOLD]),
        )
    )


def find_open_change(session: Session, order_id: int) -> OrderVersion | None:
    """Find a version of an order that waits for verification or for a correction."""
    return session.scalar(
        select(OrderVersion).where(OrderVersion.order_id == order_id, OrderVersion.status.in_(OPEN))
    )


def find_replacement(session: Session, version: OrderVersion) -> OrderVersion | None:
    """Find the verified version that replaced this one."""
    return session.scalar(
        select(OrderVersion).where(
            OrderVersion.replaces_id == version.id, OrderVersion.verification_id.is_not(None)
        )
    )


def ensure_in_force(session: Session, version: OrderVersion, *, at: datetime) -> None:
    """Refuse unless the version holds: verified, not on hold, ended or replaced, and not expired.

    A prescription is good through its last date, at the pharmacy's clock.
    """
    name = f"Version {version.version} of Rx {version.order.rx_number}"
    zone = ZoneInfo(session.get_one(Site, version.order.site_id).time_zone)
    if version.status is OrderStatus.REPLACED:
        newer = find_replacement(session, version)
        if newer is not None and newer.verification is not None:
            when = moment(newer.verification.signed_at, zone)
            raise Refusal(f"{name} was replaced by version {newer.version} on {when}: {newer.frequency}.")
    if version.status in OPEN:
        raise Refusal(f"{name} is not verified by a pharmacist yet; nothing can start before that.")
    if version.status is not OrderStatus.IN_FORCE:
        raise Refusal(f"{name} is {say_status(version.status)}.")
    if to_local(at, zone).date() > version.expires_on:
        raise Refusal(f"{name} expired on {day(version.expires_on)}; ask the prescriber for a new one.")


def list_segments(session: Session, order_id: int, *, proposed: OrderVersion | None = None) -> list[Segment]:
    """List the stretches of an order's regimen in time order: versions that hold or held.

    A later version takes the place of every earlier one from its effective time on. `proposed` counts as
    though it were verified, to foresee what it does.
    """
    segments: list[Segment] = []
    for version in reversed(list_versions(session, order_id)):
        if version.verification_id is None and version is not proposed:
            continue
        while segments and segments[-1].effective >= version.effective:
            segments.pop()
        segments.append(
            Segment(
                effective=version.effective,
                frequency=parse_frequency(version.frequency),
                anchor=version.anchor,
                infusion_hours=version.infusion_hours,
            )
        )
    return segments


def say_frequency(version: OrderVersion) -> str:
    """Say a version's frequency in the patient's words."""
    return say(parse_frequency(version.frequency))
