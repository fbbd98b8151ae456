"""Keep the list of locations, and what the site settles about its stock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.stock_locations import LocationKind, StorageNeed
from pharmacy.formulary.models import Product
from pharmacy.inventory.actions.stock import ensure_open
from pharmacy.inventory.models import StockLocation, StockPolicy, StockRule
from pharmacy.inventory.queries import find_policy, find_rule, list_stock_at


def add_location(
    session: Session, *, name: str, kind: LocationKind, by: Person, at: datetime
) -> StockLocation:
    """Add a location of the person's site; refuses a name that is taken."""
    ensure_may(by.role, Permission.SET_UP_STOCK)
    name = _free_name(session, name, by=by)
    location = StockLocation(site_id=by.site_id, name=name, kind=kind)
    session.add(location)
    record(session, location, "added a location", by=by, at=at, name=name, kind=kind.value)
    return location


def change_location(
    session: Session,
    location: StockLocation,
    *,
    name: str,
    kind: LocationKind,
    reason: str,
    by: Person,
    at: datetime,
) -> StockLocation:
    """Rename a location or give it another kind; the kind is changed only while nothing stands there."""
    ensure_may(by.role, Permission.SET_UP_STOCK)
    ensure_reason(reason)
    ensure_open(location)
    if kind is not location.kind:
        _ensure_empty(session, location, "given another kind")
    was = [location.name, location.kind.value]
    if name.strip() != location.name:
        location.name = _free_name(session, name, by=by)
    location.kind = kind
    record(session, location, "changed a location", by=by, at=at, reason=reason, was=was,
           became=[location.name, kind.value])  # fmt: skip
    return location


def close_location(
    session: Session, location: StockLocation, *, reason: str, by: Person, at: datetime
) -> StockLocation:
    """Close an empty location: nothing is put there any more."""
    ensure_may(by.role, Permission.SET_UP_STOCK)
    ensure_reason(reason)
    ensure_open(location)
    _ensure_empty(session, location, "closed")
    location.closed_at = at
    record(session, location, "closed a location", by=by, at=at, reason=reason, name=location.name)
    return location


def _free_name(session: Session, name: str, *, by: Person) -> str:
    name = name.strip()
    if not name:
        raise InvalidInput("Enter the name of the location.", field="name")
    taken = select(StockLocation.id).where(StockLocation.site_id == by.site_id, StockLocation.name == name)
    if session.scalar(taken) is not None:
        raise InvalidInput(f"A location called {name} is there already.", field="name")
    return name


def _ensure_empty(session: Session, location: StockLocation, what: str) -> None:
    if list_stock_at(session, location, size=1):
        raise Refusal(f"{location.name} still holds stock; it can be {what} once all of it was moved.")


def set_policy(
    session: Session, *, short_dated_days: int, large_difference: int, by: Person, at: datetime
) -> StockPolicy:
    """Settle within how many days an expiry is short-dated, and above which difference two people count."""
    ensure_may(by.role, Permission.SET_UP_STOCK)
    if short_dated_days < 1:
        raise InvalidInput("Short-dated means at least 1 day before the expiry.", field="short_dated_days")
    if large_difference < 0:
        raise InvalidInput(
            "The largest difference one person settles is 0 or more.", field="large_difference"
        )
    policy = find_policy(session, site_id=by.site_id) or StockPolicy(site_id=by.site_id)
    was = [policy.short_dated_days, policy.large_difference]
    policy.short_dated_days, policy.large_difference = short_dated_days, large_difference
    session.add(policy)
    record(session, policy, "settled the stock policy", by=by, at=at, was=was,
           became=[short_dated_days, large_difference])  # fmt: skip
    return policy


def set_rule(
    session: Session,
    product: Product,
    *,
    storage: StorageNeed,
    reorder_level: int | None,
    by: Person,
    at: datetime,
) -> StockRule:
    """Settle how a product is kept and below how many containers it is ordered; None asks for no order."""
    ensure_may(by.role, Permission.SET_UP_STOCK)
    if reorder_level is not None and reorder_level < 1:
        raise InvalidInput("The reorder level is 1 or more, or empty.", field="reorder_level")
    rule = find_rule(session, product.id, site_id=by.site_id)
    was = [rule.storage.value, rule.reorder_level] if rule else None
    if rule is None:
        rule = StockRule(site_id=by.site_id, product=product)
        session.add(rule)
    rule.storage, rule.reorder_level = storage, reorder_level
    record(session, rule, "settled how a product is stocked", by=by, at=at, product=product.name, was=was,
           became=[storage.value, reorder_level])  # fmt: skip
    return rule
