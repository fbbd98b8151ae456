"""Reads of master formulation records, and the only place that turns one into numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from pharmacy.domain.admixture import Additive, BagArithmetic, Diluent, FillMethod, compute_bag
from pharmacy.domain.admixture_delivery import deliver
from pharmacy.domain.beyond_use import (
    BeyondUse,
    Category,
    Component,
    LimitsTable,
    Method,
    Preparation,
    StabilityEntry,
    Storage,
    assign_beyond_use,
)
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.domain.pump_numbers import DeliveryBasis
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary.models import Formula, Product, StabilityReference

PAGE = 25
_MOST_WORDS = 10


def get_formula(session: Session, formula_id: int, *, site_id: int) -> Formula:
    """Return one version of a master formulation record of a site."""
    formula = session.get(Formula, formula_id)
    if formula is None or formula.site_id != site_id:
        raise NotFound("No master formulation record is kept under this number.")
    return formula


def get_whole_formula(session: Session, formula_id: int, *, site_id: int) -> Formula:
    """Return one version with all that its page shows, in a fixed number of statements."""
    found = session.scalar(
        select(Formula)
        .where(Formula.id == formula_id)
        .options(
            selectinload(Formula.steps),
            selectinload(Formula.stability).selectinload(StabilityReference.attachment),
            selectinload(Formula.edits),
        )
    )
    if found is None or found.site_id != site_id:
        raise NotFound("No master formulation record is kept under this number.")
    return found


def _of_site(site_id: int) -> Select[Formula]:
    return select(Formula).where(Formula.site_id == site_id).order_by(Formula.code, Formula.version.desc())


def list_formulas(session: Session, *, site_id: int) -> list[Formula]:
    """List the master formulation records of a site, the newest version of each first."""
    return list(session.scalars(_of_site(site_id)))


def search_formulas(
    session: Session, *, site_id: int, page: int, search: str, status: FormulaStatus | None
) -> list[Formula]:
    """List a page of a site's records, and one more where another page follows.

    Each word of `search` is part of the name or of the code.
    """
    wanted = _of_site(site_id)
    if status is not None:
        wanted = wanted.where(Formula.status == status)
    for word in search.split()[:_MOST_WORDS]:
        wanted = wanted.where(
            or_(Formula.name.icontains(word, autoescape=True), Formula.code.icontains(word, autoescape=True))
        )
    return list(session.scalars(wanted.offset((page - 1) * PAGE).limit(PAGE + 1)))


def list_approved_formulas(session: Session, *, site_id: int) -> list[Formula]:
    """List the records that a pharmacist has approved and nothing has replaced."""
    return list(session.scalars(_of_site(site_id).where(Formula.status == FormulaStatus.APPROVED)))


def find_formula_in_force(session: Session, code: str, *, site_id: int) -> Formula | None:
    """Find the approved version of a record; there is at most one."""
    return session.scalar(
        _of_site(site_id).where(Formula.code == code, Formula.status == FormulaStatus.APPROVED)
    )


def list_versions_of(session: Session, formula: Formula) -> list[Formula]:
    """List all versions of a record, the newest first."""
    return list(session.scalars(_of_site(formula.site_id).where(Formula.code == formula.code)))


def find_newest_version(session: Session, code: str, *, site_id: int) -> Formula | None:
    """Find the newest version of a record by its code, whatever its status."""
    return session.scalar(_of_site(site_id).where(Formula.code == code).limit(1))


def compute_bag_of(formula: Formula) -> BagArithmetic:
    """Compute the bag that a formula makes from its products, with the volume that the pump gives.

    Refuses a product whose label values are missing.
    """
    bag = compute_bag(
        dose_mg=formula.dose_mg,
        additive=Additive(
            mg_per_ml=_known(formula.additive, "mg_per_ml", "its strength in mg/mL"),
            vial_ml=formula.additive.volume_ml,
            meq_per_ml=_known(formula.additive, "meq_per_ml", "its mEq/mL"),
            mosm_per_ml=formula.additive.mosm_per_ml,
        ),
        diluent=Diluent(
            volume_ml=formula.diluent.volume_ml,
            overfill_ml=_known(formula.diluent, "overfill_ml", "its overfill"),
            mosm_per_ml=formula.diluent.mosm_per_ml,
        ),
        method=FillMethod(formula.method),
        fill_ml=formula.fill_ml,
        prime_ml=formula.prime_ml,
        residual_ml=formula.residual_ml,
    )
    return deliver(bag, DeliveryBasis(formula.delivery_basis))


def _known(product: Product, column: str, words: str) -> Decimal:
    value: Decimal | None = getattr(product, column)
    if value is None:
        raise Refusal(f"{product.name}: {words} is not recorded, so no bag can be computed with it.")
    return value


def preparation_of(formula: Formula) -> Preparation:
    """Return a formula's preparation as the beyond-use table names it, where the place allows it."""
    return Preparation(
        category=Category(formula.category),
        method=Method(formula.sterilisation),
        sterility_tested=formula.sterility_tested,
        nonsterile_components=formula.nonsterile_components,
    )


def date_bag_of(
    formula: Formula,
    *,
    preparation: Preparation,
    prepared_at: datetime,
    zone: ZoneInfo,
    components: Sequence[Component],
    table: LimitsTable,
) -> BeyondUse:
    """Assign the beyond-use date of a bag of a formula: the only place that turns a formula into a date.

    `preparation` is the formula's own, or of a lower category where the place allows no more. The limits are
    `table`, the formula's own stability, house limit and storage, and the expiry of each of `components`
    (domain.md 1.1 to 1.6).
    """
    return assign_beyond_use(
        prepared_at=prepared_at,
        zone=zone,
        preparation=preparation,
        storage=Storage(formula.storage),
        stability=[
            StabilityEntry(Storage(one.storage), hours=Decimal(one.total_hours), reference=one.reference)
            for one in formula.stability
        ],
        components=components,
        table=table,
        house_limit_days=formula.house_limit_days,
    )
