"""The numbers before and after a change of an order, as they are shown and as they are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLine:
    """Hold a dose, and in words the bag that it gets."""

    dose: datetime
    bag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenNumbers:
    """Hold one regimen over the time ahead: its averages, its doses, and when a new bag is needed first."""

    frequency: str
    per_week: str
    per_30_days: str
    doses: tuple[DoseLine, ...]
    next_needed: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeLine:
    """Hold a bag at home with the dose that it serves after the change, and the one that it would have.

    `expires` says that no dose is left for it before its beyond-use date.
    """

    name: str
    beyond_use: datetime
    dose: datetime | None
    was_for: datetime | None
    expires: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """Hold a delivery of the plan in force: the bags that it was to bring, and those that it needs now."""

    arrives: datetime
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNumbers:
    """Hold what a change does to doses, bags at home and deliveries, from `made_at` up to `ends`.

    `has_plan` says whether a dispense plan was in force. `known_from` says how the bags at home are known,
    `working` how the numbers after the change were computed.
    """

    made_at: datetime
    effective: datetime
    ends: datetime
    has_plan: bool
    sentence: str
    before: RegimenNumbers
    after: RegimenNumbers
    home: tuple[HomeLine, ...]
    deliveries: tuple[DeliveryLine, ...]
    without_bag: tuple[datetime, ...]
    known_from: tuple[str, ...]
    working: tuple[str, ...]

    @property
    def still_used(self) -> tuple[HomeLine, ...]:
        """List the bags at home that serve a dose, in the order of the doses."""
        return tuple(sorted((one for one in self.home if one.dose), key=lambda one: one.dose or self.ends))

    @property
    def spare(self) -> tuple[HomeLine, ...]:
        """List the bags at home that serve no dose in the time ahead and can still be started after it."""
        return tuple(one for one in self.home if one.dose is None and not one.expires)

    @property
    def expiring(self) -> tuple[HomeLine, ...]:
        """List the bags at home that are counted back and destroyed."""
        return tuple(one for one in self.home if one.expires)

    @property
    def next_before(self) -> DeliveryLine | None:
        """Return the next delivery as it was planned."""
        return next((one for one in self.deliveries if one.before), None)

    @property
    def next_after(self) -> DeliveryLine | None:
        """Return the first of the planned deliveries that still brings a bag."""
        return next((one for one in self.deliveries if one.after), None)


def write_numbers(numbers: ChangeNumbers) -> str:
    """Write the numbers as they are kept; instants in UTC to the last digit."""
    return json.dumps(asdict(numbers), default=_plain, sort_keys=True)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} cannot be kept")


def read_numbers(text: str) -> ChangeNumbers:
    """Read numbers that were kept."""
    kept = json.loads(text)
    return ChangeNumbers(
        **_read(kept, "made_at", "effective", "ends")
        | {
            "before": _read_regimen(kept["before"]),
            "after": _read_regimen(kept["after"]),
            "home": tuple(HomeLine(**_read(one, "beyond_use", "dose", "was_for")) for one in kept["home"]),
            "deliveries": tuple(DeliveryLine(**_read(one, "arrives")) for one in kept["deliveries"]),
            "without_bag": tuple(datetime.fromisoformat(one) for one in kept["without_bag"]),
            "known_from": tuple(kept["known_from"]),
            "working": tuple(kept["working"]),
        }
    )


def _read_regimen(kept: Mapping[str, Any]) -> RegimenNumbers:
    doses = tuple(DoseLine(**_read(one, "dose")) for one in kept["doses"])
    return RegimenNumbers(**_read(kept, "next_needed") | {"doses": doses})


def _read(kept: Mapping[str, Any], *instants: str) -> dict[str, Any]:
    """Return what was kept, the instants among it as instants."""
    read = {name: kept[name] and datetime.fromisoformat(kept[name]) for name in instants}
    return {**kept, **read}


__all__ = [
    "ChangeNumbers",
    "DeliveryLine",
    "DoseLine",
    "HomeLine",
    "RegimenNumbers",
    "read_numbers",
    "write_numbers",
]
