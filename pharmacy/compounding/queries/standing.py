"""Where the bags of a worksheet stand before release: inspected, labelled, held back, and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag, Rework, Worksheet
from pharmacy.compounding.queries.deviations import list_holding
from pharmacy.compounding.queries.labels import find_label_in_use, get_labelled_version
from pharmacy.domain.bag_release import BagStanding, InspectionOutcome, LabelOnBag
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import quantity
from pharmacy.domain.lifecycle import say
from pharmacy.domain.reconciliation import CountedBag, CountedLabel, Reconciliation, reconcile
from pharmacy.domain.statuses import BagStatus, LotStatus
from pharmacy.prescriptions.models import OrderVersion

# What was asked for at the bench is done also on a bag that was put in quarantine meanwhile.
TO_MEND = (BagStatus.REWORK, BagStatus.QUARANTINED)
_GONE = (BagStatus.REJECTED, BagStatus.DESTROYED)


def name_bag(bag: Bag) -> str:
    """Name a bag for a sentence: its place on the worksheet and its serial."""
    return f"Bag {bag.position} ({bag.serial})"


def find_version_to_label(session: Session, worksheet: Worksheet, *, at: datetime) -> OrderVersion | None:
    """Find the version whose directions the bags must carry; None when no order holds, and for stock."""
    return _find_in_force(session, worksheet.order_version, at=at)


def _find_in_force(session: Session, version: OrderVersion | None, *, at: datetime) -> OrderVersion | None:
    if version is None:
        return None
    try:
        return get_labelled_version(session, version, at=at)
    except Refusal:
        return None


def find_open_rework(bag: Bag) -> Rework | None:
    """Find what a bag was sent to the bench for and that is not done yet."""
    last = bag.reworks[-1] if bag.reworks else None
    return last if last is not None and last.done_at is None else None


def read_standings(session: Session, worksheet: Worksheet, *, at: datetime) -> list[BagStanding]:
    """Read where every bag of a worksheet stands, as the rule of release takes it."""
    made_for = {bag.order_version for bag in worksheet.bags}
    in_force = {version: _find_in_force(session, version, at=at) for version in made_for}
    holding = list_holding(session, worksheet)
    return [read_standing(bag, in_force[bag.order_version], holding) for bag in worksheet.bags]


def read_standing(bag: Bag, version: OrderVersion | None, holding: Mapping[int, str]) -> BagStanding:
    """Read where one bag stands.

    `version` is the order that holds for it, or None; stock needs none. `holding` names the open deviation
    of a bag's id.
    """
    copy = find_label_in_use(bag)
    seen = bag.inspections[-1] if bag.inspections else None
    outcome = _read_outcome(bag)
    label = None
    if copy is not None:
        label = LabelOnBag(
            applied_at=copy.applied_at,
            says_the_date=copy.beyond_use_at == bag.beyond_use_at,
            says_the_order=copy.order_version_id is None
            if bag.is_free_stock
            else version is not None and copy.order_version_id == version.id,
        )
    return BagStanding(
        name=name_bag(bag),
        made=bag.made_at is not None,
        beyond_use=bag.beyond_use_at,
        label=label,
        may_lack_label=bag.status in _GONE
        or (version is None and not bag.is_free_stock and outcome is InspectionOutcome.REJECT),
        outcome=outcome,
        inspected_at=seen.at if seen else None,
        in_rework=bag.status is BagStatus.REWORK,
        open_rework=find_open_rework(bag) is not None,
        was_reworked=outcome is None and bool(bag.reworks),
        deviation=holding.get(bag.id),
        doubts=tuple(_list_doubts(bag)),
    )


def _read_outcome(bag: Bag) -> InspectionOutcome | None:
    """Read what is decided on a bag, or was last said of it; a rework leaves it to be inspected again."""
    last = bag.inspections[-1].outcome if bag.inspections else None
    if bag.status is BagStatus.QUARANTINED:
        return InspectionOutcome.QUARANTINE
    if bag.status in _GONE and last is not InspectionOutcome.PASS:
        return InspectionOutcome.REJECT
    return None if last is InspectionOutcome.REWORK else last


def _list_doubts(bag: Bag) -> Iterator[str]:
    """Say what speaks against a bag that nobody can see on it: its lots, and its weight."""
    cleared = {one.lot_id for one in bag.clearances}
    for lot in {part.lot_id: part.lot for part in bag.components if part.lot_id not in cleared}.values():
        if lot.status is not LotStatus.AVAILABLE:
            yield (
                f"lot {lot.number} of {lot.product.name}, which is in it, is {say(lot.status)}. Quarantine or"
                " reject the bag."
            )
    weighed = bag.weighings[-1] if bag.weighings else None
    if weighed is not None and not weighed.passes:
        change = quantity(weighed.after_g - weighed.before_g, "g")
        window = f"{quantity(weighed.least_g, 'g')} to {quantity(weighed.most_g, 'g')}"
        yield f"its weight changed by {change}, outside {window}. Put the bag in quarantine or reject it."


def reconcile_worksheet(worksheet: Worksheet) -> Reconciliation:
    """Count the bags and the labels of a worksheet against each other, each by its serial."""
    given_up = (BagStatus.CANCELLED, BagStatus.REJECTED)
    return reconcile(
        [CountedBag(bag.serial, bag.made_at is not None, bag.status in given_up) for bag in worksheet.bags],
        [
            CountedLabel(bag.serial, copy.copy_number, copy.applied, copy.destroyed_at is not None)
            for bag in worksheet.bags
            for copy in bag.labels
        ],
    )


def list_compounders(worksheet: Worksheet) -> set[int]:
    """List who compounded: who started, scanned, confirmed a step, drew, weighed, put together or mended.

    So did who put a label on before the release was signed; a later one is compared with the order as it is
    put on. The independent second check of a volume is a check, not compounding, and may be the releaser's.
    """
    bags, release = worksheet.bags, worksheet.release
    people = {worksheet.started_by_id, *(scan.person_id for scan in worksheet.scans)}
    people |= {bag.made_by_id for bag in bags} | {check.first_by_id for bag in bags for check in bag.checks}
    people |= {part.person_id for bag in bags for part in bag.components}
    people |= {done.person_id for done in worksheet.steps_done}
    people |= {weighing.person_id for bag in bags for weighing in bag.weighings}
    people |= {rework.done_by_id for bag in bags for rework in bag.reworks}
    people |= {
        copy.applied_by_id
        for bag in bags
        for copy in bag.labels
        if copy.applied_at is not None and (release is None or copy.applied_at <= release.signed_at)
    }
    return {one for one in people if one is not None}
