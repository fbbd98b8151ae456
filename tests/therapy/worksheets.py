"""Bring a worksheet to a state, through actions, by the people whose steps they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.compounding import actions
from pharmacy.compounding.models import Bag, Worksheet
from pharmacy.compounding.queries import find_clean_up, find_setup, read_bag_state, weight_window_of
from pharmacy.domain.beyond_use import Category
from pharmacy.domain.file_kinds import KeptFile
from pharmacy.domain.preparation_steps import Step
from pharmacy.domain.quantities import round_half_up
from pharmacy.domain.room_readings import Reading
from pharmacy.facility.actions import record_readings
from pharmacy.facility.models import EngineeringControl
from pharmacy.facility.queries import list_controls
from pharmacy.formulary.models import Product, ProductKind
from pharmacy.inventory.models import Lot
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.sample.facility import CLEANROOM_HOOD
from pharmacy.sample.people import PASSWORD
from tests.conftest import START

People = Callable[[str], Person]
GS = "\x1d"
# What the page of the start sends for the hood of the sample's cleanroom suite, shown with Category 2.
IN_HOOD_1 = {"hood": "1-2"}
PHOTO = KeptFile("syringe.png", "image/png", b"\x89PNG\r\n\x1a\n...")
# What a bag of diluent weighs on the scale of the tests.
BEFORE_G = Decimal("112.4")


def gtin_of(product: Product) -> str:
    """Return the GTIN of a product in 14 digits."""
    return next(code.value for code in product.codes if code.system == "gtin")


def code_of(lot: Lot) -> str:
    """Return the square code on a container of a lot, as a scanner types it: product, expiry and lot."""
    return f"01{gtin_of(lot.product)}17{lot.expiry.replace('-', '')[2:]}10{lot.number}"


def lots_of(worksheet: Worksheet, kind: ProductKind) -> list[Lot]:
    """Return the lots of the diluent or of the additive that a worksheet proposes."""
    return [one.lot for one in worksheet.proposed_lots if one.lot.product.kind is kind]


def open_worksheet(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 2,
    doses: Sequence[datetime | None] | None = None,
    at: datetime = START,
) -> Worksheet:
    """Return a worksheet that Tina opened, needed a day later, for doses or for none in particular."""
    return actions.open_worksheet(
        session,
        version,
        bag_count=bags,
        doses=doses if doses is not None else [None] * bags,
        needed_at=at + timedelta(days=1),
        by=people("tina"),
        at=at,
    )


def checked_worksheet(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 2,
    doses: Sequence[datetime | None] | None = None,
    at: datetime = START,
) -> Worksheet:
    """Return a worksheet that Paula checked."""
    worksheet = open_worksheet(session, people, version, bags=bags, doses=doses, at=at)
    return actions.check_worksheet(session, worksheet, password=PASSWORD, by=people("paula"), at=at)


def started_worksheet(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 2,
    doses: Sequence[datetime | None] | None = None,
    at: datetime = START,
) -> Worksheet:
    """Return a worksheet that Tina started and set up at `at`, in the hood of the cleanroom suite."""
    worksheet = checked_worksheet(session, people, version, bags=bags, doses=doses, at=at)
    start(session, people, worksheet, at=at)
    set_up(session, people, worksheet, at=at)
    return worksheet


def set_up(
    session: Session, people: People, worksheet: Worksheet, *, by: str = "tina", at: datetime = START
) -> None:
    """Confirm all that is done once before the first bag."""
    while find_setup(worksheet):
        actions.confirm_step(session, worksheet, photo=PHOTO, by=people(by), at=at)


def hood_called(session: Session, name: str) -> EngineeringControl:
    """Return one of the sample hoods."""
    return next(one for one in list_controls(session, site_id=1) if one.name == name)


def read_room(session: Session, people: People, control: EngineeringControl, *, at: datetime) -> None:
    """Record readings in range in the room of a hood, by Tina."""
    pressure = None if control.room.pressure_low_inches is None else Decimal("0.03")
    reading = Reading(temperature_c=Decimal("19.4"), humidity_percent=Decimal(42), pressure_inches=pressure)
    record_readings(session, control.room, reading, note="", by=people("tina"), at=at)


def start(
    session: Session,
    people: People,
    worksheet: Worksheet,
    *,
    hood: str = CLEANROOM_HOOD,
    accepts: Category = Category.TWO,
    by: str = "tina",
    at: datetime = START,
) -> Worksheet:
    """Start a checked worksheet, by Tina in the hood of the cleanroom suite, whose room she reads first."""
    control = hood_called(session, hood)
    read_room(session, people, control, at=at)
    return actions.start_preparation(
        session, worksheet, control=control, accepts=accepts, by=people(by), at=at
    )


def take_over(
    session: Session, people: People, worksheet: Worksheet, *, by: str, at: datetime = START
) -> None:
    """Let somebody take a worksheet over from who holds it, without asking them."""
    actions.take_over(session, worksheet, reason="called away", by=people(by), at=at)


def do_next(session: Session, people: People, bag: Bag, *, at: datetime = START) -> None:
    """Do what a bag needs next as it should be, by Tina; the second volume by Theo."""
    state, tina = read_bag_state(session, bag.worksheet, bag, at=at), people("tina")
    needed = state.additive.need.volume_ml
    if state.expected:
        lot = (
            state.expected.reusable[0].lot
            if state.expected.reusable
            else _next_lot(bag.worksheet, state.expected.product)
        )
        actions.scan_container(session, bag, code_of(lot), by=tina, at=at)
    elif state.step is Step.FIRST_VOLUME:
        actions.enter_first_volume(session, bag, volume_ml=needed, by=tina, at=at)
    elif state.step is Step.SECOND_VOLUME:
        actions.enter_second_volume(session, bag, volume_ml=needed, by=people("theo"), at=at)
    elif state.step is Step.WEIGH_BEFORE:
        actions.weigh_before(session, bag, grams=BEFORE_G, by=tina, at=at)
    elif state.step is Step.WEIGH_AFTER:
        grams = BEFORE_G + weight_after(bag)
        actions.weigh_after(session, bag, grams=grams, by=tina, at=at)
    elif state.step is Step.COMPLETE:
        actions.complete_bag(session, bag, by=tina, at=at)
    else:
        photo = PHOTO if state.instruction and state.instruction.photo else None
        actions.confirm_step(session, bag.worksheet, photo=photo, by=tina, at=at)


def weight_after(bag: Bag) -> Decimal:
    """Return what the addition to a bag should weigh, to a hundredth of a gram."""
    return round_half_up(weight_window_of(bag.worksheet).expected_g, 2)


def go_to(session: Session, people: People, bag: Bag, step: Step, *, at: datetime = START) -> None:
    """Do all that comes before a step of a bag."""
    while read_bag_state(session, bag.worksheet, bag, at=at).step is not step:
        do_next(session, people, bag, at=at)


def scan_all(session: Session, people: People, bag: Bag, *, at: datetime = START) -> None:
    """Do all up to the draw: scan from an open vial where one can serve, else of the lots as proposed."""
    go_to(session, people, bag, Step.FIRST_VOLUME, at=at)


def _next_lot(worksheet: Worksheet, product: Product) -> Lot:
    """Return the first proposed lot of a product of which fewer containers were opened than proposed."""
    proposed = [one for one in worksheet.proposed_lots if one.lot.product_id == product.id]
    for one in proposed:
        opened = {scan.opened_container_id for scan in worksheet.scans if scan.lot_id == one.lot_id}
        if len(opened) < one.containers:
            return one.lot
    return proposed[-1].lot


def draw_and_check(session: Session, people: People, bag: Bag, *, at: datetime = START) -> None:
    """Do all from the draw to where only finishing the bag is left: the volume by Tina, and by Theo."""
    go_to(session, people, bag, Step.COMPLETE, at=at)


def make_bag(session: Session, people: People, bag: Bag, *, at: datetime = START) -> Bag:
    """Return a bag that Tina made and Theo checked."""
    draw_and_check(session, people, bag, at=at)
    return actions.complete_bag(session, bag, by=people("tina"), at=at)


def made_bags(
    session: Session,
    people: People,
    version: OrderVersion,
    *,
    bags: int = 2,
    doses: Sequence[datetime | None] | None = None,
    at: datetime = START,
) -> list[Bag]:
    """Return bags that are made, on a worksheet that is finished and awaits release."""
    worksheet = started_worksheet(session, people, version, bags=bags, doses=doses, at=at)
    for bag in worksheet.bags:
        make_bag(session, people, bag, at=at)
    while find_clean_up(worksheet):
        actions.confirm_step(session, worksheet, photo=PHOTO, by=people("tina"), at=at)
    actions.finish_preparation(session, worksheet, by=people("tina"), at=at)
    return worksheet.bags
