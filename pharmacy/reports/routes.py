"""Pages of the reports: their list, one report over a span of days, and each of its tables as a file."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.domain.errors import InvalidInput, NotFound
from pharmacy.reports import queries
from pharmacy.web.csv_files import csv_file
from pharmacy.web.doors import requires
from pharmacy.web.request import actor, now, session

blueprint = Blueprint("reports", __name__)


@blueprint.get("/reports")
@requires(Permission.READ_REPORTS)
def list_reports() -> str:
    """List the reports."""
    return render_template("reports/list_reports.html", reports=queries.REPORTS)


def _span(first: str, last: str) -> queries.Span:
    return queries.read_span(first, last, zone=ZoneInfo(actor().site.time_zone), at=now())


def _kind(name: str) -> queries.Kind:
    if name not in queries.REPORTS:
        raise NotFound("There is no report of this name.")
    return queries.REPORTS[name]


def _read(kind: queries.Kind, span: queries.Span) -> queries.Report:
    return kind.read(session(), span, site_id=actor().site_id)


@blueprint.get("/reports/<name>")
@requires(Permission.READ_REPORTS)
def show_report(name: str) -> Any:
    """Show a report over a span of days."""
    kind, why = _kind(name), ""
    typed = {key: request.args.get(key, "") for key in ("first", "last")}
    try:
        span = _span(**typed)
    except InvalidInput as refusal:
        span, why = _span("", ""), refusal.sentence
    page = render_template(
        "reports/show_report.html",
        name=name,
        kind=kind,
        report=_read(kind, span),
        span=span,
        typed=typed,
        why=why,
    )
    return page, 400 if why else 200


@blueprint.get("/reports/<name>/<int:place>.csv")
@requires(Permission.READ_REPORTS)
def download_table(name: str, place: int) -> Any:
    """Answer one table of a report as a file."""
    span = _span(request.args.get("first", ""), request.args.get("last", ""))
    report = _read(_kind(name), span)
    if not 1 <= place <= len(report.tables):
        raise NotFound("This report has no such table.")
    table = report.tables[place - 1]
    file_name = f"{name}-{place}-{span.first.isoformat()}-{span.last.isoformat()}"
    return csv_file(file_name, [column.words for column in table.columns], table.rows)
