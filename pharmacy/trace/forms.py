"""Forms of recalls: open one, call a patient, tell a prescriber, account for bags, close it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, PasswordField
from wtforms.validators import InputRequired, Optional

from pharmacy.accounts.forms import PasswordForm
from pharmacy.accounts.models import Person
from pharmacy.domain.recall import URGENCY_WORDS
from pharmacy.trace.models import CallResult, RecallSource, Told
from pharmacy.trace.queries import RecalledBag
from pharmacy.web.fields import (
    ChoiceField,
    ClockTimeField,
    LineField,
    ParagraphField,
    Required,
    RequiredChoice,
)

DRILL, REAL = "drill", "recall"
SOURCES = {
    RecallSource.MAKER: "The maker's notice",
    RecallSource.SUPPLIER: "The supplier's notice",
    RecallSource.AUTHORITY: "An authority",
    RecallSource.OWN_FINDING: "Our own finding",
}
RESULTS = {
    CallResult.REACHED: "Somebody was reached",
    CallResult.MESSAGE: "A message was left",
    CallResult.NO_ANSWER: "Nobody answered",
    CallResult.WRONG_NUMBER: "The number is wrong",
}
TOLD = {
    Told.SET_ASIDE: "Not used, set aside at home",
    Told.TO_COLLECT: "Not used, will be collected",
    Told.USED: "Used already",
    Told.DESTROYED: "Destroyed at home",
}
NOTICES = ("Telephone", "Fax", "Secure message", "Letter", "Not needed")


class OpenRecallForm(PasswordForm):
    """Why are these lots recalled, and what is to be done?"""

    kind = ChoiceField(
        "Is it real?",
        [RequiredChoice("whether it is real")],
        choices=[
            (REAL, "A recall: what is here is held back at once"),
            (DRILL, "A drill: nothing is moved and nobody is called"),
        ],
    )
    source = ChoiceField(
        "Where does it come from?", [RequiredChoice("where it comes from")], choices=list(SOURCES.items())
    )
    urgency = ChoiceField(
        "How dangerous is it?", [RequiredChoice("how dangerous it is")], choices=list(URGENCY_WORDS.items())
    )
    reference = LineField("Number of the notice, if it has one")
    reason = ParagraphField("Why are the lots recalled?", [Required("the reason")])
    instructions = ParagraphField(
        "What is to be done with the bags?", [Required("what is to be done with the bags")]
    )


class _OfBags(FlaskForm):
    """A form with one field for each bag."""

    _bags: Sequence[RecalledBag] = ()

    @classmethod
    def offering(cls, bags: Sequence[RecalledBag]) -> Self:
        """Make the form with a field for each of these bags."""
        fields: dict[str, Any] = {f"bag_{one.bag.bag_id}": cls._field_of(one) for one in bags}
        made: type[Self] = type(cls.__name__, (cls,), fields | {"_bags": tuple(bags)})
        return made()

    @classmethod
    def _field_of(cls, one: RecalledBag) -> Any:
        return BooleanField(f"{one.bag.serial}, {one.bag.patient}, {one.bag.place}")

    @property
    def fields_of_bags(self) -> list[tuple[RecalledBag, Field]]:
        """List each bag with its field."""
        return [(one, self[f"bag_{one.bag.bag_id}"]) for one in self._bags]

    @property
    def chosen(self) -> list[int]:
        """List the bags that are ticked."""
        return [one.bag.bag_id for one, field in self.fields_of_bags if field.data]


class DestroyForm(_OfBags, PasswordForm):
    """Which bags were destroyed, how, and who saw it?"""

    how = LineField("How were they destroyed?", [Required("how they were destroyed")], longest=500)
    witness = ChoiceField("Who saw it?", [RequiredChoice("who saw it")])
    witness_password = PasswordField(
        "Password of the witness", [InputRequired("The witness enters their own password.")]
    )

    def offer_people(self, people: Sequence[Person]) -> None:
        """Offer the people who may be the witness."""
        self.witness.offer([(str(one.id), one.name) for one in people])


class TakeBackForm(_OfBags):
    """Which bags came back, and how?"""

    how = LineField("How did they come back?", [Required("how they came back")], longest=500)


class ReviewForm(_OfBags, PasswordForm):
    """Which bags, and why?"""

    reason = ParagraphField("What is the reason?", [Required("the reason")])


class LocateForm(_OfBags):
    """Which bags were looked for, and were they found?"""

    found = ChoiceField(
        "Are they where the records say?",
        [RequiredChoice("whether they are there")],
        choices=[("yes", "Yes, located"), ("no", "No, not located")],
    )
    note = LineField("Who looked, and where?", [Required("who looked and where")], longest=500)


class CallForm(_OfBags):
    """How did the call end, and what was said of each bag?"""

    result = ChoiceField(
        "How did the call end?", [RequiredChoice("how the call ended")], choices=list(RESULTS.items())
    )
    spoke_to = LineField("Who did you speak to, and who is that to the patient?")
    said = ParagraphField("What was said or heard?", [Required("what was said or heard")])
    next_at = ClockTimeField("When is the next step due?", [Optional()])

    @classmethod
    def _field_of(cls, one: RecalledBag) -> Any:
        return ChoiceField(f"Bag {one.bag.serial}", choices=list(TOLD.items()))

    @property
    def told(self) -> dict[int, Told]:
        """Return what was told of which bag."""
        return {one.bag.bag_id: Told(field.data) for one, field in self.fields_of_bags if field.data}


class NoticeForm(FlaskForm):
    """How was the prescriber told?"""

    how = ChoiceField(
        "How was the prescriber told?",
        [RequiredChoice("how the prescriber was told")],
        choices=[(one, one) for one in NOTICES],
    )
    spoke_to = LineField("Who was told?", [Required("who was told")])
    said = ParagraphField("What was said, or why is it not needed?", [Required("what was said")])


class CloseRecallForm(PasswordForm):
    """What came of it?"""

    conclusion = ParagraphField("What came of it?", [Required("what came of it")])


class PrintListForm(FlaskForm):
    """Why is another copy printed?"""

    reason = LineField("Reason for another copy", longest=200)
