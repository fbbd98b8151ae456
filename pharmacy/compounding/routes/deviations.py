"""Pages of deviations: the list, opening one, what it concerns, its investigation and its closing."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import DeviationForm
from pharmacy.compounding.models import Bag, Complaint, Worksheet
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.labels import load_whole
from pharmacy.domain.deviations import KIND_WORDS, DeviationKind
from pharmacy.domain.formatting import moment
from pharmacy.domain.lifecycle import say
from pharmacy.domain.local_time import to_instant, to_local
from pharmacy.domain.statuses import DeviationStatus
from pharmacy.inventory.models import Lot
from pharmacy.inventory.queries import get_lot
from pharmacy.web.csv_files import csv_file
from pharmacy.web.doors import requires
from pharmacy.web.paging import page_number
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session

_CSV = ("Deviation", "Status", "About", "Gravity", "Happened", "Age in days", "What happened", "Worksheet",
        "Bags", "Lots", "Opened by", "Closed")  # fmt: skip


@blueprint.get("/deviations")
@requires(Permission.READ_CHARTS)
def list_deviations() -> str:
    """List deviations, the open ones first."""
    page, asked = page_number(request.args.get("page")), _asked()
    found = queries.list_deviations(session(), site_id=actor().site_id, page=page, **asked)
    return render_template(
        "compounding/list_deviations.html",
        deviations=found[: queries.DEVIATIONS_A_PAGE],
        page=page,
        more=len(found) > queries.DEVIATIONS_A_PAGE,
        search=asked["search"],
        status=request.args.get("status", ""),
        kind=asked["kind"],
        kinds=KIND_WORDS,
    )


def _asked() -> dict[str, Any]:
    chosen = request.args.get("status", "")
    statuses = {"all": tuple(DeviationStatus), "closed": (DeviationStatus.CLOSED,)}
    kind = next((one for one in DeviationKind if one.value == request.args.get("kind")), None)
    return {
        "statuses": statuses.get(chosen, queries.OPEN_DEVIATIONS),
        "kind": kind,
        "search": request.args.get("search", "").strip()[:200],
    }


@blueprint.get("/deviations.csv")
@requires(Permission.READ_CHARTS)
def export_deviations() -> Response:
    """Give the deviations that match as a file."""
    zone = ZoneInfo(actor().site.time_zone)
    found = queries.list_all_deviations(session(), site_id=actor().site_id, **_asked())
    rows = [
        (
            *(one.serial, say(one.status), KIND_WORDS[one.kind], one.gravity.value),
            *(moment(one.happened_at, zone), ((one.closed_at or now()) - one.happened_at).days, one.what),
            one.worksheet.serial if one.worksheet else "",
            " ".join(part.bag.serial for part in one.bags),
            " ".join(part.lot.number for part in one.lots),
            one.opened_by.name,
            moment(one.closed_at, zone) if one.closed_at else "",
        )
        for one in found
    ]
    return csv_file("deviations", _CSV, rows)


@blueprint.get("/deviations/new")
@requires(Permission.REPORT_DEVIATIONS)
def new_deviation() -> str:
    """Ask what did not go as it must; what is known already is filled in."""
    worksheet, lot, complaint = _named_worksheet(), _named_lot(), _named_complaint()
    bags = worksheet.bags if worksheet else []
    bag = next((one for one in bags if str(one.id) == request.args.get("bag")), None)
    kind = next((one for one in DeviationKind if one.value == request.args.get("kind")), None)
    told = queries.tell_event(worksheet, bag, kind, complaint, at=now())
    form = DeviationForm(formdata=None, data=_filled(told, kind, bag, lot))
    return _new_page(form, worksheet)


def _filled(
    told: tuple[str, Any], kind: DeviationKind | None, bag: Bag | None, lot: Lot | None
) -> dict[str, Any]:
    what, happened = told
    local = to_local(happened, ZoneInfo(actor().site.time_zone)).replace(tzinfo=None, second=0, microsecond=0)
    return {
        "kind": kind.value if kind else None,
        "what": what,
        "happened": local,
        "bags": [str(bag.id)] if bag else [],
        "lots": lot.number if lot else "",
    }


def _new_page(form: DeviationForm, worksheet: Worksheet | None) -> str:
    form.offer(worksheet.bags if worksheet else [])
    return render_template("compounding/new_deviation.html", form=form, worksheet=worksheet)


@blueprint.post("/deviations/new")
@requires(Permission.REPORT_DEVIATIONS)
def submit_new_deviation() -> Any:
    """Open a deviation."""
    worksheet, complaint, form = _named_worksheet(), _named_complaint(), DeviationForm()
    form.offer(worksheet.bags if worksheet else [])

    def act() -> Any:
        opened = actions.open_deviation(
            session(),
            actions.Event(
                kind=form.chosen_kind(),
                gravity=form.chosen_gravity(),
                happened_at=to_instant(form.chosen_instant(), ZoneInfo(actor().site.time_zone)),
                what=form.what.data or "",
                immediate_action=form.immediate_action.data or "",
            ),
            worksheet=worksheet,
            bags=[bag for bag in worksheet.bags if str(bag.id) in form.bags.data] if worksheet else [],
            lots=queries.get_named_lots(session(), form.chosen_lots(), site_id=actor().site_id),
            complaint=complaint,
            by=actor(),
            at=now(),
        )
        session().flush()
        return go("compounding.show_deviation", deviation_id=opened.id)

    return submit(form, act, page=lambda: _new_page(form, _named_worksheet()), said="The deviation is open.")


def _named_worksheet() -> Worksheet | None:
    number = request.args.get("worksheet", "")
    return load_whole(int(number)) if _is_number(number) else None


def _named_lot() -> Lot | None:
    number = request.args.get("lot", "")
    return get_lot(session(), int(number), site_id=actor().site_id) if _is_number(number) else None


def _named_complaint() -> Complaint | None:
    number = request.args.get("complaint", "")
    return (
        queries.get_complaint(session(), int(number), site_id=actor().site_id) if _is_number(number) else None
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
