"""What every paper of this room bears."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from labels.rows import Signature, Step
from pharmacy.accounts import models
from pharmacy.accounts.models import Site
from pharmacy.domain.formatting import moment
from pharmacy.formulary.models import Product
from pharmacy.printing.actions import PaperMark
from pharmacy.printing.documents import drawn


def imprint(site: Site, mark: PaperMark) -> dict[str, Any]:
    """Return the pharmacy, the paper's serial, its copy, when and by whom it was printed, and the notice."""
    return {
        "pharmacy_name": site.name,
        "pharmacy_address": site.address,
        "pharmacy_phone": site.phone_24_hour,
        "document_serial": mark.serial,
        "copy": mark.copy,
        "printed_at": f"{mark.printed_at} by {mark.printed_by}",
        "notice": mark.notice,
    }


def signatures(found: Iterable[models.Signature | None], zone: ZoneInfo) -> tuple[Signature, ...]:
    """Return signatures as they are printed: name, meaning, time and digest."""
    return tuple(
        Signature(
            name=one.printed_name,
            meaning=one.meaning,
            signed_at=moment(one.signed_at, zone),
            digest=one.digest,
        )
        for one in found
        if one is not None
    )


def steps(working: str) -> tuple[Step, ...]:
    """Set a kept working in columns, line by line: what is worked out, how, and what comes out.

    >>> steps("Additive: 2,000 mg ÷ 500 mg/mL = 4 mL.")[0]
    Step(what='Additive', working='2,000 mg ÷ 500 mg/mL', result='4 mL')
    """
    return tuple(_step(line.rstrip(".")) for line in working.splitlines() if line.strip())


def _step(line: str) -> Step:
    what, colon, rest = line.partition(": ")
    how, equals, result = (rest if colon else line).rpartition(" = ")
    if equals:
        return Step(what=what if colon else "Amount", working=how, result=result)
    # A line without an equation says what is done and, after the colon, what comes of it.
    return Step(what="Mixing", working=what, result=rest or "done")


def product_code(product: Product) -> str:
    """Return the code that is printed on a product, as its NDC is written."""
    shown = {code.system: code.shown for code in product.codes_in_use}
    return shown.get("ndc") or next(iter(shown.values()), "no code recorded")


__all__ = ["drawn", "imprint", "product_code", "signatures", "steps"]
