"""Forms of the changes' room: what the prescriber changed, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField

from pharmacy.changes.queries import TypedChange
from pharmacy.domain.order_terms import RECEIVED_WAYS, Problem
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.web.fields import ChoiceField, ClockTimeField, Given, LineField, Required, RequiredChoice


class ChangeForm(FlaskForm):
    """What did the prescriber change, from when, and why?"""

    frequency_as_written = LineField(
        "How often from now on, as it was written or said?", [Required("the new frequency")]
    )
    effective = ClockTimeField(
        "From when does the change hold, at the home's clock?",
        [Given("the date and time from which the change holds")],
    )
    anchor = ClockTimeField(
        "When is the first infusion of the new pattern, at the home's clock?",
        [Given("the date and time of the first infusion of the new pattern")],
    )
    reason = LineField("Why did the prescriber change it?", [Required("the reason")], longest=500)
    received_how = ChoiceField(
        "How was it received?",
        [RequiredChoice("how it was received")],
        choices=[(one, one) for one in RECEIVED_WAYS],
    )
    read_back = BooleanField("It was read back to the prescriber, who confirmed it")

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names of the action."""
        return {
            "frequency_as_written": self.frequency_as_written.data or "",
            "anchor": self.anchor.data,
            "effective": self.effective.data,
            "reason": self.reason.data or "",
            "received_how": self.received_how.data or "",
            "read_back": bool(self.read_back.data),
        }

    def typed(self, old: OrderVersion) -> TypedChange:
        """Return the change as it would run, to be read back."""
        values = self.values()
        return TypedChange(
            frequency_as_written=values["frequency_as_written"],
            anchor=values["anchor"],
            effective=values["effective"],
            dose_mg=old.dose_mg,
            route=old.route,
            infusion_hours=old.infusion_hours,
        )

    def tell(self, problems: Iterable[Problem]) -> None:
        """Put each problem at its field; one of a field that a change keeps is the frequency's."""
        for problem in problems:
            name = problem.field if problem.field in self.data else "frequency_as_written"
            field = self[name]
            field.errors = [*field.errors, problem.sentence]


class TickForm(FlaskForm):
    """What was done, if there is something to say about it?"""

    note = LineField("Note, such as who was told and when", longest=500)
