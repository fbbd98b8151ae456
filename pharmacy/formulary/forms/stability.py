"""Forms of stability references: what a source says, and a review of it."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm

from pharmacy.accounts.forms import PasswordForm, ReasonForm
from pharmacy.domain.beyond_use_limits import STORAGE_WORDS
from pharmacy.domain.container_materials import ContainerMaterial
from pharmacy.domain.file_kinds import FileKind
from pharmacy.formulary.actions import StabilityEntry
from pharmacy.formulary.forms.revision import RevisionField
from pharmacy.formulary.models import StabilityReference
from pharmacy.web.fields import (
    ChoiceField,
    DayField,
    Given,
    ParagraphField,
    QuantityField,
    Required,
    RequiredChoice,
    WholeField,
)
from pharmacy.web.uploads import UploadField

_SAME = ("reference", "storage", "least_mg_per_ml", "most_mg_per_ml", "review_by")


class StabilityForm(FlaskForm):
    """How long is it stable, where is that written, and for what does it speak?"""

    reference = ParagraphField("Where is it written?", [Required("where it is written")])
    storage = ChoiceField(
        "For which storage?",
        [RequiredChoice("the storage")],
        choices=[(one.value, words) for one, words in STORAGE_WORDS.items()],
    )
    days = WholeField("Stable for days", least=0, most=3650)
    hours = WholeField("and hours", least=0, most=1000)
    container = ChoiceField(
        "In which container was it studied?", choices=[(one.value, one.value) for one in ContainerMaterial]
    )
    least_mg_per_ml = QuantityField("Lowest concentration that was studied", unit="mg/mL")
    most_mg_per_ml = QuantityField("Highest concentration that was studied", unit="mg/mL")
    review_by = DayField("To be reviewed by", [Given("by when it is to be reviewed")])
    document = UploadField("The document itself", kind=FileKind.DOCUMENT)
    revision = RevisionField()

    def entry(self) -> StabilityEntry:
        """Return the reference as it was written."""
        return StabilityEntry(
            **{name: self[name].data for name in _SAME},
            days=self.days.data or 0,
            hours=self.hours.data or 0,
            container=self.container.data or "",
        )


class RemoveStabilityForm(ReasonForm):
    """Why does this reference go out of the draft?"""

    revision = RevisionField()


class ReviewStabilityForm(PasswordForm):
    """Does the reference still hold, why, and until when?"""

    reason = ParagraphField("What was read again, and what does it say?", [Required("what was read again")])
    review_by = DayField("Next review by", [Given("by when it is reviewed next")])


def values_of_stability(one: StabilityReference) -> dict[str, Any]:
    """Return what the form shows of a reference that is there."""
    kept = {name: getattr(one, name) for name in (*_SAME, "days", "hours", "container")}
    return kept | {"revision": one.formula.revision}
