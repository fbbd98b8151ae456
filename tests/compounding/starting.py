"""Starting a preparation in a hood, and people who may no longer compound."""

from datetime import date

from pharmacy.compounding import actions
from pharmacy.domain.beyond_use import Category
from pharmacy.domain.competency import Competency, Occasion, Outcome
from pharmacy.facility import actions as facility
from pharmacy.sample.facility import CLEANROOM_HOOD
from tests.conftest import START
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import (
    checked_worksheet,
    hood_called,
)


def starting(session, people, worksheet, *, hood=CLEANROOM_HOOD, accepts=Category.TWO, by="tina", at=START):
    """Return the start of a preparation in a hood, to be called or refused."""
    control = hood_called(session, hood)
    return lambda: actions.start_preparation(
        session, worksheet, control=control, accepts=accepts, by=people(by), at=at
    )


def ready(session, people, **kwargs):
    """Return a worksheet that is checked and may be started."""
    return checked_worksheet(session, people, order_in_force(session, people), **kwargs)


def lose(session, people, username, *, kind=Competency.MEDIA_FILL, at=START):
    """Record that somebody failed."""
    given = facility.CompetencyGiven(
        kind=kind,
        occasion=Occasion.RECURRING,
        done_on=date(2026, 11, 9),
        outcome=Outcome.FAILED,
        evaluator=people("peter" if username != "peter" else "paula"),
        note="",
    )
    by = people("petra" if username != "petra" else "paula")
    facility.record_competency(session, people(username), given, by=by, at=at)
