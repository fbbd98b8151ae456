"""What a refusal must leave alone: recalls, bags, lots, boxes, signatures and the audit record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.compounding.models import BagClearance
from pharmacy.delivery.models import DeliveryStop, PackedBag
from pharmacy.domain.errors import Refusal
from pharmacy.trace.models import Recall, RecallCall, RecallDecision, RecalledLot, RecallNotice, ToldBag
from tests.compounding.fingerprint import fingerprint

_COUNTED = (BagClearance, Recall, RecallCall, RecallDecision, RecalledLot, RecallNotice, ToldBag)


def traces(session: Session) -> list[Any]:
    """Return all that must be the same before and after a refusal."""
    counts = [session.scalar(select(func.count()).select_from(model)) for model in _COUNTED]
    recalls = session.execute(select(Recall.id, Recall.status, Recall.listed_at, Recall.closing_id)).all()
    boxes = session.execute(select(DeliveryStop.id, DeliveryStop.status)).all()
    packed = session.execute(select(PackedBag.id, PackedBag.taken_out_at)).all()
    return [*fingerprint(session), counts, recalls, boxes, packed]


def refused(session: Session, kind: type[Refusal], match: str, act: Callable[[], Any]) -> Refusal:
    """Assert that an act is refused with words, and that nothing changed; returns the refusal."""
    session.flush()
    before = traces(session)
    point = session.begin_nested()
    with pytest.raises(kind, match=match) as caught:
        act()
    point.rollback()
    assert type(caught.value) is kind
    assert traces(session) == before
    return caught.value
