"""A case worked out for the page: the answer of the command line, and where its numbers come from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pharmacy.calculators import (
    answer_admixture,
    answer_beyond_use,
    answer_deliveries,
    answer_dispense,
    answer_frequency,
    answer_pump,
)
from pharmacy.calculators.answering import answer_text
from pharmacy.calculators.reading import Fields
from pharmacy.domain import admixture_working, pump_working
from pharmacy.domain.delivery_plan import plan_fewest_deliveries
from pharmacy.domain.dispensing import count_doses, plan_dispensing
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import clock, counted, day, moment
from pharmacy.domain.frequency import count, describe_change, expand, say
from pharmacy.domain.infusion_calendar import CalendarMonth, lay_out_calendar
from pharmacy.domain.local_time import to_local
from pharmacy.domain.reference_data import unchecked_notice

# What a page lists, and the days and bags that it plans; the command line has no such bound.
MOST_SHOWN = 366
MOST_DAYS = 366
MOST_BAGS = 50_000
_CALENDAR_DAYS = 92
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Worked:
    """Hold the answer, its working in plain English, what must be said with it, and a calendar."""

    answer: dict[str, Any]
    working: list[str]
    notices: tuple[str, ...] = ()
    months: tuple[CalendarMonth, ...] = ()


def work_out(rule: str, text: str) -> Worked:
    """Work out one case from its JSON; raises Refusal with the sentence of the command line."""
    return answer_text(_RULES[rule], text, {})


def _frequency(fields: Fields) -> Worked:
    case = answer_frequency.read(fields)
    counted_doses = count(case.frequency, **case.span())
    doses = _expand_first(case, counted_doses)
    answer = {
        "frequency": case.frequency.text,
        "count": counted_doses,
        "doses": answer_frequency.write_doses(case, doses[:MOST_SHOWN]),
    }
    rate = describe_change(case.frequency, case.frequency, infusion_hours=case.infusion_hours).before
    working = [
        f"Understood as: {case.frequency.text}. To a patient: {say(case.frequency)}.",
        f"On average: {rate.sentence_part}.",
        f"Day 1 of the pattern is {day(case.anchor.date())} {clock(case.anchor)} in {case.zone.key};"
        " no dose comes before it.",
        f"From {moment(case.starts, case.zone)} up to, but not at, {moment(case.ends, case.zone)}:"
        f" {counted(counted_doses, 'dose')}.",
    ]
    return Worked(answer, working, months=_lay_out(case, doses[:MOST_SHOWN]))


def _expand_first(case: answer_frequency.Case, counted_doses: int) -> list[datetime]:
    """List the doses; where a page cannot list them all, those of the shortest span with enough."""
    span = case.span()
    if counted_doses > MOST_SHOWN:
        seconds = range((case.ends - case.starts) // _SECOND)
        enough = bisect_left(
            seconds,
            MOST_SHOWN,
            key=lambda after: count(case.frequency, **span | {"ends": case.starts + after * _SECOND}),
        )
        span["ends"] = min(case.starts + enough * _SECOND, case.ends)
    return expand(case.frequency, **span)


def _lay_out(case: answer_frequency.Case, doses: list[datetime]) -> tuple[CalendarMonth, ...]:
    if not doses:
        return ()
    first, last = (to_local(dose, case.zone).date() for dose in (doses[0], doses[-1]))
    return lay_out_calendar(
        dict.fromkeys(doses, ""),
        zone=case.zone,
        first=first,
        last=first + min(last - first, timedelta(days=_CALENDAR_DAYS - 1)),
        today=None,
    )


def _admixture(fields: Fields) -> Worked:
    bag, batch = answer_admixture.compute(fields)
    return Worked(answer_admixture.write(bag, batch), admixture_working.working(bag, batch))


def _beyond_use(fields: Fields) -> Worked:
    return Worked(answer_beyond_use.answer(fields), [])


def _pump(fields: Fields) -> Worked:
    request, profile = answer_pump.read(fields)
    program = answer_pump.compute(request, profile)
    entries = (profile.entry, answer_pump.find_limits().entry)
    return Worked(
        answer_pump.write(program),
        pump_working.working(program, request=request, profile=profile),
        notices=tuple(notice for notice in map(unchecked_notice, entries) if notice),
    )


def _dispense(fields: Fields) -> Worked:
    course = answer_dispense.read_course(fields)
    _ensure_small(course)
    answer = answer_dispense.write_plan(plan_dispensing(**course), course["zone"])
    return Worked(answer, answer["working"])


def _deliveries(fields: Fields) -> Worked:
    course = answer_deliveries.read_course(fields)
    _ensure_small(course)
    answer = answer_deliveries.write_deliveries(plan_fewest_deliveries(**course), course["zone"])
    return Worked(answer, answer["working"])


def _ensure_small(course: dict[str, Any]) -> None:
    """Refuse a plan that would keep everybody waiting: a page plans a year, and bags by the ten thousand."""
    if course["ends"] - course["starts"] > timedelta(days=MOST_DAYS):
        raise InvalidInput(
            f"until should be at most {MOST_DAYS} days after from on this page;"
            " the command line plans longer.",
            field="until",
        )
    if _count_doses(course) * course["bags_per_dose"] > MOST_BAGS:
        raise InvalidInput(
            f"until should come sooner: this page plans at most {MOST_BAGS:,} bags;"
            " the command line plans more.",
            field="until",
        )


def _count_doses(course: dict[str, Any]) -> int:
    """Count the doses of a course without listing them; what cannot be counted is refused by the plan."""
    span = {name: course[name] for name in ("zone", "starts", "ends")}
    try:
        return count_doses(course["regimen"], **span)
    except Refusal:
        return 0


_RULES: dict[str, Callable[[Fields], Worked]] = {
    "admixture": _admixture,
    "beyond-use": _beyond_use,
    "deliveries": _deliveries,
    "dispense": _dispense,
    "frequency": _frequency,
    "pump": _pump,
}
