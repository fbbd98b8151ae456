"""A master formulation record in words, for its page, for the review before a signature and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from pharmacy.domain.admixture import BagArithmetic, FillMethod
from pharmacy.domain.admixture_weight import find_weight_window
from pharmacy.domain.beyond_use_limits import (
    STORAGE_WORDS,
    LimitsTable,
    Storage,
    hours_words,
)
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.domain.formatting import counted, day, dose, quantity
from pharmacy.domain.preparation_stages import STAGE_WORDS
from pharmacy.domain.pump_numbers import DeliveryBasis
from pharmacy.formulary.models import Formula, FormulaStep, Product, StabilityReference
from pharmacy.formulary.queries.adopted import adopted_limits_table
from pharmacy.formulary.queries.formulas import preparation_of

METHOD_WORDS = {
    FillMethod.ADD: "add the additive to the bag as it is",
    FillMethod.REPLACE: "withdraw the additive's volume first, then add it",
    FillMethod.EXACT: "fill an empty container to the volume",
}
BASIS_WORDS = {
    DeliveryBasis.WHOLE_BAG: "the whole bag, less prime and residual",
    DeliveryBasis.NOMINAL_VOLUME: "the volume that the diluent is labelled with",
    DeliveryBasis.EXACT_FILL: "the labelled volume of an exact fill",
}
_Fact = tuple[str, str]


@dataclass(frozen=True)
class Section:
    """Hold one part of a record: its title and its facts, each with its words and its text."""

    title: str
    facts: tuple[_Fact, ...]


def tell_formula(formula: Formula, bag: BagArithmetic) -> list[Section]:
    """Tell every item of a record but its steps, its stability references and its arithmetic."""
    return [
        Section("What it makes", tuple(_tell_making(formula, bag))),
        Section("Container", tuple(_tell_container(formula))),
        Section("How it is made", tuple(_tell_work(formula, bag))),
        Section("How long it keeps", tuple(_tell_keeping(formula))),
        Section("This version", tuple(_tell_version(formula))),
    ]


def _tell_making(formula: Formula, bag: BagArithmetic) -> Iterator[_Fact]:
    delivered = quantity(bag.delivered_mg or 0, "mg")
    percent = quantity(bag.delivered_percent or 0, "percent", 1)
    overfill = quantity(formula.diluent.overfill_ml or 0, "mL")
    yield "Preparation", f"{formula.name}, {formula.dosage_form}"
    yield "High-alert", "yes" if formula.additive.high_alert else "no"
    yield "Strength", f"{dose(formula.dose_mg)} in {quantity(bag.total_ml, 'mL')}: {_concentration(bag)}"
    yield "Dose in each bag", f"{dose(formula.dose_mg)} ({quantity(bag.meq, 'mEq')})"
    yield "Additive", f"{_name(formula.additive)}: {quantity(bag.additive_ml, 'mL')} for each bag"
    yield "Diluent", f"{_name(formula.diluent)}: {quantity(bag.diluent_ml, 'mL')} in each bag"
    yield "Overfill of the diluent", f"{overfill} ({formula.diluent.overfill_source})"
    yield "Final volume", f"{METHOD_WORDS[FillMethod(formula.method)]}: {quantity(bag.total_ml, 'mL')} in all"
    yield "Concentration", _concentration(bag)
    yield "Osmolarity", quantity(bag.mosm_per_l, "mOsm/L")
    yield (
        "Prime and residual",
        f"{quantity(formula.prime_ml, 'mL')} and {quantity(formula.residual_ml, 'mL')}",
    )
    yield "Tubing is primed", "by the pump" if formula.prime_by_pump else "before it is connected"
    yield (
        "The pump gives",
        f"{BASIS_WORDS[DeliveryBasis(formula.delivery_basis)]}: {quantity(bag.pump_volume_ml or 0, 'mL')}, "
        f"{delivered}, {percent} of the dose",
    )
    yield "Route", formula.route
    yield "Why no premixed bag", formula.premix_reason


def _concentration(bag: BagArithmetic) -> str:
    return quantity(bag.mg_per_ml, "mg/mL")


def _name(product: Product) -> str:
    return f"{product.name} ({product.salt_form})" if product.salt_form else product.name


def _tell_container(formula: Formula) -> Iterator[_Fact]:
    size = quantity(formula.container_ml, "mL") if formula.container_ml else "that of the diluent's bag"
    yield "Container and closure", formula.container_closure
    yield "Size", size
    yield "May be of", ", ".join(formula.allowed_materials) or "not stated"


def _tell_work(formula: Formula, bag: BagArithmetic) -> Iterator[_Fact]:
    yield "Equipment", formula.equipment
    yield "Supplies", formula.supplies or "none beside the equipment"
    yield "Precautions", formula.precautions
    yield (
        "Vials",
        "remnants are pooled within a batch" if formula.pool_vials else "a vial serves whole bags only",
    )
    yield "Weight of the addition", say_weighing(formula, bag)
    yield "What it looks like", formula.description
    yield "pH and tonicity", formula.ph_and_tonicity or "no note"
    yield "Quality checks", formula.quality_checks
    yield "Auxiliary labels", formula.auxiliary_labels.replace("\n", "; ") or "none of its own"


def say_weighing(formula: Formula, bag: BagArithmetic) -> str:
    """Say what an addition should weigh and which weights pass, with the working."""
    density, tolerance = formula.additive.density_g_per_ml, formula.weight_tolerance_percent
    if tolerance is None or density is None:
        return "not checked"
    window = find_weight_window(bag.additive_ml, density_g_per_ml=density, tolerance_percent=tolerance)
    return (
        f"{quantity(bag.additive_ml, 'mL')} x {quantity(density, 'g/mL')} = "
        f"{quantity(window.expected_g, 'g')}; "
        f"within {quantity(tolerance, 'percent')}: {quantity(window.least_g, 'g')} to "
        f"{quantity(window.most_g, 'g')}"
    )


def _tell_keeping(formula: Formula) -> Iterator[_Fact]:
    house = counted(formula.house_limit_days, "day") if formula.house_limit_days else "none"
    allowed = [Storage(one.storage) for one in formula.stability]
    yield "How it is prepared", preparation_of(formula).words()
    yield "Dated for", STORAGE_WORDS[Storage(formula.storage)]
    yield "May be kept", ", ".join(STORAGE_WORDS[one] for one in Storage if one in allowed) or "nowhere yet"
    yield "Storage on the label", formula.storage_words
    yield "House limit", house


def _tell_version(formula: Formula) -> Iterator[_Fact]:
    yield "What changed and why", formula.changes or "the first version"
    yield "In effect from", day(formula.effective_on)
    yield "To be reviewed by", day(formula.review_by)


def tell_step(step: FormulaStep) -> str:
    """Tell a step with when it is done and whether a photo is taken of it."""
    photo = "; a photo is taken" if step.photo else ""
    return f"{step.instruction} ({STAGE_WORDS[step.stage]}{photo})"


def tell_stability(one: StabilityReference) -> str:
    """Tell all that a stability reference says, in one line."""
    document = (
        f" Document {one.attachment.name}, digest {one.attachment.digest[:16]}." if one.attachment else ""
    )
    return (
        f"{STORAGE_WORDS[Storage(one.storage)].capitalize()}: stable for {one.stable_for}. "
        f"{one.reference.rstrip('.')}. {say_studied(one)}{document}"
    )


def say_studied(one: StabilityReference) -> str:
    """Say for which container and concentrations a reference speaks."""
    container = f"Container of {one.container}" if one.container else "Any container"
    least, most = one.least_mg_per_ml, one.most_mg_per_ml
    ends = [f"{word} {quantity(end, 'mg/mL')}" for word, end in (("from", least), ("up to", most)) if end]
    return f"{container}, {' '.join(ends) or 'any concentration'}."


def tell_beyond_use(session: Session, formula: Formula) -> list[str]:
    """Tell for each storage how long a bag may be dated at most, with every limit that is weighed."""
    try:
        table = adopted_limits_table(session, site_id=formula.site_id)
    except NotFound as missing:
        return [missing.sentence]
    return [_say_storage(formula, table, storage) for storage in Storage]


def _say_storage(formula: Formula, table: LimitsTable, storage: Storage) -> str:
    where = STORAGE_WORDS[storage].capitalize()
    stable = [one.total_hours for one in formula.stability if one.storage == storage]
    if not stable:
        return f"{where}: not allowed, as no stability reference speaks for it."
    try:
        category = table.get_hours(preparation_of(formula), storage)
    except Refusal as refusal:
        return f"{where}: not allowed. {refusal.sentence}"
    limits = [("by category", category), ("by stability", Fraction(min(stable)))]
    if formula.house_limit_days:
        limits.append(("by the house limit", Fraction(formula.house_limit_days * 24)))
    said = ", ".join(f"{hours_words(hours)} {words}" for words, hours in limits)
    soonest = hours_words(min(hours for _, hours in limits))
    return (
        f"{where}: at most {soonest} from the start of preparation, the soonest of {said}, and the expiry of "
        "each component."
    )


def tell_auxiliary(formula: Formula) -> tuple[str, ...]:
    """Tell the auxiliary lines of a bag's label: those of every bag, then those of the record."""
    looks = formula.description[:1].lower() + formula.description[1:].rstrip(".")
    own = (line.strip() for line in formula.auxiliary_labels.splitlines())
    return (
        f"Do not use if it leaks or is not a {looks}.",
        "Keep away from children. Unwell or unsure? Call at any hour.",
        *(line for line in own if line),
    )
