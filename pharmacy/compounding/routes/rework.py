"""The page on which the bench records what was mended on a bag."""

from __future__ import annotations

from typing import Any

from flask import render_template

from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, queries
from pharmacy.compounding.forms import LabelScanForm, ReworkForm
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.compounding.routes.labels import get_bag
from pharmacy.domain.bag_release import REWORK_WORDS
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, session
from pharmacy.web.uploads import takes_files


@blueprint.get("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/rework")
@requires(Permission.COMPOUND)
def rework(worksheet_id: int, bag_id: int) -> str:
    """Show what is to be mended on a bag."""
    return _rework_page(worksheet_id, bag_id, ReworkForm())


def _rework_page(worksheet_id: int, bag_id: int, form: ReworkForm) -> str:
    bag = get_bag(worksheet_id, bag_id)
    return render_template(
        "compounding/rework.html",
        bag=bag,
        worksheet=bag.worksheet,
        rework=queries.find_open_rework(bag),
        words=REWORK_WORDS,
        copy=queries.find_label_in_use(bag),
        scan=LabelScanForm(formdata=None, prefix="label-"),
        form=form,
    )


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/rework")
@takes_files
@requires(Permission.COMPOUND)
def submit_rework(worksheet_id: int, bag_id: int) -> Any:
    """Record that the rework of a bag was done."""
    form = ReworkForm()

    def act() -> Any:
        bag, note, photo = get_bag(worksheet_id, bag_id), form.note.data or "", form.photo.file
        actions.finish_rework(session(), bag, note=note, photo=photo, by=actor(), at=now())
        return go("compounding.show_worksheet", worksheet_id=worksheet_id)

    said = "The rework is recorded; a pharmacist inspects the bag again."
    return submit(form, act, page=lambda: _rework_page(worksheet_id, bag_id, form), said=said)
