"""The pump profiles and limits that ship: their form, and that nothing is claimed as verified."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pharmacy.domain.errors import NotFound
from pharmacy.domain.findings import Finding, Severity, find_verdict
from pharmacy.domain.pump_limits import (
    Limit,
    get_subcutaneous_limits,
    load_subcutaneous_limits,
    read_limits,
)
from pharmacy.domain.pump_profiles import Mode, find_profile, load_profiles, read_profile
from pharmacy.domain.reference_data import read_entries
from tests.pump_requests import NOT_PROGRAMMABLE, PROGRAMMABLE

HEAD = """
[some-pump]
title = "Some pump"
source = "its manual"
authored_by = "one"
checked_by = "CHECKED"
reviewed_on = 2026-11-22
review_by = 2027-11-22

[some-pump.rate]
per_hours = 1
bands = [{ least = "0.1", most = "9", step = "0.1" }]
source = "manual"
confidence = "high"
verified = true

[[some-pump.screens]]
field = "Rate"
modes = ["continuous"]
holds = "rate"
unit = "mL/hr"
source = "manual"
confidence = "found"
verified = true
"""


def read(text: str) -> Any:
    (entry,) = read_entries(text, name="test").values()
    return read_profile(entry.key, entry)


def test_all_nine_pumps_of_the_contract_ship() -> None:
    assert set(load_profiles()) == {*PROGRAMMABLE, *NOT_PROGRAMMABLE}
    assert [find_profile(pump).is_programmable for pump in NOT_PROGRAMMABLE] == [False, False]  # type: ignore[union-attr]
    assert find_profile("CADD-Solis-VIP") is None


@pytest.mark.parametrize("pump", [*PROGRAMMABLE, *NOT_PROGRAMMABLE])
def test_no_profile_that_ships_is_verified_and_each_value_has_a_source(pump: str) -> None:
    profile = load_profiles()[pump]
    assert not profile.is_verified
    assert profile.entry.checked_by == ""
    content = profile.entry.content
    values = [*content["screens"], *content["facts"].values(), *content.get("remarks", [])]
    values += [content["rate"]] if "rate" in content else []
    assert all(value["source"] and value["verified"] is False for value in values)
    for mode in Mode:
        fields = [screen.field for screen in profile.list_screens(mode)]
        assert len(fields) == len(set(fields))


@pytest.mark.parametrize("pump", PROGRAMMABLE)
def test_every_mode_has_a_rate_or_a_duration_and_something_that_ends_the_dose(pump: str) -> None:
    profile = load_profiles()[pump]
    for mode in Mode:
        held = {str(screen.holds) for screen in profile.list_screens(mode)}
        assert not held or (held & {"rate", "duration"} and held & {"volume", "reservoir"})
    least = [band.least for band in profile.rates]
    assert least == sorted(least)
    assert all(0 < band.least < band.most and band.least % band.step == 0 for band in profile.rates)


def test_a_profile_is_verified_only_when_every_value_is_and_a_pharmacist_has_checked_it() -> None:
    assert read(HEAD).is_verified
    assert not read(HEAD.replace("CHECKED", "")).is_verified
    assert not read(HEAD.replace("verified = true", "verified = false", 1)).is_verified
    assert not read("verified = false".join(HEAD.rsplit("verified = true", 1))).is_verified


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('holds = "rate"', 'holds = "speed"'),
        ('modes = ["continuous"]', 'modes = ["sometimes"]'),
        ('field = "Rate"\n', ""),
        ('confidence = "found"', 'confidence = "sure"'),
        ('source = "manual"\nconf', 'source = ""\nconf'),
        ("verified = true\n", 'verified = "yes"\n'),
        ('step = "0.1" }', 'step = "a tenth" }'),
    ],
)
def test_a_profile_that_is_not_well_formed_says_which_pump(old: str, new: str) -> None:
    assert old in HEAD
    with pytest.raises(ValueError, match="some-pump|Holds|Mode"):
        read(HEAD.replace(old, new))


def test_a_fact_that_is_no_number_says_which_pump() -> None:
    fact = 'accuracy_percent = { value = "six", source = "manual", confidence = "found", verified = true }'
    with pytest.raises(ValueError, match="some-pump"):
        read(HEAD.replace("[some-pump.rate]", f"[some-pump.facts]\n{fact}\n[some-pump.rate]"))


def test_the_limits_are_those_of_pumps_3_3() -> None:
    limits = get_subcutaneous_limits("magnesium-sulfate")
    assert {
        name: (str(getattr(limits, name).soft), str(getattr(limits, name).hard), getattr(limits, name).unit)
        for name in (
            "rate_per_site",
            "volume_per_site",
            "concentration",
            "osmolarity",
            "drug_rate",
            "daily_dose",
        )
    } == {
        "rate_per_site": ("25", "60", "mL/h"),
        "volume_per_site": ("500", "1500", "mL"),
        "concentration": ("40", "200", "mg/mL"),
        "osmolarity": ("500", "900", "mOsm/L"),
        "drug_rate": ("500", "1500", "mg/h"),
        "daily_dose": ("4000", "8000", "mg"),
    }
    assert not limits.entry.is_checked
    with pytest.raises(NotFound, match="potassium"):
        get_subcutaneous_limits("potassium")


def test_limits_that_are_not_well_formed_are_named() -> None:
    entry = load_subcutaneous_limits()["magnesium-sulfate"].entry
    for broken in ({}, {"limits": {"speed": {"soft": "1", "hard": "2", "unit": "mL", "source": "x"}}}):
        with pytest.raises(ValueError, match="magnesium-sulfate"):
            read_limits(replace(entry, content=broken))
    no_source = {"limits": {"drug_rate": {"soft": "1", "hard": "2", "unit": "mg/h", "source": ""}}}
    with pytest.raises(ValueError, match="source"):
        read_limits(replace(entry, content=no_source))
    for name in ("soft", "hard"):
        one = {"soft": "1", "hard": "2", "unit": "mg/h", "source": "x"} | {name: "some"}
        with pytest.raises(ValueError, match=f"magnesium-sulfate.*'{name} should be a plain number"):
            read_limits(replace(entry, content={"limits": {"drug_rate": one}}))
    for soft, hard in (("2", "2"), ("3", "2"), ("0", "2")):
        with pytest.raises(ValueError, match="below the hard"):
            Limit(Decimal(soft), Decimal(hard), "mL")


def test_a_limit_a_hair_above_does_not_read_as_if_it_were_within() -> None:
    limit = Limit(Decimal(40), Decimal(200), "mg/mL")
    (finding,) = limit.check(Decimal("40.0001"), rule="R10", subject="The concentration")
    assert "a little more than 40" in finding.message


def test_the_verdict_is_the_worst_severity() -> None:
    note, flag, refuse = (Finding("R0", severity, "") for severity in Severity)
    assert find_verdict([]) == "ok"
    assert find_verdict([note]) == "ok"
    assert find_verdict([note, flag, note]) == "flag"
    assert find_verdict([flag, refuse, note]) == "refuse"


# Fields in the order of pumps.md 1.3, each with the confidence of its tags: found, high, medium or low.
FIELDS = {
    ("cadd-solis-vip", "continuous"): "Units m, Reservoir Volume m, Infusion Volume m, Infusion Rate m,"
    " Infusion Time m, KVO Rate l, Delayed start m",
    ("cadd-solis-vip", "intermittent"): "Units m, Reservoir Volume m, Dose Volume m, Dose Duration m,"
    " Dose Cycle m, KVO Rate l, Dose Starts In m",
    ("cadd-legacy-plus", "continuous"): "Reservoir Volume m, Continuous Rate f, Lock Level f",
    ("cadd-legacy-plus", "intermittent"): "Reservoir Volume m, Dose Volume m, Dose Duration f, Dose Cycle f,"
    " KVO Rate l, Dose Starts In f, Lock Level f",
    ("cadd-legacy-1", "continuous"): "Reservoir Volume m, Continuous Rate f",
    ("cadd-legacy-1", "intermittent"): "",
    ("cadd-prizm-vip", "continuous"): "Application f, Reservoir Volume m, Continuous Rate m",
    ("cadd-prizm-vip", "intermittent"): "Application f, Reservoir Volume m, Dose Volume m, Dose Duration m,"
    " Dose Cycle m, KVO Rate l",
    (
        "curlin-6000",
        "continuous",
    ): "Therapy f, UNITS f, DELAY Start f, BAG Vol f, AMOUNT m, RATE m, TIME m, KVO l",
    ("curlin-6000", "intermittent"): "Therapy f, UNITS f, DELAY Start f, BAG Vol f, DOSE m, RATE m, TIME m,"
    " FREQUENCY l, # DOSES l, KVO l",
    ("sapphire", "continuous"): "VTBI m, Time l, Rate l, KVO l",
    (
        "sapphire",
        "intermittent",
    ): "Dose Volume l, Dose Time l, Dose Rate l, Interval l, Number of Doses l, KVO l",
    ("bodyguard-323", "continuous"): "VTBI m, Rate l, Time l, KVO f",
    ("bodyguard-323", "intermittent"): "Dose Volume l, Rate l, Interval l, Number of Doses l, KVO f",
    ("freedom60", "continuous"): "Fill volume h, Nominal rate f",
    ("freedom60", "intermittent"): "",
    ("elastomeric", "continuous"): "Fill volume h, Nominal rate h",
    ("elastomeric", "intermittent"): "",
}
FACTS = {
    "cadd-solis-vip": {
        "cycle_most_hours": "96 l",
        "deducts_prime": "True f",
        "concentration_field": "Concentration m",
        "accuracy_percent": "6 f",
    },
    "cadd-legacy-plus": {"cycle_most_hours": "96 m", "accuracy_percent": "6 m"},
    "cadd-legacy-1": {"accuracy_percent": "6 l"},
    "cadd-prizm-vip": {"cycle_most_hours": "96 l", "accuracy_percent": "6 l"},
    "curlin-6000": {
        "cycle_most_hours": "24 l",
        "delay_most_hours": "24 f",
        "concentration_field": "CONCEN f",
        "accuracy_percent": "5 l",
    },
    "sapphire": {"cycle_most_hours": "24 l", "accuracy_percent": "2.5 m"},
    "bodyguard-323": {},
    "freedom60": {"capacity_ml": "60 h"},
    "elastomeric": {"accuracy_percent": "15 l"},
}


@pytest.mark.parametrize(("pump", "mode"), FIELDS)
def test_the_screens_are_those_of_pumps_1_3_in_order(pump: str, mode: str) -> None:
    screens = load_profiles()[pump].entry.content["screens"]
    shown = [f"{one['field']} {one['confidence'][0]}" for one in screens if mode in one["modes"]]
    assert ", ".join(shown) == FIELDS[pump, mode]
    assert [one.field for one in load_profiles()[pump].list_screens(Mode(mode))] == [
        one[:-2] for one in shown
    ]


@pytest.mark.parametrize("pump", FACTS)
def test_the_facts_are_those_of_pumps_1_1(pump: str) -> None:
    facts = load_profiles()[pump].entry.content["facts"]
    assert {
        name: f"{fact['value']} {fact['confidence'][0]}" for name, fact in facts.items() if name != "routes"
    } == FACTS[pump]
