"""Printing is an act: it takes a serial, counts the copy, asks why for a second one, and keeps the bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.audit.actions import record
from pharmacy.domain.barcodes import make_serial
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import moment
from pharmacy.printing.models import PrintedPaper
from pharmacy.printing.queries import count_copies


@dataclass(frozen=True)
class PaperMark:
    """Hold what every paper bears: serial, copy, when and by whom it was printed, the site's notice."""

    serial: str
    copy: str
    printed_at: str
    printed_by: str
    notice: str


def next_serial(session: Session, model: Any, prefix: str) -> str:
    """Return the next serial of a kind of record; writers are served one after the other, so it is free."""
    session.flush()
    return make_serial(prefix, (session.scalar(select(func.max(model.id))) or 0) + 1)


def print_paper(
    session: Session,
    subject: Any,
    *,
    kind: str,
    render: Callable[[PaperMark], bytes],
    patient_id: int | None,
    order_version_id: int | None,
    reason: str | None,
    by: Person,
    at: datetime,
) -> PrintedPaper:
    """Print a document of a record and keep exactly what was printed; a second copy needs a reason."""
    copies = count_copies(session, kind, subject.__tablename__, subject.id)
    if copies and not reason:
        raise InvalidInput(
            f"This was printed already ({copies}). Give the reason for another copy.", field="reason"
        )
    mark = PaperMark(
        serial=next_serial(session, PrintedPaper, "D"),
        copy="Copy 1" if not copies else f"Copy {copies + 1}: {reason}",
        printed_at=moment(at, ZoneInfo(by.site.time_zone)),
        printed_by=by.name,
        notice=by.site.notice,
    )
    content = render(mark)
    paper = PrintedPaper(
        site_id=by.site_id,
        serial=mark.serial,
        kind=kind,
        record_type=subject.__tablename__,
        record_id=subject.id,
        patient_id=patient_id,
        order_version_id=order_version_id,
        copy_number=copies + 1,
        reason=reason,
        digest=sha256(content).hexdigest(),
        content=content,
        printed_by_id=by.id,
        printed_at=at,
    )
    session.add(paper)
    record(session, subject, f"printed {kind}", by=by, at=at, reason=reason,
           serial=mark.serial, copy=copies + 1, digest=paper.digest)  # fmt: skip
    return paper


def replace_paper(session: Session, paper: PrintedPaper, *, because: str, by: Person, at: datetime) -> None:
    """Mark a paper as replaced, so that its barcode says so wherever it is scanned."""
    paper.replaced_at, paper.replaced_because = at, because
    record(session, paper, "replaced a printed paper", by=by, at=at, reason=because, serial=paper.serial)
