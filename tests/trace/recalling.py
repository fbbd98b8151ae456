"""Bring recalls to a state, through actions, by the people whose steps they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Worksheet
from pharmacy.delivery.models import DeliveryStop
from pharmacy.domain.recall import RecallUrgency, Standing
from pharmacy.formulary.models import ProductKind
from pharmacy.inventory.models import Lot, MovementKind, StockMovement
from pharmacy.inventory.queries import get_balances
from pharmacy.sample.people import PASSWORD
from pharmacy.trace import actions, queries
from pharmacy.trace.models import CallResult, Recall, RecallCall, RecallSource, Told
from tests.conftest import START
from tests.therapy.worksheets import lots_of

People = Callable[[str], Person]


def vial_lot(of: Worksheet | DeliveryStop) -> Lot:
    """Return the first lot of the additive of a worksheet, or of a stop's."""
    worksheet = of if isinstance(of, Worksheet) else of.planned_delivery.worksheet
    assert worksheet is not None
    return lots_of(worksheet, ProductKind.ADDITIVE)[0]


def entry(**changes: Any) -> actions.RecallEntry:
    """Return why a lot is recalled, as Paula types it."""
    values: dict[str, Any] = {
        "is_drill": False,
        "source": RecallSource.MAKER,
        "urgency": RecallUrgency.CLASS_1,
        "reference": "Notice 26-114",
        "reason": "Glass particles in the vials.",
        "instructions": "Stop the infusion; do not use any bag; we collect them.",
    }
    return actions.RecallEntry(**values | changes)


def opened_recall(
    session: Session, people: People, *lots: Lot, by: str = "paula", at: datetime = START, **changes: Any
) -> Recall:
    """Return a recall of lots that Paula opened."""
    session.flush()
    return actions.open_recall(session, lots, entry(**changes), password=PASSWORD, by=people(by), at=at)


def standings(session: Session, recall: Recall) -> list[Standing]:
    """Say where each bag of a recall stands, in the order in which they were planned."""
    session.flush()
    return [one.standing for one in queries.list_recalled_bags(session, recall)]


def ids_of(session: Session, recall: Recall, *wanted: Standing) -> list[int]:
    """List the bags of a recall that stand so."""
    session.flush()
    return [one.bag.bag_id for one in queries.list_recalled_bags(session, recall) if one.standing in wanted]


def call(
    session: Session,
    people: People,
    recall: Recall,
    patient_id: int,
    *,
    told: dict[int, Told] | None = None,
    result: CallResult = CallResult.REACHED,
    by: str = "tina",
    at: datetime = START,
    **changes: Any,
) -> RecallCall:
    """Record a call of Tina's to a patient, with the next step due a day later."""
    values: dict[str, Any] = {
        "spoke_to": "Basil Larkspur, husband",
        "said": "He understood.",
        "next_at": at + timedelta(days=1),
    }
    return actions.record_call(
        session, recall, patient_id, result=result, told=told or {}, by=people(by), at=at, **values | changes
    )


def destroy(
    session: Session,
    people: People,
    recall: Recall,
    bag_ids: Sequence[int],
    *,
    at: datetime = START,
    **by: Any,
) -> None:
    """Destroy bags before Theo, by Paula."""
    values: dict[str, Any] = {
        "how": "Opened and poured into the waste.",
        "witness": people("theo"),
        "witness_password": PASSWORD,
        "password": PASSWORD,
        "by": people("paula"),
    }
    actions.destroy_bags(session, recall, bag_ids, at=at, **values | by)


def empty_shelf(session: Session, people: People, *lots: Lot) -> None:
    """Take every container of lots off stock, as though they were sent back to the maker."""
    for lot in lots:
        left = get_balances(session, [lot.id])[lot.id]
        session.add(
            StockMovement(lot_id=lot.id, kind=MovementKind.DESTROYED, containers=-left.containers,
                          volume_ml=-left.volume_ml, reason="sent back", person_id=people("tina").id,
                          at=START)
        )  # fmt: skip
    session.flush()
