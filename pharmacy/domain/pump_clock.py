"""When a run ends on the clock at home, also on the night that the clocks change (pumps.md 2.5, R20)."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from pharmacy.domain.elapsed import after_hours, ensure_instant
from pharmacy.domain.findings import Finding, Severity
from pharmacy.domain.formatting import moment, quantity
from pharmacy.domain.local_time import to_local


def check_clock(
    starts: datetime, *, zone: ZoneInfo, run_hours: Fraction, cycle_hours: Fraction | None = None
) -> list[Finding]:
    """Flag a run, and the next start of a pump's cycle, that the clocks change before (R20).

    `starts` is an instant; hours are elapsed, as a pump counts them. The patient reads a clock, so the
    sentence has the clock time at home. A cycle is given only where the pump starts the next dose by itself.

    >>> start = datetime.fromisoformat("2025-03-08T21:00-05:00")
    >>> (found,) = check_clock(start, zone=ZoneInfo("America/New_York"), run_hours=Fraction(10))
    >>> found.severity.value, found.message.partition(" end at ")[2]
    ('flag', 'Sun 9 Mar 2025 08:00 EDT.')
    """
    start = ensure_instant(starts)
    end = after_hours(start, run_hours)
    found: list[Finding] = []
    if _changes(start, end, zone):
        message = (
            f"The clocks change during this run: {quantity(run_hours, 'h')} from {moment(start, zone)}"
            f" end at {moment(end, zone)}."
        )
        found.append(Finding("R20", Severity.FLAG, message))
    again = start if cycle_hours is None else after_hours(start, cycle_hours)
    if _changes(start, again, zone):
        message = f"The pump's cycle does not follow the clocks: it starts again at {moment(again, zone)}."
        found.append(Finding("R20", Severity.FLAG, message))
    return found


def _changes(first: datetime, last: datetime, zone: ZoneInfo) -> bool:
    return to_local(first, zone).utcoffset() != to_local(last, zone).utcoffset()


__all__ = ["check_clock"]
