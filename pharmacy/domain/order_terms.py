"""What an order must say before anybody can verify it, and that it agrees with its formula (domain.md 6.1).

Missing rate, duration or diluent is a question to the prescriber, never a default. Every problem is found, so
that the person who types the order is told all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import day, dose, quantity
from pharmacy.domain.frequency import Frequency, WeeklyOn, parse_frequency, shortest_gap_hours
from pharmacy.domain.frequency_types import WEEKDAY_NAMES
from pharmacy.domain.routes import Route
from pharmacy.domain.wording import advise_on_wording

# How a prescription reaches a pharmacy; only a spoken one needs to be read back.
TELEPHONE = "telephone"
RECEIVED_WAYS = ("electronic prescription", "fax", "paper", TELEPHONE)
_ICD_10_CM = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?", re.ASCII)
_REQUIRED_TEXTS = (
    ("diagnosis_code", "the diagnosis code"),
    ("diagnosis", "the diagnosis in words"),
    ("frequency_as_written", "the frequency as it was written"),
)
# Read beside the drug's directions. A title of literature is other people's words and stays as it is.
_CLINICAL_TEXTS = ("diagnosis", "off_label_reason")


@dataclass(frozen=True, kw_only=True)
class OrderTerms:
    """Hold an order's coded fields: doses in mg, volumes in mL, `anchor` and `effective` clock times at home.

    `anchor` is the first dose, day 1 of the frequency; `effective` is from when the order holds.
    """

    dose_mg: Decimal
    diluent_volume_ml: Decimal
    route: str
    infusion_hours: Decimal
    sites: int
    device: str
    frequency_as_written: str
    anchor: datetime
    effective: datetime
    bags_authorised: int
    diagnosis_code: str
    diagnosis: str
    off_label_reason: str
    literature: str
    written_on: date
    expires_on: date
    received_how: str
    read_back: bool


@dataclass(frozen=True, slots=True)
class FormulaTerms:
    """Hold what a formula makes, for comparison with an order."""

    name: str
    dose_mg: Decimal
    diluent_volume_ml: Decimal
    route: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Name a field of an order and say what is wrong with it."""

    field: str
    sentence: str


def find_problems(terms: OrderTerms, formula: FormulaTerms, *, today: date) -> list[Problem]:
    """Find everything that stands in the way of keeping an order; `today` is the date at the pharmacy."""
    return [
        *_missing(terms),
        *_against_formula(terms, formula),
        *_in_time(terms),
        *_dates(terms, today=today),
        *_received(terms.received_how, read_back=terms.read_back),
        *_wording(terms),
    ]


def ensure_no_problem(problems: list[Problem]) -> None:
    """Refuse with the first problem, naming its field."""
    if problems:
        raise InvalidInput(problems[0].sentence, field=problems[0].field)


def read_frequency(text: str) -> Frequency:
    """Read the frequency of an order; raises InvalidInput for the field `frequency_as_written`."""
    try:
        return parse_frequency(text, field="The frequency")
    except InvalidInput as refusal:
        raise InvalidInput(refusal.sentence, field="frequency_as_written") from None


def find_timing_problems(
    frequency_as_written: str, infusion_hours: Decimal, *, anchor: datetime, effective: datetime
) -> list[Problem]:
    """Find what is wrong with a frequency, its infusion time and the date-times from which it counts."""
    try:
        frequency = read_frequency(frequency_as_written)
    except InvalidInput as refusal:
        return [Problem("frequency_as_written", refusal.sentence)]
    found = []
    gap = shortest_gap_hours(frequency, infusion_hours=infusion_hours)
    if infusion_hours > gap:
        found.append(
            Problem(
                "infusion_hours",
                f"An infusion of {quantity(infusion_hours, 'h')} would still run when the next is due: "
                f"{frequency.text} leaves {quantity(gap, 'h')}.",
            )
        )
    if isinstance(frequency, WeeklyOn) and anchor.weekday() not in frequency.weekdays:
        first = WEEKDAY_NAMES[anchor.weekday()]
        found.append(
            Problem("anchor", f"The first dose is on a {first}, which is no day of {frequency.text}.")
        )
    if effective > anchor:
        found.append(Problem("effective", "The order cannot take effect after its first dose."))
    return found


def find_received_problems(received_how: str, *, read_back: bool) -> list[Problem]:
    """Find what is wrong with how an order or its change was received."""
    return list(_received(received_how, read_back=read_back))


def _missing(terms: OrderTerms) -> Iterator[Problem]:
    for field, words in _REQUIRED_TEXTS:
        if not getattr(terms, field).strip():
            yield Problem(field, f"Enter {words}.")
    code = terms.diagnosis_code.strip()
    if code and not _ICD_10_CM.fullmatch(code):
        yield Problem("diagnosis_code", "Enter the ICD-10-CM code of the diagnosis, such as E83.42.")
    if terms.route == Route.SUBCUTANEOUS and not terms.off_label_reason.strip():
        yield Problem("off_label_reason", "Enter why the drug is given subcutaneously, off its label.")
    if terms.route == Route.SUBCUTANEOUS and not terms.literature.strip():
        yield Problem("literature", "Enter the literature that the off-label route rests on.")
    if terms.sites < 1:
        yield Problem("sites", "Enter the number of infusion sites, 1 or more.")
    if terms.bags_authorised < 1:
        yield Problem("bags_authorised", "Enter how many bags are authorised, 1 or more.")
    if terms.infusion_hours <= 0:
        yield Problem("infusion_hours", "Enter the hours that one infusion runs.")


def _against_formula(terms: OrderTerms, formula: FormulaTerms) -> Iterator[Problem]:
    """Compare with the formula: the bag is made from it, whatever the order says."""
    instead = "Ask the prescriber, or choose another formula."
    if terms.dose_mg != formula.dose_mg:
        yield Problem(
            "dose",
            f"The order says {dose(terms.dose_mg)}, but the formula makes {dose(formula.dose_mg)}. {instead}",
        )
    if terms.diluent_volume_ml != formula.diluent_volume_ml:
        ordered, made = (quantity(one, "mL") for one in (terms.diluent_volume_ml, formula.diluent_volume_ml))
        yield Problem(
            "diluent_volume_ml",
            f"The order says {ordered} of diluent, but the formula takes {made}. {instead}",
        )
    if terms.route != formula.route:
        yield Problem(
            "route",
            f"The order says {terms.route}, but the formula is for the {formula.route} route. {instead}",
        )


def _in_time(terms: OrderTerms) -> Iterator[Problem]:
    if terms.frequency_as_written.strip() and terms.infusion_hours > 0:
        yield from find_timing_problems(
            terms.frequency_as_written,
            terms.infusion_hours,
            anchor=terms.anchor,
            effective=terms.effective,
        )


def _dates(terms: OrderTerms, *, today: date) -> Iterator[Problem]:
    first = terms.anchor.date()
    if terms.written_on > today:
        yield Problem("written_on", f"The prescription cannot be written after today, {day(today)}.")
    if terms.expires_on <= terms.written_on:
        yield Problem("expires_on", "The prescription cannot expire before the day after it was written.")
    elif terms.expires_on < today:
        yield Problem(
            "expires_on", f"The prescription expired on {day(terms.expires_on)}; ask for a new one."
        )
    if first < terms.written_on:
        yield Problem("anchor", "The first dose cannot be before the day the prescription was written.")
    elif first > terms.expires_on:
        yield Problem("anchor", f"The first dose is after the prescription expires, {day(terms.expires_on)}.")
    if terms.effective.date() < terms.written_on:
        yield Problem("effective", "The order cannot hold before the day the prescription was written.")


def _received(received_how: str, *, read_back: bool) -> Iterator[Problem]:
    if received_how not in RECEIVED_WAYS:
        yield Problem("received_how", f"Choose how it was received: {', '.join(RECEIVED_WAYS)}.")
    if received_how == TELEPHONE and not read_back:
        yield Problem("read_back", "Read a spoken order back to the prescriber, and record that you did.")


def _wording(terms: OrderTerms) -> Iterator[Problem]:
    for field in _CLINICAL_TEXTS:
        yield from find_wording_problems(getattr(terms, field), field=field)


def find_wording_problems(text: str, *, field: str) -> list[Problem]:
    """Find what in a clinical text would be misread, in one problem with what to write instead."""
    advice = advise_on_wording(text)
    return [Problem(field, f"This {advice}")] if advice else []


def find_reason_problems(reason: str, *, missing: str) -> list[Problem]:
    """Find what is wrong with the reason for a clinical act: `missing` asks for one that is not given."""
    return find_wording_problems(reason, field="reason") if reason.strip() else [Problem("reason", missing)]


__all__ = [
    "RECEIVED_WAYS",
    "TELEPHONE",
    "FormulaTerms",
    "OrderTerms",
    "Problem",
    "ensure_no_problem",
    "find_problems",
    "find_reason_problems",
    "find_received_problems",
    "find_timing_problems",
    "find_wording_problems",
    "read_frequency",
]
