"""Why stock is changed by hand, and when a second person has to confirm it (domain.md 4.1, 5)."""

from __future__ import annotations

from enum import StrEnum

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import counted


class ChangeReason(StrEnum):
    """Why the number of containers on the shelf is not what was booked."""

    BROKEN = "broken"
    LOST = "lost"
    FOUND = "found"
    EXPIRED = "expired, removed"
    RETURNED = "returned to the supplier"
    RECEIVED_TOO_MANY = "receiving was booked too high"
    RECEIVED_TOO_FEW = "receiving was booked too low"
    DESTROYED = "destroyed"


_ADDS = frozenset({ChangeReason.FOUND, ChangeReason.RECEIVED_TOO_FEW})
# What leaves no trace outside the record: for these a second person looks where the stock is watched.
_UNSEEN = frozenset(
    {ChangeReason.LOST, ChangeReason.FOUND, ChangeReason.RECEIVED_TOO_MANY, ChangeReason.RECEIVED_TOO_FEW}
)


def signed_change(reason: ChangeReason, containers: int) -> int:
    """Return by how many containers a reason changes the stock: up for what was found, else down.

    >>> signed_change(ChangeReason.FOUND, 2), signed_change(ChangeReason.BROKEN, 2)
    (2, -2)
    """
    if containers < 1:
        raise InvalidInput("Enter at least 1 container.", field="containers")
    return containers if reason in _ADDS else -containers


def ensure_explains(reason: ChangeReason, difference: int) -> None:
    """Refuse a reason that goes the other way than the difference of a count."""
    if difference and (reason in _ADDS) is not (difference > 0):
        way = "more" if difference > 0 else "fewer"
        raise InvalidInput(
            f"{counted(abs(difference), 'container')} {way} than booked cannot be: {reason.value}.",
            field="reason_code",
        )


def is_large(containers: int, *, high_alert: bool, limit: int | None) -> bool:
    """Tell whether a second person confirms a difference: of a high-alert drug, or above the limit.

    Where the site has set no limit, every difference counts as large.

    >>> is_large(-2, high_alert=False, limit=2), is_large(3, high_alert=False, limit=2)
    (False, True)
    """
    return high_alert or limit is None or abs(containers) > limit


def needs_witness(reason: ChangeReason, containers: int, *, high_alert: bool, limit: int | None) -> bool:
    """Tell whether a change needs a witness: to destroy always, else where it is large and left no trace.

    Of a high-alert drug, whatever the reason is, more than one person may settle alone needs one too.
    """
    if reason is ChangeReason.DESTROYED:
        return True
    if reason in _UNSEEN:
        return is_large(containers, high_alert=high_alert, limit=limit)
    return high_alert and is_large(containers, high_alert=False, limit=limit)


__all__ = ["ChangeReason", "ensure_explains", "is_large", "needs_witness", "signed_change"]
