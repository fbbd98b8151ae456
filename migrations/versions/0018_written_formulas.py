"""Formulas written in the application: whole records, reviewed stability references, products as labelled."""

import sqlalchemy as sa
from alembic import op
from migration_guards import (
    add_only,
    differs,
    drop_add_only,
    drop_freeze_with_parent,
    drop_guard,
    drop_guards_against_removal,
    freeze_once_set,
    freeze_with_parent,
    guard,
    guard_asking,
    is_sqlite,
    keep_rows,
)

revision = "0018"
down_revision = "0017"

_SIGNED_BEFORE = (
    *("code", "version", "name", "route", "dose_mg", "additive_id", "diluent_id", "method", "fill_ml"),
    *("pool_vials", "delivery_basis", "prime_ml", "residual_ml", "category", "sterilisation", "storage"),
    *("house_limit_days", "approval_id"),
)
_SIGNED = (
    *_SIGNED_BEFORE,
    *("dosage_form", "prime_by_pump", "sterility_tested", "nonsterile_components", "storage_words"),
    *("weight_tolerance_percent", "container_closure", "container_ml", "materials", "equipment", "supplies"),
    *("description", "ph_and_tonicity", "quality_checks", "precautions", "auxiliary_labels"),
    *("premix_reason", "changes", "revision", "author_id", "written_at", "effective_on", "review_by"),
    "delivered_acceptance_id",
)
# What the arithmetic of a signed formula was computed from.
_LABEL_VALUES = (
    *("kind", "drug", "strength", "volume_ml", "overfill_ml", "mg_per_ml", "meq_per_ml", "mosm_per_ml"),
)
_ROWS_OF_DRAFTS = ("formula_step", "stability_reference")


def upgrade() -> None:
    _let_drafts_be_edited()
    _describe_products()
    _describe_formulas()
    _describe_stability()
    _add_tables()
    for table in _ROWS_OF_DRAFTS:
        freeze_with_parent(table, "formula_id", "formula", "approval_id")
    drop_guard("formula_signed", "formula")
    freeze_once_set("formula", "signed", "approval_id", _SIGNED)
    add_only("formula_edit", "stability_review")
    for table in ("product", "product_code"):
        keep_rows(table)
    signed = (
        'EXISTS (SELECT 1 FROM "formula" WHERE approval_id IS NOT NULL '
        "AND (additive_id = OLD.id OR diluent_id = OLD.id))"
    )
    changed = " OR ".join(differs(column) for column in _LABEL_VALUES)
    sentence = "product of a signed formula does not change"
    guard_asking("product_signed", "product", "UPDATE", f"({changed}) AND {signed}", sentence)


def _let_drafts_be_edited() -> None:
    for table in _ROWS_OF_DRAFTS:
        drop_guard(f"{table}_never_changed", table)
        drop_guard(f"{table}_never_removed", table)
        if is_sqlite():
            drop_guard(f"{table}_never_replaced", table)


def _describe_products() -> None:
    for column in (
        sa.Column("container_kind", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("salt_form", sa.String(), nullable=False, server_default=""),
        sa.Column("tare_g", sa.BigInteger(), nullable=True),
        sa.Column("weights_source", sa.String(), nullable=True),
        sa.Column("label_hours", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("product", column)
    op.execute(
        "UPDATE product SET container_kind = CASE WHEN kind = 'premix' THEN 'premixed bag' "
        "WHEN kind = 'diluent' THEN 'bag' WHEN single_dose THEN 'single-dose vial' "
        "ELSE 'multiple-dose vial' END"
    )
    op.drop_column("product", "single_dose")
    op.add_column("product_code", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))


def _describe_formulas() -> None:
    op.add_column("formula", sa.Column("container_ml", sa.BigInteger(), nullable=True))
    for name in ("materials", "supplies", "ph_and_tonicity", "auxiliary_labels", "changes"):
        op.add_column("formula", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("formula", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))


def _describe_stability() -> None:
    with op.batch_alter_table("stability_reference") as table:
        table.add_column(sa.Column("hours", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("container", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("least_mg_per_ml", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("most_mg_per_ml", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("attachment_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("entered_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("review_by", sa.Date(), nullable=True))
    # What was entered before is its formula's: by its author, to be reviewed with it.
    for name, source in (("entered_by_id", "author_id"), ("entered_at", "written_at"), ("review_by",) * 2):
        op.execute(
            f"UPDATE stability_reference SET {name} = "  # noqa: S608
            f"(SELECT {source} FROM formula WHERE formula.id = stability_reference.formula_id)"
        )
    with op.batch_alter_table("stability_reference") as table:
        for name in ("entered_by_id", "entered_at", "review_by"):
            table.alter_column(name, nullable=False)
        table.create_foreign_key(
            op.f("fk_stability_reference_attachment_id"), "attachment", ["attachment_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_stability_reference_entered_by_id"), "person", ["entered_by_id"], ["id"]
        )


def _add_tables() -> None:
    op.create_table(
        "formula_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("formula_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["formula_id"], ["formula.id"], name=op.f("fk_formula_edit_formula_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_formula_edit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formula_edit")),
        sa.UniqueConstraint("formula_id", "revision", name=op.f("uq_formula_edit_formula_id_revision")),
    )
    op.create_table(
        "stability_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference_id", sa.Integer(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("signature_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reference_id"], ["stability_reference.id"], name=op.f("fk_stability_review_reference_id")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"], ["signature.id"], name=op.f("fk_stability_review_signature_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stability_review")),
    )
    op.create_index(op.f("ix_stability_review_reference_id"), "stability_review", ["reference_id"])


def downgrade() -> None:
    drop_guard("product_signed", "product")
    for table in ("product", "product_code"):
        drop_guards_against_removal(table)
    drop_add_only("formula_edit", "stability_review")
    drop_guard("formula_signed", "formula")
    for table in _ROWS_OF_DRAFTS:
        drop_freeze_with_parent(table)
    op.drop_table("stability_review")
    op.drop_table("formula_edit")
    _narrow_tables()
    freeze_once_set("formula", "signed", "approval_id", _SIGNED_BEFORE)
    for table in _ROWS_OF_DRAFTS:
        guard(f"{table}_never_changed", table, "UPDATE", None, f"{table} rows are never changed")
        if not is_sqlite():
            drop_guard(f"{table}_never_emptied", table)
        keep_rows(table)


def _narrow_tables() -> None:
    with op.batch_alter_table("stability_reference") as table:
        table.drop_constraint(op.f("fk_stability_reference_attachment_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_stability_reference_entered_by_id"), type_="foreignkey")
        for name in ("hours", "container", "least_mg_per_ml", "most_mg_per_ml", "attachment_id"):
            table.drop_column(name)
        for name in ("entered_by_id", "entered_at", "review_by"):
            table.drop_column(name)
    for name in ("container_ml", "materials", "supplies", "ph_and_tonicity", "auxiliary_labels", "changes"):
        op.drop_column("formula", name)
    op.drop_column("formula", "revision")
    op.drop_column("product_code", "retired_at")
    op.add_column(
        "product", sa.Column("single_dose", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute("UPDATE product SET single_dose = (container_kind <> 'multiple-dose vial')")
    for name in ("container_kind", "salt_form", "tare_g", "weights_source", "label_hours", "retired_at"):
        op.drop_column("product", name)
