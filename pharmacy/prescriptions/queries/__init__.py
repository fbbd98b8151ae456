"""Reads of orders, their versions and their change tasks."""

from __future__ import annotations

from pharmacy.prescriptions.queries.measures import Measures, measure_version
from pharmacy.prescriptions.queries.orders import (
    PAGE,
    ensure_in_force,
    find_open_change,
    find_replacement,
    find_version_in_force,
    find_version_to_change,
    get_order,
    get_version,
    list_orders,
    list_segments,
    list_versions,
    say_frequency,
)
from pharmacy.prescriptions.queries.records import VersionRecord, list_version_records
from pharmacy.prescriptions.queries.schedule import (
    Understood,
    find_sent_back_reason,
    name_device,
    running_rate,
    understand_schedule,
)
from pharmacy.prescriptions.queries.screening import describe_version, screen_version
from pharmacy.prescriptions.queries.tasks import (
    ensure_no_blocking_task,
    get_task,
    list_open_tasks,
    list_tasks,
)

__all__ = [
    "PAGE",
    "Measures",
    "Understood",
    "VersionRecord",
    "describe_version",
    "ensure_in_force",
    "ensure_no_blocking_task",
    "find_open_change",
    "find_replacement",
    "find_sent_back_reason",
    "find_version_in_force",
    "find_version_to_change",
    "get_order",
    "get_task",
    "get_version",
    "list_open_tasks",
    "list_orders",
    "list_segments",
    "list_tasks",
    "list_version_records",
    "list_versions",
    "measure_version",
    "name_device",
    "running_rate",
    "say_frequency",
    "screen_version",
    "understand_schedule",
]
