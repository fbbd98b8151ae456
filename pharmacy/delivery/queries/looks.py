"""When a bag was last looked at: by who released it, or by who packed it before."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Site
from pharmacy.compounding.models import Bag, Inspection
from pharmacy.delivery.models import SecondLook
from pharmacy.domain.bag_release import is_to_be_seen_again


def find_last_look(session: Session, bag: Bag) -> datetime | None:
    """Find when somebody last inspected a bag, or looked at it again before packing."""
    inspected = session.scalar(select(func.max(Inspection.at)).where(Inspection.bag_id == bag.id))
    looked = session.scalar(select(func.max(SecondLook.at)).where(SecondLook.bag_id == bag.id))
    return max((one for one in (inspected, looked) if one is not None), default=None)


def needs_second_look(session: Session, bag: Bag, *, at: datetime) -> bool:
    """Tell whether a bag is to be looked at again before it is packed, by the site's calendar."""
    last = find_last_look(session, bag)
    zone = ZoneInfo(session.get_one(Site, bag.site_id).time_zone)
    return last is None or is_to_be_seen_again(last, at=at, zone=zone)
