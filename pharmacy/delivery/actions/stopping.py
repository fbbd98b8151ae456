"""Stop a box that holds a recalled bag: before it leaves it is opened and the bag taken out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Bag
from pharmacy.delivery.actions.closing import reopen_packing
from pharmacy.delivery.actions.packing import take_out
from pharmacy.delivery.queries import find_box_of
from pharmacy.domain.statuses import DeliveryStatus, StopStatus


def take_out_of_box(session: Session, bag: Bag, *, reason: str, by: Person, at: datetime) -> bool:
    """Take a bag out of the box it lies in, closed or open; tells whether it is out.

    A box that is on its way is left to its driver, who may not hand it over (`record_proof`).
    """
    packed = find_box_of(session, bag)
    if packed is None or packed.stop.batch.status is not DeliveryStatus.OPEN:
        return False
    if packed.stop.status is StopStatus.PACKED:
        reopen_packing(session, packed.stop, reason=reason, by=by, at=at)
    take_out(session, packed, reason=reason, by=by, at=at)
    return True
