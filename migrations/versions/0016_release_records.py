"""Rework, deviations, complaints, second looks, and the record as it was signed with its addenda."""

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

revision = "0016"
down_revision = "0015"

_ADD_ONLY = (
    "complaint",
    "deviation_lot",
    "deviation_note",
    "signed_record",
    "record_addendum",
    "second_look",
)
_KEPT = ("rework", "deviation", "deviation_bag")
# Once the column after the suffix is set, the others never change.
_FROZEN = (
    ("rework", "frozen", "asked_at", ("bag_id", "kind", "to_do", "asked_by_id", "asked_at")),
    ("rework", "done_once", "done_at", ("done_by_id", "done_at", "done_note", "photo_id")),
    (
        "deviation",
        "frozen",
        "opened_at",
        (
            "serial",
            "kind",
            "gravity",
            "happened_at",
            "what",
            "immediate_action",
            "worksheet_id",
            "complaint_id",
            "opened_by_id",
            "opened_at",
        ),
    ),
    (
        "deviation",
        "investigated_once",
        "investigated_at",
        (
            "cause",
            "others_affected",
            "findings",
            "corrective_action",
            "preventive_action",
            "investigated_by_id",
            "investigated_at",
        ),
    ),
    ("deviation", "signed", "closing_id", ("status", "closing_id", "closed_at")),
    (
        "deviation_bag",
        "done_once",
        "decided_at",
        ("deviation_id", "bag_id", "disposition", "reason", "decided_by_id", "decided_at", "witness_id"),
    ),
    # What a compounding record rests on.
    (
        "worksheet",
        "recorded",
        "release_id",
        (
            "serial",
            "needed_at",
            "withdraw_ml",
            "diluent_ml",
            "meq",
            "mosm_per_l",
            "deliverable_ml",
            "total_additive_ml",
            "waste_ml",
            "working",
            "opened_by_id",
            "opened_at",
            "beyond_use_limited_by",
        ),
    ),
    (
        "scan",
        "frozen",
        "at",
        ("worksheet_id", "raw", "lot_by_hand", "product_id", "lot_id", "person_id", "at"),
    ),
    ("scan", "done_once", "undone_at", ("undone_at", "undone_because")),
    ("volume_check", "frozen", "first_at", ("bag_id", "first_ml", "first_by_id", "first_at")),
    ("volume_check", "done_once", "second_at", ("second_ml", "second_by_id", "second_at", "agrees")),
    ("opened_container", "frozen", "opened_at", ("lot_id", "opened_at", "opened_by_id")),
)


def upgrade() -> None:
    _create_records()
    _create_rework()
    _create_complaint()
    _create_deviation()
    _create_parts_of_deviations()
    _create_second_look()
    add_only(*_ADD_ONLY)
    for table in _KEPT:
        keep_rows(table)
    for table, suffix, mark, columns in _FROZEN:
        freeze_once_set(table, suffix, mark, columns)


def _create_records() -> None:
    op.create_table(
        "signed_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_signed_record_digest")),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_signed_record_signature_id")
        ),
        sa.ForeignKeyConstraint(
            ["worksheet_id"], ["worksheet.id"], name=op.f("fk_signed_record_worksheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_record")),
        sa.UniqueConstraint("worksheet_id", name=op.f("uq_signed_record_worksheet_id")),
    )
    op.create_table(
        "record_addendum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("old_value", sa.String(), nullable=False),
        sa.Column("new_value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_record_addendum_signature_id")
        ),
        sa.ForeignKeyConstraint(
            ["worksheet_id"], ["worksheet.id"], name=op.f("fk_record_addendum_worksheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_addendum")),
    )
    op.create_index(
        op.f("ix_record_addendum_worksheet_id"), "record_addendum", ["worksheet_id"], unique=False
    )


def _create_rework() -> None:
    op.create_table(
        "rework",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("to_do", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_note", sa.String(), nullable=True),
        sa.Column("photo_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_rework_done")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_rework_asked_by_id")),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_rework_bag_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name=op.f("fk_rework_done_by_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["attachment.id"], name=op.f("fk_rework_photo_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rework")),
    )
    op.create_index(op.f("ix_rework_bag_id"), "rework", ["bag_id"], unique=False)


def _create_complaint() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("complainant", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("response", sa.String(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_complaint_bag_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_complaint_site_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["person.id"], name=op.f("fk_complaint_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index(op.f("ix_complaint_bag_id"), "complaint", ["bag_id"], unique=False)


def _create_deviation() -> None:
    op.create_table(
        "deviation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("gravity", sa.String(length=40), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("immediate_action", sa.String(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=True),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("others_affected", sa.String(), nullable=True),
        sa.Column("findings", sa.String(), nullable=True),
        sa.Column("corrective_action", sa.String(), nullable=True),
        sa.Column("preventive_action", sa.String(), nullable=True),
        sa.Column("investigated_by_id", sa.Integer(), nullable=True),
        sa.Column("investigated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(closing_id IS NULL) = (closed_at IS NULL)", name=op.f("ck_deviation_closed")),
        sa.CheckConstraint(
            "(investigated_at IS NULL) = (investigated_by_id IS NULL)", name=op.f("ck_deviation_investigated")
        ),
        sa.ForeignKeyConstraint(["closing_id"], ["signature.id"], name=op.f("fk_deviation_closing_id")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaint.id"], name=op.f("fk_deviation_complaint_id")),
        sa.ForeignKeyConstraint(
            ["investigated_by_id"], ["person.id"], name=op.f("fk_deviation_investigated_by_id")
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_deviation_opened_by_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_deviation_site_id")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_deviation_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation")),
        sa.UniqueConstraint("serial", name=op.f("uq_deviation_serial")),
    )
    op.create_index(op.f("ix_deviation_status"), "deviation", ["status"], unique=False)
    op.create_index(op.f("ix_deviation_worksheet_id"), "deviation", ["worksheet_id"], unique=False)


def _create_parts_of_deviations() -> None:
    op.create_table(
        "deviation_bag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("witness_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "disposition IS NULL OR disposition <> 'destroyed' OR witness_id IS NOT NULL",
            name=op.f("ck_deviation_bag_witnessed"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_deviation_bag_decided")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (disposition IS NULL)", name=op.f("ck_deviation_bag_disposition")
        ),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_deviation_bag_bag_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_deviation_bag_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviation.id"], name=op.f("fk_deviation_bag_deviation_id")
        ),
        sa.ForeignKeyConstraint(["witness_id"], ["signature.id"], name=op.f("fk_deviation_bag_witness_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_bag")),
        sa.UniqueConstraint("deviation_id", "bag_id", name=op.f("uq_deviation_bag_deviation_id_bag_id")),
    )
    op.create_index(op.f("ix_deviation_bag_bag_id"), "deviation_bag", ["bag_id"], unique=False)
    op.create_index(op.f("ix_deviation_bag_deviation_id"), "deviation_bag", ["deviation_id"], unique=False)
    op.create_table(
        "deviation_lot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviation.id"], name=op.f("fk_deviation_lot_deviation_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_deviation_lot_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_lot")),
        sa.UniqueConstraint("deviation_id", "lot_id", name=op.f("uq_deviation_lot_deviation_id_lot_id")),
    )
    op.create_index(op.f("ix_deviation_lot_deviation_id"), "deviation_lot", ["deviation_id"], unique=False)
    op.create_index(op.f("ix_deviation_lot_lot_id"), "deviation_lot", ["lot_id"], unique=False)
    op.create_table(
        "deviation_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deviation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_deviation_note_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["deviation_id"], ["deviation.id"], name=op.f("fk_deviation_note_deviation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deviation_note_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation_note")),
    )
    op.create_index(op.f("ix_deviation_note_deviation_id"), "deviation_note", ["deviation_id"], unique=False)


def _create_second_look() -> None:
    op.create_table(
        "second_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("stop_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_second_look_bag_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_look_person_id")),
        sa.ForeignKeyConstraint(["stop_id"], ["delivery_stop.id"], name=op.f("fk_second_look_stop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_look")),
    )
    op.create_index(op.f("ix_second_look_bag_id"), "second_look", ["bag_id"], unique=False)


def downgrade() -> None:
    for table, suffix, _, _ in _FROZEN:
        drop_guard(f"{table}_{suffix}", table)
    for table in _KEPT:
        drop_guards_against_removal(table)
    drop_add_only(*_ADD_ONLY)
    for table in (
        "second_look",
        "deviation_note",
        "deviation_lot",
        "deviation_bag",
        "deviation",
        "rework",
        "complaint",
        "signed_record",
        "record_addendum",
    ):
        op.drop_table(table)
