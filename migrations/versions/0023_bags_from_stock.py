"""Which bags of stock were allocated for which planned delivery."""

import sqlalchemy as sa
from alembic import op
from migration_guards import add_only, drop_add_only

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "bag_from_stock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("planned_delivery_id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["bag_allocation.id"], name=op.f("fk_bag_from_stock_allocation_id")
        ),
        sa.ForeignKeyConstraint(
            ["planned_delivery_id"],
            ["planned_delivery.id"],
            name=op.f("fk_bag_from_stock_planned_delivery_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bag_from_stock")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_bag_from_stock_allocation_id")),
    )
    op.create_index(op.f("ix_bag_from_stock_planned_delivery_id"), "bag_from_stock", ["planned_delivery_id"])
    add_only("bag_from_stock")


def downgrade() -> None:
    drop_add_only("bag_from_stock")
    op.drop_index(op.f("ix_bag_from_stock_planned_delivery_id"), table_name="bag_from_stock")
    op.drop_table("bag_from_stock")
