"""The statuses of every record that has a life, and the moves between them (domain.md 4.2 and 6.2)."""

from __future__ import annotations

from enum import StrEnum

from pharmacy.domain.lifecycle import Moves


class OrderStatus(StrEnum):
    """Where one version of an order stands."""

    ENTERED = "entered"
    SENT_BACK = "sent_back"
    IN_FORCE = "in_force"
    ON_HOLD = "on_hold"
    REPLACED = "replaced"
    DISCONTINUED = "discontinued"
    WITHDRAWN = "withdrawn"


ORDER_MOVES: Moves = {
    OrderStatus.ENTERED: frozenset({OrderStatus.IN_FORCE, OrderStatus.SENT_BACK, OrderStatus.WITHDRAWN}),
    OrderStatus.SENT_BACK: frozenset({OrderStatus.ENTERED, OrderStatus.WITHDRAWN}),
    OrderStatus.IN_FORCE: frozenset({OrderStatus.REPLACED, OrderStatus.ON_HOLD, OrderStatus.DISCONTINUED}),
    OrderStatus.ON_HOLD: frozenset({OrderStatus.REPLACED, OrderStatus.DISCONTINUED}),
    OrderStatus.REPLACED: frozenset(),
    OrderStatus.DISCONTINUED: frozenset(),
    OrderStatus.WITHDRAWN: frozenset(),
}


class PlanStatus(StrEnum):
    """Where a dispense plan stands."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    REPLACED = "replaced"


PLAN_MOVES: Moves = {
    PlanStatus.PROPOSED: frozenset({PlanStatus.SIGNED, PlanStatus.REPLACED}),
    PlanStatus.SIGNED: frozenset({PlanStatus.REPLACED}),
    PlanStatus.REPLACED: frozenset(),
}


class WorksheetStatus(StrEnum):
    """Where a compounding worksheet stands."""

    PROPOSED = "proposed"
    CHECKED = "checked"
    IN_PREPARATION = "in_preparation"
    AWAITING_RELEASE = "awaiting_release"
    CLOSED = "closed"
    CANCELLED = "cancelled"


WORKSHEET_MOVES: Moves = {
    WorksheetStatus.PROPOSED: frozenset({WorksheetStatus.CHECKED, WorksheetStatus.CANCELLED}),
    WorksheetStatus.CHECKED: frozenset({WorksheetStatus.IN_PREPARATION, WorksheetStatus.CANCELLED}),
    WorksheetStatus.IN_PREPARATION: frozenset({WorksheetStatus.AWAITING_RELEASE, WorksheetStatus.CANCELLED}),
    WorksheetStatus.AWAITING_RELEASE: frozenset({WorksheetStatus.CLOSED}),
    WorksheetStatus.CLOSED: frozenset(),
    WorksheetStatus.CANCELLED: frozenset(),
}


class BagStatus(StrEnum):
    """Where one bag stands, from the worksheet to the patient's home."""

    PLANNED = "planned"
    MADE = "made"
    REWORK = "rework"
    QUARANTINED = "quarantined"
    RELEASED = "released"
    REJECTED = "rejected"
    PACKED = "packed"
    DELIVERED = "delivered"
    RETURNED = "returned"
    USED = "used"
    DESTROYED = "destroyed"
    CANCELLED = "cancelled"


BAG_MOVES: Moves = {
    BagStatus.PLANNED: frozenset({BagStatus.MADE, BagStatus.REJECTED, BagStatus.CANCELLED}),
    BagStatus.MADE: frozenset(
        {BagStatus.RELEASED, BagStatus.REJECTED, BagStatus.QUARANTINED, BagStatus.REWORK}
    ),
    BagStatus.REWORK: frozenset({BagStatus.MADE, BagStatus.REJECTED, BagStatus.QUARANTINED}),
    BagStatus.QUARANTINED: frozenset({BagStatus.RELEASED, BagStatus.REJECTED}),
    BagStatus.RELEASED: frozenset({BagStatus.PACKED, BagStatus.QUARANTINED, BagStatus.DESTROYED}),
    BagStatus.REJECTED: frozenset({BagStatus.DESTROYED}),
    BagStatus.PACKED: frozenset({BagStatus.RELEASED, BagStatus.DELIVERED, BagStatus.RETURNED}),
    BagStatus.DELIVERED: frozenset({BagStatus.USED, BagStatus.RETURNED, BagStatus.DESTROYED}),
    BagStatus.RETURNED: frozenset({BagStatus.DESTROYED}),
    BagStatus.USED: frozenset(),
    BagStatus.DESTROYED: frozenset(),
    BagStatus.CANCELLED: frozenset(),
}


class LotStatus(StrEnum):
    """Whether a lot may be used."""

    AVAILABLE = "available"
    QUARANTINED = "quarantined"
    RECALLED = "recalled"


LOT_MOVES: Moves = {
    LotStatus.AVAILABLE: frozenset({LotStatus.QUARANTINED, LotStatus.RECALLED}),
    LotStatus.QUARANTINED: frozenset({LotStatus.AVAILABLE, LotStatus.RECALLED}),
    LotStatus.RECALLED: frozenset(),
}


class DeviationStatus(StrEnum):
    """Where a deviation stands."""

    OPEN = "open"
    INVESTIGATED = "investigated"
    CLOSED = "closed"


DEVIATION_MOVES: Moves = {
    DeviationStatus.OPEN: frozenset({DeviationStatus.INVESTIGATED}),
    DeviationStatus.INVESTIGATED: frozenset({DeviationStatus.CLOSED}),
    DeviationStatus.CLOSED: frozenset(),
}


class RoomStatus(StrEnum):
    """Whether bags are made in a room, and whether it is as clean as it was certified to be."""

    IN_SERVICE = "in_service"
    OUT_OF_CLASSIFICATION = "out_of_classification"
    OUT_OF_SERVICE = "out_of_service"


ROOM_MOVES: Moves = {one: frozenset(set(RoomStatus) - {one}) for one in RoomStatus}


class ControlStatus(StrEnum):
    """Whether bags are made in a hood."""

    IN_SERVICE = "in_service"
    OUT_OF_SERVICE = "out_of_service"


CONTROL_MOVES: Moves = {one: frozenset(set(ControlStatus) - {one}) for one in ControlStatus}


class CountStatus(StrEnum):
    """Where the count of a lot at a location stands."""

    AGREES = "agrees"
    DIFFERS = "differs"
    TO_CONFIRM = "to_confirm"
    SETTLED = "settled"
    COUNTED_AGAIN = "counted_again"
    SENT_BACK = "sent_back"


COUNT_MOVES: Moves = {
    CountStatus.AGREES: frozenset(),
    CountStatus.DIFFERS: frozenset({CountStatus.TO_CONFIRM, CountStatus.SETTLED, CountStatus.COUNTED_AGAIN}),
    CountStatus.TO_CONFIRM: frozenset(
        {CountStatus.SETTLED, CountStatus.SENT_BACK, CountStatus.COUNTED_AGAIN}
    ),
    CountStatus.SETTLED: frozenset(),
    CountStatus.COUNTED_AGAIN: frozenset(),
    CountStatus.SENT_BACK: frozenset(),
}


class FormulaStatus(StrEnum):
    """Whether a master formulation record is in force."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


FORMULA_MOVES: Moves = {
    FormulaStatus.DRAFT: frozenset({FormulaStatus.APPROVED, FormulaStatus.RETIRED}),
    FormulaStatus.APPROVED: frozenset({FormulaStatus.RETIRED}),
    FormulaStatus.RETIRED: frozenset(),
}


class SheetStatus(StrEnum):
    """Where a pump programming sheet stands."""

    DRAFT = "draft"
    VERIFIED = "verified"
    REPLACED = "replaced"


SHEET_MOVES: Moves = {
    SheetStatus.DRAFT: frozenset({SheetStatus.VERIFIED, SheetStatus.REPLACED}),
    SheetStatus.VERIFIED: frozenset({SheetStatus.REPLACED}),
    SheetStatus.REPLACED: frozenset(),
}


class PumpStatus(StrEnum):
    """Where a pump of the register is in its life."""

    AVAILABLE = "available"
    WITH_PATIENT = "with_patient"
    CLEANING = "cleaning"
    QUARANTINED = "quarantined"
    RETIRED = "retired"


PUMP_MOVES: Moves = {
    PumpStatus.AVAILABLE: frozenset({PumpStatus.WITH_PATIENT, PumpStatus.QUARANTINED, PumpStatus.RETIRED}),
    PumpStatus.WITH_PATIENT: frozenset({PumpStatus.CLEANING, PumpStatus.QUARANTINED}),
    PumpStatus.CLEANING: frozenset({PumpStatus.AVAILABLE, PumpStatus.QUARANTINED, PumpStatus.RETIRED}),
    PumpStatus.QUARANTINED: frozenset({PumpStatus.CLEANING, PumpStatus.RETIRED}),
    PumpStatus.RETIRED: frozenset(),
}


class RecallStatus(StrEnum):
    """Where the recall of a lot stands, or the drill of one."""

    OPEN = "open"
    CLOSED = "closed"


RECALL_MOVES: Moves = {
    RecallStatus.OPEN: frozenset({RecallStatus.CLOSED}),
    RecallStatus.CLOSED: frozenset(),
}


class DeliveryStatus(StrEnum):
    """Where a day's delivery batch stands."""

    OPEN = "open"
    ON_THE_WAY = "on_the_way"
    CLOSED = "closed"
    CANCELLED = "cancelled"


DELIVERY_MOVES: Moves = {
    DeliveryStatus.OPEN: frozenset({DeliveryStatus.ON_THE_WAY, DeliveryStatus.CANCELLED}),
    DeliveryStatus.ON_THE_WAY: frozenset({DeliveryStatus.CLOSED}),
    DeliveryStatus.CLOSED: frozenset(),
    DeliveryStatus.CANCELLED: frozenset(),
}


class StopStatus(StrEnum):
    """Where one stop of a delivery batch stands."""

    OPEN = "open"
    PACKED = "packed"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    CANCELLED = "cancelled"


STOP_MOVES: Moves = {
    StopStatus.OPEN: frozenset({StopStatus.PACKED, StopStatus.CANCELLED}),
    StopStatus.PACKED: frozenset(
        {StopStatus.OPEN, StopStatus.DELIVERED, StopStatus.NOT_DELIVERED, StopStatus.CANCELLED}
    ),
    StopStatus.DELIVERED: frozenset(),
    StopStatus.NOT_DELIVERED: frozenset(),
    StopStatus.CANCELLED: frozenset(),
}
