"""What is known already of an event, told in words for the deviation that may be opened of it."""

from __future__ import annotations

from datetime import datetime

from pharmacy.compounding.models import Bag, Complaint, Worksheet
from pharmacy.compounding.queries.standing import name_bag, reconcile_worksheet
from pharmacy.domain.deviations import DeviationKind
from pharmacy.domain.formatting import quantity


def tell_event(
    worksheet: Worksheet | None,
    bag: Bag | None,
    kind: DeviationKind | None,
    complaint: Complaint | None,
    *,
    at: datetime,
) -> tuple[str, datetime]:
    """Tell what the records say of an event and when it happened; where they say nothing, nothing and now."""
    if complaint is not None:
        return f"{complaint.complainant} reported: {complaint.nature}", complaint.taken_at
    if kind is DeviationKind.COUNT_DOES_NOT_CLOSE and worksheet is not None:
        return " ".join(reconcile_worksheet(worksheet).list_open_ends()), at
    if bag is None:
        return "", at
    return _tell_of_bag(bag, kind) or ("", at)


def _tell_of_bag(bag: Bag, kind: DeviationKind | None) -> tuple[str, datetime] | None:
    if kind is DeviationKind.INSPECTION_FAILED and bag.inspections:
        seen = bag.inspections[-1]
        return (
            f"{name_bag(bag)} at its inspection by {seen.person.name}: {seen.reason or 'no reason given'}",
            seen.at,
        )
    if kind is DeviationKind.WEIGHT_OUT_OF_TOLERANCE and bag.weighings:
        last = bag.weighings[-1]
        change = quantity(last.after_g - last.before_g, "g")
        window = f"{quantity(last.least_g, 'g')} to {quantity(last.most_g, 'g')}"
        return f"The weight of {name_bag(bag)} changed by {change}; expected was {window}.", last.at
    if kind is DeviationKind.VOLUMES_DIFFERED:
        differed = [check for check in bag.checks if check.agrees is False and check.second_at is not None]
        if differed and differed[-1].second_at is not None:
            return f"{name_bag(bag)}: the volumes of two people differed.", differed[-1].second_at
    return None
