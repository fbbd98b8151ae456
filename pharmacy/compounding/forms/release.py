"""Forms of inspection and release: what is seen on a bag, what becomes of it, and the signature."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField

from pharmacy.accounts.forms import PasswordForm
from pharmacy.domain.bag_release import REWORK_WORDS, InspectionOutcome, ReworkKind
from pharmacy.domain.file_kinds import FileKind
from pharmacy.domain.statuses import BagStatus
from pharmacy.web.fields import ChoiceField, LineField, ParagraphField, Required, RequiredChoice
from pharmacy.web.uploads import UploadField


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
            (InspectionOutcome.PASS, "Approve"),
            (InspectionOutcome.REWORK, "Rework: mend it from outside"),
            (InspectionOutcome.QUARANTINE, "Quarantine"),
            (InspectionOutcome.REJECT, "Reject"),
        ],
    )
    rework = ChoiceField("For a rework: what is to be mended?", choices=REWORK_WORDS.items())
    reason = LineField("Reason, unless it is approved; for a rework, what is to be done", longest=500)

    def chosen(self) -> InspectionOutcome:
        """Return the outcome that was chosen."""
        return InspectionOutcome(self.outcome.data)

    def chosen_rework(self) -> ReworkKind | None:
        """Return what is to be mended, for a rework only."""
        chosen = self.rework.data if self.outcome.data == InspectionOutcome.REWORK else None
        return ReworkKind(chosen) if chosen else None


class ReworkForm(FlaskForm):
    """What was done at the bench?"""

    note = LineField(
        "What was done, or why could it not be?",
        [Required("what was done, or why it could not be")],
        longest=500,
    )
    photo = UploadField("Photo of the bag as it is now", kind=FileKind.PHOTO)


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


class AddendumForm(PasswordForm):
    """What is right, where the record says something else?"""

    what = LineField("Which item of the record is corrected?", [Required("which item is corrected")])
    old_value = ParagraphField("What does the record say?", [Required("what the record says")])
    new_value = ParagraphField("What is right?", [Required("what is right")])
    reason = LineField("What is the reason?", [Required("the reason")], longest=500)

    def told(self) -> dict[str, str]:
        """Return what was typed."""
        return {name: self[name].data or "" for name in ("what", "old_value", "new_value", "reason")}
