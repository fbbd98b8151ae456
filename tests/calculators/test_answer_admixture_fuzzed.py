"""`pharmacy calc admixture` on drawn input: against the contract written out plainly, and on rubbish."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.calculators.cli import calc

Case = dict[str, Any]


def run(case: Case) -> Result:
    return CliRunner().invoke(calc, ["admixture"], input=json.dumps(case))


def written(most: str, least: str = "0.01") -> st.SearchStrategy[str]:
    """Draw a quantity as text, now and then with zeros behind it."""
    amounts = st.decimals(least, most, places=2).map(str)
    return amounts | st.integers(1, int(Decimal(most))).map(str) | amounts.map(lambda text: f"{text}00")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case of which about two in three are answered; the others are refused for what they ask."""
    method = draw(st.sampled_from(["add", "replace", "exact"]))
    case: Case = {
        "dose_mg": draw(written("9000")),
        "additive": {
            "mg_per_mL": draw(st.sampled_from(["500", "40", "100.5", "0.8"])),
            "vial_mL": draw(st.sampled_from(["2", "10", "20", "50", "0.5"])),
            "meq_per_mL": draw(written("9")),
            "mosm_per_mL": draw(written("9")),
        },
        "diluent": {
            "volume_mL": draw(st.sampled_from(["50", "100", "250.0", "0.3"])),
            "overfill_mL": draw(written("20", "0")),
            "mosm_per_mL": draw(st.sampled_from(["0", "0.308", "0.31"])),
        },
        "method": method,
        "bags": draw(st.integers(1, 1000)),
        "pool": draw(st.booleans()),
        "prime_mL": draw(written("10", "0")),
        "residual_mL": draw(written("5", "0")),
    }
    if method == "exact":
        case["fill_mL"] = draw(written("300"))
    if draw(st.booleans()):
        case["pump_volume_mL"] = draw(written("120"))
    return case


def rounded(value: Fraction, places: int) -> str:
    """Round half up in whole numbers and write without trailing zeros."""
    whole, rest = divmod(value * 10**places, 1)
    digits = str(int(whole) + (rest >= Fraction(1, 2))).rjust(places + 1, "0")
    if not places:
        return digits
    return f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")


def expected(case: Case) -> Case | str:
    """Write the contract out: the answer, or the field that a refusal names."""
    additive = {key: Fraction(value) for key, value in case["additive"].items()}
    diluent = {key: Fraction(value) for key, value in case["diluent"].items()}
    dose, nominal = Fraction(case["dose_mg"]), Fraction(case["dose_mg"]) / diluent["volume_mL"]
    content, drug, withdrawn = diluent["volume_mL"] + diluent["overfill_mL"], dose / additive["mg_per_mL"], 0
    if case["method"] == "exact":
        total = Fraction(case["fill_mL"])
        drug = total * nominal / additive["mg_per_mL"]
    elif case["method"] == "replace":
        total, withdrawn = content, drug
    else:
        total = content + drug
    deliverable = total - Fraction(case["prime_mL"]) - Fraction(case["residual_mL"])
    if drug > total:
        return "additive"
    if deliverable <= 0:
        return "prime_mL"
    pump = Fraction(case["pump_volume_mL"]) if "pump_volume_mL" in case else None
    if pump is not None and pump > deliverable:
        return "pump_volume_mL"
    strength = drug * additive["mg_per_mL"] / total
    milliosmoles = drug * additive["mosm_per_mL"] + (total - drug) * diluent["mosm_per_mL"]
    vial, bags = additive["vial_mL"], case["bags"]
    if case["pool"]:
        vials = ceil(bags * drug / vial)
    elif drug > vial:
        vials = bags * ceil(drug / vial)
    else:
        vials = ceil(bags / Fraction(int(vial / drug)))
    delivered = (
        {}
        if pump is None
        else {
            "delivered_mg": rounded(pump * strength, 0),
            "delivered_percent": rounded(pump * strength / dose * 100, 2),
        }
    )
    return {
        "additive_mL": rounded(drug, 2),
        "withdraw_mL": rounded(Fraction(withdrawn), 2),
        "diluent_mL": rounded(total - drug, 2),
        "total_mL": rounded(total, 2),
        "mg_per_mL": rounded(strength, 3),
        "percent_of_nominal": rounded(strength / nominal * 100, 2),
        "meq": rounded(drug * additive["meq_per_mL"], 2),
        "mosm_per_L": rounded(milliosmoles / total * 1000, 1),
        "deliverable_mL": rounded(deliverable, 2),
        **delivered,
        "total_additive_mL": rounded(drug * bags, 2),
        "vials": vials,
        "waste_mL": rounded(vials * vial - drug * bags, 2),
    }


@settings(max_examples=200)
@given(cases())
def test_every_case_is_answered_or_refused_as_the_contract_says(case: Case) -> None:
    result, answer = run(case), expected(case)

    if isinstance(answer, str):
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(answer) and result.stderr.count("\n") == 1
    else:
        assert result.exit_code == 0, result.stderr
        found = json.loads(result.stdout)
        assert found == answer
        assert list(found) == list(answer), "the keys come in the order of the contract"


rubbish: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["0", "0.000001", "9999999.999999", "1e3", "٣", "1.", " 1", "add", "exact", {}, [], [[]]]
    ),
)


@st.composite
def spoiled(draw: st.DrawFn) -> Case:
    """Draw a case with one place spoiled: another value, a key left out, or one too many."""
    case = copy.deepcopy(draw(cases()))
    target = draw(st.sampled_from([case, case, case["additive"], case["diluent"]]))
    key = draw(st.sampled_from([*target, "fill_mL", "other"]))
    if key in target and draw(st.booleans()):
        del target[key]
    else:
        target[key] = draw(rubbish)
    return case


@settings(max_examples=200)
@given(spoiled())
def test_no_input_ends_in_a_traceback(case: Case) -> None:
    result = run(case)

    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code in (0, 2)
    if result.exit_code == 2:
        assert result.stdout == "" and result.stderr.endswith(".\n") and result.stderr.count("\n") == 1
    else:
        assert json.loads(result.stdout)["vials"] >= 1 and result.stderr == ""


@settings(max_examples=50)
@given(cases(), st.integers(2, 9))
def test_a_stronger_vial_for_as_much_larger_a_dose_changes_no_volume(case: Case, times: int) -> None:
    stronger = copy.deepcopy(case)
    stronger["dose_mg"] = str(Decimal(case["dose_mg"]) * times)
    stronger["additive"]["mg_per_mL"] = str(Decimal(case["additive"]["mg_per_mL"]) * times)
    first, second = run(case), run(stronger)

    assert first.exit_code == second.exit_code
    if first.exit_code == 0:
        one, other = json.loads(first.stdout), json.loads(second.stdout)
        milligrams = {"mg_per_mL", "delivered_mg"}
        assert {key: one[key] for key in one if key not in milligrams} == {
            key: other[key] for key in other if key not in milligrams
        }


@settings(max_examples=50)
@given(cases(), st.integers(1, 300))
def test_more_bags_change_no_bag_and_need_no_fewer_vials(case: Case, more: int) -> None:
    larger = case | {"bags": min(1000, case["bags"] + more)}
    first, second = run(case), run(larger)

    assert (first.exit_code, first.stderr) == (second.exit_code, second.stderr)
    if first.exit_code == 0:
        one, other = json.loads(first.stdout), json.loads(second.stdout)
        batch = {"total_additive_mL", "vials", "waste_mL"}
        assert {key: one[key] for key in one if key not in batch} == {
            key: other[key] for key in other if key not in batch
        }
        assert one["vials"] <= other["vials"]


@settings(max_examples=50)
@given(cases())
def test_pooling_never_needs_more_vials(case: Case) -> None:
    pooled, whole = run(case | {"pool": True}), run(case | {"pool": False})

    assert pooled.exit_code == whole.exit_code
    if pooled.exit_code == 0:
        assert json.loads(pooled.stdout)["vials"] <= json.loads(whole.stdout)["vials"]
