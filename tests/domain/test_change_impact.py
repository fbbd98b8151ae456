"""What a changed order makes invalid: each kind of change against all in circulation (domain.md 6.2, 6.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.change_impact import (
    EFFECTS,
    BagAtHome,
    BagAtPharmacy,
    Becomes,
    Change,
    Consequence,
    Fate,
    InCirculation,
    OpenWorksheet,
    OrderTerms,
    Paper,
    PlannedDelivery,
    PlanNumbers,
    PrintedLabel,
    Subject,
    find_changes,
    list_consequences,
)
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import NBSP
from pharmacy.domain.statuses import OrderStatus

ZONE = ZoneInfo("America/New_York")


def at(day: int, hour: int = 21) -> datetime:
    """Return an instant of November 2026 by the clock at home."""
    return datetime(2026, 11, day, hour, tzinfo=ZONE).astimezone(UTC)


OLD = OrderTerms(
    frequency="daily",
    anchor=datetime.fromisoformat("2026-11-09T21:00"),
    dose_mg=Decimal(2000),
    diluent="100 mL of 0.9% sodium chloride",
    rate_ml_per_h=Decimal("10.4"),
    route="subcutaneous",
    status=OrderStatus.IN_FORCE,
    effective=at(9, 0),
)
HELD = replace(OLD, status=OrderStatus.ON_HOLD)
NEXT = replace(OLD, effective=at(12, 0))
CHANGED: dict[Change, tuple[OrderTerms, OrderTerms]] = {
    Change.FREQUENCY: (OLD, replace(NEXT, frequency="2 of every 3 days")),
    Change.DOSE: (OLD, replace(NEXT, dose_mg=Decimal(1000))),
    Change.DILUENT: (OLD, replace(NEXT, diluent="50 mL of 5% dextrose")),
    Change.RATE: (OLD, replace(NEXT, rate_ml_per_h=Decimal("12.5"))),
    Change.ROUTE: (OLD, replace(NEXT, route="intravenous")),
    Change.HOLD: (OLD, replace(NEXT, status=OrderStatus.ON_HOLD)),
    Change.STOP: (OLD, replace(NEXT, status=OrderStatus.DISCONTINUED)),
    Change.RESUME: (HELD, NEXT),
}
CONTENT = [Change.DOSE, Change.DILUENT, Change.ROUTE]

FIRST, SECOND = at(17, 12), at(24, 12)
PLAN = PlanNumbers(
    ends=at(30, 0),
    deliveries=[PlannedDelivery(FIRST, 7, id=1), PlannedDelivery(SECOND, 7, id=2)],
    next_needed=at(18),
    uncovered=[],
)
EMPTY = InCirculation(
    bags_at_home=[], worksheets=[], bags_at_pharmacy=[], labels=[], pump_sheets=[], calendars=[]
)
HOME_BAG = BagAtHome(11, "B-11", at(18, 9), planned=at(13))


def begun(number: int, bags: int, *, made: int, brought: int) -> OpenWorksheet:
    """Return a worksheet in preparation, some of its bags made, some of these brought by the new plan."""
    return OpenWorksheet(number, f"W-{number}", bags, started=True, arrives=FIRST, made=made, brought=brought)


def planned(number: int, bags: int) -> OpenWorksheet:
    """Return a worksheet that is not started."""
    return OpenWorksheet(number, f"W-{number}", bags, started=False, arrives=FIRST, made=0, brought=0)


def released(
    number: int, *, packed: bool = True, arrives: datetime = FIRST, brought: bool = True
) -> BagAtPharmacy:
    """Return a released bag that has not left."""
    return BagAtPharmacy(number, f"B-{number}", packed=packed, arrives=arrives, brought=brought)


ONE_OF_EACH = InCirculation(
    bags_at_home=[HOME_BAG],
    worksheets=[planned(21, 3), begun(22, 3, made=3, brought=3)],
    bags_at_pharmacy=[released(31)],
    labels=[PrintedLabel(41, "L-41", "Infuse 1 bag every day")],
    pump_sheets=[Paper(51, "PS-51")],
    calendars=[Paper(61, "C-61")],
)


def consequences(
    change: Change | tuple[OrderTerms, OrderTerms],
    out: InCirculation = EMPTY,
    *,
    before: PlanNumbers = PLAN,
    after: PlanNumbers = PLAN,
) -> list[Consequence]:
    old, new = CHANGED[change] if isinstance(change, Change) else change
    return list_consequences(old, new, out=out, before=before, after=after, zone=ZONE)


def about(found: Sequence[Consequence], subject: Subject, number: int | None) -> list[Becomes]:
    return [one.kind for one in found if (one.subject_kind, one.subject_id) == (subject, number)]


def needing(*bags: int, **changes: object) -> PlanNumbers:
    deliveries = [
        PlannedDelivery(arrives, count) for arrives, count in zip((FIRST, SECOND), bags, strict=False)
    ]
    return replace(PLAN, deliveries=deliveries, **changes)


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


class TestBagsAtHome:
    def home(self, change: Change, *bags: BagAtHome, after: PlanNumbers = PLAN) -> list[Consequence]:
        return consequences(change, replace(EMPTY, bags_at_home=bags), after=after)

    def test_vector_a_four_bags_are_relabelled_and_two_come_back(self) -> None:
        """domain.md 6.3: six bags on hand, four doses; the beyond-use date is never relabelled."""
        planned = [at(12), at(13), at(15), at(16), None, None]
        bags = [BagAtHome(n, f"B-{n}", at(18, 9), planned=dose) for n, dose in enumerate(planned, start=1)]

        found = self.home(Change.FREQUENCY, *bags)

        kinds = [one.kind for one in found if one.subject_kind is Subject.BAG_AT_HOME]
        assert kinds == [Becomes.OLD_DIRECTIONS] * 4 + [Becomes.EXPIRING] * 2
        assert found[0].sentence == (
            "Bag B-1 at home can be started before Wed 18 Nov 2026 09:00 EST (for the dose of"
            " Thu 12 Nov 2026 21:00 EST), but its label carries the old directions."
        )
        assert "beyond-use date stays" in found[0].action
        assert found[4].sentence == (
            "Bag B-5 at home has no dose left before its beyond-use date, Wed 18 Nov 2026 09:00 EST."
        )
        assert "count it back and destroy it" in found[4].action

    @pytest.mark.parametrize(
        ("beyond_use", "kind"),
        [
            pytest.param(PLAN.ends - timedelta(seconds=1), Becomes.EXPIRING, id="below the horizon"),
            pytest.param(PLAN.ends, Becomes.EXPIRING, id="at the horizon"),
            pytest.param(PLAN.ends + timedelta(seconds=1), Becomes.OLD_DIRECTIONS, id="above: a spare"),
        ],
    )
    def test_a_bag_without_a_dose(self, beyond_use: datetime, kind: Becomes) -> None:
        found = self.home(Change.FREQUENCY, BagAtHome(1, "B-1", beyond_use, planned=None))

        assert about(found, Subject.BAG_AT_HOME, 1) == [kind]

    @pytest.mark.parametrize("change", [change for change in Change if change is not Change.RESUME])
    @pytest.mark.parametrize(
        ("planned", "affected"),
        [
            pytest.param(at(12, 0) - timedelta(seconds=1), False, id="before the change"),
            pytest.param(at(12, 0), True, id="at the change"),
            pytest.param(at(13), True, id="after the change"),
        ],
    )
    def test_a_bag_planned_before_the_change_stays(
        self, change: Change, planned: datetime, affected: bool
    ) -> None:
        found = self.home(change, replace(HOME_BAG, planned=planned))

        assert bool(about(found, Subject.BAG_AT_HOME, 11)) is affected

    @pytest.mark.parametrize("change", [*CONTENT, Change.STOP, Change.HOLD])
    def test_a_bag_that_must_not_be_started_blocks(self, change: Change) -> None:
        bag = replace(HOME_BAG, planned=None)

        (found,) = [one for one in self.home(change, bag) if one.subject_kind is Subject.BAG_AT_HOME]

        assert found.blocks
        assert "must not be" in found.sentence

    def test_after_a_resume_the_patient_is_told_of_a_usable_bag_and_an_old_one_comes_back(self) -> None:
        """During the hold nothing was to be started until the pharmacy calls."""
        found = self.home(Change.RESUME, HOME_BAG, BagAtHome(12, "B-12", at(12, 9), planned=None))

        assert about(found, Subject.BAG_AT_HOME, 12) == [Becomes.EXPIRING]
        (usable,) = [one for one in found if one.subject_id == 11]
        assert (usable.kind, usable.blocks) == (Becomes.USABLE_AGAIN, False)
        assert usable.sentence == (
            "Bag B-11 at home can be started before Wed 18 Nov 2026 09:00 EST (for the dose of"
            " Fri 13 Nov 2026 21:00 EST), because from Thu 12 Nov 2026 00:00 EST the order is resumed."
        )
        assert usable.action.startswith(
            "Tell the patient that it may be used, on the days of the new calendar."
        )

    def test_a_resume_with_new_days_carries_the_old_directions(self) -> None:
        resumed = (HELD, replace(NEXT, frequency="every 2 days"))

        found = consequences(resumed, ONE_OF_EACH)

        assert about(found, Subject.BAG_AT_HOME, 11) == [Becomes.OLD_DIRECTIONS]
        assert about(found, Subject.BAG, 31) == [Becomes.OLD_DIRECTIONS]
        assert about(found, Subject.PUMP_SHEET, 51) == [Becomes.VOID]


class TestDoses:
    def test_vector_b_the_next_bag_is_needed_four_days_later(self) -> None:
        before = replace(PLAN, next_needed=at(23))

        (found,) = consequences(Change.FREQUENCY, before=before, after=replace(PLAN, next_needed=at(27)))

        assert (found.kind, found.blocks) == (Becomes.NEEDED_LATER, False)
        assert found.sentence == (
            "With the bags at home a new bag is needed by Fri 27 Nov 2026 21:00 EST;"
            " under the old order it was Mon 23 Nov 2026 21:00 EST."
        )

    @pytest.mark.parametrize(
        ("was", "now", "kind"),
        [
            (at(18), at(17), Becomes.NEEDED_SOONER),
            (None, at(17), Becomes.NEEDED_SOONER),
            (at(18), at(19), Becomes.NEEDED_LATER),
            (at(18), None, Becomes.NEEDED_LATER),
        ],
    )
    def test_when_the_next_bag_is_needed(
        self, was: datetime | None, now: datetime | None, kind: Becomes
    ) -> None:
        (found,) = consequences(
            Change.FREQUENCY,
            before=replace(PLAN, next_needed=was),
            after=replace(PLAN, next_needed=now),
        )

        assert found.kind is kind
        assert found.blocks is (kind is Becomes.NEEDED_SOONER)

    def test_peers_5_doses_without_a_bag_block(self) -> None:
        (found,) = consequences(Change.FREQUENCY, after=replace(PLAN, uncovered=[at(13), at(14)]))

        assert (found.kind, found.subject_kind, found.subject_id, found.blocks) == (
            Becomes.WITHOUT_BAG,
            Subject.DOSES,
            None,
            True,
        )
        assert "no bag for 2 doses: Fri 13 Nov 2026 21:00 EST, Sat 14 Nov 2026 21:00 EST" in found.sentence

    @pytest.mark.parametrize("change", [Change.HOLD, Change.STOP])
    def test_no_dose_is_due_on_hold_or_after_a_stop(self, change: Change) -> None:
        found = consequences(change, after=replace(PLAN, next_needed=None, uncovered=[at(13)]))

        assert all(one.subject_kind is not Subject.DOSES for one in found)


class TestDeliveries:
    def test_old_and_new_numbers_side_by_side(self) -> None:
        found = consequences(Change.FREQUENCY, after=needing(5, 7))

        assert [(one.kind, one.subject_id, one.blocks) for one in found] == [(Becomes.CHANGED, 1, True)]
        assert found[0].sentence == (
            "The delivery of Tue 17 Nov 2026 12:00 EST was planned with 7 bags and now needs 5."
        )
        assert found[0].action == "Change it to 5 bags."

    def test_a_moved_delivery(self) -> None:
        after = replace(PLAN, deliveries=[PlannedDelivery(at(20, 12), 5), PlannedDelivery(SECOND, 7)])

        found = consequences(Change.FREQUENCY, after=after)

        assert [(one.kind, one.subject_id) for one in found] == [
            (Becomes.NOT_NEEDED, 1),
            (Becomes.ADDED, None),
        ]
        assert found[1].sentence == (
            "A delivery of 5 bags on Fri 20 Nov 2026 12:00 EST is needed; none was planned."
        )

    def test_a_delivery_that_brings_nothing_any_more(self) -> None:
        found = consequences(Change.FREQUENCY, after=needing(0, 7))

        assert [(one.kind, one.subject_id) for one in found] == [(Becomes.NOT_NEEDED, 1)]

    def test_an_empty_delivery_that_stays_empty(self) -> None:
        assert consequences(Change.FREQUENCY, before=needing(0, 7), after=needing(0, 7)) == []

    @pytest.mark.parametrize("change", [Change.HOLD, Change.STOP])
    def test_all_are_cancelled_on_hold_or_after_a_stop(self, change: Change) -> None:
        found = consequences(change)

        assert [(one.kind, one.subject_id) for one in found] == [
            (Becomes.NOT_NEEDED, 1),
            (Becomes.NOT_NEEDED, 2),
        ]
        assert "tell the patient and the driver" in found[0].action


class TestWorksheets:
    def sheets(self, change: Change, *sheets: OpenWorksheet, needs: int) -> list[Consequence]:
        plan = needing(needs)
        return consequences(change, replace(EMPTY, worksheets=sheets), before=plan, after=plan)

    @pytest.mark.parametrize(
        ("needs", "kind", "action"),
        [
            (0, Becomes.NOT_NEEDED, "Cancel it."),
            (6, Becomes.TOO_MANY, "Reduce it to 6 bags: cancel it and open a new one under the new order."),
            (
                7,
                Becomes.CHECK_AGAIN,
                "Cancel it and open a new one under the new order, which is checked again.",
            ),
            (
                8,
                Becomes.CHECK_AGAIN,
                "Cancel it and open a new one under the new order, which is checked again.",
            ),
        ],
    )
    def test_one_not_started(self, needs: int, kind: Becomes, action: str) -> None:
        (found,) = self.sheets(Change.FREQUENCY, planned(21, 7), needs=needs)

        assert (found.kind, found.action, found.blocks) == (kind, action, True)

    @pytest.mark.parametrize(
        ("made", "brought", "kinds", "action"),
        [
            pytest.param(7, 7, [Becomes.CHECK_AGAIN], "", id="all made, all needed"),
            pytest.param(
                7,
                6,
                [Becomes.TOO_MANY, Becomes.CHECK_AGAIN],
                "Of those made, reject and destroy 1 bag.",
                id="all made, one too many",
            ),
            pytest.param(
                7, 0, [Becomes.NOT_NEEDED], "Of those made, reject and destroy 7 bags.", id="none needed"
            ),
            pytest.param(
                5,
                5,
                [Becomes.TOO_MANY, Becomes.CHECK_AGAIN],
                "Give up the bags that are not made yet: under the old order no more are made.",
                id="two not made yet",
            ),
            pytest.param(
                5,
                4,
                [Becomes.TOO_MANY, Becomes.CHECK_AGAIN],
                "Give up the bags that are not made yet: under the old order no more are made."
                " Of those made, reject and destroy 1 bag.",
                id="two not made yet, one too many",
            ),
            pytest.param(0, 0, [Becomes.NOT_NEEDED], "Cancel it.", id="none made yet"),
        ],
    )
    def test_one_started(self, made: int, brought: int, kinds: list[Becomes], action: str) -> None:
        found = self.sheets(Change.FREQUENCY, begun(21, 7, made=made, brought=brought), needs=7)

        assert [one.kind for one in found] == kinds
        assert all(one.blocks for one in found)
        assert [one.action for one in found if one.kind is not Becomes.CHECK_AGAIN] == [action][
            : bool(action)
        ]

    def test_the_sentence_names_both_numbers(self) -> None:
        assert self.sheets(Change.FREQUENCY, planned(21, 7), needs=5)[0].sentence == (
            "Worksheet W-21 is for 7 bags; the delivery of Tue 17 Nov 2026 12:00 EST needs 5 of them."
        )
        assert self.sheets(Change.FREQUENCY, begun(21, 7, made=6, brought=5), needs=5)[0].sentence == (
            "Worksheet W-21 is for 7 bags, 6 of them made; the delivery of Tue 17 Nov 2026 12:00 EST needs 5"
            " of these."
        )
        assert self.sheets(Change.FREQUENCY, begun(21, 7, made=0, brought=0), needs=5)[0].sentence == (
            "Worksheet W-21 is for 7 bags, none of them made."
        )

    def test_bags_made_count_before_begun_and_begun_before_planned(self) -> None:
        out = replace(
            EMPTY,
            worksheets=[planned(21, 3), begun(22, 3, made=3, brought=2)],
            bags_at_pharmacy=[released(31, packed=False), released(32)],
        )

        found = consequences(Change.FREQUENCY, out, before=needing(5), after=needing(5))

        assert about(found, Subject.BAG, 31) == about(found, Subject.BAG, 32) == [Becomes.OLD_DIRECTIONS]
        assert about(found, Subject.WORKSHEET, 22) == [Becomes.TOO_MANY, Becomes.CHECK_AGAIN]
        (left,) = [one for one in found if one.subject_id == 21]
        assert left.action.startswith("Reduce it to 1 bag:")

    def test_a_change_of_rate_leaves_the_number_of_bags(self) -> None:
        assert about(self.sheets(Change.RATE, planned(21, 9), needs=7), Subject.WORKSHEET, 21) == [
            Becomes.CHECK_AGAIN
        ]
        assert about(
            self.sheets(Change.RATE, begun(21, 9, made=9, brought=7), needs=7), Subject.WORKSHEET, 21
        ) == [Becomes.CHECK_AGAIN]

    def test_a_resumed_order_goes_on_with_a_worksheet_that_is_begun(self) -> None:
        assert self.sheets(Change.RESUME, begun(21, 7, made=5, brought=5), needs=7) == []

    @pytest.mark.parametrize("change", CONTENT)
    def test_a_changed_bag_needs_a_new_worksheet(self, change: Change) -> None:
        (found,) = self.sheets(change, planned(21, 7), needs=7)

        assert found.action == "Cancel it. Open a new one under the new order."

    @pytest.mark.parametrize(
        ("change", "started", "action"),
        [
            (Change.HOLD, False, "Cancel it."),
            (Change.HOLD, True, "Stop it. Put the bags already made in quarantine."),
            (Change.STOP, False, "Cancel it."),
            (Change.STOP, True, "Stop it. Destroy the bags already made."),
        ],
    )
    def test_hold_and_stop(self, change: Change, started: bool, action: str) -> None:
        sheet = begun(21, 7, made=7, brought=0) if started else planned(21, 7)

        (found,) = consequences(change, replace(EMPTY, worksheets=[sheet]), before=needing(), after=needing())

        assert found.action == action


class TestBagsAtThePharmacy:
    def test_packed_bags_too_many_are_taken_out(self) -> None:
        bags = [released(n, packed=n != 1) for n in range(1, 8)]

        found = consequences(
            Change.FREQUENCY, replace(EMPTY, bags_at_pharmacy=bags), before=needing(5), after=needing(5)
        )

        too_many = {one.subject_id: one.action for one in found if one.kind is Becomes.TOO_MANY}
        assert list(too_many) == [7, 1]
        assert too_many[7].startswith("Take it out of the packed delivery. Keep it")
        assert too_many[1].startswith("Keep it")
        assert sum(one.kind is Becomes.OLD_DIRECTIONS for one in found) == 5

    def test_a_delivery_that_is_gone_needs_none(self) -> None:
        bag = released(1, arrives=at(5))

        assert about(
            consequences(Change.FREQUENCY, replace(EMPTY, bags_at_pharmacy=[bag])), Subject.BAG, 1
        ) == [Becomes.TOO_MANY]

    def test_a_bag_that_the_new_plan_cannot_use_is_too_many_and_takes_no_place(self) -> None:
        """Its beyond-use date comes before every dose that the delivery still serves."""
        bags = [released(1, brought=False), released(2)]

        found = consequences(
            Change.FREQUENCY, replace(EMPTY, bags_at_pharmacy=bags), before=needing(1), after=needing(1)
        )

        assert about(found, Subject.BAG, 1) == [Becomes.TOO_MANY]
        assert about(found, Subject.BAG, 2) == [Becomes.OLD_DIRECTIONS]

    @pytest.mark.parametrize("change", [*CONTENT, Change.STOP])
    def test_a_wrong_bag_is_taken_out_and_destroyed(self, change: Change) -> None:
        bag = released(1)

        found = consequences(change, replace(EMPTY, bags_at_pharmacy=[bag]))

        (action,) = [one.action for one in found if one.subject_kind is Subject.BAG]
        assert action == "Take it out of the packed delivery. Put it in quarantine and destroy it."

    @pytest.mark.parametrize("packed", [True, False])
    def test_a_bag_that_goes_on_gets_a_new_label_and_waits_for_the_new_plan(self, packed: bool) -> None:
        (found,) = consequences(Change.RATE, replace(EMPTY, bags_at_pharmacy=[released(1, packed=packed)]))

        assert found.action.startswith("Take it out of the packed delivery. ") is packed
        assert "Put a label with the new directions on it" in found.action
        assert found.blocks


class TestPaper:
    def test_a_label_is_quoted(self) -> None:
        label = PrintedLabel(41, "L-41", "Infuse 1 bag every day")

        (found,) = consequences(Change.FREQUENCY, replace(EMPTY, labels=[label]))

        assert found.sentence.startswith(
            "Label L-41 (“Infuse 1 bag every day”) is void, because from Thu 12 Nov"
        )
        assert found.action == "Destroy it and print one with the new directions."

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (Change.FREQUENCY, "program the pump by it"),
            (Change.RATE, "program the pump by it"),
            (Change.HOLD, "start no infusion until the pharmacy calls"),
            (Change.STOP, "have the pump sent back"),
        ],
    )
    def test_pump_sheets(self, change: Change, words: str) -> None:
        found = consequences(change, replace(EMPTY, pump_sheets=[Paper(51, "PS-51")]))

        (sheet,) = [one for one in found if one.subject_kind is Subject.PUMP_SHEET]
        assert words in sheet.action
        assert sheet.blocks

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (Change.FREQUENCY, "Make a new calendar"),
            (Change.HOLD, "no infusion"),
            (Change.STOP, "no infusion"),
        ],
    )
    def test_calendars(self, change: Change, words: str) -> None:
        found = consequences(change, replace(EMPTY, calendars=[Paper(61, "C-61")]))

        assert [words in one.action for one in found if one.subject_kind is Subject.CALENDAR] == [True]

    @pytest.mark.parametrize("change", [Change.HOLD, Change.STOP])
    def test_nothing_new_is_printed_on_hold_or_after_a_stop(self, change: Change) -> None:
        found = consequences(change, replace(EMPTY, labels=[PrintedLabel(41, "L-41", "daily")]))

        assert [one.action for one in found if one.subject_kind is Subject.LABEL] == ["Destroy it."]


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
