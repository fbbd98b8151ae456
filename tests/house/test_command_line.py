"""The command line says in one line what is wrong, and never shows a traceback."""

import pytest
from click.testing import CliRunner

from pharmacy.cli import main
from pharmacy.config import WrongSettings, from_environment
from tests.house.test_config import GOOD


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory&uri=true",
        "postgresql://x@localhost:many/y",
        "postgresql://x@localhost:70000/y",
    ],
)
def test_a_database_that_cannot_be_is_named(url):
    with pytest.raises(WrongSettings, match="PHARMACY_DATABASE_URL"):
        from_environment(GOOD | {"PHARMACY_DATABASE_URL": url})


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////tmp/x.db",
        "postgresql://x:y@localhost:5432/y",
        "postgresql:///y?host=/tmp/x",
        "postgresql+psycopg://x@localhost/y",
    ],
)
def test_a_database_that_can_be_is_taken(url):
    assert from_environment(GOOD | {"PHARMACY_DATABASE_URL": url}).database_url == url


@pytest.fixture
def run(monkeypatch):
    def start(url, *arguments):
        for name, value in (GOOD | {"PHARMACY_DATABASE_URL": url}).items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(main, arguments)

    return start


@pytest.mark.parametrize("arguments", [("audit", "verify"), ("audit", "head"), ("sample", "load")])
def test_a_database_without_tables_is_said_plainly(run, empty_database, tmp_path, arguments):
    if empty_database.engine.dialect.name == "sqlite":
        url = f"sqlite:///{tmp_path / 'new.db'}"
    else:
        url = empty_database.engine.url.set(database="template1").render_as_string(hide_password=False)

    done = run(url, *arguments)

    assert (done.exit_code, done.exception.__class__) == (2, SystemExit)
    assert done.stderr == "The database cannot be used; is it there, and did `pharmacy db upgrade` run?\n"


def test_the_sample_is_not_loaded_beside_real_sites(run, empty_database):
    url = empty_database.engine.url.render_as_string(hide_password=False)
    added = run(
        url, "site", "add", "--name", "North", "--licence", "N-1", "--address", "1 North Road", "--phone",
        "555-0199", "--time-zone", "America/Denver", "--lead-hours", "24", "--spare-bags", "1",
        "--out-of-refrigerator-hours", "24", "--lab-days", "90", "--administrator", "norma",
        "--administrator-name", "Norma North", "--password", "a long password",
    )  # fmt: skip
    assert added.exit_code == 0

    done = run(url, "sample", "load")

    assert (done.exit_code, done.stderr.split(";")[0]) == (2, "This database has real sites")


def test_verify_says_whole_or_names_the_first_break(run, database, monkeypatch):
    url = database.engine.url.render_as_string(hide_password=False)
    whole = run(url, "audit", "verify")
    assert whole.exit_code == 0 and whole.output.startswith("The audit record is whole")

    monkeypatch.setitem(GOOD, "PHARMACY_AUDIT_KEY", "b" * 32)
    broken = run(url, "audit", "verify")
    assert (broken.exit_code, broken.stderr) == (1, "Record 1 was changed after it was written.\n")


def test_letters_beyond_english_are_found_in_lower_case(database):
    with database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT lower('ÅSA Ø')").scalar() == "åsa ø"
