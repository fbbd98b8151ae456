"""Where stock may stand: the kinds of location, and whether a product fits one (domain.md 1.5, 4.1).

A temperature that a product is not labelled for is refused; what a person can judge on the spot is a warning.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class LocationKind(StrEnum):
    """What kind of place a location is."""

    ROOM = "room temperature"
    REFRIGERATOR = "refrigerator"
    FREEZER = "freezer"
    HIGH_ALERT = "segregated high-alert"
    QUARANTINE = "quarantine"


class StorageNeed(StrEnum):
    """At which temperature a product is kept, by its label."""

    ROOM = "room temperature, 20 to 25 °C"
    REFRIGERATOR = "refrigerator, 2 to 8 °C"
    FREEZER = "freezer, -25 to -10 °C"


@dataclass(frozen=True, slots=True)
class Fit:
    """Say whether stock may stand at a location: refused, to be accepted by a person, or neither."""

    refusal: str = ""
    warning: str = ""


_FITS = {
    StorageNeed.ROOM: {LocationKind.ROOM, LocationKind.HIGH_ALERT},
    StorageNeed.REFRIGERATOR: {LocationKind.REFRIGERATOR},
    StorageNeed.FREEZER: {LocationKind.FREEZER},
}


def judge_location(
    kind: LocationKind, *, product: str, need: StorageNeed | None, label: str, high_alert: bool
) -> Fit:
    """Judge a location for a product; `need` is None until somebody has said it, and `label` is quoted.

    A quarantine location takes everything: what stands there is not used.

    >>> judge_location(
    ...     LocationKind.ROOM, product="saline", need=StorageNeed.ROOM, label="", high_alert=False
    ... )
    Fit(refusal='', warning='')
    """
    if kind is LocationKind.QUARANTINE:
        return Fit()
    if need is not None and kind not in _FITS[need]:
        return Fit(refusal=f"{product} is kept at: {need.value}. This location is: {kind.value}.")
    warnings = []
    if need is None:
        warnings.append(
            f"Nobody has said yet how {product} is kept. Its record says: {label} "
            f"This location is: {kind.value}."
        )
    if high_alert and kind is LocationKind.ROOM:
        warnings.append(f"{product} is a high-alert drug and belongs into a segregated high-alert location.")
    if kind is LocationKind.HIGH_ALERT and not high_alert:
        warnings.append(f"This location is for high-alert drugs; {product} is none.")
    return Fit(warning=" ".join(warnings))


__all__ = ["Fit", "LocationKind", "StorageNeed", "judge_location"]
