"""Bring bags to a state, through actions, by the people whose steps they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding import actions, documents, queries
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.domain.bag_release import InspectionOutcome, ReworkKind
from pharmacy.prescriptions.actions import enter_change
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.printing.models import PrintedPaper
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.orders import FIRST_DOSE, verified
from tests.therapy.worksheets import made_bags

People = Callable[[str], Person]
GOOD = {"no_particles": True, "colour_right": True, "closure_intact": True, "label_matches": True}


def changed_order(
    session: Session,
    people: People,
    version: OrderVersion,
    frequency: str,
    *,
    at: datetime = START,
    **changes: Any,
) -> OrderVersion:
    """Return the version, entered by Paula and verified by Peter, that changes the frequency in three days.

    `changes` are what else the new version asks for.
    """
    changed = enter_change(
        session,
        version,
        frequency_as_written=frequency,
        anchor=FIRST_DOSE + timedelta(days=3),
        effective=FIRST_DOSE + timedelta(days=3),
        reason="The magnesium level is too high.",
        received_how="fax",
        read_back=False,
        by=people("paula"),
        at=at,
    )
    for name, value in changes.items():
        setattr(changed, name, value)
    return verified(session, people, changed, by="peter", at=at)


def press(session: Session, worksheet: Worksheet, *, at: datetime) -> documents.LabelSheet:
    """Return what draws the labels of a worksheet now."""
    return documents.LabelSheet(queries.get_label_facts(session, worksheet, at=at))


def print_labels(
    session: Session, people: People, worksheet: Worksheet, *, reason: str = "", at: datetime = START
) -> PrintedPaper:
    """Print the labels of a worksheet, by Tina."""
    return actions.print_bag_labels(
        session,
        worksheet,
        press=press(session, worksheet, at=at),
        reason=reason,
        by=people("tina"),
        at=at,
    )


def reprint_label(
    session: Session, people: People, bag: Bag, *, reason: str = "torn", at: datetime = START
) -> PrintedPaper:
    """Print the label of one bag again, by Tina."""
    return actions.reprint_bag_label(
        session,
        bag,
        press=press(session, bag.worksheet, at=at),
        reason=reason,
        by=people("tina"),
        at=at,
    )


def labelled_bags(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 2,
    doses: Sequence[datetime | None] | None = None,
    at: datetime = START,
) -> Worksheet:
    """Return a worksheet that awaits release, each bag with its label scanned on it."""
    worksheet = made_bags(session, people, version, bags=bags, doses=doses, at=at)[0].worksheet
    print_labels(session, people, worksheet, at=at)
    for bag in worksheet.bags:
        actions.apply_label(session, worksheet, bag.serial, by=people("tina"), at=at)
    return worksheet


def inspect(
    session: Session,
    people: People,
    bag: Bag,
    outcome: InspectionOutcome = InspectionOutcome.PASS,
    *,
    reason: str = "",
    rework: ReworkKind | None = None,
    by: str = "peter",
    at: datetime = START,
    **seen: Any,
) -> None:
    """Inspect a bag, by Peter; everything is as it must be but for what `seen` says."""
    actions.inspect_bag(
        session, bag, outcome=outcome, reason=reason, rework=rework, by=people(by), at=at, **GOOD | seen
    )


def inspected_bags(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 2,
    doses: Sequence[datetime | None] | None = None,
    at: datetime = START,
) -> Worksheet:
    """Return a worksheet that awaits release, each bag labelled and passed by Peter."""
    worksheet = labelled_bags(session, people, version, bags=bags, doses=doses, at=at)
    for bag in worksheet.bags:
        inspect(session, people, bag, at=at)
    return worksheet


def release(
    session: Session, people: People, worksheet: Worksheet, *, by: str = "peter", at: datetime = START
) -> Worksheet:
    """Sign the release of a worksheet, by Peter."""
    return actions.release_worksheet(session, worksheet, password=PASSWORD, by=people(by), at=at)


def released_bags(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 2,
    doses: Sequence[datetime | None] | None = None,
    at: datetime = START,
) -> Worksheet:
    """Return a closed worksheet whose bags Peter inspected and released, an hour after they were made."""
    worksheet = labelled_bags(session, people, version, bags=bags, doses=doses, at=at)
    later = at + timedelta(hours=1)
    for bag in worksheet.bags:
        inspect(session, people, bag, at=later)
    return release(session, people, worksheet, at=later)
