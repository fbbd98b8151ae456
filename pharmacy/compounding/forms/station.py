"""Forms of the station beside scans and volumes: confirmed steps, photos, weights, notes and handovers."""

from __future__ import annotations

from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField
from wtforms.validators import InputRequired

from pharmacy.compounding.forms.bench import VolumeForm
from pharmacy.web.fields import LineField, MustBeTicked, ParagraphField, Required, ScanField, WeightField
from pharmacy.web.uploads import FileGiven, UploadField


class ConfirmForm(FlaskForm):
    """Is this step done? By Enter, or by the code on the page, with its photo where one is asked for."""

    photo = UploadField("Photo")
    code = ScanField("Scan the code below, or press Enter")


class PhotoForm(FlaskForm):
    """Which photo takes the place of the one before, and why?"""

    photo = UploadField("New photo", [FileGiven("the photo")])
    reason = LineField("Why is it taken again?", [Required("the reason")], longest=500)


class WeightForm(FlaskForm):
    """What does the scale say, and if the bag is weighed again, why?"""

    weight = WeightField("What the scale says", [Required("what the scale says, in g")])
    reason = LineField("Why is it weighed again?", longest=500)

    def chosen_weight(self) -> Decimal:
        """Return the weight in g."""
        return Decimal(self.weight.data)


class SecondHereForm(VolumeForm):
    """Who is the second person at the station of the first, and how much is in the syringe?"""

    username = LineField(
        "Sign-in name of the second person", [Required("the sign-in name of the second person")], longest=100
    )
    password = PasswordField(
        "Password of the second person", [InputRequired("Enter the password of the second person.")]
    )


class NoteForm(FlaskForm):
    """What is worth knowing about this bag, or about all?"""

    text = ParagraphField("What should the pharmacist know?", [Required("the note")])


class TakeOverForm(FlaskForm):
    """Is everything as it is written, and does the person who holds the worksheet agree?"""

    as_written = BooleanField(
        "I have looked: the station is as it is written here",
        [MustBeTicked("Look at the station first, and confirm that it is as it is written.")],
    )
    holder_password = PasswordField("Their password, when they hand it over themselves")
    reason = LineField("Or why does it go without them?", longest=500)
