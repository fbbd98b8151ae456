"""The place of a preparation: settled at its start, and judged again while bags are made there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Worksheet
from pharmacy.compounding.queries import category_of
from pharmacy.domain.beyond_use import Category
from pharmacy.domain.compounding_place import Allowed, judge_place
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.facility_intervals import FacilityIntervals
from pharmacy.domain.local_time import to_local
from pharmacy.domain.reference_data import ensure_in_review
from pharmacy.facility.models import EngineeringControl
from pharmacy.facility.queries import KnownPlace, describe_place, facility_intervals, read_places
from pharmacy.formulary.queries import AdoptedKind, get_adopted_last


def settle_place(
    session: Session,
    worksheet: Worksheet,
    control: EngineeringControl,
    *,
    accepts: Category,
    by: Person,
    at: datetime,
) -> tuple[Allowed, dict[str, Any]]:
    """Settle where a worksheet is made; returns what the place allows, and what is frozen of it.

    Refuses a hood or room in which nothing may be made, and a category other than the one that the person was
    shown and accepts.
    """
    if control.site_id != worksheet.site_id:
        raise InvalidInput("Choose a hood of this site.", field="hood")
    zone = ZoneInfo(by.site.time_zone)
    entry = get_adopted_last(session, AdoptedKind.FACILITY_INTERVALS, site_id=by.site_id)
    ensure_in_review(entry, at=to_local(at, zone).date())
    wanted = Category(worksheet.formula.category)
    known, intervals, allowed = _judge(session, control, wanted, zone=zone, at=at)
    if allowed.category is None:
        raise Refusal(allowed.sentence, field="hood")
    if allowed.category is not accepts:
        raise Refusal(
            f"In {control.name} Category {allowed.category} is made now, not Category {accepts} as you were "
            f"shown. {allowed.sentence} Look at the date again, then start.".replace("  ", " "),
            field="hood",
        )
    kept = describe_place(known, intervals) | {
        "category": allowed.category.value,
        "formula_category": wanted.value,
        "lowered_because": list(allowed.reasons),
    }
    return allowed, kept


def ensure_place_holds(session: Session, worksheet: Worksheet, *, by: Person, at: datetime) -> None:
    """Refuse to go on where nothing may be made now, or less than the worksheet's date was frozen for."""
    if worksheet.engineering_control_id is None:
        return
    control = session.get_one(EngineeringControl, worksheet.engineering_control_id)
    frozen = category_of(worksheet)
    _, _, allowed = _judge(session, control, frozen, zone=ZoneInfo(by.site.time_zone), at=at)
    if allowed.category is None:
        raise Refusal(
            f"{allowed.sentence} Until then nothing is made by worksheet {worksheet.serial}: wait, or give up"
            " its bags."
        )
    if allowed.category is not frozen:
        raise Refusal(
            f"{allowed.sentence} The date of worksheet {worksheet.serial} was frozen for Category {frozen}:"
            " give up the bags that are not made, or cancel it, and open a new one."
        )


def _judge(
    session: Session, control: EngineeringControl, wanted: Category, *, zone: ZoneInfo, at: datetime
) -> tuple[KnownPlace, FacilityIntervals, Allowed]:
    intervals = facility_intervals(session, site_id=control.site_id)
    [known] = read_places(session, [control])
    return known, intervals, judge_place(known.as_place(), wanted, intervals=intervals, at=at, zone=zone)
