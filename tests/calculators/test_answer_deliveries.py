"""`pharmacy calc deliveries`: what goes in and what comes out, field by field (calculators.md)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pharmacy.calculators.answer_deliveries import answer
from pharmacy.calculators.answer_dispense import answer as answer_dispense
from pharmacy.calculators.cli import answer_text
from tests.asked import Asked

CASE: dict[str, Any] = {
    "timezone": "America/New_York",
    "regimen": [{"frequency": "daily", "anchor": "2026-11-09T21:00"}],
    "from": "2026-11-09T12:00",
    "until": "2026-11-24T00:00",
    "on_hand": [{"bags": 3, "beyond_use": "2026-11-20T09:00"}],
    "delivery_days": ["Monday", "Thursday"],
    "closed": ["2026-11-16"],
    "arrival_time": "16:00",
    "lead_hours": "31",
    "beyond_use_hours": "240",
}
NEVER = {"bags": 0, "beyond_use": "2026-11-20T09:00"}
ASKED = Asked(answer, CASE)
case, run, refused = ASKED.case, ASKED.run, ASKED.refused


def test_answers_with_exactly_the_fields_of_the_contract() -> None:
    found = run()

    working = found.pop("working")
    assert found == {
        "doses": 15,
        "deliveries": [
            {
                "arrives": "2026-11-12T16:00:00-05:00",
                "bags": 7,
                "spares": 0,
                "covers": [f"2026-11-{day}T21:00:00-05:00" for day in range(12, 19)],
                "beyond_use": "2026-11-21T09:00:00-05:00",
                "needed_because": "Without it the dose on Thu 12 Nov 2026 21:00 EST has no bag: the bags on"
                " hand are used, or too old, by then.",
            },
            {
                "arrives": "2026-11-19T16:00:00-05:00",
                "bags": 5,
                "spares": 0,
                "covers": [f"2026-11-{day}T21:00:00-05:00" for day in range(19, 24)],
                "beyond_use": "2026-11-28T09:00:00-05:00",
                "needed_because": "Without it the dose on Sat 21 Nov 2026 21:00 EST has no bag: the bags of"
                " delivery 1 have to be started before Sat 21 Nov 2026 09:00 EST.",
            },
        ],
        "on_hand": {"used": 3, "spare": 0, "expires_unused": 0},
        "uncovered": [],
        "next_needed": "2026-11-12T21:00:00-05:00",
    }
    assert working[0] == (
        "Deliveries arrive on Monday, Thursday at 16:00, not on Mon 16 Nov 2026: 3 possible arrivals."
    )
    assert working[2].startswith(
        "Chosen: 2 deliveries: Thu 12 Nov 2026 16:00 EST, Thu 19 Nov 2026 16:00 EST."
    )


def test_is_the_dispense_plan_for_the_dates_chosen() -> None:
    quantities = {"spare_bags": 2, "authorized_bags": 12, "bags_per_dose": 1}
    found = run(**quantities)

    chosen = [{key: one[key] for key in ("arrives", "beyond_use")} for one in found["deliveries"]]
    days = ("delivery_days", "closed", "arrival_time", "lead_hours", "beyond_use_hours")
    same = {key: value for key, value in case(**quantities, deliveries=chosen).items() if key not in days}
    plan = answer_text(answer_dispense, json.dumps(same), {})

    for one in found["deliveries"]:
        assert one.pop("needed_because")
    # How the dates were chosen comes first.
    assert found.pop("working")[3:] == plan.pop("working")
    assert found == plan


def test_dates_are_chosen_before_spares_and_cap() -> None:
    plain = [one["arrives"] for one in run()["deliveries"]]

    assert [one["arrives"] for one in run(spare_bags=5)["deliveries"]] == plain
    assert [one["arrives"] for one in run(authorized_bags=0)["deliveries"]] == plain


@pytest.mark.parametrize(
    ("changes", "place", "expected"),
    [
        pytest.param({"on_hand": []}, 0, "no bags are on hand.", id="an empty home"),
        pytest.param({"on_hand": [NEVER]}, 0, "no bags are on hand.", id="a row without bags"),
        pytest.param({}, 0, "the bags on hand are used, or too old, by then.", id="bags on hand"),
        pytest.param(
            {"authorized_bags": 7},
            1,
            "before Sat 21 Nov 2026 09:00 EST. The authorized quantity leaves no bag for it.",
            id="nothing left to bring",
        ),
        pytest.param(
            {"authorized_bags": 8}, 1, "before Sat 21 Nov 2026 09:00 EST.", id="one bag left to bring"
        ),
    ],
)
def test_why_a_delivery_is_needed(changes: dict[str, Any], place: int, expected: str) -> None:
    because = run(**changes)["deliveries"][place]["needed_because"]

    assert because.startswith("Without it the dose on ")
    assert because.endswith(expected)


def test_no_delivery_is_chosen_when_none_is_needed() -> None:
    found = run(on_hand=[{"bags": 20, "beyond_use": "2026-12-20T09:00"}])

    assert found["deliveries"] == []
    assert found["on_hand"] == {"used": 15, "spare": 5, "expires_unused": 0}
    assert found["working"][2].startswith("Chosen: 0 deliveries. ")


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        pytest.param({"delivery_days": [" thursday", "MONDAY"]}, {}, id="any letter case and order"),
        pytest.param(
            {"delivery_days": ["Monday", "Thursday", "Monday"]}, {}, id="a day named twice is one day"
        ),
        pytest.param({"arrival_time": "16:00:00"}, {}, id="with seconds"),
        pytest.param({"lead_hours": 31, "beyond_use_hours": 240}, {}, id="JSON numbers"),
    ],
)
def test_what_is_understood(changes: dict[str, Any], same: dict[str, Any]) -> None:
    assert run(**changes) == run(**same)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"delivery_days": None}, "delivery_days", id="days missing"),
        pytest.param({"delivery_days": []}, "delivery_days", id="no day"),
        pytest.param({"delivery_days": "Monday"}, "delivery_days", id="a text for a list"),
        pytest.param({"delivery_days": ["Monday", "Holiday"]}, "delivery_days", id="no weekday"),
        pytest.param({"delivery_days": [1]}, "delivery_days", id="a number for a weekday"),
        pytest.param({"closed": None}, "closed", id="closed missing"),
        pytest.param({"closed": ["2026-11-31"]}, "closed", id="a date that does not exist"),
        pytest.param({"closed": ["26 November"]}, "closed", id="no date"),
        pytest.param({"closed": "2026-11-26"}, "closed", id="a text for a list of dates"),
        pytest.param({"closed": [20261126]}, "closed", id="a number for a date"),
        pytest.param({"arrival_time": None}, "arrival_time", id="time missing"),
        pytest.param({"arrival_time": "24:00"}, "arrival_time", id="no clock time"),
        pytest.param({"arrival_time": "16:00-05:00"}, "arrival_time", id="a time with offset"),
        pytest.param({"arrival_time": "4 pm"}, "arrival_time", id="another notation"),
        pytest.param({"lead_hours": None}, "lead_hours", id="lead missing"),
        pytest.param({"lead_hours": "-1"}, "lead_hours", id="a lead below zero"),
        pytest.param({"beyond_use_hours": None}, "beyond_use_hours", id="beyond-use missing"),
        pytest.param({"beyond_use_hours": "31"}, "beyond_use_hours", id="at the lead"),
        pytest.param({"lead_hours": "0", "beyond_use_hours": "0"}, "beyond_use_hours", id="zero"),
        pytest.param({"until": "2026-11-09T12:00"}, "until", id="no time"),
        pytest.param({"deliveries": []}, "deliveries", id="dispense's own field"),
        pytest.param({"regimen": []}, "regimen", id="no regimen"),
        pytest.param({"spare_bags": "1.5"}, "spare_bags", id="half a bag"),
    ],
)
def test_refusals_name_the_field(changes: dict[str, Any], field: str) -> None:
    refusal = refused(**changes)

    assert refusal.field == field
    assert refusal.sentence.startswith(field)


def test_a_beyond_use_date_past_the_year_9999_is_refused() -> None:
    assert (
        "9999"
        in refused(
            beyond_use_hours="9999999", **{"from": "9990-01-01T00:00", "until": "9991-01-01T00:00"}
        ).sentence
    )


@pytest.mark.parametrize("hours", ["31.000001", "9999999"])
def test_extreme_beyond_use_is_answered(hours: str) -> None:
    assert run(beyond_use_hours=hours)["doses"] == 15
