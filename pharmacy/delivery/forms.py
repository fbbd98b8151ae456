"""Forms of the delivery room: a batch, a stop, a scan, the box, its check, and what happens at the door."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired, Optional

from pharmacy.accounts.models import Person
from pharmacy.delivery.actions import MOST_PACKAGES
from pharmacy.dispensing.models import PlannedDelivery
from pharmacy.dispensing.queries import count_bags_to_bring
from pharmacy.domain.formatting import counted, moment
from pharmacy.web.fields import (
    ChoiceField,
    DayField,
    LineField,
    MustBeTicked,
    ParagraphField,
    Required,
    RequiredChoice,
    ScanField,
    WholeField,
    WholeNumberGiven,
)

_RELATIONSHIPS = (
    *("the patient", "spouse or partner", "parent", "child", "other family", "caregiver"),
    *("nurse in the home", "neighbor", "other"),
)


class BatchForm(FlaskForm):
    """Whose round is it, and on which day?"""

    delivers_on = DayField("Day of the deliveries", [InputRequired("Enter the day of the deliveries.")])
    driver = ChoiceField("Driver", [RequiredChoice("the driver")])

    def offer(self, drivers: Sequence[Person]) -> None:
        """Offer the drivers of the site."""
        self.driver.offer([(str(one.id), one.name) for one in drivers])


class StopForm(FlaskForm):
    """Which planned delivery goes along?"""

    delivery = ChoiceField("Planned delivery", [RequiredChoice("the delivery")])

    def offer(self, planned: Sequence[PlannedDelivery]) -> None:
        """Offer the planned deliveries of the day that no batch has."""
        self.delivery.offer(
            [
                (
                    str(one.id),
                    f"{one.plan.patient.name}, {counted(count_bags_to_bring(one), 'bag')},"
                    f" {moment(one.arrives_at, ZoneInfo(one.plan.patient.time_zone))}",
                )
                for one in planned
            ]
        )


class ScanForm(FlaskForm):
    """What was scanned?"""

    code = ScanField("Scan the bag", [InputRequired("Scan the label of the bag.")])


class LookForm(FlaskForm):
    """Is a bag still as it must be?"""

    code = HiddenField("Bag")
    as_it_must_be = BooleanField(
        "No particles, clear and colourless as the formula describes, closure intact, label agrees",
        [MustBeTicked("Look at the bag, and tick when all of it is as it must be.")],
    )


class PumpTagForm(FlaskForm):
    """Which pump goes into the box?"""

    asset = LineField("Asset tag of the pump", [Required("the asset number of the pump")], longest=40)


class BoxForm(FlaskForm):
    """What is the box, as it leaves?"""

    packages = WholeField(
        "How many packages?", [WholeNumberGiven("how many packages there are")], most=MOST_PACKAGES
    )
    cold_pack = LineField("Shipper and cold packs", [Required("how the bags are kept cold")])
    temperature_monitor = LineField(
        "Temperature logger or indicator", [Required("the logger or indicator, or none")]
    )
    reason = LineField("Pharmacist's reason for another number of bags than was signed", longest=500)


class CheckForm(FlaskForm):
    """Does the box hold what its list says?"""

    bags_match = BooleanField(
        "I counted the bags and read name and serial on each",
        [MustBeTicked("Count and read every bag first.")],
    )
    papers_match = BooleanField(
        "The pump, its sheet and the calendar are this patient's, or the pump is at home already",
        [MustBeTicked("Check the pump, its sheet and the calendar first.")],
    )
    cold = BooleanField(
        "The cold packs and the indicator are in place", [MustBeTicked("Check the cold packs first.")]
    )


class GoForm(FlaskForm):
    """A button and nothing else."""


class PrintForm(FlaskForm):
    """Why is it printed again?"""

    reason = LineField("Reason, if it was printed before", longest=200)


class ProofForm(FlaskForm):
    """Who took it, and how did they sign?"""

    received_by = LineField(
        "Name of the person who took it", [Required("the name of the person who took it")]
    )
    relationship = ChoiceField(
        "Who is that to the patient?",
        [RequiredChoice("who that is to the patient")],
        choices=[(one, one.capitalize()) for one in _RELATIONSHIPS],
    )
    signature = HiddenField("Signature")
    typed = LineField("Or the person types their name, if they cannot draw", [Optional()])

    def chosen_signature(self) -> tuple[str, str]:
        """Return how the person signed, and with what: a typed name only where nothing was drawn."""
        if self.signature.data:
            return "drawn", self.signature.data
        return "typed", self.typed.data or ""


class NotDeliveredForm(FlaskForm):
    """Why was it not delivered?"""

    reason = ParagraphField("What happened?", [Required("what happened")])
