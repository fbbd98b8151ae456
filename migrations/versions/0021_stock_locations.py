"""Locations of stock, receipts, counts, and containers that stay open from one worksheet to the next."""

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

revision = "0021"
down_revision = "0020"

_KEPT = ("stock_location", "stock_policy", "stock_rule", "receipt", "count_sheet", "stock_count")
_ADDED = ("receipt_entry", "count_sheet_line")
_COUNT = ("site_id", "sheet_id", "lot_id", "location_id", "counted", "booked", "counted_by_id", "counted_at")
_SETTLED = ("settled_at", "settled_by_id", "movement_id", "reason_code")


def upgrade() -> None:
    _make_settings()
    _make_receipts()
    _make_counts()
    _add_columns()
    for table in _KEPT:
        keep_rows(table)
    add_only(*_ADDED)
    freeze_once_set("stock_count", "counted_blind", "counted_at", _COUNT)
    freeze_once_set("stock_count", "settled", "settled_at", _SETTLED)
    op.execute("UPDATE opened_container SET held_by_id = worksheet_id WHERE discarded_at IS NULL")


def _keys(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, target in targets.items()
    ]


def _make_settings() -> None:
    op.create_table(
        "stock_location",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_keys("stock_location", site_id="site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_location")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_stock_location_site_id_name")),
    )
    op.create_table(
        "stock_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("short_dated_days", sa.Integer(), nullable=False),
        sa.Column("large_difference", sa.Integer(), nullable=False),
        *_keys("stock_policy", site_id="site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_policy")),
        sa.UniqueConstraint("site_id", name=op.f("uq_stock_policy_site_id")),
    )
    op.create_table(
        "stock_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("storage", sa.String(length=40), nullable=False),
        sa.Column("reorder_level", sa.Integer(), nullable=True),
        *_keys("stock_rule", product_id="product", site_id="site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_rule")),
        sa.UniqueConstraint("site_id", "product_id", name=op.f("uq_stock_rule_site_id_product_id")),
    )


def _make_receipts() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        *_keys("receipt", opened_by_id="person", site_id="site"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint(
            "site_id", "supplier", "document", name=op.f("uq_receipt_site_id_supplier_document")
        ),
    )
    op.create_table(
        "receipt_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("movement_id", sa.Integer(), nullable=False),
        sa.Column("containers", sa.Integer(), nullable=False),
        sa.Column("raw", sa.String(), nullable=True),
        sa.Column("serial", sa.String(), nullable=True),
        sa.Column("by_hand_because", sa.String(), nullable=True),
        sa.Column("accepted", sa.String(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "by_hand_because IS NOT NULL OR raw IS NOT NULL", name=op.f("ck_receipt_entry_scanned_or_by_hand")
        ),
        *_keys(
            "receipt_entry",
            location_id="stock_location",
            lot_id="lot",
            movement_id="stock_movement",
            person_id="person",
            product_id="product",
            receipt_id="receipt",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_entry")),
        sa.UniqueConstraint("product_id", "serial", name=op.f("uq_receipt_entry_product_id_serial")),
    )
    op.create_index(op.f("ix_receipt_entry_lot_id"), "receipt_entry", ["lot_id"], unique=False)
    op.create_index(op.f("ix_receipt_entry_receipt_id"), "receipt_entry", ["receipt_id"], unique=False)


def _make_counts() -> None:
    op.create_table(
        "count_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_count_sheet_closed_by_somebody")
        ),
        *_keys(
            "count_sheet",
            closed_by_id="person",
            location_id="stock_location",
            opened_by_id="person",
            site_id="site",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_sheet")),
    )
    op.create_table(
        "count_sheet_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        *_keys("count_sheet_line", lot_id="lot", sheet_id="count_sheet"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_sheet_line")),
        sa.UniqueConstraint("sheet_id", "lot_id", name=op.f("uq_count_sheet_line_sheet_id_lot_id")),
    )
    op.create_table(
        "stock_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("counted_by_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_again", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("explained_by_id", sa.Integer(), nullable=True),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("movement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_stock_count_not_below_zero")),
        sa.CheckConstraint(
            "(explained_at IS NULL) = (explained_by_id IS NULL)",
            name=op.f("ck_stock_count_explained_by_somebody"),
        ),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_stock_count_settled_by_somebody")
        ),
        *_keys(
            "stock_count",
            counted_by_id="person",
            explained_by_id="person",
            location_id="stock_location",
            lot_id="lot",
            movement_id="stock_movement",
            settled_by_id="person",
            sheet_id="count_sheet",
            site_id="site",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count")),
    )
    op.create_index(op.f("ix_stock_count_lot_id"), "stock_count", ["lot_id"], unique=False)
    op.create_index(op.f("ix_stock_count_sheet_id"), "stock_count", ["sheet_id"], unique=False)


def _add_columns() -> None:
    for table, name, target in (
        ("stock_movement", "location_id", "stock_location.id"),
        ("stock_movement", "other_location_id", "stock_location.id"),
        ("stock_movement", "witness_id", "signature.id"),
        ("opened_container", "location_id", "stock_location.id"),
    ):
        column = sa.Column(name, sa.Integer(), sa.ForeignKey(target), nullable=True)
        op.add_column(table, column, inline_references=True)
    op.add_column("stock_movement", sa.Column("reason_code", sa.String(length=40), nullable=True))
    op.add_column(
        "opened_container",
        sa.Column("stays_open", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("opened_container", sa.Column("held_by_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_stock_movement_location_id"), "stock_movement", ["location_id"], unique=False)
    op.create_index(op.f("ix_opened_container_held_by_id"), "opened_container", ["held_by_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_opened_container_held_by_id"), table_name="opened_container")
    op.drop_index(op.f("ix_stock_movement_location_id"), table_name="stock_movement")
    for table, columns in (
        ("opened_container", ("held_by_id", "stays_open", "location_id")),
        ("stock_movement", ("reason_code", "witness_id", "other_location_id", "location_id")),
    ):
        for column in columns:
            op.drop_column(table, column)
    drop_guard("stock_count_settled", "stock_count")
    drop_guard("stock_count_counted_blind", "stock_count")
    drop_add_only(*_ADDED)
    for table in _KEPT:
        drop_guards_against_removal(table)
    for table in ("stock_count", "count_sheet_line", "count_sheet", "receipt_entry", "receipt"):
        op.drop_table(table)
    for table in ("stock_rule", "stock_policy", "stock_location"):
        op.drop_table(table)
