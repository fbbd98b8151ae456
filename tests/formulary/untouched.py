"""What a refusal in the formulary must leave alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.accounts.models import Signature
from pharmacy.attachments.models import Attachment
from pharmacy.audit.models import AuditEntry, StatusChange
from pharmacy.domain.errors import Refusal
from pharmacy.formulary.models import (
    Formula,
    FormulaEdit,
    FormulaStep,
    Product,
    ProductCode,
    StabilityReference,
    StabilityReview,
)

_KEPT = (
    *(Formula, FormulaEdit, FormulaStep, Product, ProductCode, StabilityReference, StabilityReview),
    *(Attachment, AuditEntry, Signature, StatusChange),
)


def fingerprint(session: Session) -> list[Any]:
    """Return every row of the formulary, and of what is written beside it."""
    rows = []
    for model in _KEPT:
        table = model.__table__
        columns = [column for column in table.columns if column.name != "content"]
        rows.append(session.execute(select(*columns).order_by(*table.primary_key)).all())
    return rows


def refused(session: Session, kind: type[Refusal], match: str, act: Callable[[], Any]) -> Refusal:
    """Assert that an act is refused with words, and that nothing of it stays once it is rolled back."""
    session.flush()
    session.expire_all()
    before = fingerprint(session)
    with session.begin_nested() as attempt:
        with pytest.raises(kind, match=match) as caught:
            act()
        assert type(caught.value) is kind
        attempt.rollback()
    session.expire_all()
    assert fingerprint(session) == before
    return caught.value
