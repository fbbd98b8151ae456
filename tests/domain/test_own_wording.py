"""The product's own wording: no page, paper, refusal or reviewed text holds what its linter refuses."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pharmacy.domain.wording import find_unsafe_wording

ROOT = Path(__file__).resolve().parents[2]
# Settings, SQL and what an administrator types hold no clinical text; the rules of wording name the terms.
NOT_CLINICAL = re.compile(r"\bmodels\b|config\.py|cli\.py|wording|frequency")
# A value that is filled in stands as a bar. Sums, zone names, the standard's number, the end of a sentence.
HARMLESS = (
    (re.compile(r"(?<=[\w|)]) [+] (?=\|)"), " plus "),
    (re.compile(r"\b[A-Z][a-z]+/[A-Z][A-Za-z_]+"), "zone"),
    (re.compile(r"USP <797>"), "the standard"),
    (re.compile(r"U\+\|"), "sign"),
    (re.compile(r"(?<=\bmL)\.(?=$|\s[A-Z])"), ";"),
    (re.compile(r"&#?\w+;"), "sign"),
)


def find_unsafe(text: str) -> list[str]:
    for pattern, instead in HARMLESS:
        text = pattern.sub(instead, text)
    return [one.advice for one in find_unsafe_wording(text)]


def list_sentences(path: Path) -> Iterator[str]:
    """List the texts of a module that are sentences or parts of them; docstrings are left out."""
    tree = ast.parse(path.read_text())
    parts = {id(value) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values}
    parts |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(
                str(value.value) if isinstance(value, ast.Constant) else "|" for value in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            text = node.value
        else:
            continue
        if " " in text.strip():
            yield text


@pytest.mark.parametrize("folder", ["pharmacy", "labels"])
def test_no_sentence_of_the_program_can_be_misread(folder: str) -> None:
    checked, found = 0, []
    for path in sorted((ROOT / folder).rglob("*.py")):
        if NOT_CLINICAL.search(str(path.relative_to(ROOT))):
            continue
        for text in list_sentences(path):
            checked += 1
            found += [f"{path.relative_to(ROOT)}: {text!r}: {advice}" for advice in find_unsafe(text)]

    assert found == []
    assert checked > 100


def test_no_page_can_be_misread() -> None:
    pages = sorted((ROOT / "templates").rglob("*.html"))
    found = []
    for path in pages:
        words = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " | ", path.read_text(), flags=re.DOTALL)
        found += [
            f"{path.relative_to(ROOT)}: {advice}"
            for line in words.splitlines()
            for advice in find_unsafe(line)
        ]

    assert found == []
    assert len(pages) > 50


def list_texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from list_texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from list_texts(inner, key)
    elif isinstance(value, str):
        yield key, value


def test_no_reviewed_text_can_be_misread() -> None:
    """Titles of sources are other people's words, and what stands on a pump's screen is the maker's."""
    found = []
    for path in sorted((ROOT / "pharmacy" / "domain" / "data").glob("*.toml")):
        for key, text in list_texts(tomllib.loads(path.read_text())):
            if key not in {"source", "reference"} and " " in text:
                found += [f"{path.name}, {key}: {text!r}: {advice}" for advice in find_unsafe(text)]

    assert found == []
