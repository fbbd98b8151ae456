"""The old version of an order beside the new one, and the calendars before and after a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from pharmacy.changes.queries.averages import Pattern, find_change
from pharmacy.changes.queries.numbers import ChangeNumbers, DoseLine
from pharmacy.domain.formatting import day, dose, number, quantity
from pharmacy.domain.frequency import DoseRate
from pharmacy.domain.infusion_calendar import CalendarMonth, lay_out_calendar
from pharmacy.domain.local_time import to_local
from pharmacy.prescriptions.models import OrderVersion

# A calendar on a page shows at most these days; the list of doses has them all.
_DAYS_SHOWN = 91


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """Hold one line of an order as it was and as it becomes."""

    name: str
    old: str
    new: str

    @property
    def differs(self) -> bool:
        """Tell whether the change touches this line."""
        return self.old != self.new


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedChange:
    """Hold a change as it is typed, with what it keeps of the order, so that it can be read back."""

    frequency_as_written: str
    anchor: datetime
    effective: datetime
    dose_mg: Decimal
    route: str
    infusion_hours: Decimal


def compare_patterns(old: OrderVersion, new: Pattern) -> list[ComparedLine]:
    """Compare how often and from when, with the doses a week and in 30 days on average."""
    change = find_change(old, new)
    return [
        ComparedLine("Frequency", change.before.frequency.text, change.after.frequency.text),
        ComparedLine("As it was written", old.frequency_as_written, new.frequency_as_written),
        ComparedLine("Day 1 of the pattern", _local(old.anchor), _local(new.anchor)),
        ComparedLine("Holds from", _local(old.effective), _local(new.effective)),
        ComparedLine("Doses a week, on average", _week(change.before), _week(change.after)),
        ComparedLine("Doses in 30 days, on average", _month(change.before), _month(change.after)),
    ]


def _local(value: datetime) -> str:
    return f"{day(value.date())} {value:%H:%M}"


def _week(rate: DoseRate) -> str:
    return number(rate.per_week, 2)


def _month(rate: DoseRate) -> str:
    return number(rate.per_30_days, 2)


def compare_versions(old: OrderVersion, new: OrderVersion) -> list[ComparedLine]:
    """Compare two versions of an order line by line, what the change is about first."""
    return [*compare_patterns(old, new), *_compare_rest(old, new)]


def _compare_rest(old: OrderVersion, new: OrderVersion) -> Iterator[ComparedLine]:
    rest = zip(_describe(old), _describe(new), strict=True)
    yield from (ComparedLine(name, was, becomes) for (name, was), (_, becomes) in rest)


def _describe(version: OrderVersion) -> Iterator[tuple[str, str]]:
    yield "Drug", version.drug
    yield "Dose in each bag", dose(version.dose_mg)
    yield "Diluent", f"{version.diluent}, {quantity(version.diluent_volume_ml, 'mL')}"
    yield "Formula", f"{version.formula.name}, {version.formula.code} version {version.formula.version}"
    yield "Route", version.route
    yield "Infusion sites", str(version.sites)
    yield "One infusion", quantity(version.infusion_hours, "h")
    yield "Device", version.device
    yield "Bags authorised", number(version.bags_authorised)
    yield "Good until", day(version.expires_on)
    yield "Prescriber", version.prescriber.name
    yield "Diagnosis", f"{version.diagnosis} ({version.diagnosis_code})"
    read_back = ", read back and confirmed" if version.read_back else ""
    yield "Received", f"{version.received_how}{read_back}"


@dataclass(frozen=True, slots=True)
class Calendars:
    """Hold the infusion days of the time ahead, as they would have been and as they become."""

    before: tuple[CalendarMonth, ...]
    after: tuple[CalendarMonth, ...]


def lay_out_calendars(numbers: ChangeNumbers, *, zone: ZoneInfo, today: date | None) -> Calendars:
    """Lay out the doses before and after a change with the bag of each, by the home's dates."""
    first = to_local(numbers.made_at, zone).date()
    last = min(to_local(numbers.ends, zone).date(), first + timedelta(days=_DAYS_SHOWN - 1))

    def months(doses: Sequence[DoseLine]) -> tuple[CalendarMonth, ...]:
        marked = {one.dose: one.bag for one in doses}
        return lay_out_calendar(marked, zone=zone, first=first, last=last, today=today)

    return Calendars(months(numbers.before.doses), months(numbers.after.doses))
