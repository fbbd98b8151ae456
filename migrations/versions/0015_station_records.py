"""What is done at the station beside scans and volumes: confirmed steps, weights, handovers and notes."""

import sqlalchemy as sa
from alembic import op
from migration_guards import add_only, drop_add_only

revision = "0015"
down_revision = "0014"

_TABLES = ("step_done", "bag_weighing", "handover", "station_note")
# Tables whose rows count from now on at which turn of their worksheet they were written.
_WITH_TURN = ("worksheet", "scan", "volume_check")


def upgrade() -> None:
    for table in _WITH_TURN:
        op.add_column(table, sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("volume_check", sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("volume_check", sa.Column("discarded_because", sa.String(), nullable=True))
    _create_step_done()
    _create_bag_weighing()
    _create_handover()
    _create_station_note()
    add_only(*_TABLES)


def _create_step_done() -> None:
    op.create_table(
        "step_done",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("formula_step_id", sa.Integer(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("grams", sa.BigInteger(), nullable=True),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(replaces_id IS NULL) = (reason IS NULL)", name=op.f("ck_step_done_replaced_with_reason")
        ),
        sa.CheckConstraint("NOT undone OR replaces_id IS NOT NULL", name=op.f("ck_step_done_undone")),
        sa.CheckConstraint(
            "(step = 'formula_step') = (formula_step_id IS NOT NULL)", name=op.f("ck_step_done_formula_step")
        ),
        sa.CheckConstraint(
            "(step = 'weighed' AND NOT undone) = (grams IS NOT NULL)", name=op.f("ck_step_done_weighed")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_step_done_attachment_id")
        ),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_step_done_bag_id")),
        sa.ForeignKeyConstraint(
            ["formula_step_id"], ["formula_step.id"], name=op.f("fk_step_done_formula_step_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_done_person_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["step_done.id"], name=op.f("fk_step_done_replaces_id")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_step_done_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_done")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_step_done_replaces_id")),
        sa.UniqueConstraint("worksheet_id", "turn", name=op.f("uq_step_done_worksheet_id_turn")),
    )
    op.create_index(op.f("ix_step_done_bag_id"), "step_done", ["bag_id"], unique=False)


def _create_bag_weighing() -> None:
    op.create_table(
        "bag_weighing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("before_g", sa.BigInteger(), nullable=False),
        sa.Column("after_g", sa.BigInteger(), nullable=False),
        sa.Column("expected_g", sa.BigInteger(), nullable=False),
        sa.Column("least_g", sa.BigInteger(), nullable=False),
        sa.Column("most_g", sa.BigInteger(), nullable=False),
        sa.Column("passes", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_bag_weighing_bag_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_bag_weighing_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bag_weighing")),
        sa.UniqueConstraint("bag_id", "turn", name=op.f("uq_bag_weighing_bag_id_turn")),
    )


def _create_handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("agreed OR reason IS NOT NULL", name=op.f("ck_handover_agreed_or_reason")),
        sa.CheckConstraint("to_id IS NOT NULL OR from_id IS NOT NULL", name=op.f("ck_handover_somebody")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_handover_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_handover_to_id")),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_handover_worksheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("worksheet_id", "turn", name=op.f("uq_handover_worksheet_id_turn")),
    )


def _create_station_note() -> None:
    op.create_table(
        "station_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("bag_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["bag_id"], ["bag.id"], name=op.f("fk_station_note_bag_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_station_note_person_id")),
        sa.ForeignKeyConstraint(
            ["worksheet_id"], ["worksheet.id"], name=op.f("fk_station_note_worksheet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_note")),
    )
    op.create_index(op.f("ix_station_note_bag_id"), "station_note", ["bag_id"], unique=False)
    op.create_index(op.f("ix_station_note_worksheet_id"), "station_note", ["worksheet_id"], unique=False)


def downgrade() -> None:
    drop_add_only(*_TABLES)
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_column("volume_check", "discarded_because")
    op.drop_column("volume_check", "discarded_at")
    for table in _WITH_TURN:
        op.drop_column(table, "turn")
