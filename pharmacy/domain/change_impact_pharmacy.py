"""What a changed order makes of what has not left the pharmacy: deliveries, worksheets, bags, labels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pharmacy.domain.change_impact_subjects import (
    BagAtPharmacy,
    Becomes,
    Case,
    Consequence,
    InCirculation,
    OpenWorksheet,
    PlannedDelivery,
    PlanNumbers,
    Subject,
)
from pharmacy.domain.change_impact_values import Fate
from pharmacy.domain.formatting import counted, moment


def list_deliveries(before: PlanNumbers, after: PlanNumbers, case: Case) -> Iterator[Consequence]:
    """List the deliveries whose bags differ between the old plan and the new, by their arrival."""
    was = {delivery.arrives: delivery for delivery in before.deliveries}
    now = {delivery.arrives: delivery.bags for delivery in after.deliveries} if case.goes_on else {}
    for arrives in sorted(was.keys() | now.keys()):
        old = was.get(arrives, PlannedDelivery(arrives, 0))
        bags = now.get(arrives, 0)
        if bags != old.bags:
            yield _say_delivery(old, bags, case)


def _say_delivery(old: PlannedDelivery, bags: int, case: Case) -> Consequence:
    when, planned = moment(old.arrives, case.zone), counted(old.bags, "bag")
    if not bags:
        return Consequence(
            Becomes.NOT_NEEDED,
            Subject.DELIVERY,
            old.id,
            f"The delivery of {when} ({planned}) is not needed any more.",
            "Cancel it and tell the patient and the driver.",
            blocks=True,
        )
    if not old.bags:
        return Consequence(
            Becomes.ADDED,
            Subject.DELIVERY,
            old.id,
            f"A delivery of {counted(bags, 'bag')} on {when} is needed; none was planned.",
            "Plan it and tell the patient.",
            blocks=True,
        )
    return Consequence(
        Becomes.CHANGED,
        Subject.DELIVERY,
        old.id,
        f"The delivery of {when} was planned with {planned} and now needs {bags}.",
        f"Change it to {counted(bags, 'bag')}.",
        blocks=True,
    )


class Needed:
    """Count down, delivery by delivery, the bags that the new plan needs."""

    def __init__(self, after: PlanNumbers) -> None:
        self._open = {delivery.arrives: delivery.bags for delivery in after.deliveries}

    def claim(self, arrives: datetime, bags: int) -> int:
        """Claim bags for a delivery and return how many of them it needs."""
        needed = min(bags, self._open.get(arrives, 0))
        self._open[arrives] = self._open.get(arrives, 0) - needed
        return needed


def list_made(out: InCirculation, after: PlanNumbers, case: Case) -> Iterator[Consequence]:
    """List bags and worksheets: what is made counts first, then what is begun, then what is only planned."""
    needed = Needed(after)
    for bag in sorted(out.bags_at_pharmacy, key=lambda bag: not bag.packed):
        yield from _say_bag(bag, needed, case)
    for worksheet in sorted(out.worksheets, key=lambda worksheet: not worksheet.started):
        yield from _say_worksheet(worksheet, needed, case)


def _say_bag(bag: BagAtPharmacy, needed: Needed, case: Case) -> Iterator[Consequence]:
    def consequence(kind: Becomes, sentence: str, action: str) -> Consequence:
        # The box was packed by a plan that no longer holds; the new plan says what goes into the next.
        first = "Take it out of the packed delivery. " if bag.packed else ""
        sentence = f"Bag {bag.serial} at the pharmacy {sentence}"
        return Consequence(kind, Subject.BAG, bag.id, sentence, first + action, blocks=True)

    delivery = f"the delivery of {moment(bag.arrives, case.zone)}"
    if case.effect.bags is Fate.VOID:
        because = f"must not be sent, because {case.because}."
        yield consequence(Becomes.NOT_TO_BE_USED, because, "Put it in quarantine and destroy it.")
    elif case.effect.bags is Fate.SET_ASIDE:
        because = f"must not be sent, because {case.because}."
        yield consequence(
            Becomes.SET_ASIDE, because, "Keep it in quarantine until the order goes on or stops."
        )
    elif case.effect.quantities and not (bag.brought and needed.claim(bag.arrives, 1)):
        yield consequence(
            Becomes.TOO_MANY,
            f"is one too many for {delivery}.",
            "Keep it for a later delivery if that plans a dose before its beyond-use date, else destroy it.",
        )
    elif case.effect.directions:
        yield consequence(
            Becomes.OLD_DIRECTIONS,
            f"for {delivery} carries the old directions.",
            "Put a label with the new directions on it before it leaves. The beyond-use date stays as it is.",
        )
    elif case.resumed:
        yield consequence(
            Becomes.CHECK_AGAIN,
            f"for {delivery} was set aside while the order was on hold.",
            "Inspect it before it is taken out of quarantine. The beyond-use date stays as it is.",
        )


def _say_worksheet(worksheet: OpenWorksheet, needed: Needed, case: Case) -> Iterator[Consequence]:
    if case.effect.bags is not Fate.KEPT:
        yield _say_end_of_worksheet(worksheet, case)
        return
    bags = worksheet.made if worksheet.started else worksheet.bags
    kept = bags
    if case.effect.quantities:
        kept = needed.claim(worksheet.arrives, worksheet.brought if worksheet.started else bags)
    if kept < worksheet.bags and (kept < bags or case.effect.directions):
        surplus = _say_surplus_of_started if worksheet.started else _say_surplus
        yield surplus(worksheet, kept, case)
    if case.effect.directions and kept and (worksheet.started or kept == bags):
        yield Consequence(
            Becomes.CHECK_AGAIN,
            Subject.WORKSHEET,
            worksheet.id,
            f"Worksheet {worksheet.number} was opened under the old order.",
            "Finish it only with labels that carry the new directions."
            if worksheet.started
            else "Cancel it and open a new one under the new order, which is checked again.",
            blocks=True,
        )


def _say_end_of_worksheet(worksheet: OpenWorksheet, case: Case) -> Consequence:
    void = case.effect.bags is Fate.VOID
    if worksheet.started:
        made = "Destroy the bags already made." if void else "Put the bags already made in quarantine."
        action = f"Stop it. {made}"
    else:
        action = "Cancel it."
    if case.goes_on:
        action += " Open a new one under the new order."
    verb = "finished" if worksheet.started else "started"
    return Consequence(
        Becomes.VOID if void else Becomes.SET_ASIDE,
        Subject.WORKSHEET,
        worksheet.id,
        f"Worksheet {worksheet.number} ({counted(worksheet.bags, 'bag')}) must not be {verb},"
        f" because {case.because}.",
        action,
        blocks=True,
    )


def _say_surplus(worksheet: OpenWorksheet, kept: int, case: Case) -> Consequence:
    action = "Cancel it."
    if kept:
        action = f"Reduce it to {counted(kept, 'bag')}: cancel it and open a new one under the new order."
    return Consequence(
        Becomes.TOO_MANY if kept else Becomes.NOT_NEEDED,
        Subject.WORKSHEET,
        worksheet.id,
        f"Worksheet {worksheet.number} is for {counted(worksheet.bags, 'bag')}; the delivery of"
        f" {moment(worksheet.arrives, case.zone)} needs {kept or 'none'} of them.",
        action,
        blocks=True,
    )


def _say_surplus_of_started(worksheet: OpenWorksheet, kept: int, case: Case) -> Consequence:
    """Say what becomes of a preparation that was begun: under a replaced order no further bag is made."""
    sentence = (
        f"Worksheet {worksheet.number} is for {counted(worksheet.bags, 'bag')},"
        f" {worksheet.made or 'none'} of them made"
    )
    if worksheet.made:
        sentence += (
            f"; the delivery of {moment(worksheet.arrives, case.zone)} needs {kept or 'none'} of these"
        )
    over = worksheet.made - kept
    steps = []
    if worksheet.made < worksheet.bags:
        steps.append("Give up the bags that are not made yet: under the old order no more are made.")
    if over:
        steps.append(f"Of those made, reject and destroy {counted(over, 'bag')}.")
    return Consequence(
        Becomes.TOO_MANY if kept else Becomes.NOT_NEEDED,
        Subject.WORKSHEET,
        worksheet.id,
        f"{sentence}.",
        " ".join(steps) if worksheet.made else "Cancel it.",
        blocks=True,
    )


def list_labels(out: InCirculation, case: Case) -> Iterator[Consequence]:
    """List the printed labels whose directions are no longer those of the order."""
    if not case.effect.directions:
        return
    for label in out.labels:
        yield Consequence(
            Becomes.VOID,
            Subject.LABEL,
            label.id,
            f"Label {label.name} (“{label.directions}”) is void, because {case.because}.",
            "Destroy it and print one with the new directions." if case.goes_on else "Destroy it.",
            blocks=True,
        )


__all__ = ["list_deliveries", "list_labels", "list_made"]
