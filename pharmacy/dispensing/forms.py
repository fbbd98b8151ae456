"""Forms of the dispensing room: what is at home, which deliveries, another quantity, a signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField
from wtforms.validators import InputRequired, Optional

from pharmacy.accounts.forms import PasswordForm
from pharmacy.web.fields import (
    ChoiceField,
    ClockTimeField,
    LineField,
    ParagraphField,
    Required,
    RequiredChoice,
    ScanField,
    WholeField,
    WholeNumberGiven,
)

MOST_ROWS = 40
MOST_BAGS = 250


class CountedRow(Form):
    """One bag by its serial, or a number of bags with one beyond-use date."""

    serial = LineField("Serial of the bag", longest=40)
    bags = WholeField("Or how many bags", most=MOST_BAGS)
    beyond_use = ClockTimeField("with this date and time on the label", [Optional()])

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was typed in this row."""
        return not any(str((field.raw_data or [""])[0]).strip() for field in self)

    def list_problems(self) -> Iterator[str]:
        """List what is wrong with the row, in sentences."""
        for field in self:
            yield from field.errors
        number = self.bags.data is not None or self.beyond_use.data is not None
        if self.serial.data and number:
            yield "Give either the serial or a number with a date, not both."
        elif not self.serial.data and number and (self.bags.data is None or self.beyond_use.data is None):
            yield "Give both the number of bags and the date and time on their labels."


class HomeCountForm(FlaskForm):
    """What is at home, and who says so?"""

    told_by = LineField("Who told you?", [Required("who told you what is at home")])
    told_by_relationship = LineField("Who is that to the patient?", [Required("who that is to the patient")])
    counted_at = ClockTimeField(
        "When were the bags counted?", [InputRequired("Enter the date and time of the count.")]
    )
    rows = FieldList(FormField(CountedRow), min_entries=4, max_entries=MOST_ROWS)
    no_bags = BooleanField("There is no bag at home")
    missed_doses = LineField(
        "Which doses were missed or not finished, and why?",
        [Required("the doses missed, or none")],
        longest=500,
    )
    consent = ChoiceField(
        "Is the next shipment wanted?",
        [RequiredChoice("whether the next shipment is wanted")],
        choices=(("yes", "Yes, consent to ship"), ("no", "No consent to ship")),
    )
    note = ParagraphField("Anything else: alarms, symptoms, skin at the site, new medicines")

    def list_filled(self) -> list[CountedRow]:
        """List the rows in which something was typed."""
        return [row.form for row in self.rows if not row.form.is_empty]

    def add_row(self) -> None:
        """Show another empty row, as far as there is room, and stand in the first that is empty."""
        if len(self.rows) < MOST_ROWS:
            self.rows.append_entry()
        empty = next((row.form for row in self.rows if row.form.is_empty), None)
        if empty is not None:
            empty.serial.render_kw = {"autofocus": True}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the rows together: some bags or none, and each row whole."""
        good: bool = super().validate(extra_validators)
        problems = [
            f"Row {number}: {problem}"
            for number, row in enumerate(self.rows, start=1)
            for problem in row.form.list_problems()
        ]
        if self.no_bags.data and self.list_filled():
            problems.append("Either there is no bag at home, or the rows say which: not both.")
        if not self.no_bags.data and not self.list_filled():
            problems.append("Enter the bags that are at home, or tick that there is none.")
        self.form_errors = [*self.form_errors, *problems]
        return good and not problems


class NewPlanForm(FlaskForm):
    """Which time ahead, and which deliveries?"""

    count_id = HiddenField()
    starts = ClockTimeField("The plan starts", [InputRequired("Enter when the plan starts.")])
    ends = ClockTimeField("The plan ends", [InputRequired("Enter when the plan ends.")])
    arrivals = FieldList(
        ClockTimeField("Delivery arrives", [Optional()]), min_entries=3, max_entries=MOST_ROWS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_rows()

    def _name_rows(self) -> None:
        for number, field in enumerate(self.arrivals, start=1):
            field.label.text = f"Delivery {number} arrives"

    def list_arrivals(self) -> list[datetime]:
        """List the arrivals that were typed."""
        return [field.data for field in self.arrivals if field.data is not None]

    def add_row(self) -> None:
        """Show another empty delivery, as far as there is room."""
        if len(self.arrivals) < MOST_ROWS:
            self.arrivals.append_entry()
            self._name_rows()

    def validate(self, extra_validators: Any = None) -> bool:
        """Say in the summary which delivery cannot be read."""
        good: bool = super().validate(extra_validators)
        self.form_errors = [
            *self.form_errors,
            *(
                f"Delivery {number}: {problem}"
                for number, field in enumerate(self.arrivals, start=1)
                for problem in field.errors
            ),
        ]
        return good


class QuantityForm(FlaskForm):
    """How many bags instead, and why?"""

    bags = WholeField(
        "How many bags are to be made?", [WholeNumberGiven("the number of bags")], least=0, most=MOST_BAGS
    )
    reason = LineField("Why another number than proposed?", longest=500)


class OpenWorksheetForm(FlaskForm):
    """Open the worksheet: nothing to type."""


class TakeStockForm(FlaskForm):
    """How many bags come from stock?"""

    bags = WholeField(
        "How many bags come from stock?", [WholeNumberGiven("the number of bags")], least=1, most=MOST_BAGS
    )


class StockScanForm(FlaskForm):
    """Which bag is in your hand?"""

    code = ScanField(
        "Scan the label on the bag", [InputRequired("Scan the bar code of the label on the bag.")]
    )


class CompareForm(PasswordForm):
    """The password, under the labels that were compared."""

    seen = HiddenField()


class MakeStockForm(FlaskForm):
    """How many bags are made for stock, until when, and why?"""

    bags = WholeField(
        "How many bags are to be made?", [WholeNumberGiven("the number of bags")], least=1, most=MOST_BAGS
    )
    needed_at = ClockTimeField(
        "When are they needed, at the pharmacy's clock?", [InputRequired("Enter when the bags are needed.")]
    )
    reason = LineField("Why are they made before an order asks?", [Required("the reason")], longest=500)
