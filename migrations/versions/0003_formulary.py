"""Products, master formulation records and adopted reference data."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("drug", sa.String(), nullable=False),
        sa.Column("strength", sa.String(), nullable=False),
        sa.Column("container", sa.String(), nullable=False),
        sa.Column("volume_ml", sa.BigInteger(), nullable=False),
        sa.Column("overfill_ml", sa.BigInteger(), nullable=True),
        sa.Column("overfill_source", sa.String(), nullable=True),
        sa.Column("mg_per_ml", sa.BigInteger(), nullable=True),
        sa.Column("meq_per_ml", sa.BigInteger(), nullable=True),
        sa.Column("mosm_per_ml", sa.BigInteger(), nullable=False),
        sa.Column("density_g_per_ml", sa.BigInteger(), nullable=True),
        sa.Column("single_dose", sa.Boolean(), nullable=False),
        sa.Column("high_alert", sa.Boolean(), nullable=False),
        sa.Column("storage", sa.String(), nullable=False),
        sa.Column("source_note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_product_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
    )
    op.create_table(
        "product_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_code_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_code")),
        sa.UniqueConstraint(
            "system", "value", "product_id", name=op.f("uq_product_code_system_value_product_id")
        ),
    )
    op.create_index(op.f("ix_product_code_value"), "product_code", ["value"], unique=False)
    op.create_table(
        "adopted_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "NOT in_force OR signature_id IS NOT NULL", name=op.f("ck_adopted_entry_signed_before_force")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_adopted_entry_signature_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_adopted_entry_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adopted_entry")),
        sa.UniqueConstraint(
            "site_id", "kind", "key", "version", name=op.f("uq_adopted_entry_site_id_kind_key_version")
        ),
    )
    op.create_table(
        "formula",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("dosage_form", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("dose_mg", sa.BigInteger(), nullable=False),
        sa.Column("additive_id", sa.Integer(), nullable=False),
        sa.Column("diluent_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("fill_ml", sa.BigInteger(), nullable=True),
        sa.Column("pool_vials", sa.Boolean(), nullable=False),
        sa.Column("delivery_basis", sa.String(), nullable=False),
        sa.Column("prime_ml", sa.BigInteger(), nullable=False),
        sa.Column("residual_ml", sa.BigInteger(), nullable=False),
        sa.Column("prime_by_pump", sa.Boolean(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("sterilisation", sa.String(), nullable=False),
        sa.Column("sterility_tested", sa.Boolean(), nullable=False),
        sa.Column("nonsterile_components", sa.Boolean(), nullable=False),
        sa.Column("storage", sa.String(), nullable=False),
        sa.Column("storage_words", sa.String(), nullable=False),
        sa.Column("house_limit_days", sa.Integer(), nullable=True),
        sa.Column("container_closure", sa.String(), nullable=False),
        sa.Column("equipment", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("quality_checks", sa.String(), nullable=False),
        sa.Column("precautions", sa.String(), nullable=False),
        sa.Column("premix_reason", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=True),
        sa.Column("delivered_acceptance_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["additive_id"], ["product.id"], name=op.f("fk_formula_additive_id")),
        sa.ForeignKeyConstraint(["approval_id"], ["signature.id"], name=op.f("fk_formula_approval_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_formula_author_id")),
        sa.ForeignKeyConstraint(
            ["delivered_acceptance_id"], ["signature.id"], name=op.f("fk_formula_delivered_acceptance_id")
        ),
        sa.ForeignKeyConstraint(["diluent_id"], ["product.id"], name=op.f("fk_formula_diluent_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_formula_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formula")),
        sa.UniqueConstraint("site_id", "code", "version", name=op.f("uq_formula_site_id_code_version")),
    )
    op.create_table(
        "formula_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("formula_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("instruction", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["formula_id"], ["formula.id"], name=op.f("fk_formula_step_formula_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formula_step")),
        sa.UniqueConstraint("formula_id", "position", name=op.f("uq_formula_step_formula_id_position")),
    )
    op.create_table(
        "stability_reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("formula_id", sa.Integer(), nullable=False),
        sa.Column("storage", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["formula_id"], ["formula.id"], name=op.f("fk_stability_reference_formula_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stability_reference")),
    )


def downgrade() -> None:
    op.drop_table("stability_reference")
    op.drop_table("formula_step")
    op.drop_table("formula")
    op.drop_table("adopted_entry")
    op.drop_index(op.f("ix_product_code_value"), table_name="product_code")
    op.drop_table("product_code")
    op.drop_table("product")
