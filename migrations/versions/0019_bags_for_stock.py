"""Bags made for stock: no patient until they are allocated, and how they were."""

import sqlalchemy as sa
from alembic import op
from migration_columns import add_check, allow_empty, drop_check, forbid_empty
from migration_guards import (
    differs,
    drop_guard,
    drop_guards_against_removal,
    freeze_once_set,
    guard_across,
    keep_rows,
)

revision = "0019"
down_revision = "0018"

_WORKSHEET_CHECKS = {
    "for_somebody": "(order_version_id IS NULL) = (patient_id IS NULL)",
    "rate_of_an_order": "(order_version_id IS NULL) = (rate_ml_per_h IS NULL)",
    "stock": "(order_version_id IS NULL) = (stock_reason IS NOT NULL)",
}
_BAG_CHECKS = {
    "for_somebody": "(order_version_id IS NULL) = (patient_id IS NULL)",
    "leaves_for_somebody": (
        "patient_id IS NOT NULL OR status NOT IN ('packed', 'delivered', 'returned', 'used')"
    ),
}
_BAG_FROZEN = ("serial", "worksheet_id", "position", "made_at", "made_by_id")
_ALLOCATED = (
    "bag_id",
    "order_version_id",
    "patient_id",
    "rate_ml_per_h",
    "planned_dose_at",
    "allocated_by_id",
    "allocated_at",
)
_STANDS = sa.text("undone_at IS NULL")
# A bag that was made is for whom it was made. One that was made for stock becomes somebody's only as an
# allocation that stands says, and nobody's again only when that was undone and before the bag was packed.
_FOR_STOCK = "EXISTS (SELECT 1 FROM worksheet WHERE id = OLD.worksheet_id AND order_version_id IS NULL)"
_GIVEN = (
    "OLD.order_version_id IS NULL AND EXISTS (SELECT 1 FROM bag_allocation WHERE bag_id = OLD.id"
    " AND undone_at IS NULL AND order_version_id = NEW.order_version_id AND patient_id = NEW.patient_id)"
)
_TAKEN_BACK = (
    "NEW.order_version_id IS NULL AND OLD.status IN ('released', 'quarantined')"
    " AND EXISTS (SELECT 1 FROM bag_allocation WHERE bag_id = OLD.id)"
    " AND NOT EXISTS (SELECT 1 FROM bag_allocation WHERE bag_id = OLD.id AND undone_at IS NULL)"
)


def upgrade() -> None:
    op.add_column("worksheet", sa.Column("stock_reason", sa.String(), nullable=True))
    allow_empty("worksheet", "order_version_id", "patient_id", "rate_ml_per_h")
    allow_empty("bag", "order_version_id", "patient_id")
    allow_empty("bag_label_copy", "order_version_id")
    for name, condition in _WORKSHEET_CHECKS.items():
        add_check("worksheet", name, condition)
    for name, condition in _BAG_CHECKS.items():
        add_check("bag", name, condition)
    op.create_table(
        "bag_allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("order_version_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("rate_ml_per_h", sa.BigInteger(), nullable=False),
        sa.Column("planned_dose_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("allocated_by_id", sa.Integer(), nullable=False),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_because IS NULL)", name=op.f("ck_bag_allocation_undone_because")
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_bag_allocation_undone")
        ),
        sa.ForeignKeyConstraint(
            ["allocated_by_id"], ["person.id"], name=op.f("fk_bag_allocation_allocated_by_id")
        ),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_bag_allocation_bag_id")),
        sa.ForeignKeyConstraint(["check_id"], ["signature.id"], name=op.f("fk_bag_allocation_check_id")),
        sa.ForeignKeyConstraint(
            ["order_version_id"], ["order_version.id"], name=op.f("fk_bag_allocation_order_version_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_bag_allocation_patient_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_bag_allocation_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bag_allocation")),
    )
    op.create_index(op.f("ix_bag_allocation_bag_id"), "bag_allocation", ["bag_id"])
    op.create_index(op.f("ix_bag_allocation_order_version_id"), "bag_allocation", ["order_version_id"])
    op.create_index(
        "ix_bag_allocation_stands",
        "bag_allocation",
        ["bag_id"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )
    keep_rows("bag_allocation")
    freeze_once_set("bag_allocation", "frozen", "bag_id", _ALLOCATED)
    freeze_once_set("bag_allocation", "checked", "check_id", ("check_id",))
    freeze_once_set(
        "bag_allocation",
        "undone",
        "undone_at",
        ("undone_at", "undone_by_id", "undone_because", "check_id"),
    )
    drop_guard("bag_frozen", "bag")
    freeze_once_set("bag", "frozen", "made_at", _BAG_FROZEN)
    changed = f"{differs('order_version_id')} OR {differs('patient_id')}"
    guard_across(
        "bag_allocated",
        "bag",
        f"OLD.made_at IS NOT NULL AND ({changed}) AND NOT ({_FOR_STOCK} AND (({_GIVEN}) OR ({_TAKEN_BACK})))",
        "bag is made for whom it is made and changes only by an allocation from stock",
    )


def downgrade() -> None:
    drop_guard("bag_allocated", "bag")
    drop_guard("bag_frozen", "bag")
    freeze_once_set("bag", "frozen", "made_at", (*_BAG_FROZEN, "order_version_id", "patient_id"))
    for suffix in ("frozen", "checked", "undone"):
        drop_guard(f"bag_allocation_{suffix}", "bag_allocation")
    drop_guards_against_removal("bag_allocation")
    op.drop_index("ix_bag_allocation_stands", table_name="bag_allocation")
    op.drop_index(op.f("ix_bag_allocation_order_version_id"), table_name="bag_allocation")
    op.drop_index(op.f("ix_bag_allocation_bag_id"), table_name="bag_allocation")
    op.drop_table("bag_allocation")
    for name, condition in _BAG_CHECKS.items():
        drop_check("bag", name, condition)
    for name, condition in _WORKSHEET_CHECKS.items():
        drop_check("worksheet", name, condition)
    forbid_empty("bag_label_copy", "order_version_id")
    forbid_empty("bag", "order_version_id", "patient_id")
    forbid_empty("worksheet", "order_version_id", "patient_id", "rate_ml_per_h")
    op.drop_column("worksheet", "stock_reason")
