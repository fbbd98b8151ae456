"""Forms of rooms, hoods and competencies, one for each intent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Optional

from pharmacy.accounts.models import Person
from pharmacy.domain.competency import COMPETENCY_WORDS, Competency, Occasion, Outcome
from pharmacy.domain.compounding_place import (
    CONTROL_KIND_WORDS,
    ROOM_KIND_WORDS,
    ControlKind,
    RoomKind,
)
from pharmacy.domain.facility_intervals import SampleKind
from pharmacy.domain.file_kinds import FileKind
from pharmacy.domain.room_readings import CELSIUS, INCHES, PERCENT, Reading, RoomLimits
from pharmacy.facility.actions import (
    CertificationGiven,
    CompetencyGiven,
    ControlEntry,
    RoomEntry,
)
from pharmacy.facility.models import Certification, CompetencyEntry, CompoundingRoom, EngineeringControl
from pharmacy.web.fields import (
    ChoiceField,
    DayField,
    LineField,
    ParagraphField,
    QuantityField,
    Required,
    RequiredChoice,
    WholeField,
)
from pharmacy.web.uploads import FileGiven, UploadField

_PASSED = (("passed", "passed"), ("failed", "failed"))
_OCCASIONS = (
    (Occasion.INITIAL.value, "initial, or anew after a long absence"),
    (Occasion.RECURRING.value, "recurring"),
)


def _given(value: Any) -> Decimal:
    return Decimal(value)


class LimitsForm(FlaskForm):
    """Between which values is the room in order?"""

    temperature_low_c = QuantityField(
        "Lowest temperature",
        [InputRequired("Enter the lowest temperature.")],
        unit=CELSIUS,
        zero_allowed=True,
    )
    temperature_high_c = QuantityField(
        "Highest temperature", [InputRequired("Enter the highest temperature.")], unit=CELSIUS
    )
    humidity_high_percent = QuantityField(
        "Highest humidity", [InputRequired("Enter the highest humidity.")], unit=PERCENT
    )
    pressure_low_inches = QuantityField("Least pressure difference, if it is read", [Optional()], unit=INCHES)

    def chosen_limits(self) -> RoomLimits:
        """Return the range."""
        pressure = self.pressure_low_inches.data
        return RoomLimits(
            temperature_low_c=_given(self.temperature_low_c.data),
            temperature_high_c=_given(self.temperature_high_c.data),
            humidity_high_percent=_given(self.humidity_high_percent.data),
            pressure_low_inches=None if pressure is None else _given(pressure),
        )


class ChangeLimitsForm(LimitsForm):
    """Between which values is the room in order from now on, and why?"""

    reason = LineField("Why is the range changed?", [Required("the reason")], longest=500)


class RoomForm(LimitsForm):
    """Which room are bags made in?"""

    name = LineField("Name of the room", [Required("the name")], longest=60)
    kind = ChoiceField(
        "What kind of room is it?",
        [RequiredChoice("the kind of room")],
        choices=[(one.value, words) for one, words in ROOM_KIND_WORDS.items()],
    )

    def chosen_entry(self) -> RoomEntry:
        """Return what was entered."""
        return RoomEntry(
            name=self.name.data or "", kind=RoomKind(self.kind.data), limits=self.chosen_limits()
        )


class ControlForm(FlaskForm):
    """Which hood stands in the room?"""

    name = LineField("Name of the hood", [Required("the name")], longest=60)
    kind = ChoiceField(
        "What kind of hood is it?",
        [RequiredChoice("the kind of hood")],
        choices=[(one.value, words) for one, words in CONTROL_KIND_WORDS.items()],
    )
    maker = LineField("Maker and model", [Required("the maker and model")])
    serial_number = LineField("Serial number", [Required("the serial number")], longest=60)

    def chosen_entry(self) -> ControlEntry:
        """Return what was entered."""
        return ControlEntry(
            name=self.name.data or "",
            kind=ControlKind(self.kind.data),
            maker=self.maker.data or "",
            serial_number=self.serial_number.data or "",
        )


class CertificationForm(FlaskForm):
    """What did the certifier find?"""

    done_on = DayField("Certified on", [InputRequired("Enter when it was certified.")])
    outcome = ChoiceField("Outcome", [RequiredChoice("the outcome")], choices=_PASSED)
    iso = WholeField("ISO class found", [Optional()], least=1, most=9)
    ante_iso = WholeField("ISO class of the ante-room, for a cleanroom suite", [Optional()], least=1, most=9)
    certified_by = LineField("Certified by", [Required("who certified it")])
    report = LineField("Number of the report", [Required("the number of the report")], longest=60)
    note = LineField("Note", longest=500)
    file = UploadField("Report, as a photo or PDF", kind=FileKind.DOCUMENT)

    def chosen(self) -> CertificationGiven:
        """Return what was entered."""
        return CertificationGiven(
            done_on=self.done_on.data or date.min,
            passed=self.outcome.data == "passed",
            iso=self.iso.data,
            ante_iso=self.ante_iso.data,
            certified_by=self.certified_by.data or "",
            report=self.report.data or "",
            note=self.note.data or "",
            file=self.file.file,
        )

    def show(self, one: Certification) -> None:
        """Show a certification that is to be corrected."""
        self.process(
            data={
                name: getattr(one, name)
                for name in ("done_on", "iso", "ante_iso", "certified_by", "report", "note")
            }
            | {"outcome": "passed" if one.passed else "failed"}
        )


class CorrectCertificationForm(CertificationForm):
    """What did the certifier really find, and why is the entry wrong?"""

    reason = LineField("What was wrong with the entry?", [Required("the reason")], longest=500)


class ReadingsForm(FlaskForm):
    """What do the gauges of the room say now?"""

    temperature_c = QuantityField(
        "Temperature", [InputRequired("Enter the temperature.")], unit=CELSIUS, zero_allowed=True
    )
    humidity_percent = QuantityField(
        "Humidity", [InputRequired("Enter the humidity.")], unit=PERCENT, zero_allowed=True
    )
    pressure_inches = QuantityField("Pressure difference", [Optional()], unit=INCHES, zero_allowed=True)
    note = LineField("Note, such as what was done about it", longest=500)

    def chosen(self) -> Reading:
        """Return what was read."""
        pressure = self.pressure_inches.data
        return Reading(
            temperature_c=_given(self.temperature_c.data),
            humidity_percent=_given(self.humidity_percent.data),
            pressure_inches=None if pressure is None else _given(pressure),
        )


class CleaningForm(FlaskForm):
    """What was cleaned, and with what?"""

    control = ChoiceField("Only one hood? Leave empty for the room.")
    what = LineField("What was done?", [Required("what was done")], longest=300)
    agent = LineField("With which agent?", [Required("the agent")], longest=200)
    note = LineField("Note", longest=500)

    def offer(self, controls: Iterable[EngineeringControl]) -> None:
        """Offer the hoods of the room."""
        self.control.offer((str(one.id), one.name) for one in controls)


class SampleForm(FlaskForm):
    """What was sampled for living organisms, and what was found?"""

    kind = ChoiceField(
        "What was sampled?",
        [RequiredChoice("what was sampled")],
        choices=[(SampleKind.AIR.value, "viable air"), (SampleKind.SURFACE.value, "surfaces")],
    )
    taken_on = DayField("Sampled on", [InputRequired("Enter when it was sampled.")])
    result = LineField("Result", [Required("the result, or that it is still to be read")], longest=500)
    file = UploadField("Report, as a photo or PDF", kind=FileKind.DOCUMENT)


class CompetencyForm(FlaskForm):
    """What did this person show, before whom, and what came of it?"""

    kind = ChoiceField(
        "What was shown?",
        [RequiredChoice("what was shown")],
        choices=[(one.value, words) for one, words in COMPETENCY_WORDS.items()],
    )
    occasion = ChoiceField("Occasion", [RequiredChoice("the occasion")], choices=_OCCASIONS)
    done_on = DayField("Done on", [InputRequired("Enter when it was done.")])
    outcome = ChoiceField("Outcome", [RequiredChoice("the outcome")], choices=_PASSED)
    evaluator = ChoiceField("Evaluated by", [RequiredChoice("who evaluated it")])
    note = ParagraphField("Note, such as plates, counts or the score of the test")

    def offer(self, people: Iterable[Person], *, but: Person) -> None:
        """Offer everybody else as the evaluator."""
        self.evaluator.offer((str(one.id), one.name) for one in people if one.id != but.id)

    def chosen(self, people: Iterable[Person]) -> CompetencyGiven:
        """Return what was entered; `people` are those who were offered."""
        return CompetencyGiven(
            kind=Competency(self.kind.data),
            occasion=Occasion(self.occasion.data),
            done_on=self.done_on.data or date.min,
            outcome=Outcome(self.outcome.data),
            evaluator=next(one for one in people if str(one.id) == self.evaluator.data),
            note=self.note.data or "",
        )


class FirstCompetencyForm(CompetencyForm):
    """What did this person show, with the document that says so?"""

    file = UploadField("Document, as a photo or PDF", kind=FileKind.DOCUMENT)


class CorrectCompetencyForm(CompetencyForm):
    """What did this person really show, and why is the entry wrong?"""

    outcome = ChoiceField(
        "Outcome",
        [RequiredChoice("the outcome")],
        choices=[*_PASSED, (Outcome.IN_ERROR.value, "it never happened: entered in error")],
    )
    reason = LineField("What was wrong with the entry?", [Required("the reason")], longest=500)

    def show(self, one: CompetencyEntry) -> None:
        """Show the entry that is to be corrected."""
        self.process(
            data={
                "kind": one.kind.value,
                "occasion": one.occasion.value,
                "done_on": one.done_on,
                "outcome": one.outcome.value,
                "evaluator": str(one.evaluator_id),
                "note": one.note,
            }
        )


class DocumentForm(FlaskForm):
    """Which document belongs to this entry?"""

    file = UploadField("Document, as a photo or PDF", [FileGiven("the document")], kind=FileKind.DOCUMENT)


def show_limits(form: LimitsForm, room: CompoundingRoom) -> None:
    """Show the range of a room that is to be changed."""
    names = ("temperature_low_c", "temperature_high_c", "humidity_high_percent", "pressure_low_inches")
    form.process(data={name: getattr(room, name) for name in names})
