"""What is foreseen of a change: when it takes effect later, what is on its way, and what is not named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pharmacy.changes.queries import compare_versions, count_change, foresee, list_consequences
from pharmacy.delivery.actions import record_not_delivered
from pharmacy.dispensing.actions import CountedBags, record_home_count
from pharmacy.prescriptions.actions import withdraw_order
from tests.conftest import START
from tests.therapy.changes import entered_change, instant, nine_at_home
from tests.therapy.deliveries import released_delivery, sent_stop
from tests.therapy.orders import order_in_force
from tests.therapy.plans import count_entry, home_day, signed_plan


@pytest.fixture
def foreseen(session, people):
    """Foresee a change and withdraw it again, so that the next can be tried."""

    def look(old, *, at, **changes):
        version = entered_change(session, people, old, at=at, **changes)
        prospect = foresee(session, version, at=at)
        numbers, found = count_change(prospect), list_consequences(session, prospect)
        withdraw_order(session, version, reason="only tried", by=people("paula"), at=at)
        return numbers, found

    return look


def about(found, subject):
    return [(one.kind.value, one.subject_id) for one in found if one.subject_kind == subject]


def test_a_change_that_takes_effect_later_and_every_phase_of_the_pattern(session, people, foreseen):
    home = nine_at_home(session, people)
    ids = [bag.id for bag in home.bags]
    at = instant(5, 9)

    # From day 8 on: the bags of days 5 to 7 are used before, under the old directions, and ask for nothing.
    numbers, found = foreseen(home.version, at=at, effective=home_day(8), anchor=home_day(8, 21))

    assert [line.dose for line in numbers.after.doses] == [
        instant(day) for day in (5, 6, 7, 8, 9, 11, 12, 14, 15, 17, 18)
    ]
    assert about(found, "bag at home") == [
        ("carries old directions", ids[6]), ("carries old directions", ids[7]), ("expires unused", ids[8]),
    ]  # fmt: skip
    assert [(one.before, one.after) for one in numbers.deliveries] == [(9, 6)]

    # On, off and off, on at day 5: domain.md 6.3 tells the anchors apart.
    for first, still_used, brought in ((4, [5, 7, 8, 10], 6), (6, [6, 7, 9, 10], 6)):
        numbers, _ = foreseen(home.version, at=at, effective=home_day(4), anchor=home_day(first, 21))
        assert [line.dose for line in numbers.still_used] == [instant(day) for day in still_used]
        assert [one.after for one in numbers.deliveries] == [brought]
        assert len(numbers.expiring) == 2

    # Counted by number, the bags have no serial: the date on their labels tells them apart.
    entry = count_entry(at, lines=[CountedBags(bags=5, beyond_use=home_day(11, 9))])
    record_home_count(session, home.version.order, entry, by=people("tina"), at=at)
    at += timedelta(minutes=1)
    numbers, found = foreseen(home.version, at=at)
    assert [line.name for line in numbers.expiring] == ["5 of 5 (dated Thu 19 Nov 2026 09:00 EST)"]
    assert about(found, "bag at home") == [*[("carries old directions", None)] * 4, ("expires unused", None)]
    assert "The count of Fri 13 Nov 2026 09:00 EST found 5 bags." in numbers.known_from


def test_what_is_on_its_way_counts_as_at_home_and_what_comes_back_does_not(session, people, foreseen):
    old = order_in_force(session, people, anchor=home_day(2, 21), effective=home_day(2, 21))
    planned = released_delivery(session, people, old, days=6, arrivals=[home_day(2, 12)])
    stop = sent_stop(session, people, planned, at=START + timedelta(hours=1))
    serials = [bag.serial for bag in planned.worksheet.bags]
    at = START + timedelta(hours=2)

    numbers, found = foreseen(old, at=at, anchor=home_day(2, 21))

    assert [line.name for line in numbers.home] == serials
    assert numbers.known_from[-1] == f"On their way, counted as at home: {', '.join(serials)}."
    assert numbers.deliveries == ()
    assert [kind for kind, _ in about(found, "bag at home")] == [
        *["carries old directions"] * 4, "carries old directions",
    ]  # fmt: skip
    assert about(found, "bag") == []

    record_not_delivered(session, stop, reason="nobody at home", by=people("dan"), at=at)
    numbers, _ = foreseen(old, at=at + timedelta(hours=1), anchor=home_day(2, 21))
    assert numbers.home == ()
    assert [(one.arrives, one.before, one.after) for one in numbers.deliveries] == [(instant(2, 12), 5, 4)]


def test_a_delivery_that_is_overdue_comes_from_now_on_under_its_own_date(session, people, foreseen):
    old = order_in_force(session, people, anchor=home_day(2, 21), effective=home_day(2, 21))
    signed_plan(session, people, old, days=6, arrivals=[home_day(2, 12), home_day(4, 12)], at=START)

    numbers, found = foreseen(old, at=instant(3, 9))

    # Daily from day 2 it was to bring two bags, then three; one dose has passed, and days 5 and 8 are rest.
    assert [line.dose for line in numbers.after.doses] == [instant(day) for day in (3, 4, 6)]
    assert [(one.arrives, one.before, one.after) for one in numbers.deliveries] == [
        (instant(2, 12), 2, 1), (instant(4, 12), 3, 2),
    ]  # fmt: skip
    assert [kind for kind, _ in about(found, "planned delivery")] == ["changed", "changed"]


def test_old_and_new_line_by_line(session, people):
    old = order_in_force(session, people)
    new = entered_change(session, people, old, at=START)

    lines = compare_versions(old, new)

    assert [line.name for line in lines if line.differs] == [
        "Frequency", "As it was written", "Doses a week, on average", "Doses in 30 days, on average",
        "Received",
    ]  # fmt: skip
    assert ("Dose in each bag", "2 g") in [
        (line.name, line.old.replace("\N{NO-BREAK SPACE}", " ")) for line in lines
    ]
