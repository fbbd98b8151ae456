"""The therapy from the prescription to bags at the door, and what changes when the frequency does.

Magnesium sulfate 2 g in 100 mL 0.9% sodium chloride, subcutaneously over 10 hours by ambulatory pump: daily,
then two of every three days. Each step by the person whose step it is, and refused for the wrong one. The
numbers of the change are vector A of domain.md 6.3.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from pharmacy.inventory.models import Lot
from tests.journey import steps
from tests.journey.conftest import sign_in_again
from tests.journey.steps import choose, done, fill, press, scan, sees, sign, take_up
from tests.labels.reading import page_codes, page_texts, squeezed
from tests.therapy.worksheets import code_of

PATIENT = "Larkspur"
# Tuesday noon at the site: a day before the first delivery.
PREPARATION = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)


ON_EVERY_LABEL = (
    *("Larkspur", "magnesium sulfate 2 g", "16.24 mEq", "111 mL", "18.018 mg/mL", "10.5 mL per hour"),
    *("FOR SUBCUTANEOUS INFUSION ONLY", "Fri 20 Nov 2026 12:00 EST", "not for patient use"),
)


def test_the_therapy_end_to_end(browse, clock, database):
    team = {name: browse(name) for name in ("tina", "theo", "paula", "peter")}
    tina, theo, paula, peter = team.values()
    prescribe(tina)
    verify(tina, paula)
    plan(tina, paula, counted_at="2026-11-09T08:45")
    plan_page = tina.url
    come_back(team, clock, PREPARATION)
    worksheet = open_and_check_worksheet(tina, peter, plan_page)
    make_bags(tina, theo, worksheet, codes=codes_of_lots(database), bags=9)
    serials = label(tina, worksheet, bags=9)
    release(tina, peter, worksheet, serials)


def come_back(team, clock, at):
    """Let days pass: every session has ended, and everybody signs in again."""
    clock.now = at
    for name, page in team.items():
        sign_in_again(page, name)


def prescribe(tina):
    steps.open_order_form(tina, PATIENT)
    press(tina, "Read it back")
    sees(tina, "Nothing was saved")
    sees(tina, "Enter the dose in g.")
    steps.enter_order(tina)
    sees(tina, "These are the infusion days")
    sees(tina, "November 2026")
    press(tina, "Save: this is what was ordered")
    done(tina)


def verify(tina, paula):
    address = tina.url
    assert tina.goto(address).status == 200
    take_up(paula, PATIENT, "Verify prescription")
    sees(paula, "Interactions and duplicate therapy are not checked by the system.")
    tina.goto(paula.url)
    sees(tina, "This is not for you")
    sign(paula, "Verify the order")
    sees(paula, "record that you did")
    paula.get_by_label("I have checked the medication list myself").check()
    sign(paula, "Verify the order")
    done(paula)


def plan(tina, paula, *, counted_at):
    take_up(tina, PATIENT, "Count at home and plan")
    tina.get_by_role("link", name="Record a home count").click()
    press(tina, "Record the count")
    sees(tina, "Enter who told you what is at home.")
    fill(tina, "Who told you?", "Basil Larkspur")
    fill(tina, "Who is that to the patient?", "husband")
    fill(tina, "When were the bags counted?", counted_at)
    tina.get_by_label("There is no bag at home").check()
    fill(tina, "Which doses were missed or not finished, and why?", "None, nothing was due")
    choose(tina, "Is the next shipment wanted?", "Yes")
    press(tina, "Record the count")
    done(tina)
    tina.get_by_role("link", name="Plan deliveries").click()
    fill(tina, "The plan starts", "2026-11-09T09:00")
    fill(tina, "The plan ends", "2026-11-25T00:00")
    fill(tina, "Delivery 1 arrives", "2026-11-11T12:00")
    fill(tina, "Delivery 2 arrives", "2026-11-20T12:00")
    press(tina, "Propose the plan")
    sees(tina, "Delivery 1: Wed 11 Nov 2026 12:00 EST")
    sees(tina, "9 bags")
    sees(tina, "5 bags")
    paula.goto(tina.url)
    sign(paula, "Sign the plan")
    done(paula)


def open_and_check_worksheet(tina, peter, plan_page):
    tina.goto(plan_page)
    press(tina, "Open a worksheet for 9 bags")
    sees(tina, "10.5")
    sees(tina, "18.018")
    sees(tina, "111")
    assert tina.get_by_role("button", name="Start preparation now").count() == 0
    take_up(peter, PATIENT, "Check worksheet")
    peter.get_by_role("link", name="Check the worksheet").click()
    sign(peter, "Sign the check of 9 bags")
    done(peter)
    tina.reload()
    worksheet = tina.url
    press(tina, "Start preparation now")
    peter.goto(worksheet)
    sees(peter, "Fri 20 Nov 2026 12:00 EST")
    return worksheet


def make_bags(tina, theo, worksheet, *, codes, bags):
    scan(tina, codes["SMG4417"])
    sees(tina, "Wrong product.")
    for number in range(1, bags + 1):
        scan(tina, codes[lot_asked_for(tina)])
        scan(tina, codes[lot_asked_for(tina)])
        fill(tina, "Volume in the syringe", "4")
        press(tina, "Enter the volume")
        if number == 1:
            disagree(tina, theo, worksheet, codes)
        confirm_volume(theo, worksheet, "4")
        tina.get_by_role("link", name="Look again").click()
        press(tina, f"Bag {number} is made")
    press(tina, "Finish preparation")
    done(tina)


def disagree(tina, theo, worksheet, codes):
    """A second figure that differs stops the bag; a new syringe is drawn."""
    confirm_volume(theo, worksheet, "40")
    tina.get_by_role("link", name="Look again").click()
    scan(tina, codes[lot_asked_for(tina)]) if tina.locator("[data-scan]").count() else None
    fill(tina, "Volume in the syringe", "4")
    press(tina, "Enter the volume")


def confirm_volume(theo, worksheet, volume):
    theo.goto(worksheet)
    theo.get_by_role("link", name="Check the volume as the second person").click()
    assert "Volume in the syringe" in theo.content()
    fill(theo, "Volume in the syringe", volume)
    press(theo, "Enter the volume")


def label(tina, worksheet, *, bags):
    """Print a label for each bag, read it back as a scanner does, and scan each on its bag."""
    tina.goto(worksheet)
    tina.get_by_role("link", name="Label the bags").click()
    press(tina, f"Print {bags} labels")
    done(tina)
    paper = tina.get_by_role("link", name="(PDF)").first.get_attribute("href")
    printed = tina.request.get(paper).body()
    texts = page_texts(printed)
    serials = [code for codes in page_codes(printed) for code in codes]
    assert len(set(serials)) == len(serials) == len(texts) == bags
    for words in ON_EVERY_LABEL:
        assert all(squeezed(words) in text for text in texts), words
    for serial in serials:
        scan(tina, serial)
        done(tina)
    return serials


def release(tina, peter, worksheet, serials):
    tina.goto(f"{worksheet}/release")
    sees(tina, "This is not for you")
    peter.goto(worksheet)
    peter.get_by_role("link", name="Inspect and release the bags").first.click()
    sees(peter, "Before you can sign:")
    for number in range(1, len(serials) + 1):
        form = peter.locator("form").filter(
            has=peter.get_by_role("button", name=f"inspection of bag {number}")
        )
        for tick in ("No particles", "Colour and clarity", "Closure intact", "Label agrees"):
            form.get_by_label(tick).check()
        form.get_by_role("combobox").select_option("pass")
        press(peter, f"Record the inspection of bag {number}")
    sign(peter, f"Sign: release {len(serials)} bags")
    done(peter)


def lot_asked_for(page):
    """Read from the station which lot to take next."""
    text = re.split("Take a new one:|Draw from the vial", page.locator("main").inner_text())[-1]
    return re.search(r"lot (S[A-Z]{2}[0-9]{4})", text).group(1)


def codes_of_lots(database):
    with database.reading() as session:
        return {lot.number: code_of(lot) for lot in session.scalars(select(Lot))}


pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
