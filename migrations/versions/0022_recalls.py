"""Recalls and drills, and what a trace of a lot looks up."""

import sqlalchemy as sa
from alembic import op
from migration_guards import (
    add_only,
    drop_add_only,
    drop_guard,
    drop_guards_against_removal,
    freeze_once_set,
    keep_rows,
)

revision = "0022"
down_revision = "0021"

_ADD_ONLY = (
    "recall_lot",
    "recall_decision",
    "recall_call",
    "recall_call_bag",
    "recall_notice",
    "bag_clearance",
)
_OPENED = (
    *("site_id", "is_drill", "source", "urgency", "reference", "reason", "instructions", "opened_by_id"),
    *("opened_at", "opening_id"),
)
_CLOSED = ("status", "closing_id", "closed_at", "conclusion", "bags_affected", "bags_located")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]


def _table(name: str, *items: sa.schema.SchemaItem, indexed: tuple[str, ...] = (), **references: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *items,
        *_references(name, **references),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for column in indexed:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, *, nullable: bool = False, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_index(op.f("ix_scan_lot_id"), "scan", ["lot_id"])
    _table(
        "bag_clearance",
        *(_number("bag_id"), _number("lot_id"), _text("reason"), _number("person_id"), _instant("at")),
        sa.UniqueConstraint("bag_id", "lot_id", name=op.f("uq_bag_clearance_bag_id_lot_id")),
        bag_id="bag",
        lot_id="lot",
        person_id="person",
    )
    _table(
        "recall",
        *(_number("site_id"), sa.Column("is_drill", sa.Boolean(), nullable=False)),
        *(_text(name, length=40) for name in ("status", "source", "urgency")),
        *(_text(name) for name in ("reference", "reason", "instructions")),
        *(_number("opened_by_id"), _instant("opened_at"), _number("opening_id", nullable=True)),
        *(_number("listed_by_id", nullable=True), _instant("listed_at", nullable=True)),
        *(_number("closing_id", nullable=True), _instant("closed_at", nullable=True)),
        *(_text("conclusion", nullable=True), _number("bags_affected", nullable=True)),
        _number("bags_located", nullable=True),
        sa.CheckConstraint("(listed_at IS NULL) = (listed_by_id IS NULL)", name=op.f("ck_recall_listed")),
        sa.CheckConstraint("status <> 'closed' OR closing_id IS NOT NULL", name=op.f("ck_recall_closed")),
        indexed=("site_id",),
        site_id="site",
        opened_by_id="person",
        opening_id="signature",
        listed_by_id="person",
        closing_id="signature",
    )
    _table(
        "recall_lot",
        *(_number("recall_id"), _number("lot_id")),
        sa.UniqueConstraint("recall_id", "lot_id", name=op.f("uq_recall_lot_recall_id_lot_id")),
        indexed=("lot_id",),
        recall_id="recall",
        lot_id="lot",
    )
    _table(
        "recall_decision",
        *(_number("recall_id"), _number("bag_id"), _text("decision", length=40), _text("reason")),
        *(_number("person_id"), _instant("at")),
        indexed=("recall_id", "bag_id"),
        recall_id="recall",
        bag_id="bag",
        person_id="person",
    )
    _table(
        "recall_call",
        *(_number("recall_id"), _number("patient_id"), _text("result", length=40), _text("spoke_to")),
        *(_text("said"), _instant("next_at", nullable=True), _number("person_id"), _instant("at")),
        indexed=("recall_id", "patient_id"),
        recall_id="recall",
        patient_id="patient",
        person_id="person",
    )
    _table(
        "recall_call_bag",
        *(_number("call_id"), _number("bag_id"), _text("told", length=40)),
        sa.UniqueConstraint("call_id", "bag_id", name=op.f("uq_recall_call_bag_call_id_bag_id")),
        indexed=("bag_id",),
        call_id="recall_call",
        bag_id="bag",
    )
    _table(
        "recall_notice",
        *(_number("recall_id"), _number("prescriber_id"), _text("how"), _text("spoke_to"), _text("said")),
        *(_number("person_id"), _instant("at")),
        indexed=("recall_id", "prescriber_id"),
        recall_id="recall",
        prescriber_id="prescriber",
        person_id="person",
    )
    add_only(*_ADD_ONLY)
    keep_rows("recall")
    freeze_once_set("recall", "signed", "opening_id", _OPENED)
    freeze_once_set("recall", "listed_once", "listed_at", ("listed_at", "listed_by_id"))
    freeze_once_set("recall", "closed", "closed_at", _CLOSED)


def downgrade() -> None:
    for suffix in ("signed", "listed_once", "closed"):
        drop_guard(f"recall_{suffix}", "recall")
    drop_guards_against_removal("recall")
    drop_add_only(*_ADD_ONLY)
    for table in (
        *("recall_notice", "recall_call_bag", "recall_call", "recall_decision", "recall_lot", "recall"),
        "bag_clearance",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_scan_lot_id"), table_name="scan")
