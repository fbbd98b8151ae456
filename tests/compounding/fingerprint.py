"""What a refusal must leave alone: audit, statuses, papers, labels, inspections, signatures and stock."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Signature
from pharmacy.attachments.models import Attachment
from pharmacy.audit.models import AuditEntry, AuditHead
from pharmacy.compounding.models import (
    Bag,
    BagComponent,
    BagLabelCopy,
    Complaint,
    Deviation,
    DeviationBag,
    DeviationLot,
    DeviationNote,
    Inspection,
    ProposedLot,
    RecordAddendum,
    Rework,
    Scan,
    Shortening,
    SignedRecord,
    VolumeCheck,
    Worksheet,
)
from pharmacy.domain.errors import Refusal
from pharmacy.inventory.models import (
    CountSheet,
    CountSheetLine,
    Lot,
    OpenedContainer,
    Receipt,
    ReceiptEntry,
    StockCount,
    StockLocation,
    StockMovement,
    StockPolicy,
    StockRule,
)
from pharmacy.printing.models import PrintedPaper

_COUNTED = (
    *(AuditEntry, BagComponent, BagLabelCopy, Inspection, Lot, OpenedContainer, PrintedPaper, ProposedLot),
    *(Scan, Shortening, Signature, StockMovement, VolumeCheck, Worksheet),
    *(CountSheet, CountSheetLine, Receipt, ReceiptEntry, StockCount, StockLocation, StockPolicy, StockRule),
    *(Attachment, Complaint, Deviation, DeviationBag, DeviationLot, DeviationNote, RecordAddendum),
    *(Rework, SignedRecord),
)


def fingerprint(session: Session) -> list[Any]:
    """Return all that must be the same before and after a refusal."""
    session.flush()
    counts = [session.scalar(select(func.count()).select_from(model)) for model in _COUNTED]
    head = session.scalar(select(AuditHead.number))
    statuses = session.execute(select(Bag.id, Bag.status, Bag.beyond_use_at).order_by(Bag.id)).all()
    worksheets = session.execute(
        select(Worksheet.id, Worksheet.status, Worksheet.check_id, Worksheet.started_at, Worksheet.release_id)
    ).all()
    stock = [
        *session.execute(select(Lot.id, Lot.status, Lot.expires_at).order_by(Lot.id)).all(),
        *session.execute(
            select(OpenedContainer.id, OpenedContainer.left_ml, OpenedContainer.held_by_id).order_by(
                OpenedContainer.id
            )
        ).all(),
        *session.execute(select(StockCount.id, StockCount.status, StockCount.counted_again)).all(),
        *session.execute(select(StockLocation.name, StockLocation.kind, StockLocation.closed_at)).all(),
        *session.execute(select(CountSheet.id, CountSheet.closed_at)).all(),
        *session.execute(select(StockRule.id, StockRule.storage, StockRule.reorder_level)).all(),
    ]
    labels = session.execute(
        select(BagLabelCopy.id, BagLabelCopy.applied_at, BagLabelCopy.destroyed_at).order_by(BagLabelCopy.id)
    ).all()
    quality = [
        *session.execute(
            select(Deviation.id, Deviation.status, Deviation.cause).order_by(Deviation.id)
        ).all(),
        *session.execute(select(DeviationBag.id, DeviationBag.disposition).order_by(DeviationBag.id)).all(),
        *session.execute(select(Rework.id, Rework.done_at).order_by(Rework.id)).all(),
    ]
    return [counts, head, statuses, worksheets, labels, stock, quality]


def last_entry(session: Session) -> AuditEntry:
    """Return the newest entry of the audit record."""
    found = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert found is not None
    return found


def refused(session: Session, kind: type[Refusal], match: str, act: Callable[[], Any]) -> Refusal:
    """Assert that an act is refused with words, and that nothing changed."""
    before = fingerprint(session)
    with pytest.raises(kind, match=match) as caught:
        act()
    assert type(caught.value) is kind
    assert fingerprint(session) == before
    return caught.value
