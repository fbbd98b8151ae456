"""Whether the directions on a bag's label still hold."""

from __future__ import annotations

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import find_label_in_use
from pharmacy.domain.lifecycle import say
from pharmacy.domain.statuses import OrderStatus
from pharmacy.prescriptions.models import OrderVersion


def find_label_objection(session: Session, bag: Bag) -> str | None:
    """Say why the directions on a bag no longer hold: those of its label in use, else those it is made by."""
    label = find_label_in_use(bag)
    version_id = bag.order_version_id if label is None else label.order_version_id
    return order_no_longer_holds(session.get_one(OrderVersion, version_id)) if version_id else None


def order_no_longer_holds(version: OrderVersion) -> str | None:
    """Say why what was printed for an order version no longer holds, or return None."""
    if version.status in {OrderStatus.REPLACED, OrderStatus.DISCONTINUED, OrderStatus.ON_HOLD}:
        return f"Version {version.version} of this order is {say(version.status)}."
    return None
