"""Settling doses on bags: calculators.md (dispense) sentence by sentence."""

from __future__ import annotations

import pytest

from pharmacy.domain.dispensing_bags import BagsOnHand, Source
from pharmacy.domain.dispensing_settle import Uncovered, Why, find_next_needed
from tests.settling import CAP, NONE, OLD, at, brought, left_out, run, taken


class TestWhenABagCanServe:
    @pytest.mark.parametrize(
        ("beyond_use", "uncovered"),
        [
            pytest.param(9, [(10, OLD)], id="below: too old by an hour"),
            pytest.param(10, [(10, OLD)], id="at: an equal instant is too late"),
            pytest.param(11, [], id="above: can still be started"),
        ],
    )
    def test_beyond_use(self, beyond_use: int, uncovered: list[tuple[int, Why]]) -> None:
        assert left_out(run([10], [(1, beyond_use)])) == uncovered

    @pytest.mark.parametrize(
        ("arrives", "uncovered"),
        [
            pytest.param(9, [], id="arrived before the dose"),
            pytest.param(10, [], id="arrives at the dose"),
            pytest.param(11, [(10, NONE)], id="arrives after the dose"),
        ],
    )
    def test_arrival(self, arrives: int, uncovered: list[tuple[int, Why]]) -> None:
        assert left_out(run([10], [], [(arrives, 90)])) == uncovered

    def test_a_new_bag_is_not_made_for_a_dose_at_its_beyond_use_date(self) -> None:
        plan = run([19, 20], [], [(10, 20)])

        assert brought(plan) == [(1, 0, [19])]
        assert left_out(plan) == [(20, OLD)]


class TestClaims:
    def test_the_earliest_beyond_use_is_served_first(self) -> None:
        plan = run([1, 2, 3], [(1, 30), (1, 10), (1, 20)])

        assert taken(plan) == [(1, Source.ON_HAND, 1), (2, Source.ON_HAND, 2), (3, Source.ON_HAND, 0)]

    def test_on_equal_dates_the_list_decides(self) -> None:
        assert taken(run([1, 2], [(1, 30), (1, 30)])) == [(1, Source.ON_HAND, 0), (2, Source.ON_HAND, 1)]

    def test_on_equal_dates_a_bag_on_hand_comes_before_a_spare(self) -> None:
        plan = run([30, 31], [(0, 60), (1, 60)], [(10, 60), (20, 21)], spare=2)

        assert brought(plan) == [(1, 1, [31]), (0, 0, [])]
        assert taken(plan) == [(30, Source.ON_HAND, 1), (31, Source.DELIVERY, 0)]

    def test_a_dose_that_no_new_bag_can_serve_claims_first(self) -> None:
        """The bag on hand waits for the dose at 25; a new one serves the dose at 11."""
        plan = run([11, 25], [(1, 30)], [(10, 20)])

        assert left_out(plan) == []
        assert taken(plan) == [(11, Source.DELIVERY, 0), (25, Source.ON_HAND, 0)]

    def test_a_claim_that_cannot_be_kept_is_dropped_for_the_later_dose(self) -> None:
        plan = run([25, 26], [(1, 30)], [(10, 20)])

        assert left_out(plan) == [(26, OLD)]

    def test_a_bag_too_old_for_the_first_claims_is_left_to_the_others(self) -> None:
        plan = run([11, 25], [(1, 30), (1, 12)], [(10, 20)])

        assert taken(plan) == [(11, Source.ON_HAND, 1), (25, Source.ON_HAND, 0)]
        assert brought(plan) == [(0, 0, [])]

    def test_an_earlier_window_takes_what_a_later_would_need(self) -> None:
        """Windows are settled in order: the dose before the first delivery has no other bag."""
        plan = run([5, 25], [(1, 30)], [(10, 20)])

        assert left_out(plan) == [(25, OLD)]
        assert taken(plan) == [(5, Source.ON_HAND, 0)]

    def test_what_is_left_over_is_there_for_the_next_window(self) -> None:
        plan = run([5, 15], [(2, 30)], [(10, 40)])

        assert brought(plan) == [(0, 0, [])]

    def test_a_claim_takes_all_its_bags_from_the_others(self) -> None:
        """Of three bags, two wait for the dose at 25; the one that is left is too few for the dose at 11."""
        plan = run([11, 25], [(3, 30)], [(10, 20)], each=2)

        assert brought(plan) == [(2, 0, [11])]
        assert taken(plan, 2) == [(11, Source.DELIVERY, 0)] * 2 + [(25, Source.ON_HAND, 0)] * 2

    def test_a_bag_at_its_beyond_use_date_backs_no_claim(self) -> None:
        """The second bag, too late for 26 by an equal instant, serves 11; the claim of 25 holds one back."""
        plan = run([11, 25, 26], [(2, 26)], [(10, 20)])

        assert taken(plan) == [(11, Source.ON_HAND, 0), (25, Source.ON_HAND, 0)]
        assert left_out(plan) == [(26, OLD)]


class TestSpares:
    def test_bags_left_over_count_first(self) -> None:
        assert brought(run([15], [(2, 90)], [(10, 90)], ends=50, spare=3)) == [(2, 2, [])]

    @pytest.mark.parametrize(
        ("beyond_use", "spares"),
        [
            pytest.param(49, 2, id="below: left over but expired when the window ends"),
            pytest.param(50, 2, id="at: an equal instant is too late"),
            pytest.param(51, 1, id="above: counts"),
        ],
    )
    def test_left_over_bags_count_while_they_can_be_started(self, beyond_use: int, spares: int) -> None:
        assert run([], [(1, beyond_use)], [(10, 90)], ends=50, spare=2).deliveries[0].spares == spares

    @pytest.mark.parametrize(("beyond_use", "spares"), [(49, 0), (50, 0), (51, 2)])
    def test_a_delivery_tops_up_only_with_bags_that_outlive_the_window(
        self, beyond_use: int, spares: int
    ) -> None:
        assert run([], [], [(10, beyond_use)], ends=50, spare=2).deliveries[0].spares == spares

    @pytest.mark.parametrize(("spare", "added"), [(3, 0), (4, 1), (6, 3)])
    def test_left_over_bags_of_several_dates_count_together(self, spare: int, added: int) -> None:
        plan = run([], [(1, 60), (1, 70), (1, 80)], [(0, 90)], ends=50, spare=spare)

        assert brought(plan) == [(added, added, [])]

    def test_spares_are_handed_out_between_bags_of_other_dates(self) -> None:
        plan = run([31, 32, 33, 34], [(1, 40), (2, 99)], [(0, 60), (30, 31)], ends=50, spare=4)

        assert taken(plan) == [
            (31, Source.ON_HAND, 0),
            (32, Source.DELIVERY, 0),
            (33, Source.ON_HAND, 1),
            (34, Source.ON_HAND, 1),
        ]

    def test_the_window_before_the_first_arrival_has_no_spares(self) -> None:
        plan = run([5], [], [(10, 90)], ends=50, spare=1)

        assert brought(plan) == [(1, 1, [])]
        assert left_out(plan) == [(5, NONE)]

    def test_a_spare_used_in_a_later_window_is_covered_by_its_delivery(self) -> None:
        plan = run([15, 25], [], [(10, 90), (20, 21)], ends=50, spare=1)

        assert brought(plan) == [(2, 1, [15, 25]), (0, 0, [])]

    def test_each_delivery_tops_up_to_the_same_level(self) -> None:
        assert brought(run([15, 25], [], [(10, 90), (20, 95)], ends=50, spare=2)) == [
            (3, 2, [15, 25]),
            (1, 1, []),
        ]


class TestAuthorizedQuantity:
    @pytest.mark.parametrize(
        ("cap", "bags", "uncovered"),
        [(0, 0, [(11, CAP), (12, CAP)]), (1, 1, [(12, CAP)]), (2, 2, []), (3, 2, [])],
    )
    def test_caps_doses_in_time_order(self, cap: int, bags: int, uncovered: list[tuple[int, Why]]) -> None:
        plan = run([11, 12], [], [(10, 90)], cap=cap)

        assert plan.deliveries[0].bags == bags
        assert left_out(plan) == uncovered

    def test_is_shared_by_all_deliveries(self) -> None:
        plan = run([11, 21, 22], [], [(10, 90), (20, 90)], cap=2)

        assert [one.bags for one in plan.deliveries] == [1, 1]
        assert left_out(plan) == [(22, CAP)]

    @pytest.mark.parametrize(("cap", "spares"), [(1, 0), (2, 1), (3, 2), (4, 2)])
    def test_spares_come_after_the_doses(self, cap: int, spares: int) -> None:
        assert run([11], [], [(10, 99)], ends=50, spare=2, cap=cap).deliveries[0].spares == spares

    def test_spares_of_an_earlier_delivery_come_before_doses_of_a_later(self) -> None:
        plan = run([21, 22], [], [(10, 99), (20, 99)], ends=50, spare=1, cap=1)

        assert brought(plan) == [(1, 1, [21]), (0, 0, [])]
        assert left_out(plan) == [(22, CAP)]

    def test_claims_are_settled_before_the_cap(self) -> None:
        """The bag on hand is claimed by the dose at 11, though the cap leaves 12 without."""
        plan = run([11, 12], [(1, 90)], [(10, 90)], cap=0)

        assert taken(plan) == [(11, Source.ON_HAND, 0)]
        assert left_out(plan) == [(12, CAP)]

    def test_a_dose_that_takes_two_bags_gets_none_when_one_is_left(self) -> None:
        plan = run([11, 12], [], [(10, 90)], each=2, cap=3)

        assert plan.deliveries[0].bags == 2
        assert left_out(plan) == [(12, CAP)]


class TestSeveralBagsADose:
    def test_a_dose_takes_all_from_those_there_or_all_new(self) -> None:
        plan = run([11], [(1, 90)], [(10, 90)], each=2)

        assert brought(plan) == [(2, 0, [11])]
        assert (plan.on_hand.used, plan.on_hand.spare, plan.on_hand.expires_unused) == (0, 0, 1)

    def test_or_none(self) -> None:
        assert left_out(run([11], [(1, 90)], each=2)) == [(11, NONE)]

    def test_bags_of_one_dose_may_come_from_several_batches(self) -> None:
        assert taken(run([11], [(1, 90), (5, 80), (2, 12)], each=4)) == [
            (11, Source.ON_HAND, 2),
            (11, Source.ON_HAND, 2),
            (11, Source.ON_HAND, 1),
            (11, Source.ON_HAND, 1),
        ]

    def test_a_dose_served_by_two_spares_is_covered_once(self) -> None:
        plan = run([25], [], [(10, 90), (20, 21)], ends=50, each=2, spare=2)

        assert brought(plan) == [(2, 2, [25]), (0, 0, [])]


class TestOnHand:
    @pytest.mark.parametrize(
        ("beyond_use", "spare", "expires"),
        [
            pytest.param(49, 0, 2, id="below the end"),
            pytest.param(50, 0, 2, id="at the end"),
            pytest.param(51, 2, 0, id="above the end"),
        ],
    )
    def test_unused_bags_are_spare_while_they_can_be_started_at_the_end(
        self, beyond_use: int, spare: int, expires: int
    ) -> None:
        use = run([5], [(3, beyond_use)], ends=50).on_hand

        assert (use.used, use.spare, use.expires_unused) == (1, spare, expires)

    def test_unused_bags_of_several_dates_are_counted_together(self) -> None:
        on_hand = [(2, 20), (1, 30), (2, 30), (3, 40), (2, 90), (1, 95), (4, 99)]

        use = run([5, 25, 26, 35], on_hand, ends=50).on_hand

        assert (use.used, use.spare, use.expires_unused) == (4, 7, 4)

    def test_no_bags_and_no_deliveries(self) -> None:
        plan = run([5, 6], [(0, 90)])

        assert left_out(plan) == [(5, NONE), (6, NONE)]
        assert plan.next_needed == at(5)


class TestWhy:
    def test_a_bag_that_another_dose_used_is_no_reason(self) -> None:
        assert left_out(run([5, 15], [(1, 10)])) == [(15, NONE)]

    def test_an_unused_bag_that_is_too_old_is_the_reason(self) -> None:
        assert left_out(run([5, 15], [(2, 10)])) == [(15, OLD)]

    def test_a_delivery_that_is_too_old_is_the_reason_even_without_bags(self) -> None:
        assert left_out(run([15], [], [(10, 12)], cap=0)) == [(15, OLD)]

    def test_a_fresh_bag_too_few_is_no_beyond_use_reason(self) -> None:
        assert left_out(run([15], [(1, 90)], each=2)) == [(15, NONE)]

    def test_a_later_delivery_is_no_bag_yet(self) -> None:
        assert left_out(run([5], [], [(10, 90)])) == [(5, NONE)]


class TestNextNeeded:
    def test_deliveries_play_no_part(self) -> None:
        plan = run([5, 15, 25], [(1, 90)], [(10, 90)])

        assert plan.uncovered == ()
        assert plan.next_needed == at(15)

    def test_is_none_when_the_bags_on_hand_last(self) -> None:
        assert run([5, 15], [(2, 90)]).next_needed is None

    def test_is_settled_in_time_order(self) -> None:
        """With the delivery the bag waits for the dose at 25; alone it serves the dose at 11."""
        assert run([11, 25], [(1, 30)], [(10, 20)]).next_needed == at(25)

    @pytest.mark.parametrize(("bags", "first_without"), [(1, 6), (2, 7), (3, 15)])
    def test_counts_the_bags_of_a_batch(self, bags: int, first_without: int) -> None:
        assert run([5, 6, 7, 15], [(bags, 10)]).next_needed == at(first_without)

    def test_goes_from_batch_to_batch(self) -> None:
        assert run([5, 6, 7, 8, 9], [(2, 10), (2, 20)]).next_needed == at(9)
        assert run([5, 6, 15, 16, 17], [(3, 10), (2, 20)]).next_needed == at(17)

    def test_without_doses(self) -> None:
        assert find_next_needed([], [BagsOnHand(1, at(5))], 1) is None


# The oracle: every bag on its own, every sentence of the contract as it stands, matchings by search.


def test_answers_are_plain_values() -> None:
    assert run([5]).uncovered == (Uncovered(at(5), NONE),)
