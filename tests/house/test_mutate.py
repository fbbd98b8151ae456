"""The house's mutation command: which tests try a module, and how the score is said."""

import importlib.util
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def mutate():
    spec = importlib.util.spec_from_file_location("mutate", ROOT / "tools" / "mutate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_module_is_tried_by_the_tests_of_its_family_else_of_its_folder(mutate):
    families = mutate.find_tests("pharmacy/domain/pump_limits.py")

    assert "tests/domain/test_pump_checks.py" in families
    assert all(name.startswith("tests/domain/test_pump") for name in families)
    assert mutate.find_tests("pharmacy/domain/statuses.py") == ["tests/domain"]


def test_a_change_that_runs_forever_counts_as_noticed(mutate):
    results = {"a": "killed", "b": "timeout", "c": "survived", "d": "no tests"}

    assert mutate.summarize(results) == "2 of 4 killed (50.0%): killed 1, no tests 1, survived 1, timeout 1"


def test_a_module_that_is_not_there_is_said_so(mutate, capsys):
    assert mutate.main("pharmacy/domain/nowhere.py") == 2
    assert capsys.readouterr().err.startswith("pharmacy/domain/nowhere.py is no module here")


def test_settings_name_the_one_module_and_keep_what_the_house_set(mutate, tmp_path, monkeypatch):
    monkeypatch.setattr(mutate, "WORK", tmp_path)

    folder = mutate.prepare_folder("pharmacy/domain/lots.py")

    settings = tomllib.loads((folder / "pyproject.toml").read_text())["tool"]["mutmut"]
    assert settings["only_mutate"] == ["pharmacy/domain/lots.py"]
    assert settings["pytest_add_cli_args_test_selection"] == ["tests/domain/test_lots.py"]
    assert settings["pytest_add_cli_args"] == ["-m", "not hypothesis"]
    assert (folder / "pharmacy" / "domain" / "lots.py").is_file()
