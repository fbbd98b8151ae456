"""Whether a person chose the product of a scan whose code may be several."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column(
        "scan", sa.Column("product_by_hand", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("scan", "product_by_hand")
