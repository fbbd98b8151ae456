"""What the chart says about an order: results, weight, allergies, conditions, medicines (domain.md 8).

What is missing or old is a finding of its own: no result is not a normal result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from pharmacy.domain.findings import Finding, Severity
from pharmacy.domain.formatting import counted, number
from pharmacy.domain.lab_units import convert_lab
from pharmacy.domain.screening_facts import ChartFacts, Condition, LabResult, OrderFacts
from pharmacy.domain.screening_limits import AllergyWords, Hazard, LabLimits, ScreeningLimits


def check_kidney(
    order: OrderFacts, chart: ChartFacts, *, limits: ScreeningLimits, at: datetime
) -> list[Finding]:
    """Check the kidney: missing or old, flagged below soft, refused below hard without acknowledgement."""
    result, kidney = chart.egfr, limits.kidney
    if result is None:
        message = "No eGFR is recorded: magnesium leaves the body through the kidney. Obtain one."
        return [Finding("kidney", Severity.FLAG, message)]
    found = _check_age("kidney", "The eGFR", result.collected_at, valid_days=kidney.valid_days, at=at)
    shown = f"The eGFR is {number(result.value)}"
    if result.value < kidney.hard:
        below = f"{shown}, below {number(kidney.hard)}"
        if order.renal_acknowledgement.strip():
            message = f"{below}. The prescriber's acknowledgement: {order.renal_acknowledgement.strip()}"
            found.append(Finding("kidney", Severity.FLAG, message))
        else:
            message = f"{below}: the prescriber must acknowledge this before the order goes on."
            found.append(Finding("kidney", Severity.REFUSE, message))
    elif result.value < kidney.soft:
        message = f"{shown}, below {number(kidney.soft)}: magnesium can build up."
        found.append(Finding("kidney", Severity.FLAG, message))
    return found


def check_labs(chart: ChartFacts, *, limits: ScreeningLimits, at: datetime) -> list[Finding]:
    """Check the magnesium and potassium results: missing, old, critical, outside their own range."""
    return [
        *_check_lab("magnesium", chart.magnesium, limits.magnesium, too_high=Severity.REFUSE, at=at),
        *_check_lab("potassium", chart.potassium, limits.potassium, too_high=Severity.FLAG, at=at),
    ]


def _check_lab(
    analyte: str, result: LabResult | None, limits: LabLimits, *, too_high: Severity, at: datetime
) -> list[Finding]:
    rule, subject = f"{analyte} level", f"The {analyte} level"
    if result is None:
        return [Finding(rule, Severity.FLAG, f"No {analyte} level is recorded: obtain one.")]
    found = _check_age(rule, subject, result.collected_at, valid_days=limits.valid_days, at=at)
    shown = f"{subject} of {number(result.value)} {result.unit}"
    value = convert_lab(result.value, analyte=analyte, unit=result.unit, to=limits.unit)
    if value is None:
        message = f"{shown} is in a unit that cannot be compared: read it against the report."
        return [*found, Finding(rule, Severity.FLAG, message)]
    if value >= limits.critical_high:
        return [*found, Finding(rule, too_high, f"{shown} is critically high: call the prescriber.")]
    if value < limits.critical_low:
        return [*found, Finding(rule, Severity.FLAG, f"{shown} is critically low: call the prescriber.")]
    return found + _check_range(analyte, result, shown)


def _check_range(analyte: str, result: LabResult, shown: str) -> list[Finding]:
    rule = f"{analyte} level"
    if result.high is not None and result.value > result.high:
        message = f"{shown} is above its laboratory's range, which ends at {number(result.high)}."
        return [Finding(rule, Severity.FLAG, message)]
    if result.low is not None and result.value < result.low:
        # A low magnesium is why the order exists; a low potassium is not.
        severity = Severity.NOTE if analyte == "magnesium" else Severity.FLAG
        message = f"{shown} is below its laboratory's range, which begins at {number(result.low)}."
        return [Finding(rule, severity, message)]
    return []


def check_weight(chart: ChartFacts, *, limits: ScreeningLimits, at: datetime) -> list[Finding]:
    """Check that a body weight is recorded and not old."""
    if chart.weight is None:
        return [Finding("weight", Severity.FLAG, "No weight is recorded: obtain one.")]
    return _check_age(
        "weight", "The weight", chart.weight.taken_at, valid_days=limits.weight_valid_days, at=at
    )


def _check_age(rule: str, subject: str, taken: datetime, *, valid_days: int, at: datetime) -> list[Finding]:
    age = at - taken
    if age < timedelta(0):
        return [Finding(rule, Severity.FLAG, f"{subject} is dated after today: check the date.")]
    if age <= timedelta(days=valid_days):
        return []
    old, valid = counted(age.days, "day"), counted(valid_days, "day")
    message = f"{subject} is {old} old; after {valid} a new one is due."
    return [Finding(rule, Severity.FLAG, message)]


def check_allergies(order: OrderFacts, chart: ChartFacts, *, limits: ScreeningLimits) -> list[Finding]:
    """Check every allergy against everything in the bag, word by word."""
    if chart.allergies is None:
        message = "Nobody has asked about allergies. Not asked is not the same as none known: ask first."
        return [Finding("allergy", Severity.FLAG, message)]
    return [
        finding
        for allergy in chart.allergies
        for finding in _check_allergy(allergy, order.substances, limits.allergies)
    ]


def _check_allergy(allergy: str, substances: Iterable[str], known: AllergyWords) -> list[Finding]:
    """Judge one allergy by its worst match: what is in the bag, a part of it, or a word that looks alike."""
    words = _words(allergy)
    parts = {word for substance in substances for word in _words(substance)}
    whole = any(_words(substance) <= words for substance in substances)
    active = words & (parts - known.salts) and not words & known.other_salts
    if whole or active or words & known.other_names:
        message = f"Allergy to {allergy}: the bag holds {' and '.join(substances)}."
        return [Finding("allergy", Severity.REFUSE, message)]
    if words & parts:
        shared = " and ".join(sorted(words & parts))
        message = f"Allergy to {allergy}: {shared} is in the bag too. Ask what the reaction was to."
        return [Finding("allergy", Severity.FLAG, message)]
    if any(word.startswith(known.look_alike) for word in words):
        return [Finding("allergy", Severity.NOTE, f"Allergy to {allergy}: {known.look_alike_message}.")]
    return []


def _words(text: str) -> set[str]:
    """Split a name into its words, British and American spelling alike.

    >>> sorted(_words("Magnesium Sulphate (Epsom salts)"))
    ['epsom', 'magnesium', 'salts', 'sulfate']
    """
    return set(re.findall(r"[^\W\d_]+", text.casefold().replace("sulph", "sulf")))


def check_conditions(chart: ChartFacts, *, limits: ScreeningLimits) -> list[Finding]:
    """Check the conditions by word and by code, and a pregnancy however it is recorded."""
    conditions = list(chart.conditions)
    if chart.is_pregnant:
        conditions.append(Condition(code="", description="pregnancy"))
    return [
        Finding("condition", hazard.severity, f"{condition.description or condition.code}: {hazard.message}.")
        for hazard in limits.conditions
        for condition in conditions
        if _has_word(condition.description, hazard) or _has_code(condition.code, hazard)
    ]


def check_interactions(chart: ChartFacts, *, limits: ScreeningLimits) -> list[Finding]:
    """Check the medicines that the patient takes."""
    return [
        Finding("interaction", hazard.severity, f"{medicine} ({hazard.name}): {hazard.message}.")
        for hazard in limits.interactions
        for medicine in chart.medications
        if _has_word(medicine, hazard)
    ]


def _has_word(text: str, hazard: Hazard) -> bool:
    plain = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return any(f" {word} " in f" {plain} " for word in hazard.words)


def _has_code(code: str, hazard: Hazard) -> bool:
    plain = code.upper().replace(".", "").strip()
    return bool(plain) and plain.startswith(hazard.codes)


__all__ = [
    "check_allergies",
    "check_conditions",
    "check_interactions",
    "check_kidney",
    "check_labs",
    "check_weight",
]
