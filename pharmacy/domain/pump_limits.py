"""The subcutaneous limits: what is flagged above soft and refused above hard (pumps.md 3.3, R9 to R11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache

from pharmacy.domain.errors import InvalidInput, NotFound
from pharmacy.domain.findings import Finding, Severity
from pharmacy.domain.formatting import quantity
from pharmacy.domain.quantities import parse_quantity
from pharmacy.domain.reference_data import ReferenceEntry, load_entries

_FILE = "subcutaneous_limits.toml"


@dataclass(frozen=True, slots=True)
class Limit:
    """Hold a soft and a hard limit in one unit; a value equal to a limit is within it."""

    soft: Decimal
    hard: Decimal
    unit: str

    def __post_init__(self) -> None:
        if not 0 < self.soft < self.hard:
            raise ValueError(f"the soft limit {self.soft} should be below the hard limit {self.hard}")

    def check(self, value: Fraction | Decimal, *, rule: str, subject: str) -> list[Finding]:
        """Find what a value above the limits comes to; an empty list when it is within them.

        >>> limit = Limit(Decimal(25), Decimal(60), "mL/h")
        >>> [one.severity.value for one in limit.check(Decimal("25.1"), rule="R9", subject="The rate")]
        ['flag']
        """
        if value <= self.soft:
            return []
        beyond, severity, name = (
            (self.hard, Severity.REFUSE, "hard") if value > self.hard else (self.soft, Severity.FLAG, "soft")
        )
        shown, bound = quantity(value, self.unit), quantity(beyond, self.unit)
        if shown == bound:
            shown = f"a little more than {bound}"
        return [
            Finding(rule, severity, f"{subject} is {shown}; more than {bound} is above the {name} limit.")
        ]


@dataclass(frozen=True, slots=True)
class SubcutaneousLimits:
    """Hold the limits of one drug under the skin, and the reviewed entry that they come from."""

    entry: ReferenceEntry
    rate_per_site: Limit
    volume_per_site: Limit
    concentration: Limit
    osmolarity: Limit
    drug_rate: Limit
    daily_dose: Limit


@dataclass(frozen=True, slots=True)
class SubcutaneousUse:
    """Hold what a subcutaneous infusion asks of the patient; None where it is not known."""

    sites: int
    mg_per_ml: Decimal | Fraction
    mosm_per_l: Decimal | Fraction | None
    ml_per_hour: Fraction | None
    ml_in_24_hours: Fraction | None
    mg_per_hour: Fraction | None
    mg_in_24_hours: Fraction | None


@cache
def load_subcutaneous_limits() -> Mapping[str, SubcutaneousLimits]:
    """Load the limits that ship, by drug; data that is not well formed is a ValueError."""
    return {drug: read_limits(entry) for drug, entry in load_entries(_FILE).items()}


def get_subcutaneous_limits(drug: str) -> SubcutaneousLimits:
    """Return the limits of a drug such as `magnesium-sulfate`; raises NotFound for a drug that has none."""
    limits = load_subcutaneous_limits().get(drug)
    if limits is None:
        raise NotFound(f"There are no subcutaneous limits for {drug}.")
    return limits


def read_limits(entry: ReferenceEntry) -> SubcutaneousLimits:
    """Read the limits of one reviewed entry; raises ValueError naming what is wrong with its form."""
    try:
        named = {name: _read_limit(given) for name, given in entry.content["limits"].items()}
        return SubcutaneousLimits(entry=entry, **named)
    except (KeyError, TypeError, InvalidInput) as error:
        raise ValueError(f"{_FILE}: {entry.key}: {error!r}") from None


def _read_limit(given: Mapping[str, str]) -> Limit:
    if not given["source"]:
        raise TypeError(f"{given} should have a source")
    return Limit(
        soft=parse_quantity(given["soft"], field="soft"),
        hard=parse_quantity(given["hard"], field="hard"),
        unit=given["unit"],
    )


def check_subcutaneous(use: SubcutaneousUse, *, limits: SubcutaneousLimits) -> list[Finding]:
    """Check an infusion under the skin against every limit; what is not known is not checked (R9 to R11)."""
    checks: list[tuple[Limit, Fraction | Decimal | None, str, str]] = [
        (limits.rate_per_site, _per_site(use.ml_per_hour, use.sites), "R9", "The rate at each site"),
        (
            limits.volume_per_site,
            _per_site(use.ml_in_24_hours, use.sites),
            "R9",
            "The volume at each site in 24 hours",
        ),
        (limits.concentration, use.mg_per_ml, "R10", "The concentration"),
        (limits.osmolarity, use.mosm_per_l, "R10", "The osmolarity"),
        (limits.drug_rate, use.mg_per_hour, "R11", "The drug given in an hour"),
        (limits.daily_dose, use.mg_in_24_hours, "R11", "The drug given in any 24 hours"),
    ]
    return [
        finding
        for limit, value, rule, subject in checks
        if value is not None
        for finding in limit.check(value, rule=rule, subject=subject)
    ]


def _per_site(amount: Fraction | None, sites: int) -> Fraction | None:
    return None if amount is None else amount / sites


def most_in_24_hours(amount: Fraction, *, gap_hours: Fraction, run_hours: Fraction) -> Fraction:
    """Return the most that any 24 hours can bring of an amount given over `run_hours` every `gap_hours`.

    The worst window opens with a dose: whole doses, and of the last what has run by its end.

    >>> most_in_24_hours(Fraction(100), gap_hours=Fraction(12), run_hours=Fraction(5))
    Fraction(200, 1)
    >>> most_in_24_hours(Fraction(100), gap_hours=Fraction(18), run_hours=Fraction(10))
    Fraction(160, 1)
    """
    whole, rest = divmod(Fraction(24), gap_hours)
    return amount * (whole + min(Fraction(1), rest / run_hours))


__all__ = [
    "Limit",
    "SubcutaneousLimits",
    "SubcutaneousUse",
    "check_subcutaneous",
    "get_subcutaneous_limits",
    "load_subcutaneous_limits",
    "most_in_24_hours",
    "read_limits",
]
