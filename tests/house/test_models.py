"""What holds for every table."""

import pytest
from sqlalchemy.orm import configure_mappers

from pharmacy.all_models import Base

configure_mappers()
TABLES = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
# Records that belong to a site through the record they hang on.
THROUGH = {
    "allergy",
    "audit_head",
    "bag_allocation",
    "bench_day",
    "bag_clearance",
    "bag_component",
    "bag_from_stock",
    "bag_label_copy",
    "bag_weighing",
    "chart_read",
    "cleaning_entry",
    "competency_document",
    "competency_entry",
    "condition",
    "consent",
    "count_sheet_line",
    "delivery_stop",
    "deviation_bag",
    "deviation_lot",
    "deviation_note",
    "formula_edit",
    "formula_step",
    "handover",
    "home_count_line",
    "inspection",
    "lab_result",
    "login_session",
    "measurement",
    "medication",
    "opened_container",
    "order_version",
    "packed_bag",
    "planned_delivery",
    "product_code",
    "proposed_lot",
    "receipt_entry",
    "record_addendum",
    "rework",
    "room_reading",
    "sample_entry",
    "recall_call",
    "recall_call_bag",
    "recall_decision",
    "recall_lot",
    "recall_notice",
    "scan",
    "second_look",
    "shortening",
    "signed_record",
    "site",
    "stability_reference",
    "stability_review",
    "station_note",
    "status_change",
    "step_done",
    "stock_movement",
    "volume_check",
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_record_belongs_to_a_site(table):
    assert ("site_id" in table.columns) is (table.name not in THROUGH)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_paired_columns_are_both_set_or_both_empty(table):
    """A nullable `x_at` beside a nullable `x_by_id` needs a check of the two."""
    checks = " ".join(str(check.sqltext) for check in table.constraints if hasattr(check, "sqltext"))
    for column in table.columns:
        partner = table.columns.get(column.name.removesuffix("_at") + "_by_id")
        if column.name.endswith("_at") and column.nullable and partner is not None and partner.nullable:
            assert f"({column.name} IS NULL) = ({partner.name} IS NULL)" in checks


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_quantity_is_a_binary_float(table):
    assert [column.name for column in table.columns if "FLOAT" in str(column.type).upper()] == []
