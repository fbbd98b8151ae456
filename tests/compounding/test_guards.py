"""What the database itself keeps as it was, whoever asks: bags, label copies, inspections and releases."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.therapy.bags import released_bags
from tests.therapy.orders import order_in_force

FORBIDDEN = {
    "UPDATE worksheet SET release_id = NULL": "worksheet is done once and does not change",
    "UPDATE worksheet SET working = 'other'": "worksheet is recorded and does not change",
    "UPDATE worksheet SET waste_ml = 0, meq = 1": "worksheet is recorded and does not change",
    "UPDATE scan SET raw = 'other'": "scan is frozen and does not change",
    "UPDATE scan SET lot_id = lot_id + 1": "scan is frozen and does not change",
    "UPDATE volume_check SET first_ml = 1": "volume_check is frozen and does not change",
    "UPDATE volume_check SET second_ml = 1": "volume_check is done once and does not change",
    "UPDATE opened_container SET opened_at = '2026-01-01'": "opened_container is frozen and does not change",
    "UPDATE bag_label_copy SET said = 'other'": "bag_label_copy is frozen and does not change",
    "UPDATE bag_label_copy SET copy_number = 9": "bag_label_copy is frozen and does not change",
    "UPDATE bag_label_copy SET applied_at = NULL, applied_by_id = NULL": "bag_label_copy is done once",
    "DELETE FROM bag_label_copy": "bag_label_copy rows are never removed",
    "UPDATE inspection SET outcome = 'pass', reason = 'x'": "inspection rows are never changed",
    "UPDATE bag SET made_at = NULL, made_by_id = NULL": "bag is frozen and does not change",
    "UPDATE bag SET serial = 'B-X'": "bag is frozen and does not change",
}


def test_the_database_refuses_what_no_action_does(session, people):
    released_bags(session, people, order_in_force(session, people), bags=1)
    session.flush()

    for statement, words in FORBIDDEN.items():
        with pytest.raises(DBAPIError, match=words), session.begin_nested():
            session.execute(text(statement))
