"""Record a home count: who told whom what is there, when, and whether the next shipment is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.accounts.models import Person
from pharmacy.accounts.permissions import Permission, ensure_may
from pharmacy.audit.actions import record
from pharmacy.compounding.models import Bag
from pharmacy.compounding.queries import find_bag, find_recalled_lot, list_bags_of_order, list_recalled
from pharmacy.dispensing.models import HomeCount, HomeCountLine
from pharmacy.dispensing.queries import expected_bags, label_minute
from pharmacy.domain.barcodes import parse_serial
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import counted, moment
from pharmacy.domain.lifecycle import say
from pharmacy.domain.local_time import find_zone, to_instant
from pharmacy.domain.statuses import BagStatus
from pharmacy.prescriptions.models import Order


@dataclass(frozen=True, slots=True)
class CountedBags:
    """Hold one line of a count: one bag by its serial, or a number of bags by the date on their labels.

    `beyond_use` is the clock time at home that the labels say.
    """

    serial: str | None = None
    bags: int | None = None
    beyond_use: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountEntry:
    """Hold a home count as it was told; `counted_at` is a clock time at home, no lines mean no bags."""

    told_by: str
    told_by_relationship: str
    counted_at: datetime
    lines: Sequence[CountedBags]
    missed_doses: str
    consent_to_ship: bool
    note: str


def record_home_count(
    session: Session, order: Order, entry: CountEntry, *, by: Person, at: datetime
) -> HomeCount:
    """Record what somebody at home said is there, beside what should be left by the records.

    Refuses a serial that is not of this order or not delivered, a bag counted twice, and bags by number that
    were never delivered with such a beyond-use date: a plan must not rest on a date that was misread.
    """
    ensure_may(by.role, Permission.RECORD_HOME_COUNTS)
    zone = find_zone(order.patient.time_zone)
    counted_at = to_instant(entry.counted_at, zone)
    _ensure_told(entry, counted_at, at=at)
    lines = _read_lines(session, order, entry.lines, zone=zone)
    expected = expected_bags(session, order.id, at=counted_at)
    count = HomeCount(
        site_id=order.site_id,
        patient=order.patient,
        order_id=order.id,
        told_by=entry.told_by.strip(),
        told_by_relationship=entry.told_by_relationship.strip(),
        taken_by=by,
        counted_at=counted_at,
        consent_to_ship=entry.consent_to_ship,
        missed_doses=entry.missed_doses.strip(),
        expected_bags=expected.bags,
        expected_working="\n".join(expected.lines),
        note=entry.note.strip(),
        lines=lines,
    )
    session.add(count)
    record(session, count, "recorded a home count", by=by, at=at, rx=order.rx_number,
           told_by=count.told_by, relationship=count.told_by_relationship, counted_at=counted_at,
           bags=[[line.bag.serial if line.bag else None, line.bags, line.beyond_use_at] for line in lines],
           expected=expected.bags, missed=count.missed_doses, consent=count.consent_to_ship)  # fmt: skip
    return count


def _ensure_told(entry: CountEntry, counted_at: datetime, *, at: datetime) -> None:
    if not entry.told_by.strip():
        raise InvalidInput("Enter who told you what is at home.", field="told_by")
    if not entry.told_by_relationship.strip():
        raise InvalidInput("Enter who that is to the patient.", field="told_by_relationship")
    if not entry.missed_doses.strip():
        raise InvalidInput("Enter the doses that were missed and why, or none.", field="missed_doses")
    if counted_at > at:
        raise InvalidInput("The bags cannot have been counted in the future.", field="counted_at")


def _read_lines(
    session: Session, order: Order, lines: Iterable[CountedBags], *, zone: ZoneInfo
) -> list[HomeCountLine]:
    delivered = list_bags_of_order(session, order.id, {BagStatus.DELIVERED})
    recalled = list_recalled(session, [bag.id for bag in delivered])
    named: list[Bag] = []
    dates: Counter[datetime] = Counter()
    for line in lines:
        if line.serial and line.serial.strip():
            named.append(_get_delivered_bag(session, order, line.serial))
        elif line.bags is None or line.bags < 1 or line.beyond_use is None:
            raise InvalidInput("Give each bag by its serial, or how many bags there are with which date.")
        else:
            dates[to_instant(line.beyond_use, zone)] += line.bags
    twice = [bag.serial for bag, times in Counter(named).items() if times > 1]
    if twice:
        raise Refusal(f"{', '.join(twice)} is counted twice.")
    nameless = [bag for bag in delivered if bag not in named and bag.id not in recalled]
    for date, bags in dates.items():
        _ensure_delivered(nameless, date, bags, zone)
    return [
        *(HomeCountLine(bag=bag, bags=1, beyond_use_at=bag.beyond_use_at) for bag in named),
        *(HomeCountLine(bags=bags, beyond_use_at=date) for date, bags in sorted(dates.items())),
    ]


def _get_delivered_bag(session: Session, order: Order, serial: str) -> Bag:
    text = parse_serial(serial).text
    bag = find_bag(session, text, site_id=order.site_id)
    if bag is None:
        raise Refusal(f"No bag has the serial {text}. Read it again from the label.")
    if bag.patient_id != order.patient_id:
        raise Refusal(
            f"{text} is a bag of another patient. Ask for it to be kept apart, and tell a pharmacist."
        )
    if bag.get_order_version().order_id != order.id:
        raise Refusal(f"{text} is a bag of another order of this patient; count it there.")
    if find_recalled_lot(bag) is not None:
        raise Refusal(f"{text} is recalled: do not use it. Ask for it to be set aside, and do not count it.")
    if bag.status is not BagStatus.DELIVERED:
        raise Refusal(f"{text} is not recorded as delivered: it is {say(bag.status)}. Read the serial again.")
    return bag


def _ensure_delivered(bags: Sequence[Bag], date: datetime, number: int, zone: ZoneInfo) -> None:
    """Refuse more bags of a date than were delivered with it and are not counted by serial."""
    there = Counter(label_minute(bag) for bag in bags)
    if there[date] >= number:
        return
    known = "; ".join(
        f"{counted(left, 'bag')} with {moment(one, zone)}" for one, left in sorted(there.items())
    )
    said = f"Delivered and not counted by serial: {known}." if known else "No other bag was delivered."
    raise Refusal(
        f"{counted(number, 'bag')} to be started before {moment(date, zone)} cannot be there. {said} Read the"
        " labels again, or count by serial."
    )
