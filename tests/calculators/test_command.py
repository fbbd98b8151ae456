"""The command `pharmacy calc` around every rule: files, bytes, lines and their refusals."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pharmacy.cli import main

GOOD = json.dumps(
    {
        "frequency": "daily",
        "anchor": "2026-11-09T21:00",
        "timezone": "America/New_York",
        "from": "2026-11-09T00:00",
        "until": "2026-11-11T00:00",
    }
)


def calc(text: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(main, ["calc", "frequency", *options], input=text)


def test_file_is_read_instead_of_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())

    result = calc("", "--file", str(path))

    assert result.exit_code == 0
    assert json.loads(result.stdout)["count"] == 2


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, name: str) -> None:
    result = calc("", "--file", str(tmp_path / name))

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "cannot be read: " in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "raw", [b"\xff", b'{"frequency": "\xc3\x28"}', '{"frequency": "daily"}'.encode("utf-16"), b"\xed\xa0\x80"]
)
def test_bad_utf_8_is_one_sentence(raw: bytes) -> None:
    result = calc(raw)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "The input should be UTF-8 text.\n"


def answers(result: Result) -> list[Any]:
    assert result.exit_code == 0
    assert result.stderr == ""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_lines_skip_blanks_and_go_on_after_every_refusal() -> None:
    lines = [
        *(GOOD.encode(), b"", b" \t ", b"{", b"\xff", GOOD.encode() + b"\r"),
        *(b"null", b'{"frequency": null}', b"[" * 100_000, GOOD.encode()),
    ]

    found = answers(calc(b"\n".join(lines), "--lines"))

    assert [sorted(line) for line in found] == [
        ["count", "doses", "frequency"],
        *([["error"]] * 2),
        ["count", "doses", "frequency"],
        *([["error"]] * 3),
        ["count", "doses", "frequency"],
    ]
    assert found[1]["error"].startswith("The input should be one JSON object; line 1, column")
    assert found[2]["error"] == "The input should be UTF-8 text."
    assert found[4]["error"] == "The input should be one JSON object."
    assert found[5]["error"] == "frequency should have a value; null is not accepted."
    assert found[6]["error"] == "The input is nested too deeply; it should be one JSON object."


def test_lines_count_only() -> None:
    assert (
        answers(calc(f"{GOOD}\n{GOOD}", "--lines", "--count-only"))
        == [{"frequency": "daily", "count": 2}] * 2
    )


def test_no_lines_are_no_answers() -> None:
    assert answers(calc("\n\n", "--lines")) == []


def test_line_is_answered_before_the_next_is_written() -> None:
    program = [sys.executable, "-m", "pharmacy.cli", "calc", "frequency", "--lines", "--count-only"]

    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert isinstance(process.stdin, io.TextIOBase)
        assert isinstance(process.stdout, io.TextIOBase)
        for _ in range(3):
            process.stdin.write(GOOD + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["count"] == 2
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_closed_standard_input_is_one_sentence() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$0" -m pharmacy.cli calc frequency <&-', sys.executable],
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(".\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("rule", ["dose", "Frequency", ""])
def test_an_unknown_rule_is_one_sentence(rule: str) -> None:
    result = CliRunner().invoke(main, ["calc", rule], input=GOOD)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "The rule should be one of admixture, beyond-use, deliveries, dispense, frequency, pump.\n"
    )
