"""The steps of a record as a list that is added to, moved and cut without a script."""

from __future__ import annotations

import re
from typing import Any

from wtforms import BooleanField, Field, FieldList, Form, FormField
from wtforms.validators import StopValidation

from pharmacy.domain.preparation_stages import STAGE_WORDS, Stage
from pharmacy.formulary.actions import StepEntry
from pharmacy.web.fields import ChoiceField, ParagraphField

MOST_STEPS = 60
_ASKED = re.compile(r"(?P<what>up|down|remove)-(?P<row>\d{1,3})", re.ASCII)


class StepForm(Form):
    """What is done, when, and is a photo taken of it?"""

    instruction = ParagraphField("What is done?")
    stage = ChoiceField("When?", choices=[(one.value, STAGE_WORDS[one]) for one in Stage])
    photo = BooleanField("A photo is taken of it")

    def validate_stage(self, field: Field) -> None:
        """Ask when a step is done; a row without an instruction is no step."""
        if self.instruction.data and not field.data:
            raise StopValidation("Choose when this step is done.")


class StepsField(FieldList):
    """The steps in their order; a button asks to add, move or remove one, and nothing is saved by it."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(FormField(StepForm), label, **kwargs)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Check each step, and say by its number what is wrong with it."""
        super().validate(form, extra_validators)
        self.errors = [
            f"Step {place}: {sentence}"
            for place, entry in enumerate(self.entries, start=1)
            for sentences in entry.errors.values()
            for sentence in sentences
        ]
        if len(self.entries) > MOST_STEPS:
            self.errors = [f"Write at most {MOST_STEPS} steps."]
        return not self.errors

    def rearrange(self, asked: str) -> None:
        """Do what a button asked: `add`, or `up-2`, `down-2` and `remove-2` for the third step."""
        rows = [dict(entry.data) for entry in self.entries]
        match = _ASKED.fullmatch(asked)
        if asked == "add" and len(rows) < MOST_STEPS:
            rows.append({})
        elif match and int(match["row"]) < len(rows):
            place = int(match["row"])
            row = rows.pop(place)
            if match["what"] != "remove":
                rows.insert(max(0, place - 1) if match["what"] == "up" else place + 1, row)
        self._replace(rows)
        if asked == "add" and self.entries:
            self.entries[-1].instruction.render_kw = {"autofocus": True}

    def _replace(self, rows: list[dict[str, Any]]) -> None:
        self.entries, self.last_index = [], -1
        for row in rows:
            self.append_entry(row)

    def steps(self) -> tuple[StepEntry, ...]:
        """Return the steps that were written; an empty row is none."""
        return tuple(
            StepEntry(instruction=row["instruction"], stage=Stage(row["stage"]), photo=row["photo"])
            for row in self.data
            if row["instruction"]
        )
