"""Forms of the compounding room, one for each intent, from the worksheet to the release of its bags."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired, StopValidation

from pharmacy.accounts.forms import PasswordForm
from pharmacy.domain.bag_release import InspectionOutcome
from pharmacy.domain.statuses import BagStatus
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


class SeenForm(FlaskForm):
    """What is seen on a bag, each ticked when it is as it must be?"""

    no_particles = BooleanField("No particles, against white and against black")
    colour_right = BooleanField("Colour and clarity as the formula describes")
    closure_intact = BooleanField("Closure intact: no leak, seal and ports as they must be")
    label_matches = BooleanField("Label agrees with the order and with this record")

    def seen(self) -> dict[str, bool]:
        """Return what was ticked."""
        return {
            name: bool(self[name].data)
            for name in ("no_particles", "colour_right", "closure_intact", "label_matches")
        }


class InspectForm(SeenForm):
    """What does the inspection of a bag say?"""

    outcome = ChoiceField(
        "Outcome",
        [RequiredChoice("the outcome")],
        choices=[
            (InspectionOutcome.PASS, "Pass"),
            (InspectionOutcome.REJECT, "Reject"),
            (InspectionOutcome.QUARANTINE, "Quarantine"),
        ],
    )
    reason = LineField("Reason, unless it passes", longest=500)

    def chosen(self) -> InspectionOutcome:
        """Return the outcome that was chosen."""
        return InspectionOutcome(self.outcome.data)


class ReleaseForm(PasswordForm):
    """The password, under the page that was read."""

    seen = HiddenField()


class SettleForm(SeenForm):
    """What becomes of a bag in quarantine, and why?"""

    outcome = ChoiceField(
        "Decision",
        [RequiredChoice("the decision")],
        choices=[(InspectionOutcome.PASS, "Release it"), (InspectionOutcome.REJECT, "Reject it")],
    )
    reason = LineField("What was found, and why do you decide so?", [Required("the reason")], longest=500)
    password = PasswordForm.password

    def chosen(self) -> InspectionOutcome:
        """Return the decision."""
        return InspectionOutcome(self.outcome.data)


class AsideForm(FlaskForm):
    """What becomes of a bag that is not to leave, and why?"""

    what = ChoiceField(
        "What becomes of it?",
        [RequiredChoice("what becomes of the bag")],
        choices=[
            (BagStatus.QUARANTINED, "Quarantine: a pharmacist decides on it"),
            (BagStatus.DESTROYED, "It was destroyed"),
        ],
    )
    reason = LineField("What is the reason?", [Required("the reason")], longest=500)

    def is_destroyed(self) -> bool:
        """Tell whether the bag was destroyed."""
        return bool(self.what.data == BagStatus.DESTROYED)
