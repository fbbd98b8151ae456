"""The rules of cycle, calendar, dose and route at their boundaries (R2, R12, R13, R15, R25, pumps.md 7)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pharmacy.domain.pump_checks import find_dose_severity
from tests.pump_requests import (
    CYCLE,
    IV,
    PLUS,
    SOLIS,
    program,
    rules,
    said,
    worst,
)


@pytest.mark.parametrize(
    ("pump", "mode", "hours", "frequency", "fits"),
    [
        (PLUS, "intermittent", "11.9", "every 12 hours", True),
        (PLUS, "intermittent", "12", "every 12 hours", False),
        (PLUS, "intermittent", "11.999", "every 12 hours", False),
        (PLUS, "intermittent", "10", "every 4 days", True),
        (PLUS, "intermittent", "10", "every 5 days", False),
        ("curlin-6000", "intermittent", "10", "daily", True),
        ("curlin-6000", "intermittent", "10", "every 36 hours", False),
        ("sapphire", "intermittent", "10", "daily", True),
        ("sapphire", "intermittent", "10", "every 2 days", False),
        ("bodyguard-323", "intermittent", "10", "daily", False),
        (PLUS, "continuous", "12", "every 12 hours", True),
        (PLUS, "continuous", "12.1", "every 12 hours", False),
        (PLUS, "continuous", "24", "2 of every 3 days", True),
        (PLUS, "continuous", "24.1", "2 of every 3 days", False),
        (PLUS, "continuous", "48", "MWF", True),
        (PLUS, "continuous", "48.1", "MWF", False),
        (PLUS, "continuous", "10", "continuous", True),
        (PLUS, "intermittent", "10", "continuous", False),
    ],
)
def test_r12_the_cycle(pump: str, mode: str, hours: str, frequency: str, fits: bool) -> None:
    made = program(pump, mode=mode, infusion_hours=hours, frequency=frequency)
    assert worst(made, "R12") == ("" if fits else "refuse")


def test_r13_speaks_only_where_no_cycle_can_hold_the_days() -> None:
    assert worst(program(SOLIS, frequency="every 2 days"), "R13") == ""
    assert worst(program(SOLIS, frequency="weekly on Monday"), "R13") == "note"


@pytest.mark.parametrize("pump", [SOLIS, PLUS, "cadd-prizm-vip", "sapphire", "bodyguard-323"])
def test_a_plain_program_has_nothing_said_against_it(pump: str) -> None:
    assert program(pump).findings == ()
    assert program(pump, dose_mg="2000", delivery_basis="exact_fill", **IV).findings == ()


def test_remarks_are_said_only_in_their_mode_and_on_their_route() -> None:
    assert program("curlin-6000", **IV).findings == ()
    assert program("cadd-prizm-vip", **IV).findings == ()


@pytest.mark.parametrize(
    ("dose", "basis", "severity"),
    [
        ("2000", "exact_fill", ""),
        # 2,000 mg are delivered.
        ("1904.761904", "nominal_volume", "flag"),
        ("1904.761905", "nominal_volume", ""),
        ("2105.263157", "nominal_volume", ""),
        ("2105.263158", "nominal_volume", "flag"),
        ("2222.222222", "exact_fill", "flag"),
        ("2222.222223", "exact_fill", "refuse"),
        ("1818.181819", "exact_fill", "flag"),
        ("1818.181818", "exact_fill", "refuse"),
        ("2105.263157", "whole_bag", ""),
        ("2105.263158", "whole_bag", "note"),
        ("2222.222222", "whole_bag", "note"),
        ("2222.222223", "whole_bag", "flag"),
        ("4000", "whole_bag", "flag"),
        ("1904.761904", "whole_bag", "flag"),
        ("1818.181818", "whole_bag", "refuse"),
    ],
)
def test_r15_the_dose_delivered(dose: str, basis: str, severity: str) -> None:
    assert worst(program(SOLIS, dose_mg=dose, delivery_basis=basis), "R15") == severity


@pytest.mark.parametrize(
    ("percent", "whole_bag", "severity"),
    [
        ("95", False, None),
        ("105", False, None),
        ("94.999", False, "flag"),
        ("90", False, "flag"),
        ("89.999", False, "refuse"),
        ("105.001", False, "flag"),
        ("110", False, "flag"),
        ("110.001", False, "refuse"),
        ("95", True, None),
        ("94.999", True, "note"),
        ("90", True, "note"),
        ("89.999", True, "flag"),
        ("110", True, "flag"),
        ("110.001", True, "refuse"),
    ],
)
def test_r15_exactly_at_the_boundaries(percent: str, whole_bag: bool, severity: str | None) -> None:
    assert find_dose_severity(Fraction(percent), whole_bag=whole_bag) == severity


def test_r25_an_idle_cycle_under_the_skin_is_flagged() -> None:
    assert worst(program(SOLIS, **CYCLE), "R25") == "flag"
    assert worst(program(SOLIS, **CYCLE, **IV), "R25") == ""
    assert worst(program(SOLIS), "R25") == ""


def test_a_mode_that_the_pump_does_not_have_is_refused_with_its_numbers() -> None:
    made = program("cadd-legacy-1", **CYCLE)
    assert made.verdict == "refuse"
    assert said(made, "R2").message == "The CADD-Legacy 1 6400 has no intermittent mode."
    assert said(made, "R2").severity == "refuse"
    assert (str(made.delivered_mg), made.runs_for) == ("2000", "10:00:00")


def test_a_route_that_the_pump_is_not_known_for_is_flagged() -> None:
    assert worst(program("sapphire", route="intraperitoneal"), "R2") == "flag"
    assert worst(program("sapphire", route="epidural"), "R2") == ""
    assert worst(program(SOLIS, route="intraperitoneal"), "R2") == ""
    # Its routes are not known at all, and its rate cap under the skin is not either.
    assert worst(program("curlin-6000"), "R2") == "note"


def test_notes_leave_a_program_ok_and_every_finding_is_heard() -> None:
    made = program("cadd-legacy-1", frequency="2 of every 3 days", infusion_hours="7", prime_by_pump=True)
    assert made.verdict == "ok"
    assert rules(made, "note") == {"R3", "R6", "R13", "R14"}
    bad = program(PLUS, **CYCLE, infusion_hours="30", kvo_ml_per_h="1", content_ml="90", mg_per_ml="300")
    assert rules(bad, "refuse") >= {"R5", "R8", "R10", "R11", "R12"}
    assert bad.settings == ()


@pytest.mark.parametrize(
    ("volume", "is_refused"),
    [
        pytest.param("48.3", True, id="runs 12:04:30 at 4 mL per hour"),
        pytest.param("48", True, id="runs 12:00:00 at 4 mL per hour"),
        pytest.param("47.9", False, id="runs 11:58:30 at 4 mL per hour"),
    ],
)
def test_a_dose_ends_within_its_cycle_at_the_rate_that_the_pump_runs(volume: str, is_refused: bool) -> None:
    made = program(
        "curlin-6000", **CYCLE, **IV, volume_ml=volume, infusion_hours="11.99", frequency="every 12 hours"
    )

    assert rules(made, "refuse") == ({"R12"} if is_refused else set())
