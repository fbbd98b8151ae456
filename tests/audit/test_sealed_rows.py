"""Signatures and status rows are what the chain says, and forged or damaged records are named."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from pharmacy.accounts.actions import sign
from pharmacy.accounts.models import Signature
from pharmacy.audit.actions import begin_life, record
from pharmacy.audit.chain import canonical
from pharmacy.audit.models import AuditEntry, StatusChange
from pharmacy.audit.queries import find_any_break
from pharmacy.domain.statuses import OrderStatus
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.statements import counted_statements


def unguarded(session, statement):
    """Change a table as somebody with the database's own tools could: with its guards taken away."""
    if session.bind.dialect.name == "sqlite":
        session.execute(text("PRAGMA ignore_check_constraints=ON"))
        for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        for table in ("audit_entry", "signature", "status_change"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(text("ALTER TABLE audit_entry DROP CONSTRAINT ck_audit_entry_number"))
    session.execute(text(statement))
    session.commit()
    session.expire_all()


@pytest.fixture
def rows(session, people):
    """Sign and move twice; return the numbers of the last signature and the last status row."""
    paula, version = people("paula"), session.scalars(select(OrderVersion)).first()
    for _ in range(2):
        signature = sign(
            session, version, meaning="a review", content={}, password=PASSWORD, by=paula, at=START
        )
        begin_life(session, version, by=paula, at=START)
        record(session, version, "reviewed", by=paula, at=START)
    session.commit()
    assert find_any_break(session) is None
    return signature.id, session.scalar(select(StatusChange.id).order_by(StatusChange.id.desc()).limit(1))


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE signature SET meaning = 'x' WHERE id = {0}", "Signature {0} was changed"),
        ("UPDATE signature SET digest = printed_name WHERE id = {0}", "Signature {0} was changed"),
        ("DELETE FROM status_change WHERE id = {1}", "Status change {1} is missing"),
        ("UPDATE status_change SET to_status = 'verified' WHERE id = {1}", "Status change {1} was changed"),
        ("UPDATE status_change SET id = -1 WHERE id = {1}", "Status change -1 was not written"),
        (
            "INSERT INTO status_change (record_type, record_id, to_status, person_id, at) "
            "SELECT record_type, record_id, to_status, person_id, at FROM status_change WHERE id = {1}",
            "Status change {2} was not written",
        ),
    ],
)
def test_a_signature_or_status_that_the_chain_knows_otherwise_is_named(session, rows, statement, sentence):
    numbers = (*rows, rows[1] + 1)
    if "digest" in statement:
        statement = statement.replace("printed_name", f"'{'0' * 64}'")
    unguarded(session, statement.format(*numbers))

    assert find_any_break(session).startswith(sentence.format(*numbers))


def test_sealing_costs_no_statement(database, session, people):
    paula, version = people("paula"), session.scalars(select(OrderVersion)).first()
    record(session, version, "read", by=paula, at=START)
    with counted_statements(database) as alone:
        record(session, version, "read", by=paula, at=START)
    with counted_statements(database) as moved:
        begin_life(session, version, by=paula, at=START)
        record(session, version, "read", by=paula, at=START)

    assert len(moved) == len(alone) + 1


def test_rows_that_no_entry_followed_are_sealed_at_the_commit(session, people):
    paula, version = people("paula"), session.scalars(select(OrderVersion)).first()
    begin_life(session, version, by=paula, at=START)
    session.rollback()
    session.commit()
    version = session.scalars(select(OrderVersion)).first()
    assert version.status is OrderStatus.IN_FORCE
    begin_life(session, version, by=people("paula"), at=START)
    session.commit()

    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert entry.action == "sealed what was left" and entry.sealed_rows.count("status_change") == 1
    assert find_any_break(session) is None


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE audit_entry SET number = -1 WHERE number = 1", "Record -1 was not written"),
        ("UPDATE audit_entry SET seal = 'ø' WHERE number = 2", "Record 2 was changed"),
        ("UPDATE audit_entry SET sealed_rows = '[]' WHERE sealed_rows <> '[]'", "Record "),
        ("UPDATE audit_entry SET at = {later} WHERE number = 2", "Record 2 was changed"),
        ("UPDATE audit_entry SET at = {garbage} WHERE number = 2", "Record 2 was changed"),
        ("UPDATE status_change SET at = {garbage} WHERE id = 1", "Status change 1 was changed"),
    ],
)
def test_a_forged_or_damaged_record_is_named(session, rows, statement, sentence):
    if session.bind.dialect.name == "sqlite":
        later, garbage = "substr(at, 1, 19) || '.400000'", "'yesterday'"
    else:
        later, garbage = "at + interval '400 milliseconds'", "at + interval '400 years'"
    unguarded(session, statement.format(later=later, garbage=garbage))

    assert find_any_break(session).startswith(sentence)


def test_equal_content_is_written_in_one_way_only():
    noon = datetime(2026, 11, 9, 12, tzinfo=ZoneInfo("America/New_York"))
    assert canonical(Decimal("2.0")) == canonical(Decimal("2")) == '"2"'
    assert canonical(noon) == canonical(noon.astimezone(ZoneInfo("UTC"))) == '"2026-11-09T17:00:00+00:00"'
    assert canonical([date(2026, 11, 9), noon.replace(tzinfo=None)]) == '["2026-11-09","2026-11-09T12:00:00"]'
    assert canonical({OrderStatus.IN_FORCE: OrderStatus.IN_FORCE}) == '{"in_force":"in_force"}'


@pytest.mark.parametrize("content", [{1, 2}, b"x", object(), Signature(), {"a": {3}}])
def test_what_has_no_one_way_is_a_programming_error(content):
    with pytest.raises(TypeError):
        canonical(content)


@pytest.mark.parametrize("table", ["audit_entry", "signature", "status_change", "patient", "person"])
def test_no_row_is_removed_by_the_back_door(session, rows, table):
    if session.bind.dialect.name == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    else:
        statement = f"TRUNCATE {table} CASCADE"
    with pytest.raises(Exception, match="never (replaced|removed)"):
        session.execute(text(statement))
    session.rollback()


def test_a_replaced_row_of_another_key_is_refused(session, rows):
    if session.bind.dialect.name == "sqlite":
        columns = (
            "site_id, username, name, initials, role, password_hash, password_chosen, active, failed_sign_ins"
        )
        with pytest.raises(Exception, match="never removed"):
            session.execute(
                text(f"INSERT OR REPLACE INTO person ({columns}) SELECT {columns} FROM person WHERE id = 1")
            )
        session.rollback()
    assert find_any_break(session) is None


def test_verifying_while_somebody_writes_sees_one_moment(database, session, rows, people):
    with database.reading() as reading:
        assert reading.scalar(select(AuditEntry).limit(1))
        record(session, people("tina"), "wrote beside", by=people("tina"), at=START)
        session.commit()
        assert find_any_break(reading) is None
