"""Each rule of a pump program at its boundary (calculators.md, pump; pumps.md 2, 3.3 and 7)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from pharmacy.domain.findings import Finding
from pharmacy.domain.pump_checks import find_dose_severity
from pharmacy.domain.pump_profiles import find_profile
from pharmacy.domain.pump_program import PumpProgram
from pharmacy.domain.pump_working import working
from tests.pump_requests import NOT_PROGRAMMABLE, PROGRAMMABLE, make_request, program, rules, shown

PLUS, SOLIS = "cadd-legacy-plus", "cadd-solis-vip"
IV: dict[str, Any] = {"route": "intravenous"}
CYCLE: dict[str, Any] = {"mode": "intermittent"}
BIG: dict[str, Any] = {"content_ml": "9000", "mg_per_ml": "1", **IV}


def worst(made: PumpProgram, rule: str) -> str:
    """Return how gravely a rule speaks, or an empty text."""
    for severity in ("refuse", "flag", "note"):
        if rule in rules(made, severity):
            return severity
    return ""


def said(made: PumpProgram, rule: str) -> Finding:
    (found,) = [finding for finding in made.findings if finding.rule == rule]
    return found


@pytest.mark.parametrize(
    ("volume", "hours", "rate", "error", "severity"),
    [
        ("100", "10", "10.0", "0.00", ""),
        ("100", "24", "4.2", "0.80", "note"),
        # 19.9 mL over 10 hours: 1.99 -> 2.0, +0.5025 percent.
        ("19.9", "10", "2.0", "0.50", "note"),
        ("10.1", "10", "1.0", "-0.99", "note"),
        ("9.9", "10", "1.0", "1.01", "flag"),
        # 2 mL over 21 hours is 0.0952: the pump's 0.1 is 5 percent more, exactly.
        ("2", "21", "0.1", "5.00", "flag"),
        ("2", "21.1", "0.1", "5.50", "refuse"),
        ("2", "19", "0.1", "-5.00", "flag"),
        ("2", "18.9", "0.1", "-5.50", "refuse"),
        ("1", "24", "0.0", "-100.00", "refuse"),
    ],
)
def test_r3_the_error_of_the_rate(volume: str, hours: str, rate: str, error: str, severity: str) -> None:
    made = program(SOLIS, volume_ml=volume, infusion_hours=hours, frequency="every 2 days")
    assert (str(made.rate_ml_per_h), str(made.error_percent), worst(made, "R3")) == (rate, error, severity)


def test_r3_an_exact_error_of_one_percent_is_a_note() -> None:
    # 10 mL over 9.9 hours is 1.0101; the pump's 1.0 is 1 percent less, exactly.
    assert worst(program(SOLIS, volume_ml="10", infusion_hours="9.9"), "R3") == "note"
    assert worst(program(SOLIS, volume_ml="10", infusion_hours="9.89"), "R3") == "flag"


@pytest.mark.parametrize(
    ("pump", "volume", "hours", "rate", "fits"),
    [
        (PLUS, "125", "1", "125.0", True),
        (PLUS, "126", "1", "126.0", False),
        (SOLIS, "500", "1", "500.0", True),
        (SOLIS, "501", "1", "501.0", False),
        ("cadd-prizm-vip", "350", "1", "350.0", True),
        ("cadd-prizm-vip", "351", "1", "351.0", False),
        ("curlin-6000", "400", "1", "400.0", True),
        ("curlin-6000", "400.1", "1", "400.1", False),
        ("sapphire", "999", "1", "999", True),
        ("sapphire", "1000", "1", "1000", False),
        ("bodyguard-323", "1200", "1", "1200", True),
        ("bodyguard-323", "1201", "1", "1201", False),
        ("cadd-legacy-1", "125", "1", "125.00", True),
        ("cadd-legacy-1", "126", "1", "126.00", False),
    ],
)
def test_r3_the_range_of_the_rate(pump: str, volume: str, hours: str, rate: str, fits: bool) -> None:
    made = program(pump, volume_ml=volume, infusion_hours=hours, **BIG)
    assert str(made.rate_ml_per_h) == rate
    assert worst(made, "R3") == ("" if fits else "refuse")
    assert bool(made.settings) == (fits and made.verdict != "refuse")


@pytest.mark.parametrize(
    ("volume", "hours", "rate", "shows"),
    [
        ("99.9", "1", "99.9", "99.9"),
        ("199.9", "2", "100.0", "100"),
        ("100.4", "1", "100", "100"),
        ("100.5", "1", "101", "101"),
        ("9", "2.5", "3.6", "3.6"),
    ],
)
def test_the_sapphire_changes_its_step_at_100(volume: str, hours: str, rate: str, shows: str) -> None:
    made = program("sapphire", volume_ml=volume, infusion_hours=hours, **BIG)
    assert made.rate_ml_per_h is not None
    assert (str(made.rate_ml_per_h).removesuffix(".0"), shown(made)["Rate"]) == (
        rate.removesuffix(".0"),
        shows,
    )


def test_a_rate_goes_up_at_half_a_step() -> None:
    # 20.5 mL over 10 hours is 2.05; 20.49 would be 2.049.
    assert str(program(SOLIS, volume_ml="20.5").rate_ml_per_h) == "2.1"
    assert str(program(SOLIS, volume_ml="20.4").rate_ml_per_h) == "2.0"


@pytest.mark.parametrize(
    ("pump", "mode", "volume", "field", "programmed"),
    [
        (SOLIS, "continuous", "100.99", "Infusion Volume", "100.9"),
        (SOLIS, "intermittent", "100.99", "Dose Volume", "100.9"),
        (PLUS, "continuous", "100.99", "Reservoir Volume", "100"),
        (PLUS, "intermittent", "100.99", "Dose Volume", "100.9"),
        (PLUS, "intermittent", "100.99", "Reservoir Volume", "101"),
        ("cadd-legacy-1", "continuous", "100.99", "Reservoir Volume", "100"),
        ("curlin-6000", "continuous", "100.99", "AMOUNT", "100.9"),
        ("sapphire", "continuous", "100.99", "VTBI", "100.9"),
    ],
)
def test_the_volume_is_rounded_down_to_the_step_of_the_pump(
    pump: str, mode: str, volume: str, field: str, programmed: str
) -> None:
    made = program(pump, mode=mode, volume_ml=volume, content_ml="110", **IV)
    assert shown(made)[field] == programmed


def test_a_volume_below_the_step_is_refused_and_has_no_numbers() -> None:
    made = program(SOLIS, volume_ml="0.04")
    assert worst(made, "R3") == "refuse"
    assert (made.rate_ml_per_h, made.error_percent, made.runs_for) == (0, None, None)
    assert (made.delivered_mg, made.mg_per_hour) == (None, 0)


def test_a_duration_that_rounds_to_no_minute_is_refused() -> None:
    made = program(PLUS, **CYCLE, infusion_hours="0.008")
    assert worst(made, "R3") == "refuse"
    assert (made.rate_ml_per_h, made.runs_for, made.delivered_mg, made.mg_per_hour) == (None,) * 4


def test_a_cadd_cycle_is_set_by_whole_minutes_and_its_rate_is_not_rounded() -> None:
    made = program(PLUS, **CYCLE, volume_ml="50", infusion_hours="3", **IV)
    assert (str(made.rate_ml_per_h), made.error_percent, made.runs_for) == ("16.7", 0, "3:00:00")
    assert str(made.mg_per_hour) == "333.3"
    made = program(PLUS, **CYCLE, infusion_hours="10.01", **IV)
    assert shown(made)["Dose Duration"] == "10:01"
    assert made.runs_for == "10:01:00"
    assert worst(made, "R3") == "note"


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({"content_ml": "106"}, True),
        ({"content_ml": "105.99"}, False),
        ({"content_ml": "106", "prime_ml": "5.01"}, False),
        ({"content_ml": "106", "residual_ml": "1.01"}, False),
        ({"content_ml": "106", "prime_ml": "5", "prime_by_pump": True}, True),
        ({"content_ml": "206", "doses_per_bag": 2, **CYCLE, **IV}, True),
        ({"content_ml": "205.9", "doses_per_bag": 2, **CYCLE, **IV}, False),
        ({"content_ml": "107.4", "kvo_ml_per_h": "0.1", **CYCLE, **IV}, True),
        ({"content_ml": "107.3", "kvo_ml_per_h": "0.1", **CYCLE, **IV}, False),
        ({"content_ml": "3"}, False),
    ],
)
def test_r5_what_the_bag_can_deliver(changes: dict[str, Any], fits: bool) -> None:
    made = program(SOLIS, **changes)
    assert worst(made, "R5") == ("" if fits else "refuse")
    assert bool(made.settings) is fits


@pytest.mark.parametrize(
    ("pump", "by_pump", "reservoir", "note"),
    [
        (SOLIS, True, "105.0", "note"),
        (SOLIS, False, "100.0", ""),
        # Whether it counts its own prime is not known, so it is not in the field and the sheet says so.
        (PLUS, True, "100", "note"),
        (PLUS, False, "100", ""),
    ],
)
def test_r6_the_reservoir_includes_the_prime_only_where_the_pump_counts_it(
    pump: str, by_pump: bool, reservoir: str, note: str
) -> None:
    made = program(pump, prime_by_pump=by_pump)
    assert shown(made)["Reservoir Volume"] == reservoir
    assert worst(made, "R6") == note
    assert made.verdict == "ok"


def test_r6_the_bag_volume_of_the_curlin_is_the_content() -> None:
    made = program("curlin-6000", content_ml="113.26", prime_by_pump=True)
    assert shown(made)["BAG Vol"] == "113"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"content_ml": "100", "prime_ml": "0", "residual_ml": "0"}, False),
        # The field takes whole mL, so 100.9 in the bag is entered as 100.
        ({"content_ml": "100.9", "volume_ml": "100.9", "prime_ml": "0", "residual_ml": "0"}, True),
        ({"content_ml": "105.9", "prime_ml": "5.9", "residual_ml": "0"}, False),
        ({"content_ml": "105.9", "prime_ml": "5.9", "residual_ml": "0", "prime_by_pump": True}, True),
        ({"content_ml": "200.9", "doses_per_bag": 2, "prime_ml": "0.9", "residual_ml": "0"}, False),
        ({"content_ml": "200.9", "volume_ml": "100.4", "doses_per_bag": 2, "prime_ml": "0"}, True),
        ({"content_ml": "101.4", "kvo_ml_per_h": "0.1", "prime_ml": "0", "residual_ml": "0"}, True),
        ({"content_ml": "102", "kvo_ml_per_h": "0.1", "prime_ml": "0", "residual_ml": "0"}, False),
    ],
)
def test_r6_the_bag_volume_must_hold_what_the_pump_takes_from_it(
    changes: dict[str, Any], refused: bool
) -> None:
    made = program("curlin-6000", **{**CYCLE, **IV, **changes})
    assert worst(made, "R6") == ("refuse" if refused else "")


def test_r6_a_reservoir_holds_all_doses_and_kvo_between_them_shortens_the_last() -> None:
    two = {"content_ml": "250", "doses_per_bag": 2, **CYCLE, **IV}
    assert shown(program(PLUS, **two))["Reservoir Volume"] == "200"
    assert worst(program(PLUS, **two), "R6") == ""
    assert worst(program(PLUS, **two, kvo_ml_per_h="0.1"), "R6") == "flag"
    assert worst(program(PLUS, content_ml="150", kvo_ml_per_h="0.1", **CYCLE, **IV), "R6") == ""


def test_r6_a_reservoir_beyond_the_field_is_refused() -> None:
    made = program(
        PLUS, volume_ml="10000", infusion_hours="200", content_ml="20000", frequency="every 9 days"
    )
    assert worst(made, "R6") == "refuse"
    dose = program(PLUS, **CYCLE, **IV, volume_ml="1001", content_ml="2000", infusion_hours="20")
    assert worst(dose, "R2") == "refuse"


@pytest.mark.parametrize(
    ("mode", "volume", "hours", "speaks"),
    [
        ("continuous", "9999", "90", ""),
        ("continuous", "10000", "90", "R6"),
        ("continuous", "1", "1", ""),
        ("intermittent", "1000", "20", ""),
        ("intermittent", "1000.1", "20", "R2"),
        ("intermittent", "1", "1", ""),
        ("intermittent", "0.1", "0.5", ""),
    ],
)
def test_volumes_at_the_ends_of_their_fields(mode: str, volume: str, hours: str, speaks: str) -> None:
    made = program(
        PLUS,
        mode=mode,
        volume_ml=volume,
        infusion_hours=hours,
        content_ml="19000",
        frequency="every 4 days",
        **IV,
    )
    assert rules(made, "refuse") == ({speaks} if speaks else set())


def test_r6_a_reservoir_that_goes_up_to_its_step_says_so() -> None:
    assert worst(program(PLUS, **CYCLE, volume_ml="99.5"), "R6") == "note"
    assert worst(program(PLUS, **CYCLE, volume_ml="50.5", content_ml="120", doses_per_bag=2), "R6") == ""


@pytest.mark.parametrize(
    ("content", "severity"), [("205.9", ""), ("206", "flag"), ("206.1", "flag"), ("306", "flag")]
)
def test_r7_a_second_dose_in_the_bag(content: str, severity: str) -> None:
    assert worst(program(SOLIS, content_ml=content), "R7") == severity
    # A device that empties itself would give it.
    assert worst(program("elastomeric", content_ml=content), "R7") == severity.replace("flag", "refuse")


@pytest.mark.parametrize(
    ("pump", "changes", "severity"),
    [
        (PLUS, {}, "refuse"),
        ("cadd-legacy-1", {}, "refuse"),
        ("elastomeric", {}, "refuse"),
        (SOLIS, {}, "flag"),
        ("curlin-6000", {}, "flag"),
        # Back to back there is nothing between two doses.
        (PLUS, {"infusion_hours": "24"}, ""),
        (PLUS, {"frequency": "continuous"}, ""),
    ],
)
def test_r7_doses_that_would_run_as_one(pump: str, changes: dict[str, Any], severity: str) -> None:
    made = program(pump, content_ml="206", doses_per_bag=2, **changes)
    assert worst(made, "R7") == severity


@pytest.mark.parametrize(
    ("pump", "changes", "refused"),
    [
        (SOLIS, {}, True),
        (SOLIS, IV, False),
        (SOLIS, {**IV, **CYCLE}, False),
        (PLUS, IV, True),
        (PLUS, {**IV, **CYCLE}, False),
        ("cadd-legacy-1", IV, True),
        ("cadd-prizm-vip", IV, True),
        ("elastomeric", IV, True),
        ("bodyguard-323", IV, True),
        (SOLIS, {**IV, "kvo_ml_per_h": "10"}, False),
        (SOLIS, {**IV, "kvo_ml_per_h": "10.1"}, True),
        (SOLIS, {**IV, "kvo_ml_per_h": "0.15"}, True),
        ("sapphire", {**IV, "kvo_ml_per_h": "20"}, False),
        ("sapphire", {**IV, "kvo_ml_per_h": "20.1"}, True),
    ],
)
def test_r8_keep_vein_open(pump: str, changes: dict[str, Any], refused: bool) -> None:
    made = program(pump, **{"content_ml": "900", "kvo_ml_per_h": "0.1", **changes})
    assert worst(made, "R8") == ("refuse" if refused else "")


# Each at the soft limit, above it, at the hard limit and above it (pumps.md 3.3).
@pytest.mark.parametrize(
    ("changes", "rule", "severity"),
    [
        ({"volume_ml": "250", "infusion_hours": "10"}, "R9", ""),
        ({"volume_ml": "251", "infusion_hours": "10"}, "R9", "flag"),
        ({"volume_ml": "300", "infusion_hours": "5"}, "R9", "flag"),
        ({"volume_ml": "300.5", "infusion_hours": "5"}, "R9", "refuse"),
        ({"volume_ml": "300.5", "infusion_hours": "5", "sites": 2}, "R9", "flag"),
        ({"volume_ml": "500", "infusion_hours": "20"}, "R9", ""),
        ({"volume_ml": "504", "infusion_hours": "21"}, "R9", "flag"),
        ({"volume_ml": "1008", "infusion_hours": "21", "sites": 2}, "R9", "flag"),
        ({"volume_ml": "1440", "infusion_hours": "24"}, "R9", "flag"),
        ({"volume_ml": "500", "infusion_hours": "20", "frequency": "every 2 days"}, "R9", ""),
        ({"mg_per_ml": "40", "volume_ml": "10"}, "R10", ""),
        ({"mg_per_ml": "40.000001", "volume_ml": "10"}, "R10", "flag"),
        ({"mg_per_ml": "200", "volume_ml": "10"}, "R10", "flag"),
        ({"mg_per_ml": "200.1", "volume_ml": "10"}, "R10", "refuse"),
        ({"mosm_per_l": "500"}, "R10", ""),
        ({"mosm_per_l": "500.1"}, "R10", "flag"),
        ({"mosm_per_l": "900"}, "R10", "flag"),
        ({"mosm_per_l": "900.1"}, "R10", "refuse"),
        ({"volume_ml": "100", "infusion_hours": "4"}, "R11", ""),
        ({"volume_ml": "25.1", "infusion_hours": "1"}, "R11", "flag"),
        ({"volume_ml": "75", "infusion_hours": "1"}, "R11", "flag"),
        ({"volume_ml": "75.1", "infusion_hours": "1"}, "R11", "refuse"),
        ({"volume_ml": "200", "infusion_hours": "20"}, "R11", ""),
        ({"volume_ml": "201", "infusion_hours": "20"}, "R11", "flag"),
        ({"volume_ml": "400", "infusion_hours": "20"}, "R11", "flag"),
        ({"volume_ml": "402", "infusion_hours": "20"}, "R11", "refuse"),
        ({"volume_ml": "100", "infusion_hours": "10", "frequency": "twice daily"}, "R11", ""),
        ({"volume_ml": "101", "infusion_hours": "10", "frequency": "twice daily"}, "R11", "flag"),
        ({"volume_ml": "100", "infusion_hours": "8", "frequency": "every 8 hours"}, "R11", "flag"),
        ({"volume_ml": "100", "infusion_hours": "4", "frequency": "every 4 hours"}, "R11", "refuse"),
        # 8 g over 48 hours is 4 g in any 24.
        ({"volume_ml": "400", "infusion_hours": "40", "frequency": "every 2 days"}, "R11", "flag"),
        ({"volume_ml": "384", "infusion_hours": "48", "frequency": "every 2 days"}, "R11", ""),
    ],
)
def test_r9_to_r11_the_subcutaneous_limits(changes: dict[str, Any], rule: str, severity: str) -> None:
    made = program(SOLIS, **{"content_ml": "2000", **changes})
    assert worst(made, rule) == severity
    elsewhere = program(SOLIS, **{"content_ml": "2000", **IV, **changes})
    assert worst(elsewhere, rule) == ""


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


def test_r3_says_both_rates_and_the_error() -> None:
    assert said(program(SOLIS, infusion_hours="24"), "R3").message == (
        "The exact rate is 4.1667 mL per hour and the pump's is 4.2, an error of 0.8 percent."
    )
    assert "less than 0.01 percent" in said(program(PLUS, **CYCLE, infusion_hours="9.999999"), "R3").message


def test_kvo_runs_between_all_doses_of_a_bag() -> None:
    request = make_request(
        kvo_ml_per_h="0.1", infusion_hours="5", frequency="every 12 hours", doses_per_bag=2
    )
    assert request.kvo_ml == Fraction("1.4")


def test_r14_the_unit_trap_is_said_in_both_units() -> None:
    made = program("cadd-legacy-1")
    assert [(one.field, one.unit) for one in made.settings if "24" in one.unit] == [
        ("Continuous Rate", "mL/24 hrs")
    ]
    assert said(made, "R14").message == (
        "This pump counts in mL per 24 hours: 240 mL per 24 hours is 10 mL per hour."
    )
    assert all(worst(program(pump), "R14") == "" for pump in PROGRAMMABLE if pump != "cadd-legacy-1")


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


def test_the_lock_level_lets_a_pump_prime_only_where_it_must() -> None:
    assert shown(program(PLUS))["Lock Level"] == "LL2"
    assert shown(program(PLUS, prime_by_pump=True))["Lock Level"] == "LL1"


def test_the_prizm_names_its_application() -> None:
    assert list(shown(program("cadd-prizm-vip")).items()) == [
        ("Application", "CONTIN"),
        ("Reservoir Volume", "100"),
        ("Continuous Rate", "10.0"),
    ]
    made = program("cadd-prizm-vip", **CYCLE, **IV)
    assert shown(made)["Application"] == "INTERMT"
    assert "Next Dose Start Time" in said(made, "R2").message


def test_what_the_pump_works_out_itself_is_not_entered() -> None:
    derived = {
        pump: [one.field for one in program(pump).settings if not one.entered]
        for pump in ("cadd-solis-vip", "curlin-6000", "sapphire", "bodyguard-323", "cadd-legacy-plus")
    }
    assert derived == {
        "cadd-solis-vip": ["Infusion Time"],
        "curlin-6000": ["TIME"],
        "sapphire": ["Rate"],
        "bodyguard-323": ["Time"],
        "cadd-legacy-plus": [],
    }


def test_intermittent_programs_of_the_other_pumps() -> None:
    curlin = program("curlin-6000", **CYCLE, **IV)
    assert shown(curlin) == {
        "Therapy": "Intermittent",
        "UNITS": "ml",
        "DELAY Start": "OFF",
        "BAG Vol": "106",
        "DOSE": "100.0",
        "RATE": "10.0",
        "TIME": "10:00",
        "FREQUENCY": "24:00",
        "# DOSES": "1",
        "KVO": "0.0",
    }
    sapphire = program("sapphire", **CYCLE, **IV)
    assert shown(sapphire) == {
        "Dose Volume": "100.0",
        "Dose Time": "10:00",
        "Dose Rate": "10.0",
        "Interval": "24:00",
        "Number of Doses": "1",
        "KVO": "0.0",
    }
    solis = program(SOLIS, **CYCLE, **IV)
    assert list(shown(solis)) == [
        "Units",
        "Reservoir Volume",
        "Dose Volume",
        "Dose Duration",
        "Dose Cycle",
        "KVO Rate",
        "Dose Starts In",
    ]


@pytest.mark.parametrize("pump", NOT_PROGRAMMABLE)
def test_a_device_that_cannot_be_programmed(pump: str) -> None:
    made = program(pump, volume_ml="50", infusion_hours="5", content_ml="56")
    assert made.verdict == "ok"
    assert [(one.field, one.shown, one.entered) for one in made.settings] == [
        ("Fill volume", "56", False),
        ("Nominal rate", "10", False),
    ]
    assert (str(made.rate_ml_per_h), made.error_percent, made.runs_for) == ("10.00", 0, "5:00:00")
    assert program(pump, **CYCLE, content_ml="56", volume_ml="50").verdict == "refuse"


def test_the_freedom60_holds_one_syringe() -> None:
    assert worst(program("freedom60", volume_ml="54", content_ml="60"), "R5") == ""
    assert worst(program("freedom60", volume_ml="54", content_ml="60.1"), "R5") == "refuse"


def test_a_device_that_empties_itself_gives_what_it_holds() -> None:
    made = program("elastomeric", content_ml="113.26", dose_mg="2000", delivery_basis="nominal_volume")
    assert worst(made, "R4") == "flag"
    assert (str(made.delivered_mg), made.runs_for) == ("2145", "10:43:34")
    assert worst(made, "R15") == "flag"
    two = program("elastomeric", content_ml="206", doses_per_bag=2, frequency="continuous")
    assert (two.delivered_mg, two.runs_for) == (2000, "10:00:00")


def test_notes_leave_a_program_ok_and_every_finding_is_heard() -> None:
    made = program("cadd-legacy-1", frequency="2 of every 3 days", infusion_hours="7", prime_by_pump=True)
    assert made.verdict == "ok"
    assert rules(made, "note") == {"R3", "R6", "R13", "R14"}
    bad = program(PLUS, **CYCLE, infusion_hours="30", kvo_ml_per_h="1", content_ml="90", mg_per_ml="300")
    assert rules(bad, "refuse") >= {"R5", "R8", "R10", "R11", "R12"}
    assert bad.settings == ()


@pytest.mark.parametrize("pump", [*PROGRAMMABLE, *NOT_PROGRAMMABLE])
def test_the_working_shows_both_rates_and_both_units(pump: str) -> None:
    request = make_request(infusion_hours="24", dose_mg="2000", delivery_basis="exact_fill")
    profile = find_profile(pump)
    assert profile is not None
    lines = working(
        program(pump, infusion_hours="24", dose_mg="2000", delivery_basis="exact_fill"),
        request=request,
        profile=profile,
    )
    text = "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")
    assert "100 mL ÷ 24 hours = 4.1667 mL per hour exactly" in text
    assert "mL per 24 hours" in text
    assert "that is 100 percent" in text


def test_the_working_of_the_seed_program() -> None:
    profile = find_profile(PLUS)
    assert profile is not None
    lines = working(
        program(PLUS, infusion_hours="24"), request=make_request(infusion_hours="24"), profile=profile
    )
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines] == [
        "Volume: 100 mL, rounded down to the pump's step of 1 mL, gives 100 mL a dose.",
        "Rate: 100 mL ÷ 24 hours = 4.1667 mL per hour exactly; the pump is set to 4.2 mL per hour, its step"
        " being 0.1.",
        "Error of the rate: 0.8 percent.",
        "Check: 4.2 mL per hour × 24 hours = 100.8 mL for 100 mL asked; a dose runs for 23:48:34.",
        "In both units: 4.2 mL per hour is 100.8 mL per 24 hours.",
        "Drug rate: 4.2 mL per hour × 20 mg/mL = 84 mg per hour.",
        "Bag: 106 mL content − 5 mL prime − 1 mL residual − 100 mL doses − 0 mL KVO leaves 0 mL over.",
        "Drug: 100 mL × 20 mg/mL = 2,000 mg a dose.",
        "Expected to end 22:27:43 to 25:19:45 after the start, at an accuracy of 6 percent either way.",
    ]


def test_the_working_of_a_program_that_cannot_run() -> None:
    profile = find_profile(PLUS)
    assert profile is not None
    changes = {"volume_ml": "1", "infusion_hours": "24"}
    lines = working(program(PLUS, **changes), request=make_request(**changes), profile=profile)
    assert any("which this pump cannot run" in line for line in lines)
