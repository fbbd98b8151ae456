"""The forms of a course: its doses, the bags for them, and the fewest deliveries."""

from __future__ import annotations

from wtforms import Form
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import TimeInput

from pharmacy.calculators.forms.base import CalculatorForm, DatesField, MomentField, RowsField
from pharmacy.domain.frequency_types import WEEKDAY_NAMES
from pharmacy.web.fields import LineField, QuantityField, TicksField, WholeField

_ZONE = "What is the time zone at home?"
_ZONE_HINT = "Such as America/New_York. Every clock time on this page is read in it."
_FREQUENCY_HINT = "Such as daily, every 2 days, or two out of three days."


class FrequencyForm(CalculatorForm):
    """How a frequency is understood, how many doses a span of time holds, and when they are."""

    rule = "frequency"
    title = "Infusion frequency"
    purpose = (
        "How a frequency is understood, how many doses a span of time holds, and on which dates they fall."
    )
    groups = (
        ("The pattern", ("frequency", "anchor", "timezone", "infusion_hours")),
        ("The time", ("starts", "ends")),
    )
    frequency = LineField("How often, as it was written?", description=_FREQUENCY_HINT)
    anchor = MomentField("When is day 1 of the pattern?", description="The first dose; none comes before it.")
    timezone = LineField(_ZONE, description=_ZONE_HINT, render_kw={"list": "zones"})
    infusion_hours = QuantityField(
        "How long does one infusion run?", unit="hours", description="Leave empty for the starts alone."
    )
    starts = MomentField("From when?", name="from")
    ends = MomentField("Until when?", name="until", description="A dose at exactly this time is not in it.")


class SegmentForm(Form):
    """One stretch of a regimen."""

    effective = MomentField("From when does it hold?", description="Leave empty: from its day 1.")
    frequency = LineField("How often?", description="As written, or hold for no doses.")
    anchor = MomentField("When is day 1 of the pattern?", description="Leave empty on hold.")
    infusion_hours = QuantityField(
        "How long does one infusion run?", unit="hours", description="Needed when continuous."
    )


class OnHandForm(Form):
    """Some bags at home that must be started before the same time."""

    bags = WholeField("How many bags?")
    beyond_use = MomentField("Started before when?", description="Their beyond-use date and time.")


class ArrivalForm(Form):
    """One delivery that is planned."""

    arrives = MomentField("When does it arrive?")
    beyond_use = MomentField(
        "When must its bags be started by?", description="Their beyond-use date and time."
    )


class CourseForm(CalculatorForm):
    """What both plans ask for."""

    timezone = LineField(_ZONE, description=_ZONE_HINT, render_kw={"list": "zones"})
    regimen = RowsField(
        SegmentForm,
        "How often is it infused?",
        one="Pattern",
        hint="In time order; each holds until the next begins.",
    )
    starts = MomentField("From when is it planned?", name="from")
    ends = MomentField("Until when?", name="until", description="A dose at exactly this time is not in it.")
    on_hand = RowsField(
        OnHandForm,
        "What is at home?",
        one="Group of bags",
        hint="Leave every row empty if no bag is at home.",
    )
    bags_per_dose = WholeField("How many bags does a dose take?", description="Leave empty for 1.")
    spare_bags = WholeField("How many spare bags?", description="Leave empty for none.")
    authorized_bags = WholeField(
        "How many bags are authorized?", description="For all deliveries together; leave empty for no limit."
    )


_COURSE = ("Time", ("timezone", "starts", "ends"))
_PATTERNS = ("Pattern", ("regimen",))
_HOME = ("Bags at home", ("on_hand",))
_NUMBERS = ("Numbers", ("bags_per_dose", "spare_bags", "authorized_bags"))


class DispenseForm(CourseForm):
    """Which bags are needed, for which doses, with which delivery."""

    rule = "dispense"
    title = "Dispense plan"
    purpose = "Which bags are needed, for which doses, with which delivery."
    groups = (_COURSE, _PATTERNS, _HOME, ("Deliveries", ("deliveries",)), _NUMBERS)
    deliveries = RowsField(
        ArrivalForm,
        "When are deliveries?",
        one="Delivery",
        hint="In time order. Leave empty if none is planned.",
    )


class DeliveriesForm(CourseForm):
    """The fewest deliveries that leave the fewest doses without a bag."""

    rule = "deliveries"
    title = "Fewest deliveries"
    purpose = "On which dates to deliver: the fewest doses without a bag, then the fewest deliveries."
    groups = (
        _COURSE,
        _PATTERNS,
        _HOME,
        ("Delivery days", ("delivery_days", "closed", "arrival_time", "lead_hours", "beyond_use_hours")),
        _NUMBERS,
    )
    delivery_days = TicksField(
        "On which days can a delivery come?", choices=[SelectChoice(one, one) for one in WEEKDAY_NAMES]
    )
    closed = DatesField(
        "On which dates not?", description="Such as 2026-11-26, 2026-12-25. Leave empty if none."
    )
    arrival_time = LineField("At what time does it arrive?", description="Such as 12:00.", widget=TimeInput())
    lead_hours = QuantityField(
        "How long from the start of preparation to the arrival?", unit="hours", description="Such as 27."
    )
    beyond_use_hours = QuantityField(
        "How long from the start of preparation to the beyond-use date?",
        unit="hours",
        description="10 days are 240.",
    )
