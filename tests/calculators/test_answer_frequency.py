"""The frequency rule on the command line: JSON in, JSON out, and one sentence for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pharmacy.cli import main

CASE = {
    "frequency": "two out of three days",
    "anchor": "2026-10-31T21:00",
    "timezone": "America/New_York",
    "from": "2026-10-31T00:00",
    "until": "2026-11-04T00:00:00",
}


def run(case: object, *options: str) -> Result:
    text = case if isinstance(case, str) else json.dumps(case)
    return CliRunner().invoke(main, ["calc", "frequency", *options], input=text)


def answer(*options: str, **fields: object) -> Any:
    result = run({**CASE, **fields}, *options)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout)


def refusal(case: object, *options: str) -> str:
    result = run(case, *options)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.endswith(".\n")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_doses_are_listed_in_the_zone_without_ends() -> None:
    assert answer() == {
        "frequency": "2 of every 3 days",
        "count": 3,
        "doses": [
            {"starts": "2026-10-31T21:00:00-04:00"},
            {"starts": "2026-11-01T21:00:00-05:00"},
            {"starts": "2026-11-03T21:00:00-05:00"},
        ],
    }


def test_ends_are_elapsed_hours_after_the_start() -> None:
    # Ten hours over the night when clocks go back end at 06:00.
    doses = answer(infusion_hours="10")["doses"]

    assert doses[0] == {"starts": "2026-10-31T21:00:00-04:00", "ends": "2026-11-01T06:00:00-05:00"}


@pytest.mark.parametrize("hours", [10, "10", "10.0", 10.0])
def test_infusion_hours_may_be_a_number_or_a_text(hours: object) -> None:
    assert answer(infusion_hours=hours)["doses"][1]["ends"] == "2026-11-02T07:00:00-05:00"


def test_instants_are_whole_seconds_rounded_down() -> None:
    doses = answer(frequency="continuous", infusion_hours="0.333333", until="2026-10-31T21:50")["doses"]

    assert doses == [
        {"starts": "2026-10-31T21:00:00-04:00", "ends": "2026-10-31T21:19:59-04:00"},
        {"starts": "2026-10-31T21:19:59-04:00", "ends": "2026-10-31T21:39:59-04:00"},
        {"starts": "2026-10-31T21:39:59-04:00", "ends": "2026-10-31T21:59:59-04:00"},
    ]


def test_count_only_leaves_the_list_out() -> None:
    assert answer("--count-only") == {"frequency": "2 of every 3 days", "count": 3}


def test_count_only_answers_for_ten_thousand_years() -> None:
    everything = {"anchor": "0001-01-01T21:00", "from": "0001-01-01T00:00", "until": "9999-12-31T23:59:59"}

    assert answer("--count-only", frequency="daily", **everything)["count"] == 3_652_059


def test_window_without_doses_is_an_empty_list() -> None:
    assert answer(anchor="2027-01-01T21:00") == {"frequency": "2 of every 3 days", "count": 0, "doses": []}


@pytest.mark.parametrize("key", CASE)
def test_missing_field_is_named(key: str) -> None:
    case = {name: value for name, value in CASE.items() if name != key}

    assert refusal(case).startswith(f"{key} is missing; it should be ")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("frequency", "QD"),
        ("frequency", 3),
        ("frequency", True),
        ("frequency", "  "),
        ("frequency", ["daily"]),
        ("frequency", "\ud800"),
        ("frequency", "daily\n\x1b[2J"),
        ("anchor", "2026-10-31"),
        ("anchor", "2026-10-31T21:00-04:00"),
        ("anchor", "2026-10-31T21:00Z"),
        ("anchor", "2026-10-31 21:00"),
        ("anchor", "2026-10-31T21:00:00.5"),
        ("anchor", "2026-02-30T21:00"),
        ("anchor", "2026-10-31T24:00"),
        ("anchor", "0000-10-31T21:00"),
        ("anchor", "٢٠٢٦-10-31T21:00"),
        ("anchor", 20261031),
        ("timezone", "EDT"),
        ("timezone", "America/Nowhere"),
        ("timezone", "America"),
        ("timezone", "../etc/passwd"),
        ("timezone", "right/America/New_York"),
        ("timezone", "posix/America/New_York"),
        ("timezone", "localtime"),
        ("timezone", "Factory"),
        ("timezone", "\x00"),
        ("timezone", -5),
        ("from", "2026-11-04T00:00+00:00"),
        ("until", "tomorrow"),
        ("until", "2026-10-31T00:00"),
        ("until", "2026-10-30T00:00"),
        ("infusion_hours", 0),
        ("infusion_hours", "-1"),
        ("infusion_hours", "1e1"),
        ("infusion_hours", "٣"),
        ("infusion_hours", "24.000001"),
        ("infusion_hours", "0.0000001"),
        ("infusion_hours", True),
    ],
)
def test_bad_value_is_one_sentence_that_names_the_field(key: str, value: object) -> None:
    sentence = refusal({**CASE, key: value})

    assert sentence.startswith(f"{key} ")
    assert "should" in sentence or "; write " in sentence
    assert sentence.rstrip("\n").isprintable()


def test_until_is_compared_with_from_as_an_instant() -> None:
    # 02:30 does not exist and is 03:30, so 03:15 comes before it.
    night = {"from": "2025-03-09T02:30", "until": "2025-03-09T03:15"}

    assert refusal({**CASE, **night}) == "until should be later than from.\n"
    assert answer(**{**night, "until": "2025-03-09T03:31"})["count"] == 0


def test_continuous_without_infusion_hours_is_refused() -> None:
    assert refusal({**CASE, "frequency": "continuous"}).startswith("infusion_hours is missing")
    assert refusal({**CASE, "frequency": "continuous"}, "--count-only").startswith(
        "infusion_hours is missing"
    )


def test_unknown_key_is_refused() -> None:
    assert refusal({**CASE, "start": "2026-11-01"}).startswith("start is not a field of this calculator")


@pytest.mark.parametrize(
    "fields",
    [
        {"from": "9999-12-31T00:00", "until": "9999-12-31T23:59:59"},
        {"from": "9999-12-31T00:00", "until": "9999-12-31T21:00:01", "timezone": "UTC", "infusion_hours": 3},
        {"infusion_hours": "9999999", "frequency": "continuous", "until": "9999-12-31T00:00"},
    ],
)
def test_result_past_the_year_9999_is_refused(fields: dict[str, object]) -> None:
    assert refusal({**CASE, "frequency": "daily", **fields}).startswith(("until", "from"))


def test_infusion_that_ends_in_the_last_second_of_the_calendar_is_listed() -> None:
    last = {"timezone": "UTC", "frequency": "daily", "from": "9999-12-31T00:00", "until": "9999-12-31T22:00"}

    assert answer(**last, infusion_hours="2.999")["doses"][0]["ends"] == "9999-12-31T23:59:56+00:00"


def test_list_that_is_too_long_is_refused_and_counted() -> None:
    long = {**CASE, "frequency": "q2h", "until": "3026-11-04T00:00"}

    assert "at most 1,000,000 are listed" in refusal(long)
    assert json.loads(run(long, "--count-only").stdout)["count"] > 4_000_000


def test_count_only_belongs_to_frequency() -> None:
    result = CliRunner().invoke(main, ["calc", "admixture", "--count-only"], input="{}")

    assert result.exit_code == 2
    assert result.stderr == "--count-only belongs to frequency.\n"


# --- the real program ---


def test_program_answers_and_refuses_without_loading_the_application() -> None:
    script = (
        "import sys\n"
        "from pharmacy.cli import main\n"
        "main(['calc', 'frequency', '--lines'], standalone_mode=False)\n"
        "print([name for name in ('flask', 'sqlalchemy', 'reportlab', 'wtforms') if name in sys.modules])\n"
    )
    lines = "\n".join(json.dumps(case) for case in (CASE, {**CASE, "frequency": "QD"}, CASE))

    done = subprocess.run(
        [sys.executable, "-c", script], input=lines, capture_output=True, text=True, check=True
    )

    *answers, loaded = done.stdout.splitlines()
    assert loaded == "[]"
    assert [json.loads(line).get("count") for line in answers] == [3, None, 3]
    assert json.loads(answers[1])["error"].startswith('frequency "QD"')
    assert done.stderr == ""


def test_program_exits_2_with_one_sentence() -> None:
    program = Path(sys.executable).with_name("pharmacy")

    done = subprocess.run(
        [program, "calc", "frequency"],
        input=json.dumps({**CASE, "timezone": "EDT"}),
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "timezone should be an IANA time zone such as America/New_York.\n"
