"""What the pump is set to give of a filled bag: the delivery basis of its formula (pumps.md 4.3)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from pharmacy.domain.admixture import BagArithmetic, FillMethod, ensure_deliverable
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.pump_numbers import DeliveryBasis


def deliver(bag: BagArithmetic, basis: DeliveryBasis) -> BagArithmetic:
    """Return the bag with the pump volume of its basis.

    The whole bag is all that prime and residual leave; the nominal volume and the exact fill are the
    diluent's labelled volume, at which the dose is named. Refuses a volume that the bag cannot deliver, and
    an exact fill of a bag that was filled otherwise.
    """
    if basis is DeliveryBasis.EXACT_FILL and bag.method is not FillMethod.EXACT:
        raise InvalidInput(
            "delivery_basis exact_fill belongs to a bag that is filled by the exact method.",
            field="delivery_basis",
        )
    whole = basis is DeliveryBasis.WHOLE_BAG
    volume = bag.deliverable_ml if whole else Fraction(bag.diluent.volume_ml)
    delivering = replace(bag, pump_volume_ml=volume)
    ensure_deliverable(delivering)
    return delivering
