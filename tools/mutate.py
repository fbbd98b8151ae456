"""Change one module in every small way and say which changes no test noticed: python tools/mutate.py MODULE.

A module is tried by its own tests: pharmacy/domain/pump_limits.py by tests/domain/test_pump*.py. Only tables
of cases count; what Hypothesis draws is left out (`[tool.mutmut]` in pyproject.toml).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var" / "mutation"
LINKED = ("pharmacy", "labels", "tests", "templates", "migrations")


def main(module: str) -> int:
    """Mutate the module in a folder of its own, then print the score and every change that survived."""
    if not (ROOT / module).is_file():
        print(f"{module} is no module here, as pharmacy/domain/admixture.py is.", file=sys.stderr)
        return 2
    folder = prepare_folder(module)
    mutmut = str(Path(sys.executable).parent / "mutmut")
    done = subprocess.run([mutmut, "run", "--max-children", "1"], cwd=folder, capture_output=True, text=True)
    listed = subprocess.run(
        [mutmut, "results", "--all", "true"], cwd=folder, capture_output=True, text=True, check=True
    )
    results = dict(line.strip().split(": ") for line in listed.stdout.splitlines() if ": " in line)
    if not results or "not checked" in results.values():
        # The tests did not pass before anything was changed, or the run was cut short.
        print(done.stdout[-4000:] + done.stderr, file=sys.stderr)
        return 1
    for name in (name for name, result in results.items() if result not in {"killed", "timeout"}):
        print(f"{name}: {results[name]}", flush=True)
        subprocess.run([mutmut, "show", name], cwd=folder, check=True)
    print(f"{module}: {summarize(results)}")
    return 0


def prepare_folder(module: str) -> Path:
    """Make a folder in which mutmut finds the house by links and settings for this module alone."""
    folder = WORK / module.removesuffix(".py").replace("/", ".")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    settings = (ROOT / "pyproject.toml").read_text()
    tests = json.dumps(find_tests(module))
    own = f'[tool.mutmut]\nonly_mutate = ["{module}"]\npytest_add_cli_args_test_selection = {tests}\n'
    (folder / "pyproject.toml").write_text(settings.replace("[tool.mutmut]\n", own))
    return folder


def find_tests(module: str) -> list[str]:
    """Find the tests of a module by the first word of its name, else all of its folder."""
    path = Path(module)
    folder = ROOT / "tests" / path.parent.name
    family = sorted(folder.glob(f"test_{path.stem.partition('_')[0]}*.py"))
    return [str(one.relative_to(ROOT)) for one in family or [folder]]


def summarize(results: dict[str, str]) -> str:
    """Say how many were killed; a change that runs forever counts as noticed."""
    counted = Counter(results.values())
    killed = counted["killed"] + counted["timeout"]
    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(counted.items()))
    return f"{killed} of {len(results)} killed ({100 * killed / len(results):.1f}%): {kinds}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
