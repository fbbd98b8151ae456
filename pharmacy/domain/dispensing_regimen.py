"""The dose times of a course in which the frequency changes or is on hold (calculators.md, dispense)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, repeat
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.frequency import (
    Continuous,
    EveryHours,
    Frequency,
    count,
    ensure_no_overlap,
    expand,
    shortest_gap_hours,
)
from pharmacy.domain.local_time import to_instant, to_local

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Segment:
    """Hold one stretch of a regimen: from `effective` until the next segment takes effect.

    `effective` and `anchor` are clock times at home without offset; on hold there is neither a frequency nor
    an anchor. `infusion_hours` is needed for a continuous infusion.
    """

    effective: datetime
    frequency: Frequency | None
    anchor: datetime | None
    infusion_hours: Decimal | Fraction | None = None


@dataclass(frozen=True, slots=True)
class CloseDoses:
    """Name two doses that a change puts closer than `nominal_hours`, the gap of the new `frequency`."""

    frequency: Frequency
    earlier: datetime
    later: datetime
    hours_apart: Fraction
    nominal_hours: Fraction


def ensure_in_time_order(regimen: Sequence[Segment], *, zone: ZoneInfo) -> None:
    """Refuse a regimen without segments, out of time order, or with a pattern that cannot be timed."""
    if not regimen:
        raise InvalidInput("regimen should have at least one segment.", field="regimen")
    for place, segment in enumerate(regimen):
        field = f"regimen[{place}].anchor"
        if (segment.frequency is None) != (segment.anchor is None):
            raise InvalidInput(f"{field} belongs to a frequency; a hold has none.", field=field)
        _ensure_timed(segment, f"regimen[{place}]")
    instants = [to_instant(segment.effective, zone) for segment in regimen]
    for place, (earlier, later) in enumerate(pairwise(instants), start=1):
        if later < earlier:
            field = f"regimen[{place}].effective"
            raise InvalidInput(f"{field} should not be earlier than the segment before it.", field=field)


def _ensure_timed(segment: Segment, where: str) -> None:
    if segment.frequency is None:
        return
    try:
        shortest_gap_hours(segment.frequency, infusion_hours=segment.infusion_hours)
        if segment.infusion_hours is not None:
            ensure_no_overlap(segment.frequency, segment.infusion_hours)
    except InvalidInput as refusal:
        # The sentence begins with the field's own name.
        raise InvalidInput(f"{where}.{refusal.sentence}", field=f"{where}.{refusal.field}") from None


def list_doses(
    regimen: Sequence[Segment], *, zone: ZoneInfo, starts: datetime, ends: datetime
) -> list[tuple[datetime, int]]:
    """List the dose instants with `starts` <= dose < `ends`, each with the place of its segment.

    A dose exactly at `effective` belongs to the new segment; a change never rewrites the doses before it.
    """
    stretches = expand_segments(regimen, zone=zone, starts=starts, ends=ends)
    return [pair for place, instants in stretches for pair in zip(instants, repeat(place))]


def expand_segments(
    regimen: Sequence[Segment], *, zone: ZoneInfo, starts: datetime, ends: datetime
) -> Iterator[tuple[int, list[datetime]]]:
    """Yield the place of each segment that has doses in a course, with its dose instants."""
    for place, frequency, window in _list_windows(regimen, zone, starts, ends):
        yield place, expand(frequency, **window)


def count_doses(regimen: Sequence[Segment], *, zone: ZoneInfo, starts: datetime, ends: datetime) -> int:
    """Count the doses that `list_doses` would list, at the same cost for a week and for a thousand years."""
    windows = _list_windows(regimen, zone, starts, ends)
    return sum(count(frequency, **window) for _, frequency, window in windows)


def _list_windows(
    regimen: Sequence[Segment], zone: ZoneInfo, starts: datetime, ends: datetime
) -> Iterator[tuple[int, Frequency, dict[str, Any]]]:
    """List the segments with doses: their places, frequencies, and what `expand` and `count` are asked."""
    openings = [to_instant(segment.effective, zone) for segment in regimen]
    for place, segment in enumerate(regimen):
        opens = max(starts, openings[place])
        closes = min(ends, openings[place + 1]) if place + 1 < len(openings) else ends
        if segment.frequency is None or segment.anchor is None or opens >= closes:
            continue
        yield (
            place,
            segment.frequency,
            {
                "anchor": segment.anchor,
                "zone": zone,
                "starts": opens,
                "ends": closes,
                "infusion_hours": segment.infusion_hours,
            },
        )


def list_close_doses(
    regimen: Sequence[Segment], *, zone: ZoneInfo, starts: datetime, ends: datetime
) -> list[CloseDoses]:
    """List the changes whose first dose comes sooner after the last one than the new pattern's nominal gap.

    The first dose lies in `starts` <= dose < `ends`; the last one may lie before. A night on which the clocks
    change does not count as closer where the new pattern keeps its clock time.
    """
    close: list[CloseDoses] = []
    for place, segment in enumerate(regimen[1:], start=1):
        change = to_instant(segment.effective, zone)
        if segment.frequency is None or change >= ends:
            continue
        nominal = shortest_gap_hours(segment.frequency, infusion_hours=segment.infusion_hours)
        reach = timedelta(hours=ceil(nominal))
        around = list_doses(regimen, zone=zone, starts=change - reach, ends=min(ends, change + reach))
        earlier = [dose for dose, pattern in around if pattern < place]
        later = [dose for dose, pattern in around if pattern == place]
        if not earlier or not later or later[0] < starts:
            continue
        pair = CloseDoses(
            frequency=segment.frequency,
            earlier=earlier[-1],
            later=later[0],
            hours_apart=Fraction((later[0] - earlier[-1]) // _SECOND, 3600),
            nominal_hours=nominal,
        )
        if pair.hours_apart < nominal and not _is_clock_change(pair, zone):
            close.append(pair)
    return close


def _is_clock_change(pair: CloseDoses, zone: ZoneInfo) -> bool:
    """Tell whether a pattern that goes by the clock has the nominal gap on the clock."""
    if isinstance(pair.frequency, Continuous):
        return False
    if isinstance(pair.frequency, EveryHours) and not pair.frequency.keeps_clock:
        return False
    earlier, later = (to_local(dose, zone).replace(tzinfo=None) for dose in (pair.earlier, pair.later))
    return Fraction((later - earlier) // _SECOND, 3600) >= pair.nominal_hours


__all__ = [
    "CloseDoses",
    "Segment",
    "count_doses",
    "ensure_in_time_order",
    "expand_segments",
    "list_close_doses",
    "list_doses",
]
