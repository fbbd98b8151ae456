"""Forms of the bench: scans, volumes, lots, dates and labels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, StopValidation

from pharmacy.inventory.models import Lot
from pharmacy.web.fields import (
    ChoiceField,
    ClockTimeField,
    LineField,
    QuantityField,
    Required,
    RequiredChoice,
    ScanField,
)

ON_SHELF, DISCARDED = "shelf", "discarded"


class GoForm(FlaskForm):
    """Go on: nothing to type."""


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
