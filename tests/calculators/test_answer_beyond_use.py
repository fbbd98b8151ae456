"""`pharmacy calc beyond-use` from outside: calculators.md, beyond-use, and domain.md 1.6."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pharmacy.calculators.cli import calc

BASE: dict[str, Any] = {
    "prepared_at": "2025-03-03T09:12:00-05:00",
    "timezone": "America/New_York",
    "category": 2,
    "method": "aseptic",
    "sterility_tested": False,
    "nonsterile_components": False,
    "storage": "refrigerator",
    "stability": [
        {"storage": "refrigerator", "days": "14", "reference": "a study"},
        {"storage": "room", "hours": 96, "reference": "a study"},
    ],
    "components": [
        {"name": "magnesium sulfate 50%", "lot": "6400123", "expires": "2026-03"},
        {"name": "sodium chloride 0.9%", "lot": "J4K", "expires": "2026-01-31"},
    ],
    "house_limit_days": "12",
    "moves": [{"at": "2025-03-10T09:00:00-04:00", "storage": "room"}],
}


def run(case: Any, *options: str) -> Result:
    text = case if isinstance(case, str) else json.dumps(case)
    return CliRunner().invoke(calc, ["beyond-use", *options], input=text)


def answer(**changes: Any) -> dict[str, Any]:
    result = run(BASE | changes)
    assert result.exit_code == 0, result.stderr
    read: dict[str, Any] = json.loads(result.stdout)
    return read


def refusal(case: Any) -> str:
    """Return the one sentence on standard error, with exit 2 and nothing on standard output."""
    result = run(case)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    return result.stderr.strip()


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    case = copy.deepcopy(BASE)
    change(case)
    return case


def test_the_answer_lists_every_limit_soonest_first() -> None:
    out = answer()

    assert set(out) == {"beyond_use", "limited_by", "limits"}
    assert (out["beyond_use"], out["limited_by"]) == ("2025-03-13T10:12:00-04:00", "category")
    assert [(limit["rule"], limit["until"]) for limit in out["limits"]] == [
        ("category", "2025-03-13T10:12:00-04:00"),
        ("storage change", "2025-03-14T09:00:00-04:00"),
        ("storage change", "2025-03-14T09:00:00-04:00"),
        ("house limit", "2025-03-15T10:12:00-04:00"),
        ("stability", "2025-03-17T10:12:00-04:00"),
        ("component", "2026-01-31T23:59:59-05:00"),
        ("component", "2026-03-31T23:59:59-04:00"),
    ]
    assert all(set(limit) == {"rule", "until", "source"} and limit["source"] for limit in out["limits"])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"storage": "room", "moves": []}, "2025-03-07T09:12:00-05:00"),
        ({"moves": []}, "2025-03-13T10:12:00-04:00"),
        (
            {"prepared_at": "2025-11-01T14:00:00-04:00", "storage": "room", "moves": []},
            "2025-11-05T13:00:00-05:00",
        ),
        ({"category": 1, "moves": []}, "2025-03-04T09:12:00-05:00"),
        ({"category": "immediate", "stability": [], "moves": []}, "2025-03-03T13:12:00-05:00"),
        ({"prepared_at": "2025-03-03T09:12", "moves": []}, "2025-03-13T10:12:00-04:00"),
        ({"prepared_at": "2025-03-03T14:12:59.999999Z", "moves": []}, "2025-03-13T10:12:59-04:00"),
        ({"timezone": "UTC", "moves": []}, "2025-03-13T14:12:00+00:00"),
    ],
    ids=[
        "1.6 room",
        "1.6 refrigerator",
        "1.6 end of daylight saving",
        "1.6 category 1",
        "immediate",
        "local start",
        "cut to seconds",
        "zone",
    ],
)
def test_beyond_use_in_the_time_zone_given(changes: dict[str, Any], expected: str) -> None:
    assert answer(**changes)["beyond_use"] == expected


def test_the_vector_of_1_6_with_a_month_expiry() -> None:
    vial = {"name": "magnesium sulfate 50%", "lot": "6400123", "expires": "2025-03"}

    out = answer(prepared_at="2025-03-28T09:00:00-04:00", storage="room", components=[vial], moves=[])

    assert (out["beyond_use"], out["limited_by"]) == ("2025-03-31T23:59:59-04:00", "component")


def test_days_and_hours_of_one_storage_are_weighed_together() -> None:
    stability = [
        {"storage": "refrigerator", "days": "3", "reference": "a"},
        {"storage": "refrigerator", "hours": "71.5", "reference": "b"},
    ]

    assert answer(stability=stability, moves=[])["beyond_use"] == "2025-03-06T08:42:00-05:00"


@pytest.mark.parametrize("key", sorted(set(BASE) - {"house_limit_days", "moves"}))
def test_a_missing_field_is_refused_by_its_name(key: str) -> None:
    assert key in refusal({name: value for name, value in BASE.items() if name != key})


def test_optional_fields_may_be_left_out() -> None:
    out = answer()
    plain = {key: value for key, value in BASE.items() if key not in ("house_limit_days", "moves")}

    assert json.loads(run(plain).stdout)["beyond_use"] == out["beyond_use"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda case: case.update(category=4), "category"),
        (lambda case: case.update(category=0), "category"),
        (lambda case: case.update(category="two"), "category"),
        (lambda case: case.update(category=True), "category"),
        (lambda case: case.update(category=[2]), "category"),
        (lambda case: case.update(category=3), "sterility test"),
        (lambda case: case.update(category=1, storage="freezer"), "freezer"),
        (lambda case: case.update(category="immediate", storage="freezer"), "freezer"),
        (lambda case: case.update(method="Aseptic"), "method"),
        (lambda case: case.update(sterility_tested="false"), "sterility_tested"),
        (lambda case: case.update(nonsterile_components=0), "nonsterile_components"),
        (lambda case: case.update(storage="fridge"), "storage"),
        (lambda case: case.update(storage="freezer"), "stability"),
        (lambda case: case.update(timezone="Nowhere/Town"), "timezone"),
        (lambda case: case.update(prepared_at="2025-03-03"), "prepared_at"),
        (lambda case: case.update(prepared_at="2025-02-30T09:00:00-05:00"), "prepared_at"),
        (lambda case: case.update(stability=[]), "stability"),
        (lambda case: case.update(stability={}), "stability"),
        (lambda case: case["stability"][0].pop("days"), "stability[0].days"),
        (lambda case: case["stability"][0].update(hours=1), "stability[0].days"),
        (lambda case: case["stability"][0].update(days=0), "stability[0].days"),
        (lambda case: case["stability"][0].update(days=-1), "stability[0].days"),
        (lambda case: case["stability"][0].update(days="1e1"), "stability[0].days"),
        (lambda case: case["stability"][0].update(reference=" "), "stability[0].reference"),
        (lambda case: case["stability"][0].pop("reference"), "stability[0].reference"),
        (lambda case: case["stability"][0].update(note="x"), "stability[0].note"),
        (lambda case: case["stability"].pop(1), "stability"),
        (lambda case: case.update(components=[]), "components"),
        (lambda case: case["components"][0].update(lot=""), "components[0].lot"),
        (lambda case: case["components"][0].update(lot=6400123), "components[0].lot"),
        (lambda case: case["components"][1].pop("name"), "components[1].name"),
        (lambda case: case["components"][1].update(expires="2026-13"), "components[1].expires"),
        (lambda case: case["components"][1].update(expires="01/2026"), "components[1].expires"),
        (lambda case: case["components"][1].update(expires="2025-02"), "J4K"),
        (lambda case: case["components"][1].update(expires="2025-03-03T09:12:00-05:00"), "J4K"),
        (lambda case: case["components"][1].update(id=3), "components[1].id"),
        (lambda case: case.update(house_limit_days=0), "house_limit_days"),
        (lambda case: case.update(house_limit_days="9999999"), "9999"),
        (lambda case: case["moves"][0].update(at="2025-03-13T10:12:00-04:00"), "moves"),
        (lambda case: case["moves"][0].update(at="2025-03-03T09:11:59-05:00"), "moves"),
        (lambda case: case["moves"][0].update(storage="freezer"), "stability"),
        (lambda case: case["moves"][0].update(why="x"), "moves[0].why"),
        (lambda case: case.update(moves=None), "moves"),
        (lambda case: case.update(note="x"), "note"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_its_field(
    change: Callable[[dict[str, Any]], object], named: str
) -> None:
    assert named in refusal(changed(change))


def test_a_storage_in_use_by_immediate_needs_no_entry_and_a_category_number_may_be_text() -> None:
    assert answer(category="2") == answer()
    immediate = answer(category="immediate", stability=[], moves=[])
    assert immediate["limited_by"] == "category"


def test_a_name_on_two_lines_still_gives_one_sentence() -> None:
    component = {"name": "sodium\nchloride", "lot": "J\r\n4K", "expires": "2025-02"}

    assert "sodium chloride, lot J 4K" in refusal(BASE | {"components": [component]})


@pytest.mark.parametrize(
    "changes",
    [
        {"prepared_at": "9999-12-30T09:00:00Z", "timezone": "Pacific/Kiritimati", "moves": []},
        {"prepared_at": "0001-01-01T00:00:00+14:00", "moves": []},
        {"components": [{"name": "a", "lot": "b", "expires": "9999-12"}]},
    ],
)
def test_a_date_outside_the_calendar_is_refused(changes: dict[str, Any]) -> None:
    assert "9999" in refusal(BASE | changes)


def test_lines_are_answered_in_order_and_a_refused_one_goes_on() -> None:
    lines = [json.dumps(BASE), "", json.dumps(BASE | {"category": 9}), json.dumps(BASE | {"moves": []})]

    result = run("\n".join(lines), "--lines")

    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [sorted(one) for one in answers] == [
        ["beyond_use", "limited_by", "limits"],
        ["error"],
        ["beyond_use", "limited_by", "limits"],
    ]
