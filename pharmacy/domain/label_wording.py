"""Lines of a bag's label that follow from the order's calendar and from its storage (domain.md 1.5, 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from pharmacy.domain.formatting import day, quantity
from pharmacy.domain.routes import Route

# More days without a dose than these are left to the calendar that goes with every delivery.
_MOST_REST_DAYS = 2
_NEAR_DAYS = 180


def say_route(route: Route) -> str:
    """Say for which route a bag is, as the bar across its label.

    >>> say_route(Route.SUBCUTANEOUS)
    'FOR SUBCUTANEOUS INFUSION ONLY'
    """
    return f"FOR {route.upper()} INFUSION ONLY"


def say_next_doses(doses: Sequence[datetime], *, zone: ZoneInfo) -> str:
    """Say the next doses with their dates at home, and the rest days between them; doses are in time order.

    >>> from datetime import UTC
    >>> print(say_next_doses(
    ...     [datetime(2026, 11, 11, 2, tzinfo=UTC), datetime(2026, 11, 12, 2, tzinfo=UTC),
    ...      datetime(2026, 11, 14, 2, tzinfo=UTC)], zone=ZoneInfo("America/New_York")))
    Next: Tue 10 Nov, Wed 11 Nov and Fri 13 Nov 2026 at 21:00. None on Thu 12 Nov.
    """
    local = [dose.astimezone(zone) for dose in doses]
    days = [one.date() for one in local]
    clocks = {f"{one:%H:%M}" for one in local}
    if len(clocks) == 1 and len(set(days)) == len(days):
        text = f"Next: {_join([*(_short(one, days) for one in days[:-1]), day(days[-1])])} at {clocks.pop()}."
    else:
        text = f"Next: {_join([f'{_short(one.date(), days)} {one:%H:%M}' for one in local])}."
    rest = _rest_days(days)
    if 0 < len(rest) <= _MOST_REST_DAYS:
        text += f" None on {_join([_short(one, days) for one in rest])}."
    return text


def _short(one: date, days: Sequence[date]) -> str:
    """Write a date without its year where no other year can be meant."""
    near = days[-1].year == days[0].year and (days[-1] - days[0]).days < _NEAR_DAYS
    return day(one).removesuffix(f" {one.year}") if near else day(one)


def _rest_days(days: Sequence[date]) -> list[date]:
    span = (days[-1] - days[0]).days
    return [one for one in (days[0] + timedelta(days=step) for step in range(span)) if one not in days]


def _join(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def say_out_of_refrigerator(hours: Sequence[Fraction | Decimal | int]) -> str:
    """Say how soon a bag must start once it is out of the refrigerator: the shortest of the limits given.

    It stands under the START BEFORE time and the storage; that time caps it, whatever is left of it. With no
    limit there is no such time at all.

    >>> print(say_out_of_refrigerator([24, 96]).replace("\\N{NO-BREAK SPACE}", " "))
    Once out, start within 24 hours and before that time.
    """
    if not hours:
        return "Take it out only to start it."
    return f"Once out, start within {quantity(min(hours), 'h')} and before that time."


__all__ = ["say_next_doses", "say_out_of_refrigerator", "say_route"]
