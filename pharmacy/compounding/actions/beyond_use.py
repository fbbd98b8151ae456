"""Beyond-use dates: computed once when preparation starts, frozen, and only ever made shorter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.compounding.actions.papers import void_papers
from pharmacy.compounding.models import Bag, Shortening, Worksheet
from pharmacy.domain.beyond_use import BeyondUse
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import iso_instant, moment
from pharmacy.domain.lifecycle import say
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.statuses import BagStatus

# A bag that was used up, thrown away or never made has no date left to change.
_DATED = (
    BagStatus.PLANNED,
    BagStatus.MADE,
    BagStatus.REWORK,
    BagStatus.QUARANTINED,
    BagStatus.RELEASED,
    BagStatus.PACKED,
    BagStatus.DELIVERED,
)


def freeze(worksheet: Worksheet, assigned: BeyondUse, *, place: Mapping[str, Any]) -> None:
    """Keep an assigned date on a worksheet and its bags, with what it was weighed on and what the place was.

    The database lets nobody change it.
    """
    worksheet.beyond_use_at = assigned.until
    worksheet.beyond_use_limited_by = assigned.limited_by.value
    worksheet.beyond_use_limits = json.dumps(
        {
            "table": assigned.table_key,
            "notice": assigned.notice,
            "preparation": assigned.preparation.words(),
            "storage": assigned.storage.value,
            "prepared_at": iso_instant(assigned.prepared_at),
            "limits": [
                {"rule": one.rule.value, "until": iso_instant(one.until), "source": one.source}
                for one in assigned.limits
            ],
            "place": place,
        },
        ensure_ascii=False,
    )
    for bag in worksheet.bags:
        bag.beyond_use_at = assigned.until


def shorten_beyond_use(
    session: Session, bag: Bag, *, became: datetime, reason: str, by: Person, at: datetime
) -> Shortening:
    """Make a bag's beyond-use date earlier, with the reason; nobody can make it later.

    Papers that say the old date are void. Refuses a date that is not earlier, or not after the start.
    """
    ensure_may(by.role, Permission.SHORTEN_BEYOND_USE)
    ensure_reason(reason)
    return shorten(session, bag, became=became, reason=reason.strip(), by=by, at=at)


def shorten(
    session: Session, bag: Bag, *, became: datetime, reason: str, by: Person, at: datetime
) -> Shortening:
    """Make a bag's beyond-use date earlier, as a person or a lot that went into it asks."""
    zone = ZoneInfo(by.site.time_zone)
    was, started = bag.beyond_use_at, bag.worksheet.started_at
    if was is None or started is None or bag.status not in _DATED:
        raise Refusal(f"Bag {bag.serial} is {say(bag.status)}; it has no beyond-use date to shorten.")
    if became >= was:
        raise Refusal(
            f"A beyond-use date is only made earlier: bag {bag.serial} has {moment(was, zone)}.",
            field="became",
        )
    if became <= started:
        raise Refusal(
            f"Preparation started {moment(started, zone)}; the date should be later.", field="became"
        )
    bag.beyond_use_at = became
    shortening = Shortening(bag_id=bag.id, was=was, became=became, reason=reason, person=by, at=at)
    bag.shortenings.append(shortening)
    void_papers(session, bag, because=f"the beyond-use date was shortened: {reason}", by=by, at=at)
    record(session, bag, "shortened a beyond-use date", by=by, at=at, reason=reason,
           serial=bag.serial, was=was, became=became)  # fmt: skip
    return shortening
