"""Pages of the calculators: every rule as a form, its answer and its working; nothing is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from wtforms import Field

from pharmacy.accounts.permissions import Permission
from pharmacy.calculators.forms import EXAMPLES, FORMS, CalculatorForm, flatten, get_form, tell
from pharmacy.calculators.worked import MOST_SHOWN, Worked, work_out
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import moment, quantity
from pharmacy.domain.pump_working import UNVERIFIED
from pharmacy.web.doors import requires
from pharmacy.web.refusals import status_of
from pharmacy.web.request import actor, now

blueprint = Blueprint("calculators", __name__)


@dataclass(frozen=True, slots=True)
class Case:
    """Hold what a page of a calculator shows: what was typed, and its answer or why there is none."""

    form: CalculatorForm
    typed: str = ""
    worked: Worked | None = None
    refusal: Refusal | None = None
    wrong: Field | None = None

    @property
    def query(self) -> str:
        """Return what the permanent address holds: the boxes that were filled in."""
        return urlencode(self.form.address())

    @property
    def status(self) -> int:
        """Return the status of the page; a refusal has the status that it has everywhere."""
        return status_of(self.refusal) if self.refusal else 200


@blueprint.get("/calculators")
@requires(Permission.USE_CALCULATORS)
def list_rules() -> str:
    """Show every calculator with what it answers."""
    return render_template("calculators/list_rules.html", forms=FORMS.values())


@blueprint.get("/calculators/<rule>")
@requires(Permission.USE_CALCULATORS)
def show_rule(rule: str) -> tuple[str, int]:
    """Show the form of a rule, and the answer to what its address holds."""
    return _page("calculators/show_rule.html", rule)


@blueprint.get("/calculators/<rule>/print")
@requires(Permission.USE_CALCULATORS)
def print_rule(rule: str) -> tuple[str, int]:
    """Show the answer with its working and its input for paper."""
    return _page("calculators/print_rule.html", rule)


def _page(template: str, rule: str) -> tuple[str, int]:
    case = _read(rule)
    page = render_template(
        template,
        case=case,
        form=case.form,
        told=tell(case.form) if case.worked else [],
        example=urlencode(flatten(EXAMPLES[rule])),
        zones=_zones(),
        most_shown=MOST_SHOWN,
        unverified=UNVERIFIED,
        at=now(),
    )
    return page, case.status


def _read(rule: str) -> Case:
    """Answer what the address holds; a first visit, or a wish for one more row, is no question yet."""
    form = get_form(rule)(request.args)
    if not form.was_sent or form.is_asking_for_row:
        return Case(form)
    typed = ""
    try:
        typed = json.dumps(form.values(), indent=2, ensure_ascii=False)
        return Case(form, typed, worked=work_out(rule, typed))
    except Refusal as refusal:
        wrong = form.find(refusal.field)
        if wrong is not None:
            wrong.errors = [refusal.sentence]
        return Case(form, typed, refusal=refusal, wrong=wrong)


def _zones() -> list[str]:
    """Offer the time zones of the United States and of the site; any other can be typed."""
    return sorted({*_NEARBY, actor().site.time_zone})


_NEARBY = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
    *("America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"),
)


@blueprint.app_template_filter("measured")
def _measured(text: str, unit: str, places: int | None = None) -> str:
    """Write a quantity of an answer as the house writes quantities."""
    return quantity(Decimal(text), unit, places)


@blueprint.app_template_filter("when")
def _when(text: str, zone: str) -> str:
    """Write an instant of an answer by the clock of a time zone."""
    return moment(datetime.fromisoformat(text), ZoneInfo(zone))
