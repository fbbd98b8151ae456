"""Every write of the formulary: one function for each intent."""

from __future__ import annotations

from pharmacy.formulary.actions.adopting import adopt_entry
from pharmacy.formulary.actions.approving import (
    accept_delivered_part,
    approve_formula,
    retire_formula,
    say_delivered,
    signed_content,
)
from pharmacy.formulary.actions.writing import (
    FormulaEntry,
    StepEntry,
    draft_formula,
    edit_formula,
    write_formula,
    write_version,
)

__all__ = [
    "FormulaEntry",
    "StepEntry",
    "accept_delivered_part",
    "adopt_entry",
    "approve_formula",
    "draft_formula",
    "edit_formula",
    "retire_formula",
    "say_delivered",
    "signed_content",
    "write_formula",
    "write_version",
]
