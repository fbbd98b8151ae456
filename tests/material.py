"""The published vectors that nobody here wrote: found by an environment variable, never copied here."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "PHARMACY_TEST_VECTORS"


def material(path: str) -> Path:
    """Return a file of the vectors; skips with the reason without the variable, fails when it is wrong."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"NOT CHECKED against {path}: set {VARIABLE} to the folder of the published vectors.")
    found = Path(folder) / path
    if not found.is_file():
        pytest.fail(f"{VARIABLE} is set, but {path} is not in that folder.")
    return found


def material_json(path: str) -> Any:
    """Read a JSON file of the vectors."""
    return json.loads(material(path).read_text(encoding="utf-8"))
