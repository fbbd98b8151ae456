"""Every bag of a recall ends accounted for: destroyed before a witness, back, cleared or written off."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pharmacy.accounts.actions import WrongPassword
from pharmacy.accounts.models import Signature
from pharmacy.audit.models import AuditEntry
from pharmacy.compounding.actions import destroy_bag, settle_quarantine
from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import find_recalled_lot, list_recalled
from pharmacy.delivery.queries import find_bag_objection
from pharmacy.domain.bag_release import InspectionOutcome
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.recall import Decision, Standing
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.formulary.models import ProductKind
from pharmacy.sample.people import PASSWORD
from pharmacy.trace import actions, queries
from pharmacy.trace.models import CallResult
from tests.conftest import START
from tests.therapy.bags import GOOD, inspect, labelled_bags, release
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import lots_of
from tests.trace.fingerprint import refused
from tests.trace.recalling import call, destroy, ids_of, opened_recall, standings, vial_lot

S = Standing


@pytest.fixture
def at_home(session, people, home):
    """Give a recall whose two bags are at home."""
    return opened_recall(session, people, vial_lot(home))


@pytest.fixture
def here(session, people, packed):
    """Give a recall whose two bags are here, taken out of their box."""
    return opened_recall(session, people, vial_lot(packed))


def patient_of(recall, session):
    return queries.list_recalled_bags(session, recall)[0].bag.patient_id


def take_back(session, people, recall, bags, by="tina", how="Collected by our driver."):
    actions.take_back_bags(session, recall, bags, how=how, by=people(by), at=START)


def clear(
    session, people, recall, bags, by="paula", reason="Only lot 12 to 20 of the maker's line.", **values
):
    actions.clear_bags(
        session, recall, bags, reason=reason, by=people(by), at=START, **{"password": PASSWORD} | values
    )


def write_off(session, people, recall, bags, by="petra", reason="Moved away; no forwarding number."):
    actions.write_off_bags(session, recall, bags, reason=reason, password=PASSWORD, by=people(by), at=START)


def test_bags_here_are_destroyed_before_a_witness(session, people, here):
    first, second = ids_of(session, here, S.HERE)

    destroy(session, people, here, [first])

    assert standings(session, here) == [S.DESTROYED, S.HERE]
    bag = session.get_one(Bag, first)
    assert bag.status is BagStatus.DESTROYED
    entry = session.scalars(
        select(AuditEntry).where(
            AuditEntry.action == "destroyed a recalled bag", AuditEntry.record_id == first
        )
    ).one()
    assert "Theo Thimble" in entry.details
    destroy(session, people, here, [second])
    assert standings(session, here) == [S.DESTROYED, S.DESTROYED]


def test_a_bag_that_never_was_released_is_rejected_and_destroyed(session, people, version):
    worksheet = labelled_bags(session, people, version, bags=2)
    recall = opened_recall(session, people, vial_lot(worksheet))

    destroy(session, people, recall, ids_of(session, recall, S.HERE))

    assert standings(session, recall) == [S.DESTROYED, S.DESTROYED]
    assert [bag.inspections[-1].outcome.value for bag in worksheet.bags] == ["reject", "reject"]


def test_what_is_not_destroyed_changes_nothing(session, people, here):
    bags = ids_of(session, here, S.HERE)

    def attempt(bags=bags, **values):
        return lambda: destroy(session, people, here, bags, **values)

    refused(session, Forbidden, "open and close recalls", attempt(by=people("tina")))
    refused(session, InvalidInput, "Tick the bags", attempt(bags=[]))
    refused(session, InvalidInput, "not of this recall", attempt(bags=[*bags, 999]))
    refused(session, InvalidInput, "what was done", attempt(how="  "))
    refused(session, InvalidInput, "Somebody else is the witness", attempt(witness=people("paula")))
    refused(session, InvalidInput, "cannot be the witness", attempt(witness=people("dan")))
    wrong = refused(session, WrongPassword, "nothing was signed", attempt(witness_password="x"))
    assert (wrong.field, wrong.person_id) == ("witness_password", people("theo").id)


def test_a_bag_of_a_recall_is_destroyed_nowhere_else(session, people, here):
    first, second = (session.get_one(Bag, one) for one in ids_of(session, here, S.HERE))
    for bag in (first, second):
        settle(session, people, bag, InspectionOutcome.REJECT)

    def bin_it(bag):
        return destroy_bag(session, bag, reason="It leaks.", by=people("peter"), at=START)

    refused(session, Refusal, "Destroy it from the recall, before a witness", lambda: bin_it(first))
    destroy(session, people, here, [first.id])
    signed = session.scalars(
        select(Signature).where(Signature.meaning == "Witness of the destruction of recalled bags")
    ).one()
    assert signed.printed_name == "Theo Thimble"


def test_a_bag_at_home_is_not_destroyed_here_until_it_came_back(session, people, at_home):
    first, second = ids_of(session, at_home, S.AT_HOME)
    refused(session, Refusal, "is at home", lambda: destroy(session, people, at_home, [first]))

    take_back(session, people, at_home, [first])

    assert standings(session, at_home) == [S.CAME_BACK, S.AT_HOME]
    destroy(session, people, at_home, [first])
    assert standings(session, at_home) == [S.DESTROYED, S.AT_HOME]
    refused(
        session, Forbidden, "call patients", lambda: take_back(session, people, at_home, [second], by="dan")
    )
    refused(
        session, InvalidInput, "what was done", lambda: take_back(session, people, at_home, [second], how="")
    )
    refused(session, Refusal, "is destroyed", lambda: take_back(session, people, at_home, [first]))


def test_a_cleared_bag_is_accounted_for_and_may_go_on(session, people, packed, here):
    first, second = (session.get_one(Bag, one) for one in ids_of(session, here, S.HERE))
    lot = vial_lot(packed)
    assert find_recalled_lot(first) == lot

    clear(session, people, here, [first.id])

    session.flush()
    assert standings(session, here) == [S.CLEARED, S.HERE]
    assert find_recalled_lot(first) is None
    assert list_recalled(session, [first.id, second.id]) == {second.id}
    assert find_bag_objection(session, packed, first, at=START) is None
    assert "is recalled" in find_bag_objection(session, packed, second, at=START)


def test_the_last_bag_in_quarantine_that_is_destroyed_closes_its_worksheet(session, people):
    worksheet = labelled_bags(session, people, order_in_force(session, people), bags=2)
    kept, aside = worksheet.bags
    inspect(session, people, kept)
    inspect(session, people, aside, InspectionOutcome.QUARANTINE, reason="a fibre")
    release(session, people, worksheet)
    recall = opened_recall(session, people, vial_lot(worksheet))
    assert worksheet.status is WorksheetStatus.AWAITING_RELEASE

    destroy(session, people, recall, [kept.id, aside.id])

    assert (kept.status, aside.status) == (BagStatus.DESTROYED, BagStatus.DESTROYED)
    assert worksheet.status is WorksheetStatus.CLOSED


def test_a_cleared_bag_is_settled_out_of_quarantine_and_another_is_not(session, people, packed, here):
    first, second = (session.get_one(Bag, one) for one in ids_of(session, here, S.HERE))
    clear(session, people, here, [first.id])

    for bag in (first, second):
        assert bag.status is BagStatus.QUARANTINED
    settle(session, people, first)
    refused(session, Refusal, "which is in it, is recalled", lambda: settle(session, people, second))

    assert (first.status, second.status) == (BagStatus.RELEASED, BagStatus.QUARANTINED)


def test_a_bag_that_one_recall_clears_is_still_held_by_another(session, people):
    worksheet = labelled_bags(session, people, order_in_force(session, people), bags=1)
    (bag,) = worksheet.bags
    inspect(session, people, bag)
    release(session, people, worksheet)
    diluent = lots_of(worksheet, ProductKind.DILUENT)[0]
    of_vial = opened_recall(session, people, vial_lot(worksheet))
    of_diluent = opened_recall(session, people, diluent)

    clear(session, people, of_vial, [bag.id])

    session.flush()
    assert (standings(session, of_vial), standings(session, of_diluent)) == ([S.CLEARED], [S.HERE])
    assert find_recalled_lot(bag) == diluent
    refused(session, Refusal, f"lot {diluent.number}", lambda: settle(session, people, bag))
    clear(session, people, of_diluent, [bag.id])
    assert find_recalled_lot(bag) is None


def settle(session, people, bag, outcome=InspectionOutcome.PASS):
    return settle_quarantine(session, bag, **GOOD, outcome=outcome, reason="Not concerned.",
                             password=PASSWORD, by=people("peter"), at=START)  # fmt: skip


def test_what_is_not_cleared_changes_nothing(session, people, here):
    bags = ids_of(session, here, S.HERE)
    refused(session, Forbidden, "open and close", lambda: clear(session, people, here, bags, by="theo"))
    refused(session, InvalidInput, "Give the reason", lambda: clear(session, people, here, bags, reason=" "))
    destroy(session, people, here, bags)
    refused(session, Refusal, "is destroyed", lambda: clear(session, people, here, bags))


def test_a_bag_is_written_off_after_three_calls_by_the_pharmacist_in_charge(session, people, at_home):
    bags, patient = ids_of(session, at_home, S.AT_HOME), patient_of(at_home, session)
    for attempt in range(3):
        refused(session, Refusal, "was called", lambda: write_off(session, people, at_home, bags))
        at = START + timedelta(hours=attempt)
        call(
            session,
            people,
            at_home,
            patient,
            result=CallResult.NO_ANSWER,
            spoke_to="",
            said="It rang.",
            at=at,
        )
    refused(
        session, Forbidden, "pharmacist-in-charge", lambda: write_off(session, people, at_home, bags, "paula")
    )
    refused(session, InvalidInput, "reason", lambda: write_off(session, people, at_home, bags, reason=""))

    write_off(session, people, at_home, bags)

    assert standings(session, at_home) == [S.UNREACHABLE, S.UNREACHABLE]
    [one, _] = queries.list_recalled_bags(session, at_home)
    assert (one.decision.decision, one.decision.person.name) == (Decision.UNREACHABLE, "Petra Quillfeather")
    take_back(session, people, at_home, bags[:1])
    assert standings(session, at_home) == [S.CAME_BACK, S.UNREACHABLE]


def test_in_a_drill_bags_are_only_located(session, people, home):
    drill = opened_recall(session, people, vial_lot(home), is_drill=True)
    first, second = ids_of(session, drill, S.TO_LOCATE)

    def locate(bags, found=True, by="tina", recall=drill):
        actions.locate_bags(
            session, recall, bags, found=found, note="Tina, refrigerator 2.", by=people(by), at=START
        )

    for act in (
        lambda: destroy(session, people, drill, [first]),
        lambda: take_back(session, people, drill, [first]),
        lambda: clear(session, people, drill, [first]),
        lambda: write_off(session, people, drill, [first]),
    ):
        refused(session, Refusal, "is a drill: nothing is moved", act)
    refused(session, Forbidden, "call patients", lambda: locate([first], by="dan"))

    locate([first])
    locate([second], found=False)

    assert standings(session, drill) == [S.LOCATED, S.NOT_LOCATED]
    refused(session, Refusal, "is located", lambda: locate([first]))
    locate([second])
    assert queries.count_located_by(queries.list_recalled_bags(session, drill)) == {"Tina Tallgrass": 2}
    assert {bag.status for bag in home.bags} == {BagStatus.DELIVERED}


def test_a_recall_is_not_a_drill(session, people, here):
    bags = ids_of(session, here, S.HERE)
    refused(
        session, Refusal, "only located in a drill",
        lambda: actions.locate_bags(session, here, bags, found=True, note="x", by=people("tina"), at=START),
    )  # fmt: skip
