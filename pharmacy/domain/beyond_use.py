"""Beyond-use dating: until when a compounded sterile preparation may be started (USP <797>, 2023).

The date counts from the START of preparation, N days are N x 24 elapsed hours, the soonest limit wins and
nothing is ever rounded up. A bag may be started while `start < beyond use`; an infusion may run past it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from pharmacy.domain.beyond_use_limits import (
    STORAGE_WORDS,
    Category,
    LimitsTable,
    Method,
    Preparation,
    Storage,
    hours_words,
    load_limits_table,
)
from pharmacy.domain.elapsed import after_hours, ensure_instant
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.expiry import end_of_day, parse_expiry
from pharmacy.domain.formatting import moment
from pharmacy.domain.quantities import ensure_above_zero


class LimitRule(StrEnum):
    """The kinds of limit, in the order that names the limiting one when instants are equal."""

    CATEGORY = "category"
    STABILITY = "stability"
    COMPONENT = "component"
    HOUSE = "house limit"
    MOVE = "storage change"


_RANK = {rule: rank for rank, rule in enumerate(LimitRule)}


@dataclass(frozen=True, slots=True)
class StabilityEntry:
    """Hold how long the preparation is stable in one storage, and the reference that says so."""

    storage: Storage
    hours: Fraction | Decimal
    reference: str


@dataclass(frozen=True, slots=True)
class Component:
    """Hold one lot of one component; `expires` is its last good instant (see `parse_expiry`)."""

    name: str
    lot: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class StorageMove:
    """Hold a move of the finished preparation to another storage."""

    at: datetime
    storage: Storage


@dataclass(frozen=True, slots=True)
class Limit:
    """Hold one limit that was considered: its rule, the instant it gives and where it comes from."""

    rule: LimitRule
    until: datetime
    source: str


@dataclass(frozen=True, slots=True)
class BeyondUse:
    """Hold an assigned beyond-use date with everything that it was weighed on, soonest limit first."""

    until: datetime
    limited_by: LimitRule
    limits: tuple[Limit, ...]
    prepared_at: datetime
    preparation: Preparation
    storage: Storage
    table_key: str
    notice: str


@dataclass(frozen=True, slots=True)
class _Basis:
    """Hold what the limits of any storage rest on."""

    preparation: Preparation
    stability: Sequence[StabilityEntry]
    table: LimitsTable
    zone: ZoneInfo


def assign_beyond_use(
    *,
    prepared_at: datetime,
    zone: ZoneInfo,
    preparation: Preparation,
    storage: Storage,
    stability: Sequence[StabilityEntry],
    components: Sequence[Component],
    table: LimitsTable,
    house_limit_days: Decimal | Fraction | int | None = None,
    moves: Sequence[StorageMove] = (),
) -> BeyondUse:
    """Assign the beyond-use date: the soonest of all limits, each kept with its source.

    `prepared_at` is the start of preparation; `zone` is for the sentences. Refuses a storage in use without a
    stability reference (immediate use needs none) or without a limit in the table, no component or an expired
    one, and a move out of order, before the start or at or after the date that stood (domain.md 1.1 to 1.6).
    """
    start = ensure_instant(prepared_at)
    basis = _Basis(preparation, stability, table, zone)
    limits = _storage_limits(storage, start, basis)
    limits += _component_limits(components, start, zone)
    if house_limit_days is not None:
        hours = ensure_above_zero(Fraction(house_limit_days) * 24, "house_limit_days")
        limits.append(
            Limit(LimitRule.HOUSE, after_hours(start, hours), f"House limit of {hours_words(hours)}.")
        )
    limits += _move_limits(moves, start, min(limit.until for limit in limits), basis)
    limits.sort(key=lambda limit: (limit.until, _RANK[limit.rule]))
    return BeyondUse(
        until=limits[0].until,
        limited_by=limits[0].rule,
        limits=tuple(limits),
        prepared_at=start,
        preparation=preparation,
        storage=storage,
        table_key=table.key,
        notice=table.notice,
    )


def _storage_limits(storage: Storage, since: datetime, basis: _Basis) -> list[Limit]:
    """List what the category and the stability references allow in a storage from an instant on."""
    hours = basis.table.get_hours(basis.preparation, storage)
    row = basis.table.get_row(basis.preparation)
    words = f"{basis.preparation.words()}, {STORAGE_WORDS[storage]}: {hours_words(hours)}. {row.source}."
    source = f"{words} {basis.table.statement}"
    limits = [Limit(LimitRule.CATEGORY, after_hours(since, hours), source)]
    entries = [entry for entry in basis.stability if entry.storage is storage and entry.reference.strip()]
    if entries:
        shortest = min(entries, key=lambda entry: Fraction(entry.hours))
        stable = ensure_above_zero(Fraction(shortest.hours), "stability")
        source = f"Stable {STORAGE_WORDS[storage]} for {hours_words(stable)}: {shortest.reference}"
        limits.append(Limit(LimitRule.STABILITY, after_hours(since, stable), source))
    elif basis.preparation.category is not Category.IMMEDIATE:
        raise Refusal(
            f"stability should have an entry with a reference for storage {STORAGE_WORDS[storage]}; "
            "without one no beyond-use date can be assigned.",
            field="stability",
        )
    return limits


def _component_limits(components: Sequence[Component], start: datetime, zone: ZoneInfo) -> list[Limit]:
    if not components:
        raise InvalidInput("components should list at least one component.", field="components")
    limits = []
    for component in components:
        expires = ensure_instant(component.expires)
        words = f"{component.name}, lot {component.lot}"
        if expires <= start:
            raise Refusal(
                f"components: {words} expires {moment(expires, zone)} and should expire after the start.",
                field="components",
            )
        limits.append(Limit(LimitRule.COMPONENT, expires, f"Expiry of {words}."))
    return limits


def _move_limits(
    moves: Sequence[StorageMove], start: datetime, stood: datetime, basis: _Basis
) -> list[Limit]:
    """List what each move allows; a move never lengthens, so moving back restores nothing (domain.md 1.5)."""
    found: list[Limit] = []
    earlier = start
    for move in moves:
        at = ensure_instant(move.at)
        if at < earlier:
            before = "the start of preparation" if earlier == start else "the move before it"
            raise InvalidInput(
                f"moves should be in time order from the start of preparation; "
                f"the move {moment(at, basis.zone)} is before {before}.",
                field="moves",
            )
        if at >= stood:
            raise Refusal(
                f"moves: at the move {moment(at, basis.zone)} the preparation was already beyond use "
                f"({moment(stood, basis.zone)}).",
                field="moves",
            )
        moved = f"Moved {moment(at, basis.zone)}. "
        new = [
            Limit(LimitRule.MOVE, limit.until, moved + limit.source)
            for limit in _storage_limits(move.storage, at, basis)
        ]
        stood = min(stood, *(limit.until for limit in new))
        earlier = at
        found += new
    return found


def may_be_started(start: datetime, beyond_use: datetime) -> bool:
    """Tell whether a bag may be started: before its beyond-use date; an equal instant is too late."""
    return start < beyond_use


def explain(beyond_use: BeyondUse, zone: ZoneInfo) -> list[str]:
    """Write the working of a beyond-use date in plain English, one line each limit, soonest first."""
    lines = [f"Preparation started {moment(beyond_use.prepared_at, zone)}."]
    for limit in beyond_use.limits:
        lines.append(f"{limit.rule.capitalize()}: before {moment(limit.until, zone)}. {limit.source}")
    lines.append(
        f"Start before {moment(beyond_use.until, zone)}: the soonest limit is the {beyond_use.limited_by}."
    )
    return lines


__all__ = [
    "BeyondUse",
    "Category",
    "Component",
    "Limit",
    "LimitRule",
    "LimitsTable",
    "Method",
    "Preparation",
    "StabilityEntry",
    "Storage",
    "StorageMove",
    "assign_beyond_use",
    "end_of_day",
    "explain",
    "load_limits_table",
    "may_be_started",
    "parse_expiry",
]
