"""What a dispense plan refuses, by the name of the field (calculators.md, dispense)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pharmacy.domain.dispensing import Segment
from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.frequency import parse_frequency
from tests.courses import hold, instant, on, pattern, plan

LIE, RISE = "lie at or after from and before until", "be later than the arrival before it"


class TestRefusals:
    @pytest.mark.parametrize(
        ("regimen", "field"),
        [
            pytest.param([], "regimen", id="no segment"),
            pytest.param([pattern("daily", 3), hold(2)], "regimen[1].effective", id="out of time order"),
            pytest.param([Segment(on(1), None, on(1))], "regimen[0].anchor", id="hold with an anchor"),
            pytest.param(
                [Segment(on(1), parse_frequency("daily"), None)], "regimen[0].anchor", id="no anchor"
            ),
            pytest.param(
                [hold(1), Segment(on(2), parse_frequency("continuous"), on(2))],
                "regimen[1].infusion_hours",
                id="continuous without hours",
            ),
            pytest.param(
                [Segment(on(90), parse_frequency("every 8 hours"), on(90), infusion_hours=9)],
                "regimen[0].infusion_hours",
                id="infusions overlap",
            ),
        ],
    )
    def test_regimen(self, regimen: list[Segment], field: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            plan(regimen, 1, 7)

        assert refusal.value.field == field
        assert refusal.value.sentence.startswith(field)

    @pytest.mark.parametrize(
        ("arrivals", "field", "should"),
        [
            pytest.param([instant(1) - timedelta(seconds=1)], "deliveries[0].arrives", LIE, id="before from"),
            pytest.param([instant(8)], "deliveries[0].arrives", LIE, id="at until"),
            pytest.param([instant(3), instant(3)], "deliveries[1].arrives", RISE, id="twice"),
            pytest.param([instant(4), instant(3)], "deliveries[1].arrives", RISE, id="falling"),
        ],
    )
    def test_arrivals(self, arrivals: list[datetime], field: str, should: str) -> None:
        with pytest.raises(InvalidInput) as refusal:
            plan([pattern("daily", 1)], 1, 7, [], [(arrives, instant(30)) for arrives in arrivals])

        assert refusal.value.field == field
        assert refusal.value.sentence == f"{field} should {should}."

    def test_arrivals_at_the_edges_are_accepted(self) -> None:
        arrivals = [(instant(1), instant(30)), (instant(8) - timedelta(seconds=1), instant(30))]

        assert [one.bags for one in plan([pattern("daily", 1)], 1, 7, [], arrivals).deliveries] == [7, 0]

    @pytest.mark.parametrize("last", [0, -1])
    def test_a_course_without_time(self, last: int) -> None:
        with pytest.raises(InvalidInput) as refusal:
            plan([pattern("daily", 1)], 1, last)

        assert refusal.value.field == "until"
        assert refusal.value.sentence == "until should be later than from."

    @pytest.mark.parametrize(
        ("quantities", "field", "least"),
        [
            ({"bags_per_dose": 0}, "bags_per_dose", 1),
            ({"spare_bags": -1}, "spare_bags", 0),
            ({"authorized_bags": -1}, "authorized_bags", 0),
        ],
    )
    def test_counts(self, quantities: dict[str, int], field: str, least: int) -> None:
        with pytest.raises(InvalidInput) as refusal:
            plan([pattern("daily", 1)], 1, 7, **quantities)

        assert refusal.value.field == field
        assert refusal.value.sentence == f"{field} should be {least} or more."

    def test_bags_on_hand_below_zero(self) -> None:
        with pytest.raises(InvalidInput) as refusal:
            plan([pattern("daily", 1)], 1, 7, [(-1, instant(9))])

        assert refusal.value.field == "on_hand[0].bags"
