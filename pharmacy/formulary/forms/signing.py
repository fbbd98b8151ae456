"""Forms under what a pharmacist signs."""

from __future__ import annotations

from wtforms import BooleanField

from pharmacy.accounts.forms import PasswordForm
from pharmacy.formulary.forms.revision import RevisionField
from pharmacy.web.fields import MustBeTicked


class AcceptDeliveredForm(PasswordForm):
    """Do you accept what the bag delivers of its dose?"""

    revision = RevisionField()


class ApproveFormulaForm(PasswordForm):
    """Is the record right?"""

    revision = RevisionField()
    read = BooleanField(
        "I have read the record whole and worked its numbers out again",
        [MustBeTicked("Read the record and work its numbers out again before you approve it.")],
    )
