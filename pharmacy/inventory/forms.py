"""Forms of the inventory room: receive, place, move, count, adjust and settle."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField

from pharmacy.domain.stock_changes import ChangeReason
from pharmacy.domain.stock_locations import LocationKind, StorageNeed
from pharmacy.formulary.forms import WhichProductForm
from pharmacy.formulary.models import Product
from pharmacy.inventory.actions import Accepted, Typed, Witness
from pharmacy.inventory.models import StockLocation
from pharmacy.web.fields import (
    ChoiceField,
    DayField,
    LineField,
    Required,
    RequiredChoice,
    ScanField,
    WholeField,
    WholeNumberGiven,
)

_MOST = 10_000
_KINDS = [(one.value, one.value.capitalize()) for one in LocationKind]
_REASONS = [(one.value, one.value.capitalize()) for one in ChangeReason]
# What a count can have found; destroying is an act of its own.
_COUNT_REASONS = [pair for pair in _REASONS if pair[0] != ChangeReason.DESTROYED]
_OFF = {"autocomplete": "off"}


class _Located(FlaskForm):
    """A form that asks for a location."""

    location = ChoiceField("Location", [RequiredChoice("the location")])

    def offer_locations(self, locations: Sequence[StockLocation]) -> None:
        """Offer these locations, each with its kind."""
        self.location.offer([(str(one.id), f"{one.name} ({one.kind.value})") for one in locations])


class ReceiptForm(FlaskForm):
    """Which delivery came in?"""

    supplier = LineField("Supplier", [Required("the supplier")])
    document = LineField("Number of the invoice or packing slip", [Required("the number")], longest=60)
    received_on = DayField("On which day did it come?", [Required("the day")])


class ScanPackageForm(_Located):
    """Which package is next?"""

    code = ScanField("Scan the code on the package", [Required("or scan a code")])
    containers = WholeField("How many of it?", [WholeNumberGiven("how many came")], most=_MOST)


class WhichPackageForm(WhichProductForm, _Located):
    """Which of several products is it? How many came and where they go was said before, and goes along."""

    containers = WholeField("How many of it?", [WholeNumberGiven("how many came")], most=_MOST)


def read_count(text: str | None) -> int | None:
    """Read how many containers an address says; None for what is no such number, to be asked again."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST))):
        return None
    return int(text)


class _Warned(_Located):
    accept_short_dated = BooleanField("It is short-dated, and I take it")
    accept_location = BooleanField("This location is right for it")
    containers = WholeField("How many vials or bags?", [WholeNumberGiven("how many came")], most=_MOST)

    def accepted(self) -> Accepted:
        """Return which warnings the person accepts."""
        return Accepted(
            short_dated=bool(self.accept_short_dated.data), location=bool(self.accept_location.data)
        )


class ScannedPackageForm(_Warned):
    """Is everything right with this package?"""

    code = HiddenField()


class HandPackageForm(_Warned):
    """What is printed on the package, and why was it not scanned?"""

    code = HiddenField()
    product = ChoiceField("Product", [RequiredChoice("the product")])
    number = LineField("Lot number, as printed", [Required("the lot number")], longest=20, render_kw=_OFF)
    number_again = LineField(
        "Lot number, typed again", [Required("the lot number again")], longest=20, render_kw=_OFF
    )
    expiry = LineField("Expiry, as printed", [Required("the expiry")], longest=10, render_kw=_OFF)
    expiry_again = LineField(
        "Expiry, typed again", [Required("the expiry again")], longest=10, render_kw=_OFF
    )
    reason = LineField("Why was it not scanned?", [Required("the reason")], longest=200)

    def offer(self, products: Sequence[Product]) -> None:
        """Offer the products of the site."""
        self.product.offer([(str(one.id), one.name) for one in products])

    def typed(self) -> Typed:
        """Return what was typed, each twice."""
        names = ("number", "number_again", "expiry", "expiry_again", "reason")
        return Typed(**{name: self[name].data or "" for name in names})


class CorrectExpiryForm(FlaskForm):
    """Which expiry is really printed on the lot?"""

    expiry = LineField("Expiry, as printed", [Required("the expiry")], longest=10, render_kw=_OFF)
    expiry_again = LineField(
        "Expiry, typed again", [Required("the expiry again")], longest=10, render_kw=_OFF
    )
    reason = LineField("What is the reason?", [Required("the reason")], longest=500)


class AddLocationForm(FlaskForm):
    """Where may stock stand?"""

    name = LineField("Name, as it is written on the shelf", [Required("the name")], longest=60)
    kind = ChoiceField("What kind of place is it?", [RequiredChoice("the kind")], choices=_KINDS)


class ChangeLocationForm(AddLocationForm):
    """What is different about a location?"""

    reason = LineField("What is the reason?", [Required("the reason")], longest=500)


class MoveForm(_Located):
    """How many go where?"""

    containers = WholeField("How many vials or bags?", [WholeNumberGiven("how many are moved")], most=_MOST)
    accept_location = BooleanField("This location is right for it")
    reason = LineField("What is the reason?", [Required("the reason")], longest=200)


class CountForm(FlaskForm):
    """How many are there?"""

    counted = WholeField(
        "How many unopened vials or bags did you count?",
        [WholeNumberGiven("how many you counted")],
        least=0,
        most=_MOST,
    )


class ExplainForm(FlaskForm):
    """Why does the count differ?"""

    reason_code = ChoiceField("What happened?", [RequiredChoice("what happened")], choices=_COUNT_REASONS)
    reason = LineField("In your words", [Required("what happened, in your words")], longest=500)


class AdjustForm(FlaskForm):
    """What is booked in or out by hand?"""

    reason_code = ChoiceField("What happened?", [RequiredChoice("what happened")], choices=_REASONS)
    containers = WholeField("How many vials or bags?", [WholeNumberGiven("how many")], most=_MOST)
    accept_location = BooleanField("This location is right for it")
    reason = LineField("In your words", [Required("what happened, in your words")], longest=500)
    witness = LineField("Witness: sign-in name of the second person", longest=40, render_kw=_OFF)
    password = PasswordField("Password of the second person", render_kw=_OFF)

    def given_witness(self) -> Witness | None:
        """Return how the second person signs; None when nobody did."""
        return Witness(self.witness.data, self.password.data or "") if self.witness.data else None


class AddToSheetForm(FlaskForm):
    """Which lot was found that is not on the sheet?"""

    number = LineField("Lot number, as printed", [Required("the lot number")], longest=20)


class PolicyForm(FlaskForm):
    """What holds for all stock of the site?"""

    short_dated_days = WholeField(
        "Short-dated is what expires within", [WholeNumberGiven("the days")], most=3650
    )
    large_difference = WholeField(
        "One person alone may settle a difference of up to",
        [WholeNumberGiven("the number of containers")],
        least=0,
        most=_MOST,
    )


class RuleForm(FlaskForm):
    """How is a product kept, and when is it ordered?"""

    storage = ChoiceField(
        "How is it kept, by its label?",
        [RequiredChoice("how it is kept")],
        choices=[(one.value, one.value.capitalize()) for one in StorageNeed],
    )
    reorder_level = WholeField("Order when fewer than this many may be used", most=_MOST)
