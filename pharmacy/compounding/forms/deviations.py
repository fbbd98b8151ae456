"""Forms of deviations and complaints: what happened, what was found, and what becomes of each bag."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Bag
from pharmacy.domain.complaints import COMPLAINT_WORDS, ComplaintKind
from pharmacy.domain.deviations import GRAVITY_WORDS, KIND_WORDS, DeviationKind, Gravity
from pharmacy.domain.file_kinds import FileKind
from pharmacy.web.fields import (
    ChoiceField,
    ClockTimeField,
    DayField,
    LineField,
    ParagraphField,
    Required,
    RequiredChoice,
    ScanField,
    TicksField,
)
from pharmacy.web.uploads import UploadField


class DeviationForm(FlaskForm):
    """What did not go as it must?"""

    kind = ChoiceField("What is it about?", [RequiredChoice("what it is about")], choices=KIND_WORDS.items())
    gravity = ChoiceField(
        "How grave is it?", [RequiredChoice("how grave it is")], choices=GRAVITY_WORDS.items()
    )
    happened = ClockTimeField(
        "When did it happen, at the pharmacy's clock?", [InputRequired("Enter when it happened.")]
    )
    what = ParagraphField("What happened?", [Required("what happened")])
    immediate_action = ParagraphField(
        "What was done at once?", [Required("what was done at once, or that nothing was")]
    )
    bags = TicksField("Which bags are affected?")
    lots = LineField("Which lots are affected? Their numbers, with a comma between", longest=400)

    def offer(self, bags: Iterable[Bag]) -> None:
        """Offer the bags of the worksheet."""
        self.bags.offer((str(bag.id), f"Bag {bag.position}, {bag.serial}") for bag in bags)

    def chosen_kind(self) -> DeviationKind:
        """Return what it is about."""
        return DeviationKind(self.kind.data)

    def chosen_gravity(self) -> Gravity:
        """Return how grave it is."""
        return Gravity(self.gravity.data)

    def chosen_instant(self) -> datetime:
        """Return the clock time at the pharmacy."""
        chosen: datetime = self.happened.data
        return chosen

    def chosen_lots(self) -> list[str]:
        """Return the numbers of lots that were typed."""
        return [one.strip() for one in (self.lots.data or "").split(",") if one.strip()]


class ExtendForm(FlaskForm):
    """Which other bag or lot is affected?"""

    code = ScanField(
        "Scan or type another bag or lot",
        [InputRequired("Scan a bag, or type its serial or a lot's number.")],
    )


class DeviationNoteForm(FlaskForm):
    """What was learned or done?"""

    text = ParagraphField("Note", [Required("the note")])
    file = UploadField("Photo or document", kind=FileKind.DOCUMENT)


class InvestigateForm(FlaskForm):
    """What did the investigation find?"""

    cause = ParagraphField("What caused it?", [Required("what caused it, or that it is not known")])
    others_affected = ParagraphField(
        "Which other bags and lots were looked at, and are they affected?",
        [Required("which other bags and lots were looked at")],
    )
    findings = ParagraphField("What was found?", [Required("what was found")])
    corrective_action = ParagraphField("What corrects it?", [Required("what corrects it")])
    preventive_action = ParagraphField(
        "What prevents it from now on?", [Required("what prevents it from now on")]
    )

    def told(self) -> dict[str, str]:
        """Return what was typed."""
        names = ("cause", "others_affected", "findings", "corrective_action", "preventive_action")
        return {name: self[name].data or "" for name in names}


class AllowForm(FlaskForm):
    """Why may a bag be released?"""

    reason = LineField("Why may it be released?", [Required("why it may be released")], longest=500)


class DestroyForm(FlaskForm):
    """Why was a bag destroyed, and who saw it?"""

    reason = LineField("Why was it destroyed?", [Required("why it was destroyed")], longest=500)
    witness = ChoiceField("Who saw it?", [RequiredChoice("who saw it")])
    witness_password = PasswordField(
        "Password of the witness", [InputRequired("The witness enters their own password.")]
    )

    def offer(self, people: Iterable[Person]) -> None:
        """Offer the people who may witness."""
        self.witness.offer((str(one.id), one.name) for one in people)


class ComplaintForm(FlaskForm):
    """What was reported of a bag, by whom, and what was answered?"""

    kind = ChoiceField(
        "What is it about?", [RequiredChoice("what it is about")], choices=COMPLAINT_WORDS.items()
    )
    received_on = DayField("On which day was it received?", [InputRequired("Enter the day.")])
    complainant = LineField(
        "Who reported it, and who is that to the patient?", [Required("who reported it")], longest=200
    )
    nature = ParagraphField("What was reported?", [Required("what was reported")])
    response = ParagraphField(
        "What was answered or done?", [Required("what was answered, or that nothing was yet")]
    )

    def chosen_kind(self) -> ComplaintKind:
        """Return what it is about."""
        return ComplaintKind(self.kind.data)

    def told(self) -> dict[str, Any]:
        """Return what was typed."""
        return {name: self[name].data for name in ("received_on", "complainant", "nature", "response")}
