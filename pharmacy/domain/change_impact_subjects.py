"""What a change of an order can make invalid, as plain values, and the consequence that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pharmacy.domain.change_impact_values import Effect, OrderTerms


class Subject(StrEnum):
    """Name the kind of thing that a consequence is about."""

    DOSES = "doses"
    BAG_AT_HOME = "bag at home"
    BAG = "bag"
    WORKSHEET = "worksheet"
    DELIVERY = "planned delivery"
    LABEL = "label"
    PUMP_SHEET = "pump sheet"
    CALENDAR = "calendar"


class Becomes(StrEnum):
    """Name what has become of a subject."""

    WITHOUT_BAG = "without a bag"
    NEEDED_SOONER = "needed sooner"
    NEEDED_LATER = "needed later"
    NOT_TO_BE_USED = "not to be used"
    SET_ASIDE = "set aside"
    EXPIRING = "expires unused"
    OLD_DIRECTIONS = "carries old directions"
    CHANGED = "changed"
    NOT_NEEDED = "not needed"
    ADDED = "added"
    TOO_MANY = "too many"
    CHECK_AGAIN = "to be checked again"
    USABLE_AGAIN = "can be used again"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Consequence:
    """Say what a change has made of one thing and what must be done; `blocks` until it is done."""

    kind: Becomes
    subject_kind: Subject
    subject_id: int | None
    sentence: str
    action: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class BagAtHome:
    """Hold a bag at home; `planned` is the dose it serves in the new plan, or None.

    A bag that was counted by number has no `id`; `serial` then says by what it is told from others.
    """

    id: int | None
    serial: str
    beyond_use: datetime
    planned: datetime | None


@dataclass(frozen=True, slots=True)
class OpenWorksheet:
    """Hold a worksheet that is not closed, with the arrival of the delivery that it is for.

    `made` counts those of its bags that are made, and `brought` those of them that the new plan brings.
    """

    id: int
    number: str
    bags: int
    started: bool
    arrives: datetime
    made: int
    brought: int


@dataclass(frozen=True, slots=True)
class BagAtPharmacy:
    """Hold a released bag that has not left, with the arrival of its delivery, and whether it is packed.

    `brought` tells whether the new plan brings it, which its beyond-use date decides too.
    """

    id: int
    serial: str
    packed: bool
    arrives: datetime
    brought: bool


@dataclass(frozen=True, slots=True)
class PrintedLabel:
    """Hold a label that is printed and not yet on a bag, with the directions on it."""

    id: int
    name: str
    directions: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold a pump sheet or a calendar that was handed out, by the name that people call it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class PlannedDelivery:
    """Hold the bags of one planned delivery; `id` is None while it is only in the new plan."""

    arrives: datetime
    bags: int
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNumbers:
    """Hold the numbers of a dispense plan that a change may move; instants, `ends` is its horizon."""

    ends: datetime
    deliveries: Sequence[PlannedDelivery]
    next_needed: datetime | None
    uncovered: Sequence[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class InCirculation:
    """Hold all that was made or printed for the old order; every list is given, an empty one as empty."""

    bags_at_home: Sequence[BagAtHome]
    worksheets: Sequence[OpenWorksheet]
    bags_at_pharmacy: Sequence[BagAtPharmacy]
    labels: Sequence[PrintedLabel]
    pump_sheets: Sequence[Paper]
    calendars: Sequence[Paper]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Hold one change as a whole: the new order, what its changes do together, and why in words.

    `resumed` tells whether a hold ends, after which nothing that was set aside is used without a word.
    """

    new: OrderTerms
    effect: Effect
    because: str
    goes_on: bool
    resumed: bool
    zone: ZoneInfo


__all__ = [
    "BagAtHome",
    "BagAtPharmacy",
    "Becomes",
    "Case",
    "Consequence",
    "InCirculation",
    "OpenWorksheet",
    "Paper",
    "PlanNumbers",
    "PlannedDelivery",
    "PrintedLabel",
    "Subject",
]
