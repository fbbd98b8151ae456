"""Pages of bag labels: what they say, print, scan on the bag, print one again, record one as destroyed."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from pharmacy.accounts.forms import ReasonForm
from pharmacy.accounts.permissions import Permission
from pharmacy.compounding import actions, documents, queries
from pharmacy.compounding.forms import LabelScanForm, PrintForm
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.routes.blueprint import blueprint
from pharmacy.domain.errors import Refusal
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session


def load_whole(worksheet_id: int) -> Worksheet:
    """Load a worksheet with labels and inspections, and note that its patient's chart is read."""
    worksheet = queries.get_worksheet_with_labels(session(), worksheet_id, site_id=actor().site_id)
    reads_chart(worksheet.patient_id)
    return worksheet


def get_bag(worksheet_id: int, bag_id: int) -> Bag:
    """Return a bag of a worksheet, with what was done to it."""
    return queries.get_bag_of(load_whole(worksheet_id), bag_id)


@blueprint.get("/worksheets/<int:worksheet_id>/labels")
@requires(Permission.PRINT_LABELS)
def labels(worksheet_id: int) -> str:
    """Show what the labels say, which are printed, and which are on their bags."""
    return _labels_page(worksheet_id)


def _labels_page(
    worksheet_id: int, *, printing: PrintForm | None = None, scan: LabelScanForm | None = None
) -> str:
    worksheet = load_whole(worksheet_id)
    said, why = _preview(worksheet)
    return render_template(
        "compounding/labels.html",
        worksheet=worksheet,
        in_use={bag.id: queries.find_label_in_use(bag) for bag in worksheet.bags},
        papers=queries.list_papers_of(session(), worksheet),
        said=said,
        why=why,
        printing=printing or PrintForm(formdata=None),
        scan=scan or LabelScanForm(formdata=None, prefix="label-"),
    )


def _preview(worksheet: Worksheet) -> tuple[list[tuple[str, str]], str]:
    """Return what the first label would say now, or the sentence that says why none can be printed."""
    bag = next((one for one in worksheet.bags if one.beyond_use_at), None)
    if bag is None or bag.beyond_use_at is None:
        return [], "Labels carry the beyond-use date, so they are printed once preparation has started."
    one = actions.LabelToPrint(bag, 1, bag.beyond_use_at)
    try:
        return documents.preview_label(session(), one, at=now()), ""
    except Refusal as refusal:
        return [], refusal.sentence


@blueprint.post("/worksheets/<int:worksheet_id>/labels")
@requires(Permission.PRINT_LABELS)
def submit_labels(worksheet_id: int) -> Any:
    """Print the labels of all bags."""
    form = PrintForm()

    def act() -> Any:
        worksheet, reason = load_whole(worksheet_id), form.reason.data
        press = documents.press_for_worksheet(session(), worksheet, at=now())
        actions.print_bag_labels(session(), worksheet, press=press, reason=reason, by=actor(), at=now())
        return go("compounding.labels", worksheet_id=worksheet_id)

    return submit(
        form,
        act,
        page=lambda: _labels_page(worksheet_id, printing=form),
        said="The labels are printed. Put each on its bag as soon as that is made, and scan it there.",
    )


@blueprint.post("/worksheets/<int:worksheet_id>/labels/applied")
@requires(Permission.COMPOUND)
def submit_apply_label(worksheet_id: int) -> Any:
    """Record that a label is on its bag, by its scan there."""
    form = LabelScanForm(prefix="label-")

    def act() -> Any:
        actions.apply_label(session(), load_whole(worksheet_id), form.code.data or "", by=actor(), at=now())
        back = "compounding.release" if request.form.get("back") == "release" else "compounding.labels"
        return go(back, worksheet_id=worksheet_id)

    return submit(
        form,
        act,
        page=lambda: _labels_page(worksheet_id, scan=form),
        said="Right: the label is on its bag.",
        sounds=True,
    )


@blueprint.get("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/label")
@requires(Permission.PRINT_LABELS)
def reprint_label(worksheet_id: int, bag_id: int) -> str:
    """Ask why the label of one bag is printed again."""
    return _one_label_page(worksheet_id, bag_id, ReasonForm(), "reprint_label")


def _one_label_page(worksheet_id: int, bag_id: int, form: ReasonForm, page: str) -> str:
    bag = get_bag(worksheet_id, bag_id)
    copy = queries.find_label_in_use(bag)
    return render_template(f"compounding/{page}.html", bag=bag, copy=copy, form=form)


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/label")
@requires(Permission.PRINT_LABELS)
def submit_reprint_label(worksheet_id: int, bag_id: int) -> Any:
    """Print the label of one bag again."""
    form = ReasonForm()

    def act() -> Any:
        bag, reason = get_bag(worksheet_id, bag_id), form.reason.data or ""
        press = documents.press_for_bag(session(), bag, at=now())
        actions.reprint_bag_label(session(), bag, press=press, reason=reason, by=actor(), at=now())
        return go("compounding.labels", worksheet_id=worksheet_id)

    return submit(
        form,
        act,
        page=lambda: _one_label_page(worksheet_id, bag_id, form, "reprint_label"),
        said="The label is printed again. Destroy the old one, and scan the new one on the bag.",
    )


@blueprint.get("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/label/destroyed")
@requires(Permission.PRINT_LABELS)
def destroy_label(worksheet_id: int, bag_id: int) -> str:
    """Ask why a label that is on no bag was destroyed."""
    return _one_label_page(worksheet_id, bag_id, ReasonForm(), "destroy_label")


@blueprint.post("/worksheets/<int:worksheet_id>/bags/<int:bag_id>/label/destroyed")
@requires(Permission.PRINT_LABELS)
def submit_destroy_label(worksheet_id: int, bag_id: int) -> Any:
    """Record that a label was destroyed."""
    form = ReasonForm()

    def act() -> Any:
        bag, reason = get_bag(worksheet_id, bag_id), form.reason.data or ""
        actions.destroy_label(session(), bag, reason=reason, by=actor(), at=now())
        return go("compounding.labels", worksheet_id=worksheet_id)

    return submit(
        form,
        act,
        page=lambda: _one_label_page(worksheet_id, bag_id, form, "destroy_label"),
        said="The label is counted as destroyed.",
    )
