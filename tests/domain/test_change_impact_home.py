"""What a change makes of bags at home, doses and deliveries (change_impact_home.py; domain.md 6.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pharmacy.domain.change_impact import (
    BagAtHome,
    Becomes,
    Change,
    Consequence,
    PlannedDelivery,
    PlanNumbers,
    Subject,
)
from tests.circulation import (
    CONTENT,
    EMPTY,
    HELD,
    HOME_BAG,
    NEXT,
    ONE_OF_EACH,
    PLAN,
    SECOND,
    about,
    at,
    consequences,
    needing,
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
