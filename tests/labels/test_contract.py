"""Paper knows nothing of the pharmacy and reads no clock."""

import ast
from pathlib import Path

import pytest

LABELS = sorted((Path(__file__).resolve().parents[2] / "labels").glob("*.py"))
ALLOWED = {
    "labels",
    "reportlab",
    "barcode",
    "__future__",
    "_typeshed",
    "collections",
    "contextlib",
    "dataclasses",
    "functools",
    "importlib",
    "io",
    "itertools",
    "math",
    "typing",
    "unicodedata",
}


@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_labels_import_drawing_and_nothing_else(path):
    tree = ast.parse(path.read_text())
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
    }
    assert names <= ALLOWED
