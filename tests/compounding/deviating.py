"""A deviation through its life: opened, investigated, decided on bag by bag and closed."""

from datetime import timedelta

from pharmacy.compounding import actions
from pharmacy.domain.bag_release import InspectionOutcome
from pharmacy.domain.deviations import DeviationKind, Gravity
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.bags import (
    GOOD,
)

PASS, REJECT = InspectionOutcome.PASS, InspectionOutcome.REJECT
LATER = START + timedelta(hours=2)
FOUND = {
    "cause": "A fibre of the wipe.",
    "others_affected": "Bag 2 and lot SMG4417 were looked at; neither is affected.",
    "findings": "The fibre was outside the bag.",
    "corrective_action": "The bag was wiped off.",
    "preventive_action": "Another wipe is bought.",
}


def event(**changes):
    values = {
        "kind": DeviationKind.INSPECTION_FAILED,
        "gravity": Gravity.MAJOR,
        "happened_at": START,
        "what": "A fibre was seen near the port.",
        "immediate_action": "The bag was put aside.",
    }
    return actions.Event(**values | changes)


def opened(session, people, worksheet=None, *, bags=(), lots=(), by="tina", at=LATER, **changes):
    return actions.open_deviation(
        session, event(**changes), worksheet=worksheet, bags=bags, lots=lots, by=people(by), at=at
    )


def investigate(session, people, deviation, *, by="peter", **changes):
    return actions.investigate(session, deviation, **FOUND | changes, by=people(by), at=LATER)


def allow(session, people, affected, *, reason="the fibre was outside", by="peter"):
    return actions.allow_release(session, affected, reason=reason, by=people(by), at=LATER)


def destroy(session, people, affected, *, by="peter", witness="theo", password=PASSWORD, reason="it leaks"):
    return actions.destroy_affected(
        session, affected, reason=reason, witness=people(witness), witness_password=password,
        by=people(by), at=LATER,
    )  # fmt: skip


def close(session, people, deviation, *, by="peter", password=PASSWORD):
    return actions.close_deviation(session, deviation, password=password, by=people(by), at=LATER)


def settle(session, people, bag, outcome=PASS):
    return actions.settle_quarantine(session, bag, **GOOD, outcome=outcome, reason="looked at again",
                                     password=PASSWORD, by=people("peter"), at=LATER)  # fmt: skip
