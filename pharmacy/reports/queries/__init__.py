"""Reads of the reports: each answers one question over a span of days, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pharmacy.reports.queries.errors import report_errors
from pharmacy.reports.queries.report import Report
from pharmacy.reports.queries.span import Span, read_span
from pharmacy.reports.queries.turnaround import report_turnaround
from pharmacy.reports.queries.waste import report_waste
from pharmacy.reports.queries.work import report_work


@dataclass(frozen=True)
class Kind:
    """Hold a report that can be asked for: its title, what it shows, and how it is read."""

    title: str
    shows: str
    read: Callable[..., Report]


REPORTS = {
    "errors": Kind("Intercepted errors", "What was stopped, by kind, person and hour.", report_errors),
    "waste": Kind("Waste by reason", "Volumes wasted by reason and product, and bags lost.", report_waste),
    "work": Kind("Work by person and hour", "Bags made, scans, second checks and inspections.", report_work),
    "turnaround": Kind("Turnaround by stage", "How long worksheets wait and take.", report_turnaround),
}

__all__ = ["REPORTS", "Kind", "Report", "Span", "read_span"]
