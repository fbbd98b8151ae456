"""Whether a record still says what was signed: what was added since is told, what was changed is found.

A signed record is a tree of mappings, lists and plain values. Rows are only ever added behind those that were
signed, so a list holds when it begins with what was signed (domain.md 2.2: immutable after verification).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def list_changed(signed: Any, present: Any) -> list[str]:
    """List the places at which a record no longer says what was signed, in words.

    >>> list_changed({"scans": ["lot A"]}, {"scans": ["lot A", "lot B"]})
    []
    >>> list_changed({"scans": ["lot A"]}, {"scans": ["lot C"]})
    ['scans, 1']
    """
    return list(_changed(signed, present, ""))


def _changed(signed: Any, present: Any, place: str) -> Iterator[str]:
    if isinstance(signed, Mapping) and isinstance(present, Mapping):
        for name, value in signed.items():
            yield from _changed(value, present.get(name), _join(place, str(name)))
    elif _is_list(signed) and _is_list(present):
        for number, value in enumerate(signed):
            if number >= len(present):
                yield _join(place, f"{number + 1} is missing")
            else:
                yield from _changed(value, present[number], _join(place, str(number + 1)))
    elif signed != present:
        yield place or "the record"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _join(place: str, name: str) -> str:
    words = name.replace("_", " ")
    return f"{place}, {words}" if place else words


__all__ = ["list_changed"]
