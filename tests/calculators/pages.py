"""What the tests of the calculators' pages share: an address with input, and what a page says."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from click.testing import CliRunner

from pharmacy.calculators.forms import EXAMPLES, FORMS, flatten
from pharmacy.cli import main

RULES = sorted(FORMS)
# A box of each rule that must be filled in, and the name that the rule calls it by.
NEEDED = {
    "admixture": ("additive-mg_per_mL", "additive.mg_per_mL"),
    "beyond-use": ("components-1-expires", "components[1].expires"),
    "deliveries": ("lead_hours", "lead_hours"),
    "dispense": ("deliveries-0-arrives", "deliveries[0].arrives"),
    "frequency": ("anchor", "anchor"),
    "pump": ("mg_per_mL", "mg_per_mL"),
}


def typed(rule: str, **changes: str) -> list[tuple[str, str]]:
    """Return the boxes of the worked example with texts changed; names take `__` for `-`."""
    changed = {name.replace("__", "-"): text for name, text in changes.items()}
    kept = [(name, text) for name, text in flatten(EXAMPLES[rule]) if name not in changed]
    return [*kept, *changed.items()]


def address(rule: str, boxes: list[tuple[str, str]], view: str = "") -> str:
    """Return the address of a page with this input."""
    return f"/calculators/{rule}{view}?{urlencode(boxes)}"


def words(answer: Any) -> str:
    """Return the words of the main part of a page."""
    inside = answer.text.split("<main", 1)[1]
    plain = unescape(re.sub(r"<[^>]+>", " ", inside)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r" ([,.;:])", r"\1", " ".join(plain.split()))


def shown_input(answer: Any) -> dict[str, Any]:
    """Return the JSON that a page shows to be checked from outside."""
    (text,) = re.findall(r"<pre.*?<code>pharmacy calc \S+ &lt;&lt;'END'\n(.*)\nEND</code>", answer.text, re.S)
    found: dict[str, Any] = json.loads(unescape(text))
    return found


def calc(rule: str, given: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Ask the command line; return its answer, or its refusal."""
    done = CliRunner().invoke(main, ["calc", rule], input=json.dumps(given))
    return json.loads(done.stdout or "{}"), done.stderr.strip()
