"""What a document needs before a single line of it is drawn."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from labels.errors import CannotPrint
from labels.fonts import ensure_printable

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

D = TypeVar("D", bound="DataclassInstance")


@dataclass(frozen=True, kw_only=True)
class Printed:
    """What every document and label carries: whose it is, which one it is and which copy.

    `notice` is printed on every page where it is not empty (`Sample pharmacy, not for patient use`).
    """

    pharmacy_name: str
    pharmacy_address: str
    pharmacy_phone: str
    document_serial: str
    copy: str
    printed_at: str
    notice: str = ""


def finished(document: D) -> D:
    """Return the document in NFC, or refuse a text that is blank or holds what cannot be printed.

    A field with a default may be empty; every other one must say something. The refusal names the field, and
    for a row of a table its number.
    """
    return cast(D, _finished(document, field=""))


def _finished(value: Any, *, field: str, may_be_empty: bool = False) -> Any:
    if isinstance(value, str):
        if not value.strip() and not may_be_empty:
            raise CannotPrint(f"The {field} is missing.", field=field)
        return ensure_printable(value, field=field) if value.strip() else ""
    if isinstance(value, tuple):
        if not value and not may_be_empty:
            raise CannotPrint(f"The {field} are missing.", field=field)
        return tuple(
            _finished(item, field=f"{field} {row}".strip()) for row, item in enumerate(value, start=1)
        )
    if is_dataclass(value) and not isinstance(value, type):
        return _finished_record(value, field=field)
    return value


def _finished_record(record: DataclassInstance, *, field: str) -> DataclassInstance:
    texts = {}
    for one in fields(record):
        words = one.name.replace("_", " ")
        texts[one.name] = _finished(
            getattr(record, one.name),
            field=f"{field}, {words}" if field else words,
            may_be_empty=one.default is not MISSING,
        )
    return replace(record, **texts)
