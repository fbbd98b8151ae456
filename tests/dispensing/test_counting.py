"""Home counts: what is at home beside what should be left, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pharmacy.audit.models import AuditEntry
from pharmacy.compounding.actions import shorten_beyond_use
from pharmacy.dispensing import queries
from pharmacy.dispensing.actions import CountedBags, record_home_count
from pharmacy.dispensing.models import HomeCount
from pharmacy.domain.errors import Forbidden, Refusal
from pharmacy.domain.formatting import moment
from pharmacy.domain.local_time import to_instant
from pharmacy.domain.statuses import BagStatus, OrderStatus
from pharmacy.prescriptions.queries import list_orders
from tests.conftest import START
from tests.therapy.at_home import bags_at_home, move_bags
from tests.therapy.bags import released_bags
from tests.therapy.orders import order_in_force
from tests.therapy.plans import HOME, at_home, count_entry, home_count, home_day

# Doses are at 21:00 from Monday 9 November, day 1; four bags are made that day and brought on day 2 at noon.
ARRIVES = to_instant(home_day(2, 12), HOME)
DAY_4 = to_instant(home_day(4, 9), HOME)


def doses(*days):
    return [to_instant(home_day(one, 21), HOME) for one in days]


@pytest.fixture
def version(session, people):
    return order_in_force(session, people)


@pytest.fixture
def bags(session, people, version):
    """Four bags at home since day 2, one each for days 2 to 5."""
    return bags_at_home(session, people, version, bags=4, doses=doses(2, 3, 4, 5), made_at=START, at=ARRIVES)


def test_a_first_count_finds_nothing_and_expects_nothing(session, people, version):
    tina = people("tina")

    count = record_home_count(session, version.order, count_entry(), by=tina, at=START)

    assert (count.lines, count.expected_bags, count.consent_to_ship) == ([], 0, True)
    assert count.expected_working == "No bag of this order has been delivered yet: 0 bags should be there."
    assert queries.find_latest_count(session, version.order_id) is count
    entry = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    assert (entry.action, entry.person_id, entry.at, entry.record_id) == (
        "recorded a home count",
        tina.id,
        START,
        count.id,
    )


def test_a_count_stands_beside_what_should_be_left(session, people, version, bags):
    entry = count_entry(
        DAY_4,
        lines=[CountedBags(serial=f" {bags[3].serial.lower()} ")],
        missed_doses="none",
        consent_to_ship=False,
        note="The pump alarmed once.",
    )

    count = record_home_count(session, version.order, entry, by=people("nora"), at=DAY_4)

    (line,) = count.lines
    assert (line.bag_id, line.bags, line.beyond_use_at) == (bags[3].id, 1, bags[3].beyond_use_at)
    assert (queries.count_bags(count), count.expected_bags, count.consent_to_ship) == (1, 2, False)
    assert count.expected_working.split("\n") == [
        "Counted from the first delivery on Tue 10 Nov 2026 12:00 EST.",
        "Delivered on Tue 10 Nov 2026 12:00 EST: 4 bags.",
        "Due from Tue 10 Nov 2026 12:00 EST up to Thu 12 Nov 2026 09:00 EST: 2 doses:"
        " Tue 10 Nov 2026 21:00 EST, Wed 11 Nov 2026 21:00 EST.",
        "0 counted + 4 delivered - 0 taken back - 2 used = 2 bags that should be left.",
    ]
    assert queries.list_counts(session, version.order_id) == [count]
    assert queries.get_count(session, count.id, site_id=count.site_id) is count


def test_what_should_be_left_goes_on_from_the_last_count(session, people, version, bags):
    entry = count_entry(DAY_4, lines=[CountedBags(serial=bags[3].serial), by_number(bags[2], 1)])
    count = record_home_count(session, version.order, entry, by=people("tina"), at=DAY_4)
    later = bags_at_home(
        session, people, version, bags=2, doses=doses(6, 7), made_at=DAY_4, at=DAY_4 + timedelta(hours=9)
    )
    # The bag that was counted by number, and one of those that came later.
    move_bags(session, people, [bags[2], later[0]], BagStatus.RETURNED, at=DAY_4 + timedelta(hours=20))
    expected = queries.expected_bags(session, version.order_id, at=DAY_4 + timedelta(days=4))

    # 2 counted + 2 delivered - 2 taken back = 2 for the four doses of days 4 to 7.
    assert expected.bags == 0
    assert "No bag that could be started was there for Sat 14 Nov 2026 21:00 EST" in expected.lines[4]
    assert expected.lines[-1] == (
        "2 counted + 2 delivered - 2 taken back - 2 used = 0 bags that should be left."
    )
    before = queries.expected_bags(session, version.order_id, at=DAY_4 + timedelta(hours=10))
    assert (before.bags, before.past_beyond_use) == (4, 0)
    assert {one.bag for one in before.left} == {None, bags[3], *later}
    assert queries.find_latest_count(session, version.order_id, before=count.counted_at) is None


def test_what_came_at_the_instant_of_the_count_was_counted(session, people, version, bags):
    home_count(session, people, version.order, bags=4, at=ARRIVES)

    assert queries.expected_bags(session, version.order_id, at=ARRIVES + timedelta(hours=1)).bags == 4


def test_a_bag_past_its_date_is_left_over_and_said_to_be(session, people, version, bags):
    became = to_instant(home_day(4, 20), HOME)
    shorten_beyond_use(session, bags[3], became=became, reason="warm", by=people("tina"), at=DAY_4)

    expected = queries.expected_bags(session, version.order_id, at=to_instant(home_day(6, 9), HOME))

    # Days 2, 3, 4 and 5: the shortened bag goes first while it can, so all four were used.
    assert (expected.bags, expected.past_beyond_use) == (0, 0)
    late = to_instant(home_day(2, 20), HOME)
    shorten_beyond_use(session, bags[2], became=late, reason="warm", by=people("tina"), at=DAY_4)
    expected = queries.expected_bags(session, version.order_id, at=to_instant(home_day(6, 9), HOME))
    assert (expected.bags, expected.past_beyond_use) == (1, 1)
    assert expected.lines[-1].endswith("= 1 bag that should be left, 1 of them past the beyond-use date.")


def by_number(bag, number):
    return CountedBags(bags=number, beyond_use=at_home(bag.beyond_use_at.replace(second=0)))


def test_bags_are_counted_by_number_and_by_serial_together(session, people, version, bags):
    entry = count_entry(DAY_4, lines=[by_number(bags[0], 3), CountedBags(serial=bags[1].serial)])

    count = record_home_count(session, version.order, entry, by=people("tina"), at=DAY_4)

    assert queries.count_bags(count) == 4
    assert sorted(line.bags for line in count.lines) == [1, 3]


@pytest.fixture
def foreign(session, people):
    """A bag of the other patient of the sample pharmacy, delivered."""
    site_id, in_force = people("tina").site_id, [OrderStatus.IN_FORCE]
    (other,) = list_orders(session, site_id=site_id, page=1, search="", statuses=in_force)
    return bags_at_home(session, people, other, bags=1, made_at=START, at=ARRIVES)[0]


def test_what_cannot_be_is_refused_and_nothing_is_recorded(session, people, foreign, version, bags):
    (at_pharmacy,) = released_bags(session, people, version, bags=1, doses=doses(6), at=START).bags
    until = moment(bags[0].beyond_use_at, HOME)
    cases = [
        ({"lines": [CountedBags(serial=foreign.serial)]}, "bag of another patient"),
        ({"lines": [CountedBags(serial=at_pharmacy.serial)]}, "not recorded as delivered: it is released"),
        ({"lines": [CountedBags(serial=bags[0].serial)] * 2}, f"{bags[0].serial} is counted twice"),
        ({"lines": [CountedBags(serial="B-00ZZZM")]}, "mistyped or misread"),
        ({"lines": [CountedBags(serial="W-000014")]}, "No bag has the serial W-000014"),
        ({"lines": [by_number(bags[0], 5)]}, f"Delivered and not counted by serial: 4 bags with {until}"),
        ({"lines": [CountedBags(bags=1, beyond_use=home_day(25))]}, "cannot be there"),
        ({"lines": [CountedBags(bags=0, beyond_use=home_day(11))]}, "how many bags there are"),
        ({"lines": [CountedBags(bags=1)]}, "how many bags there are"),
        ({"counted_at": at_home(DAY_4 + timedelta(minutes=1))}, "in the future"),
        ({"told_by": " "}, "who told you"),
        ({"told_by_relationship": ""}, "who that is"),
        ({"missed_doses": ""}, "missed"),
    ]
    entries = session.scalar(select(func.count()).select_from(AuditEntry))

    for changes, sentence in cases:
        with pytest.raises(Refusal, match=sentence.replace("(", ".")):
            record_home_count(
                session, version.order, count_entry(DAY_4, **changes), by=people("tina"), at=DAY_4
            )
    with pytest.raises(Forbidden):
        record_home_count(session, version.order, count_entry(), by=people("dan"), at=START)

    assert session.scalar(select(func.count()).select_from(HomeCount)) == 0
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == entries


def test_a_home_count_never_changes(session, people, version):
    count = home_count(session, people, version.order)
    session.flush()
    count.consent_to_ship = False
    with pytest.raises(Exception, match="home_count rows are never changed"):
        session.flush()
