"""The dispense plan: domain.md 6.3 vectors and tables, peers.md 5 example, the regimen of calculators.md."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.dispensing import (
    BagsOnHand,
    DispensePlan,
    Segment,
    Source,
    list_doses,
    plan_dispensing,
)
from pharmacy.domain.frequency import expand, parse_frequency
from tests.courses import DAY_1, NINE_IN_THE_EVENING, ZONE, hold, instant, on, pattern, plan


def day_of(dose: datetime) -> int:
    return (dose.astimezone(ZONE).date() - DAY_1).days + 1


def days(doses: object) -> list[int]:
    return [day_of(dose) for dose in doses]  # type: ignore[attr-defined]


def days_from_on_hand(answer: DispensePlan) -> list[int]:
    return [day_of(bag.dose) for bag in answer.serves if bag.source is Source.ON_HAND]


DAILY_THEN_TWO_OF_THREE = [pattern("daily", 1), pattern("2 of every 3 days", 4)]
PREPARED_DAY_0_REFRIGERATED = instant(10, time(9))


class TestVectorsOfDomain63:
    def test_vector_a_bags_that_expire_at_home(self) -> None:
        answer = plan(DAILY_THEN_TWO_OF_THREE, 4, 11, [(6, PREPARED_DAY_0_REFRIGERATED)])

        assert days(answer.doses) == [4, 5, 7, 8, 10, 11]
        assert days_from_on_hand(answer) == [4, 5, 7, 8]
        assert (answer.on_hand.used, answer.on_hand.spare, answer.on_hand.expires_unused) == (4, 0, 2)
        assert answer.next_needed == instant(10, NINE_IN_THE_EVENING)
        assert [(day_of(dose), str(why)) for dose, why in answer.uncovered] == [
            (10, "beyond-use date"),
            (11, "beyond-use date"),
        ]

    def test_vector_a_without_the_change(self) -> None:
        answer = plan([pattern("daily", 1)], 4, 11, [(6, PREPARED_DAY_0_REFRIGERATED)])

        assert days_from_on_hand(answer) == [4, 5, 6, 7, 8, 9]
        assert days(dose for dose, _ in answer.uncovered) == [10, 11]

    def test_vector_b_bags_that_last_longer(self) -> None:
        regimen = [pattern("daily", 1), pattern("2 of every 3 days", 6)]

        answer = plan(regimen, 6, 30, [(9, instant(60))])

        assert days_from_on_hand(answer) == [6, 7, 9, 10, 12, 13, 15, 16, 18]
        assert answer.next_needed == instant(19, NINE_IN_THE_EVENING)

    def test_vector_b_without_the_change(self) -> None:
        answer = plan([pattern("daily", 1)], 6, 30, [(9, instant(60))])

        assert answer.next_needed == instant(15, NINE_IN_THE_EVENING)

    @pytest.mark.parametrize(
        ("text", "anchor", "usable"),
        [("daily", 1, 9), ("2 of every 3 days", 1, 6), ("2 of every 3 days", 0, 6), ("2 of 3 days", -1, 6)],
    )
    def test_usable_bags_of_one_batch(self, text: str, anchor: int, usable: int) -> None:
        answer = plan([pattern(text, 1, first=anchor)], 1, 20, [(20, PREPARED_DAY_0_REFRIGERATED)])

        assert answer.on_hand.used == usable


# Columns: the first day planned is the first on-day, the second on-day, the off-day.
ANCHORS = (1, 0, -1)


@pytest.mark.parametrize(
    ("period", "counts"),
    [
        (7, (5, 5, 4)),
        (10, (7, 7, 6)),
        (14, (10, 9, 9)),
        (21, (14, 14, 14)),
        (28, (19, 19, 18)),
        (30, (20, 20, 20)),
    ],
    ids=lambda value: f"domain.md 6.3, {value} days" if isinstance(value, int) else "",
)
def test_dose_counts_of_two_of_every_three_days(period: int, counts: tuple[int, ...]) -> None:
    answers = [plan([pattern("2 of every 3 days", 1, first=anchor)], 1, period) for anchor in ANCHORS]

    assert tuple(len(answer.doses) for answer in answers) == counts


@pytest.mark.parametrize(
    ("bags", "last_days"),
    [(7, (10, 10, 11)), (9, (13, 13, 14)), (10, (14, 15, 15)), (14, (20, 21, 21))],
    ids=lambda value: f"domain.md 6.3, {value} bags" if isinstance(value, int) else "",
)
def test_how_far_bags_reach(bags: int, last_days: tuple[int, ...]) -> None:
    answers = [
        plan([pattern("2 of every 3 days", 1, first=anchor)], 1, 40, [(bags, instant(90))])
        for anchor in ANCHORS
    ]

    assert tuple(days_from_on_hand(answer)[-1] for answer in answers) == last_days


def test_three_weekly_deliveries_need_5_5_and_4_bags() -> None:
    arrivals = [(instant(day, time(17)), instant(day + 9)) for day in (1, 8, 15)]

    answer = plan([pattern("2 of every 3 days", 1)], 1, 21, [], arrivals)

    assert [delivery.bags for delivery in answer.deliveries] == [5, 5, 4]
    assert answer.uncovered == ()


class TestExampleOfPeers5:
    """Every 24 h at 08:00, seven bags for days 0 to 6; at 14:00 on day 2 the order becomes every 12 h."""

    EIGHT = time(8)
    EVERY_DAY = Segment(on(1, EIGHT), parse_frequency("daily"), on(1, EIGHT))

    def change(self, anchor: time) -> DispensePlan:
        twice = Segment(on(3, time(14)), parse_frequency("every 12 hours"), on(3, anchor))
        return plan_dispensing(
            zone=ZONE,
            regimen=[self.EVERY_DAY, twice],
            starts=instant(3, time(14)),
            ends=instant(8, self.EIGHT),
            on_hand=[BagsOnHand(4, instant(40))],
            deliveries=[],
        )

    def test_anchored_on_the_last_dose_given(self) -> None:
        answer = self.change(time(20))

        assert 3 + len(answer.doses) == 12
        assert len(answer.uncovered) == 5
        assert answer.next_needed == instant(5, time(20))

    def test_anchored_on_the_change(self) -> None:
        answer = self.change(time(14))

        assert 3 + len(answer.doses) == 13
        assert len(answer.uncovered) == 6

    def test_the_whole_week_with_the_doses_already_given(self) -> None:
        twice = Segment(on(3, time(14)), parse_frequency("every 12 hours"), on(3, time(20)))

        answer = plan([self.EVERY_DAY, twice], 1, 7, [(7, instant(40))])

        assert days(answer.doses) == [1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7]
        assert len(answer.uncovered) == 5


class TestRegimen:
    def test_a_dose_exactly_at_effective_belongs_to_the_new_segment(self) -> None:
        regimen = [
            pattern("daily", 1),
            Segment(on(3, NINE_IN_THE_EVENING), parse_frequency("every 2 days"), on(3, NINE_IN_THE_EVENING)),
        ]

        answer = plan(regimen, 1, 6)

        assert list(zip(days(answer.doses), answer.patterns, strict=True)) == [
            (1, 0),
            (2, 0),
            (3, 1),
            (5, 1),
        ]

    def test_a_hold_has_no_doses(self) -> None:
        answer = plan([pattern("daily", 1), hold(3), pattern("daily", 6)], 1, 7)

        assert days(answer.doses) == [1, 2, 6, 7]
        assert answer.patterns == (0, 0, 2, 2)

    def test_a_change_after_the_course_changes_nothing(self) -> None:
        assert days(plan([pattern("daily", 1), hold(6)], 2, 4).doses) == [2, 3, 4]

    def test_several_changes(self) -> None:
        regimen = [
            pattern("daily", 1),
            pattern("2 of every 3 days", 3),
            hold(6),
            pattern("every 2 days", 8),
            pattern("weekly on Monday", 11),
        ]

        assert days(plan(regimen, 1, 21).doses) == [1, 2, 3, 4, 8, 10, 15]

    def test_a_cycle_keeps_its_phase_when_the_anchor_lies_before_effective(self) -> None:
        regimen = [pattern("daily", 1), pattern("2 of every 3 days", 4, first=3)]

        assert days(plan(regimen, 1, 10).doses) == [1, 2, 3, 4, 6, 7, 9, 10]

    def test_no_dose_before_the_anchor_and_none_of_the_old_pattern_after_effective(self) -> None:
        regimen = [pattern("daily", 1), pattern("daily", 3, first=6)]

        assert days(plan(regimen, 1, 7).doses) == [1, 2, 6, 7]

    def test_of_two_segments_with_one_effective_time_the_later_holds(self) -> None:
        regimen = [pattern("daily", 1), hold(3), pattern("every 2 days", 3)]

        assert days(plan(regimen, 1, 6).doses) == [1, 2, 3, 5]

    def test_continuous_runs_back_to_back(self) -> None:
        regimen = [Segment(on(1), parse_frequency("continuous"), on(1), infusion_hours=20)]

        assert len(plan(regimen, 1, 5).doses) == 6

    def test_clock_time_is_kept_when_clocks_change(self) -> None:
        zone_day = date(2026, 11, 1)
        first = (zone_day - DAY_1).days + 1

        answer = plan([pattern("daily", first - 1)], first - 1, first + 1)

        assert [dose.astimezone(ZONE).hour for dose in answer.doses] == [21, 21, 21]
        assert answer.doses[1] - answer.doses[0] == timedelta(hours=25)

    @given(
        st.lists(
            st.tuples(
                st.integers(0, 12),
                st.sampled_from(["daily", "2 of every 3 days", "every 12 hours", "q36h", "MWF", "hold"]),
                st.integers(-3, 3),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def test_agrees_with_each_pattern_alone(self, changes: list[tuple[int, str, int]]) -> None:
        changes.sort(key=lambda change: change[0])
        regimen = [
            hold(day) if text == "hold" else pattern(text, day, first=day + shift)
            for day, text, shift in changes
        ]
        openings = [instant(day) for day, _, _ in changes]

        expected = []
        for place, segment in enumerate(regimen):
            if segment.frequency is None or segment.anchor is None:
                continue
            alone = expand(
                segment.frequency, anchor=segment.anchor, zone=ZONE, starts=instant(-10), ends=instant(40)
            )
            for dose in alone:
                in_force = max(
                    number for number, opens in enumerate([instant(-99), *openings]) if opens <= dose
                )
                if in_force == place + 1 and instant(2) <= dose < instant(15):
                    expected.append((dose, place))

        assert list_doses(regimen, zone=ZONE, starts=instant(2), ends=instant(15)) == sorted(expected)


def test_quantities_reach_the_settlement() -> None:
    answer = plan(
        [pattern("daily", 1)],
        1,
        7,
        [(3, instant(30))],
        [(instant(1), instant(30))],
        bags_per_dose=2,
        spare_bags=3,
        authorized_bags=13,
    )

    assert answer.on_hand.used == 2
    assert (answer.deliveries[0].bags, answer.deliveries[0].spares) == (13, 1)
    assert len(answer.serves) == 14


def test_instants_of_any_offset_become_utc() -> None:
    answer = plan(
        [pattern("daily", 1)], 1, 2, [(1, instant(30).astimezone(ZONE))], [(instant(1), instant(9))]
    )

    assert {moment.tzinfo for moment in (*answer.doses, answer.starts, answer.stock[0].beyond_use)} == {UTC}
