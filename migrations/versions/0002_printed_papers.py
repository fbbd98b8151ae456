"""Papers as they were printed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "printed_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_type", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("order_version_id", sa.Integer(), nullable=True),
        sa.Column("copy_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("printed_by_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(replaced_at IS NULL) = (replaced_because IS NULL)", name=op.f("ck_printed_paper_replaced")
        ),
        sa.ForeignKeyConstraint(
            ["printed_by_id"], ["person.id"], name=op.f("fk_printed_paper_printed_by_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_printed_paper_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_paper")),
        sa.UniqueConstraint("serial", name=op.f("uq_printed_paper_serial")),
    )
    op.create_index(
        op.f("ix_printed_paper_order_version_id"), "printed_paper", ["order_version_id"], unique=False
    )
    op.create_index(op.f("ix_printed_paper_patient_id"), "printed_paper", ["patient_id"], unique=False)
    op.create_index(
        op.f("ix_printed_paper_record_type_record_id"),
        "printed_paper",
        ["record_type", "record_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_printed_paper_record_type_record_id"), table_name="printed_paper")
    op.drop_index(op.f("ix_printed_paper_patient_id"), table_name="printed_paper")
    op.drop_index(op.f("ix_printed_paper_order_version_id"), table_name="printed_paper")
    op.drop_table("printed_paper")
