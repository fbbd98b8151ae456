"""Worksheets, bags, scans, checks and inspections."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "worksheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("order_version_id", sa.Integer(), nullable=False),
        sa.Column("formula_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("bag_count", sa.Integer(), nullable=False),
        sa.Column("needed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("additive_ml", sa.BigInteger(), nullable=False),
        sa.Column("withdraw_ml", sa.BigInteger(), nullable=False),
        sa.Column("diluent_ml", sa.BigInteger(), nullable=False),
        sa.Column("total_ml", sa.BigInteger(), nullable=False),
        sa.Column("mg_per_ml", sa.BigInteger(), nullable=False),
        sa.Column("meq", sa.BigInteger(), nullable=False),
        sa.Column("mosm_per_l", sa.BigInteger(), nullable=False),
        sa.Column("deliverable_ml", sa.BigInteger(), nullable=False),
        sa.Column("rate_ml_per_h", sa.BigInteger(), nullable=False),
        sa.Column("vials", sa.Integer(), nullable=False),
        sa.Column("total_additive_ml", sa.BigInteger(), nullable=False),
        sa.Column("waste_ml", sa.BigInteger(), nullable=False),
        sa.Column("working", sa.String(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beyond_use_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beyond_use_limited_by", sa.String(), nullable=True),
        sa.Column("beyond_use_limits", sa.String(), nullable=True),
        sa.Column("release_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(started_at IS NULL) = (beyond_use_at IS NULL)", name=op.f("ck_worksheet_dated_at_start")
        ),
        sa.CheckConstraint(
            "(started_at IS NULL) = (started_by_id IS NULL)", name=op.f("ck_worksheet_started")
        ),
        sa.CheckConstraint(
            "started_at IS NULL OR check_id IS NOT NULL", name=op.f("ck_worksheet_checked_before_start")
        ),
        sa.ForeignKeyConstraint(["check_id"], ["signature.id"], name=op.f("fk_worksheet_check_id")),
        sa.ForeignKeyConstraint(["formula_id"], ["formula.id"], name=op.f("fk_worksheet_formula_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_worksheet_opened_by_id")),
        sa.ForeignKeyConstraint(
            ["order_version_id"], ["order_version.id"], name=op.f("fk_worksheet_order_version_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_worksheet_patient_id")),
        sa.ForeignKeyConstraint(["release_id"], ["signature.id"], name=op.f("fk_worksheet_release_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_worksheet_site_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["person.id"], name=op.f("fk_worksheet_started_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worksheet")),
        sa.UniqueConstraint("serial", name=op.f("uq_worksheet_serial")),
    )
    op.create_index(op.f("ix_worksheet_order_version_id"), "worksheet", ["order_version_id"], unique=False)
    op.create_index(op.f("ix_worksheet_patient_id"), "worksheet", ["patient_id"], unique=False)
    op.create_index(op.f("ix_worksheet_status"), "worksheet", ["status"], unique=False)
    op.create_table(
        "bag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("order_version_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("planned_dose_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("beyond_use_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(made_at IS NULL) = (made_by_id IS NULL)", name=op.f("ck_bag_made")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_bag_made_by_id")),
        sa.ForeignKeyConstraint(
            ["order_version_id"], ["order_version.id"], name=op.f("fk_bag_order_version_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_bag_patient_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_bag_site_id")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_bag_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bag")),
        sa.UniqueConstraint("serial", name=op.f("uq_bag_serial")),
        sa.UniqueConstraint("worksheet_id", "position", name=op.f("uq_bag_worksheet_id_position")),
    )
    op.create_index(op.f("ix_bag_order_version_id"), "bag", ["order_version_id"], unique=False)
    op.create_index(op.f("ix_bag_patient_id"), "bag", ["patient_id"], unique=False)
    op.create_index(op.f("ix_bag_status"), "bag", ["status"], unique=False)
    op.create_table(
        "proposed_lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("containers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_proposed_lot_lot_id")),
        sa.ForeignKeyConstraint(
            ["worksheet_id"], ["worksheet.id"], name=op.f("fk_proposed_lot_worksheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_lot")),
    )
    op.create_index(op.f("ix_proposed_lot_worksheet_id"), "proposed_lot", ["worksheet_id"], unique=False)
    op.create_table(
        "bag_component",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("opened_container_id", sa.Integer(), nullable=False),
        sa.Column("volume_ml", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_bag_component_bag_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_bag_component_lot_id")),
        sa.ForeignKeyConstraint(
            ["opened_container_id"],
            ["opened_container.id"],
            name=op.f("fk_bag_component_opened_container_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bag_component_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bag_component")),
    )
    op.create_index(op.f("ix_bag_component_bag_id"), "bag_component", ["bag_id"], unique=False)
    op.create_index(op.f("ix_bag_component_lot_id"), "bag_component", ["lot_id"], unique=False)
    op.create_table(
        "bag_label_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("order_version_id", sa.Integer(), nullable=False),
        sa.Column("copy_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("beyond_use_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destroyed_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (applied_by_id IS NULL)", name=op.f("ck_bag_label_copy_applied")
        ),
        sa.CheckConstraint(
            "(destroyed_at IS NULL) = (destroyed_because IS NULL)", name=op.f("ck_bag_label_copy_destroyed")
        ),
        sa.ForeignKeyConstraint(
            ["applied_by_id"], ["person.id"], name=op.f("fk_bag_label_copy_applied_by_id")
        ),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_bag_label_copy_bag_id")),
        sa.ForeignKeyConstraint(
            ["order_version_id"], ["order_version.id"], name=op.f("fk_bag_label_copy_order_version_id")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["printed_paper.id"], name=op.f("fk_bag_label_copy_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bag_label_copy")),
        sa.UniqueConstraint("bag_id", "copy_number", name=op.f("uq_bag_label_copy_bag_id_copy_number")),
    )
    op.create_index(op.f("ix_bag_label_copy_bag_id"), "bag_label_copy", ["bag_id"], unique=False)
    op.create_table(
        "inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("no_particles", sa.Boolean(), nullable=False),
        sa.Column("colour_right", sa.Boolean(), nullable=False),
        sa.Column("closure_intact", sa.Boolean(), nullable=False),
        sa.Column("label_matches", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_inspection_bag_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_inspection_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
    )
    op.create_index(op.f("ix_inspection_bag_id"), "inspection", ["bag_id"], unique=False)
    op.create_table(
        "scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=True),
        sa.Column("raw", sa.String(), nullable=False),
        sa.Column("lot_by_hand", sa.Boolean(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.Column("opened_container_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_scan_bag_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_scan_lot_id")),
        sa.ForeignKeyConstraint(
            ["opened_container_id"], ["opened_container.id"], name=op.f("fk_scan_opened_container_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_scan_person_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_scan_product_id")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_scan_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
    )
    op.create_index(op.f("ix_scan_bag_id"), "scan", ["bag_id"], unique=False)
    op.create_index(op.f("ix_scan_worksheet_id"), "scan", ["worksheet_id"], unique=False)
    op.create_table(
        "shortening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.DateTime(timezone=True), nullable=False),
        sa.Column("became", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_shortening_bag_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shortening_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortening")),
    )
    op.create_index(op.f("ix_shortening_bag_id"), "shortening", ["bag_id"], unique=False)
    op.create_table(
        "volume_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("first_ml", sa.BigInteger(), nullable=False),
        sa.Column("first_by_id", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_ml", sa.BigInteger(), nullable=True),
        sa.Column("second_by_id", sa.Integer(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(second_ml IS NULL) = (second_by_id IS NULL) AND (second_at IS NULL) = (second_by_id IS NULL)",
            name=op.f("ck_volume_check_second"),
        ),
        sa.CheckConstraint(
            "second_by_id IS NULL OR second_by_id <> first_by_id", name=op.f("ck_volume_check_two_people")
        ),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_volume_check_bag_id")),
        sa.ForeignKeyConstraint(["first_by_id"], ["person.id"], name=op.f("fk_volume_check_first_by_id")),
        sa.ForeignKeyConstraint(["second_by_id"], ["person.id"], name=op.f("fk_volume_check_second_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volume_check")),
    )
    op.create_index(op.f("ix_volume_check_bag_id"), "volume_check", ["bag_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_volume_check_bag_id"), table_name="volume_check")
    op.drop_table("volume_check")
    op.drop_index(op.f("ix_shortening_bag_id"), table_name="shortening")
    op.drop_table("shortening")
    op.drop_index(op.f("ix_scan_worksheet_id"), table_name="scan")
    op.drop_index(op.f("ix_scan_bag_id"), table_name="scan")
    op.drop_table("scan")
    op.drop_index(op.f("ix_inspection_bag_id"), table_name="inspection")
    op.drop_table("inspection")
    op.drop_index(op.f("ix_bag_label_copy_bag_id"), table_name="bag_label_copy")
    op.drop_table("bag_label_copy")
    op.drop_index(op.f("ix_bag_component_lot_id"), table_name="bag_component")
    op.drop_index(op.f("ix_bag_component_bag_id"), table_name="bag_component")
    op.drop_table("bag_component")
    op.drop_index(op.f("ix_proposed_lot_worksheet_id"), table_name="proposed_lot")
    op.drop_table("proposed_lot")
    op.drop_index(op.f("ix_bag_status"), table_name="bag")
    op.drop_index(op.f("ix_bag_patient_id"), table_name="bag")
    op.drop_index(op.f("ix_bag_order_version_id"), table_name="bag")
    op.drop_table("bag")
    op.drop_index(op.f("ix_worksheet_status"), table_name="worksheet")
    op.drop_index(op.f("ix_worksheet_patient_id"), table_name="worksheet")
    op.drop_index(op.f("ix_worksheet_order_version_id"), table_name="worksheet")
    op.drop_table("worksheet")
