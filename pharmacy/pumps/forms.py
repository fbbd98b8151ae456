"""Forms of the pumps' room: a new pump, its maintenance, a sheet, its signature, and a reprint."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired

from pharmacy.compounding.models import Worksheet
from pharmacy.compounding.queries import list_bags_for
from pharmacy.domain.formatting import counted, quantity
from pharmacy.domain.pump_profiles import Mode, PumpProfile
from pharmacy.pumps.models import Pump
from pharmacy.web.fields import ChoiceField, DayField, LineField, Required, RequiredChoice

_MODES = (
    (Mode.CONTINUOUS.value, "Continuous: one run each time it is started"),
    (Mode.INTERMITTENT.value, "Intermittent: the pump starts each dose by itself"),
)


class PumpForm(FlaskForm):
    """Which pump comes into the register?"""

    asset_number = LineField(
        "Asset number, on the pharmacy's own tag", [Required("the asset number")], longest=40
    )
    serial_number = LineField("Serial number, on the pump", [Required("the serial number")], longest=60)
    maker = LineField("Maker", [Required("the maker")])
    model = LineField("Model", [Required("the model")])
    profile = ChoiceField("Which profile is it programmed by?", [RequiredChoice("the profile")])
    software_version = LineField("Software version", [Required("the software version")])
    administration_set = LineField(
        "Administration set that it runs with", [Required("the administration set")]
    )
    air_detector = LineField("Air detector", [Required("how the air detector is set")])
    occlusion_sensor = LineField("Upstream occlusion sensor", [Required("how the sensor is set")])
    low_reservoir = LineField("Low reservoir alarm", [Required("when it warns of a low reservoir")])
    lock_level = LineField("Lock level", [Required("the lock level")])
    maintenance_due = DayField("Maintenance is due on", [InputRequired("Enter when maintenance is due.")])

    def offer(self, profiles: Sequence[PumpProfile]) -> None:
        """Offer the profiles that the site has adopted."""
        self.profile.offer([(one.profile_id, one.name) for one in profiles])


class MaintenanceForm(FlaskForm):
    """Who maintained the pump, what was found, and when is it due next?"""

    note = LineField("Who maintained it, and what was found?", [Required("what was done")], longest=500)
    next_due = DayField("Next due on", [InputRequired("Enter when maintenance is due next.")])


class CleanedForm(FlaskForm):
    """A button: cleaned and cleared, or taken back."""


class SheetForm(FlaskForm):
    """Which bags, which pump, which mode, and why go on if something is flagged?"""

    worksheet = ChoiceField("Which bags?", [RequiredChoice("the worksheet that the bags were made on")])
    pump = ChoiceField("Which pump?", [RequiredChoice("the pump")])
    mode = ChoiceField("Mode of the pump", [RequiredChoice("the mode")], choices=_MODES)
    flag_reason = LineField("Reason for going on, if something is flagged", longest=500)

    def offer(self, worksheets: Sequence[Worksheet], pumps: Sequence[Pump], *, order_id: int) -> None:
        """Offer what was made or allocated of the order, and the pumps that the patient may get."""
        self.worksheet.offer(
            [
                (
                    str(one.id),
                    f"{one.serial}: {counted(len(list_bags_for(one, order_id)), 'bag')} of"
                    f" {quantity(one.total_ml, 'mL')}, {quantity(one.mg_per_ml, 'mg/mL')}",
                )
                for one in worksheets
            ]
        )
        self.pump.offer(
            [
                (
                    str(one.id),
                    f"{one.asset_number}, {one.model}{', with this patient' if one.patient_id else ''}",
                )
                for one in pumps
            ]
        )


class PrintForm(FlaskForm):
    """Why is it printed again?"""

    reason = LineField("Reason, if it was printed before", longest=200)


class VoidForm(FlaskForm):
    """Why is this sheet void?"""

    because = LineField("Why is this sheet no longer to be used?", [Required("the reason")], longest=500)
