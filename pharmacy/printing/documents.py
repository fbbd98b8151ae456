"""The one place where a refusal of paper becomes the user's."""

from __future__ import annotations

from collections.abc import Callable

from labels.errors import CannotPrint
from pharmacy.domain.errors import Refusal


def drawn(draw: Callable[[], bytes]) -> bytes:
    """Draw a paper; what cannot be printed as it is becomes a refusal that names the field."""
    try:
        return draw()
    except CannotPrint as refusal:
        raise Refusal(
            f"Nothing was printed. {refusal.sentence}", field=refusal.field.replace(" ", "_")
        ) from None
