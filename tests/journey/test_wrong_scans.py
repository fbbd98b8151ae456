"""A scanner and nothing else at the station: what it types, what the page answers, where the focus is."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from pharmacy.domain.preparation_steps import Step
from pharmacy.inventory.models import Lot
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import GS, code_of, go_to, gtin_of, started_worksheet

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
FIELD, STOP, GOOD = "[data-scan]", ".station-stop", ".station-good"


def scan(page, code):
    """Type a code as a wedge does: at once, the separator as Ctrl+], and Enter behind it."""
    for place, part in enumerate(code.split(GS)):
        if place:
            page.keyboard.press("Control+BracketRight")
        page.keyboard.type(part)
    page.keyboard.press("Enter")


def answers(page, band, *words):
    """Expect the answer in words and with its sound, and the focus back in the empty field."""
    for one in words:
        expect(page.locator(band)).to_contain_text(one)
    expect(page.locator(band)).to_have_attribute("data-sounded", "stop" if band == STOP else "good")
    expect(page.locator(FIELD)).to_be_focused()
    expect(page.locator(FIELD)).to_have_value("")


@pytest.fixture
def bench(session, people):
    """Give the number of a worksheet whose first bag needs its diluent, and the code of each lot."""
    worksheet = started_worksheet(session, people, order_in_force(session, people))
    go_to(session, people, worksheet.bags[0], Step.SCAN_DILUENT)
    lots = {lot.number: lot for lot in session.scalars(select(Lot))}
    codes, gtin = {name: code_of(lot) for name, lot in lots.items()}, gtin_of(lots["SNC0821"].product)
    found = worksheet.id, worksheet.bags[0].serial, codes, gtin
    session.commit()
    return found


def test_a_scanner_alone_is_enough(browse, bench):
    number, serial, codes, _ = bench
    page = browse("tina")
    page.goto(f"/worksheets/{number}/station")
    expect(page.locator(FIELD)).to_be_focused()

    scan(page, codes["SMG4417"])
    answers(page, STOP, "Stop. Wrong product. You scanned magnesium sulfate 50%",
            "Expected: Bag 1 needs sodium chloride 0.9%", "What to do: Put it aside")  # fmt: skip
    scan(page, serial.lower())
    answers(page, STOP, f"This is our own serial {serial}", "What to do: Scan the code")
    scan(page, codes["SNC0934"])
    answers(page, STOP, "is not on this worksheet", "What to do: Take lot SNC0821")
    scan(page, codes["SNC0821"].translate(str.maketrans("1234567890", "&é\"'(-è_çà")))
    answers(page, STOP, "as on a French keyboard", "What to do: Set the scanner")
    # A click beside the field, then a scan without any other click.
    page.locator("main").click(position={"x": 5, "y": 5})
    reordered = f"]d2{codes['SNC0821'][:16]}10SNC0821{GS}{codes['SNC0821'][16:24]}"
    scan(page, reordered.swapcase())
    answers(page, GOOD, "Right: sodium chloride 0.9%", "lot SNC0821")


def test_a_keyboard_alone_is_enough_and_the_sound_can_be_muted(browse, bench):
    number, _, _, gtin = bench
    page = browse("tina")
    page.goto(f"/worksheets/{number}/station")

    mute = page.get_by_role("button", name="Sound is on")
    mute.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sound is off")).to_be_visible()
    page.locator(FIELD).focus()
    page.keyboard.type("63323-064-99\n", delay=20)
    expect(page.locator(STOP)).to_contain_text("is of no product of this pharmacy")
    expect(page.locator(STOP)).not_to_have_attribute("data-sounded", re.compile("."))
    expect(page.locator(FIELD)).to_be_focused()

    page.keyboard.type(f"{gtin}\n")
    page.get_by_label("Lot", exact=True).focus()
    page.keyboard.type("SNC")
    page.keyboard.press("Tab")
    page.keyboard.type("SNC0821")
    page.keyboard.press("Tab")
    page.keyboard.type("SNC0821\n")
    expect(page.locator(GOOD)).to_contain_text("lot SNC0821")


def test_a_scan_anywhere_opens_what_was_scanned_or_says_why_not(browse, bench):
    _, serial, codes, _ = bench
    page = browse("tina")
    page.goto("/worksheets")
    page.evaluate("localStorage.setItem('keys', 'on')")
    page.reload()

    page.get_by_role("link", name="Stock", exact=True).focus()
    scan(page, serial.lower())
    expect(page.get_by_role("heading", level=1)).to_contain_text(serial)
    page.locator("h1").click()
    scan(page, "B-000017")
    expect(page.get_by_role("alert")).to_contain_text("mistyped or misread")
    page.locator("h1").click()
    scan(page, codes["SMG4417"][:24] + "10SMG/4417")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Find")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
