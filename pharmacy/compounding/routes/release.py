"""Pages on which a pharmacist inspects bags, decides on them by signature, and settles a quarantine."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import InspectForm, LabelScanForm, ReleaseForm, SettleForm
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.labels import get_bag, load_whole
from pharmacy.domain.statuses import BagStatus
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session


@blueprint.get("/worksheets/<int:worksheet_id>/release")
@requires(Permission.RELEASE_BAGS)
def release(worksheet_id: int) -> str:
    """Show a preparation whole, to be inspected bag by bag and released by signature."""
    return _release_page(worksheet_id)


def _release_page(
    worksheet_id: int, *, signing: ReleaseForm | None = None, tried: InspectForm | None = None
) -> str:
    worksheet = load_whole(worksheet_id)
    form = signing or ReleaseForm(formdata=None)
    form.seen.data = actions.digest_of_page(worksheet)
    return render_template(
        "compounding/release.html",
        worksheet=worksheet,
        place=queries.say_place(worksheet, ZoneInfo(actor().site.time_zone)),
        own_work=actor().id in queries.list_compounders(worksheet),
        forms={bag.id: _inspect_form(bag, tried) for bag in worksheet.bags},
        scan=LabelScanForm(formdata=None, prefix="label-"),
        form=form,
        **vars(queries.read_release_page(session(), worksheet, at=now())),
    )


def _inspect_form(bag: Bag, tried: InspectForm | None) -> InspectForm:
    """Return the form of a bag: the one that was refused, or a new one in which nothing is ticked."""
    if tried is not None and tried.no_particles.name == f"{_prefix(bag.id)}no_particles":
        return tried
    return InspectForm(formdata=None, prefix=_prefix(bag.id))


def _prefix(bag_id: int) -> str:
    return f"bag{bag_id}-"


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/inspect")
@requires(Permission.RELEASE_BAGS)
def submit_inspect_bag(worksheet_id: int, bag_id: int) -> Any:
    """Record the inspection of one bag."""
    form = InspectForm(prefix=_prefix(bag_id))

    def act() -> Any:
        actions.inspect_bag(
            session(),
            get_bag(worksheet_id, bag_id),
            outcome=form.chosen(),
            reason=form.reason.data or "",
            rework=form.chosen_rework(),
            by=actor(),
            at=now(),
            **form.seen(),
        )
        return go("compounding.release", worksheet_id=worksheet_id, _anchor=_next_stop(worksheet_id, bag_id))

    return submit(
        form, act, page=lambda: _release_page(worksheet_id, tried=form), said="The inspection is recorded."
    )


def _next_stop(worksheet_id: int, bag_id: int) -> str:
    """Name where the page goes on after a bag: the next one to be inspected, or the signature."""
    bags = load_whole(worksheet_id).bags
    place = next(number for number, bag in enumerate(bags) if bag.id == bag_id)
    for bag in (*bags[place + 1 :], *bags[:place]):
        if bag.status is BagStatus.MADE and not bag.inspections:
            return f"bag-{bag.position}"
    return "sign"


@blueprint.post("/worksheets/<int:worksheet_id>/release")
@requires(Permission.RELEASE_BAGS)
def submit_release(worksheet_id: int) -> Any:
    """Sign the decision on all bags."""
    form = ReleaseForm()

    def act() -> Any:
        worksheet, password = load_whole(worksheet_id), form.password.data or ""
        actions.ensure_page_holds(worksheet, seen=form.seen.data or "")
        actions.release_worksheet(session(), worksheet, password=password, by=actor(), at=now())
        return go("compounding.record", worksheet_id=worksheet_id)

    return submit(
        form, act, page=lambda: _release_page(worksheet_id, signing=form), said="The bags are decided on."
    )


@blueprint.get("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/quarantine")
@requires(Permission.RELEASE_BAGS)
def quarantine(worksheet_id: int, bag_id: int) -> str:
    """Show a bag in quarantine, to be released or rejected."""
    return _quarantine_page(worksheet_id, bag_id, SettleForm())


def _quarantine_page(worksheet_id: int, bag_id: int, form: SettleForm) -> str:
    bag = get_bag(worksheet_id, bag_id)
    worksheet: Worksheet = bag.worksheet
    return render_template(
        "compounding/quarantine.html",
        worksheet=worksheet,
        bag=bag,
        copy=queries.find_label_in_use(bag),
        own_work=actor().id in queries.list_compounders(worksheet),
        form=form,
    )


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/quarantine")
@requires(Permission.RELEASE_BAGS)
def submit_quarantine(worksheet_id: int, bag_id: int) -> Any:
    """Sign the decision on a bag in quarantine."""
    form = SettleForm()

    def act() -> Any:
        actions.settle_quarantine(
            session(),
            get_bag(worksheet_id, bag_id),
            outcome=form.chosen(),
            reason=form.reason.data or "",
            password=form.password.data or "",
            by=actor(),
            at=now(),
            **form.seen(),
        )
        return go("compounding.show_worksheet", worksheet_id=worksheet_id)

    return submit(
        form, act, page=lambda: _quarantine_page(worksheet_id, bag_id, form), said="The bag is decided on."
    )
