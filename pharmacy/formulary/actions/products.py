"""Record products and their codes, correct what no signed formula rests on, and retire them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.audit.chain import digest
from pharmacy.domain.barcodes import gtin_to_ndc10, ndc_from_digits10, normalize_gtin, normalize_ndc
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.product_containers import ProductContainer, needs_label_hours
from pharmacy.domain.reasons import ensure_reason
from pharmacy.domain.wording import ensure_safe_wording
from pharmacy.formulary.actions.writing import touch
from pharmacy.formulary.models import Product, ProductCode, ProductKind
from pharmacy.formulary.queries import (
    find_products_by_code,
    list_drafts_with,
    list_product_entries,
    list_signed_formulas_with,
)

NDC, GTIN = "ndc", "gtin"
# Where ten digits of an NDC are cut: 4-4-2, 5-3-2 and 5-4-1.
_CUTS = ((4, 8), (5, 8), (5, 9))


@dataclass(frozen=True, kw_only=True)
class ProductEntry:
    """Hold what a product's label says, each field under the name of its column."""

    kind: ProductKind
    drug: str
    strength: str
    salt_form: str
    container: str
    container_kind: ProductContainer
    volume_ml: Decimal
    overfill_ml: Decimal | None
    overfill_source: str | None
    mg_per_ml: Decimal | None
    meq_per_ml: Decimal | None
    mosm_per_ml: Decimal
    density_g_per_ml: Decimal | None
    tare_g: Decimal | None
    weights_source: str | None
    label_hours: int | None
    high_alert: bool
    storage: str
    source_note: str


_CORRECTED = "corrected a product"
_COLUMNS = tuple(field.name for field in fields(ProductEntry))
# What bags are computed from, weighed by and dated by: never another value under a signed formula.
_CLINICAL = {
    "kind": "its kind",
    "drug": "its drug",
    "strength": "its strength",
    "salt_form": "its salt form",
    "container": "its container",
    "container_kind": "its kind of container",
    "volume_ml": "its volume",
    "overfill_ml": "its overfill",
    "mg_per_ml": "its mg/mL",
    "meq_per_ml": "its mEq/mL",
    "mosm_per_ml": "its mOsm/mL",
    "density_g_per_ml": "its density",
    "tare_g": "the weight of its empty container",
    "label_hours": "its hours after the first entry",
    "high_alert": "its high-alert mark",
}
# A value of these that nobody has recorded yet may still be filled in.
_MAY_BE_FILLED = {"salt_form", "density_g_per_ml", "tare_g", "label_hours"}
_WORDED = {
    "drug": "The drug",
    "strength": "The strength",
    "container": "The container",
    "storage": "The storage",
}


def add_product(session: Session, entry: ProductEntry, *, by: Person, at: datetime) -> Product:
    """Record a product as its label describes it; refuses one that is recorded already."""
    ensure_may(by.role, Permission.WRITE_FORMULAS)
    _ensure_sound(entry)
    product = Product(site_id=by.site_id, **{name: getattr(entry, name) for name in _COLUMNS})
    session.add(product)
    session.flush()
    record(session, product, "recorded a product", by=by, at=at, name=product.name, said=_said(product))
    return product


def correct_product(
    session: Session,
    product: Product,
    entry: ProductEntry,
    *,
    shown: str,
    reason: str,
    by: Person,
    at: datetime,
) -> Product:
    """Correct what is recorded of a product, with the old and new values and the reason kept.

    Refuses another clinical value for a product that a signed formula rests on: that is another product. A
    draft that uses it counts as changed by who corrects one. `shown` is the digest of the values that were
    corrected: who had older ones before them is told who was faster.
    """
    ensure_may(by.role, Permission.WRITE_FORMULAS)
    ensure_reason(reason)
    _ensure_sound(entry)
    _ensure_shown(session, product, shown)
    was = _said(product)
    becomes = {name: getattr(entry, name) for name in _COLUMNS}
    changed = {name: [was[name], becomes[name]] for name in _COLUMNS if was[name] != becomes[name]}
    if not changed:
        raise Refusal("Nothing was changed, so nothing was saved.")
    _ensure_not_signed(session, product, changed)
    for name in changed:
        setattr(product, name, becomes[name])
    session.flush()
    _touch_drafts(session, product, changed, by=by, at=at)
    record(session, product, _CORRECTED, by=by, at=at, reason=reason.strip(),
           name=product.name, changed=changed)  # fmt: skip
    return product


def retire_product(session: Session, product: Product, *, reason: str, by: Person, at: datetime) -> Product:
    """Take a product out of use: nothing new rests on it, what was made with it stays as it is."""
    ensure_may(by.role, Permission.WRITE_FORMULAS)
    ensure_reason(reason)
    _ensure_in_use(product)
    used = [one for one in list_signed_formulas_with(session, product) if one.status.value == "approved"]
    if used:
        raise Refusal(
            f"{used[0].code}, version {used[0].version}, is made with it; approve a version without it first."
        )
    product.retired_at = at
    record(session, product, "retired a product", by=by, at=at, reason=reason.strip(), name=product.name)
    return product


def add_code(
    session: Session, product: Product, *, system: str, text: str, by: Person, at: datetime
) -> ProductCode:
    """Record an NDC or a GTIN that stands on a product, read as a scan of it will be.

    Refuses a wrong check digit, ten digits of an NDC without dashes, which can be cut in several ways, a code
    that a product of this site has already, and a GTIN whose NDC stands on another product only.
    """
    ensure_may(by.role, Permission.WRITE_FORMULAS)
    _ensure_in_use(product)
    text = text.strip()
    value = _read(system, text)
    holders = find_products_by_code(session, system, value, site_id=by.site_id)
    if holders:
        raise Refusal(f"This code stands on {holders[0].name} already.", field="text")
    _ensure_same_ndc(session, product, system, value)
    # The same code may have been retired on this product before.
    code = next((one for one in product.codes if (one.system, one.value) == (system, value)), None)
    if code is None:
        code = ProductCode(system=system, value=value)
        product.codes.append(code)
    code.shown, code.retired_at = text, None
    session.flush()
    record(session, code, "recorded a product code", by=by, at=at, product=product.name,
           system=system, value=value, shown=code.shown)  # fmt: skip
    return code


def retire_code(session: Session, code: ProductCode, *, reason: str, by: Person, at: datetime) -> ProductCode:
    """Take a code out of use, such as one of another product: no scan finds it any more."""
    ensure_may(by.role, Permission.WRITE_FORMULAS)
    ensure_reason(reason)
    if code.retired_at is not None:
        raise Refusal("This code is retired already.")
    code.retired_at = at
    record(session, code, "retired a product code", by=by, at=at, reason=reason.strip(),
           product=code.product.name, system=code.system, value=code.value)  # fmt: skip
    return code


def _read(system: str, text: str) -> str:
    """Read a code as a scan of it will be read; a refusal names the box that it was typed into."""
    try:
        if system == GTIN:
            return normalize_gtin(text)
        ndc = normalize_ndc(text)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.sentence, field="text") from None
    if ndc.ndc11 is None:
        raise InvalidInput(_ask_for_dashes(ndc.digits10 or ""), field="text")
    return ndc.ndc11


def _ensure_same_ndc(session: Session, product: Product, system: str, value: str) -> None:
    """Refuse a GTIN around the NDC of another product."""
    digits = gtin_to_ndc10(value) if system == GTIN else None
    holders = [
        holder
        for ndc in (ndc_from_digits10(digits).candidates11 if digits else ())
        for holder in find_products_by_code(session, NDC, ndc, site_id=product.site_id)
    ]
    if holders and product not in holders:
        raise Refusal(f"The NDC inside this code stands on {holders[0].name}.", field="text")


def _ask_for_dashes(digits: str) -> str:
    """Ask which of its writings ten digits stand for."""
    *most, last = [f"{digits[:a]}-{digits[a:b]}-{digits[b:]}" for a, b in _CUTS]
    return (
        f"Ten digits without dashes may be {', '.join(most)} or {last}. Which of them is printed on the "
        "product? Write it with its dashes."
    )


def _ensure_sound(entry: ProductEntry) -> None:
    """Refuse an entry that lacks what its kind needs, a number without its source, and doubtful words."""
    if entry.kind is not ProductKind.DILUENT and (entry.mg_per_ml is None or entry.meq_per_ml is None):
        raise InvalidInput("Enter the strength in mg/mL and in mEq/mL, as the label says.", field="mg_per_ml")
    if entry.kind is ProductKind.DILUENT and entry.overfill_ml is None:
        raise InvalidInput("Enter the overfill of the bag; 0 where there is none.", field="overfill_ml")
    if entry.overfill_ml is not None and not entry.overfill_source:
        raise InvalidInput("Say where the overfill comes from.", field="overfill_source")
    if (entry.density_g_per_ml or entry.tare_g) and not entry.weights_source:
        raise InvalidInput("Say where the density and the empty weight come from.", field="weights_source")
    if needs_label_hours(entry.container_kind) and entry.label_hours is None:
        raise InvalidInput(
            f"Enter for how many hours its label lets a {entry.container_kind.value} be used.",
            field="label_hours",
        )
    for name, words in _WORDED.items():
        try:
            ensure_safe_wording(getattr(entry, name), field=words)
        except InvalidInput as refusal:
            raise InvalidInput(refusal.sentence, field=name) from None


def _ensure_not_signed(session: Session, product: Product, changed: dict[str, Any]) -> None:
    clinical = [
        name
        for name, (was, _) in changed.items()
        if name in _CLINICAL and not (name in _MAY_BE_FILLED and was in (None, ""))
    ]
    signed = list_signed_formulas_with(session, product) if clinical else []
    if signed:
        what = " and ".join(_CLINICAL[name] for name in clinical)
        raise Refusal(
            f"{signed[0].code}, version {signed[0].version}, was signed with this product, so {what} "
            "cannot be changed. Add what you have as a new product, and write a new version of the formula "
            "with it.",
            field=clinical[0],
        )


def _touch_drafts(
    session: Session, product: Product, changed: dict[str, Any], *, by: Person, at: datetime
) -> None:
    """Count another clinical value as a change of each draft that is computed from it."""
    clinical = {name: change for name, change in changed.items() if name in _CLINICAL}
    for draft in list_drafts_with(session, product) if clinical else []:
        what = " and ".join(_CLINICAL[name] for name in clinical)
        touch(session, draft, f"corrected {product.name}: {what}", by=by, at=at)
        record(session, draft, "changed a draft of a master formulation record", by=by, at=at,
               code=draft.code, version=draft.version, product=product.name, changed=clinical)  # fmt: skip


def digest_product(product: Product) -> str:
    """Return the digest of all that is recorded of a product."""
    return digest(_said(product))


def _ensure_shown(session: Session, product: Product, shown: str) -> None:
    """Refuse a correction of values that somebody else has corrected meanwhile."""
    if shown != digest_product(product):
        entries = list_product_entries(session, product)
        last = next((one for one, _ in reversed(entries) if one.action == _CORRECTED), None)
        raise Refusal(
            f"{last.person_name if last else 'Somebody'} corrected this product meanwhile. What you typed "
            "still stands below: open the product beside it, compare, and correct it again."
        )


def _said(product: Product) -> dict[str, Any]:
    return {name: getattr(product, name) for name in _COLUMNS}


def _ensure_in_use(product: Product) -> None:
    if product.retired_at is not None:
        raise Refusal(f"{product.name} is retired.")
