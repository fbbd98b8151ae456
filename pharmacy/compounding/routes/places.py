"""Where bags are made: the hood is chosen when preparation starts, and each hood lists its bags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import DaysForm, StartForm
from pharmacy.compounding.models import Bag
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.worksheets import load
from pharmacy.domain.competency import Duty
from pharmacy.domain.local_time import to_local
from pharmacy.facility.queries import find_who_to_see, get_control, judge_person
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/worksheets/<int:worksheet_id>/start")
@requires(Permission.COMPOUND)
def start_preparation(worksheet_id: int) -> str:
    """Show what would follow in each hood, so that one is chosen."""
    return _start_page(worksheet_id, StartForm())


def _start_page(worksheet_id: int, form: StartForm) -> str:
    worksheet = load(worksheet_id)
    choices = queries.list_hood_choices(session(), worksheet, at=now())
    category = queries.category_of(worksheet)
    stands = judge_person(session(), actor(), duty=Duty.COMPOUND, category=category, at=now())
    return render_template(
        "compounding/start_preparation.html",
        worksheet=worksheet,
        choices=choices,
        stands=stands,
        see=find_who_to_see(session(), actor()),
        form=form,
        at=now(),
    )


@blueprint.post("/worksheets/<int:worksheet_id>/start")
@requires(Permission.COMPOUND)
def submit_start_preparation(worksheet_id: int) -> Any:
    """Start preparation at this instant, in the hood that was chosen."""
    form = StartForm()

    def act() -> Any:
        control_id, accepts = form.chosen()
        control = get_control(session(), control_id, site_id=actor().site_id)
        worksheet = load(worksheet_id)
        actions.start_preparation(
            session(), worksheet, control=control, accepts=accepts, by=actor(), at=now()
        )
        return go("compounding.station", worksheet_id=worksheet_id)

    return submit(form, act, page=lambda: _start_page(worksheet_id, form))


@blueprint.get("/hoods/<int:control_id>/bags")
@requires(Permission.OPEN_WORKSHEETS)
def list_bags_made_in(control_id: int) -> Any:
    """List the bags that were made in a hood between two days."""
    control = get_control(session(), control_id, site_id=actor().site_id)
    zone, page = ZoneInfo(actor().site.time_zone), page_number(request.args.get("page"))
    form = DaysForm(formdata=request.args if "since" in request.args else None, meta={"csrf": False})
    form.start_with(to_local(now(), zone).date())
    good = "since" not in request.args or form.validate()
    found = list(_list_made(control.id, form, zone, page)) if good else []
    return render_template(
        "compounding/list_bags_made_in.html",
        control=control,
        form=form,
        bags=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
    ), 200 if good else 422


def _list_made(control_id: int, form: DaysForm, zone: ZoneInfo, page: int) -> Sequence[Bag]:
    since, until = form.chosen_instants(zone)
    return queries.list_bags_made_in(
        session(), control_id, site_id=actor().site_id, since=since, until=until, page=page
    )
