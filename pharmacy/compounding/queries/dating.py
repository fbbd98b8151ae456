"""Until when a bag that is yet to be made can be started."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pharmacy.domain.beyond_use import BeyondUse, Component, LimitRule, LimitsTable
from pharmacy.formulary.models import Formula
from pharmacy.formulary.queries import date_bag_of, preparation_of

# Which lots go into a bag is known when they are scanned; until then no component limits its date.
_LOTS_NOT_KNOWN = Component("not chosen yet", "not chosen yet", datetime.max.replace(tzinfo=UTC))


def date_new_bag(formula: Formula, *, prepared_at: datetime, table: LimitsTable, zone: ZoneInfo) -> BeyondUse:
    """Date a bag that is yet to be made, by all limits but the expiry of its components."""
    dated = date_bag_of(
        formula,
        preparation=preparation_of(formula),
        prepared_at=prepared_at,
        zone=zone,
        components=[_LOTS_NOT_KNOWN],
        table=table,
    )
    known = tuple(limit for limit in dated.limits if limit.rule is not LimitRule.COMPONENT)
    return replace(dated, limits=known)
