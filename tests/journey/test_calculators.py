"""The calculators in the browser: the seed therapy with the keyboard alone, every page tried with axe."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.calculators.pages import NEEDED, RULES, address, typed
from tests.journey.steps import sees
from tests.journey.test_accessible import violations

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
# Box by box in the order of the page: what is typed, and in a list what is looked for.
SEED = (
    *("2000", "Add", "", "500", "10", "4.06", "4.06", "100", "0", "0.308", "9", "No", "0", "0"),
    "104",
)


def test_the_seed_therapy_is_typed_with_the_keyboard_alone(browse):
    page = browse("nora", width=360)
    page.goto("/calculators")
    page.get_by_role("link", name="Bag admixture").press("Enter")
    page.wait_for_url("**/calculators/admixture")
    page.get_by_label("How much of the drug is in each bag?").focus()

    for place, text in enumerate(SEED):
        if place:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**pump_volume_mL=104")

    for sentence in ("4 mL of the drug in each bag", "452.3 mOsm/L", "2,000 mg, 100 percent of the dose"):
        sees(page, sentence)


def test_a_row_is_added_with_the_keyboard_and_the_cursor_stands_in_it(browse):
    page = browse("paula")
    page.goto(address("beyond-use", typed("beyond-use")))

    page.get_by_role("button", name="Add another component").press("Enter")
    page.wait_for_url("**add=components**")

    expect(page.locator("#components-3-name")).to_be_focused()
    expect(page.locator("#components-1-lot")).to_have_value("S-SAMPLE")


def test_every_calculator_is_accessible_at_every_width(browse):
    page, wrong = browse("paula"), []
    for rule in RULES:
        refused = typed(rule, **{NEEDED[rule][0]: "lots"})
        for at, width in (
            (address(rule, typed(rule)), 360),
            (address(rule, refused), 1280),
            *([(address(rule, typed(rule), "/print"), 1280)] if rule == "pump" else []),
        ):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(at)
            wrong += violations(page)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append((at, "wider than the window"))

    assert wrong == []
