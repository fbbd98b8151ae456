"""What a refused scan was, what it was read as, what was expected, and what it is counted under."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_TEXTS = ("expected", "raw", "read_product", "read_lot", "read_serial")
_NUMBERS = ("worksheet_id", "bag_id")


def upgrade() -> None:
    op.add_column("refusal", sa.Column("cause", sa.String(length=40), nullable=True))
    for name in _TEXTS:
        op.add_column("refusal", sa.Column(name, sa.String(), nullable=True))
    for name in _NUMBERS:
        op.add_column("refusal", sa.Column(name, sa.Integer(), nullable=True))
    op.create_index(op.f("ix_refusal_cause_at"), "refusal", ["cause", "at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_refusal_cause_at"), table_name="refusal")
    for name in (*reversed(_NUMBERS), *reversed(_TEXTS), "cause"):
        op.drop_column("refusal", name)
