"""Reads of the register of pumps."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import PumpStatus, SheetStatus
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.pumps.models import ProgramSheet, Pump

PAGE = 50
IN_FORCE = (SheetStatus.DRAFT, SheetStatus.VERIFIED)


def get_pump(session: Session, pump_id: int, *, site_id: int) -> Pump:
    """Return a pump of a site."""
    pump = session.get(Pump, pump_id)
    if pump is None or pump.site_id != site_id:
        raise NotFound("No pump is recorded under this number at this site.")
    return pump


def find_pump_by_asset(session: Session, asset_number: str, *, site_id: int) -> Pump | None:
    """Find a pump of a site by the number on its asset tag, in any letter case."""
    wanted = asset_number.strip().upper()
    return session.scalar(
        select(Pump).where(Pump.site_id == site_id, func.upper(Pump.asset_number) == wanted)
    )


def list_pumps(
    session: Session, *, site_id: int, statuses: Collection[PumpStatus] = tuple(PumpStatus), page: int = 1
) -> list[Pump]:
    """List a page of pumps by asset number with whom they are with; one more than a page holds."""
    return list(
        session.scalars(
            select(Pump)
            .where(Pump.site_id == site_id, Pump.status.in_(statuses))
            .options(joinedload(Pump.patient))
            .order_by(Pump.asset_number, Pump.id)
            .offset((page - 1) * PAGE)
            .limit(PAGE + 1)
        )
    )


def list_pumps_for(session: Session, version: OrderVersion) -> list[Pump]:
    """List the pumps that an order's sheet may name: of the ordered kind, free or with this patient."""
    order = version.order
    return list(
        session.scalars(
            select(Pump)
            .where(
                Pump.site_id == order.site_id,
                Pump.profile == version.device,
                (Pump.status == PumpStatus.AVAILABLE) | (Pump.patient_id == order.patient_id),
            )
            .options(joinedload(Pump.patient))
            .order_by(Pump.patient_id.is_(None), Pump.asset_number)
        )
    )


def find_claim(session: Session, pump: Pump, *, patient_id: int) -> ProgramSheet | None:
    """Find a sheet in force that promises a pump to another patient."""
    return session.scalar(
        select(ProgramSheet)
        .where(
            ProgramSheet.pump_id == pump.id,
            ProgramSheet.patient_id != patient_id,
            ProgramSheet.status.in_(IN_FORCE),
        )
        .order_by(ProgramSheet.id)
        .limit(1)
    )
