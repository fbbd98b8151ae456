"""Template filters: they call the one formatter and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, g
from werkzeug.datastructures import MultiDict

from pharmacy.domain import formatting
from pharmacy.domain.interception import what_was_prevented
from pharmacy.domain.lifecycle import say
from pharmacy.web.request import now


def register_filters(app: Flask) -> None:
    """Register the filters under the names templates use."""
    app.jinja_env.filters.update(
        number=formatting.number,
        quantity=formatting.quantity,
        dose=formatting.dose,
        day=formatting.day,
        moment=_moment,
        relative=_relative,
        status=say,
        counted=formatting.counted,
        local=_local,
        page_link=_page_link,
        prevented=what_was_prevented,
        map_rows=_map_rows,
    )


def _zone(name: str | None) -> ZoneInfo:
    if name:
        return ZoneInfo(name)
    person = g.get("person")
    return ZoneInfo(person.site.time_zone if person else "UTC")


def _moment(value: datetime | None, zone: str | None = None) -> str:
    return formatting.moment(value, _zone(zone)) if value else ""


def _local(value: datetime) -> str:
    return f"{formatting.day(value.date())} {value:%H:%M}"


def _relative(value: datetime | date | None) -> str:
    if value is None:
        return ""
    if not isinstance(value, datetime):
        days = (value - now().astimezone(_zone(None)).date()).days
        return _direction(abs(days), "day", past=days < 0) if days else "today"
    seconds = int((value - now()).total_seconds())
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if abs(seconds) >= size:
            return _direction(abs(seconds) // size, unit, past=seconds < 0)
    return "now"


def _page_link(arguments: MultiDict[str, str], page: int) -> str:
    kept = [(name, value) for name, value in arguments.items(multi=True) if name != "page"]
    return urlencode([*kept, ("page", str(page))])


def _map_rows(values: Iterable[Any], *names: str) -> list[tuple[Any, ...]]:
    """Take these attributes of each value, as the cells of a table's rows."""
    return [tuple(getattr(value, name) for name in names) for value in values]


def _direction(count: int, unit: str, *, past: bool) -> str:
    words = formatting.counted(count, unit)
    return f"{words} ago" if past else f"in {words}"
