"""Orders, their versions and change tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("rx_number", sa.String(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_order_patient_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_order_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order")),
        sa.UniqueConstraint("site_id", "rx_number", name=op.f("uq_order_site_id_rx_number")),
    )
    op.create_index(op.f("ix_order_patient_id"), "order", ["patient_id"], unique=False)
    op.create_table(
        "order_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("formula_id", sa.Integer(), nullable=False),
        sa.Column("drug", sa.String(), nullable=False),
        sa.Column("dose_mg", sa.BigInteger(), nullable=False),
        sa.Column("diluent", sa.String(), nullable=False),
        sa.Column("diluent_volume_ml", sa.BigInteger(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("infusion_hours", sa.BigInteger(), nullable=False),
        sa.Column("sites", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("frequency_as_written", sa.String(), nullable=False),
        sa.Column("anchor", sa.DateTime(), nullable=False),
        sa.Column("effective", sa.DateTime(), nullable=False),
        sa.Column("bags_authorised", sa.Integer(), nullable=False),
        sa.Column("prescriber_id", sa.Integer(), nullable=False),
        sa.Column("diagnosis_code", sa.String(), nullable=False),
        sa.Column("diagnosis", sa.String(), nullable=False),
        sa.Column("off_label_reason", sa.String(), nullable=False),
        sa.Column("literature", sa.String(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("received_how", sa.String(), nullable=False),
        sa.Column("read_back", sa.Boolean(), nullable=False),
        sa.Column("change_reason", sa.String(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("list_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_content", sa.String(), nullable=True),
        sa.Column("verification_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status IN ('entered', 'sent_back', 'withdrawn')) OR verification_id IS NOT NULL",
            name=op.f("ck_order_version_verified_before_force"),
        ),
        sa.CheckConstraint(
            "(verification_id IS NULL) = (list_checked_at IS NULL)",
            name=op.f("ck_order_version_list_checked"),
        ),
        sa.CheckConstraint(
            "(verification_id IS NULL) = (verified_content IS NULL)",
            name=op.f("ck_order_version_verified_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_order_version_entered_by_id")
        ),
        sa.ForeignKeyConstraint(["formula_id"], ["formula.id"], name=op.f("fk_order_version_formula_id")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_order_version_order_id")),
        sa.ForeignKeyConstraint(
            ["prescriber_id"], ["prescriber.id"], name=op.f("fk_order_version_prescriber_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["order_version.id"], name=op.f("fk_order_version_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["verification_id"], ["signature.id"], name=op.f("fk_order_version_verification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_version")),
        sa.UniqueConstraint("order_id", "version", name=op.f("uq_order_version_order_id_version")),
    )
    op.create_index(op.f("ix_order_version_order_id"), "order_version", ["order_id"], unique=False)
    op.create_index(op.f("ix_order_version_status"), "order_version", ["status"], unique=False)
    op.create_table(
        "change_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("order_version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("blocks", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_change_task_done")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_change_task_done_by_id")),
        sa.ForeignKeyConstraint(
            ["order_version_id"], ["order_version.id"], name=op.f("fk_change_task_order_version_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_change_task_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_task")),
    )
    op.create_index(
        op.f("ix_change_task_order_version_id"), "change_task", ["order_version_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_change_task_order_version_id"), table_name="change_task")
    op.drop_table("change_task")
    op.drop_index(op.f("ix_order_version_status"), table_name="order_version")
    op.drop_index(op.f("ix_order_version_order_id"), table_name="order_version")
    op.drop_table("order_version")
    op.drop_index(op.f("ix_order_patient_id"), table_name="order")
    op.drop_table("order")
