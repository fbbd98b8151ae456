"""Write master formulation records: a new one, a new version of one, and the changes of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import begin_life, record
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.local_time import to_local
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.statuses import FormulaStatus
from pharmacy.formulary.actions.completeness import ensure_draft, ensure_workable
from pharmacy.formulary.models import Formula, FormulaEdit, FormulaStep, StabilityReference
from pharmacy.formulary.queries import find_newest_version, get_product, list_versions_of


@dataclass(frozen=True, kw_only=True)
class StepEntry:
    """Hold one instruction as it was written."""

    instruction: str
    stage: Stage
    photo: bool


@dataclass(frozen=True, kw_only=True)
class FormulaEntry:
    """Hold a record as it was written, each field under the name of its column."""

    name: str
    dosage_form: str
    route: str
    dose_mg: Decimal
    additive_id: int
    diluent_id: int
    method: str
    fill_ml: Decimal | None
    pool_vials: bool
    delivery_basis: str
    prime_ml: Decimal
    residual_ml: Decimal
    prime_by_pump: bool
    category: str
    sterilisation: str
    sterility_tested: bool
    nonsterile_components: bool
    storage: str
    storage_words: str
    house_limit_days: int | None
    weight_tolerance_percent: Decimal | None
    container_closure: str
    container_ml: Decimal | None
    materials: str
    equipment: str
    supplies: str
    description: str
    ph_and_tonicity: str
    quality_checks: str
    precautions: str
    auxiliary_labels: str
    premix_reason: str
    changes: str
    effective_on: date
    review_by: date
    steps: tuple[StepEntry, ...]


_COLUMNS = tuple(field.name for field in fields(FormulaEntry) if field.name != "steps")


def write_formula(session: Session, code: str, entry: FormulaEntry, *, by: Person, at: datetime) -> Formula:
    """Write the first version of a new record; refuses a code that another record has."""
    ensure_may(by.role, Permission.WRITE_FORMULAS)
    if find_newest_version(session, code, site_id=by.site_id) is not None:
        raise InvalidInput(
            f"{code} is recorded already; open it and write a new version of it.", field="code"
        )
    formula = Formula(code=code, version=1)
    _take_over(session, formula, entry, by=by, at=at)
    return draft_formula(session, formula, by=by, at=at)


def write_version(
    session: Session, old: Formula, entry: FormulaEntry, *, by: Person, at: datetime
) -> Formula:
    """Write the next version of a record; it keeps the stability references of `old` until they are changed.

    Refuses one that does not say what changed and why, and a second draft beside one that waits.
    """
    ensure_may(by.role, Permission.WRITE_FORMULAS)
    versions = list_versions_of(session, old)
    waiting = next((one for one in versions if one.status is FormulaStatus.DRAFT), None)
    if waiting is not None:
        raise Refusal(f"Version {waiting.version} of {old.code} is a draft already; change that one.")
    if not entry.changes:
        raise InvalidInput("Say what this version changes and why.", field="changes")
    formula = Formula(code=old.code, version=versions[0].version + 1)
    _take_over(session, formula, entry, by=by, at=at)
    formula.stability = [_copy(one) for one in old.stability]
    return draft_formula(session, formula, by=by, at=at)


def draft_formula(session: Session, formula: Formula, *, by: Person, at: datetime) -> Formula:
    """Keep a master formulation record as a draft; refuses one that nobody could work by."""
    ensure_may(by.role, Permission.WRITE_FORMULAS)
    formula.site_id, formula.status = by.site_id, FormulaStatus.DRAFT
    formula.author_id, formula.written_at, formula.revision = by.id, at, 1
    for one in formula.stability:
        if one.entered_by_id is None:
            one.entered_by_id, one.entered_at = by.id, at
    session.add(formula)
    session.flush()
    ensure_workable(formula)
    begin_life(session, formula, by=by, at=at)
    _note(session, formula, "wrote it", by=by, at=at)
    record(session, formula, "wrote a master formulation record", by=by, at=at,
           code=formula.code, version=formula.version)  # fmt: skip
    return formula


def edit_formula(
    session: Session, formula: Formula, entry: FormulaEntry, *, revision: int, by: Person, at: datetime
) -> Formula:
    """Change a draft; an acceptance of what its bag delivers is void afterwards, and signed again.

    `revision` is the one that was changed: who worked on an older one is told who was faster.
    """
    ensure_may(by.role, Permission.WRITE_FORMULAS)
    ensure_draft(formula)
    ensure_revision(formula, revision)
    before = _said(formula)
    _take_over(session, formula, entry, by=by, at=at)
    if formula.version > 1 and not formula.changes:
        raise InvalidInput("Say what this version changes and why.", field="changes")
    session.flush()
    ensure_workable(formula)
    after = _said(formula)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changed:
        raise Refusal("Nothing was changed, so nothing was saved.")
    touch(session, formula, f"changed {', '.join(changed).replace('_', ' ')}", by=by, at=at)
    record(session, formula, "changed a draft of a master formulation record", by=by, at=at,
           code=formula.code, version=formula.version, changed=changed)  # fmt: skip
    return formula


def ensure_revision(
    formula: Formula,
    revision: int,
    *,
    then: str = "What you typed still stands below: open the draft beside it, compare, and save again.",
) -> None:
    """Refuse what somebody does to a draft that was changed meanwhile; `then` is what they do next."""
    if revision != formula.revision:
        last = formula.edits[-1]
        raise Refusal(f"{last.person.name} saved this draft meanwhile ({last.what}). {then}")


def touch(session: Session, formula: Formula, what: str, *, by: Person, at: datetime) -> None:
    """Count one more saving of a draft by a person; an acceptance of an earlier one is void."""
    formula.revision += 1
    formula.delivered_acceptance = None
    _note(session, formula, what, by=by, at=at)


def _note(session: Session, formula: Formula, what: str, *, by: Person, at: datetime) -> None:
    formula.edits.append(FormulaEdit(revision=formula.revision, person_id=by.id, at=at, what=what))
    session.flush()


def _take_over(session: Session, formula: Formula, entry: FormulaEntry, *, by: Person, at: datetime) -> None:
    if entry.review_by <= to_local(at, ZoneInfo(by.site.time_zone)).date():
        raise InvalidInput("The review should be after today.", field="review_by")
    for name in _COLUMNS:
        setattr(formula, name, getattr(entry, name))
    formula.additive = get_product(session, entry.additive_id, site_id=by.site_id)
    formula.diluent = get_product(session, entry.diluent_id, site_id=by.site_id)
    _take_over_steps(formula, entry.steps)


def _take_over_steps(formula: Formula, steps: Sequence[StepEntry]) -> None:
    """Write the steps into the rows that are there, one after the other; what is left over goes."""
    kept = formula.steps[: len(steps)]
    kept += [FormulaStep(position=place) for place in range(len(kept) + 1, len(steps) + 1)]
    for row, step in zip(kept, steps, strict=True):
        row.instruction, row.stage, row.photo = step.instruction, step.stage, step.photo
    formula.steps = kept


def _copy(one: StabilityReference) -> StabilityReference:
    """Copy a reference as it stands now, with its document and who entered it."""
    names = (
        *("storage", "days", "hours", "reference", "container", "least_mg_per_ml", "most_mg_per_ml"),
        *("attachment_id", "entered_by_id", "entered_at"),
    )
    return StabilityReference(review_by=one.good_until, **{name: getattr(one, name) for name in names})


def _said(formula: Formula) -> dict[str, Any]:
    steps = [[step.instruction, step.stage.value, step.photo] for step in formula.steps]
    return {name: getattr(formula, name) for name in _COLUMNS} | {"steps": steps}
