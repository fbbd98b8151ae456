"""Every change of worksheets and bags, one function for each intent."""

from __future__ import annotations

from pharmacy.compounding.actions.addenda import (
    add_addendum,
)
from pharmacy.compounding.actions.allocation import (
    allocate_bags,
    check_allocations,
    check_content,
    find_check_obstacles,
    list_unchecked,
    undo_allocation,
)
from pharmacy.compounding.actions.beyond_use import (
    shorten_beyond_use,
)
from pharmacy.compounding.actions.complaints import (
    take_complaint,
)
from pharmacy.compounding.actions.deviations import (
    Event,
    extend_deviation,
    note_deviation,
    open_deviation,
)
from pharmacy.compounding.actions.disposal import (
    destroy_bag,
    quarantine_bag,
)
from pharmacy.compounding.actions.investigation import (
    allow_release,
    close_deviation,
    destroy_affected,
    investigate,
)
from pharmacy.compounding.actions.labels import (
    LabelPress,
    LabelToPrint,
    apply_label,
    destroy_label,
    print_allocated_labels,
    print_bag_labels,
    reprint_bag_label,
)
from pharmacy.compounding.actions.opening import (
    open_stock_worksheet,
    open_worksheet,
)
from pharmacy.compounding.actions.preparation import (
    complete_bag,
    discard_bag,
    finish_preparation,
    start_preparation,
)
from pharmacy.compounding.actions.recalled import (
    clear_recalled_bag,
    destroy_recalled_bag,
    ensure_witness,
    hold_recalled_bag,
)
from pharmacy.compounding.actions.release import (
    digest_of_page,
    ensure_page_holds,
    inspect_bag,
    release_worksheet,
)
from pharmacy.compounding.actions.rework import (
    finish_rework,
)
from pharmacy.compounding.actions.scans import (
    scan_container,
    undo_scan,
)
from pharmacy.compounding.actions.settling import (
    settle_quarantine,
)
from pharmacy.compounding.actions.sheets import (
    print_record,
    print_worksheet,
)
from pharmacy.compounding.actions.steps import (
    confirm_step,
    ensure_own_code,
    retake_photo,
    undo_step,
)
from pharmacy.compounding.actions.volumes import (
    DIFFERENCE,
    enter_first_volume,
    enter_second_volume,
)
from pharmacy.compounding.actions.watch import (
    add_note,
    leave_station,
    take_over,
)
from pharmacy.compounding.actions.weights import (
    weigh_after,
    weigh_before,
)
from pharmacy.compounding.actions.worksheets import (
    add_lot,
    cancel_worksheet,
    check_worksheet,
)

__all__ = [
    "DIFFERENCE",
    "Event",
    "LabelPress",
    "LabelToPrint",
    "add_addendum",
    "add_lot",
    "add_note",
    "allocate_bags",
    "allow_release",
    "apply_label",
    "cancel_worksheet",
    "check_allocations",
    "check_content",
    "check_worksheet",
    "clear_recalled_bag",
    "close_deviation",
    "complete_bag",
    "confirm_step",
    "destroy_affected",
    "destroy_bag",
    "destroy_label",
    "destroy_recalled_bag",
    "digest_of_page",
    "discard_bag",
    "ensure_own_code",
    "ensure_page_holds",
    "ensure_witness",
    "enter_first_volume",
    "enter_second_volume",
    "extend_deviation",
    "find_check_obstacles",
    "finish_preparation",
    "finish_rework",
    "hold_recalled_bag",
    "inspect_bag",
    "investigate",
    "leave_station",
    "list_unchecked",
    "note_deviation",
    "open_deviation",
    "open_stock_worksheet",
    "open_worksheet",
    "print_allocated_labels",
    "print_bag_labels",
    "print_record",
    "print_worksheet",
    "quarantine_bag",
    "release_worksheet",
    "reprint_bag_label",
    "retake_photo",
    "scan_container",
    "settle_quarantine",
    "shorten_beyond_use",
    "start_preparation",
    "take_complaint",
    "take_over",
    "undo_allocation",
    "undo_scan",
    "undo_step",
    "weigh_after",
    "weigh_before",
]
