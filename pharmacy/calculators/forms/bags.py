"""The forms of a bag: its arithmetic and its beyond-use date."""

from __future__ import annotations

from wtforms import Form, FormField

from pharmacy.calculators.forms.base import CalculatorForm, MomentField, RowsField, YesNoField
from pharmacy.domain.admixture import FillMethod
from pharmacy.domain.beyond_use import Category, Method, Storage
from pharmacy.web.fields import ChoiceField, LineField, QuantityField, WholeField

_STORAGES = (
    (Storage.ROOM.value, "Room temperature"),
    (Storage.REFRIGERATOR.value, "Refrigerator"),
    (Storage.FREEZER.value, "Freezer"),
)
_CATEGORIES = tuple(
    (one.value, "Immediate use" if one is Category.IMMEDIATE else f"Category {one.value}") for one in Category
)
_METHODS = ((Method.ASEPTIC.value, "Aseptic"), (Method.TERMINAL.value, "Terminally sterilized"))
_FILLS = (
    (FillMethod.ADD.value, "Add the drug to the bag as it is"),
    (FillMethod.REPLACE.value, "Withdraw the drug's volume from the bag first, then add the drug"),
    (FillMethod.EXACT.value, "Fill an empty container to an exact volume"),
)


class AdditiveForm(Form):
    """The drug as its vial holds it."""

    mg_per_mL = QuantityField("What is its strength?", unit="mg/mL", description="Such as 500.")
    vial_mL = QuantityField("How much does one vial hold?", unit="mL", description="Such as 10.")
    meq_per_mL = QuantityField("How many mEq are in 1 mL?", unit="mEq/mL", description="Such as 4.06.")
    mosm_per_mL = QuantityField(
        "What is its osmolarity?",
        unit="mOsm/mL",
        description="Such as 4.06; a label's mOsm/L divided by 1,000.",
    )


class DiluentForm(Form):
    """The diluent as its bag is labelled."""

    volume_mL = QuantityField("How much is the bag labelled with?", unit="mL", description="Such as 100.")
    overfill_mL = QuantityField(
        "How much overfill does it hold?", unit="mL", description="Weighed or stated; 0 if there is none."
    )
    mosm_per_mL = QuantityField("What is its osmolarity?", unit="mOsm/mL", description="Such as 0.308.")


class AdmixtureForm(CalculatorForm):
    """How much of what goes into a bag, and what the bag then holds."""

    rule = "admixture"
    title = "Bag admixture"
    purpose = "What goes into each bag, what the bag then holds, and how many vials the batch takes."
    groups = (
        ("The dose and the bag", ("dose_mg", "method", "fill_mL")),
        ("The drug in its vial", ("additive",)),
        ("The diluent", ("diluent",)),
        ("The batch", ("bags", "pool")),
        ("What reaches the patient", ("prime_mL", "residual_mL", "pump_volume_mL")),
    )
    dose_mg = QuantityField("How much of the drug is in each bag?", unit="mg", description="2 g is 2000.")
    method = ChoiceField("How is the bag filled?", choices=_FILLS)
    fill_mL = QuantityField(
        "To what volume is it filled?", unit="mL", description="Only for an exact volume."
    )
    additive = FormField(AdditiveForm)
    diluent = FormField(DiluentForm)
    bags = WholeField("How many bags are made?", description="Such as 9.")
    pool = YesNoField(
        "Are vials shared between bags?",
        description="No: each vial serves whole bags only.",
    )
    prime_mL = QuantityField("How much primes the tubing?", unit="mL", description="0 if none.")
    residual_mL = QuantityField("How much stays in the bag and tubing?", unit="mL", description="0 if none.")
    pump_volume_mL = QuantityField(
        "What volume does the pump give?", unit="mL", description="Leave empty if no pump is programmed."
    )


class StabilityForm(Form):
    """How long the preparation is stable in one storage."""

    storage = ChoiceField("Where?", choices=_STORAGES)
    days = QuantityField("For how many days?", unit="days", description="Days or hours, one of the two.")
    hours = QuantityField("Or for how many hours?", unit="hours")
    reference = LineField("Which reference says so?", description="Author, title, year.", longest=400)


class ComponentForm(Form):
    """One lot of one component."""

    name = LineField("Which component?", description="Such as magnesium sulfate 50%.")
    lot = LineField("Which lot?")
    expires = LineField("When does it expire?", description="2027-06, 2027-06-30, or a date with its time.")


class MoveForm(Form):
    """A move of the finished bags to another storage."""

    at = MomentField("When are the bags moved?")
    storage = ChoiceField("Where to?", choices=_STORAGES)


class BeyondUseForm(CalculatorForm):
    """Until when a preparation may be started."""

    rule = "beyond-use"
    title = "Beyond-use date"
    purpose = "Until when a preparation may be started, with every limit that was considered."
    groups = (
        ("The start", ("prepared_at", "timezone")),
        ("The preparation", ("category", "method", "sterility_tested", "nonsterile_components", "storage")),
        ("Stability", ("stability",)),
        ("Components", ("components",)),
        ("House limit and moves", ("house_limit_days", "moves")),
    )
    prepared_at = MomentField(
        "When does preparation start?", description="Its first step, by the clock of the time zone."
    )
    timezone = LineField(
        "What is the time zone?", description="Such as America/New_York.", render_kw={"list": "zones"}
    )
    category = ChoiceField("Which category of USP <797>?", choices=_CATEGORIES)
    method = ChoiceField("How is it made sterile?", choices=_METHODS)
    sterility_tested = YesNoField("Was a sterility test done and passed?")
    nonsterile_components = YesNoField("Is a starting component nonsterile?")
    storage = ChoiceField("Where are the bags kept?", choices=_STORAGES)
    stability = RowsField(
        StabilityForm,
        "How long is it stable?",
        one="Stability entry",
        hint="One for each storage in use. Without a reference no date is given.",
    )
    components = RowsField(ComponentForm, "What goes in?", one="Component", hint="Every lot that is used.")
    house_limit_days = QuantityField(
        "How many days does your pharmacy allow at most?",
        unit="days",
        description="Leave empty if it has no limit of its own.",
    )
    moves = RowsField(
        MoveForm, "Are the bags moved?", one="Move", needed=False, hint="In time order. Leave empty if not."
    )
