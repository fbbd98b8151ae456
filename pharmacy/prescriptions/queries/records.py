"""An order with all its versions, and what the page says of each, in a fixed number of statements."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.audit.models import StatusChange
from pharmacy.formulary.queries import list_adopted_pump_profiles
from pharmacy.prescriptions.models import ChangeTask, Order, OrderVersion
from pharmacy.prescriptions.queries.orders import list_versions
from pharmacy.prescriptions.queries.schedule import running_rate


@dataclass(frozen=True)
class VersionRecord:
    """One version with its device's name, its rate, what was signed, its tasks and its history."""

    version: OrderVersion
    device: str
    rate: Fraction
    signed: Mapping[str, Any]
    tasks: Sequence[ChangeTask]
    changes: Sequence[StatusChange]


def list_version_records(session: Session, order: Order) -> list[VersionRecord]:
    """List the versions of an order, the newest first, each with all that is on record about it."""
    versions = list_versions(session, order.id)
    ids = [one.id for one in versions]
    tasks = session.scalars(
        select(ChangeTask)
        .where(ChangeTask.order_version_id.in_(ids))
        .order_by(ChangeTask.position, ChangeTask.id)
    ).all()
    changes = session.scalars(
        select(StatusChange)
        .where(StatusChange.record_type == OrderVersion.__tablename__, StatusChange.record_id.in_(ids))
        .order_by(StatusChange.id)
    ).all()
    names = {one.profile_id: one.name for one in list_adopted_pump_profiles(session, site_id=order.site_id)}
    return [
        VersionRecord(
            version=version,
            device=names.get(version.device, version.device),
            rate=running_rate(version.formula, version.infusion_hours),
            signed=json.loads(version.verified_content) if version.verified_content else {},
            tasks=[one for one in tasks if one.order_version_id == version.id],
            changes=[one for one in changes if one.record_id == version.id],
        )
        for version in versions
    ]
