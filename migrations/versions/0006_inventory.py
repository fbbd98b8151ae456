"""Lots, stock movements and opened containers."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("expiry", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_lot_product_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_lot_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("site_id", "product_id", "number", name=op.f("uq_lot_site_id_product_id_number")),
    )
    op.create_index(op.f("ix_lot_number"), "lot", ["number"], unique=False)
    op.create_index(op.f("ix_lot_product_id"), "lot", ["product_id"], unique=False)
    op.create_table(
        "opened_container",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("use_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_ml", sa.BigInteger(), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_opened_container_lot_id")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["person.id"], name=op.f("fk_opened_container_opened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_container")),
    )
    op.create_index(op.f("ix_opened_container_lot_id"), "opened_container", ["lot_id"], unique=False)
    op.create_index(
        op.f("ix_opened_container_worksheet_id"), "opened_container", ["worksheet_id"], unique=False
    )
    op.create_table(
        "stock_movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("containers", sa.Integer(), nullable=False),
        sa.Column("volume_ml", sa.BigInteger(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=True),
        sa.Column("bag_id", sa.Integer(), nullable=True),
        sa.Column("opened_container_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_stock_movement_lot_id")),
        sa.ForeignKeyConstraint(
            ["opened_container_id"],
            ["opened_container.id"],
            name=op.f("fk_stock_movement_opened_container_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stock_movement_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
    )
    op.create_index(op.f("ix_stock_movement_bag_id"), "stock_movement", ["bag_id"], unique=False)
    op.create_index(op.f("ix_stock_movement_lot_id"), "stock_movement", ["lot_id"], unique=False)
    op.create_index(op.f("ix_stock_movement_worksheet_id"), "stock_movement", ["worksheet_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_stock_movement_worksheet_id"), table_name="stock_movement")
    op.drop_index(op.f("ix_stock_movement_lot_id"), table_name="stock_movement")
    op.drop_index(op.f("ix_stock_movement_bag_id"), table_name="stock_movement")
    op.drop_table("stock_movement")
    op.drop_index(op.f("ix_opened_container_worksheet_id"), table_name="opened_container")
    op.drop_index(op.f("ix_opened_container_lot_id"), table_name="opened_container")
    op.drop_table("opened_container")
    op.drop_index(op.f("ix_lot_product_id"), table_name="lot")
    op.drop_index(op.f("ix_lot_number"), table_name="lot")
    op.drop_table("lot")
