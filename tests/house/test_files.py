"""What holds for every file of the house."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = [path for name in ("pharmacy", "labels") for path in sorted((ROOT / name).rglob("*.py"))]
PAGES = sorted((ROOT / "templates").rglob("*.html"))


def found(paths, pattern):
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_no_file_is_called_utils_or_helpers():
    assert [p for p in CODE if p.stem in {"utils", "helpers", "misc", "common"}] == []


def test_pages_hold_no_inline_code():
    assert found(PAGES, r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=") == []


def test_pages_name_no_outside_host():
    assert found(PAGES, r"(https?:)?//[a-z0-9]") == []


def test_only_the_edges_read_the_clock():
    edges = {"pharmacy/command_line.py"}
    places = found(CODE, r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    assert {place.split(":")[0] for place in places} == edges


def test_rules_hold_no_binary_float():
    assert found(sorted((ROOT / "pharmacy" / "domain").rglob("*.py")), r"\bfloat\(|: float") == []


def test_decisions_are_numbered_one_after_the_other():
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [file.name[:4] for file in files] == [f"{n:04d}" for n in range(1, len(files) + 1)]
    assert [file.name for file in files if not file.read_text().startswith(f"# {int(file.name[:4])}. ")] == []
