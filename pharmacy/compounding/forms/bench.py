"""Forms of the bench: scans, volumes, lots, dates and labels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, StopValidation, ValidationError

from pharmacy.domain.beyond_use import Category
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.local_time import to_instant
from pharmacy.inventory.models import Lot
from pharmacy.web.fields import (
    ChoiceField,
    ClockTimeField,
    DayField,
    LineField,
    QuantityField,
    Required,
    RequiredChoice,
    ScanField,
)

ON_SHELF, DISCARDED = "shelf", "discarded"


class GoForm(FlaskForm):
    """Go on: nothing to type."""


class StartForm(FlaskForm):
    """In which hood are the bags made?"""

    hood = LineField("Hood", [RequiredChoice("the hood")], longest=20)

    def chosen(self) -> tuple[int, Category]:
        """Return the number of the hood, and the category that the person was shown for it."""
        control_id, _, category = str(self.hood.data).partition("-")
        if not (control_id.isascii() and control_id.isdigit()) or category not in tuple(Category):
            raise InvalidInput("Choose one of the hoods on this page.", field="hood")
        return int(control_id), Category(category)


class DaysForm(FlaskForm):
    """Between which days?"""

    since = DayField("From", [InputRequired("Enter the first day.")])
    until = DayField("Until", [InputRequired("Enter the last day.")])

    def start_with(self, today: date) -> None:
        """Start with the last 30 days where nothing was asked."""
        if not self.since.raw_data:
            self.since.data, self.until.data = today - timedelta(days=29), today

    def validate_until(self, field: Any) -> None:
        """Refuse a span that ends before it starts, and days that no calendar goes on from."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError("Enter a last day that is not before the first.")
        if field.data and field.data >= date(9999, 1, 1):
            raise ValidationError("Enter a day before the year 9999.")

    def chosen_instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the instant at which the first day starts, and that at which the last day is over."""
        first, after = self.since.data, self.until.data + timedelta(days=1)
        return _start_of(first, zone), _start_of(after, zone)


def _start_of(day: date, zone: ZoneInfo) -> datetime:
    return to_instant(datetime.combine(day, time()), zone)


class ScanForm(FlaskForm):
    """Which container is in your hand?"""

    code = ScanField("Scan", [InputRequired("Scan the code of the container.")])


class VolumeForm(FlaskForm):
    """How much is in the syringe?"""

    volume = QuantityField("Volume in the syringe", [Required("the volume in the syringe, in mL")], unit="mL")

    def chosen_volume(self) -> Decimal:
        """Return the volume in mL."""
        return Decimal(self.volume.data)


class LotByHandForm(FlaskForm):
    """Which lot is printed on a container whose code holds none?"""

    lot = ChoiceField("Lot", [RequiredChoice("the lot that is printed on the container")])
    number = LineField("Type the lot number as printed", [Required("the lot number")], longest=20)
    again = LineField("Type it again from the container", [Required("the lot number again")], longest=20)

    def offer(self, lots: Iterable[Lot]) -> None:
        """Offer the lots of the worksheet."""
        self.lot.offer((one.number, f"{one.number}, expiry {one.expiry} as printed") for one in lots)

    def validate_again(self, field: Any) -> None:
        """Refuse entries that differ from each other or from the choice."""
        if not self.number.data == field.data == self.lot.data:
            raise StopValidation("The lot that was chosen and the two that were typed differ. Read it again.")


class UndoScanForm(FlaskForm):
    """Why is a scan undone, and where is the container now?"""

    where = ChoiceField(
        "Where is the container now?",
        [RequiredChoice("where the container is")],
        choices=[
            (ON_SHELF, "Never entered, back on the shelf"),
            (DISCARDED, "Entered or broken, thrown away"),
        ],
    )
    reason = LineField("What is the reason?", [Required("the reason")], longest=500)

    def is_discarded(self) -> bool:
        """Tell whether the container was thrown away."""
        return bool(self.where.data == DISCARDED)


class AddLotForm(FlaskForm):
    """Which other lot may go into the bags, and why?"""

    lot = ChoiceField("Lot", [RequiredChoice("the lot")])
    reason = LineField("What is the reason?", [Required("the reason")], longest=500)

    def offer(self, lots: Iterable[Lot]) -> None:
        """Offer the lots that are on the shelf."""
        self.lot.offer(
            (str(one.id), f"{one.number}, {one.product.name}, expiry {one.expiry}") for one in lots
        )


class ShortenForm(FlaskForm):
    """Until when may the bag be started at the latest, and why?"""

    became = ClockTimeField(
        "Start before, at the pharmacy's clock", [InputRequired("Enter the earlier date and time.")]
    )
    reason = LineField("What is the reason?", [Required("the reason")], longest=500)

    def chosen(self) -> datetime:
        """Return the clock time at the pharmacy."""
        chosen: datetime = self.became.data
        return chosen


class PrintForm(FlaskForm):
    """Print; a second copy needs a reason."""

    reason = LineField("Why is another copy printed?", longest=200)


class LabelScanForm(FlaskForm):
    """Which label is on its bag?"""

    code = ScanField(
        "Scan the label on the bag", [InputRequired("Scan the bar code of the label on the bag.")]
    )
