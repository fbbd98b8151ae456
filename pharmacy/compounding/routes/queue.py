"""The room's queue: what is to be made, by when, for whom, and who has it."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import render_template, request

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission
from pharmacy.accounts.queries import list_people
from pharmacy.compounding import queries
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.domain.lifecycle import say
from pharmacy.domain.local_time import start_of_day, to_local
from pharmacy.domain.statuses import WorksheetStatus
from pharmacy.facility.queries import list_controls
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.request import actor, now, session

# When bags are needed, as the address and the page name it; what is late is needed today.
PERIODS = {"today": "Today, and late", "tomorrow": "Tomorrow", "week": "The next 7 days, and late"}


@blueprint.get("/worksheets")
@requires(Permission.OPEN_WORKSHEETS)
def list_worksheets() -> str:
    """List worksheets, the soonest needed first."""
    page, wanted = page_number(request.args.get("page")), _read_filter()
    lines = queries.list_queue(session(), site_id=actor().site_id, wanted=wanted, page=page, at=now())
    return render_template(
        "compounding/list_worksheets.html",
        lines=lines[: queries.PAGE],
        more=len(lines) > queries.PAGE,
        page=page,
        late=queries.count_late(session(), site_id=actor().site_id, at=now()),
        periods=PERIODS,
        statuses=[*((one.value, say(one)) for one in WorksheetStatus), ("all", "All")],
        people=[(one.id, one.name) for one in _list_makers()],
        hoods=[(one.id, one.name) for one in list_controls(session(), site_id=actor().site_id)],
        open_statuses=queries.OPEN_STATUSES,
        at=now(),
    )


def _list_makers() -> list[Person]:
    found = list_people(session(), site_id=actor().site_id)
    return [one for one in found if one.active and one.may(Permission.COMPOUND)]


def _read_filter() -> queries.QueueFilter:
    starts, until = _bounds(request.args.get("when", ""))
    return queries.QueueFilter(
        statuses=_statuses(request.args.get("status", "")),
        search=request.args.get("search", "")[:200],
        starts=starts,
        until=until,
        person_id=_number(request.args.get("person", "")),
        hood_id=_number(request.args.get("hood", "")),
    )


def _statuses(chosen: str) -> tuple[WorksheetStatus, ...]:
    if chosen == "all":
        return tuple(WorksheetStatus)
    return tuple(one for one in WorksheetStatus if one.value == chosen) or queries.OPEN_STATUSES


def _bounds(period: str) -> tuple[datetime | None, datetime | None]:
    """Return the instants between which a period lies, by the days of the pharmacy's clock."""
    zone = ZoneInfo(actor().site.time_zone)
    today = to_local(now(), zone).date()

    def begins(days: int) -> datetime:
        return start_of_day(today + timedelta(days=days), zone)

    return {
        "today": (None, begins(1)),
        "tomorrow": (begins(1), begins(2)),
        "week": (None, begins(7)),
    }.get(period, (None, None))


def _number(text: str) -> int | None:
    """Read a choice from the address; anything else chooses nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
