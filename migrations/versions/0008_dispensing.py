"""Home counts and dispense plans."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "home_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.Column("told_by_relationship", sa.String(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_to_ship", sa.Boolean(), nullable=False),
        sa.Column("missed_doses", sa.String(), nullable=False),
        sa.Column("expected_bags", sa.Integer(), nullable=False),
        sa.Column("expected_working", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_home_count_order_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_home_count_patient_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_home_count_site_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"], name=op.f("fk_home_count_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_count")),
    )
    op.create_index(op.f("ix_home_count_order_id"), "home_count", ["order_id"], unique=False)
    op.create_index(op.f("ix_home_count_patient_id"), "home_count", ["patient_id"], unique=False)
    op.create_table(
        "dispense_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("order_version_id", sa.Integer(), nullable=False),
        sa.Column("home_count_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spare_bags", sa.Integer(), nullable=False),
        sa.Column("authorised_left", sa.Integer(), nullable=False),
        sa.Column("dose_count", sa.Integer(), nullable=False),
        sa.Column("used_on_hand", sa.Integer(), nullable=False),
        sa.Column("spare_on_hand", sa.Integer(), nullable=False),
        sa.Column("expires_unused", sa.Integer(), nullable=False),
        sa.Column("next_needed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inputs", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("working", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status <> 'signed' OR signature_id IS NOT NULL", name=op.f("ck_dispense_plan_signed")
        ),
        sa.ForeignKeyConstraint(
            ["home_count_id"], ["home_count.id"], name=op.f("fk_dispense_plan_home_count_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_dispense_plan_made_by_id")),
        sa.ForeignKeyConstraint(
            ["order_version_id"], ["order_version.id"], name=op.f("fk_dispense_plan_order_version_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_dispense_plan_patient_id")),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_dispense_plan_signature_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_dispense_plan_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispense_plan")),
    )
    op.create_index(
        op.f("ix_dispense_plan_order_version_id"), "dispense_plan", ["order_version_id"], unique=False
    )
    op.create_index(op.f("ix_dispense_plan_patient_id"), "dispense_plan", ["patient_id"], unique=False)
    op.create_index(op.f("ix_dispense_plan_status"), "dispense_plan", ["status"], unique=False)
    op.create_table(
        "planned_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("arrives_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepare_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beyond_use_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bags_proposed", sa.Integer(), nullable=False),
        sa.Column("spares", sa.Integer(), nullable=False),
        sa.Column("bags_chosen", sa.Integer(), nullable=False),
        sa.Column("chosen_because", sa.String(), nullable=True),
        sa.Column("covers", sa.String(), nullable=False),
        sa.Column("ready", sa.String(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["dispense_plan.id"], name=op.f("fk_planned_delivery_plan_id")),
        sa.ForeignKeyConstraint(
            ["worksheet_id"], ["worksheet.id"], name=op.f("fk_planned_delivery_worksheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_delivery")),
        sa.UniqueConstraint("plan_id", "arrives_at", name=op.f("uq_planned_delivery_plan_id_arrives_at")),
    )
    op.create_table(
        "home_count_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("home_count_id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=True),
        sa.Column("bags", sa.Integer(), nullable=False),
        sa.Column("beyond_use_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("bags >= 1", name=op.f("ck_home_count_line_some_bags")),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_home_count_line_bag_id")),
        sa.ForeignKeyConstraint(
            ["home_count_id"], ["home_count.id"], name=op.f("fk_home_count_line_home_count_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_count_line")),
    )
    op.create_index(
        op.f("ix_home_count_line_home_count_id"), "home_count_line", ["home_count_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_home_count_line_home_count_id"), table_name="home_count_line")
    op.drop_table("home_count_line")
    op.drop_table("planned_delivery")
    op.drop_index(op.f("ix_dispense_plan_status"), table_name="dispense_plan")
    op.drop_index(op.f("ix_dispense_plan_patient_id"), table_name="dispense_plan")
    op.drop_index(op.f("ix_dispense_plan_order_version_id"), table_name="dispense_plan")
    op.drop_table("dispense_plan")
    op.drop_index(op.f("ix_home_count_patient_id"), table_name="home_count")
    op.drop_index(op.f("ix_home_count_order_id"), table_name="home_count")
    op.drop_table("home_count")
