"""Settings: all that is missing or wrong is told at once."""

import os
import subprocess
import sys

import pytest

from pharmacy.config import WrongSettings, from_environment

GOOD = {
    "PHARMACY_DATABASE_URL": "sqlite:///x.db",
    "PHARMACY_SECRET_KEY": "s" * 32,
    "PHARMACY_AUDIT_KEY": "a" * 32,
}


def test_good_settings_have_safe_defaults():
    settings = from_environment(GOOD)

    assert (settings.idle_minutes, settings.secure_cookies, settings.password_cost) == (15, True, "default")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PHARMACY_DATABASE_URL", "mysql://x"),
        ("PHARMACY_SECRET_KEY", "s" * 31),
        ("PHARMACY_AUDIT_KEY", ""),
        ("PHARMACY_IDLE_MINUTES", "0"),
        ("PHARMACY_IDLE_MINUTES", "241"),
        ("PHARMACY_IDLE_MINUTES", "١٥"),
        ("PHARMACY_SECURE_COOKIES", "yes"),
    ],
)
def test_a_wrong_setting_is_named(name, value):
    with pytest.raises(WrongSettings) as caught:
        from_environment(GOOD | {name: value})

    assert len(caught.value.problems) == 1
    assert name in caught.value.problems[0]


@pytest.mark.parametrize("key", ["1", "240"])
def test_idle_minutes_at_the_boundaries(key):
    assert from_environment(GOOD | {"PHARMACY_IDLE_MINUTES": key}).idle_minutes == int(key)


def test_the_command_names_everything_that_is_missing_at_once():
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PHARMACY_")}
    done = subprocess.run(
        [sys.executable, "-m", "pharmacy.cli", "db", "upgrade"], env=clean, capture_output=True, text=True
    )

    assert done.returncode == 2
    assert [line.split()[0] for line in done.stderr.splitlines()] == list(GOOD)
