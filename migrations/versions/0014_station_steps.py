"""What the station asks for at each step of a formula, and the weights of an addition."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column(
        "formula_step", sa.Column("stage", sa.String(length=40), nullable=False, server_default="setup")
    )
    op.add_column("formula_step", sa.Column("photo", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("formula", sa.Column("weight_tolerance_percent", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("formula", "weight_tolerance_percent")
    op.drop_column("formula_step", "photo")
    op.drop_column("formula_step", "stage")
