"""Guards in the database itself: rows that are only ever added, and signed content that never changes."""

from migration_guards import drop_guard, drop_guards_against_removal, freeze_once_set, guard, keep_rows

revision = "0012"
down_revision = "0011"

# Rows of these tables are never changed once they are written.
_NEVER_CHANGED = (
    "audit_entry",
    "status_change",
    "refusal",
    "chart_read",
    "signature",
    "stock_movement",
    "bag_component",
    "inspection",
    "shortening",
    "home_count",
    "home_count_line",
    "formula_step",
    "stability_reference",
    "change_record",
)
# Rows of these tables may move on, but none is ever removed.
_NEVER_REMOVED = (
    *_NEVER_CHANGED,
    "audit_head",
    "person",
    "printed_paper",
    "formula",
    "adopted_entry",
    "patient",
    "order",
    "order_version",
    "change_task",
    "lot",
    "opened_container",
    "worksheet",
    "bag",
    "scan",
    "volume_check",
    "bag_label_copy",
    "dispense_plan",
    "planned_delivery",
    "pump",
    "program_sheet",
    "delivery_batch",
    "delivery_stop",
    "packed_bag",
)
# Once the column before the colon is set, the others never change.
_SIGNED = {
    "order_version": (
        "verification_id",
        (
            "order_id",
            "version",
            "replaces_id",
            "formula_id",
            "drug",
            "dose_mg",
            "diluent",
            "diluent_volume_ml",
            "route",
            "infusion_hours",
            "sites",
            "device",
            "frequency",
            "frequency_as_written",
            "anchor",
            "effective",
            "bags_authorised",
            "prescriber_id",
            "diagnosis_code",
            "diagnosis",
            "off_label_reason",
            "literature",
            "written_on",
            "expires_on",
            "received_how",
            "read_back",
            "change_reason",
            "entered_by_id",
            "entered_at",
            "list_checked_at",
            "verification_id",
            "verified_content",
        ),
    ),
    "formula": (
        "approval_id",
        (
            "code",
            "version",
            "name",
            "route",
            "dose_mg",
            "additive_id",
            "diluent_id",
            "method",
            "fill_ml",
            "pool_vials",
            "delivery_basis",
            "prime_ml",
            "residual_ml",
            "category",
            "sterilisation",
            "storage",
            "house_limit_days",
            "approval_id",
        ),
    ),
    "adopted_entry": (
        "signature_id",
        (
            "kind",
            "key",
            "version",
            "content",
            "digest",
            "source",
            "checked_by",
            "reviewed_on",
            "review_by",
            "signature_id",
        ),
    ),
    "worksheet": (
        "check_id",
        (
            "order_version_id",
            "formula_id",
            "patient_id",
            "bag_count",
            "additive_ml",
            "total_ml",
            "mg_per_ml",
            "rate_ml_per_h",
            "vials",
            "check_id",
        ),
    ),
    "program_sheet": (
        "verification_id",
        (
            "order_id",
            "order_version_id",
            "patient_id",
            "worksheet_id",
            "pump_id",
            "version",
            "replaces_id",
            "mode",
            "volume_ml",
            "rate_ml_per_h",
            "verdict",
            "program",
            "calendar",
            "flag_reason",
            "prepared_by_id",
            "prepared_at",
            "verification_id",
        ),
    ),
    "dispense_plan": (
        "signature_id",
        (
            "order_version_id",
            "home_count_id",
            "starts_at",
            "ends_at",
            "authorised_left",
            "inputs",
            "answer",
            "working",
            "signature_id",
        ),
    ),
    "printed_paper": (
        "digest",
        ("serial", "kind", "record_type", "record_id", "copy_number", "digest", "content", "printed_by_id"),
    ),
}
# The start of preparation and the frozen beyond-use date of a worksheet; how a delivery ended, with its
# proof; a bag that was taken out of a box; who made a bag and when; what a label's copy says.
_FROZEN = {
    "worksheet": ("started_at", ("started_at", "started_by_id", "beyond_use_at", "beyond_use_limits")),
    "delivery_stop": (
        "finished_at",
        (
            "batch_id",
            "patient_id",
            "planned_delivery_id",
            "pump_id",
            "status",
            "name",
            "address",
            "phone",
            "packed_by_id",
            "packed_at",
            "checked_by_id",
            "checked_at",
            "received_by",
            "received_relationship",
            "signature_kind",
            "signature_content",
            "finished_at",
            "not_delivered_because",
        ),
    ),
    "packed_bag": (
        "taken_out_at",
        ("stop_id", "bag_id", "dose_at", "packed_by_id", "packed_at", "taken_out_at", "taken_out_because"),
    ),
    "bag": (
        "made_at",
        ("serial", "worksheet_id", "position", "order_version_id", "patient_id", "made_at", "made_by_id"),
    ),
    "bag_label_copy": (
        "paper_id",
        ("bag_id", "paper_id", "order_version_id", "copy_number", "reason", "said", "beyond_use_at"),
    ),
}
# What a pharmacist decided on a worksheet's bags, and the scan that put a label on its bag.
_DONE_ONCE = {
    "worksheet": ("release_id", ("release_id",)),
    "bag_label_copy": ("applied_at", ("applied_at", "applied_by_id")),
}
_RULES = (("signed", _SIGNED), ("frozen", _FROZEN), ("done_once", _DONE_ONCE))

# A bag's beyond-use date, once it is set, only ever becomes earlier.
_ONLY_EARLIER = {"bag": "beyond_use_at"}


def upgrade() -> None:
    for table in _NEVER_CHANGED:
        guard(f"{table}_never_changed", table, "UPDATE", None, f"{table} rows are never changed")
    for table in _NEVER_REMOVED:
        keep_rows(table)
    for suffix, rules in _RULES:
        for table, (mark, columns) in rules.items():
            freeze_once_set(table, suffix, mark, columns)
    for table, column in _ONLY_EARLIER.items():
        guard(
            f"{table}_only_earlier",
            table,
            "UPDATE",
            f"OLD.{column} IS NOT NULL AND (NEW.{column} IS NULL OR NEW.{column} > OLD.{column})",
            f"{table} {column} only becomes earlier",
        )


def downgrade() -> None:
    for table in _NEVER_CHANGED:
        drop_guard(f"{table}_never_changed", table)
    for table in _NEVER_REMOVED:
        drop_guards_against_removal(table)
    for suffix, rules in _RULES:
        for table in rules:
            drop_guard(f"{table}_{suffix}", table)
    for table in _ONLY_EARLIER:
        drop_guard(f"{table}_only_earlier", table)
