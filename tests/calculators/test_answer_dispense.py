"""`pharmacy calc dispense`: what goes in and what comes out, field by field (calculators.md)."""

from __future__ import annotations

from typing import Any

import pytest

from pharmacy.calculators.answer_dispense import answer
from pharmacy.domain.errors import InvalidInput
from tests.asked import Asked

DAILY = {"frequency": "daily", "anchor": "2026-11-09T21:00"}
CASE: dict[str, Any] = {
    "timezone": "America/New_York",
    "regimen": [
        DAILY,
        {"effective": "2026-11-12", "frequency": "2 of every 3 days", "anchor": "2026-11-12T21:00"},
    ],
    "from": "2026-11-11T12:00",
    "until": "2026-11-21T00:00:00-05:00",
    "on_hand": [{"bags": 7, "beyond_use": "2026-11-18T09:00"}],
    "deliveries": [{"arrives": "2026-11-17T17:00:00Z", "beyond_use": "2026-11-27T09:00:00-05:00"}],
    "bags_per_dose": 1,
    "spare_bags": 1,
    "authorized_bags": 10,
}
ASKED = Asked(answer, CASE)
case, run, refused = ASKED.case, ASKED.run, ASKED.refused


def test_answers_with_exactly_the_fields_of_the_contract() -> None:
    found = run()

    working = found.pop("working")
    assert found == {
        "doses": 7,
        "deliveries": [
            {
                "arrives": "2026-11-17T12:00:00-05:00",
                "bags": 3,
                "spares": 1,
                "covers": ["2026-11-18T21:00:00-05:00", "2026-11-19T21:00:00-05:00"],
                "beyond_use": "2026-11-27T09:00:00-05:00",
            }
        ],
        "on_hand": {"used": 5, "spare": 0, "expires_unused": 2},
        "uncovered": [],
        "next_needed": "2026-11-18T21:00:00-05:00",
    }
    assert working
    assert all(isinstance(line, str) for line in working)


def test_uncovered_doses_say_why() -> None:
    found = run(
        deliveries=[], on_hand=[{"bags": 1, "beyond_use": "2026-11-30T00:00"}], until="2026-11-13T00:00"
    )

    assert found["uncovered"] == [{"dose": "2026-11-12T21:00:00-05:00", "why": "no bag yet"}]


def test_next_needed_is_null_when_the_bags_last() -> None:
    assert run(until="2026-11-14T00:00", deliveries=[])["next_needed"] is None


def test_spares_cap_and_bags_per_dose_have_defaults() -> None:
    found = run(bags_per_dose=None, spare_bags=None, authorized_bags=None)

    assert (found["deliveries"][0]["bags"], found["deliveries"][0]["spares"]) == (2, 0)


def test_counts_may_be_text_and_zero_where_the_contract_says() -> None:
    found = run(
        on_hand=[{"bags": "0", "beyond_use": "2026-11-30T00:00"}],
        spare_bags="0",
        authorized_bags="0",
        bags_per_dose="2",
    )

    assert [one["why"] for one in found["uncovered"]] == ["no bag yet"] * 5 + ["authorized quantity"] * 2


def test_instants_are_written_in_the_zone_with_seconds_cut_off() -> None:
    arrival = {"arrives": "2026-11-17T23:30:59.9+06:30", "beyond_use": "2026-11-27T09:00:00.999999Z"}

    found = run(deliveries=[arrival])["deliveries"][0]

    assert (found["arrives"], found["beyond_use"]) == (
        "2026-11-17T12:00:59-05:00",
        "2026-11-27T04:00:00-05:00",
    )


@pytest.mark.parametrize("text", ["hold", "Hold", "  HOLD "])
def test_a_hold(text: str) -> None:
    regimen = [DAILY, {"effective": "2026-11-13T00:00", "frequency": text}]

    assert run(regimen=regimen)["doses"] == 2


def test_effective_defaults_to_the_anchor() -> None:
    regimen = [DAILY, {"frequency": "every 2 days", "anchor": "2026-11-14T08:00"}]
    course = {"from": "2026-11-13T00:00", "until": "2026-11-17T00:00"}

    assert run(regimen=regimen, deliveries=[], **course)["doses"] == 3


@pytest.mark.parametrize(
    ("effective", "doses"),
    [
        pytest.param("2026-11-12", 1, id="a date is 00:00 at home"),
        pytest.param("2026-11-12T00:00", 1, id="the same with its time"),
        pytest.param("2026-11-12T21:00", 1, id="a dose at effective belongs to the new segment"),
        pytest.param("2026-11-12T21:00:01", 2, id="a second later the old pattern still holds"),
    ],
)
def test_effective(effective: str, doses: int) -> None:
    regimen = [DAILY, {"effective": effective, "frequency": "hold"}]

    assert run(regimen=regimen)["doses"] == doses


def test_continuous_takes_its_infusion_hours() -> None:
    regimen = [{"frequency": "continuous", "anchor": "2026-11-12T00:00", "infusion_hours": "10.5"}]

    assert run(regimen=regimen, deliveries=[], until="2026-11-13T00:00")["doses"] == 3


@pytest.mark.parametrize("field", ["timezone", "regimen", "from", "until", "on_hand", "deliveries"])
def test_a_missing_field_is_named(field: str) -> None:
    assert refused(**{field: None}).sentence.startswith(f"{field} is missing")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"timezone": "America/Springfield"}, "timezone"),
        ({"regimen": []}, "regimen"),
        ({"regimen": [{"anchor": "2026-11-09T21:00"}]}, "regimen[0].frequency"),
        ({"regimen": [{"frequency": "daily"}]}, "regimen[0].anchor"),
        ({"regimen": [{"frequency": "daily", "anchor": "2026-11-09"}]}, "regimen[0].anchor"),
        ({"regimen": [DAILY | {"anchor": "2026-11-09T21:00:00-05:00"}]}, "regimen[0].anchor"),
        ({"regimen": [DAILY | {"frequency": "QD"}]}, "regimen[0].frequency"),
        ({"regimen": [DAILY | {"effective": "9 Nov 2026"}]}, "regimen[0].effective"),
        ({"regimen": [DAILY | {"effective": "2026-11-09T00:00Z"}]}, "regimen[0].effective"),
        ({"regimen": [DAILY | {"dose": "1"}]}, "regimen[0].dose"),
        ({"regimen": [{"frequency": "hold"}]}, "regimen[0].effective"),
        (
            {"regimen": [{"frequency": "hold", "effective": "2026-11-09", "anchor": "2026-11-09T21:00"}]},
            "regimen[0].anchor",
        ),
        ({"regimen": [DAILY, DAILY | {"effective": "2026-11-08"}]}, "regimen[1].effective"),
        ({"regimen": [DAILY | {"frequency": "continuous"}]}, "regimen[0].infusion_hours"),
        ({"regimen": [DAILY | {"infusion_hours": "24.5"}]}, "regimen[0].infusion_hours"),
        ({"regimen": [DAILY | {"infusion_hours": 0}]}, "regimen[0].infusion_hours"),
        ({"on_hand": [{"bags": -1, "beyond_use": "2026-11-18T09:00"}]}, "on_hand[0].bags"),
        ({"on_hand": [{"bags": 1001, "beyond_use": "2026-11-18T09:00"}]}, "on_hand[0].bags"),
        ({"on_hand": [{"bags": 1.5, "beyond_use": "2026-11-18T09:00"}]}, "on_hand[0].bags"),
        ({"on_hand": [{"bags": 1}]}, "on_hand[0].beyond_use"),
        ({"on_hand": [{"bags": 1, "beyond_use": "2026-11-18T09:00", "lot": "A"}]}, "on_hand[0].lot"),
        ({"deliveries": [{"arrives": "2026-11-17T12:00"}]}, "deliveries[0].beyond_use"),
        ({"deliveries": [{"beyond_use": "2026-11-17T12:00"}]}, "deliveries[0].arrives"),
        (
            {"deliveries": [{"arrives": "2026-11-21T00:00", "beyond_use": "2026-11-30T00:00"}]},
            "deliveries[0].arrives",
        ),
        ({"bags_per_dose": 0}, "bags_per_dose"),
        ({"spare_bags": -1}, "spare_bags"),
        ({"authorized_bags": 1001}, "authorized_bags"),
        ({"until": "2026-11-11T12:00"}, "until"),
        ({"days_supply": 7}, "days_supply"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Any], field: str) -> None:
    refusal = refused(**changes)

    assert refusal.field == field
    assert refusal.sentence.startswith(field)


def test_a_time_past_the_year_9999_is_refused() -> None:
    with pytest.raises(InvalidInput):
        run(until="9999-12-31T23:59:59-05:00")
