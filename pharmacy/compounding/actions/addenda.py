"""Correct a signed compounding record by an addendum: the record stays, the correction stands behind it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.audit.chain import canonical, digest
from pharmacy.compounding.models import RecordAddendum, SignedRecord, Worksheet
from pharmacy.compounding.queries import record_content
from pharmacy.domain.errors import InvalidInput, Refusal

ADDENDUM_MEANING = "Addendum to a compounding record: the record stays, this corrects it"
_ASKED = {
    "what": "which item of the record is corrected",
    "old_value": "what the record says",
    "new_value": "what is right",
    "reason": "the reason",
}


def keep_signed_record(session: Session, worksheet: Worksheet, *, at: datetime) -> SignedRecord:
    """Keep all that the record of a worksheet says at the instant of its release, under its digest."""
    if worksheet.release is None:
        raise Refusal("The record is kept when the release is signed.")
    content = canonical(record_content(worksheet))
    kept = SignedRecord(content=content, digest=digest(record_content(worksheet)),
                        signature=worksheet.release, at=at)  # fmt: skip
    worksheet.signed_record = kept
    return kept


def add_addendum(
    session: Session,
    worksheet: Worksheet,
    *,
    what: str,
    old_value: str,
    new_value: str,
    reason: str,
    password: str,
    by: Person,
    at: datetime,
) -> RecordAddendum:
    """Add a signed correction to a record: what it says, what is right, and why.

    Refuses before the release is signed, because until then the record itself is still written.
    """
    ensure_may(by.role, Permission.COMPOUND)
    if worksheet.release is None:
        raise Refusal("The record is still open; an addendum corrects one whose release is signed.")
    told = {"what": what, "old_value": old_value, "new_value": new_value, "reason": reason}
    for name, text in told.items():
        if not text.strip():
            raise InvalidInput(f"Enter {_ASKED[name]}.", field=name)
    if old_value.strip() == new_value.strip():
        raise InvalidInput("What is right should differ from what the record says.", field="new_value")
    said = {name: text.strip() for name, text in told.items()}
    content = {"worksheet": worksheet.serial, "record": worksheet.release.digest} | said
    signature = sign(session, worksheet, meaning=ADDENDUM_MEANING, content=content, password=password,
                     by=by, at=at)  # fmt: skip
    addendum = RecordAddendum(**said, signature=signature, at=at)
    worksheet.addenda.append(addendum)
    record(session, addendum, "added an addendum", by=by, at=at, reason=said["reason"],
           worksheet=worksheet.serial, what=said["what"], was=said["old_value"],
           became=said["new_value"], digest=signature.digest)  # fmt: skip
    return addendum
