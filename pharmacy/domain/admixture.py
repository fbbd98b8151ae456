"""Bag arithmetic: what goes into an infusion bag, what it then holds and what of it can be delivered.

Three ways to fill (pumps.md 4.3): `add` to the bag as it is, `replace` (withdraw the additive's volume first)
and `exact` (an empty container filled to a volume). All arithmetic is exact; results are rounded where shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil

from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import quantity
from pharmacy.domain.quantities import ensure_above_zero

Amount = Fraction | Decimal | int
# Syringes on the shelf, in mL (pumps.md 4.6).
SYRINGE_SIZES_ML = (1, 3, 5, 10, 20, 30, 60)


class FillMethod(StrEnum):
    """How the additive and the diluent come together."""

    ADD = "add"
    REPLACE = "replace"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Additive:
    """Hold the concentrate as its label says, for each mL, and the volume of one vial."""

    mg_per_ml: Amount
    vial_ml: Amount
    meq_per_ml: Amount
    mosm_per_ml: Amount


@dataclass(frozen=True, slots=True)
class Diluent:
    """Hold the diluent bag: its labelled volume, what the maker fills over it, and its mOsm for each mL."""

    volume_ml: Amount
    overfill_ml: Amount
    mosm_per_ml: Amount


@dataclass(frozen=True, slots=True)
class BagArithmetic:
    """Hold one filled bag exactly: what goes in, what it then holds and what the pump gives of it."""

    method: FillMethod
    dose_mg: Fraction
    additive: Additive
    diluent: Diluent
    additive_ml: Fraction
    withdraw_ml: Fraction
    diluent_ml: Fraction
    prime_ml: Fraction
    residual_ml: Fraction
    pump_volume_ml: Fraction | None

    @property
    def total_ml(self) -> Fraction:
        """Return the volume of the filled bag."""
        return self.additive_ml + self.diluent_ml

    @property
    def content_mg(self) -> Fraction:
        """Return the mg in the filled bag, which an exact fill makes more or less than the dose."""
        return self.additive_ml * Fraction(self.additive.mg_per_ml)

    @property
    def mg_per_ml(self) -> Fraction:
        """Return the concentration of the filled bag."""
        return self.content_mg / self.total_ml

    @property
    def nominal_mg_per_ml(self) -> Fraction:
        """Return dose / labelled volume, the concentration that an order names."""
        return self.dose_mg / Fraction(self.diluent.volume_ml)

    @property
    def percent_of_nominal(self) -> Fraction:
        """Return the concentration as a percentage of the nominal one."""
        return self.mg_per_ml / self.nominal_mg_per_ml * 100

    @property
    def meq(self) -> Fraction:
        """Return the mEq in the filled bag."""
        return self.additive_ml * Fraction(self.additive.meq_per_ml)

    @property
    def mosm_per_l(self) -> Fraction:
        """Return the calculated osmolarity: the parts' mOsm over the total volume (pumps.md 4.4)."""
        milliosmoles = self.additive_ml * Fraction(self.additive.mosm_per_ml)
        milliosmoles += self.diluent_ml * Fraction(self.diluent.mosm_per_ml)
        return milliosmoles / self.total_ml * 1000

    @property
    def deliverable_ml(self) -> Fraction:
        """Return what reaches the patient at most: total - prime - residual."""
        return self.total_ml - self.prime_ml - self.residual_ml

    @property
    def delivered_mg(self) -> Fraction | None:
        """Return the mg in the pump volume; None without one."""
        return None if self.pump_volume_ml is None else self.pump_volume_ml * self.mg_per_ml

    @property
    def delivered_percent(self) -> Fraction | None:
        """Return the delivered mg as a percentage of the dose; None without a pump volume."""
        return None if self.delivered_mg is None else self.delivered_mg / self.dose_mg * 100


@dataclass(frozen=True, slots=True)
class Batch:
    """Hold what a batch of equal bags draws: whole vials, and what of them is wasted."""

    bags: int
    pool: bool
    vial_ml: Fraction
    additive_ml: Fraction
    vials: int

    @property
    def total_additive_ml(self) -> Fraction:
        """Return the additive drawn for all bags."""
        return self.additive_ml * self.bags

    @property
    def waste_ml(self) -> Fraction:
        """Return what is left of the vials and discarded."""
        return self.vials * self.vial_ml - self.total_additive_ml


def compute_bag(
    *,
    dose_mg: Amount,
    additive: Additive,
    diluent: Diluent,
    method: FillMethod,
    fill_ml: Amount | None = None,
    prime_ml: Amount,
    residual_ml: Amount,
    pump_volume_ml: Amount | None = None,
) -> BagArithmetic:
    """Compute one bag (calculators.md, admixture).

    Refuses an additive larger than the diluent it replaces or than the fill, an exact fill without its
    volume, a bag that can deliver nothing and a pump volume above what the bag can deliver.
    """
    mg = ensure_above_zero(dose_mg, "dose_mg")
    _ensure_label_values(additive, diluent)
    additive_ml, withdraw_ml, diluent_ml = _fill(mg, additive, diluent, FillMethod(method), fill_ml)
    bag = BagArithmetic(
        method=FillMethod(method),
        dose_mg=mg,
        additive=additive,
        diluent=diluent,
        additive_ml=additive_ml,
        withdraw_ml=withdraw_ml,
        diluent_ml=diluent_ml,
        prime_ml=_not_negative(prime_ml, "prime_mL"),
        residual_ml=_not_negative(residual_ml, "residual_mL"),
        pump_volume_ml=None
        if pump_volume_ml is None
        else ensure_above_zero(pump_volume_ml, "pump_volume_mL"),
    )
    ensure_deliverable(bag)
    return bag


def _fill(
    mg: Fraction, additive: Additive, diluent: Diluent, method: FillMethod, fill_ml: Amount | None
) -> tuple[Fraction, Fraction, Fraction]:
    """Return the additive drawn, the diluent withdrawn first and the diluent left in or put in."""
    drawn = mg / Fraction(additive.mg_per_ml)
    content = Fraction(diluent.volume_ml) + Fraction(diluent.overfill_ml)
    if method is FillMethod.EXACT:
        return _exact_fill(drawn / Fraction(diluent.volume_ml), fill_ml)
    if fill_ml is not None:
        raise InvalidInput("fill_mL belongs to the exact method only; leave it out here.", field="fill_mL")
    if method is FillMethod.ADD:
        return drawn, Fraction(0), content
    if drawn > content:
        raise Refusal(
            f"additive: {quantity(drawn, 'mL')} of additive cannot replace as much diluent; "
            f"the bag holds {quantity(content, 'mL')}.",
            field="additive",
        )
    return drawn, drawn, content - drawn


def _exact_fill(additive_share: Fraction, fill_ml: Amount | None) -> tuple[Fraction, Fraction, Fraction]:
    """Fill an empty container; `additive_share` is the mL of additive in each mL of the fill."""
    if fill_ml is None:
        raise InvalidInput("fill_mL is missing; the exact method fills a container to it.", field="fill_mL")
    fill = ensure_above_zero(fill_ml, "fill_mL")
    drawn = fill * additive_share
    if drawn > fill:
        raise Refusal(
            f"additive: {quantity(drawn, 'mL')} of additive is more than the fill of {quantity(fill, 'mL')}.",
            field="additive",
        )
    return drawn, Fraction(0), fill - drawn


def ensure_deliverable(bag: BagArithmetic) -> None:
    """Refuse a bag of which nothing can be delivered, and a pump volume above what can be."""
    if bag.deliverable_ml <= 0:
        raise Refusal(
            "prime_mL and residual_mL should leave something to deliver; together they take the whole bag.",
            field="prime_mL",
        )
    if bag.pump_volume_ml is not None and bag.pump_volume_ml > bag.deliverable_ml:
        most = quantity(bag.deliverable_ml, "mL", 6)
        over = quantity(bag.pump_volume_ml - bag.deliverable_ml, "mL", 6)
        raise Refusal(
            f"pump_volume_mL should be at most {most}, what the bag can deliver; it is {over} more.",
            field="pump_volume_mL",
        )


def compute_batch(*, additive_ml: Amount, vial_ml: Amount, bags: int, pool: bool) -> Batch:
    """Count the vials of a batch and their waste (pumps.md 4.6).

    Without pooling a vial serves whole bags only, and a bag that needs more than a vial takes whole vials of
    its own. With pooling the remnants are combined within this batch.

    >>> compute_batch(additive_ml=4, vial_ml=10, bags=5, pool=False).vials
    3
    >>> compute_batch(additive_ml=4, vial_ml=10, bags=5, pool=True).vials
    2
    """
    drawn = ensure_above_zero(additive_ml, "additive_ml")
    vial = ensure_above_zero(vial_ml, "additive.vial_mL")
    if bags < 1:
        raise InvalidInput("bags should be at least 1.", field="bags")
    if pool:
        vials = ceil(drawn * bags / vial)
    elif drawn > vial:
        vials = bags * ceil(drawn / vial)
    else:
        vials = ceil(Fraction(bags, vial // drawn))
    return Batch(bags=bags, pool=pool, vial_ml=vial, additive_ml=drawn, vials=vials)


def choose_syringe(volume_ml: Amount) -> int:
    """Choose the smallest standard syringe, in mL, that holds a volume; refuses what no syringe holds.

    >>> choose_syringe(4), choose_syringe(Decimal("5.01"))
    (5, 10)
    """
    volume = ensure_above_zero(volume_ml, "volume")
    for size in SYRINGE_SIZES_ML:
        if volume <= size:
            return size
    raise Refusal(
        f"No single syringe holds {quantity(volume, 'mL')}; the largest is {SYRINGE_SIZES_ML[-1]} mL. "
        "Draw it in parts."
    )


def _ensure_label_values(additive: Additive, diluent: Diluent) -> None:
    ensure_above_zero(additive.mg_per_ml, "additive.mg_per_mL")
    ensure_above_zero(additive.meq_per_ml, "additive.meq_per_mL")
    ensure_above_zero(additive.mosm_per_ml, "additive.mosm_per_mL")
    ensure_above_zero(diluent.volume_ml, "diluent.volume_mL")
    _not_negative(diluent.overfill_ml, "diluent.overfill_mL")
    _not_negative(diluent.mosm_per_ml, "diluent.mosm_per_mL")


def _not_negative(value: Amount, field: str) -> Fraction:
    if value < 0:
        raise InvalidInput(f"{field} should be 0 or more.", field=field)
    return Fraction(value)
