"""Which bags may leave, what may be mended, and when the count closes (domain.md 2.3, 2.4 and 4.2).

Bags made = labels applied = released + rejected. A bag in quarantine keeps the count open until a pharmacist
has decided on it; nothing leads from rejected to the patient.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pharmacy.domain.beyond_use import may_be_started
from pharmacy.domain.deviations import say_held_back
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import counted
from pharmacy.domain.local_time import to_local


class InspectionOutcome(StrEnum):
    """What an inspection says of a bag."""

    PASS = "pass"  # noqa: S105
    REWORK = "rework"
    QUARANTINE = "quarantine"
    REJECT = "reject"


class ReworkKind(StrEnum):
    """What can be mended on a bag without opening it."""

    LABEL = "label"
    PORT_SEAL = "port_seal"
    OUTER_BAG = "outer_bag"
    PHOTO = "photo"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Hold what was looked at on one bag, each true when it is as it must be."""

    no_particles: bool
    colour_right: bool
    closure_intact: bool
    label_matches: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelOnBag:
    """Hold the copy of a label that is in use: when it was scanned on the bag, and whether it still holds."""

    applied_at: datetime | None
    says_the_date: bool
    says_the_order: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BagStanding:
    """Hold where one bag stands before it is decided on; `label` is its copy that is not destroyed.

    `may_lack_label` is for a bag to be rejected of an order that has ended, for which none can be printed,
    and for one that is gone. `outcome` is None again once a bag was sent to rework; `open_rework` tells that
    it is not done yet, also of a bag in quarantine. `deviation` is the serial of an open one, `doubts` are
    sentences on what went into the bag.
    """

    name: str
    made: bool
    beyond_use: datetime | None
    label: LabelOnBag | None
    may_lack_label: bool
    outcome: InspectionOutcome | None
    inspected_at: datetime | None
    in_rework: bool = False
    open_rework: bool = False
    was_reworked: bool = False
    deviation: str | None = None
    doubts: tuple[str, ...] = ()

    @property
    def is_labelled(self) -> bool:
        """Tell whether a label was scanned on the bag."""
        return self.label is not None and self.label.applied_at is not None


@dataclass(frozen=True, slots=True)
class Tally:
    """Count the bags of a preparation by what became of them."""

    made: int
    labelled: int
    without_label: int
    released: int
    rejected: int
    quarantined: int
    in_rework: int = 0

    @property
    def closes(self) -> bool:
        """Tell whether bags made = labels applied = released + rejected."""
        return self.made == self.labelled + self.without_label == self.released + self.rejected

    def say(self, *, decided: bool) -> str:
        """Write the count in words: what became of the bags, or while nobody has decided, what is to."""
        become = "" if decided else "to be "
        bare = f" ({self.without_label} rejected without)" if self.without_label else ""
        waiting = f", {self.quarantined} in quarantine" if self.quarantined else ""
        waiting += f", {self.in_rework} in rework" if self.in_rework else ""
        return (
            f"{counted(self.made, 'bag')} made, {counted(self.labelled, 'label')} applied{bare}, "
            f"{self.released} {become}released, {self.rejected} {become}rejected{waiting}."
        )


_WORDS = {
    "no_particles": "the particles",
    "colour_right": "the colour and clarity",
    "closure_intact": "the closure",
    "label_matches": "the label against the order",
}
_SAID = {
    InspectionOutcome.REJECT: "rejected",
    InspectionOutcome.QUARANTINE: "put in quarantine",
    InspectionOutcome.REWORK: "reworked, and what is to be done",
}
REWORK_WORDS = {
    ReworkKind.LABEL: "Label wrong, torn or unreadable: print it again and put it on",
    ReworkKind.PORT_SEAL: "Port seal or cap: put on a new one",
    ReworkKind.OUTER_BAG: "Outer bag: replace it",
    ReworkKind.PHOTO: "Photo of the finished bag: take it",
    ReworkKind.COUNT: "Count: count bags and labels again",
}
# What speaks of the content: no work on the outside can mend it.
_CONTENT = ("no_particles", "colour_right")
_MENDED_BY = {
    "closure_intact": (ReworkKind.PORT_SEAL, ReworkKind.OUTER_BAG),
    "label_matches": (ReworkKind.LABEL,),
}


def ensure_outcome(
    seen: Seen, outcome: InspectionOutcome, *, reason: str, rework: ReworkKind | None = None
) -> None:
    """Refuse a pass while something is not as it must be, and all else without a reason.

    Rework is for what can be mended without opening the bag; a doubtful content never is.

    >>> seen = Seen(no_particles=True, colour_right=True, closure_intact=True, label_matches=False)
    >>> ensure_outcome(seen, InspectionOutcome.REJECT, reason="wrong name on the label")
    >>> ensure_outcome(seen, InspectionOutcome.REWORK, reason="print it again", rework=ReworkKind.LABEL)
    """
    wrong = [name for name in _WORDS if not getattr(seen, name)]
    if outcome is InspectionOutcome.PASS and wrong:
        raise InvalidInput(
            f"A bag passes only when all four are as they must be; not confirmed: {_say(wrong)}.",
            field="outcome",
        )
    if outcome is InspectionOutcome.REWORK:
        _ensure_can_be_mended(wrong, rework)
    if outcome is not InspectionOutcome.PASS and not reason.strip():
        raise InvalidInput(f"Enter why this bag is to be {_SAID[outcome]}.", field="reason")


def _ensure_can_be_mended(wrong: Sequence[str], rework: ReworkKind | None) -> None:
    doubtful = [name for name in wrong if name in _CONTENT]
    if doubtful:
        raise InvalidInput(
            f"The content of this bag is in doubt ({_say(doubtful)} not confirmed), and no rework mends that."
            " Quarantine or reject it.",
            field="outcome",
        )
    if rework is None:
        raise InvalidInput("Choose what is to be mended.", field="rework")
    left = [name for name in wrong if rework not in _MENDED_BY[name]]
    if left:
        raise InvalidInput(
            f"{_say(left).capitalize()} is not confirmed, and this rework does not mend that. Choose the one "
            "that does, or quarantine or reject the bag.",
            field="rework",
        )


def _say(names: Sequence[str]) -> str:
    return ", ".join(_WORDS[name] for name in names)


def is_to_be_seen_again(seen_at: datetime, *, at: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a bag is to be looked at again before it is dispensed: it was last seen on an earlier day.

    >>> seen = datetime(2026, 11, 9, 23, tzinfo=ZoneInfo("America/New_York"))
    >>> is_to_be_seen_again(seen, at=seen.replace(day=10, hour=1), zone=ZoneInfo("America/New_York"))
    True
    """
    return to_local(seen_at, zone).date() < to_local(at, zone).date()


def find_obstacles(bags: Sequence[BagStanding], *, at: datetime) -> list[str]:
    """Say everything that stands in the way of deciding on the bags of a preparation at an instant."""
    return [sentence for bag in bags for sentence in _obstacles_of(bag, at)]


def _obstacles_of(bag: BagStanding, at: datetime) -> Iterator[str]:
    if not bag.made:
        if bag.label is not None:
            yield f"{bag.name} was not made, but its label is not destroyed. Destroy it and record that."
        return
    if bag.in_rework:
        yield f"{bag.name} is in rework. Record it as done at the bench, then inspect the bag again."
        return
    if bag.outcome is None:
        yield f"{bag.name} is not inspected{' since its rework' if bag.was_reworked else ''}."
    if bag.outcome is InspectionOutcome.PASS:
        yield from find_obstacles_to_leaving(bag, at=at)
    elif not bag.is_labelled and not bag.may_lack_label:
        yield _no_label(bag)
    elif not bag.is_labelled and bag.label is not None:
        yield f"{bag.name}: its label is neither on the bag nor destroyed. Destroy it and record that."


def _no_label(bag: BagStanding) -> str:
    return f"{bag.name}: no label was scanned on the bag. Scan it there."


def find_obstacles_to_leaving(bag: BagStanding, *, at: datetime) -> Iterator[str]:
    """Say why a bag that passed may not leave: its label does not hold, or its date has passed."""
    if bag.open_rework:
        yield f"{bag.name}: its rework is not done. Record it as done at the bench, or reject the bag."
    if bag.label is None or bag.label.applied_at is None:
        yield _no_label(bag)
    else:
        yield from _label_obstacles(bag, bag.label, bag.label.applied_at)
    if bag.beyond_use is None or not may_be_started(at, bag.beyond_use):
        yield f"{bag.name}: its beyond-use date has passed, so it cannot be released. Reject it."
    if bag.deviation is not None:
        yield say_held_back(bag.name, bag.deviation)
    for doubt in bag.doubts:
        yield f"{bag.name}: {doubt}"


def _label_obstacles(bag: BagStanding, label: LabelOnBag, applied_at: datetime) -> Iterator[str]:
    if not label.says_the_date:
        yield f"{bag.name}: the label says another beyond-use date than holds. Print its label again."
    if not label.says_the_order:
        yield f"{bag.name}: the label carries directions that no longer hold. Print its label again."
    if bag.inspected_at is not None and bag.inspected_at < applied_at:
        yield f"{bag.name} was inspected before the label that is on it now. Inspect it again."


def count_bags(bags: Sequence[BagStanding]) -> Tally:
    """Count bags as they stand, each passed one as released and each to be rejected as rejected."""
    made = [bag for bag in bags if bag.made]
    outcomes = [bag.outcome for bag in made if not bag.in_rework]
    return Tally(
        made=len(made),
        labelled=sum(bag.is_labelled for bag in made),
        without_label=sum(bag.may_lack_label and not bag.is_labelled for bag in made),
        released=outcomes.count(InspectionOutcome.PASS),
        rejected=outcomes.count(InspectionOutcome.REJECT),
        quarantined=outcomes.count(InspectionOutcome.QUARANTINE),
        in_rework=sum(bag.in_rework for bag in made),
    )


__all__ = [
    "REWORK_WORDS",
    "BagStanding",
    "InspectionOutcome",
    "LabelOnBag",
    "ReworkKind",
    "Seen",
    "Tally",
    "count_bags",
    "ensure_outcome",
    "find_obstacles",
    "find_obstacles_to_leaving",
    "is_to_be_seen_again",
]
