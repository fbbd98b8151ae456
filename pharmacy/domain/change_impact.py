"""What a changed, held or stopped order makes invalid, and what must be done about each thing.

The door to the rule (domain.md 6.2 and 6.3, procedure 5 to 9): plain values of what was made and printed for
the old order go in, one sentence and one action for each thing that no longer holds come out.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pharmacy.domain.change_impact_home import (
    list_bags_at_home,
    list_calendars,
    list_doses_affected,
    list_pump_sheets,
)
from pharmacy.domain.change_impact_pharmacy import list_deliveries, list_labels, list_made
from pharmacy.domain.change_impact_subjects import (
    BagAtHome,
    BagAtPharmacy,
    Becomes,
    Case,
    Consequence,
    InCirculation,
    OpenWorksheet,
    Paper,
    PlannedDelivery,
    PlanNumbers,
    PrintedLabel,
    Subject,
)
from pharmacy.domain.change_impact_values import (
    EFFECTS,
    Change,
    Effect,
    Fate,
    OrderTerms,
    combine_effects,
    find_changes,
    say_changes,
)
from pharmacy.domain.statuses import OrderStatus


def list_consequences(
    old: OrderTerms,
    new: OrderTerms,
    *,
    out: InCirculation,
    before: PlanNumbers,
    after: PlanNumbers,
    zone: ZoneInfo,
) -> list[Consequence]:
    """List what a new version of an order has made invalid, what concerns the patient first.

    `before` and `after` are the numbers of the plans under the old and the new version; what `after` needs
    is nothing on hold and after a stop. Deliveries, worksheets and bags at the pharmacy are matched by their
    arrival. A bag planned for a dose before `new.effective` stays as it is. Raises Refusal where the old
    order is stopped already.
    """
    changes = find_changes(old, new)
    if not changes:
        return []
    case = Case(
        new=new,
        effect=combine_effects(changes),
        because=say_changes(old, new, changes, zone),
        goes_on=new.status not in {OrderStatus.ON_HOLD, OrderStatus.DISCONTINUED},
        resumed=Change.RESUME in changes,
        zone=zone,
    )
    return [
        *list_doses_affected(before, after, case),
        *list_bags_at_home(out, after, case),
        *list_pump_sheets(out, case),
        *list_calendars(out, case),
        *list_deliveries(before, after, case),
        *list_made(out, after, case),
        *list_labels(out, case),
    ]


__all__ = [
    "EFFECTS",
    "BagAtHome",
    "BagAtPharmacy",
    "Becomes",
    "Change",
    "Consequence",
    "Effect",
    "Fate",
    "InCirculation",
    "OpenWorksheet",
    "OrderTerms",
    "Paper",
    "PlanNumbers",
    "PlannedDelivery",
    "PrintedLabel",
    "Subject",
    "find_changes",
    "list_consequences",
]
