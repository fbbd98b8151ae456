"""The forms of the calculators, one for each rule: they take what was typed and judge nothing."""

from __future__ import annotations

from pharmacy.calculators.forms.bags import AdmixtureForm, BeyondUseForm
from pharmacy.calculators.forms.base import CalculatorForm, Typed, flatten
from pharmacy.calculators.forms.courses import DeliveriesForm, DispenseForm, FrequencyForm
from pharmacy.calculators.forms.examples import EXAMPLES
from pharmacy.calculators.forms.program import PumpForm
from pharmacy.calculators.forms.told import Told, tell
from pharmacy.domain.errors import NotFound

# In the order of the work, as the page that lists them shows them.
FORMS: dict[str, type[CalculatorForm]] = {
    form.rule: form
    for form in (FrequencyForm, AdmixtureForm, BeyondUseForm, PumpForm, DispenseForm, DeliveriesForm)
}


def get_form(rule: str) -> type[CalculatorForm]:
    """Return the form of a rule; raises NotFound."""
    if rule not in FORMS:
        raise NotFound("There is no calculator under this address.")
    return FORMS[rule]


__all__ = ["EXAMPLES", "FORMS", "CalculatorForm", "Told", "Typed", "flatten", "get_form", "tell"]
