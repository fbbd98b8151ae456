"""Forms of the prescriptions' room: enter or correct an order, verify it, send it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, HiddenField
from wtforms.validators import ValidationError

from pharmacy.accounts.forms import PasswordForm
from pharmacy.domain.findings import Finding, Severity
from pharmacy.domain.order_terms import RECEIVED_WAYS, Problem
from pharmacy.domain.pump_profiles import PumpProfile
from pharmacy.domain.routes import Route
from pharmacy.formulary.models import Formula
from pharmacy.patients.models import Prescriber
from pharmacy.prescriptions.actions import OrderEntry
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.web.fields import (
    ChoiceField,
    ClockTimeField,
    DayField,
    DoseField,
    Given,
    LineField,
    MustBeTicked,
    ParagraphField,
    QuantityField,
    Required,
    RequiredChoice,
    WholeField,
)


class OrderForm(FlaskForm):
    """What did the prescriber order?"""

    formula_id = ChoiceField("Which formula makes the bag?", [RequiredChoice("the formula")])
    dose = DoseField("How much of the drug is in each bag?", [Given("the dose in g")])
    diluent_volume_ml = QuantityField(
        "How much diluent is the bag labelled with?", [Given("the volume of the diluent")], unit="mL"
    )
    route = ChoiceField(
        "Which route?", [RequiredChoice("the route")], choices=[(one.value, one.value) for one in Route]
    )
    infusion_hours = QuantityField(
        "How long does one infusion run?", [Given("the hours of one infusion")], unit="hours"
    )
    sites = WholeField(
        "How many infusion sites are used at once?", [Given("the number of infusion sites")], most=6
    )
    device = ChoiceField("Which device?", [RequiredChoice("the device")])
    frequency_as_written = LineField(
        "How often, as it was written?", [Required("the frequency as it was written")]
    )
    anchor = ClockTimeField(
        "When is the first dose, at the home's clock?", [Given("the date and time of the first dose")]
    )
    effective = ClockTimeField(
        "From when does the order hold, at the home's clock?",
        [Given("the date and time from which the order holds")],
    )
    bags_authorised = WholeField(
        "How many bags are authorised in all?", [Given("how many bags are authorised")]
    )
    prescriber_id = ChoiceField("Who prescribed it?", [RequiredChoice("the prescriber")])
    diagnosis_code = LineField("What is the diagnosis code?", [Required("the diagnosis code")], longest=10)
    diagnosis = LineField("What is the diagnosis in words?", [Required("the diagnosis in words")])
    off_label_reason = ParagraphField("Why this route, if the label does not name it?")
    literature = ParagraphField("Which literature does that rest on?")
    written_on = DayField("When was the prescription written?", [Given("the date it was written")])
    expires_on = DayField("Until when is it good?", [Given("the last date on which it is good")])
    received_how = ChoiceField(
        "How was it received?",
        [RequiredChoice("how it was received")],
        choices=[(one, one) for one in RECEIVED_WAYS],
    )
    read_back = BooleanField("It was read back to the prescriber, who confirmed it")

    def validate_off_label_reason(self, field: Field) -> None:
        """Ask for the reason where the route is off-label."""
        if self.route.data == Route.SUBCUTANEOUS and not field.data:
            raise ValidationError("Enter why the drug is given subcutaneously, off its label.")

    def validate_literature(self, field: Field) -> None:
        """Ask for the literature where the route is off-label."""
        if self.route.data == Route.SUBCUTANEOUS and not field.data:
            raise ValidationError("Enter the literature that the off-label route rests on.")

    def offer(
        self,
        *,
        formulas: Iterable[Formula],
        devices: Iterable[PumpProfile],
        prescribers: Iterable[Prescriber],
    ) -> None:
        """Offer the formulas, devices and prescribers that the site knows."""
        self.formula_id.offer(
            (str(one.id), f"{one.name} ({one.code} version {one.version})") for one in formulas
        )
        self.device.offer((one.profile_id, one.name) for one in devices)
        self.prescriber_id.offer((str(one.id), f"{one.name}, {one.speciality}") for one in prescribers)

    def entry(self, patient_id: int) -> OrderEntry:
        """Return what was typed as an order of a patient."""
        return OrderEntry(
            patient_id=patient_id,
            formula_id=int(self.formula_id.data),
            dose_mg=self.dose.mg,
            prescriber_id=int(self.prescriber_id.data),
            diagnosis_code=(self.diagnosis_code.data or "").upper(),
            **{
                name: self[name].data
                for name in OrderEntry.__dataclass_fields__
                if name not in _TAKEN_BY_HAND
            },
        )

    def show_version(self, version: OrderVersion) -> None:
        """Start from what an order says, to correct it."""
        for name in OrderEntry.__dataclass_fields__:
            if name not in _TAKEN_BY_HAND:
                self[name].data = getattr(version, name)
        self.dose.data = version.dose_mg / 1000
        self.diagnosis_code.data = version.diagnosis_code
        self.formula_id.data, self.prescriber_id.data = str(version.formula_id), str(version.prescriber_id)

    def tell(self, problems: Iterable[Problem]) -> None:
        """Put each problem at its field."""
        for problem in problems:
            field = self[problem.field]
            field.errors = [*field.errors, problem.sentence]


_TAKEN_BY_HAND = {"patient_id", "formula_id", "dose_mg", "prescriber_id", "diagnosis_code"}


class CorrectForm(OrderForm):
    """What has to be put right, and why?"""

    reason = LineField("What was put right, and why?", [Required("what was put right")], longest=500)


class VerifyForm(PasswordForm):
    """Is the order right for this patient?"""

    seen = HiddenField()
    list_checked = BooleanField(
        "I have checked the medication list myself for interactions and duplicate therapy",
        [
            MustBeTicked(
                "Check the medication list for interactions and duplicate therapy, and record that you did."
            )
        ],
    )
    acknowledged = FieldList(LineField("What did you do about it?", longest=500), max_entries=50)

    def fit(self, seen: str, hard: Sequence[Finding]) -> None:
        """Tie the form to what its page shows: the digest, and one answer for each finding that says stop."""
        self.seen.data = seen
        while len(self.acknowledged.entries) > len(hard):
            self.acknowledged.pop_entry()
        while len(self.acknowledged.entries) < len(hard):
            self.acknowledged.append_entry()

    def answers(self, findings: Iterable[Finding]) -> dict[str, str]:
        """Return what was answered to each finding that says stop, in the order in which they were shown."""
        hard = [one.message for one in findings if one.severity is Severity.REFUSE]
        return dict(zip(hard, (one or "" for one in self.acknowledged.data), strict=False))


class SendBackForm(FlaskForm):
    """What must be put right?"""

    reason = LineField("What must be put right?", [Required("what must be put right")], longest=500)
