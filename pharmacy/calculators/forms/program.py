"""The form of a pump program."""

from __future__ import annotations

from typing import Any

from pharmacy.calculators.forms.base import CalculatorForm, Typed, YesNoField
from pharmacy.domain.pump_numbers import DeliveryBasis
from pharmacy.domain.pump_profiles import Mode, load_profiles
from pharmacy.domain.routes import Route
from pharmacy.web.fields import ChoiceField, LineField, QuantityField, WholeField

_MODES = (
    (Mode.CONTINUOUS.value, "Continuous: one run each time it is started"),
    (Mode.INTERMITTENT.value, "Intermittent: the pump repeats by itself"),
)
_ROUTES = tuple((one.value, one.value.capitalize()) for one in Route)
_BASES = (
    (DeliveryBasis.WHOLE_BAG.value, "The whole bag"),
    (DeliveryBasis.NOMINAL_VOLUME.value, "The labelled volume"),
    (DeliveryBasis.EXACT_FILL.value, "An exact fill"),
)


class PumpForm(CalculatorForm):
    """What is entered into a pump, and whether it may be."""

    rule = "pump"
    title = "Pump program"
    purpose = "What is entered into the pump, screen by screen, and whether the program may run."
    groups = (
        ("The pump", ("pump", "mode")),
        ("One dose", ("volume_mL", "infusion_hours", "frequency", "route", "sites")),
        ("The bag", ("mg_per_mL", "content_mL", "doses_per_bag", "mosm_per_L")),
        ("Tubing and keep-open rate", ("prime_mL", "prime_by_pump", "residual_mL", "kvo_mL_per_h")),
        ("The dose that was ordered", ("dose_mg", "delivery_basis")),
    )
    pump = ChoiceField("Which pump?")
    mode = ChoiceField("How is it to run?", choices=_MODES)
    volume_mL = QuantityField("What volume is one dose?", unit="mL", description="Such as 100.")
    infusion_hours = QuantityField("How long does one infusion run?", unit="hours", description="Such as 10.")
    frequency = LineField("How often?", description="Such as daily, every 2 days, or 2 of every 3 days.")
    route = ChoiceField("By which route?", choices=_ROUTES)
    sites = WholeField("How many sites are used at once?", description="Such as 1.")
    mg_per_mL = QuantityField("What is the concentration?", unit="mg/mL", description="Such as 20.")
    content_mL = QuantityField("How much does the bag hold?", unit="mL", description="Such as 106.")
    doses_per_bag = WholeField("How many doses are in a bag?", description="Leave empty for 1.")
    mosm_per_L = QuantityField(
        "What is the osmolarity?", unit="mOsm/L", description="Leave empty if it is not to be judged."
    )
    prime_mL = QuantityField("How much primes the tubing?", unit="mL", description="0 if none.")
    prime_by_pump = YesNoField("Does the pump do the priming?")
    residual_mL = QuantityField("How much stays in the bag and tubing?", unit="mL", description="0 if none.")
    kvo_mL_per_h = QuantityField(
        "What is the keep-open (KVO) rate?",
        unit="mL per hour",
        description="0 if none; under the skin always 0.",
    )
    dose_mg = QuantityField(
        "How much of the drug is one dose?", unit="mg", description="Leave both boxes empty not to compare."
    )
    delivery_basis = ChoiceField("What is the dose counted on?", choices=_BASES)

    def __init__(self, typed: Typed) -> None:
        super().__init__(typed)
        box: Any = self.pump
        box.offer((key, profile.name) for key, profile in load_profiles().items())
