"""What each person does in the browser, step by step, in the words of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from pharmacy.sample.people import PASSWORD

GS = "\x1d"
ORDER = {
    "How much of the drug is in each bag?": "2",
    "How much diluent is the bag labelled with?": "100",
    "How long does one infusion run?": "10",
    "How many infusion sites are used at once?": "1",
    "How often, as it was written?": "daily",
    "When is the first dose, at the home's clock?": "2026-11-11T21:00",
    "From when does the order hold, at the home's clock?": "2026-11-11T21:00",
    "How many bags are authorised in all?": "90",
    "What is the diagnosis code?": "E83.42",
    "What is the diagnosis in words?": "hypomagnesemia, suspected renal wasting",
    "Why this route, if the label does not name it?": (
        "Oral magnesium was not tolerated and intravenous repletion lasted days only."
    ),
    "Which literature does that rest on?": "Home subcutaneous magnesium infusion, Kidney Medicine, 2023",
    "When was the prescription written?": "2026-11-09",
    "Until when is it good?": "2027-11-09",
}


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """Wait until what is done within has been answered: by another page, or on this one by a refusal."""
    page.locator("main").evaluate("main => { main.dataset.before = '1'; }")
    yield
    page.locator("main:not([data-before])").wait_for()


def press(page: Page, words: str | re.Pattern[str]) -> None:
    """Press the one button with these words."""
    with answered(page):
        page.get_by_role("button", name=words).first.click()


def fill(page: Page, label: str, value: str) -> None:
    """Fill the field with this label."""
    page.get_by_label(label, exact=True).fill(value)


def choose(page: Page, label: str, option: str) -> None:
    """Choose the first option that has these words."""
    box = page.get_by_label(label, exact=True)
    value = box.locator("option").filter(has_text=re.compile(re.escape(option), re.IGNORECASE)).first
    box.select_option(value.get_attribute("value"))


def sees(page: Page, words: str) -> None:
    """Expect words somewhere on the page."""
    expect(page.locator("main")).to_contain_text(words)


def done(page: Page) -> None:
    """Expect the page to say that the last step was done."""
    expect(page.locator("p.said").first).to_contain_text("Done.")


def take_up(page: Page, patient: str, words: str) -> None:
    """Follow what waits for this person on their home page, for one patient."""
    page.goto("/")
    row = page.get_by_role("row").filter(has_text=patient).filter(has_text=words)
    row.get_by_role("link").first.click()


def find(page: Page, text: str) -> None:
    """Type into the one box that finds everything."""
    page.goto("/")
    page.get_by_label("Find a patient").fill(text)
    with page.expect_navigation():
        page.get_by_label("Find a patient").press("Enter")


def open_order_form(page: Page, patient: str) -> None:
    """Find the patient in the box at the top, and open the form for a prescription."""
    find(page, patient)
    page.get_by_role("link", name="Open the chart").click()
    page.get_by_role("link", name="Enter a prescription").first.click()


def enter_order(page: Page) -> None:
    """Enter the therapy in separate coded fields."""
    choose(page, "Which formula makes the bag?", "Magnesium sulfate 2 g")
    choose(page, "Which route?", "subcutaneous")
    choose(page, "Which device?", "CADD-Solis")
    page.get_by_label("Who prescribed it?").select_option(index=1)
    choose(page, "How was it received?", "fax")
    for label, value in ORDER.items():
        fill(page, label, value)
    press(page, "Read it back")


def sign(page: Page, words: str | re.Pattern[str]) -> None:
    """Enter the password again under what is signed, and sign."""
    page.get_by_label("Your password, to sign").last.fill(PASSWORD)
    press(page, words)


def scan(page: Page, code: str) -> None:
    """Type a code as a keyboard-wedge scanner does, Enter at its end."""
    field = page.locator("[data-scan]").last
    expect(field).to_be_focused()
    parts = code.split(GS)
    for place, part in enumerate(parts):
        if place:
            page.keyboard.press("Control+]")
        page.keyboard.type(part)
    with answered(page):
        page.keyboard.press("Enter")


def record_readings(page: Page, room: str) -> None:
    """Record what the gauges of a cleanroom suite say, all in range."""
    page.get_by_role("link", name="Rooms and hoods").click()
    page.get_by_role("link", name=f"Record readings of {room}").click()
    fill(page, "Temperature", "19.4")
    fill(page, "Humidity", "42")
    fill(page, "Pressure difference", "0.03")
    press(page, "Record the readings")
    done(page)
