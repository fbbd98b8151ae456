"""Account for bags of a recall: destroyed, come back, cleared, written off; located in a drill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import render_template

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission
from pharmacy.accounts.queries import get_person, list_people
from pharmacy.domain.recall import Standing
from pharmacy.trace import actions, queries
from pharmacy.trace.forms import DestroyForm, LocateForm, ReviewForm, TakeBackForm
from pharmacy.trace.models import Recall
from pharmacy.trace.routes.recalls import get_own
from pharmacy.trace.routes.room import blueprint
from pharmacy.web.doors import requires
from pharmacy.web.refusals import submit
from pharmacy.web.request import actor, go, now, reads_chart, session

S = Standing
_TO_DESTROY = (S.HERE, S.CAME_BACK)
_TO_TAKE_BACK = (S.AT_HOME, S.UNREACHABLE)
_TO_CLEAR = (S.HERE, S.AT_HOME, S.IN_A_BOX, S.UNREACHABLE)
_TO_WRITE_OFF = (S.AT_HOME,)
_TO_LOCATE = (S.TO_LOCATE, S.NOT_LOCATED)
# What one form offers at most; when these are done the next ones follow.
_MOST = 200
FormOfBags = TypeVar("FormOfBags", DestroyForm, LocateForm, ReviewForm, TakeBackForm)


def _offer(recall: Recall, kind: type[FormOfBags], standings: tuple[Standing, ...]) -> FormOfBags:
    bags = [one for one in queries.list_recalled_bags(session(), recall) if one.standing in standings]
    for one in bags[:_MOST]:
        if one.bag.patient_id:
            reads_chart(one.bag.patient_id)
    return kind.offering(bags[:_MOST])


def _page(template: str, recall: Recall, form: Any) -> str:
    return render_template(f"trace/{template}.html", recall=recall, form=form)


def _submit(recall: Recall, form: Any, act: Callable[[], None], template: str, said: str) -> Any:
    recall_id = recall.id

    def then_show() -> Any:
        act()
        return go("trace.show_recall", recall_id=recall_id)

    return submit(form, then_show, page=lambda: _page(template, recall, form), said=said)


def _offer_destroy(recall: Recall) -> DestroyForm:
    form = _offer(recall, DestroyForm, _TO_DESTROY)
    form.offer_people([one for one in list_people(session(), site_id=actor().site_id) if _may_witness(one)])
    return form


def _may_witness(person: Person) -> bool:
    return person.id != actor().id and person.active and person.may(Permission.COMPOUND)


@blueprint.get("/recalls/<int:recall_id>/destroyed")
@requires(Permission.MANAGE_RECALLS)
def destroy_bags(recall_id: int) -> str:
    """Ask which bags were destroyed here, and who saw it."""
    recall = get_own(recall_id)
    return _page("destroy_bags", recall, _offer_destroy(recall))


@blueprint.post("/recalls/<int:recall_id>/destroyed")
@requires(Permission.MANAGE_RECALLS)
def submit_destroy_bags(recall_id: int) -> Any:
    """Record by signature that bags were destroyed before a witness."""
    recall = get_own(recall_id)
    form = _offer_destroy(recall)

    def act() -> None:
        witness = get_person(session(), int(form.witness.data), site_id=actor().site_id)
        actions.destroy_bags(session(), recall, form.chosen, how=form.how.data or "", witness=witness,
                             witness_password=form.witness_password.data or "",
                             password=form.password.data or "", by=actor(), at=now())  # fmt: skip

    return _submit(recall, form, act, "destroy_bags", "The bags are recorded as destroyed.")


@blueprint.get("/recalls/<int:recall_id>/returned")
@requires(Permission.CALL_FOR_RECALLS)
def take_back_bags(recall_id: int) -> str:
    """Ask which bags came back from homes."""
    recall = get_own(recall_id)
    return _page("take_back_bags", recall, _offer(recall, TakeBackForm, _TO_TAKE_BACK))


@blueprint.post("/recalls/<int:recall_id>/returned")
@requires(Permission.CALL_FOR_RECALLS)
def submit_take_back_bags(recall_id: int) -> Any:
    """Record that bags came back."""
    recall = get_own(recall_id)
    form = _offer(recall, TakeBackForm, _TO_TAKE_BACK)

    def act() -> None:
        actions.take_back_bags(session(), recall, form.chosen, how=form.how.data or "", by=actor(), at=now())

    return _submit(recall, form, act, "take_back_bags", "The bags are back; destroy them before a witness.")


@blueprint.get("/recalls/<int:recall_id>/cleared")
@requires(Permission.MANAGE_RECALLS)
def clear_bags(recall_id: int) -> str:
    """Ask to which bags the recall does not apply, and why."""
    recall = get_own(recall_id)
    return _page("clear_bags", recall, _offer(recall, ReviewForm, _TO_CLEAR))


@blueprint.post("/recalls/<int:recall_id>/cleared")
@requires(Permission.MANAGE_RECALLS)
def submit_clear_bags(recall_id: int) -> Any:
    """Clear bags of the recall by signature."""
    recall = get_own(recall_id)
    form = _offer(recall, ReviewForm, _TO_CLEAR)

    def act() -> None:
        actions.clear_bags(session(), recall, form.chosen, reason=form.reason.data or "",
                           password=form.password.data or "", by=actor(), at=now())  # fmt: skip

    return _submit(
        recall, form, act, "clear_bags", "The bags are cleared; those here wait for their release."
    )


@blueprint.get("/recalls/<int:recall_id>/written-off")
@requires(Permission.WRITE_OFF_RECALLED)
def write_off_bags(recall_id: int) -> str:
    """Ask which bags cannot be reached, and why no more is tried."""
    recall = get_own(recall_id)
    return _page("write_off_bags", recall, _offer(recall, ReviewForm, _TO_WRITE_OFF))


@blueprint.post("/recalls/<int:recall_id>/written-off")
@requires(Permission.WRITE_OFF_RECALLED)
def submit_write_off_bags(recall_id: int) -> Any:
    """Write bags off by signature."""
    recall = get_own(recall_id)
    form = _offer(recall, ReviewForm, _TO_WRITE_OFF)

    def act() -> None:
        actions.write_off_bags(session(), recall, form.chosen, reason=form.reason.data or "",
                               password=form.password.data or "", by=actor(), at=now())  # fmt: skip

    return _submit(recall, form, act, "write_off_bags", "The bags are written off.")


@blueprint.get("/recalls/<int:recall_id>/located")
@requires(Permission.CALL_FOR_RECALLS)
def locate_bags(recall_id: int) -> str:
    """Ask in a drill which bags are where the records say."""
    recall = get_own(recall_id)
    return _page("locate_bags", recall, _offer(recall, LocateForm, _TO_LOCATE))


@blueprint.post("/recalls/<int:recall_id>/located")
@requires(Permission.CALL_FOR_RECALLS)
def submit_locate_bags(recall_id: int) -> Any:
    """Keep which bags of a drill were located."""
    recall = get_own(recall_id)
    form = _offer(recall, LocateForm, _TO_LOCATE)

    def act() -> None:
        actions.locate_bags(session(), recall, form.chosen, found=form.found.data == "yes",
                            note=form.note.data or "", by=actor(), at=now())  # fmt: skip

    return _submit(recall, form, act, "locate_bags", "The bags are recorded.")
