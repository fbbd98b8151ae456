"""The therapy from the prescription to bags at the door, and what changes when the frequency does.

Magnesium sulfate 2 g in 100 mL 0.9% sodium chloride, subcutaneously over 10 hours by ambulatory pump: daily,
then two of every three days. Each step by the person whose step it is, and refused for the wrong one. The
numbers of the change are vector A of domain.md 6.3.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from pharmacy.cli import main
from pharmacy.inventory.models import Lot
from tests.journey import steps
from tests.journey.conftest import sign_in_again
from tests.journey.steps import choose, done, fill, press, record_readings, scan, sees, sign, take_up
from tests.labels.reading import page_codes, page_texts, squeezed
from tests.therapy.worksheets import code_of

PATIENT = "Larkspur"
# Tuesday noon at the site: a day before the first delivery.
PREPARATION = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)


# Wednesday noon at the patient's home, and Saturday morning, when three doses have been taken.
ARRIVAL = datetime(2026, 11, 11, 17, 0, tzinfo=UTC)
CHANGE = datetime(2026, 11, 14, 14, 0, tzinfo=UTC)
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
    program_pump(tina, paula)
    send_out(tina, theo, serials)
    clock.now = ARRIVAL
    deliver(browse("dan", width=360, height=740))
    come_back(team, clock, CHANGE)
    other = open_second_worksheet(tina, plan_page)
    record_change(paula)
    verify_change(peter)
    follow_change(tina, peter.url, other, serials)
    plan_again(tina, paula)
    look_back(tina, database)


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
    record_readings(tina, "Cleanroom suite")
    tina.goto(worksheet)
    tina.get_by_role("link", name="Choose the hood and start").click()
    sees(tina, "The readings of Segregated area were good until")
    tina.get_by_label("Hood 1", exact=False).check()
    press(tina, "Start preparation now")
    peter.goto(worksheet)
    sees(peter, "Fri 20 Nov 2026 12:00 EST")
    return worksheet


def make_bags(tina, theo, worksheet, *, codes, bags):
    while tina.get_by_text("Set-up, before the first bag").count():
        press(tina, "This is done")
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
        tina.get_by_role("link", name="look again").click()
        press(tina, f"Bag {number} is made")
    press(tina, "Finish preparation")
    done(tina)


def disagree(tina, theo, worksheet, codes):
    """A second figure that differs stops the bag; a new syringe is drawn."""
    confirm_volume(theo, worksheet, "40")
    tina.get_by_role("link", name="look again").click()
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
        sees(tina, "Right: the label is on its bag.")
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
        form.get_by_label("Outcome", exact=True).select_option("pass")
        press(peter, f"Record the inspection of bag {number}")
    sign(peter, f"Sign: release {len(serials)} bags")
    done(peter)


def program_pump(tina, paula):
    """Prepare the sheet from the bags that were made; another person verifies it; it is printed."""
    tina.goto("/pump-sheets")
    tina.get_by_role("row").filter(has_text=PATIENT).get_by_role("link", name="Prepare the sheet").click()
    tina.get_by_label("Which bags?").select_option(index=1)
    choose(tina, "Which pump?", "PUMP-0017")
    tina.get_by_label("Mode of the pump").select_option("continuous")
    press(tina, "Prepare the sheet")
    sees(tina, "Maintenance of pump PUMP-0017 is due")
    choose(tina, "Which pump?", "PUMP-0042")
    press(tina, "Prepare the sheet")
    sees(tina, "10.5")
    sees(tina, "105")
    assert tina.get_by_role("button", name="Print").count() == 0
    paula.goto(tina.url)
    sign(paula, "Sign: the program is right")
    done(paula)
    tina.reload()
    press(tina, "Print the sheet and the calendar")
    links = tina.locator("a[href^='/papers/']")
    papers = [link.get_attribute("href") for link in links.all()]
    texts = "".join(text for paper in papers for text in page_texts(tina.request.get(paper).body()))
    for words in ("Infusion Rate", "10.5", "ten point five", "UNVERIFIED PUMP PROFILE"):
        assert squeezed(words) in texts, words


def send_out(tina, theo, serials):
    """Pack by scanning, have the box checked by a second person, print the manifest and send it out."""
    tina.goto("/deliveries")
    fill(tina, "Day of the deliveries", "2026-11-11")
    choose(tina, "Driver", "Dan")
    press(tina, "Open the batch")
    tina.get_by_label("Planned delivery").select_option(index=1)
    press(tina, "Add the stop")
    tina.get_by_role("link", name="Pack stop 1").click()
    for serial in serials:
        scan(tina, serial)
    scan(tina, serials[0])
    sees(tina, "is packed already")
    fill(tina, "Asset tag of the pump", "PUMP-0042")
    press(tina, "Put the pump in")
    fill(tina, "How many packages?", "2")
    fill(tina, "Shipper and cold packs", "Shipper with 4 cold packs")
    fill(tina, "Temperature logger or indicator", "Indicator 2 to 8 C")
    press(tina, "Close the box with 9 bags")
    theo.goto(tina.url)
    for box in theo.locator("input[type=checkbox]").all():
        box.check()
    press(theo, "The box is right")
    press(theo, "Print the delivery manifest")
    paper = theo.locator("a[href^='/papers/']").first.get_attribute("href")
    manifest = "".join(page_texts(theo.request.get(paper).body()))
    assert all(serial in manifest for serial in serials)
    theo.get_by_role("link", name="Back to batch").click()
    press(theo, "Send 1 stop out with Dan")
    done(theo)


def deliver(dan):
    """On a phone the driver sees name, address, phone and packages, and nothing clinical."""
    dan.get_by_role("link", name="Deliver to").click()
    for words in ("Larkspur", "46 Sample Lane", "555-0146", "Package 2 of 2", "Pump case"):
        sees(dan, words)
    for words in ("magnesium", "2 g", "B-0", "hypomagnesemia", "Rx"):
        assert words not in dan.content()
    dan.get_by_role("link", name="Somebody takes it: sign").click()
    fill(dan, "Name of the person who took it", "Basil Larkspur")
    choose(dan, "Who is that to the patient?", "Spouse")
    dan.locator("canvas").scroll_into_view_if_needed()
    pad = dan.locator("canvas").bounding_box()
    dan.mouse.move(pad["x"] + 40, pad["y"] + 60)
    dan.mouse.down()
    for place in range(1, 12):
        dan.mouse.move(pad["x"] + 40 + 15 * place, pad["y"] + 60 + 30 * (place % 2))
    dan.mouse.up()
    press(dan, "They have received it")
    done(dan)
    dan.goto("/patients")
    sees(dan, "This is not for you")


def open_second_worksheet(tina, plan_page):
    tina.goto(plan_page)
    press(tina, "Open a worksheet for 5 bags")
    return tina.url


def record_change(paula):
    """The nephrologist's change: from daily to two of every three days."""
    steps.find(paula, PATIENT)
    paula.get_by_role("link", name="Record a change").click()
    press(paula, "Read it back")
    sees(paula, "Nothing was saved")
    fill(paula, "How often from now on, as it was written or said?", "every two out of three days")
    fill(paula, "From when does the change hold, at the home's clock?", "2026-11-14T12:00")
    fill(paula, "When is the first infusion of the new pattern, at the home's clock?", "2026-11-14T21:00")
    fill(paula, "Why did the prescriber change it?", "Magnesium 2.1 mg/dL for ten months, within range.")
    choose(paula, "How was it received?", "telephone")
    press(paula, "Read it back")
    sees(paula, "Nothing was saved")
    paula.get_by_label("It was read back to the prescriber").check()
    press(paula, "Read it back")
    sees(paula, "2 of every 3 days")
    press(paula, "Save: this is what was changed")
    done(paula)


def verify_change(peter):
    take_up(peter, PATIENT, "Verify the change")
    sees(peter, "6: 4 still used, 2 to be counted back and destroyed")
    peter.get_by_label("I have checked the medication list myself").check()
    sign(peter, "Put the change in force")
    done(peter)


def follow_change(tina, change_page, other, serials):
    """One page shows what follows; each thing has its action, and a tick once it is done."""
    tina.goto(change_page)
    sees(tina, "6: 4 still used, 2 to be counted back and destroyed")
    sees(tina, "Fri 20 Nov 2026 12:00 EST: 5 bags")
    sees(tina, "Fri 20 Nov 2026 12:00 EST: 4 bags")
    tina.goto(f"/bags/{serials[-1]}")
    sees(tina, "Replaced.")
    tina.goto(other)
    tina.get_by_role("link", name=re.compile("cancel", re.IGNORECASE)).first.click()
    fill(tina, "What is the reason?", "The order was changed.")
    press(tina, re.compile("Cancel"))
    tina.goto(change_page)
    count = tina.get_by_role("button", name="Tick: this is done").count()
    assert count > 5
    for number in range(count):
        if tina.get_by_role("button", name="Tick: this is done").count() == 0:
            break
        tina.get_by_label("Note, such as who was told and when").first.fill(f"Told Basil Larkspur, {number}")
        press(tina, "Tick: this is done")
    sees(tina, f"{count} of")


def plan_again(tina, paula):
    """What step 3 computes now is what the change foresaw: 4 bags for 20 November, not 5."""
    take_up(tina, PATIENT, "Count at home and plan")
    tina.get_by_role("link", name="Record a home count").click()
    sees(tina, "6 bags should be there now")
    fill(tina, "Who told you?", "Basil Larkspur")
    fill(tina, "Who is that to the patient?", "husband")
    fill(tina, "When were the bags counted?", "2026-11-14T08:45")
    tina.get_by_label("Or how many bags").first.fill("6")
    tina.get_by_label("with this date and time on the label").first.fill("2026-11-20T12:00")
    fill(tina, "Which doses were missed or not finished, and why?", "None")
    choose(tina, "Is the next shipment wanted?", "Yes")
    press(tina, "Record the count")
    done(tina)
    tina.get_by_role("link", name="Plan deliveries").click()
    fill(tina, "The plan starts", "2026-11-14T09:00")
    fill(tina, "The plan ends", "2026-11-25T00:00")
    fill(tina, "Delivery 1 arrives", "2026-11-20T12:00")
    press(tina, "Propose the plan")
    sees(tina, "expires unused; have it kept apart, count it back and destroy it")
    paula.goto(tina.url)
    sign(paula, "Sign the plan")
    done(paula)
    tina.reload()
    press(tina, "Open a worksheet for 4 bags")
    done(tina)


def look_back(tina, database):
    """From the vial's lot to every bag, patient and delivery; and the record is whole."""
    tina.goto("/trace?lot=SMG4417")
    sees(tina, "9 bags")
    sees(tina, "received by Basil Larkspur")
    tina.get_by_role("link", name=re.compile("^B-")).first.click()
    sees(tina, "Tina Tallgrass")
    sees(tina, "checked the volume independently")
    done = CliRunner().invoke(main, ["audit", "verify"], env=environment_of(database))
    assert "The audit record is whole" in done.output


def environment_of(database):
    url = database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    keys = {"PHARMACY_SECRET_KEY": "k" * 32, "PHARMACY_AUDIT_KEY": "a" * 32}
    return {"PHARMACY_DATABASE_URL": url} | keys


def lot_asked_for(page):
    """Read from the station which lot to take next."""
    text = re.split("Take a new one:|Draw from the vial", page.locator("main").inner_text())[-1]
    return re.search(r"lot (S[A-Z]{2}[0-9]{4})", text).group(1)


def codes_of_lots(database):
    with database.reading() as session:
        return {lot.number: code_of(lot) for lot in session.scalars(select(Lot))}


pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
