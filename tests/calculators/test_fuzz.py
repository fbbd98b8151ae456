"""No input of any calculator ends in anything but an answer in the contract's form or one plain sentence.

Good cases are spoilt in one to three places, so that most of them get past the reader and deep into a rule.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.cli import main
from tests.pump_answers import SEED

COURSE: dict[str, Any] = {
    "timezone": "America/New_York",
    "regimen": [
        {"frequency": "daily", "anchor": "2026-10-25T21:00"},
        {"effective": "2026-11-01", "frequency": "hold"},
        {"effective": "2026-11-03T12:00", "frequency": "2 of every 3 days", "anchor": "2026-11-03T21:00"},
    ],
    "from": "2026-10-26T00:00",
    "until": "2026-11-12T00:00:00-05:00",
    "on_hand": [{"bags": 4, "beyond_use": "2026-10-30T09:00"}, {"bags": 2, "beyond_use": "2026-11-20T09:00"}],
    "bags_per_dose": 1,
    "spare_bags": 1,
    "authorized_bags": 10,
}
GOOD: dict[str, dict[str, Any]] = {
    "frequency": {
        "frequency": "2 of every 3 days",
        "anchor": "2026-10-30T21:00",
        "timezone": "America/New_York",
        "from": "2026-10-30T00:00",
        "until": "2026-11-20T00:00",
        "infusion_hours": "10",
    },
    "beyond-use": {
        "prepared_at": "2026-10-30T09:00:00-04:00",
        "timezone": "America/New_York",
        "category": 2,
        "method": "aseptic",
        "sterility_tested": False,
        "nonsterile_components": False,
        "storage": "refrigerator",
        "stability": [
            {"storage": "refrigerator", "days": "30", "reference": "study"},
            {"storage": "room", "hours": "96", "reference": "study"},
        ],
        "components": [{"name": "magnesium sulfate", "lot": "M1", "expires": "2027-03"}],
        "house_limit_days": "9",
        "moves": [{"at": "2026-11-02T09:00:00-05:00", "storage": "room"}],
    },
    "admixture": {
        "dose_mg": "2000",
        "additive": {"mg_per_mL": "500", "vial_mL": "10", "meq_per_mL": "4.06", "mosm_per_mL": "4.06"},
        "diluent": {"volume_mL": "100", "overfill_mL": "7", "mosm_per_mL": "0.308"},
        "method": "add",
        "bags": 7,
        "pool": True,
        "prime_mL": "5",
        "residual_mL": "1",
        "pump_volume_mL": "105",
    },
    "pump": SEED
    | {
        "pump": "cadd-solis-vip",
        "doses_per_bag": 1,
        "mosm_per_L": "458",
        "dose_mg": "2000",
        "delivery_basis": "exact_fill",
    },
    "dispense": COURSE
    | {
        "deliveries": [
            {"arrives": "2026-10-28T12:00", "beyond_use": "2026-11-05T09:00"},
            {"arrives": "2026-11-04T12:00", "beyond_use": "2026-11-12T09:00"},
        ]
    },
    "deliveries": COURSE
    | {
        "delivery_days": ["Monday", "Thursday"],
        "closed": ["2026-10-29"],
        "arrival_time": "10:00",
        "lead_hours": "24",
        "beyond_use_hours": "240",
    },
}
WORDS = """
continuous|hold|every 2 hours|every 36 hours|weekly on Sunday|2 of every 366 days|QOD
intermittent|exact|replace|immediate|terminal|freezer|room|elastomeric|curlin-6000|intravenous|whole_bag
Pacific/Apia|Africa/Monrovia|Etc/GMT+12|localtime|../etc/passwd
0001-01-01T00:00|9999-12-31T23:59|9999-12|2026-02-29|2026-11-01T01:30|2026-03-08T02:30|2026-10-26T00:00
2026-11-12T00:00:00-05:00|2026-10-30T21:00:00.999999Z|0001-01-01T00:00:00+14:00
0|0.000001|1|24|1000|9999999.999999|10000000|0.0000001|-0|+1|1.|.5|1e3|٣|１|1_000|1,000|NaN
"""
STRANGE = ["\x00", "a\nb", "\ud7ff", "x" * 3000, "", " "]
JUNK = st.one_of(
    st.sampled_from([*WORDS.replace("\n", "|").split("|"), *STRANGE]),
    st.none() | st.booleans() | st.integers(-3, 1100) | st.integers() | st.floats(),
    st.decimals(0, 10**8, places=3).map(str),
    st.text(max_size=12),
    st.sampled_from([[], {}, [None], [[]], [{}], ["Monday"], {"a": 1}]),
)
QUANTITY = re.compile(r"-?\d+(\.\d*[1-9])?")


def list_places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """List every place of a case, and one that it does not have."""
    if path:
        yield path
    if isinstance(value, dict):
        yield (*path, "unknown")
        for key, inner in value.items():
            yield from list_places(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from list_places(inner, (*path, place))


def spoil(case: dict[str, Any], path: tuple[Any, ...], value: Any, *, drop: bool) -> None:
    """Put a value at a place of a case, or take away what is there; an earlier change may have removed it."""
    target: Any = case
    try:
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value
        if drop and isinstance(target, dict):
            del target[path[-1]]
    except (KeyError, IndexError, TypeError):
        return


def list_leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from list_leaves(inner)
    else:
        yield value


@pytest.mark.parametrize("rule", sorted(GOOD))
def test_the_good_case_is_answered(rule: str) -> None:
    result = CliRunner().invoke(main, ["calc", rule], input=json.dumps(GOOD[rule]))

    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize("rule", sorted(GOOD))
def test_every_case_is_answered_or_refused_with_a_sentence(rule: str) -> None:
    places = st.sampled_from(list(list_places(GOOD[rule])))
    spoilt = st.lists(
        st.tuples(places, JUNK, st.integers(0, 9).map(lambda one: one == 0)), min_size=1, max_size=3
    )

    @settings(max_examples=250)
    @given(st.lists(spoilt, min_size=1, max_size=4))
    def ask(cases: list[list[tuple[tuple[Any, ...], Any, bool]]]) -> None:
        lines = []
        for changes in cases:
            case = copy.deepcopy(GOOD[rule])
            for path, value, drop in changes:
                spoil(case, path, value, drop=drop)
            lines.append(json.dumps(case))
        result = CliRunner().invoke(main, ["calc", rule, "--lines"], input="\n".join(lines))

        assert (result.exit_code, result.exception, result.stderr) == (0, None, "")
        answers = result.stdout.splitlines()
        assert len(answers) == len(lines)
        for line in answers:
            check_answer(json.loads(line, parse_float=float))

    ask()


def check_answer(answer: dict[str, Any]) -> None:
    """Check that a refusal is one line and ends as a sentence, and that no number is a binary one."""
    if "error" in answer:
        assert list(answer) == ["error"]
        assert answer["error"].endswith(".")
        assert "\n" not in answer["error"]
        return
    assert not any(isinstance(leaf, float) for leaf in list_leaves(answer))
    for key, value in answer.items():
        if (
            key.endswith(("_mL", "_mg", "percent", "meq", "per_mL", "per_L", "per_h", "per_hour"))
            and value is not None
        ):
            assert QUANTITY.fullmatch(value), (key, value)
