"""Close a stop's box: the plan is checked again with the real dates, and a second person checks the box."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import ensure_other_person
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import move, record
from pharmacy.compounding.models import Bag
from pharmacy.delivery.actions.readiness import (
    ensure_bags_may_go,
    ensure_batch_open,
    ensure_calendar_holds,
    ensure_order_holds,
    ensure_packing,
    ensure_sheet_goes_along,
)
from pharmacy.delivery.models import DeliveryStop
from pharmacy.delivery.queries import list_packed
from pharmacy.dispensing.queries import count_bags_to_bring, recheck_delivery, recheck_doses
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.formatting import counted
from pharmacy.domain.lifecycle import say
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import STOP_MOVES, StopStatus

MOST_PACKAGES = 50


def describe_box(
    session: Session,
    stop: DeliveryStop,
    *,
    packages: int,
    cold_pack: str,
    temperature_monitor: str,
    by: Person,
    at: datetime,
) -> DeliveryStop:
    """Say how many packages a stop has, how they are kept cold, and what shows their temperature."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_packing(stop)
    if not 1 <= packages <= MOST_PACKAGES:
        raise InvalidInput(f"A stop has 1 to {MOST_PACKAGES} packages.", field="packages")
    if not cold_pack.strip():
        raise InvalidInput("Enter how the bags are kept cold.", field="cold_pack")
    if not temperature_monitor.strip():
        raise InvalidInput("Enter the logger or indicator, or none.", field="temperature_monitor")
    stop.packages = packages
    stop.cold_pack, stop.temperature_monitor = cold_pack.strip(), temperature_monitor.strip()
    record(session, stop, "described a box", by=by, at=at, packages=packages,
           cold_pack=stop.cold_pack, temperature_monitor=stop.temperature_monitor)  # fmt: skip
    return stop


def finish_packing(
    session: Session, stop: DeliveryStop, *, by: Person, at: datetime, reason: str | None = None
) -> DeliveryStop:
    """Close a stop's box: the signed number of bags, each startable for its dose, with sheet and pump.

    Another number than was signed needs a pharmacist who gives the `reason`. The plan is checked again with
    the beyond-use dates that the bags really have.
    """
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_packing(stop)
    ensure_order_holds(session, stop, at=at)
    if stop.packages is None:
        raise Refusal("Say first how many packages there are and how they are kept cold.", field="packages")
    bags = [one.bag for one in list_packed(stop)]
    because = _settle_number(stop, bags, reason, by=by)
    ensure_bags_may_go(session, stop, at=at)
    sentences = _recheck(session, stop, bags, is_short=because is not None)
    ensure_calendar_holds(session, stop, ensure_sheet_goes_along(session, stop))
    stop.bags_because = because
    stop.packed_by, stop.packed_at = by, at
    move(session, stop, STOP_MOVES, StopStatus.PACKED, what="a stop", by=by, at=at, reason=because)
    record(session, stop, "finished packing", by=by, at=at, reason=because, batch=stop.batch.serial,
           bags=[bag.serial for bag in bags], rechecked=sentences)  # fmt: skip
    return stop


def _settle_number(stop: DeliveryStop, bags: Sequence[Bag], reason: str | None, *, by: Person) -> str | None:
    """Return the reason for another number than was signed; None when the number is right."""
    signed, packed = count_bags_to_bring(stop.planned_delivery), len(bags)
    if packed == signed:
        return None
    there = f"{counted(packed, 'bag')} in the box and {counted(signed, 'bag')} signed."
    if not packed:
        raise Refusal(f"{there} An empty box does not leave; cancel the stop instead.")
    if not (reason or "").strip():
        raise InvalidInput(
            f"{there} Put it right, or a pharmacist gives the reason for another number.", field="reason"
        )
    if not by.may(Permission.SIGN_PLANS):
        raise Forbidden(f"{there} Only a pharmacist may let another number go.")
    return (reason or "").strip()


def _recheck(session: Session, stop: DeliveryStop, bags: Sequence[Bag], *, is_short: bool) -> list[str]:
    checked = recheck_delivery(session, stop.planned_delivery, bags)
    refused = [one.sentence for one in checked if not one.ok]
    if not is_short:
        doses = recheck_doses(stop.planned_delivery, bags)
        refused += [one.sentence for one in doses if one.bag is None]
    if refused:
        raise Refusal(" ".join(refused))
    return [one.sentence for one in checked]


def reopen_packing(session: Session, stop: DeliveryStop, *, reason: str, by: Person, at: datetime) -> None:
    """Open a closed box again before the batch leaves, with the reason; it is then checked anew."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_reason(reason)
    ensure_batch_open(stop)
    move(session, stop, STOP_MOVES, StopStatus.OPEN, what="a stop", by=by, at=at, reason=reason.strip())
    stop.packed_by = stop.packed_at = stop.checked_by = stop.checked_at = stop.bags_because = None
    record(session, stop, "opened a box again", by=by, at=at, reason=reason.strip(), batch=stop.batch.serial)


def check_packing(session: Session, stop: DeliveryStop, *, by: Person, at: datetime) -> DeliveryStop:
    """Record that a second person compared the box with its list; nobody checks what they packed."""
    ensure_may(by.role, Permission.PACK_DELIVERIES)
    ensure_batch_open(stop)
    if stop.status is not StopStatus.PACKED:
        raise Refusal(
            f"The box of stop {stop.position} is {say(stop.status)}; it is checked once it is packed."
        )
    if stop.checked_by is not None:
        raise Refusal(f"{stop.checked_by.name} checked this box already.")
    packers = [stop.packed_by_id, *(one.packed_by_id for one in list_packed(stop))]
    ensure_other_person(by, *packers, sentence="You packed this box; another person checks it.")
    ensure_bags_may_go(session, stop, at=at)
    stop.checked_by, stop.checked_at = by, at
    record(session, stop, "checked a box", by=by, at=at, batch=stop.batch.serial, stop=stop.position,
           bags=[one.bag.serial for one in list_packed(stop)])  # fmt: skip
    return stop
