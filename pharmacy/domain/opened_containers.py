"""Opened containers: until when one may be drawn from, and the refusal afterwards (domain.md 1.3).

The clock belongs to the container and gates its use; it does not cap the preparations made from it, whose
dates rest on the expiry printed on the container.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from pharmacy.domain.beyond_use_limits import (
    ContainerLimit,
    LabelRole,
    LimitsTable,
    hours_words,
)
from pharmacy.domain.elapsed import after_hours, ensure_instant
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import moment
from pharmacy.domain.quantities import ensure_above_zero


class ContainerKind(StrEnum):
    """The kinds of opened container, by the air they were entered in where it matters."""

    SINGLE_DOSE = "single-dose in ISO 5"
    SINGLE_DOSE_WORSE_AIR = "single-dose in worse than ISO 5"
    MULTIPLE_DOSE = "multiple-dose"
    BULK_PACKAGE = "pharmacy bulk package in ISO 5"
    BULK_PACKAGE_WORSE_AIR = "pharmacy bulk package in worse than ISO 5"
    AMPULE = "ampule"
    COMPOUNDED_SINGLE_DOSE = "compounded single-dose"
    COMPOUNDED_MULTIPLE_DOSE = "compounded multiple-dose"


_MAY_STAY_OPEN = frozenset({ContainerKind.MULTIPLE_DOSE, ContainerKind.BULK_PACKAGE})


def may_stay_open(kind: ContainerKind) -> bool:
    """Tell whether what is left in a container may serve another worksheet within its clock (domain.md 1.3).

    >>> may_stay_open(ContainerKind.MULTIPLE_DOSE), may_stay_open(ContainerKind.SINGLE_DOSE)
    (True, False)
    """
    return kind in _MAY_STAY_OPEN


@dataclass(frozen=True, slots=True)
class ContainerClock:
    """Hold an opened container's clock: it may be drawn from before `until`, and for what."""

    kind: ContainerKind
    opened_at: datetime
    until: datetime
    immediate_use_only: bool
    source: str


def start_clock(
    kind: ContainerKind,
    *,
    opened_at: datetime,
    expires: datetime,
    table: LimitsTable,
    label_hours: Fraction | Decimal | int | None = None,
) -> ContainerClock:
    """Start the clock of a container at its first entry; its own expiry or beyond-use date caps it.

    `label_hours` is what its label allows after entry. Refuses a kind that the table does not let anybody
    keep, such as an ampule, a container that expired before it was entered, and one whose label decides when
    the label was not given.
    """
    opened = ensure_instant(opened_at)
    if opened >= ensure_instant(expires):
        raise Refusal("This container expired before it was opened; do not use it.", field="expires")
    limit = table.opened_containers.get(kind)
    if limit is None:
        known = ", ".join(table.opened_containers)
        raise Refusal(f"An opened {kind} may not be kept; by {table.title} only these may: {known}.")
    hours = _hours(kind, limit, label_hours)
    return ContainerClock(
        kind=kind,
        opened_at=opened,
        until=min(after_hours(opened, hours), ensure_instant(expires)),
        immediate_use_only=limit.immediate_use_only,
        source=f"{hours_words(hours)} from the first entry. {limit.source}. {table.statement}",
    )


def _hours(
    kind: ContainerKind, limit: ContainerLimit, label_hours: Fraction | Decimal | int | None
) -> Fraction:
    """Weigh the table's hours against the label's, by the role that the table gives to the label."""
    if label_hours is None:
        if limit.hours is None:
            raise InvalidInput(
                f"label_hours is missing; how long an opened {kind} may be used stands on its label.",
                field="label_hours",
            )
        return limit.hours
    label = ensure_above_zero(label_hours, "label_hours")
    if limit.hours is None or limit.label is LabelRole.DECIDES:
        return label
    return min(limit.hours, label)


def ensure_may_be_drawn_from(
    clock: ContainerClock, *, at: datetime, zone: ZoneInfo, immediate_use: bool
) -> None:
    """Refuse to draw from a container out of its time; at the very end of its clock is too late.

    `immediate_use` says that the preparation is for immediate use, the only one for which a container that
    was entered in worse air than ISO 5 may serve.
    """
    now = ensure_instant(at)
    if now < clock.opened_at:
        raise InvalidInput(
            f"at should not lie before the first entry {moment(clock.opened_at, zone)}.", field="at"
        )
    if now >= clock.until:
        raise Refusal(
            f"This container was opened {moment(clock.opened_at, zone)} and could be used before "
            f"{moment(clock.until, zone)}: discard it and open another. {clock.source}"
        )
    if clock.immediate_use_only and not immediate_use:
        raise Refusal(
            "This container was opened in worse air than ISO 5, so it serves a preparation for immediate use "
            f"only: discard it and open another in ISO 5. {clock.source}"
        )
