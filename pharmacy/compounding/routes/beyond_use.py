"""The page that makes a beyond-use date earlier."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import ShortenForm
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.domain.local_time import to_instant
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


@blueprint.get("/bags/<int:bag_id>/beyond-use")
@requires(Permission.SHORTEN_BEYOND_USE)
def shorten_beyond_use(bag_id: int) -> str:
    """Ask for an earlier beyond-use date."""
    return _shorten_page(bag_id, ShortenForm())


def _shorten_page(bag_id: int, form: ShortenForm) -> str:
    bag = queries.get_bag(session(), bag_id, site_id=actor().site_id)
    reads_chart(bag.patient_id)
    return render_template("compounding/shorten_beyond_use.html", bag=bag, form=form)


@blueprint.post("/bags/<int:bag_id>/beyond-use")
@requires(Permission.SHORTEN_BEYOND_USE)
def submit_shorten_beyond_use(bag_id: int) -> Any:
    """Make a beyond-use date earlier."""
    form = ShortenForm()

    def act() -> Any:
        bag = queries.get_bag(session(), bag_id, site_id=actor().site_id)
        became = to_instant(form.chosen(), ZoneInfo(actor().site.time_zone))
        reason = form.reason.data or ""
        actions.shorten_beyond_use(session(), bag, became=became, reason=reason, by=actor(), at=now())
        return go("compounding.show_worksheet", worksheet_id=bag.worksheet_id)

    return submit(form, act, page=lambda: _shorten_page(bag_id, form), said="The date is shortened.")
