"""Pumps and program sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "pump",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("asset_number", sa.String(), nullable=False),
        sa.Column("serial_number", sa.String(), nullable=False),
        sa.Column("maker", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("software_version", sa.String(), nullable=False),
        sa.Column("administration_set", sa.String(), nullable=False),
        sa.Column("air_detector", sa.String(), nullable=False),
        sa.Column("occlusion_sensor", sa.String(), nullable=False),
        sa.Column("low_reservoir", sa.String(), nullable=False),
        sa.Column("lock_level", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("maintenance_due", sa.Date(), nullable=False),
        sa.Column("cleaned_on", sa.Date(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_pump_patient_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_pump_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pump")),
        sa.UniqueConstraint("site_id", "asset_number", name=op.f("uq_pump_site_id_asset_number")),
    )
    op.create_table(
        "program_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("order_version_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("pump_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("volume_ml", sa.BigInteger(), nullable=False),
        sa.Column("rate_ml_per_h", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("flag_reason", sa.String(), nullable=True),
        sa.Column("prepared_by_id", sa.Integer(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verification_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status <> 'verified' OR verification_id IS NOT NULL", name=op.f("ck_program_sheet_verified")
        ),
        sa.CheckConstraint(
            "(replaced_at IS NULL) = (replaced_because IS NULL)", name=op.f("ck_program_sheet_replaced")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_program_sheet_order_id")),
        sa.ForeignKeyConstraint(
            ["order_version_id"], ["order_version.id"], name=op.f("fk_program_sheet_order_version_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_program_sheet_patient_id")),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["person.id"], name=op.f("fk_program_sheet_prepared_by_id")
        ),
        sa.ForeignKeyConstraint(["pump_id"], ["pump.id"], name=op.f("fk_program_sheet_pump_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["program_sheet.id"], name=op.f("fk_program_sheet_replaces_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_program_sheet_site_id")),
        sa.ForeignKeyConstraint(
            ["verification_id"], ["signature.id"], name=op.f("fk_program_sheet_verification_id")
        ),
        sa.ForeignKeyConstraint(
            ["worksheet_id"], ["worksheet.id"], name=op.f("fk_program_sheet_worksheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_sheet")),
        sa.UniqueConstraint("order_id", "version", name=op.f("uq_program_sheet_order_id_version")),
    )
    op.create_index(
        op.f("ix_program_sheet_order_version_id"), "program_sheet", ["order_version_id"], unique=False
    )
    op.create_index(op.f("ix_program_sheet_patient_id"), "program_sheet", ["patient_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_program_sheet_patient_id"), table_name="program_sheet")
    op.drop_index(op.f("ix_program_sheet_order_version_id"), table_name="program_sheet")
    op.drop_table("program_sheet")
    op.drop_table("pump")
