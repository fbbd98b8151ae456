"""From a lot to its bags, as a page and as a CSV file, and from a bag to all that touched it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding.queries import find_recalled_lot
from pharmacy.domain.barcodes import is_like_serial
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import moment
from pharmacy.domain.lifecycle import say
from pharmacy.domain.quantities import decimal_text
from pharmacy.trace import queries
from pharmacy.trace.routes.room import blueprint
from pharmacy.web.csv_files import csv_file
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import status_of
from pharmacy.web.request import actor, go, reads_chart, session

_LONGEST = 300
_HEADER = (
    "Lot", "Product", "Bag", "Stands", "Where", "Volume mL", "Start before", "Patient", "Phone", "Worksheet",
    "Delivery", "Received by", "Received",
)  # fmt: skip


@blueprint.get("/trace")
@requires(Permission.TRACE)
def trace_lot() -> Any:
    """Show what a lot reached; a bag that is typed or scanned here opens its own page."""
    text, page = _asked(), page_number(request.args.get("page"))
    if is_like_serial(text):
        return go("trace.show_bag", serial=text)
    found: list[queries.LotTrace] = []
    refused: Refusal | None = None
    if text:
        try:
            lots = queries.find_lots(session(), text, site_id=actor().site_id)
            found = queries.trace_lots(session(), lots, page=page)
        except Refusal as refusal:
            refused = refusal
    _note_charts(found)
    more = sum(one.total for one in found) > page * queries.PAGE
    shown = render_template(
        "trace/trace_lot.html", text=text, found=found, refused=refused, page=page, more=more
    )
    return (shown, status_of(refused)) if refused else shown


def _asked() -> str:
    return request.args.get("lot", "").strip(" \t\r\n")[:_LONGEST]


def _note_charts(found: Iterable[queries.LotTrace]) -> None:
    for patient_id in {bag.patient_id for one in found for bag in one.bags if bag.patient_id}:
        reads_chart(patient_id)


@blueprint.get("/trace.csv")
@requires(Permission.TRACE)
def export_lot() -> Any:
    """Answer every bag that a lot reached as a CSV file."""
    lots = queries.find_lots(session(), _asked(), site_id=actor().site_id)
    found = queries.trace_lots(session(), lots)
    _note_charts(found)
    zone = ZoneInfo(actor().site.time_zone)
    rows = [_row(one.lot.number, one.lot.product.name, bag, zone) for one in found for bag in one.bags]
    return csv_file(f"trace-{lots[0].id}", _HEADER, rows)


def _row(lot: str, product: str, bag: queries.TracedBag, zone: ZoneInfo) -> list[str]:
    home = ZoneInfo(bag.time_zone) if bag.time_zone else zone
    return [
        lot,
        product,
        bag.serial,
        say(bag.status),
        bag.place,
        "" if bag.volume_ml is None else decimal_text(bag.volume_ml),
        moment(bag.beyond_use_at, home) if bag.beyond_use_at else "",
        bag.patient,
        bag.phone or "",
        bag.worksheet,
        bag.delivery,
        bag.received_by or "",
        moment(bag.finished_at, zone) if bag.finished_at else "",
    ]


@blueprint.get("/bags/<serial>")
@requires(Permission.TRACE)
def show_bag(serial: str) -> str:
    """Show a bag with its lots, containers, people and steps."""
    found = queries.trace_bag(session(), serial, site_id=actor().site_id)
    bag = found.bag
    if bag.patient_id:
        reads_chart(bag.patient_id)
    return render_template(
        "trace/show_bag.html",
        trace=found,
        bag=bag,
        replaced=queries.find_label_objection(session(), bag),
        recalled=find_recalled_lot(bag),
        recalls=queries.list_recalls_of_lots(session(), [part.lot_id for part in bag.components]),
    )
