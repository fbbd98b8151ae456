"""Forms of the accounts room: sign in, sign a record, add a person."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Optional

from pharmacy.accounts.permissions import ROLE_NAMES, Role
from pharmacy.web.fields import ChoiceField, DayField, LineField, Required, RequiredChoice

# So that a browser offers to keep a new password, and never fills in the present one.
_NEW = {"autocomplete": "new-password"}


class SignInForm(FlaskForm):
    """Who are you?"""

    username = LineField(
        "Sign-in name", [Required("your sign-in name")], render_kw={"autocomplete": "username"}
    )
    password = PasswordField("Password", [InputRequired("Enter your password.")])


class PasswordForm(FlaskForm):
    """The password again, under what is signed."""

    password = PasswordField("Your password, to sign", [InputRequired("Enter your password to sign.")])


class ChangePasswordForm(FlaskForm):
    """Which password of your own?"""

    password = PasswordField("Present password", [InputRequired("Enter your present password.")])
    new_password = PasswordField("New password", [InputRequired("Enter the new password.")], render_kw=_NEW)
    again_password = PasswordField(
        "New password, again",
        [EqualTo("new_password", "This is not the same as the new password; type both again.")],
        render_kw=_NEW,
    )


class ResetPasswordForm(FlaskForm):
    """Which first password does a person get who has lost their own?"""

    reason = LineField("What is the reason?", [Required("the reason")], longest=500)
    password = PasswordField("First password", [InputRequired("Enter a first password.")], render_kw=_NEW)


class ReasonForm(FlaskForm):
    """A reason, for an act that needs one."""

    reason = LineField("What is the reason?", [Required("the reason")], longest=500)


class AddPersonForm(FlaskForm):
    """Who starts to work here?"""

    username = LineField("Sign-in name", [Required("the sign-in name")], longest=40)
    name = LineField("Full name, as printed under signatures", [Required("the full name")])
    role = ChoiceField(
        "Role", [RequiredChoice("the role")], choices=[(r.value, n) for r, n in ROLE_NAMES.items()]
    )
    licence = LineField("Licence number, for clinical roles")
    licence_expires = DayField("Licence expires on", [Optional()])
    password = PasswordField("First password", [InputRequired("Enter a first password.")], render_kw=_NEW)

    def chosen_role(self) -> Role:
        """Return the role that was chosen."""
        return Role(self.role.data)
