"""Reads of the reference data that a site has adopted, as the rules take it."""

from __future__ import annotations

import json
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pharmacy.domain.beyond_use_limits import LimitsTable, read_limits_table
from pharmacy.domain.errors import NotFound
from pharmacy.domain.pump_limits import SubcutaneousLimits, read_limits
from pharmacy.domain.pump_profiles import PumpProfile, read_profile
from pharmacy.domain.reference_data import ReferenceEntry
from pharmacy.domain.screening_limits import ScreeningLimits, read_screening_limits
from pharmacy.formulary.models import AdoptedEntry


class AdoptedKind(StrEnum):
    """What kind of reference data an entry is."""

    BEYOND_USE_LIMITS = "beyond_use_limits"
    PUMP_PROFILE = "pump_profile"
    SUBCUTANEOUS_LIMITS = "subcutaneous_limits"
    SCREENING_LIMITS = "screening_limits"
    COMPETENCY_INTERVALS = "competency_intervals"
    FACILITY_INTERVALS = "facility_intervals"


def _in_force(site_id: int) -> Select[AdoptedEntry]:
    return select(AdoptedEntry).where(AdoptedEntry.site_id == site_id, AdoptedEntry.in_force)


def find_adopted(session: Session, kind: str, key: str, *, site_id: int) -> AdoptedEntry | None:
    """Find the entry that a site works by."""
    return session.scalar(_in_force(site_id).where(AdoptedEntry.kind == kind, AdoptedEntry.key == key))


def get_adopted(session: Session, kind: str, key: str, *, site_id: int) -> AdoptedEntry:
    """Return the entry that a site works by; without one nothing may rest on it."""
    found = find_adopted(session, kind, key, site_id=site_id)
    if found is None:
        raise NotFound(f"This site has not adopted {key} ({kind.replace('_', ' ')}).")
    return found


def list_adopted(session: Session, *, site_id: int) -> list[AdoptedEntry]:
    """List the entries that a site works by."""
    return list(session.scalars(_in_force(site_id).order_by(AdoptedEntry.kind, AdoptedEntry.key)))


def as_reference_entry(adopted: AdoptedEntry) -> ReferenceEntry:
    """Return an adopted entry in the form in which the rules read reference data."""
    kept = json.loads(adopted.content)
    return ReferenceEntry(
        key=adopted.key,
        title=kept["title"],
        source=adopted.source,
        authored_by=kept["authored_by"],
        checked_by=adopted.checked_by,
        reviewed_on=adopted.reviewed_on,
        review_by=adopted.review_by,
        content=kept["content"],
    )


def adopted_limits_table(session: Session, *, site_id: int) -> LimitsTable:
    """Return the beyond-use limits that a site works by: the table that it adopted last."""
    return read_limits_table(get_adopted_last(session, AdoptedKind.BEYOND_USE_LIMITS, site_id=site_id))


def get_adopted_last(session: Session, kind: AdoptedKind, *, site_id: int) -> ReferenceEntry:
    """Return the entry of a kind that a site adopted last, for kinds of which one entry holds for all."""
    of_kind = _in_force(site_id).where(AdoptedEntry.kind == kind)
    adopted = session.scalar(of_kind.order_by(AdoptedEntry.id.desc()).limit(1))
    if adopted is None:
        raise NotFound(
            f"This site has not adopted {kind.replace('_', ' ').replace('beyond use', 'beyond-use')}."
        )
    return as_reference_entry(adopted)


def adopted_pump_profile(session: Session, profile: str, *, site_id: int) -> PumpProfile:
    """Return the profile of a pump as a site has adopted it."""
    adopted = get_adopted(session, AdoptedKind.PUMP_PROFILE, profile, site_id=site_id)
    return read_profile(profile, as_reference_entry(adopted))


def list_adopted_pump_profiles(session: Session, *, site_id: int) -> list[PumpProfile]:
    """List the pumps that a site has adopted a profile of."""
    found = session.scalars(
        _in_force(site_id).where(AdoptedEntry.kind == AdoptedKind.PUMP_PROFILE).order_by(AdoptedEntry.key)
    )
    return [read_profile(one.key, as_reference_entry(one)) for one in found]


def adopted_subcutaneous_limits(session: Session, drug: str, *, site_id: int) -> SubcutaneousLimits:
    """Return the subcutaneous limits of a drug, by its name or its key such as `magnesium-sulfate`."""
    adopted = get_adopted(session, AdoptedKind.SUBCUTANEOUS_LIMITS, _drug_key(drug), site_id=site_id)
    return read_limits(as_reference_entry(adopted))


def adopted_screening_limits(session: Session, drug: str, *, site_id: int) -> ScreeningLimits:
    """Return all that an order of a drug is screened against, by the drug's name or key."""
    adopted = get_adopted(session, AdoptedKind.SCREENING_LIMITS, _drug_key(drug), site_id=site_id)
    return read_screening_limits(
        as_reference_entry(adopted),
        subcutaneous=adopted_subcutaneous_limits(session, drug, site_id=site_id),
    )


def _drug_key(drug: str) -> str:
    return drug.replace(" ", "-")
