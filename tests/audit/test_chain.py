"""The record that cannot be quietly changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pharmacy.audit.actions import record
from pharmacy.audit.chain import Head, find_break
from pharmacy.audit.queries import get_head, iterate_entries
from tests.conftest import START


def check(session, saved=None):
    session.expire_all()
    return find_break(
        iterate_entries(session), key=session.info["audit_key"], head=get_head(session), saved=saved
    )


@pytest.fixture
def chain(session, people):
    tina = people("tina")
    for number in range(3):
        record(session, tina, f"did {number}", by=tina, at=START, old=None, new=str(number))
    session.commit()
    return get_head(session)


def tamper(session, statement):
    """Change a table as somebody with the database's own tools could: with the guards taken away."""
    if session.bind.dialect.name == "sqlite":
        for name in ("audit_entry_never_changed", "audit_entry_never_removed"):
            session.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    else:
        session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER ALL"))
    session.execute(text(statement))
    session.commit()


def test_a_whole_chain_has_no_break(session, chain):
    assert check(session) is None
    assert check(session, saved=chain) is None
    assert check(session, saved=Head(0, "0" * 64)) is None


@pytest.mark.parametrize("column", ["details", "person_name", "action", "reason", "seal", "previous"])
def test_a_changed_record_is_named(session, chain, column):
    tamper(session, f"UPDATE audit_entry SET {column} = 'x' WHERE number = 2")

    assert check(session) == "Record 2 was changed after it was written."


def test_a_missing_record_is_named(session, chain):
    tamper(session, "DELETE FROM audit_entry WHERE number = 2")

    assert check(session) == "Record 2 is missing."


def test_a_cut_tail_is_found(session, chain):
    tamper(session, f"DELETE FROM audit_entry WHERE number >= {chain.number}")

    assert check(session) == f"The record ends at {chain.number - 1}, but its head says {chain.number}."


def test_a_cut_tail_with_its_head_moved_is_found_by_a_saved_head(session, chain):
    tamper(session, f"DELETE FROM audit_entry WHERE number >= {chain.number}")
    session.execute(
        text(
            "UPDATE audit_head SET number = number - 1, "
            f"seal = (SELECT seal FROM audit_entry WHERE number = {chain.number - 1})"
        )
    )
    session.commit()

    assert check(session) is None
    assert check(session, saved=chain) is not None


def test_another_key_breaks_every_seal(session, chain):
    head = get_head(session)

    assert find_break(iterate_entries(session), key=b"other", head=head) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET details = 'x' WHERE number = 1",
        "DELETE FROM audit_entry WHERE number = 1",
        "DELETE FROM person WHERE id = 1",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_itself_refuses_to_change_the_record(session, chain, statement):
    with pytest.raises(DBAPIError, match="never (changed|removed)"):
        session.execute(text(statement))
    session.rollback()

    assert check(session) is None


def test_a_rolled_back_change_leaves_no_record(session, people):
    before = get_head(session)
    tina = people("tina")
    record(session, tina, "did it", by=tina, at=START)
    session.rollback()

    assert get_head(session) == before
