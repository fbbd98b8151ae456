"""What holds for every pump program, against exact fractions worked out here in the slow, obvious way."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.pump_limits import most_in_24_hours
from tests.pump_requests import PROGRAMMABLE, program, rules, shown

# Continuous mode: pump rate range and steps as pumps.md 1.1 has them, in mL per so many hours; volume step.
ORACLE: dict[str, tuple[int, list[tuple[str, str, str]], str]] = {
    "cadd-solis-vip": (1, [("0.1", "500", "0.1")], "0.1"),
    "cadd-legacy-plus": (1, [("0.1", "125", "0.1")], "1"),
    "cadd-legacy-1": (24, [("1", "3000", "1")], "1"),
    "cadd-prizm-vip": (1, [("0.1", "350", "0.1")], "1"),
    "curlin-6000": (1, [("0.1", "400", "0.1")], "0.1"),
    "sapphire": (1, [("0.1", "99.9", "0.1"), ("100", "999", "1")], "0.1"),
    "bodyguard-323": (1, [("0.1", "99.9", "0.1"), ("100", "1200", "1")], "0.1"),
}
pumps = st.sampled_from(PROGRAMMABLE)
volumes = st.decimals("1", "2000", places=2)
hours = st.decimals("0.5", "24", places=2)
SEVERITY = {"ok": 0, "flag": 1, "refuse": 2}


def tenths(text: Decimal) -> str:
    return f"{text:f}"


def down(value: Fraction, step: str) -> Fraction:
    count = 0 if value < 0 else int(value / Fraction(step))
    return count * Fraction(step)


def nearest(value: Fraction, step: str) -> Fraction:
    below = down(value, step)
    return below + Fraction(step) if value - below >= Fraction(step) / 2 else below


@settings(max_examples=200)
@given(pumps, volumes, hours)
def test_rate_error_and_time_are_those_of_exact_fractions(pump: str, volume: Decimal, time: Decimal) -> None:
    made = program(
        pump,
        volume_ml=tenths(volume),
        infusion_hours=tenths(time),
        content_ml="9999",
        route="intravenous",
    )
    per, bands, volume_step = ORACLE[pump]
    programmed = down(Fraction(volume), volume_step)
    # The Sapphire is told whole minutes and works its rate out from them.
    minutes = nearest(Fraction(time) * 60, "1") / 60 if pump == "sapphire" else Fraction(time)
    own = programmed / minutes * per
    step = next((s for least, _, s in reversed(bands) if own >= Fraction(least)), bands[0][2])
    rate = nearest(own, step) / per
    exact = programmed / Fraction(time)
    error = (rate - exact) / exact
    refused = rate == 0 or abs(error) > Fraction(5, 100)
    refused = refused or not Fraction(bands[0][0]) <= rate * per <= Fraction(bands[-1][1])
    assert ("R3" in rules(made, "refuse")) == refused
    assert ("R3" in rules(made, "flag")) == (not refused and abs(error) > Fraction(1, 100))
    assert made.numbers.rate == rate
    if rate:
        assert made.numbers.error == error
        assert made.numbers.runs_hours == programmed / rate
        assert made.numbers.delivered_mg == programmed * 20
        assert made.error_percent is not None
        assert abs(Fraction(made.error_percent) - error * 100) <= Fraction(1, 200)


@settings(max_examples=120)
@given(pumps, volumes, hours)
def test_rate_times_time_is_the_volume_within_the_error(pump: str, volume: Decimal, time: Decimal) -> None:
    made = program(
        pump, volume_ml=tenths(volume), infusion_hours=tenths(time), content_ml="9999", route="intravenous"
    )
    if made.verdict == "refuse":
        assert made.settings == ()
        return
    numbers = made.numbers
    assert numbers.rate is not None
    assert numbers.error is not None
    infused = numbers.rate * Fraction(time)
    assert abs(infused - numbers.volume_ml) == abs(numbers.error) * numbers.volume_ml
    assert abs(infused - numbers.volume_ml) <= numbers.volume_ml * Fraction(5, 100)
    assert numbers.volume_ml <= Fraction(volume)
    for setting in made.settings:
        if setting.value and setting.value[0].isdigit() and ":" not in setting.value:
            assert Fraction(setting.value) == Fraction(setting.shown)
            assert not ("." in setting.value and setting.value.endswith("0"))


@settings(max_examples=100)
@given(pumps, st.integers(1, 200), st.integers(1, 24), st.integers(0, 300), st.integers(1, 400))
def test_a_bag_never_delivers_more_than_it_holds(
    pump: str, volume: int, time: int, content: int, more: int
) -> None:
    fixed: dict[str, Any] = {"volume_ml": str(volume), "infusion_hours": str(time), "route": "intravenous"}
    made = program(pump, content_ml=str(content + 1), **fixed)
    assert ("R5" in rules(made, "refuse")) == (content + 1 - 6 < volume)
    # More in the bag never makes it short again, nor takes a second dose away.
    fuller = program(pump, content_ml=str(content + 1 + more), **fixed)
    assert ("R5" in rules(fuller, "refuse")) <= ("R5" in rules(made, "refuse"))
    assert ("R7" in rules(fuller, "flag")) >= ("R7" in rules(made, "flag"))


@settings(max_examples=150)
@given(
    st.integers(1, 400),
    st.integers(1, 24),
    st.sampled_from(["mg_per_ml", "mosm_per_l", "kvo_ml_per_h"]),
    st.decimals("0.1", "1200", places=1),
    st.decimals("0", "1200", places=1),
)
def test_a_stronger_infusion_under_the_skin_is_never_judged_more_mildly(
    volume: int, time: int, field: str, amount: Decimal, more: Decimal
) -> None:
    fixed: dict[str, Any] = {"volume_ml": str(volume), "infusion_hours": str(time), "content_ml": "9000"}
    mild = program("cadd-solis-vip", **fixed, **{field: tenths(amount)})
    strong = program("cadd-solis-vip", **fixed, **{field: tenths(amount + more)})
    assert SEVERITY[strong.verdict] >= SEVERITY[mild.verdict]


@settings(max_examples=60)
@given(st.integers(1, 500), st.integers(1, 24), st.integers(1, 4), st.integers(0, 4))
def test_more_sites_are_never_judged_more_gravely(volume: int, time: int, sites: int, more: int) -> None:
    fixed: dict[str, Any] = {"volume_ml": str(volume), "infusion_hours": str(time), "content_ml": "9000"}
    few = program("cadd-solis-vip", **fixed, sites=sites)
    many = program("cadd-solis-vip", **fixed, sites=sites + more)
    assert SEVERITY[many.verdict] <= SEVERITY[few.verdict]


@settings(max_examples=60)
@given(st.integers(2, 60), st.integers(1, 40))
def test_the_worst_24_hours_are_found(gap: int, run: int) -> None:
    """Slide a window over an hour-by-hour delivery and take the worst."""
    if run > gap:
        return
    given_per_hour = [Fraction(1, run) if hour % gap < run else Fraction(0) for hour in range(24 * 12 + gap)]
    worst = max(sum(given_per_hour[start : start + 24]) for start in range(24 * 11))
    assert most_in_24_hours(Fraction(1), gap_hours=Fraction(gap), run_hours=Fraction(run)) == worst


@pytest.mark.parametrize("pump", PROGRAMMABLE)
def test_the_same_request_always_makes_the_same_program(pump: str) -> None:
    assert program(pump) == program(pump)
    assert shown(program(pump)) == shown(program(pump, mosm_per_l="300"))
