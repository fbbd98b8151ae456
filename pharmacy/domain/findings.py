"""What a check found: the rule that speaks, how grave it is, and the sentence for the pharmacist.

Findings are never decisions: a flag goes on with a pharmacist's recorded reason, a refusal does not go on
(pumps.md 7, verdicts).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How grave a finding is, mildest first."""

    NOTE = "note"
    FLAG = "flag"
    REFUSE = "refuse"


class Verdict(StrEnum):
    """What all findings come to; notes leave it ok."""

    OK = "ok"
    FLAG = "flag"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one thing that a check found."""

    rule: str
    severity: Severity
    message: str


def refuse(rule: str, message: str) -> Finding:
    """Make a finding that does not go on."""
    return Finding(rule, Severity.REFUSE, message)


def find_verdict(findings: Iterable[Finding]) -> Verdict:
    """Sum findings up by the worst of them.

    >>> find_verdict([Finding("R3", Severity.NOTE, "..."), Finding("R7", Severity.FLAG, "...")])
    <Verdict.FLAG: 'flag'>
    """
    severities = {finding.severity for finding in findings}
    if Severity.REFUSE in severities:
        return Verdict.REFUSE
    return Verdict.FLAG if Severity.FLAG in severities else Verdict.OK


__all__ = ["Finding", "Severity", "Verdict", "find_verdict", "refuse"]
