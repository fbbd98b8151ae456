"""Which changes of an order there are, and what each does to each thing (change_impact.py)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.change_impact import (
    EFFECTS,
    Becomes,
    Change,
    Fate,
    Paper,
    Subject,
    find_changes,
)
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import NBSP
from pharmacy.domain.statuses import OrderStatus
from tests.circulation import (
    CHANGED,
    EMPTY,
    HELD,
    NEXT,
    OLD,
    ONE_OF_EACH,
    about,
    at,
    consequences,
    needing,
    planned,
    released,
)


class TestFindChanges:
    @pytest.mark.parametrize("change", Change)
    def test_each_kind_alone(self, change: Change) -> None:
        assert find_changes(*CHANGED[change]) == (change,)

    def test_nothing(self) -> None:
        assert find_changes(OLD, NEXT) == ()
        assert consequences((OLD, NEXT), ONE_OF_EACH) == []

    def test_a_moved_anchor_is_a_change_of_frequency(self) -> None:
        new = replace(NEXT, anchor=datetime.fromisoformat("2026-11-12T08:00"))

        found = consequences((OLD, new), ONE_OF_EACH)

        assert find_changes(OLD, new) == (Change.FREQUENCY,)
        assert "day 1 of the pattern (daily) moves from Mon 9 Nov 2026 21:00 to Thu 12 Nov 2026 08:00" in (
            found[1].sentence
        )

    def test_several_at_once(self) -> None:
        new = replace(NEXT, frequency="every 2 days", dose_mg=Decimal(1000), route="intravenous")

        assert find_changes(OLD, new) == (Change.FREQUENCY, Change.DOSE, Change.ROUTE)

    def test_a_held_order_that_stays_on_hold_or_is_stopped_is_not_resumed(self) -> None:
        assert find_changes(HELD, replace(HELD, dose_mg=Decimal(1000))) == (Change.DOSE,)
        assert find_changes(HELD, replace(HELD, status=OrderStatus.DISCONTINUED)) == (Change.STOP,)

    @pytest.mark.parametrize("status", OrderStatus)
    def test_a_stopped_order_is_refused(self, status: OrderStatus) -> None:
        stopped = replace(OLD, status=OrderStatus.DISCONTINUED)

        with pytest.raises(Refusal, match="new order"):
            consequences((stopped, replace(NEXT, status=status)))


# One row a change: what becomes of a bag at home, a worksheet not started and one started, a packed bag, a
# label and a pump sheet, while the numbers of the plan stay.
TABLE = {
    Change.FREQUENCY: ("carries old directions", "again", "again", "carries old directions", "void", "void"),
    Change.DOSE: ("not to be used", "void", "void", "not to be used", "void", "void"),
    Change.DILUENT: ("not to be used", "void", "void", "not to be used", "void", "void"),
    Change.RATE: ("carries old directions", "again", "again", "carries old directions", "void", "void"),
    Change.ROUTE: ("not to be used", "void", "void", "not to be used", "void", "void"),
    Change.HOLD: ("set aside", "set aside", "set aside", "set aside", "void", "set aside"),
    Change.STOP: ("not to be used", "void", "void", "not to be used", "void", "void"),
    Change.RESUME: ("can be used again", "", "", "again", "", "again"),
}


@pytest.mark.parametrize("change", Change)
def test_what_each_change_does_to_each_thing(change: Change) -> None:
    found = consequences(change, ONE_OF_EACH)

    subjects = [
        (Subject.BAG_AT_HOME, 11),
        (Subject.WORKSHEET, 21),
        (Subject.WORKSHEET, 22),
        (Subject.BAG, 31),
        (Subject.LABEL, 41),
        (Subject.PUMP_SHEET, 51),
    ]
    answers = tuple(" ".join(about(found, *subject)) for subject in subjects)
    assert answers == tuple("to be checked again" if word == "again" else word for word in TABLE[change])
    assert about(found, Subject.CALENDAR, 61) == [Becomes.VOID]
    cancelled = [Becomes.NOT_NEEDED] if change in {Change.HOLD, Change.STOP} else []
    assert about(found, Subject.DELIVERY, 1) == about(found, Subject.DELIVERY, 2) == cancelled
    assert about(found, Subject.DOSES, None) == []


def test_every_change_has_its_effect() -> None:
    assert set(EFFECTS) == set(Change) == set(CHANGED) == set(TABLE)


@pytest.mark.parametrize("change", Change)
def test_every_consequence_is_whole_sentences(change: Change) -> None:
    for one in consequences(change, ONE_OF_EACH, after=needing(2, uncovered=[at(20)], next_needed=at(20))):
        assert one.sentence.endswith(".")
        assert one.action.endswith(".")
        assert "  " not in one.sentence + one.action
        assert one.sentence[0].isupper()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change.FREQUENCY, "the frequency changes from daily to 2 of every 3 days"),
        (Change.DOSE, "the dose changes from 2 g to 1 g"),
        (Change.DILUENT, "the diluent changes from 100 mL of 0.9% sodium chloride to 50 mL of 5% dextrose"),
        (Change.RATE, "the rate changes from 10.4 mL per hour to 12.5 mL per hour"),
        (Change.ROUTE, "the route changes from subcutaneous to intravenous"),
        (Change.HOLD, "the order is on hold"),
        (Change.STOP, "the order is stopped"),
        (Change.RESUME, "the order is resumed"),
    ],
)
def test_the_reason_is_said_with_its_date(change: Change, words: str) -> None:
    found = consequences(change, replace(EMPTY, calendars=[Paper(61, "C-61")]))

    (calendar,) = [one for one in found if one.subject_kind is Subject.CALENDAR]
    assert calendar.sentence.replace(NBSP, " ") == (
        f"Calendar C-61 is void, because from Thu 12 Nov 2026 00:00 EST {words}."
    )


TERMS = {
    Change.FREQUENCY: {"frequency": "2 of every 3 days"},
    Change.DOSE: {"dose_mg": Decimal(1000)},
    Change.DILUENT: {"diluent": "50 mL of 5% dextrose"},
    Change.RATE: {"rate_ml_per_h": Decimal("12.5")},
    Change.ROUTE: {"route": "intravenous"},
    Change.HOLD: {"status": OrderStatus.ON_HOLD},
    Change.STOP: {"status": OrderStatus.DISCONTINUED},
}
SEVERITY = [Becomes.OLD_DIRECTIONS, Becomes.SET_ASIDE, Becomes.NOT_TO_BE_USED]


@pytest.mark.parametrize(("one", "other"), list(combinations(TERMS, 2)))
def test_of_two_changes_the_worse_decides(one: Change, other: Change) -> None:
    """Never milder together than alone: a held order with a new dose keeps no bag."""
    both = (OLD, replace(NEXT, **TERMS[one] | TERMS[other]))

    (kind,) = about(consequences(both, ONE_OF_EACH), Subject.BAG_AT_HOME, 11)

    alone = [
        about(consequences(change, ONE_OF_EACH), Subject.BAG_AT_HOME, 11)[0] for change in find_changes(*both)
    ]
    assert kind is max(alone, key=SEVERITY.index)


@given(
    st.integers(0, 9),
    st.lists(st.tuples(st.booleans(), st.booleans()), max_size=5),
    st.lists(st.integers(1, 4), max_size=3),
)
def test_never_more_is_kept_than_the_delivery_needs(
    needs: int, bags: list[tuple[bool, bool]], sheets: list[int]
) -> None:
    out = replace(
        EMPTY,
        bags_at_pharmacy=[
            released(n, packed=packed, brought=brought) for n, (packed, brought) in enumerate(bags)
        ],
        worksheets=[planned(n, count) for n, count in enumerate(sheets)],
    )

    found = consequences(Change.FREQUENCY, out, before=needing(needs), after=needing(needs))

    kept = sum(about(found, Subject.BAG, n) == [Becomes.OLD_DIRECTIONS] for n in range(len(bags)))
    for number, count in enumerate(sheets):
        (sentence,) = [
            one.sentence for one in found if (one.subject_kind, one.subject_id) == (Subject.WORKSHEET, number)
        ]
        said = sentence.partition(" needs ")[2]
        kept += int(said.split()[0].replace("none", "0")) if said else count
    assert kept == min(needs, sum(brought for _, brought in bags) + sum(sheets))


def test_fates_are_ordered_by_severity() -> None:
    assert Fate.KEPT < Fate.SET_ASIDE < Fate.VOID
