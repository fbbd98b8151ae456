"""`pharmacy calc pump` asked for the seed program with changes: 100 mL over 10 hours daily, exact fill."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from pharmacy.calculators.cli import calc

SEED: dict[str, Any] = {
    "pump": "cadd-legacy-plus",
    "mode": "continuous",
    "volume_mL": "100",
    "infusion_hours": "10",
    "frequency": "daily",
    "route": "subcutaneous",
    "sites": 1,
    "mg_per_mL": "20",
    "content_mL": "106",
    "prime_mL": "5",
    "residual_mL": "1",
    "prime_by_pump": False,
    "kvo_mL_per_h": "0",
}


def run(given_input: Any) -> Result:
    """Give the command a text as it is, anything else as JSON."""
    text = given_input if isinstance(given_input, str) else json.dumps(given_input)
    return CliRunner().invoke(calc, ["pump"], input=text)


def answer(**changes: Any) -> dict[str, Any]:
    """Return the answer to the seed with changes."""
    result = run(SEED | changes)
    assert result.exit_code == 0, result.stderr
    made: dict[str, Any] = json.loads(result.stdout)
    return made
