"""`pharmacy calc pump`: what goes in, what comes out, and that it answers or says one sentence."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.calculators.cli import calc
from tests.pump_answers import SEED, answer, run
from tests.pump_requests import NOT_PROGRAMMABLE, PROGRAMMABLE, SOLIS

OPTIONAL: dict[str, Any] = {
    "doses_per_bag": 1,
    "mosm_per_L": "458.1",
    "dose_mg": "2000",
    "delivery_basis": "exact_fill",
}
PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")


def refusal(given_input: Any) -> str:
    result = run(given_input)
    assert (result.exit_code, result.stdout) == (2, ""), result.stdout
    assert result.stderr.count("\n") == 1
    return result.stderr.strip()


def test_the_seed_program_comes_out_as_the_contract_says() -> None:
    assert answer() == {
        "verdict": "ok",
        "settings": [
            {"field": "Reservoir Volume", "value": "100", "unit": "mL", "entered": True, "shown": "100"},
            {"field": "Continuous Rate", "value": "10", "unit": "mL/hr", "entered": True, "shown": "10.0"},
            {"field": "Lock Level", "value": "LL2", "unit": "", "entered": True, "shown": "LL2"},
        ],
        "rate_mL_per_h": "10",
        "error_percent": "0",
        "runs_for": "10:00:00",
        "delivered_mg": "2000",
        "mg_per_hour": "200",
        "profile_verified": False,
        "findings": [],
    }


def test_numbers_are_rounded_once_and_signed() -> None:
    up = answer(infusion_hours="24")
    assert (up["rate_mL_per_h"], up["error_percent"], up["runs_for"]) == ("4.2", "0.8", "23:48:34")
    down = answer(infusion_hours="9.7")
    assert (down["rate_mL_per_h"], down["error_percent"], down["mg_per_hour"]) == ("10.3", "-0.09", "206")
    assert answer(pump="cadd-legacy-1", infusion_hours="24")["rate_mL_per_h"] == "4.17"


def test_value_follows_the_number_rule_and_shown_the_screen() -> None:
    made = answer(pump=SOLIS, volume_mL="50.5", content_mL="56.5", mg_per_mL="40")
    assert [(one["value"], one["shown"], one["entered"]) for one in made["settings"]] == [
        ("mL", "mL", True),
        ("50.5", "50.5", True),
        ("50.5", "50.5", True),
        ("5.1", "5.1", True),
        ("9:54", "9:54", False),
        ("0", "0.0", True),
        ("OFF", "OFF", True),
    ]


def test_json_numbers_are_read_as_they_are_written() -> None:
    changes = {"volume_mL": 100.0, "infusion_hours": 10, "mg_per_mL": 20.0, "prime_mL": 0, "content_mL": 101}
    assert answer(**changes)["verdict"] == "ok"


def test_a_refused_program_is_an_answer_without_settings() -> None:
    made = answer(volume_mL="1", infusion_hours="24", content_mL="7.5")
    assert made["verdict"] == "refuse"
    assert made["settings"] == []
    assert (made["rate_mL_per_h"], made["runs_for"], made["delivered_mg"]) == ("0", None, None)
    assert [one["rule"] for one in made["findings"]] == ["R3"]


@pytest.mark.parametrize("pump", [*PROGRAMMABLE, *NOT_PROGRAMMABLE])
def test_every_pump_of_the_contract_answers(pump: str) -> None:
    made = answer(pump=pump, volume_mL="50", content_mL="56", infusion_hours="5", **OPTIONAL)
    assert made["verdict"] == ("refuse" if OPTIONAL["dose_mg"] == "2000" else "ok")
    assert answer(pump=pump, volume_mL="50", content_mL="56")["verdict"] == "ok"


def test_zero_is_allowed_only_where_the_contract_says() -> None:
    for field in ("prime_mL", "residual_mL", "kvo_mL_per_h"):
        assert answer(**{field: "0"})["runs_for"] == "10:00:00"
    for field in ("volume_mL", "infusion_hours", "mg_per_mL", "content_mL", "sites"):
        assert field in refusal(SEED | {field: "0"})
    for field in ("doses_per_bag", "mosm_per_L"):
        assert field in refusal(SEED | {field: "0"})
    assert "dose_mg" in refusal(SEED | OPTIONAL | {"dose_mg": "0"})


@pytest.mark.parametrize("field", sorted(SEED))
def test_every_field_is_needed_and_named(field: str) -> None:
    assert field in refusal({key: value for key, value in SEED.items() if key != field})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pump", "curlin-8000"),
        ("pump", "CADD-LEGACY-PLUS"),
        ("mode", "step"),
        ("route", "intrathecal"),
        ("sites", "1.5"),
        ("sites", "1001"),
        ("prime_by_pump", "true"),
        ("prime_by_pump", 1),
        ("volume_mL", "-1"),
        ("volume_mL", "1e2"),
        ("volume_mL", "１００"),
        ("volume_mL", "12345678"),
        ("volume_mL", "1.1234567"),
        ("frequency", "QD"),
        ("frequency", "4 of 3 days"),
        ("frequency", ""),
        ("delivery_basis", "nominal"),
        ("lock", "LL2"),
        ("kvo_mL_per_h", None),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any) -> None:
    assert field in refusal(SEED | OPTIONAL | {field: value})


def test_a_dose_and_its_basis_belong_together() -> None:
    assert "delivery_basis" in refusal(SEED | {"dose_mg": "2000"})
    assert "dose_mg" in refusal(SEED | {"delivery_basis": "whole_bag"})


def test_a_refused_line_does_not_stop_the_others() -> None:
    lines = "\n".join([json.dumps(SEED), "", json.dumps(SEED | {"pump": "none"}), json.dumps(SEED)])
    result = CliRunner().invoke(calc, ["pump", "--lines"], input=lines)
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert ["error" in one for one in answers] == [False, True, False]


quantity = st.one_of(
    st.decimals("0", "9999999", places=2).map(lambda one: f"{one:f}"),
    st.integers(-5, 10**8),
    st.floats(allow_nan=True),
    st.sampled_from(["", "0", "-1", ".5", "5.", "1,000", "१", "0.000001", "9999999", None, True, [], {}]),
)
words = st.sampled_from(
    [
        *PROGRAMMABLE,
        *NOT_PROGRAMMABLE,
        "continuous",
        "intermittent",
        "daily",
        "every 2 hours",
        "every 366 days",
        "2 of every 3 days",
        "weekly on Monday",
        "subcutaneous",
        "intravenous",
        "whole_bag",
        "QOD",
        "",
    ]
)
texts = {"pump", "mode", "frequency", "route", "delivery_basis"}
fields = {**SEED, **OPTIONAL}


@settings(max_examples=200)
@given(st.data())
def test_any_input_is_answered_or_refused_in_one_sentence(data: st.DataObject) -> None:
    given_input = dict(fields)
    for key in data.draw(st.lists(st.sampled_from(sorted(fields)), max_size=5)):
        given_input[key] = data.draw(words if key in texts else quantity)
    for key in data.draw(st.lists(st.sampled_from(sorted(fields)), max_size=2)):
        given_input.pop(key, None)
    result = run(json.dumps(given_input))
    assert result.exit_code in (0, 2), result.exception
    if result.exit_code == 2:
        assert result.stdout == ""
        assert result.stderr.strip()
        return
    made = json.loads(result.stdout)
    for key in ("rate_mL_per_h", "error_percent", "delivered_mg", "mg_per_hour"):
        assert made[key] is None or PLAIN.fullmatch(made[key]), made[key]
    assert made["runs_for"] is None or re.fullmatch(r"[0-9]+:[0-5][0-9]:[0-5][0-9]", made["runs_for"])
    assert (made["settings"] == []) == (made["verdict"] == "refuse")


@settings(max_examples=100)
@given(st.text(max_size=40))
def test_text_that_is_no_object_is_refused(text: str) -> None:
    assert run(text).exit_code == 2
