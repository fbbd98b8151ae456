"""`pharmacy calc beyond-use`: read the JSON, ask the rule, write the answer (calculators.md, beyond-use)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from pharmacy.calculators.reading import Fields
from pharmacy.domain.beyond_use import (
    Category,
    Component,
    Method,
    Preparation,
    StabilityEntry,
    Storage,
    StorageMove,
    assign_beyond_use,
    load_limits_table,
    parse_expiry,
)
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import iso_instant

_CATEGORY = '1, 2, 3 or "immediate"'
_EXPIRY = "a month as YYYY-MM, a date as YYYY-MM-DD or an instant with offset"
_STORAGES = [storage.value for storage in Storage]


def answer(fields: Fields) -> dict[str, Any]:
    """Answer the beyond-use date of one preparation."""
    zone = fields.zone()
    prepared_at = fields.instant("prepared_at", zone)
    preparation = _read_preparation(fields)
    storage = Storage(fields.choice("storage", _STORAGES))
    stability = [_read_stability(one) for one in fields.objects("stability")]
    components = [_read_component(one, zone) for one in fields.objects("components", empty_allowed=False)]
    house_limit = fields.quantity("house_limit_days") if fields.has("house_limit_days") else None
    moves = [_read_move(one, zone) for one in fields.objects("moves")] if fields.has("moves") else []
    fields.close()
    beyond_use = assign_beyond_use(
        prepared_at=prepared_at,
        zone=zone,
        preparation=preparation,
        storage=storage,
        stability=stability,
        components=components,
        table=load_limits_table(),
        house_limit_days=house_limit,
        moves=moves,
    )
    return {
        "beyond_use": iso_instant(beyond_use.until, zone),
        "limited_by": beyond_use.limited_by.value,
        "limits": [
            {"rule": limit.rule.value, "until": iso_instant(limit.until, zone), "source": limit.source}
            for limit in beyond_use.limits
        ],
    }


def _read_preparation(fields: Fields) -> Preparation:
    return Preparation(
        category=_read_category(fields),
        method=Method(fields.choice("method", [method.value for method in Method])),
        sterility_tested=fields.boolean("sterility_tested"),
        nonsterile_components=fields.boolean("nonsterile_components"),
    )


def _read_category(fields: Fields) -> Category:
    if not fields.has("category"):
        raise fields.refuse("category", _CATEGORY)
    try:
        return Category(str(fields.whole("category", most=3)))
    except InvalidInput:
        pass
    try:
        return Category(fields.choice("category", [Category.IMMEDIATE.value]))
    except InvalidInput:
        raise fields.refuse("category", _CATEGORY) from None


def _read_stability(entry: Fields) -> StabilityEntry:
    storage = Storage(entry.choice("storage", _STORAGES))
    hours = _read_hours(entry)
    reference = _one_line(entry.text("reference", "the reference that says so"))
    entry.close()
    return StabilityEntry(storage, hours, reference)


def _read_hours(entry: Fields) -> Decimal | Fraction:
    if entry.has("days") == entry.has("hours"):
        raise InvalidInput(
            f"{entry.name('days')} or {entry.name('hours')} should be given, one of the two.",
            field=entry.name("days"),
        )
    return entry.quantity("hours") if entry.has("hours") else Fraction(entry.quantity("days")) * 24


def _read_component(component: Fields, zone: ZoneInfo) -> Component:
    name = _one_line(component.text("name", "the component's name"))
    lot = _one_line(component.text("lot", "the lot number"))
    expires = _read_expiry(component, zone)
    component.close()
    return Component(name, lot, expires)


def _one_line(text: str) -> str:
    """Keep a text that ends up in a sentence on one line."""
    return " ".join(text.split())


def _read_expiry(component: Fields, zone: ZoneInfo) -> datetime:
    text = component.text("expires", _EXPIRY)
    if "T" in text:
        return component.instant("expires", zone)
    try:
        return parse_expiry(text, zone, field=component.name("expires"))
    except InvalidInput:
        raise component.refuse("expires", _EXPIRY) from None


def _read_move(move: Fields, zone: ZoneInfo) -> StorageMove:
    at = move.instant("at", zone)
    storage = Storage(move.choice("storage", _STORAGES))
    move.close()
    return StorageMove(at, storage)
