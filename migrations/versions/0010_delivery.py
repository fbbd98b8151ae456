"""Delivery batches, stops and packed bags."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "delivery_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("delivers_on", sa.Date(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["driver_id"], ["person.id"], name=op.f("fk_delivery_batch_driver_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_delivery_batch_opened_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_delivery_batch_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_batch")),
        sa.UniqueConstraint("serial", name=op.f("uq_delivery_batch_serial")),
    )
    op.create_index(op.f("ix_delivery_batch_delivers_on"), "delivery_batch", ["delivers_on"], unique=False)
    op.create_table(
        "delivery_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("planned_delivery_id", sa.Integer(), nullable=False),
        sa.Column("pump_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("instructions", sa.String(), nullable=False),
        sa.Column("packages", sa.Integer(), nullable=True),
        sa.Column("cold_pack", sa.String(), nullable=True),
        sa.Column("temperature_monitor", sa.String(), nullable=True),
        sa.Column("bags_because", sa.String(), nullable=True),
        sa.Column("packed_by_id", sa.Integer(), nullable=True),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by", sa.String(), nullable=True),
        sa.Column("received_relationship", sa.String(), nullable=True),
        sa.Column("signature_kind", sa.String(), nullable=True),
        sa.Column("signature_content", sa.String(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_delivered_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status <> 'delivered' OR (received_by IS NOT NULL AND signature_content IS NOT NULL)",
            name=op.f("ck_delivery_stop_proof"),
        ),
        sa.CheckConstraint(
            "(checked_at IS NULL) = (checked_by_id IS NULL)", name=op.f("ck_delivery_stop_checked")
        ),
        sa.CheckConstraint(
            "(packed_at IS NULL) = (packed_by_id IS NULL)", name=op.f("ck_delivery_stop_packed")
        ),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> packed_by_id", name=op.f("ck_delivery_stop_two_people")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["delivery_batch.id"], name=op.f("fk_delivery_stop_batch_id")),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["person.id"], name=op.f("fk_delivery_stop_checked_by_id")
        ),
        sa.ForeignKeyConstraint(["packed_by_id"], ["person.id"], name=op.f("fk_delivery_stop_packed_by_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_delivery_stop_patient_id")),
        sa.ForeignKeyConstraint(
            ["planned_delivery_id"],
            ["planned_delivery.id"],
            name=op.f("fk_delivery_stop_planned_delivery_id"),
        ),
        sa.ForeignKeyConstraint(["pump_id"], ["pump.id"], name=op.f("fk_delivery_stop_pump_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_stop")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_delivery_stop_batch_id_position")),
    )
    op.create_index(op.f("ix_delivery_stop_patient_id"), "delivery_stop", ["patient_id"], unique=False)
    op.create_index(
        op.f("ix_delivery_stop_planned_delivery_id"), "delivery_stop", ["planned_delivery_id"], unique=False
    )
    op.create_table(
        "packed_bag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stop_id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("dose_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("packed_by_id", sa.Integer(), nullable=False),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_out_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(taken_out_at IS NULL) = (taken_out_because IS NULL)", name=op.f("ck_packed_bag_taken_out")
        ),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_packed_bag_bag_id")),
        sa.ForeignKeyConstraint(["packed_by_id"], ["person.id"], name=op.f("fk_packed_bag_packed_by_id")),
        sa.ForeignKeyConstraint(["stop_id"], ["delivery_stop.id"], name=op.f("fk_packed_bag_stop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packed_bag")),
    )
    op.create_index(op.f("ix_packed_bag_bag_id"), "packed_bag", ["bag_id"], unique=False)
    op.create_index(op.f("ix_packed_bag_stop_id"), "packed_bag", ["stop_id"], unique=False)
    op.create_index(
        "uq_packed_bag_in_one_box",
        "packed_bag",
        ["bag_id"],
        unique=True,
        sqlite_where=sa.text("taken_out_at IS NULL"),
        postgresql_where=sa.text("taken_out_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_packed_bag_in_one_box",
        table_name="packed_bag",
        sqlite_where=sa.text("taken_out_at IS NULL"),
        postgresql_where=sa.text("taken_out_at IS NULL"),
    )
    op.drop_index(op.f("ix_packed_bag_stop_id"), table_name="packed_bag")
    op.drop_index(op.f("ix_packed_bag_bag_id"), table_name="packed_bag")
    op.drop_table("packed_bag")
    op.drop_index(op.f("ix_delivery_stop_planned_delivery_id"), table_name="delivery_stop")
    op.drop_index(op.f("ix_delivery_stop_patient_id"), table_name="delivery_stop")
    op.drop_table("delivery_stop")
    op.drop_index(op.f("ix_delivery_batch_delivers_on"), table_name="delivery_batch")
    op.drop_table("delivery_batch")
