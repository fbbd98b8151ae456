"""The sample pumps: one clean and maintained, one whose maintenance is overdue, one of an older kind."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.local_time import to_local
from pharmacy.pumps.actions import PumpEntry, clean_pump, register_pump

READY_PUMP, OVERDUE_PUMP, OLDER_PUMP = "PUMP-0042", "PUMP-0017", "PUMP-0008"
# Days from the load until maintenance is due.
_DUE = {READY_PUMP: 290, OVERDUE_PUMP: -12, OLDER_PUMP: 150}


def load_pumps(session: Session, people: dict[str, Person], *, at: datetime) -> None:
    """Register the sample pumps and clean them, as a technician would."""
    by = people["theo"]
    today = to_local(at, ZoneInfo(by.site.time_zone)).date()
    for asset, days in _DUE.items():
        pump = register_pump(session, _entry(asset, today + timedelta(days=days)), by=by, at=at)
        clean_pump(session, pump, by=by, at=at)


def _entry(asset: str, due: date) -> PumpEntry:
    older = asset == OLDER_PUMP
    return PumpEntry(
        asset_number=asset,
        serial_number=f"SAMPLE-{asset[-4:]}-77",
        maker="Smiths Medical",
        model="CADD-Legacy PLUS 6500" if older else "CADD-Solis VIP 2120",
        profile="cadd-legacy-plus" if older else "cadd-solis-vip",
        software_version="sample, read it on the pump at power-on",
        administration_set="sample set, 5 mL prime; the package says its own",
        air_detector="On, low sensitivity (sample)",
        occlusion_sensor="Upstream sensor on (sample)",
        low_reservoir="Beeps from 5 mL (sample)",
        lock_level="LL2 (sample)" if older else "Keypad locked (sample)",
        maintenance_due=due,
    )
