"""Rows that several documents have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labels.blocks import Block, Column, Heading, Table
from labels.cells import Code, Line, Words
from labels.drawing import Type

DIGEST = Type(7.5)


@dataclass(frozen=True, kw_only=True)
class Signature:
    """An electronic signature as it must be shown: printed name, meaning, time and the digest it seals."""

    name: str
    meaning: str
    signed_at: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check that was made: what, what was found, by whom and when."""

    check: str
    result: str
    by: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """A line of arithmetic: what is worked out, how, and what comes out."""

    what: str
    working: str
    result: str


def signatures(rows: Sequence[Signature]) -> tuple[Block, ...]:
    """Return the section that shows electronic signatures; none where there is none yet."""
    if not rows:
        return ()
    return (
        Heading("Electronic signatures"),
        Table(
            "signatures",
            (
                Column("Name", 1.3),
                Column("Meaning", 1.3),
                Column("Date and time", 1.4),
                Column("Digest of what was signed", 2),
            ),
            tuple((row.name, row.meaning, row.signed_at, Code(row.digest, DIGEST)) for row in rows),
        ),
    )


def lines_to_sign(roles: Sequence[str], *, title: str = "Signatures") -> tuple[Block, ...]:
    """Return a section of lines to sign by hand, one for each role."""
    columns = (
        Column("", 1.5),
        Column("Printed name", 1.5),
        Column("Signature", 1.5),
        Column("Date and time", 1.2),
    )
    rows = tuple((role, Line(), Line(), Line()) for role in roles)
    return (Heading(title), Table("signature lines", columns, rows))


def checks(rows: Sequence[Check], *, title: str) -> tuple[Block, ...]:
    """Return the section that lists checks and their results."""
    return (
        Heading(title),
        Table(
            title.lower(),
            (Column("Check", 2), Column("Result", 1.8), Column("By", 1.2), Column("Date and time", 1.1)),
            tuple((row.check, row.result, row.by, row.at) for row in rows),
        ),
    )


def arithmetic(rows: Sequence[Step], *, title: str = "Calculations") -> tuple[Block, ...]:
    """Return the section that shows the arithmetic line by line."""
    return (
        Heading(title),
        Table(
            title.lower(),
            (Column("What", 1.4), Column("Working", 2.4), Column("Result", 1.2)),
            tuple((row.what, row.working, Words(row.result, Type(9, bold=True))) for row in rows),
        ),
    )
