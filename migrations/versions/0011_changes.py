"""What each change of an order did, as it was signed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "change_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("order_version_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("numbers", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_version_id"], ["order_version.id"], name=op.f("fk_change_record_order_version_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_change_record_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_record")),
        sa.UniqueConstraint("order_version_id", name=op.f("uq_change_record_order_version_id")),
    )


def downgrade() -> None:
    op.drop_table("change_record")
