"""`pharmacy calc admixture`: read the JSON, ask the rule, write the answer (calculators.md, admixture)."""

from __future__ import annotations

from typing import Any

from pharmacy.calculators.reading import Fields
from pharmacy.domain.admixture import (
    Additive,
    BagArithmetic,
    Batch,
    Diluent,
    FillMethod,
    compute_bag,
    compute_batch,
)
from pharmacy.domain.quantities import rounded_text


def answer(fields: Fields) -> dict[str, Any]:
    """Answer the arithmetic of one bag and of its batch."""
    return write(*compute(fields))


def compute(fields: Fields) -> tuple[BagArithmetic, Batch]:
    """Read one case and compute its bag and its batch; raises InvalidInput naming the field that is wrong."""
    dose_mg = fields.quantity("dose_mg")
    additive = _read_additive(fields.object("additive"))
    diluent = _read_diluent(fields.object("diluent"))
    method = FillMethod(fields.choice("method", [method.value for method in FillMethod]))
    fill_ml = fields.quantity("fill_mL") if fields.has("fill_mL") else None
    bags = fields.whole("bags")
    pool = fields.boolean("pool")
    prime_ml = fields.quantity("prime_mL", zero_allowed=True)
    residual_ml = fields.quantity("residual_mL", zero_allowed=True)
    pump_volume_ml = fields.quantity("pump_volume_mL") if fields.has("pump_volume_mL") else None
    fields.close()
    bag = compute_bag(
        dose_mg=dose_mg,
        additive=additive,
        diluent=diluent,
        method=method,
        fill_ml=fill_ml,
        prime_ml=prime_ml,
        residual_ml=residual_ml,
        pump_volume_ml=pump_volume_ml,
    )
    batch = compute_batch(additive_ml=bag.additive_ml, vial_ml=additive.vial_ml, bags=bags, pool=pool)
    return bag, batch


def write(bag: BagArithmetic, batch: Batch) -> dict[str, Any]:
    """Write a bag and its batch as the contract's output."""
    return _bag_out(bag) | _batch_out(batch)


def _read_additive(additive: Fields) -> Additive:
    read = Additive(
        mg_per_ml=additive.quantity("mg_per_mL"),
        vial_ml=additive.quantity("vial_mL"),
        meq_per_ml=additive.quantity("meq_per_mL"),
        mosm_per_ml=additive.quantity("mosm_per_mL"),
    )
    additive.close()
    return read


def _read_diluent(diluent: Fields) -> Diluent:
    read = Diluent(
        volume_ml=diluent.quantity("volume_mL"),
        overfill_ml=diluent.quantity("overfill_mL", zero_allowed=True),
        mosm_per_ml=diluent.quantity("mosm_per_mL", zero_allowed=True),
    )
    diluent.close()
    return read


def _bag_out(bag: BagArithmetic) -> dict[str, Any]:
    out = {
        "additive_mL": rounded_text(bag.additive_ml, 2),
        "withdraw_mL": rounded_text(bag.withdraw_ml, 2),
        "diluent_mL": rounded_text(bag.diluent_ml, 2),
        "total_mL": rounded_text(bag.total_ml, 2),
        "mg_per_mL": rounded_text(bag.mg_per_ml, 3),
        "percent_of_nominal": rounded_text(bag.percent_of_nominal, 2),
        "meq": rounded_text(bag.meq, 2),
        "mosm_per_L": rounded_text(bag.mosm_per_l, 1),
        "deliverable_mL": rounded_text(bag.deliverable_ml, 2),
    }
    if bag.delivered_mg is not None and bag.delivered_percent is not None:
        out["delivered_mg"] = rounded_text(bag.delivered_mg, 0)
        out["delivered_percent"] = rounded_text(bag.delivered_percent, 2)
    return out


def _batch_out(batch: Batch) -> dict[str, Any]:
    return {
        "total_additive_mL": rounded_text(batch.total_additive_ml, 2),
        "vials": batch.vials,
        "waste_mL": rounded_text(batch.waste_ml, 2),
    }
