"""The working of a dispense plan: a pharmacist must be able to check every line by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from pharmacy.domain.dispensing import (
    BagsOnHand,
    DispensePlan,
    PlannedArrival,
    Segment,
    plan_dispensing,
    working,
)
from pharmacy.domain.frequency import parse_frequency

ZONE = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def segment(effective: str, text: str, anchor: str) -> Segment:
    return Segment(datetime.fromisoformat(effective), parse_frequency(text), datetime.fromisoformat(anchor))


def plan(
    regimen: list[Segment],
    starts: str,
    ends: str,
    on_hand: list[tuple[int, str]] | None = None,
    deliveries: list[tuple[str, str]] | None = None,
    **quantities: int,
) -> DispensePlan:
    return plan_dispensing(
        zone=ZONE,
        regimen=regimen,
        starts=at(starts),
        ends=at(ends),
        on_hand=[BagsOnHand(bags, at(beyond_use)) for bags, beyond_use in on_hand or []],
        deliveries=[PlannedArrival(at(arrives), at(beyond_use)) for arrives, beyond_use in deliveries or []],
        **quantities,
    )


DAILY = segment("2026-11-09", "daily", "2026-11-09T21:00")
TWO_OF_THREE = segment("2026-11-12", "2 of every 3 days", "2026-11-12T21:00")


def test_vector_a_line_by_line() -> None:
    answer = plan(
        [DAILY, TWO_OF_THREE],
        "2026-11-11",
        "2026-11-21",
        [(7, "2026-11-18T09:00")],
        [("2026-11-17T12:00", "2026-11-27T09:00")],
        spare_bags=1,
        authorized_bags=10,
    )

    assert working(answer, ZONE) == [
        "Doses from Wed 11 Nov 2026 00:00 EST up to, but not at, Sat 21 Nov 2026 00:00 EST.",
        "From Mon 9 Nov 2026 00:00: daily, with Mon 9 Nov 2026 21:00 as day 1: 1 dose,"
        " Wed 11 Nov 2026 21:00 EST to Wed 11 Nov 2026 21:00 EST.",
        "From Thu 12 Nov 2026 00:00: 2 of every 3 days, with Thu 12 Nov 2026 21:00 as day 1: 6 doses,"
        " Thu 12 Nov 2026 21:00 EST to Thu 19 Nov 2026 21:00 EST.",
        "In all 7 doses, 1 bag a dose: 7 bags.",
        "On hand: 7 bags to be started before Wed 18 Nov 2026 09:00 EST: 5 used (at 21:00 EST on"
        " Wed 11 Nov 2026, Thu 12 Nov 2026, Fri 13 Nov 2026, Sun 15 Nov 2026, Mon 16 Nov 2026),"
        " 2 cannot be started in time.",
        "Each delivery is topped up until, when its time ends, 1 spare bag can still be started.",
        "Authorized for all deliveries together: 10 bags; planned 3, left 7.",
        "Before any delivery, until Tue 17 Nov 2026 12:00 EST: 5 doses, 5 from bags already there,"
        " 0 without a bag.",
        "Delivery 1 arrives Tue 17 Nov 2026 12:00 EST, its bags to be started before"
        " Fri 27 Nov 2026 09:00 EST. Until Sat 21 Nov 2026 00:00 EST: 2 doses, 0 from bags already there,"
        " 2 from new bags, 0 without a bag. 2 doses x 1 bag + 1 spare = 3 bags.",
        "Delivery 1 serves the doses at 21:00 EST on Wed 18 Nov 2026, Thu 19 Nov 2026.",
        "Check of the bags on hand: 5 used + 0 spare + 2 that expire unused = 7 bags.",
        "Check of the doses: 7 with bags + 0 without = 7 doses.",
        "With the bags on hand alone, the first dose without a bag is on Wed 18 Nov 2026 21:00 EST:"
        " a delivery is needed by then.",
    ]


def test_a_dose_without_a_bag_is_named_with_its_reason() -> None:
    lines = working(plan([DAILY], "2026-11-11", "2026-11-13", [(1, "2026-11-30")]), ZONE)

    assert "No bag for the dose on Thu 12 Nov 2026 21:00 EST: no bag yet." in lines
    assert "Check of the doses: 1 with bags + 1 without = 2 doses." in lines


def test_bags_that_are_spare_are_told_from_bags_that_expire() -> None:
    stock = [(2, "2026-11-30"), (1, "2026-11-12"), (1, "2026-11-13"), (0, "2026-11-14")]

    lines = [
        line
        for line in working(plan([DAILY], "2026-11-11", "2026-11-13", stock), ZONE)
        if line.startswith("On hand")
    ]

    assert lines == [
        "On hand: 2 bags to be started before Mon 30 Nov 2026 00:00 EST: 0 used,"
        " 2 left over that can still be started at the end.",
        "On hand: 1 bag to be started before Thu 12 Nov 2026 00:00 EST: 1 used (at 21:00 EST on"
        " Wed 11 Nov 2026).",
        "On hand: 1 bag to be started before Fri 13 Nov 2026 00:00 EST: 1 used (at 21:00 EST on"
        " Thu 12 Nov 2026).",
        "On hand: 0 bags to be started before Sat 14 Nov 2026 00:00 EST: 0 used.",
    ]


def test_a_bag_whose_date_is_the_end_cannot_be_started_in_time() -> None:
    lines = working(plan([DAILY], "2026-11-12", "2026-11-13", [(2, "2026-11-13")]), ZONE)

    assert any(
        line.endswith("(at 21:00 EST on Thu 12 Nov 2026), 1 cannot be started in time.") for line in lines
    )


def test_a_hold_and_several_bags_a_dose_are_said() -> None:
    hold = Segment(datetime.fromisoformat("2026-11-12"), None, None)

    lines = working(
        plan(
            [DAILY, hold],
            "2026-11-11T20:00",
            "2026-11-20",
            [],
            [("2026-11-11T20:00", "2026-11-30")],
            bags_per_dose=2,
        ),
        ZONE,
    )

    assert "From Thu 12 Nov 2026 00:00: on hold, no doses." in lines
    assert "In all 1 dose, 2 bags a dose: 2 bags." in lines
    assert not any(line.startswith("Before any delivery") for line in lines)
    assert any(line.endswith("1 dose x 2 bags + 0 spares = 2 bags.") for line in lines)
    assert any(line.endswith("at 21:00 EST on Wed 11 Nov 2026.") for line in lines)


def test_several_bags_of_one_dose_are_said_once() -> None:
    answer = plan([DAILY], "2026-11-12", "2026-11-13", [(2, "2026-11-20")], bags_per_dose=2)

    assert any("2 used (at 21:00 EST on Thu 12 Nov 2026)." in line for line in working(answer, ZONE))


def test_a_window_counts_its_doses_by_where_their_bags_come_from() -> None:
    answer = plan(
        [DAILY],
        "2026-11-11",
        "2026-11-17",
        [(2, "2026-11-30")],
        [("2026-11-12T12:00", "2026-11-15T12:00")],
    )

    assert any(
        "5 doses, 1 from bags already there, 3 from new bags, 1 without a bag. 3 doses x 1 bag" in line
        for line in working(answer, ZONE)
    )


def test_bags_that_last_are_said() -> None:
    lines = working(plan([DAILY], "2026-11-12", "2026-11-13", [(1, "2026-11-20")]), ZONE)

    assert lines[-1] == "The bags on hand alone serve every dose."


def test_times_of_one_clock_time_stand_together() -> None:
    twice = segment("2026-11-09", "every 12 hours", "2026-11-09T08:00")

    lines = working(plan([twice], "2026-11-09", "2026-11-11", [(4, "2026-11-20")]), ZONE)

    assert any(
        "at 08:00 EST on Mon 9 Nov 2026, Tue 10 Nov 2026; 20:00 EST on Mon 9 Nov 2026, Tue 10 Nov 2026"
        in line
        for line in lines
    )


class TestCloseDoses:
    """Where a change puts two doses closer than the new pattern's nominal gap, the working says so."""

    EVERY_DAY = segment("2026-11-09", "daily", "2026-11-09T08:00")

    def close(self, *changes: Segment, starts: str = "2026-11-09", ends: str = "2026-11-20") -> list[str]:
        lines = working(plan([self.EVERY_DAY, *changes], starts, ends), ZONE)
        return [line for line in lines if "closer than" in line]

    def test_peers_5_a_cycle_reset_at_the_change(self) -> None:
        change = segment("2026-11-11T14:00", "every 12 hours", "2026-11-11T14:00")

        assert self.close(change) == [
            "The change puts two doses 6 hours apart, on Wed 11 Nov 2026 08:00 EST and on"
            " Wed 11 Nov 2026 14:00 EST: closer than the 12 hours of the new pattern (every 12 hours)."
            " A pharmacist decides whether that is meant."
        ]

    @pytest.mark.parametrize(
        ("anchor", "lines"),
        [
            pytest.param("2026-11-11T19:59", 1, id="below the gap"),
            pytest.param("2026-11-11T20:00", 0, id="at the gap"),
            pytest.param("2026-11-11T20:01", 0, id="above the gap"),
        ],
    )
    def test_boundary(self, anchor: str, lines: int) -> None:
        assert len(self.close(segment("2026-11-11T14:00", "every 12 hours", anchor))) == lines

    def test_the_last_dose_may_lie_before_the_course(self) -> None:
        change = segment("2026-11-11T14:00", "every 12 hours", "2026-11-11T14:00")

        assert len(self.close(change, starts="2026-11-11T14:00")) == 1

    @pytest.mark.parametrize(
        "times", [("2026-11-11T14:01", "2026-11-20"), ("2026-11-09", "2026-11-11T14:00")]
    )
    def test_a_change_whose_first_dose_lies_outside_is_not_said(self, times: tuple[str, str]) -> None:
        change = segment("2026-11-11T14:00", "every 12 hours", "2026-11-11T14:00")

        assert self.close(change, starts=times[0], ends=times[1]) == []

    @pytest.mark.parametrize(("anchor", "lines"), [("2026-11-12T19:59", 1), ("2026-11-12T20:00", 0)])
    def test_boundary_of_elapsed_hours(self, anchor: str, lines: int) -> None:
        assert len(self.close(segment("2026-11-11T14:00", "every 36 hours", anchor))) == lines

    def test_a_hold_between_the_patterns(self) -> None:
        hold = Segment(datetime.fromisoformat("2026-11-11T10:00"), None, None)
        soon = segment("2026-11-11T12:00", "daily", "2026-11-11T12:00")
        late = segment("2026-11-12T08:00", "daily", "2026-11-12T08:00")

        assert len(self.close(hold, soon)) == 1
        assert self.close(hold, late) == []

    def test_a_change_to_a_longer_gap(self) -> None:
        """Two doses a day apart are closer than the 48 hours of every 2 days."""
        assert len(self.close(segment("2026-11-12", "every 2 days", "2026-11-12T08:00"))) == 1
        assert self.close(segment("2026-11-12", "every 2 days", "2026-11-13T08:00")) == []

    def test_two_changes_at_once(self) -> None:
        first = segment("2026-11-11T10:00", "every 2 days", "2026-11-11T10:00")
        second = segment("2026-11-11T10:00", "every 12 hours", "2026-11-11T20:00")

        assert self.close(first, second) == []

    def test_a_night_on_which_clocks_go_forward_is_no_closer(self) -> None:
        """23 elapsed hours, but 08:00 to 08:00."""
        daily = segment("2026-03-01", "daily", "2026-03-01T08:00")
        change = segment("2026-03-08", "2 of every 3 days", "2026-03-08T08:00")

        assert not any(
            "closer than" in line for line in working(plan([daily, change], "2026-03-01", "2026-03-12"), ZONE)
        )

    def test_but_elapsed_hours_are_counted_as_elapsed(self) -> None:
        daily = segment("2026-03-01", "daily", "2026-03-01T08:00")
        change = segment("2026-03-08", "every 36 hours", "2026-03-08T20:00")

        lines = working(plan([daily, change], "2026-03-01", "2026-03-12"), ZONE)

        assert sum("two doses 35 hours apart" in line for line in lines) == 1

    def test_continuous_counts_its_infusion_hours(self) -> None:
        local = datetime.fromisoformat("2026-11-11T14:00")
        change = Segment(local, parse_frequency("continuous"), local, infusion_hours=Fraction(10))

        assert "6 hours apart" in self.close(change)[0]
        assert "10 hours of the new pattern (continuous)" in self.close(change)[0]
