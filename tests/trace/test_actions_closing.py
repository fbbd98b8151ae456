"""A recall closes by signature at zero; a drill says how long it took and how much was found."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pharmacy.accounts.actions import WrongPassword
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.recall import Standing
from pharmacy.domain.statuses import RecallStatus
from pharmacy.sample.people import PASSWORD
from pharmacy.trace import actions, queries
from pharmacy.trace.models import Told
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.bags import released_bags
from tests.therapy.stock import receive_lot
from tests.trace.fingerprint import refused
from tests.trace.recalling import call, destroy, empty_shelf, ids_of, opened_recall, vial_lot

S = Standing


def close(
    session, people, recall, *, by="paula", at=START, conclusion="The maker exchanges the lot.", **values
):
    return actions.close_recall(
        session, recall, conclusion=conclusion, by=people(by), at=at, **{"password": PASSWORD} | values
    )


@pytest.fixture
def reconciled(session, people, home):
    """Give a recall of which everything is done."""
    recall = opened_recall(session, people, vial_lot(home))
    bags = ids_of(session, recall, S.AT_HOME)
    call(session, people, recall, home.patient_id, told=dict.fromkeys(bags, Told.USED), next_at=None)
    [line] = queries.get_recall_page(session, recall).prescribers
    actions.record_notice(session, recall, line.prescriber, how="Fax", spoke_to="Dr. Larch", said="Told.",
                          by=people("tina"), at=START)  # fmt: skip
    empty_shelf(session, people, vial_lot(home))
    session.commit()
    return recall


def test_it_closes_at_zero_by_signature(session, people, reconciled):
    close(session, people, reconciled, at=START + timedelta(hours=2))
    session.commit()

    assert reconciled.status is RecallStatus.CLOSED
    assert (reconciled.bags_affected, reconciled.bags_located) == (2, 2)
    assert reconciled.closing.printed_name == "Paula Penhallow"
    assert reconciled.took_to_close == "2 hours"
    refused(session, Refusal, "cannot become closed", lambda: close(session, people, reconciled))


def test_what_is_closed_never_changes(session, people, reconciled):
    close(session, people, reconciled)
    session.commit()
    for statement in (
        "UPDATE recall SET conclusion = 'x'",
        "UPDATE recall SET reason = 'x'",
        "UPDATE recall SET status = 'open'",
        "DELETE FROM recall",
        "UPDATE recall_call SET said = 'x'",
        "DELETE FROM recall_notice",
    ):
        with pytest.raises(DBAPIError):
            session.execute(text(statement))
        session.rollback()


def test_it_does_not_close_while_anything_is_open(session, people, home):
    recall = opened_recall(session, people, vial_lot(home))

    for sentence in ("2 bags are not accounted for", "still in stock", "No notice is recorded for"):
        refused(session, Refusal, sentence, lambda: close(session, people, recall))


def test_who_may_close_and_what_is_asked(session, people, reconciled):
    refused(session, Forbidden, "open and close", lambda: close(session, people, reconciled, by="tina"))
    refused(
        session, InvalidInput, "what came of it", lambda: close(session, people, reconciled, conclusion=" ")
    )
    refused(session, WrongPassword, "not right", lambda: close(session, people, reconciled, password="no"))


def test_what_is_found_later_joins_and_shows_as_open(session, people, version, reconciled):
    close(session, people, reconciled)
    lot = reconciled.lots[0].lot
    assert queries.get_recall_page(session, reconciled).count.open == 0
    lot.status = type(lot.status).AVAILABLE
    receive_lot(session, lot.product, number=lot.number, expiry=lot.expiry, by=people("tina"), at=START)
    released_bags(session, people, version, bags=1)

    count = queries.get_recall_page(session, reconciled).count

    assert (count.affected, count.open) == (3, 1)
    destroy(session, people, reconciled, ids_of(session, reconciled, S.HERE))
    assert queries.get_recall_page(session, reconciled).count.open == 0


def test_a_drill_says_how_long_it_took_and_how_much_was_found(session, people, home):
    drill = opened_recall(session, people, vial_lot(home), is_drill=True)
    first, second = ids_of(session, drill, S.TO_LOCATE)
    refused(session, Refusal, "2 bags are not accounted for", lambda: close(session, people, drill))

    actions.complete_list(session, drill, by=people("tina"), at=START + timedelta(minutes=7))
    for bag, found in ((first, True), (second, False)):
        actions.locate_bags(session, drill, [bag], found=found, note="Shelf 2.", by=people("tina"), at=START)
    close(session, people, drill, at=START + timedelta(minutes=65))

    assert (drill.took_to_list, drill.took_to_close) == ("7 minutes", "1 hour 5 minutes")
    assert (drill.bags_affected, drill.bags_located) == (2, 1)
    refused(
        session,
        Refusal,
        "is closed",
        lambda: actions.complete_list(session, drill, by=people("tina"), at=START),
    )


def test_a_list_is_called_complete_once(session, people, home):
    recall = opened_recall(session, people, vial_lot(home))
    refused(
        session, Forbidden, "call patients",
        lambda: actions.complete_list(session, recall, by=people("dan"), at=START),
    )  # fmt: skip
    actions.complete_list(session, recall, by=people("tina"), at=START)
    refused(
        session,
        Refusal,
        "already",
        lambda: actions.complete_list(session, recall, by=people("tina"), at=START),
    )


def test_the_page_of_a_recall_costs_the_same_for_few_bags_and_for_many(session, people, version, database):
    costs = []
    recall = None
    for bags in (1, 4):
        worksheet = released_bags(session, people, version, bags=bags)
        recall = recall or opened_recall(session, people, vial_lot(worksheet), is_drill=True)
        session.flush()
        recall_id = recall.id
        session.expunge_all()
        with counted_statements(database) as seen:
            page = queries.get_recall_page(session, queries.get_recall(session, recall_id, site_id=1))
        costs.append(len(seen))
        version, recall = session.merge(version), page.recall

    assert page.count.affected == 5
    assert costs[0] == costs[1] <= 10
