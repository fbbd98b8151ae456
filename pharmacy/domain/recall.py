"""Where each bag that a recall reached stands, and when the recall may be closed (domain.md 2.5).

Every bag that the recalled lots reached is accounted for or open: affected = accounted for + open. A bag is
open until it is destroyed before a witness, known to be used, cleared by a pharmacist, or written off by the
pharmacist-in-charge because nobody could be reached. In a drill nothing moves: a bag is open until somebody
has said whether it is where the records say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import counted
from pharmacy.domain.statuses import BagStatus

# How often somebody was called before a bag at their home may be written off: the rule of this house.
LEAST_ATTEMPTS = 3


class RecallUrgency(StrEnum):
    """How dangerous what is recalled is, by the classes of 21 CFR 7.3(m)."""

    CLASS_1 = "class_1"
    CLASS_2 = "class_2"
    CLASS_3 = "class_3"
    NOT_CLASSIFIED = "not_classified"


class Decision(StrEnum):
    """What people decided about a bag of a recall, beside its status."""

    CLEARED = "cleared"
    UNREACHABLE = "unreachable"
    LOCATED = "located"
    NOT_LOCATED = "not_located"


class Standing(StrEnum):
    """Where a bag of a recall stands."""

    IN_WORK = "in_work"
    HERE = "here"
    IN_A_BOX = "in_a_box"
    AT_HOME = "at_home"
    CAME_BACK = "came_back"
    TO_LOCATE = "to_locate"
    DESTROYED = "destroyed"
    USED = "used"
    NOT_MADE = "not_made"
    CLEARED = "cleared"
    UNREACHABLE = "unreachable"
    LOCATED = "located"
    NOT_LOCATED = "not_located"


URGENCY_WORDS = {
    RecallUrgency.CLASS_1: "Class 1: it may cause serious harm or death",
    RecallUrgency.CLASS_2: "Class 2: it may cause harm that passes",
    RecallUrgency.CLASS_3: "Class 3: it is not likely to cause harm",
    RecallUrgency.NOT_CLASSIFIED: "Not classified yet",
}
STANDING_WORDS = {
    Standing.IN_WORK: "in work, stopped",
    Standing.HERE: "here, to be destroyed",
    Standing.IN_A_BOX: "in a box on the way, stopped",
    Standing.AT_HOME: "at home",
    Standing.CAME_BACK: "came back, to be destroyed",
    Standing.TO_LOCATE: "to be located",
    Standing.DESTROYED: "destroyed",
    Standing.USED: "used",
    Standing.NOT_MADE: "not made",
    Standing.CLEARED: "cleared, the recall does not apply",
    Standing.UNREACHABLE: "written off, could not be reached",
    Standing.LOCATED: "located",
    Standing.NOT_LOCATED: "not located",
}
OPEN = frozenset(
    {
        Standing.IN_WORK,
        Standing.HERE,
        Standing.IN_A_BOX,
        Standing.AT_HOME,
        Standing.CAME_BACK,
        Standing.TO_LOCATE,
    }
)
_BY_STATUS = {
    BagStatus.PLANNED: Standing.IN_WORK,
    BagStatus.MADE: Standing.HERE,
    BagStatus.REWORK: Standing.HERE,
    BagStatus.QUARANTINED: Standing.HERE,
    BagStatus.RELEASED: Standing.HERE,
    BagStatus.REJECTED: Standing.HERE,
    BagStatus.PACKED: Standing.IN_A_BOX,
    BagStatus.DELIVERED: Standing.AT_HOME,
    BagStatus.RETURNED: Standing.CAME_BACK,
    BagStatus.USED: Standing.USED,
    BagStatus.DESTROYED: Standing.DESTROYED,
    BagStatus.CANCELLED: Standing.NOT_MADE,
}


def stand(status: BagStatus, decision: Decision | None) -> Standing:
    """Say where a bag of a recall stands by its status and the last decision about it.

    What was destroyed, used or never made stays so. A bag that was written off and then comes back is open.

    >>> stand(BagStatus.DELIVERED, Decision.UNREACHABLE), stand(BagStatus.RETURNED, Decision.UNREACHABLE)
    (<Standing.UNREACHABLE: 'unreachable'>, <Standing.CAME_BACK: 'came_back'>)
    """
    found = _BY_STATUS[status]
    if found not in OPEN:
        return found
    if decision is Decision.CLEARED:
        return Standing.CLEARED
    if decision is Decision.UNREACHABLE and found is Standing.AT_HOME:
        return Standing.UNREACHABLE
    return found


def stand_in_drill(status: BagStatus, decision: Decision | None) -> Standing:
    """Say where a bag of a drill stands: where it was found or not, else that it is still to be located.

    >>> stand_in_drill(BagStatus.RELEASED, None), stand_in_drill(BagStatus.USED, None)
    (<Standing.TO_LOCATE: 'to_locate'>, <Standing.USED: 'used'>)
    """
    if decision is Decision.LOCATED:
        return Standing.LOCATED
    if decision is Decision.NOT_LOCATED:
        return Standing.NOT_LOCATED
    found = _BY_STATUS[status]
    return Standing.TO_LOCATE if found in OPEN else found


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Count the bags of a recall by where they stand; nothing that was reached is left out."""

    counts: Mapping[Standing, int]

    @property
    def affected(self) -> int:
        """Count every bag that was reached."""
        return sum(self.counts.values())

    @property
    def open(self) -> int:
        """Count the bags that nobody has accounted for yet."""
        return sum(count for standing, count in self.counts.items() if standing in OPEN)

    @property
    def accounted(self) -> int:
        """Count the bags that are accounted for."""
        return sum(count for standing, count in self.counts.items() if standing not in OPEN)

    @property
    def located(self) -> int:
        """Count the bags of which it is known where they are or what became of them."""
        unknown = OPEN | {Standing.NOT_LOCATED, Standing.UNREACHABLE}
        return sum(count for standing, count in self.counts.items() if standing not in unknown)

    @property
    def percent_located(self) -> Fraction | None:
        """Return the share of the bags that were located; None when nothing was reached."""
        return Fraction(100 * self.located, self.affected) if self.affected else None

    def say(self) -> str:
        """Write the count in one line."""
        affected = counted(self.affected, "bag")
        return f"{affected} affected = {self.accounted:,} accounted for + {self.open:,} open"


def reconcile(standings: Iterable[Standing]) -> Reconciliation:
    """Count bags by where they stand.

    >>> reconcile([Standing.AT_HOME, Standing.DESTROYED, Standing.DESTROYED]).say()
    '3 bags affected = 2 accounted for + 1 open'
    """
    return Reconciliation(Counter(standings))


def find_obstacles_to_closing(
    found: Reconciliation, *, not_told: Sequence[str], containers: int, is_drill: bool
) -> list[str]:
    """Say everything that stands in the way of closing a recall.

    `not_told` are the prescribers who have no notice; `containers` are those of its lots that are still here.
    """
    sentences = []
    if found.open:
        verb = "is" if found.open == 1 else "are"
        sentences.append(f"{counted(found.open, 'bag')} {verb} not accounted for yet.")
    if is_drill:
        return sentences
    if containers:
        sentences.append(
            f"{counted(containers, 'container')} of its lots still in stock. Destroy or send back what is"
            " there, and record that."
        )
    if not_told:
        sentences.append(f"No notice is recorded for {', '.join(not_told)}.")
    return sentences


def ensure_tried_enough(name: str, *, attempts: int) -> None:
    """Refuse to write off a bag at the home of somebody who was called too seldom.

    >>> ensure_tried_enough("Larkspur, Marigold", attempts=3)
    """
    if attempts < LEAST_ATTEMPTS:
        raise Refusal(
            f"{name} was called {counted(attempts, 'time')}; a bag is written off after"
            f" {LEAST_ATTEMPTS} calls at least."
        )


def rank_call(*, open_bags: int, reached: bool, due: datetime, name: str) -> tuple[bool, bool, datetime, str]:
    """Rank a patient for the list: open before done, never reached before reached, then what is due first."""
    return not open_bags, reached, due, name


def say_took(starts: datetime, ends: datetime) -> str:
    """Say how long something took, in whole minutes.

    >>> from datetime import timedelta, UTC
    >>> noon = datetime(2026, 11, 9, 12, tzinfo=UTC)
    >>> say_took(noon, noon + timedelta(hours=25, minutes=1)), say_took(noon, noon + timedelta(seconds=59))
    ('25 hours 1 minute', '0 minutes')
    """
    hours, minutes = divmod(int((ends - starts).total_seconds()) // 60, 60)
    said = [counted(hours, "hour")] if hours else []
    return " ".join([*said, counted(minutes, "minute")] if minutes or not hours else said)
