"""The database: one base class, exact column types, sessions alike on SQLite and PostgreSQL."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, Engine, Enum, MetaData, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from pharmacy.config import Settings

_SCALE = 6
# How long a writer waits for another one before it gives up.
_LONGEST_WAIT_MS = 15_000
# `recursive_triggers` lets the guards see a row that INSERT OR REPLACE would remove.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    f"busy_timeout={_LONGEST_WAIT_MS}",
)


class Instant(TypeDecorator[datetime]):
    """Store an instant in UTC; a date-time without zone is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Turn an aware instant into what the database holds."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Return the instant as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """Store a decimal as whole millionths, so that sums are exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Any) -> int | None:
        """Turn a decimal into millionths; more than six decimals is a programming error."""
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError("a quantity is never a binary float")
        scaled = Decimal(value).scaleb(_SCALE)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {_SCALE} decimals")
        return int(scaled)

    def process_result_value(self, value: int | Decimal | None, dialect: Any) -> Decimal | None:
        """Return the decimal without trailing zeros."""
        if value is None:
            return None
        exact = Decimal(int(value)).scaleb(-_SCALE).normalize()
        return exact if exact.as_tuple().exponent <= 0 else exact.quantize(Decimal(1))  # type: ignore[operator]


class LocalDateTime(TypeDecorator[datetime]):
    """Store a clock time at home, which has no offset: the anchor of a frequency."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse an instant where a clock time at home is meant."""
        if value is not None and value.tzinfo is not None:
            raise TypeError("a local date-time has no offset")
        return value


Id = Annotated[int, mapped_column(primary_key=True)]
LocalTime = Annotated[datetime, mapped_column(LocalDateTime)]


class Base(DeclarativeBase):
    """The base of every record."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: Instant,
        Decimal: Exact,
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda kind: [one.value for one in kind],
        ),
    }


class Database:
    """Hold one engine and make sessions: `reading` never writes, `writing` owns the write lock.

    `noting` only adds a note beside the record (who looked at what, when a sign-in was last used): on
    PostgreSQL it does not wait for the people who act. A reading session sees one moment of the database.

    A writing transaction takes SQLite's write lock, or on PostgreSQL the one row of `audit_head`, before it
    reads anything. Two people acting at once are therefore served one after the other on both databases, and
    the last vial can only be taken once.
    """

    def __init__(self, settings: Settings) -> None:
        self.engine = _make_engine(settings.database_url)
        info = {"audit_key": settings.audit_key.encode()}
        self.reading = sessionmaker(_seen_at_one_moment(self.engine), info=info)
        self.noting = sessionmaker(self.engine.execution_options(write=True), info=info)
        self.writing = sessionmaker(self.engine.execution_options(write=True), info=info | {"write": True})
        event.listen(self.writing, "after_begin", _take_write_lock)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a writing session, commit at the end, roll back on any error."""
        with self.writing.begin() as session:
            yield session


def _take_write_lock(session: Session, transaction: Any, connection: Any) -> None:
    if connection.dialect.name == "postgresql" and session.info.get("write"):
        connection.execute(text("SELECT number FROM audit_head WHERE id = 1 FOR UPDATE"))


def _seen_at_one_moment(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _make_engine(url: str) -> Engine:
    # What was bound to a statement may be a patient's name: it never enters a log.
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": f"-c lock_timeout={_LONGEST_WAIT_MS}"},
    )


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own lower() knows the letters of English only.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _begin_sqlite(connection: Any) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
