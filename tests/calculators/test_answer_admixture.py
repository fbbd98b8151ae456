"""`pharmacy calc admixture` from outside: calculators.md, admixture, and pumps.md 4."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pharmacy.calculators.cli import calc

BASE: dict[str, Any] = {
    "dose_mg": "2000",
    "additive": {"mg_per_mL": "500", "vial_mL": "10", "meq_per_mL": "4.06", "mosm_per_mL": "4.06"},
    "diluent": {"volume_mL": "100", "overfill_mL": "9.26", "mosm_per_mL": "0.308"},
    "method": "add",
    "bags": 5,
    "pool": False,
    "prime_mL": "5",
    "residual_mL": "1",
    "pump_volume_mL": "100",
}
EXACT = {"method": "exact", "fill_mL": "106"}


def run(case: Any, *options: str) -> Result:
    text = case if isinstance(case, str) else json.dumps(case)
    return CliRunner().invoke(calc, ["admixture", *options], input=text)


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


def test_the_seed_bag_added_to_mean_overfill() -> None:
    assert answer() == {
        "additive_mL": "4",
        "withdraw_mL": "0",
        "diluent_mL": "109.26",
        "total_mL": "113.26",
        "mg_per_mL": "17.658",
        "percent_of_nominal": "88.29",
        "meq": "16.24",
        "mosm_per_L": "440.5",
        "deliverable_mL": "107.26",
        "delivered_mg": "1766",
        "delivered_percent": "88.29",
        "total_additive_mL": "20",
        "vials": 3,
        "waste_mL": "10",
    }


def test_the_seed_bag_replaced_and_filled_exactly() -> None:
    replaced, exact = answer(method="replace", pool=True), answer(**EXACT)

    assert [replaced[key] for key in ("withdraw_mL", "diluent_mL", "total_mL", "mg_per_mL", "vials")] == [
        *("4", "105.26", "109.26", "18.305"),
        2,
    ]
    assert [exact[key] for key in ("additive_mL", "diluent_mL", "total_mL", "mg_per_mL", "meq")] == [
        *("4.24", "101.76", "106", "20", "17.21"),
    ]
    assert (exact["delivered_mg"], exact["delivered_percent"], exact["waste_mL"]) == ("2000", "100", "8.8")


def test_without_a_pump_volume_there_is_no_delivery() -> None:
    case = {key: value for key, value in BASE.items() if key != "pump_volume_mL"}

    assert set(answer()) - set(json.loads(run(case).stdout)) == {"delivered_mg", "delivered_percent"}


def test_numbers_may_be_json_numbers_and_zero_where_it_is_allowed() -> None:
    out = answer(
        dose_mg=2000,
        diluent={"volume_mL": 100.0, "overfill_mL": 0, "mosm_per_mL": 0},
        prime_mL=0,
        residual_mL="0.0",
    )

    assert (out["total_mL"], out["deliverable_mL"], out["mosm_per_L"]) == ("104", "104", "156.2")


def test_halves_round_away_from_zero_once_at_the_end() -> None:
    out = answer(dose_mg="2.5", additive=BASE["additive"] | {"mg_per_mL": "500"}, pump_volume_mL="1")

    assert out["additive_mL"] == "0.01"
    assert out["total_additive_mL"] == "0.03"


@pytest.mark.parametrize("key", sorted(set(BASE) - {"pump_volume_mL"}))
def test_a_missing_field_is_refused_by_its_name(key: str) -> None:
    assert key in refusal({name: value for name, value in BASE.items() if name != key})


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda case: case.update(dose_mg=0), "dose_mg"),
        (lambda case: case.update(dose_mg="2,000"), "dose_mg"),
        (lambda case: case.update(dose_mg="2e3"), "dose_mg"),
        (lambda case: case.update(dose_mg=-2000), "dose_mg"),
        (lambda case: case.update(dose_mg="12345678"), "dose_mg"),
        (lambda case: case.update(dose_mg=None), "dose_mg"),
        (lambda case: case.update(additive="magnesium"), "additive"),
        (lambda case: case["additive"].update(mg_per_mL="0"), "additive.mg_per_mL"),
        (lambda case: case["additive"].update(vial_mL=0), "additive.vial_mL"),
        (lambda case: case["additive"].update(meq_per_mL=0), "additive.meq_per_mL"),
        (lambda case: case["additive"].update(mosm_per_mL=0), "additive.mosm_per_mL"),
        (lambda case: case["additive"].pop("meq_per_mL"), "additive.meq_per_mL"),
        (lambda case: case["additive"].update(name="x"), "additive.name"),
        (lambda case: case["diluent"].update(volume_mL=0), "diluent.volume_mL"),
        (lambda case: case["diluent"].pop("overfill_mL"), "diluent.overfill_mL"),
        (lambda case: case["diluent"].update(overfill_mL="-1"), "diluent.overfill_mL"),
        (lambda case: case["diluent"].update(ndc="x"), "diluent.ndc"),
        (lambda case: case.update(method="swap"), "method"),
        (lambda case: case.update(method="exact"), "fill_mL"),
        (lambda case: case.update(fill_mL="106"), "fill_mL"),
        (lambda case: case.update(method="exact", fill_mL="0"), "fill_mL"),
        (lambda case: case.update(method="exact", fill_mL="106", dose_mg="50001"), "additive"),
        (lambda case: case.update(method="replace", dose_mg="54631"), "additive"),
        (lambda case: case.update(bags=0), "bags"),
        (lambda case: case.update(bags="2.5"), "bags"),
        (lambda case: case.update(bags=1001), "bags"),
        (lambda case: case.update(pool="false"), "pool"),
        (lambda case: case.update(prime_mL="112.26"), "prime_mL"),
        (lambda case: case.update(pump_volume_mL="107.27"), "pump_volume_mL"),
        (lambda case: case.update(pump_volume_mL="0"), "pump_volume_mL"),
        (lambda case: case.update(note="x"), "note"),
    ],
)
def test_bad_input_is_refused_by_the_name_of_its_field(
    change: Callable[[dict[str, Any]], object], named: str
) -> None:
    assert named in refusal(changed(change))


def test_lines_are_answered_in_order_and_a_refused_one_goes_on() -> None:
    result = run("\n".join(json.dumps(BASE | {"bags": bags}) for bags in (1, 0, 2)), "--lines")

    first, refused, last = (json.loads(line) for line in result.stdout.splitlines())
    assert (result.exit_code, first["vials"], last["total_additive_mL"]) == (0, 1, "8")
    assert list(refused) == ["error"]
