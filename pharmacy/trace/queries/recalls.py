"""Reads of recalls and drills: one, a list of them, and the bags that one reached with where each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag
from pharmacy.domain.errors import NotFound
from pharmacy.domain.recall import (
    OPEN,
    STANDING_WORDS,
    Decision,
    Reconciliation,
    Standing,
    reconcile,
    stand,
    stand_in_drill,
)
from pharmacy.domain.statuses import RecallStatus
from pharmacy.trace.models import Recall, RecallDecision, RecalledLot
from pharmacy.trace.queries.reached import TracedBag, reached_by, read_bags, select_bags

RECALLS_PAGE = 50


@dataclass(frozen=True, slots=True)
class RecalledBag:
    """A bag that a recall reached, where it stands, and the last decision about it."""

    bag: TracedBag
    standing: Standing
    decision: RecallDecision | None

    @property
    def standing_words(self) -> str:
        """Say where it stands."""
        return STANDING_WORDS[self.standing]

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has accounted for it yet."""
        return self.standing in OPEN


def get_recall(session: Session, recall_id: int, *, site_id: int) -> Recall:
    """Return a recall or drill of a site."""
    recall = session.get(Recall, recall_id)
    if recall is None or recall.site_id != site_id:
        raise NotFound("No recall is recorded under this number at this site.")
    return recall


def list_recalls(session: Session, *, site_id: int, drills: bool | None, page: int) -> list[Recall]:
    """List a page of recalls and drills, or only the one or the other: open ones first, then the newest."""
    wanted = select(Recall).where(Recall.site_id == site_id)
    if drills is not None:
        wanted = wanted.where(Recall.is_drill.is_(drills))
    return list(
        session.scalars(
            wanted.order_by(Recall.status.desc(), Recall.id.desc())
            .offset((page - 1) * RECALLS_PAGE)
            .limit(RECALLS_PAGE + 1)
        )
    )


def list_open_recalls(session: Session, *, site_id: int) -> list[Recall]:
    """List the recalls and drills of a site that are open, the oldest first."""
    return list(
        session.scalars(
            select(Recall)
            .where(Recall.site_id == site_id, Recall.status == RecallStatus.OPEN)
            .order_by(Recall.id)
        )
    )


def list_recalls_of_lots(session: Session, lot_ids: Sequence[int]) -> list[Recall]:
    """List the recalls that name one of these lots, without drills, the newest first."""
    named = select(RecalledLot.recall_id).where(RecalledLot.lot_id.in_(lot_ids))
    return list(
        session.scalars(
            select(Recall).where(Recall.id.in_(named), Recall.is_drill.is_(False)).order_by(Recall.id.desc())
        )
    )


def list_recalled_bags(session: Session, recall: Recall) -> list[RecalledBag]:
    """List every bag that the lots of a recall reached until now, each once, with where it stands."""
    decisions = _last_decisions(session, recall)
    bags: dict[int, TracedBag] = {}
    reached = reached_by([one.lot_id for one in recall.lots])
    for bag in read_bags(session, select_bags(reached).order_by(Bag.id, reached.c.lot_id)):
        bags.setdefault(bag.bag_id, bag)
    return [_stand(recall, bag, decisions.get(bag.bag_id)) for bag in bags.values()]


def _last_decisions(session: Session, recall: Recall) -> dict[int, RecallDecision]:
    found = session.scalars(
        select(RecallDecision).where(RecallDecision.recall_id == recall.id).order_by(RecallDecision.id)
    )
    return {one.bag_id: one for one in found}


def _stand(recall: Recall, bag: TracedBag, last: RecallDecision | None) -> RecalledBag:
    rule = stand_in_drill if recall.is_drill else stand
    return RecalledBag(bag, rule(bag.status, last.decision if last else None), last)


def count_recalled(bags: Sequence[RecalledBag]) -> Reconciliation:
    """Count the bags of a recall by where they stand."""
    return reconcile(one.standing for one in bags)


def count_located_by(bags: Sequence[RecalledBag]) -> dict[str, int]:
    """Count the bags of a drill that each person located."""
    counts: dict[str, int] = {}
    for one in bags:
        if one.decision is not None and one.decision.decision is Decision.LOCATED:
            name = one.decision.person.name
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def list_reached_bags(session: Session, lot_ids: Sequence[int]) -> list[Bag]:
    """List the bags that lots reached, as records to act on."""
    reached = select(reached_by(lot_ids).c.bag_id)
    return list(session.scalars(select(Bag).where(Bag.id.in_(reached)).order_by(Bag.id)))
