"""Competencies of people, rooms and hoods with what is read in them, and the hood of a worksheet."""

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

revision = "0020"
down_revision = "0019"

_ADD_ONLY = (
    "bench_day",
    "certification",
    "cleaning_entry",
    "competency_document",
    "competency_entry",
    "room_reading",
    "sample_entry",
)
_KEPT = ("compounding_room", "engineering_control")
_FROZEN_BEFORE = ("started_at", "started_by_id", "beyond_use_at", "beyond_use_limits")


def upgrade() -> None:
    op.create_table(
        "compounding_room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("temperature_low_c", sa.BigInteger(), nullable=False),
        sa.Column("temperature_high_c", sa.BigInteger(), nullable=False),
        sa.Column("humidity_high_percent", sa.BigInteger(), nullable=False),
        sa.Column("pressure_low_inches", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_compounding_room_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compounding_room")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_compounding_room_site_id_name")),
    )
    op.create_table(
        "bench_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bench_day_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bench_day")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_bench_day_person_id_day")),
    )
    op.create_table(
        "competency_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("evaluator_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("correction_reason", sa.String(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(corrects_id IS NULL) = (correction_reason IS NULL)", name=op.f("ck_competency_entry_correction")
        ),
        sa.CheckConstraint("evaluator_id <> person_id", name=op.f("ck_competency_entry_other_evaluator")),
        sa.CheckConstraint("recorded_by_id <> person_id", name=op.f("ck_competency_entry_other_recorder")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["competency_entry.id"], name=op.f("fk_competency_entry_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["evaluator_id"], ["person.id"], name=op.f("fk_competency_entry_evaluator_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_competency_entry_person_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_competency_entry_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency_entry")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_competency_entry_corrects_id")),
    )
    op.create_index(op.f("ix_competency_entry_person_id"), "competency_entry", ["person_id"], unique=False)
    op.create_table(
        "engineering_control",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("maker", sa.String(), nullable=False),
        sa.Column("serial_number", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["compounding_room.id"], name=op.f("fk_engineering_control_room_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_engineering_control_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engineering_control")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_engineering_control_site_id_name")),
    )
    op.create_index(op.f("ix_engineering_control_room_id"), "engineering_control", ["room_id"], unique=False)
    op.create_table(
        "room_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("temperature_c", sa.BigInteger(), nullable=False),
        sa.Column("humidity_percent", sa.BigInteger(), nullable=False),
        sa.Column("pressure_inches", sa.BigInteger(), nullable=True),
        sa.Column("pressure_holds", sa.Boolean(), nullable=False),
        sa.Column("out_of_range", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_room_reading_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["compounding_room.id"], name=op.f("fk_room_reading_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_reading")),
    )
    op.create_index("ix_room_reading_room_id_at", "room_reading", ["room_id", "at"], unique=False)
    op.create_table(
        "certification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("control_id", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("iso", sa.Integer(), nullable=True),
        sa.Column("ante_iso", sa.Integer(), nullable=True),
        sa.Column("certified_by", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("correction_reason", sa.String(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(corrects_id IS NULL) = (correction_reason IS NULL)", name=op.f("ck_certification_correction")
        ),
        sa.CheckConstraint(
            "(room_id IS NULL) <> (control_id IS NULL)", name=op.f("ck_certification_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_certification_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["control_id"], ["engineering_control.id"], name=op.f("fk_certification_control_id")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["certification.id"], name=op.f("fk_certification_corrects_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certification_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["compounding_room.id"], name=op.f("fk_certification_room_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_certification_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_certification_corrects_id")),
    )
    op.create_index(op.f("ix_certification_control_id"), "certification", ["control_id"], unique=False)
    op.create_index(op.f("ix_certification_room_id"), "certification", ["room_id"], unique=False)
    op.create_table(
        "cleaning_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("control_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["control_id"], ["engineering_control.id"], name=op.f("fk_cleaning_entry_control_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cleaning_entry_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["compounding_room.id"], name=op.f("fk_cleaning_entry_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cleaning_entry")),
    )
    op.create_index("ix_cleaning_entry_room_id_at", "cleaning_entry", ["room_id", "at"], unique=False)
    op.create_table(
        "competency_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_competency_document_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["competency_entry.id"], name=op.f("fk_competency_document_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency_document")),
    )
    op.create_index(
        op.f("ix_competency_document_entry_id"), "competency_document", ["entry_id"], unique=False
    )
    op.create_table(
        "sample_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_sample_entry_attachment_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sample_entry_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["compounding_room.id"], name=op.f("fk_sample_entry_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_entry")),
    )
    op.create_index(op.f("ix_sample_entry_room_id"), "sample_entry", ["room_id"], unique=False)
    add_only(*_ADD_ONLY)
    for table in _KEPT:
        keep_rows(table)
    op.add_column(
        "worksheet",
        sa.Column(
            "engineering_control_id",
            sa.Integer(),
            sa.ForeignKey("engineering_control.id", name=op.f("fk_worksheet_engineering_control_id")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.create_index(
        op.f("ix_worksheet_engineering_control_id"), "worksheet", ["engineering_control_id"], unique=False
    )
    drop_guard("worksheet_frozen", "worksheet")
    freeze_once_set("worksheet", "frozen", "started_at", (*_FROZEN_BEFORE, "engineering_control_id"))


def downgrade() -> None:
    drop_guard("worksheet_frozen", "worksheet")
    op.drop_index(op.f("ix_worksheet_engineering_control_id"), table_name="worksheet")
    op.drop_column("worksheet", "engineering_control_id")
    freeze_once_set("worksheet", "frozen", "started_at", _FROZEN_BEFORE)
    for table in _KEPT:
        drop_guards_against_removal(table)
    drop_add_only(*_ADD_ONLY)
    for table in (
        "sample_entry",
        "competency_document",
        "cleaning_entry",
        "certification",
        "room_reading",
        "engineering_control",
        "competency_entry",
        "bench_day",
        "compounding_room",
    ):
        op.drop_table(table)
