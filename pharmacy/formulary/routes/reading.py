"""Read master formulation records: the list, one whole, two beside each other, and what is due for review."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.audit.queries import list_history
from pharmacy.domain.admixture_working import working
from pharmacy.domain.errors import NotFound
from pharmacy.domain.local_time import to_local
from pharmacy.domain.preparation_stages import STAGE_WORDS
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary import documents, queries
from pharmacy.formulary.models import Formula
from pharmacy.formulary.routes.door import blueprint, load_formula
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.request import actor, now, session


@blueprint.get("/formulas")
@requires(Permission.READ_FORMULARY)
def list_formulas() -> str:
    """List the master formulation records of the site, found by name, code and status."""
    page, search = page_number(request.args.get("page")), request.args.get("search", "").strip()
    status = next((one for one in FormulaStatus if one.value == request.args.get("status")), None)
    found = queries.search_formulas(
        session(), site_id=actor().site_id, page=page, search=search, status=status
    )
    return render_template(
        "formulary/list_formulas.html",
        formulas=found[: queries.PAGE],
        page=page,
        more=len(found) > queries.PAGE,
        search=search,
        status=status,
        statuses=list(FormulaStatus),
    )


@blueprint.get("/reference-data")
@requires(Permission.READ_FORMULARY)
def list_adopted() -> str:
    """List the reference data that the site has adopted."""
    found = queries.list_adopted(session(), site_id=actor().site_id)
    entries = [(one, queries.as_reference_entry(one)) for one in found]
    return render_template("formulary/list_adopted.html", entries=entries)


@blueprint.get("/formulas/<int:formula_id>")
@requires(Permission.READ_FORMULARY)
def show_formula(formula_id: int) -> str:
    """Show a master formulation record with the working of its numbers."""
    formula = load_formula(formula_id)
    return render_template(
        "formulary/show_formula.html",
        **tell_whole(formula),
        versions=queries.list_versions_of(session(), formula),
        changes=list_history(session(), formula.__tablename__, formula.id),
    )


def tell_whole(formula: Formula) -> dict[str, Any]:
    """Return what a page shows of a record whole."""
    bag = queries.compute_bag_of(formula)
    site_id = formula.site_id
    return {
        "formula": formula,
        "bag": bag,
        "working": working(bag),
        "sections": queries.tell_formula(formula, bag),
        "keeping": queries.tell_beyond_use(session(), formula),
        "limits": queries.tell_limits(session(), formula, bag, site_id=site_id),
        "say_studied": queries.say_studied,
        "stage_words": STAGE_WORDS,
    }


@blueprint.get("/formulas/<int:formula_id>/compare")
@requires(Permission.READ_FORMULARY)
def compare_formulas(formula_id: int) -> str:
    """Show two versions of a record beside each other, the differences marked in words."""
    formula = load_formula(formula_id)
    versions = queries.list_versions_of(session(), formula)
    asked = request.args.get("with", "")
    other = _find_other(versions, formula, asked)
    return render_template(
        "formulary/compare_formulas.html",
        was=other,
        now=formula,
        versions=[one for one in versions if one.id != formula.id],
        compared=queries.compare_formulas(other, formula) if other else None,
        everything=request.args.get("everything") == "yes",
    )


def _find_other(versions: list[Formula], formula: Formula, asked: str) -> Formula | None:
    """Find the version that was asked for, or the one before; another record's is not found."""
    if asked:
        found = next((one for one in versions if str(one.version) == asked), None)
        if found is None:
            raise NotFound(f"{formula.code} has no such version.")
        return found
    return next((one for one in versions if one.version < formula.version), None)


@blueprint.get("/formulas/<int:formula_id>/sample-label")
@requires(Permission.READ_FORMULARY)
def show_sample_label(formula_id: int) -> Response:
    """Show how a label of a bag of this record looks, for nobody's use."""
    formula = load_formula(formula_id)
    content = documents.draw_sample_label(formula, queries.compute_bag_of(formula), site=actor().site)
    return Response(content, mimetype="application/pdf")


@blueprint.get("/formulas/reviews")
@requires(Permission.READ_FORMULARY)
def list_reviews() -> str:
    """List what new bags rest on whose review is due soon or overdue."""
    today = to_local(now(), ZoneInfo(actor().site.time_zone)).date()
    page = page_number(request.args.get("page"))
    due = queries.list_due_reviews(session(), site_id=actor().site_id, until=today + queries.REVIEW_AHEAD)
    first = (page - 1) * queries.PAGE
    return render_template(
        "formulary/list_reviews.html",
        reviews=due[first : first + queries.PAGE],
        page=page,
        more=len(due) > first + queries.PAGE,
        today=today,
        ahead=queries.REVIEW_AHEAD.days,
    )
