"""How competent the people were who worked on a worksheet, when they did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Worksheet
from pharmacy.compounding.queries.places import category_of
from pharmacy.domain.competency import Duty, say_standings
from pharmacy.facility.queries import Ask, judge_each


def list_competences(session: Session, worksheet: Worksheet) -> dict[int, str]:
    """Say of everybody who compounded or checked a volume how competent they were at their last step.

    None for a worksheet that was made before places and competencies were kept.
    """
    if worksheet.place is None:
        return {}
    category = category_of(worksheet)
    asks: dict[int, Ask] = {}
    for person, duty, at in sorted(
        _list_steps(worksheet), key=lambda step: (step[1] is Duty.COMPOUND, step[2])
    ):
        asks[person.id] = Ask(person, duty, category, at)
    return {
        one.person.id: say_standings(one.duty, one.standings)
        for one in judge_each(session, list(asks.values()))
    }


def _list_steps(worksheet: Worksheet) -> Iterator[tuple[Person, Duty, datetime]]:
    if worksheet.started_by is not None and worksheet.started_at is not None:
        yield worksheet.started_by, Duty.COMPOUND, worksheet.started_at
    for scan in worksheet.scans:
        yield scan.person, Duty.COMPOUND, scan.at
    for bag in worksheet.bags:
        for check in bag.checks:
            yield check.first_by, Duty.COMPOUND, check.first_at
            if check.second_by is not None and check.second_at is not None:
                yield check.second_by, Duty.OVERSEE, check.second_at
        if bag.made_by is not None and bag.made_at is not None:
            yield bag.made_by, Duty.COMPOUND, bag.made_at
