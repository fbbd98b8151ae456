"""The working of a bag and its batch in plain English, as a pharmacist signs it (pumps.md 4.8)."""

from __future__ import annotations

from fractions import Fraction

from pharmacy.domain.admixture import BagArithmetic, Batch, FillMethod
from pharmacy.domain.formatting import counted, quantity


def working(bag: BagArithmetic, batch: Batch | None = None) -> list[str]:
    """Write each number with the arithmetic that gives it, in the order of the work."""
    lines = [*_fill_lines(bag), *_content_lines(bag), *_delivery_lines(bag)]
    return lines if batch is None else [*lines, _batch_line(batch)]


def _ml(value: Fraction) -> str:
    return quantity(value, "mL")


def _mg(value: Fraction) -> str:
    return quantity(value, "mg", 3)


def _fill_lines(bag: BagArithmetic) -> list[str]:
    strength = quantity(Fraction(bag.additive.mg_per_ml), "mg/mL")
    labelled, overfill = Fraction(bag.diluent.volume_ml), Fraction(bag.diluent.overfill_ml)
    if bag.method is FillMethod.EXACT:
        return [
            f"Additive: {_ml(bag.total_ml)} x {_mg(bag.dose_mg)} ÷ {_ml(labelled)} ÷ {strength} "
            f"= {_ml(bag.additive_ml)}.",
            f"Put {_ml(bag.diluent_ml)} of diluent and {_ml(bag.additive_ml)} of additive into an empty "
            f"container: total {_ml(bag.total_ml)}.",
        ]
    content = f"{_ml(labelled + overfill)} of diluent ({_ml(labelled)} labelled and {_ml(overfill)} overfill)"
    lines = [f"Additive: {_mg(bag.dose_mg)} ÷ {strength} = {_ml(bag.additive_ml)}."]
    if bag.method is FillMethod.ADD:
        return [*lines, f"Add {_ml(bag.additive_ml)} to {content}: total {_ml(bag.total_ml)}."]
    return [
        *lines,
        f"Withdraw {_ml(bag.withdraw_ml)} from {content}, which leaves {_ml(bag.diluent_ml)}.",
        f"Add {_ml(bag.additive_ml)} of additive: total {_ml(bag.total_ml)}.",
    ]


def _content_lines(bag: BagArithmetic) -> list[str]:
    additive_mosm = quantity(Fraction(bag.additive.mosm_per_ml), "mOsm/mL")
    diluent_mosm = quantity(Fraction(bag.diluent.mosm_per_ml), "mOsm/mL")
    return [
        f"Concentration: {_mg(bag.content_mg)} ÷ {_ml(bag.total_ml)} = {quantity(bag.mg_per_ml, 'mg/mL')}, "
        f"{quantity(bag.percent_of_nominal, 'percent')} of the nominal "
        f"{quantity(bag.nominal_mg_per_ml, 'mg/mL')}.",
        f"The bag holds {_ml(bag.additive_ml)} x {quantity(Fraction(bag.additive.meq_per_ml), 'mEq/mL')} "
        f"= {quantity(bag.meq, 'mEq')}.",
        f"Osmolarity: ({_ml(bag.additive_ml)} x {additive_mosm} + {_ml(bag.diluent_ml)} x {diluent_mosm}) "
        f"÷ {_ml(bag.total_ml)} x 1,000 = {quantity(bag.mosm_per_l, 'mOsm/L')}.",
    ]


def _delivery_lines(bag: BagArithmetic) -> list[str]:
    lines = [
        f"Deliverable: {_ml(bag.total_ml)} - {_ml(bag.prime_ml)} prime - {_ml(bag.residual_ml)} residual "
        f"= {_ml(bag.deliverable_ml)}."
    ]
    if bag.pump_volume_ml is not None and bag.delivered_mg is not None and bag.delivered_percent is not None:
        lines.append(
            f"Delivered: {_ml(bag.pump_volume_ml)} x {quantity(bag.mg_per_ml, 'mg/mL')} "
            f"= {quantity(bag.delivered_mg, 'mg')}, {quantity(bag.delivered_percent, 'percent')} of the dose."
        )
    return lines


def _batch_line(batch: Batch) -> str:
    vials = counted(batch.vials, "vial")
    how = "remnants pooled within the batch" if batch.pool else "each vial for whole bags only"
    return (
        f"Batch: {counted(batch.bags, 'bag')} x {_ml(batch.additive_ml)} = {_ml(batch.total_additive_ml)} "
        f"of additive; {vials} of {_ml(batch.vial_ml)} ({how}); waste {_ml(batch.waste_ml)}."
    )
