"""What a printed paper is, whether it still holds, and what replaced it."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Site
from pharmacy.domain.formatting import moment
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.printing.models import PrintedPaper
from pharmacy.printing.queries import get_paper
from pharmacy.trace.queries import order_no_longer_holds


@dataclass(frozen=True)
class PaperState:
    """A paper with the sentence that says why it no longer holds, if it does not."""

    paper: PrintedPaper
    version: OrderVersion | None
    replaced: str | None


def get_paper_state(session: Session, serial: str, *, site_id: int) -> PaperState:
    """Return a paper and whether it was replaced, itself or by its order."""
    paper = get_paper(session, serial.strip().upper(), site_id=site_id)
    version = session.get(OrderVersion, paper.order_version_id) if paper.order_version_id else None
    return PaperState(paper, version, _why_replaced(session, paper, version))


def _why_replaced(session: Session, paper: PrintedPaper, version: OrderVersion | None) -> str | None:
    if paper.replaced_at:
        zone = ZoneInfo(session.get_one(Site, paper.site_id).time_zone)
        because = (paper.replaced_because or "").rstrip(".")
        return f"Replaced on {moment(paper.replaced_at, zone)}: {because}."
    if version is None:
        return None
    return order_no_longer_holds(version)
