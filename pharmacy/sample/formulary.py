"""The sample products, master formulation records and reference data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.domain.barcodes import check_digit, normalize_ndc
from pharmacy.domain.local_time import to_local
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.product_containers import ProductContainer
from pharmacy.domain.reference_data import load_entries
from pharmacy.formulary.actions import accept_delivered_part, adopt_entry, approve_formula, draft_formula
from pharmacy.formulary.models import (
    Formula,
    FormulaStep,
    Product,
    ProductCode,
    ProductKind,
    StabilityReference,
)
from pharmacy.formulary.queries import AdoptedKind
from pharmacy.sample.people import PASSWORD

CODES_NOTE = "Sample, confirm at receiving."
STABILITY_NOTE = "Sample, no study of this formula."
OVERFILL_NOTE = "Sample value; weigh bags of your own supplier."
PUMPS = ("cadd-solis-vip", "cadd-legacy-plus", "cadd-legacy-1", "cadd-prizm-vip")

VIAL, SMALL_VIAL, PREMIX = "31722-394-10", "63323-064-21", "0409-6729-24"
SALINE = "0264-1800-32"
_MAGNESIUM = {
    "kind": ProductKind.ADDITIVE,
    "drug": "magnesium sulfate",
    "overfill_ml": None,
    "overfill_source": None,
    "salt_form": "heptahydrate",
    "high_alert": True,
}
_FIFTY_PERCENT = _MAGNESIUM | {
    "strength": "50% (500 mg/mL)",
    "mg_per_ml": Decimal(500),
    "meq_per_ml": Decimal("4.06"),
    "mosm_per_ml": Decimal("4.06"),
    "container_kind": ProductContainer.SINGLE_DOSE_VIAL,
    "storage": "Room temperature, 20 to 25 C. Apart from other vials: high-alert.",
}
# The NDC of each product (domain.md 7), and what its label says.
_PRODUCTS: dict[str, dict[str, Any]] = {
    VIAL: _FIFTY_PERCENT | {"container": "10 mL single-dose vial", "volume_ml": Decimal(10)},
    SMALL_VIAL: _FIFTY_PERCENT | {"container": "2 mL single-dose vial", "volume_ml": Decimal(2)},
    PREMIX: _MAGNESIUM
    | {
        "kind": ProductKind.PREMIX,
        "strength": "4% (40 mg/mL) in water for injection",
        "container": "50 mL premixed bag",
        "container_kind": ProductContainer.PREMIXED_BAG,
        "volume_ml": Decimal(50),
        "mg_per_ml": Decimal(40),
        "meq_per_ml": Decimal("0.325"),
        "mosm_per_ml": Decimal("0.325"),
        "storage": "Room temperature, 20 to 25 C.",
    },
    SALINE: {
        "kind": ProductKind.DILUENT,
        "drug": "sodium chloride",
        "strength": "0.9%",
        "container": "100 mL bag",
        "container_kind": ProductContainer.BAG,
        "volume_ml": Decimal(100),
        "overfill_ml": Decimal(7),
        "overfill_source": OVERFILL_NOTE,
        "mg_per_ml": None,
        "meq_per_ml": None,
        "mosm_per_ml": Decimal("0.308"),
        "density_g_per_ml": Decimal("1.0046"),
        "high_alert": False,
        "storage": "Room temperature, 20 to 25 C.",
    },
}
_STEPS = (
    "Check the worksheet against the order: drug, dose, diluent, volume and number of bags.",
    "Clean and garb; wipe the ISO 5 hood and every vial stopper and bag port with sterile 70% alcohol.",
    "Scan each vial and each bag. Stop when a scan is refused.",
    "Draw the volume of additive that the worksheet gives for one bag into a new syringe.",
    "Before it goes into the bag, a second person reads the syringe and enters the volume.",
    "Inject it through the additive port, mix by turning the bag ten times, and seal the port.",
    "Label this bag before the next one is begun. Discard what is left in the vials.",
)

# The record that waits for its approval is confirmed bag by bag at the station, with a photo of the syringe.
_STAGED_STEPS = (
    (_STEPS[0], Stage.SETUP, False),
    (_STEPS[1], Stage.SETUP, False),
    (_STEPS[2], Stage.SETUP, False),
    ("Wipe the additive port with sterile 70% alcohol and let it dry.", Stage.DILUENT, False),
    ("Lay the drawn syringe beside its vial, labels and marks up.", Stage.ADDITIVE, True),
    ("Mix by turning the bag ten times, and seal the port.", Stage.INJECT, False),
    ("Label this bag before the next one is begun.", Stage.FINISH, False),
    ("Discard what is left in the vials; wipe the hood.", Stage.CLEAN_UP, False),
)


def load_formulary(session: Session, people: dict[str, Person], *, at: datetime) -> None:
    """Add the products, two master formulation records and the adopted reference data."""
    products = {ndc: _add_product(session, ndc, values, people["petra"]) for ndc, values in _PRODUCTS.items()}
    _adopt(session, people["petra"], at=at)
    today = to_local(at, ZoneInfo(people["petra"].site.time_zone)).date()
    approved = _formula(products, dose_mg=Decimal(2000), code="MG-2G-100", today=today)
    draft_formula(session, approved, by=people["peter"], at=at)
    accept_delivered_part(
        session, approved, revision=approved.revision, password=PASSWORD, by=people["petra"], at=at
    )
    approve_formula(
        session, approved, revision=approved.revision, password=PASSWORD, by=people["petra"], at=at
    )
    waiting = _formula(products, dose_mg=Decimal(1000), code="MG-1G-100", today=today)
    waiting.steps = [
        FormulaStep(position=place, instruction=text, stage=stage, photo=photo)
        for place, (text, stage, photo) in enumerate(_STAGED_STEPS, start=1)
    ]
    draft_formula(session, waiting, by=people["peter"], at=at)


def _add_product(session: Session, ndc: str, values: dict[str, Any], by: Person) -> Product:
    product = Product(site_id=by.site_id, source_note=CODES_NOTE, **values)
    read = normalize_ndc(ndc)
    payload = f"003{read.digits10}"
    product.codes = [
        ProductCode(system="ndc", value=read.ndc11, shown=ndc),
        ProductCode(
            system="gtin", value=payload + check_digit(payload), shown=payload + check_digit(payload)
        ),
    ]
    session.add(product)
    session.flush()
    return product


def _adopt(session: Session, by: Person, *, at: datetime) -> None:
    shipped = [
        (AdoptedKind.BEYOND_USE_LIMITS, "beyond_use_limits.toml", ("usp-797-2023",)),
        (AdoptedKind.PUMP_PROFILE, "pump_profiles.toml", PUMPS),
        (AdoptedKind.SUBCUTANEOUS_LIMITS, "subcutaneous_limits.toml", ("magnesium-sulfate",)),
        (AdoptedKind.COMPETENCY_INTERVALS, "competency_intervals.toml", ("usp-797-2023",)),
        (AdoptedKind.FACILITY_INTERVALS, "facility_intervals.toml", ("usp-797-2023",)),
        (AdoptedKind.SCREENING_LIMITS, "screening_limits.toml", ("magnesium-sulfate",)),
    ]
    for kind, file_name, keys in shipped:
        entries = load_entries(file_name)
        for key in keys:
            adopt_entry(session, kind, entries[key], password=PASSWORD, by=by, at=at)


def _formula(products: dict[str, Product], *, dose_mg: Decimal, code: str, today: date) -> Formula:
    grams, review_by = int(dose_mg) // 1000, today + timedelta(days=365)
    return Formula(
        code=code,
        version=1,
        name=f"magnesium sulfate {grams} g in 0.9% sodium chloride 100 mL",
        dosage_form="solution for subcutaneous infusion",
        route="subcutaneous",
        dose_mg=dose_mg,
        additive=products[VIAL],
        diluent=products[SALINE],
        method="add",
        fill_ml=None,
        pool_vials=False,
        delivery_basis="whole_bag",
        prime_ml=Decimal(5),
        residual_ml=Decimal(1),
        prime_by_pump=False,
        category="2",
        sterilisation="aseptic",
        sterility_tested=False,
        nonsterile_components=False,
        storage="refrigerator",
        weight_tolerance_percent=None,
        storage_words="Keep refrigerated, 2 to 8 C (36 to 46 F). Do not freeze.",
        house_limit_days=None,
        container_closure="The maker's 100 mL plastic bag, additive port sealed",
        container_ml=None,
        materials="polyolefin, PVC",
        equipment="ISO 5 hood in a cleanroom suite",
        supplies="A 5 mL syringe and a needle for each bag; port seals; sterile 70% alcohol and wipes",
        description="Clear, colourless solution without visible particles",
        ph_and_tonicity="Mildly hypertonic by calculation; the pH is not measured.",
        quality_checks="Each bag against white and black: particles, colour, closure; label against order.",
        precautions="High-alert. Magnesium sulfate 50% must be diluted. Nothing else goes into the bag.",
        premix_reason="No premixed bag of this dose in 100 mL of 0.9% sodium chloride is on the market.",
        effective_on=today,
        review_by=review_by,
        steps=[FormulaStep(position=place, instruction=text) for place, text in enumerate(_STEPS, start=1)],
        stability=[
            StabilityReference(storage=storage, days=days, reference=STABILITY_NOTE, review_by=review_by)
            for storage, days in (("refrigerator", 14), ("room", 7))
        ],
    )
