"""Sites and people from the command line."""

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from pharmacy.accounts.models import Person, Site
from pharmacy.accounts.queries import find_person
from pharmacy.audit.models import AuditEntry
from pharmacy.cli import main

SITE = [
    "site", "add", "--name", "North", "--licence", "N-1", "--address", "1 North Road", "--phone", "555-0199",
    "--time-zone", "America/Denver", "--lead-hours", "24", "--spare-bags", "1",
    "--out-of-refrigerator-hours", "24", "--lab-days", "90", "--administrator", "Norma",
    "--administrator-name", "Norma North", "--password", "a long password",
]  # fmt: skip
USER = [
    "user", "add", "--username", "pat", "--name", "Pat Pine", "--role", "pharmacist", "--site", "North",
    "--licence", "P-1", "--licence-expires", "2027-06-30", "--password", "a long password",
]  # fmt: skip


@pytest.fixture
def run(empty_database, monkeypatch):
    url = empty_database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    monkeypatch.setenv("PHARMACY_DATABASE_URL", url)
    monkeypatch.setenv("PHARMACY_SECRET_KEY", "k" * 32)
    monkeypatch.setenv("PHARMACY_AUDIT_KEY", "a" * 32)
    return lambda arguments: CliRunner().invoke(main, arguments)


def test_the_first_site_and_its_people(run, empty_database):
    first, second = run(SITE), run(USER)

    assert (first.exit_code, first.output) == (0, "North is there; Norma North can sign in as norma.\n")
    assert (second.exit_code, second.output) == (0, "Pat Pine can sign in as pat.\n")
    with empty_database.reading() as session:
        assert find_person(session, "pat").site.time_zone == "America/Denver"
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number)).all()
        assert actions == ["added a person", "opened a site", "added a person"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (USER, "No site is called North."),
        ([*SITE[:11], "Nowhere/At-All", *SITE[12:]], "time zone should be an IANA time zone"),
        ([*SITE[:-1], "short"], "at least 12 characters"),
        ([*USER[:7], "surgeon", *USER[8:]], "Invalid value for '--role'"),
        (SITE[:-4], "Missing option '--administrator-name'"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(run, empty_database, arguments, sentence):
    done = run(arguments)

    assert done.exit_code == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    with empty_database.reading() as session:
        assert session.scalars(select(Site)).all() == session.scalars(select(Person)).all() == []


def test_a_site_is_added_once(run):
    run(SITE)

    done = run(SITE)

    assert (done.exit_code, done.stderr) == (2, "A site called North is there already.\n")
