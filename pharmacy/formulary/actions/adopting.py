"""Adopt reference data for a site by signing it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.actions import sign
from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.audit.chain import digest
from pharmacy.domain.errors import Refusal
from pharmacy.domain.reference_data import ReferenceEntry
from pharmacy.formulary.models import AdoptedEntry
from pharmacy.formulary.queries import find_adopted


def adopt_entry(
    session: Session, kind: str, entry: ReferenceEntry, *, password: str, by: Person, at: datetime
) -> AdoptedEntry:
    """Adopt a shipped entry of reference data for the site by signing it; an earlier version steps back."""
    ensure_may(by.role, Permission.APPROVE_FORMULAS)
    content = json.dumps(
        {"title": entry.title, "authored_by": entry.authored_by, "content": dict(entry.content)},
        sort_keys=True,
    )
    earlier = find_adopted(session, kind, entry.key, site_id=by.site_id)
    if earlier is not None and earlier.digest == digest(content):
        raise Refusal(f"{entry.title} is adopted already as it stands.")
    adopted = AdoptedEntry(
        site_id=by.site_id,
        kind=kind,
        key=entry.key,
        version=earlier.version + 1 if earlier else 1,
        content=content,
        digest=digest(content),
        source=entry.source,
        checked_by=entry.checked_by,
        reviewed_on=entry.reviewed_on,
        review_by=entry.review_by,
        in_force=False,
    )
    session.add(adopted)
    session.flush()
    adopted.signature = sign(session, adopted, meaning=f"Adoption of {entry.title}", content=_terms(adopted),
                             password=password, by=by, at=at)  # fmt: skip
    if earlier is not None:
        earlier.in_force = False
    adopted.in_force = True
    record(session, adopted, "adopted reference data", by=by, at=at,
           kind=kind, key=entry.key, version=adopted.version, digest=adopted.digest)  # fmt: skip
    return adopted


def _terms(adopted: AdoptedEntry) -> dict[str, Any]:
    names = ("kind", "key", "version", "content", "source", "checked_by", "reviewed_on", "review_by")
    return {name: getattr(adopted, name) for name in names}
