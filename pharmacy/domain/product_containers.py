"""The containers that products come in, and the clock that each starts when it is opened (domain.md 1.3)."""

from __future__ import annotations

from enum import StrEnum

from pharmacy.domain.opened_containers import ContainerKind


class ProductContainer(StrEnum):
    """What a product is sold in, as its label names it."""

    SINGLE_DOSE_VIAL = "single-dose vial"
    MULTIPLE_DOSE_VIAL = "multiple-dose vial"
    BULK_PACKAGE = "pharmacy bulk package"
    AMPULE = "ampule"
    BAG = "bag"
    PREMIXED_BAG = "premixed bag"


_OPENED_AS = {
    ProductContainer.MULTIPLE_DOSE_VIAL: ContainerKind.MULTIPLE_DOSE,
    ProductContainer.BULK_PACKAGE: ContainerKind.BULK_PACKAGE,
    ProductContainer.AMPULE: ContainerKind.AMPULE,
}


def opened_as(container: ProductContainer) -> ContainerKind:
    """Return the kind of opened container that a product becomes in ISO 5 air.

    What has no preservative and no rule of its own is single-dose.

    >>> opened_as(ProductContainer.BAG).value, opened_as(ProductContainer.BULK_PACKAGE).value
    ('single-dose in ISO 5', 'pharmacy bulk package in ISO 5')
    """
    return _OPENED_AS.get(container, ContainerKind.SINGLE_DOSE)


def needs_label_hours(container: ProductContainer) -> bool:
    """Tell whether only the label says how long an opened container may be used (domain.md 1.3)."""
    return container is ProductContainer.BULK_PACKAGE


__all__ = ["ProductContainer", "needs_label_hours", "opened_as"]
