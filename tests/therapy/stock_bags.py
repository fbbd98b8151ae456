"""Bring bags of stock to a state, through actions, by the people whose steps they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding import actions, documents
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.dispensing.models import PlannedDelivery
from pharmacy.formulary.models import Formula
from pharmacy.formulary.queries import list_approved_formulas
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.therapy.bags import inspect, release
from tests.therapy.deliveries import planned_delivery
from tests.therapy.worksheets import make_bag, start

People = Callable[[str], Person]
REASON = "Two patients on this formula are due on Wednesday."


def the_formula(session: Session, people: People) -> Formula:
    """Return the sample's approved formula."""
    (formula,) = list_approved_formulas(session, site_id=people("tina").site_id)
    return formula


def stock_worksheet(session: Session, people: People, *, bags: int = 2, at: datetime = START) -> Worksheet:
    """Return a worksheet for stock that Tina opened and Paula checked."""
    worksheet = actions.open_stock_worksheet(
        session,
        the_formula(session, people),
        bag_count=bags,
        needed_at=at + timedelta(hours=4),
        reason=REASON,
        by=people("tina"),
        at=at,
    )
    return actions.check_worksheet(session, worksheet, password=PASSWORD, by=people("paula"), at=at)


def labelled_stock(session: Session, people: People, *, bags: int = 2, at: datetime = START) -> Worksheet:
    """Return a worksheet for stock that awaits release, each bag with its stock label scanned on it."""
    worksheet = stock_worksheet(session, people, bags=bags, at=at)
    start(session, people, worksheet, at=at)
    for bag in worksheet.bags:
        make_bag(session, people, bag, at=at)
    actions.finish_preparation(session, worksheet, by=people("tina"), at=at)
    press = documents.press_for_worksheet(session, worksheet, at=at)
    actions.print_bag_labels(session, worksheet, press=press, reason="", by=people("tina"), at=at)
    for bag in worksheet.bags:
        actions.apply_label(session, worksheet, bag.serial, by=people("tina"), at=at)
    return worksheet


def stock(session: Session, people: People, *, bags: int = 2, at: datetime = START) -> list[Bag]:
    """Return bags that are released into stock."""
    worksheet = labelled_stock(session, people, bags=bags, at=at)
    for bag in worksheet.bags:
        inspect(session, people, bag, at=at)
    return release(session, people, worksheet, at=at).bags


def allocated(
    session: Session, people: People, version: OrderVersion, bags: Sequence[Bag], *, at: datetime = START
) -> Sequence[Bag]:
    """Allocate bags to an order, as spares, by Tina."""
    actions.allocate_bags(
        session, version, [(bag, None) for bag in bags], spare_until=at, by=people("tina"), at=at
    )
    return bags


def relabelled(session: Session, people: People, bags: Sequence[Bag], *, at: datetime = START) -> None:
    """Print the patients' labels of allocated bags and scan each on its bag, by Tina."""
    press = documents.press_for_allocated(session, bags, at=at)
    actions.print_allocated_labels(session, bags[0].allocation, bags, press=press, by=people("tina"), at=at)
    for bag in bags:
        actions.apply_label(session, bag.worksheet, bag.serial, by=people("tina"), at=at)


def compared(session: Session, people: People, bags: Sequence[Bag], *, at: datetime = START) -> None:
    """Compare the labels of allocated bags with the order, by Peter."""
    actions.check_allocations(session, bags, password=PASSWORD, by=people("peter"), at=at)


def delivery_with_stock(
    session: Session, people: People, version: OrderVersion, *, bags: int = 2, at: datetime = START
) -> PlannedDelivery:
    """Return a signed delivery of two bags for two days, beside bags in stock."""
    stock(session, people, bags=bags, at=at)
    return planned_delivery(session, people, version, at=at)
