"""The page on which a pharmacist decides: everything about a worksheet and its bags, read at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pharmacy.compounding.models import BagLabelCopy, Deviation, StepDone, Worksheet
from pharmacy.compounding.queries.content import FrozenLimit, list_frozen_limits
from pharmacy.compounding.queries.deviations import list_deviations_of
from pharmacy.compounding.queries.labels import find_label_in_use, list_papers_of
from pharmacy.compounding.queries.review import (
    Compared,
    compare_order,
    count_decided,
    list_bag_findings,
    list_worksheet_findings,
    say_outcome,
)
from pharmacy.compounding.queries.standing import find_version_to_label, read_standings, reconcile_worksheet
from pharmacy.compounding.queries.steps import group_steps
from pharmacy.domain.bag_release import Tally, count_bags, find_obstacles
from pharmacy.domain.findings import Finding
from pharmacy.domain.reconciliation import Reconciliation
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.printing.models import PrintedPaper


@dataclass(frozen=True, kw_only=True)
class ReleasePage:
    """Hold what the release page shows beside the worksheet; what is of a bag is found by its id."""

    compared: list[Compared]
    findings: list[Finding]
    deviations: list[Deviation]
    limits: list[FrozenLimit]
    order_holds: OrderVersion | None
    in_use: dict[int, BagLabelCopy | None]
    papers: dict[int, PrintedPaper]
    outcomes: dict[int, str]
    bag_findings: dict[int, list[Finding]]
    bag_steps: dict[int, list[StepDone]]
    worksheet_steps: list[StepDone]
    decided: int
    made: int
    counts: Reconciliation
    tally: Tally
    obstacles: list[str]


def read_release_page(session: Session, worksheet: Worksheet, *, at: datetime) -> ReleasePage:
    """Read everything that a pharmacist decides on; a fixed number of statements for any number of bags."""
    standings = read_standings(session, worksheet, at=at)
    paired = list(zip(worksheet.bags, standings, strict=True))
    counts = reconcile_worksheet(worksheet)
    steps = group_steps(worksheet)
    decided, made = count_decided(standings)
    return ReleasePage(
        compared=compare_order(worksheet),
        findings=list_worksheet_findings(worksheet),
        deviations=list_deviations_of(session, worksheet),
        limits=list_frozen_limits(worksheet),
        order_holds=find_version_to_label(session, worksheet, at=at),
        in_use={bag.id: find_label_in_use(bag) for bag in worksheet.bags},
        papers={paper.id: paper for paper in list_papers_of(session, worksheet)},
        outcomes={bag.id: say_outcome(standing) for bag, standing in paired},
        bag_findings={bag.id: list_bag_findings(bag, standing) for bag, standing in paired},
        bag_steps={bag.id: steps.get(bag.id, []) for bag in worksheet.bags},
        worksheet_steps=steps.get(None, []),
        decided=decided,
        made=made,
        counts=counts,
        tally=count_bags(standings),
        obstacles=find_obstacles(standings, at=at) or counts.list_open_ends(),
    )
