"""A clean machine: a home that cannot be written to, and a first start that was interrupted."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def start(tmp_path):
    """Load the script that serves the sample, with its state in the test's own folder."""
    spec = importlib.util.spec_from_file_location("run_sample", ROOT / "tools" / "run.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.STATE = tmp_path / "var"
    return script


def test_the_keys_are_made_once(start):
    first, second = start.prepare_environment(), start.prepare_environment()

    assert first == second and len(first["PHARMACY_AUDIT_KEY"]) >= 32
    assert (start.STATE / "sample-keys").stat().st_mode & 0o777 == 0o600


def test_an_interrupted_first_start_leaves_no_empty_keys(start, monkeypatch):
    monkeypatch.setattr(Path, "write_text", lambda *_a, **_k: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        start.prepare_environment()
    monkeypatch.undo()

    assert start.prepare_environment()["PHARMACY_SECRET_KEY"]


@pytest.mark.parametrize("home", ["/nonexistent", ""])
def test_the_cache_is_kept_here_where_the_home_cannot_be_written(home):
    make = shutil.which("make")
    assert make, "these tests need make"
    environment = {k: v for k, v in os.environ.items() if k != "UV_CACHE_DIR"} | {"HOME": home}
    done = subprocess.run(
        [make, "-s", "-f", "Makefile", "--eval", "show: ; @echo $(UV_CACHE_DIR)", "show"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == str(ROOT / "var" / "uv-cache")
