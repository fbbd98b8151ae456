"""The life of a record: a table of the moves that are allowed, and one function that makes a move."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pharmacy.domain.errors import Refusal

Moves = Mapping[StrEnum, frozenset[StrEnum]]


def ensure_move(moves: Moves, current: StrEnum, to: StrEnum, *, what: str) -> None:
    """Refuse a move that the table does not list.

    `what` names the record for the sentence, as "an order".
    """
    if to not in moves[current]:
        raise Refusal(f"{what[0].upper()}{what[1:]} that is {say(current)} cannot become {say(to)}.")


def say(status: StrEnum) -> str:
    """Say a status in words: its value with blanks."""
    return status.value.replace("_", " ")
