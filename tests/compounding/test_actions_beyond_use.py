"""Beyond-use dates are made earlier, with a reason, by whoever may; never later, not even by the database."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pharmacy.compounding import actions
from pharmacy.compounding.models import Bag
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.inventory.models import Lot
from pharmacy.printing.queries import list_papers
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.bags import print_labels
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import (
    checked_worksheet,
    code_of,
    draw_and_check,
    make_bag,
    started_worksheet,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def shorten(
    session, people, bag, became, *, who="tina", reason="left out of the refrigerator", at=START + HOUR
):
    return lambda: actions.shorten_beyond_use(
        session, bag, became=became, reason=reason, by=people(who), at=at
    )


def test_a_date_is_made_earlier_and_its_labels_are_void(session, people):
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    bag, other = worksheet.bags
    was = bag.beyond_use_at
    make_bag(session, people, bag)
    make_bag(session, people, other)
    print_labels(session, people, worksheet)
    assert [one.replaced_at for one in list_papers(session, "bag", bag.id)] in ([None], [])

    refused(session, Forbidden, "may not shorten", shorten(session, people, bag, was - HOUR, who="nora"))
    refused(session, InvalidInput, "Give the reason", shorten(session, people, bag, was - HOUR, reason=" "))
    for later in (was, was + timedelta(seconds=1)):
        refused(session, Refusal, "only made earlier: bag .* has Sun 15 Nov 2026 23:59 EST",
                shorten(session, people, bag, later))  # fmt: skip
    for early in (START, START - HOUR):
        refused(session, Refusal, "Preparation started Mon 9 Nov 2026 09:00 EST; the date should be later",
                shorten(session, people, bag, early))  # fmt: skip

    shorten(session, people, bag, was - DAY)()

    assert (bag.beyond_use_at, other.beyond_use_at, worksheet.beyond_use_at) == (was - DAY, was, was)
    [kept] = bag.shortenings
    assert (kept.was, kept.became, kept.reason) == (was, was - DAY, "left out of the refrigerator")
    assert (kept.person.username, kept.at) == ("tina", START + HOUR)
    entry = last_entry(session)
    assert (entry.action, entry.reason) == ("shortened a beyond-use date", "left out of the refrigerator")
    assert all(one.replaced_at for one in list_papers(session, "bag", bag.id))
    refused(session, Refusal, "only made earlier", shorten(session, people, bag, was - DAY))


def test_a_bag_without_a_date_has_none_to_shorten(session, people):
    waiting = checked_worksheet(session, people, order_in_force(session, people))
    refused(session, Refusal, "is planned; it has no beyond-use date",
            shorten(session, people, waiting.bags[0], START + DAY))  # fmt: skip

    bag = started_worksheet(session, people, waiting.order_version).bags[0]
    actions.discard_bag(session, bag, reason="dropped", by=people("tina"), at=START)
    refused(session, Refusal, "is cancelled; it has no beyond-use date",
            shorten(session, people, bag, START + DAY))  # fmt: skip


def test_a_lot_that_was_added_later_shortens_the_bags_made_of_it(session, people):
    """The worksheet began without the short-dated lot; the bag that it goes into gets its expiry."""
    version = order_in_force(session, people)
    worksheet = started_worksheet(session, people, version, doses=[None, START + 8 * DAY])
    short = session.scalar(select(Lot).where(Lot.number == "SNC0821"))
    first, second = worksheet.bags
    make_bag(session, people, first)
    actions.add_lot(session, worksheet, short, reason="a bag leaked", by=people("paula"), at=START)
    actions.scan_container(session, second, code_of(short), by=people("tina"), at=START)
    vial = worksheet.proposed_lots[0].lot
    actions.scan_container(session, second, code_of(vial), by=people("tina"), at=START)
    draw_and_check(session, people, second)

    actions.complete_bag(session, second, by=people("tina"), at=START)

    assert (first.beyond_use_at, first.shortenings) == (START + 10 * DAY, [])
    assert second.beyond_use_at == short.expires_at
    assert second.shortenings[0].reason.startswith(
        "Lot SNC0821 of sodium chloride 0.9%, 100 mL bag expires Sun"
    )


@pytest.mark.parametrize("change", [timedelta(microseconds=1), DAY, None])
def test_the_database_lets_no_date_become_later(session, people, change):
    bag = started_worksheet(session, people, order_in_force(session, people)).bags[0]
    bag.beyond_use_at = None if change is None else bag.beyond_use_at + change

    with pytest.raises(Exception, match="only becomes earlier"):
        session.flush()
    session.rollback()
    assert session.scalar(select(Bag)) is None
