"""`pharmacy calc RULE`: one JSON object in, one out; or JSON Lines with `--lines` (calculators.md)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import click

from pharmacy.calculators.answering import answer_text
from pharmacy.domain.errors import InvalidInput, Refusal

# Each rule's module has `answer(fields, **options) -> dict`.
_RULES = {
    "admixture": "pharmacy.calculators.answer_admixture",
    "beyond-use": "pharmacy.calculators.answer_beyond_use",
    "deliveries": "pharmacy.calculators.answer_deliveries",
    "dispense": "pharmacy.calculators.answer_dispense",
    "frequency": "pharmacy.calculators.answer_frequency",
    "pump": "pharmacy.calculators.answer_pump",
}
Answer = Callable[..., dict[str, Any]]


def find_rule(name: str) -> Answer:
    """Find the function that answers a rule, imported only now."""
    answer: Answer = import_module(_RULES[name]).answer
    return answer


@click.command()
@click.argument("rule", metavar=f"[{'|'.join(sorted(_RULES))}]")
@click.option(
    "--file", "path", type=click.Path(path_type=Path), help="Read from FILE, not from standard input."
)
@click.option("--lines", is_flag=True, help="One JSON object a line in, one a line out.")
@click.option("--count-only", is_flag=True, help="frequency: leave the list of doses out.")
def calc(rule: str, path: Path | None, lines: bool, count_only: bool) -> None:
    """Answer one of the pharmacy's rules from JSON."""
    if rule not in _RULES:
        _stop(f"The rule should be one of {', '.join(sorted(_RULES))}.")
    if count_only and rule != "frequency":
        _stop("--count-only belongs to frequency.")
    options = {"count_only": True} if count_only else {}
    answer = find_rule(rule)
    try:
        with _open(path) as source:
            if lines:
                _answer_lines(answer, source, options)
            else:
                result = answer_text(answer, _decode(source.read()), options)
                click.echo(json.dumps(result, indent=2))
    except Refusal as refusal:
        _stop(refusal.sentence)


def _answer_lines(answer: Answer, source: BinaryIO, options: dict[str, Any]) -> None:
    """Answer each line as it comes, so that a program can ask one question after another."""
    for line in source:
        case = line.strip()
        if not case:
            continue
        try:
            result = answer_text(answer, _decode(case), options)
        except Refusal as refusal:
            result = {"error": refusal.sentence}
        click.echo(json.dumps(result))


def _open(path: Path | None) -> AbstractContextManager[BinaryIO]:
    if path is None:
        if sys.stdin is None:
            raise InvalidInput("The input should be one JSON object on standard input, which is closed.")
        return nullcontext(sys.stdin.buffer)
    try:
        return path.open("rb")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from None


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("The input should be UTF-8 text.") from None


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)
