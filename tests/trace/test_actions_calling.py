"""Calls are kept as they were; what is told of a bag counts at once, and prescribers are told."""

from datetime import timedelta

import pytest

from pharmacy.compounding.models import Bag
from pharmacy.domain.errors import Forbidden, InvalidInput, NotFound, Refusal
from pharmacy.domain.recall import Standing
from pharmacy.domain.statuses import BagStatus
from pharmacy.patients.queries import list_prescribers
from pharmacy.trace import actions, queries
from pharmacy.trace.models import CallResult, Told
from tests.conftest import START
from tests.trace.fingerprint import refused
from tests.trace.recalling import call, ids_of, opened_recall, standings, vial_lot

S = Standing


@pytest.fixture
def recall(session, people, home):
    """Give a recall whose two bags are at home."""
    return opened_recall(session, people, vial_lot(home))


@pytest.fixture
def patient_id(home):
    """Give the patient at whose home they are."""
    return home.patient_id


def line_of(session, recall):
    session.flush()
    [line] = queries.get_recall_page(session, recall).patients
    return line


def test_who_was_not_called_is_due_since_the_opening(session, recall, home):
    line = line_of(session, recall)

    assert (line.due, line.reached, len(line.open_bags)) == (START, False, 2)
    assert (line.phone, line.name) == (home.patient.phone, home.patient.name)


def test_attempts_are_kept_one_after_the_other(session, people, recall, patient_id):
    nobody = {"result": CallResult.NO_ANSWER, "spoke_to": "", "said": "It rang."}
    call(session, people, recall, patient_id, **nobody)
    call(session, people, recall, patient_id, by="paula", **nobody | {"result": CallResult.MESSAGE})

    line = line_of(session, recall)

    assert [one.person.name for one in line.calls] == ["Tina Tallgrass", "Paula Penhallow"]
    assert (line.due, line.reached) == (START + timedelta(days=1), False)
    assert standings(session, recall) == [S.AT_HOME, S.AT_HOME]


def test_what_is_told_of_a_bag_counts_at_once(session, people, recall, patient_id):
    first, second = ids_of(session, recall, S.AT_HOME)
    call(session, people, recall, patient_id, told={first: Told.USED, second: Told.TO_COLLECT})
    assert standings(session, recall) == [S.USED, S.AT_HOME]

    call(session, people, recall, patient_id, told={second: Told.DESTROYED}, next_at=None)

    assert standings(session, recall) == [S.USED, S.DESTROYED]
    assert [session.get_one(Bag, one).status for one in (first, second)] == [
        BagStatus.USED,
        BagStatus.DESTROYED,
    ]
    line = line_of(session, recall)
    assert (line.reached, line.open_bags) == (True, [])


def test_what_is_not_a_call_changes_nothing(session, people, recall, patient_id):
    first, second = ids_of(session, recall, S.AT_HOME)

    def attempt(patient=patient_id, **values):
        return lambda: call(session, people, recall, patient, **values)

    refused(session, Forbidden, "call patients", attempt(by="nora"))
    refused(session, Forbidden, "call patients", attempt(by="dan"))
    refused(session, NotFound, "home of this patient", attempt(patient=patient_id + 1))
    refused(session, InvalidInput, "who you spoke to", attempt(spoke_to=" "))
    refused(session, InvalidInput, "what was said", attempt(said=" "))
    refused(
        session, InvalidInput, "Nobody was reached",
        attempt(result=CallResult.NO_ANSWER, told={first: Told.USED}),
    )  # fmt: skip
    refused(session, InvalidInput, "not open at this home", attempt(told={999: Told.USED}))
    refused(session, InvalidInput, "still open", attempt(next_at=None))
    refused(session, InvalidInput, "still open", attempt(told={first: Told.USED}, next_at=None))
    refused(session, InvalidInput, "in the future", attempt(next_at=START))
    call(session, people, recall, patient_id, told={first: Told.USED})
    refused(session, InvalidInput, "not open", attempt(told={first: Told.DESTROYED, second: Told.USED}))


def test_nobody_is_called_in_a_drill(session, people, home):
    drill = opened_recall(session, people, vial_lot(home), is_drill=True)

    refused(
        session, Refusal, "nobody is called", lambda: call(session, people, drill, home.patient_id)
    )  # fmt: skip


def test_a_prescriber_is_told_and_that_is_kept(session, people, recall):
    [line] = queries.get_recall_page(session, recall).prescribers
    assert line.notices == []
    values = {"how": "Telephone", "spoke_to": "Mr. Reed, nurse", "said": "Use no bag of it."}

    def tell(by="theo", prescriber=line.prescriber, **changes):
        return actions.record_notice(session, recall, prescriber, by=people(by), at=START, **values | changes)

    refused(session, Forbidden, "call patients", lambda: tell(by="nora"))
    for name in values:
        refused(session, InvalidInput, "Enter|Choose", lambda name=name: tell(**{name: " "}))

    tell()

    page = queries.get_recall_page(session, recall)
    assert [one.spoke_to for one in page.prescribers[0].notices] == ["Mr. Reed, nurse"]
    assert page.not_told == []
    assert list_prescribers(session, site_id=1)[0].id == line.prescriber.id
