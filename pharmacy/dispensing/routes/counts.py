"""Enter a home count and show it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.dispensing import actions, queries
from pharmacy.dispensing.forms import CountedRow, HomeCountForm
from pharmacy.dispensing.routes.room import blueprint
from pharmacy.prescriptions.queries import get_order
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


@blueprint.get("/orders/<int:order_id>/counts/new")
@requires(Permission.RECORD_HOME_COUNTS)
def record_count(order_id: int) -> str:
    """Ask what is at home."""
    reads_chart(get_order(session(), order_id, site_id=actor().site_id).patient_id)
    return _count_page(order_id, HomeCountForm())


def _count_page(order_id: int, form: HomeCountForm) -> str:
    order = get_order(session(), order_id, site_id=actor().site_id)
    expected = queries.expected_bags(session(), order.id, at=now())
    return render_template(
        "dispensing/record_count.html",
        order=order,
        patient=order.patient,
        form=form,
        expected=expected,
        recalled=queries.list_recalled_at_home(session(), order.id),
    )


@blueprint.post("/orders/<int:order_id>/counts/new")
@requires(Permission.RECORD_HOME_COUNTS)
def submit_record_count(order_id: int) -> Any:
    """Record a home count, or show another row."""
    form = HomeCountForm()
    if "more" in request.form:
        form.add_row()
        return _count_page(order_id, form)

    def act() -> Any:
        order = get_order(session(), order_id, site_id=actor().site_id)
        count = actions.record_home_count(session(), order, _read_entry(form), by=actor(), at=now())
        return go("dispensing.show_count", count_id=count.id)

    return submit(form, act, page=lambda: _count_page(order_id, form), said="The home count is recorded.")


def _read_entry(form: HomeCountForm) -> actions.CountEntry:
    return actions.CountEntry(
        told_by=form.told_by.data or "",
        told_by_relationship=form.told_by_relationship.data or "",
        counted_at=form.counted_at.data,
        lines=[_read_row(row) for row in form.list_filled()],
        missed_doses=form.missed_doses.data or "",
        consent_to_ship=form.consent.data == "yes",
        note=form.note.data or "",
    )


def _read_row(row: CountedRow) -> actions.CountedBags:
    return actions.CountedBags(
        serial=row.serial.data or None, bags=row.bags.data, beyond_use=row.beyond_use.data
    )


@blueprint.get("/counts/<int:count_id>")
@requires(Permission.READ_CHARTS)
def show_count(count_id: int) -> str:
    """Show a home count beside what should be left."""
    count = queries.get_count(session(), count_id, site_id=actor().site_id)
    reads_chart(count.patient_id)
    order = get_order(session(), count.order_id, site_id=actor().site_id)
    return render_template(
        "dispensing/show_count.html",
        count=count,
        order=order,
        patient=count.patient,
        bags=queries.count_bags(count),
        at=now(),
    )
