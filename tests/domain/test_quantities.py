"""Units that fit and units that are refused; reading and rounding as calculators.md says."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.quantities import (
    Quantity,
    Unit,
    decimal_text,
    parse_quantity,
    round_down,
    round_half_up,
    round_to_step,
    rounded_text,
)

FITS = {
    ("mg", "/", "mL", "mg/mL"),
    ("mEq", "/", "mL", "mEq/mL"),
    ("mg", "/", "h", "mg/h"),
    ("mL", "/", "h", "mL/h"),
    ("mg", "/", "mg/mL", "mL"),
    ("mL", "/", "mL/h", "h"),
    ("mg", "/", "mg/h", "h"),
    ("mg/mL", "x", "mL", "mg"),
    ("mEq/mL", "x", "mL", "mEq"),
    ("mL/h", "x", "h", "mL"),
    ("mg/h", "x", "h", "mg"),
    ("mg/mL", "x", "mL/h", "mg/h"),
}
PAIRS = [(one, other) for one in Unit for other in Unit]


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda unit: str(unit))
def test_only_units_that_fit_are_multiplied_and_divided(one: Unit, other: Unit) -> None:
    six, three = Quantity.of(6, one), Quantity.of(3, other)
    products = {frozenset(fit[0:3:2]): fit[3] for fit in FITS if fit[1] == "x"}
    quotients = {(fit[0], fit[2]): fit[3] for fit in FITS if fit[1] == "/"}
    product = products.get(frozenset({one.value, other.value})) if one is not other else None
    quotient = quotients.get((one.value, other.value))

    if product is None:
        with pytest.raises(Refusal, match=f"^6 {one} and 3 {other} are different kinds .* be multiplied"):
            six * three
    else:
        assert six * three == Quantity(Fraction(18), Unit(product))
    if quotient is None:
        with pytest.raises(Refusal, match=f"^6 {one} and 3 {other} are different kinds .* be divided"):
            six / three
    else:
        assert six / three == Quantity(Fraction(2), Unit(quotient))


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda unit: str(unit))
def test_only_the_same_unit_is_added_and_subtracted(one: Unit, other: Unit) -> None:
    """2 g is not 2 mEq is not 2 mg (domain.md 0, trap 2)."""
    five, two = Quantity.of(5, one), Quantity.of(2, other)
    if one is other:
        assert five + two == Quantity.of(7, one)
        assert five - two == Quantity.of(3, one)
        return
    for act, verb in ((add, "added"), (sub, "subtracted")):
        with pytest.raises(Refusal) as refused:
            act(five, two)
        assert refused.value.sentence == (
            f"5 {one} and 2 {other} are different kinds of quantity and cannot be {verb}."
        )


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda unit: str(unit))
def test_only_g_and_mg_are_written_in_each_other(one: Unit, other: Unit) -> None:
    two = Quantity.of(2, one)
    if one is other:
        assert two.to(other) == two
    elif {one, other} == {Unit.G, Unit.MG}:
        assert two.to(other).amount == (2000 if one is Unit.G else Fraction(1, 500))
        assert two.to(other).unit is other
    else:
        with pytest.raises(Refusal) as refused:
            two.to(other)
        assert refused.value.sentence == (
            f"2 {one} cannot be written in {other}: they are different kinds of quantity."
        )


def test_nothing_is_divided_by_nothing() -> None:
    with pytest.raises(Refusal, match=r"^Nothing can be divided by 0 mL\.$"):
        truediv(Quantity.of(2, Unit.MG), Quantity.of(0, Unit.ML))


def test_a_binary_float_is_no_quantity() -> None:
    not_exact: Any = 0.1
    with pytest.raises(TypeError, match="never a binary float"):
        Quantity.of(not_exact, Unit.MG)


def test_a_quantity_many_times() -> None:
    assert Quantity.of("4.24", Unit.ML).times(5) == Quantity.of("21.2", Unit.ML)
    assert mul(Quantity.of("4.24", Unit.ML), Quantity.of(500, Unit.MG_PER_ML)) == Quantity.of(2120, Unit.MG)


@pytest.mark.parametrize("text", ["1", "9999999", "0.000001", "9999999.999999", "007", "10.40"])
def test_a_quantity_as_the_contract_writes_it(text: str) -> None:
    assert parse_quantity(text, field="dose") == Decimal(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "12345678",
            "1.1234567",
            "1.",
            ".5",
            "+1",
            "-1",
            "1e3",
            "1,000",
            " 1",
            "1 ",
            "1\n",
            "NaN",
            "Infinity",
        ),
        *("١", "１", "1_0", "0x1", "1.5.2"),
    ],
)
def test_any_other_text_is_refused_by_the_name_of_its_field(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_quantity(text, field="dose", zero_allowed=True)
    assert refused.value.sentence == (
        "dose should be a plain number of at most 7 digits and 6 decimals, such as 10.4."
    )
    assert refused.value.field == "dose"


@pytest.mark.parametrize("text", ["0", "0.0", "0000000.000000"])
def test_zero_is_refused_unless_it_is_allowed(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^dose should be greater than 0\.$") as refused:
        parse_quantity(text, field="dose")
    assert refused.value.field == "dose"
    assert parse_quantity(text, field="dose", zero_allowed=True) == 0


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        *(("0.004999", 2, "0"), ("0.005", 2, "0.01"), ("0.0149999", 2, "0.01"), ("0.015", 2, "0.02")),
        *(
            ("-0.005", 2, "-0.01"),
            ("-0.004999", 2, "0"),
            ("2.5", 0, "3"),
            ("-2.5", 0, "-3"),
            ("2.4999", 0, "2"),
        ),
        *(("100", 2, "100"), ("0.50", 2, "0.5"), ("1234567", 0, "1234567"), ("10.0", 1, "10")),
    ],
)
def test_halves_are_rounded_away_from_zero(value: str, places: int, expected: str) -> None:
    assert rounded_text(Fraction(value), places) == expected
    assert rounded_text(Decimal(value), places) == expected


@pytest.mark.parametrize(
    ("value", "step", "down", "nearest"),
    [
        ("10.44", "0.1", "10.4", "10.4"),
        ("10.45", "0.1", "10.4", "10.5"),
        ("10.4", "0.1", "10.4", "10.4"),
        ("0.04", "0.1", "0", "0"),
        ("1.24", "0.25", "1", "1.25"),
    ],
)
def test_steps(value: str, step: str, down: str, nearest: str) -> None:
    assert round_down(Decimal(value), Decimal(step)) == Fraction(down)
    assert round_to_step(Decimal(value), Decimal(step)) == Fraction(nearest)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+2"), "100"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E-7"), "0.0000001"),
        (1000, "1000"),
        (0, "0"),
    ],
)
def test_a_decimal_is_written_without_exponent_or_trailing_zeros(value: Decimal | int, text: str) -> None:
    assert decimal_text(value) == text


@given(st.fractions(-1000, 1000, max_denominator=5000), st.integers(0, 6))
def test_rounding_goes_to_the_nearest_and_from_the_middle_away_from_zero(
    value: Fraction, places: int
) -> None:
    rounded = Fraction(round_half_up(value, places))
    unit = Fraction(1, 10**places)

    assert rounded % unit == 0
    assert abs(rounded - value) < unit / 2 or abs(rounded) - abs(value) == unit / 2
