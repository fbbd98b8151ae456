"""The pharmacist's day: a worksheet checked, four bags decided on in four ways, a deviation, the record.

One bag is approved, one goes to rework and back, one is rejected with a deviation, one is quarantined and
settled. Each step by the person whose step it is.
"""

from __future__ import annotations

import re
from functools import partial

import pytest

from pharmacy.accounts.queries import find_person
from pharmacy.sample.people import PASSWORD
from tests.journey.steps import choose, done, fill, press, scan, sees, sign, take_up
from tests.labels.reading import page_texts, squeezed
from tests.therapy.bags import labelled_bags
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import open_worksheet

PATIENT = "Larkspur"
TICKS = ("No particles", "Colour and clarity", "Closure intact", "Label agrees")
INVESTIGATION = {
    "What caused it?": "A fibre of the wipe.",
    "Which other bags and lots were looked at, and are they affected?": "Bags 1, 2 and 4: none is.",
    "What was found?": "The fibre lies inside the bag.",
    "What corrects it?": "The bag is destroyed.",
    "What prevents it from now on?": "Another wipe is bought.",
}

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def prepare(database):
    """Leave a worksheet to be checked, and four labelled bags to be inspected."""
    with database.transaction() as session:
        people = partial(find_person, session)
        version = order_in_force(session, people)
        worksheet = labelled_bags(session, people, version, bags=4)
        open_worksheet(session, people, version, bags=1)
        return worksheet.serial, [bag.serial for bag in worksheet.bags]


def test_the_pharmacists_day(database, browse, clock):
    worksheet, serials = prepare(database)
    clock.advance(hours=1)
    tina, peter, petra = browse("tina"), browse("peter"), browse("petra", width=800, height=1280)

    take_up(peter, PATIENT, "Check worksheet")
    peter.get_by_role("link", name="Check the worksheet").click()
    sign(peter, "Sign the check of 1 bag")
    done(peter)

    read_the_page(peter, worksheet)
    inspect(peter, 1, "pass")
    inspect(peter, 2, "rework", wrong="Label agrees", rework="label", reason="Torn: print the label again")
    inspect(peter, 3, "reject", wrong="No particles", reason="A fibre inside the bag")
    inspect(peter, 4, "quarantine", wrong="Colour and clarity", reason="A haze; seen again tomorrow")
    sees(peter, "Bag 2 (" + serials[1] + ") is in rework")
    open_deviation(peter, serials[2])
    clock.advance(minutes=2)
    mend(tina, serials[1])
    settle_deviation(petra, peter)

    peter.goto("/")
    take_up(peter, PATIENT, f"Inspect and release worksheet {worksheet}")
    peter.get_by_role("link", name="Inspect and release the bags").click()
    inspect(peter, 2, "pass")
    sees(peter, "4 of 4 decided")
    sign(peter, "Sign: release 2 bags, reject 1, quarantine 1")
    done(peter)
    settle(peter, worksheet)
    keep_the_record(tina, peter)


def read_the_page(peter, worksheet):
    """Everything to decide is on one page."""
    take_up(peter, PATIENT, f"Inspect and release worksheet {worksheet}")
    peter.get_by_role("link", name="Inspect and release the bags").click()
    for words in ("0 of 4 decided", "Order and formula", "the same", "SMG4417", "Start before", "binds",
                  "4 bags planned", "Label in use", "Before you can sign:"):  # fmt: skip
        sees(peter, words)


def inspect(peter, number, outcome, *, wrong="", rework="", reason=""):
    form = peter.locator("form").filter(has=peter.get_by_role("button", name=f"inspection of bag {number}"))
    for tick in TICKS:
        form.get_by_label(tick).set_checked(tick != wrong)
    form.get_by_label("Outcome").select_option(outcome)
    if rework:
        form.get_by_label("For a rework: what is to be mended?").select_option(rework)
    form.get_by_label("Reason, unless it is approved").fill(reason)
    press(peter, f"Record the inspection of bag {number}")
    done(peter)


def open_deviation(peter, serial):
    """What the inspection said is filled in; the bag goes into quarantine."""
    peter.get_by_role("link", name="Open a deviation: the inspection of bag 3").click()
    assert "A fibre inside the bag" in peter.get_by_label("What happened?").input_value()
    choose(peter, "How grave is it?", "Major")
    fill(peter, "What was done at once?", "The bag was put aside.")
    press(peter, "Open the deviation")
    done(peter)
    sees(peter, serial)
    sees(peter, "quarantined")


def mend(tina, serial):
    """The bench prints the label again, puts it on, scans it there, and records the rework."""
    take_up(tina, PATIENT, "Rework bag 2")
    rework = tina.url
    sees(tina, "Torn: print the label again")
    tina.get_by_role("link", name="Print the label of bag 2 again").click()
    fill(tina, "What is the reason?", "torn")
    press(tina, "Print the label again")
    tina.goto(rework)
    scan(tina, serial)
    tina.goto(rework)
    fill(tina, "What was done, or why could it not be?", "New label put on")
    press(tina, "Record the rework of bag 2")
    done(tina)


def settle_deviation(petra, peter):
    """Another pharmacist investigates, has the bag destroyed before a witness, and closes by signature."""
    petra.get_by_role("link", name="Deviations").click()
    petra.get_by_role("link", name=re.compile("^V-")).click()
    for label, words in INVESTIGATION.items():
        fill(petra, label, words)
    press(petra, "Record the investigation")
    done(petra)
    fill(petra, "Why was it destroyed?", "A fibre inside")
    choose(petra, "Who saw it?", "Theo")
    fill(petra, "Password of the witness", PASSWORD)
    press(petra, re.compile("was destroyed"))
    done(petra)
    sign(petra, re.compile("Sign: close deviation"))
    done(petra)
    sees(petra, "Closed.")


def settle(peter, worksheet):
    """The bag in quarantine is inspected again, and released."""
    take_up(peter, PATIENT, "in quarantine")
    peter.get_by_role("link", name="Decide on bag 4").click()
    for tick in TICKS:
        peter.get_by_label(tick).check()
    choose(peter, "Decision", "Release it")
    fill(peter, "What was found, and why do you decide so?", "Clear the next morning; it was condensation.")
    sign(peter, "Sign the decision")
    done(peter)


def keep_the_record(tina, peter):
    """The record is printed, corrected by an addendum, and printed again with it."""
    peter.get_by_role("link", name="Worksheet on paper and compounding record").click()
    sees(peter, "As it was signed.")
    press(peter, "Print the compounding record")
    done(peter)
    tina.goto(peter.url)
    tina.get_by_role("link", name="Correct the record by an addendum").click()
    fill(tina, "Which item of the record is corrected?", "Room")
    fill(tina, "What does the record say?", "Cleanroom")
    fill(tina, "What is right?", "Cleanroom, east bench")
    fill(tina, "What is the reason?", "The bench was left out.")
    sign(tina, "Sign the addendum")
    done(tina)
    sees(tina, "Cleanroom, east bench")
    fill(tina, "Why is another copy printed?", "with the addendum")
    press(tina, "Print the compounding record again")
    paper = tina.locator("a[href^='/papers/']").last.get_attribute("href")
    text = "".join(page_texts(tina.request.get(paper).body()))
    for words in ("Cleanroom, east bench", "A fibre inside the bag", "New label put on", "Theo Thimble"):
        assert squeezed(words) in text, words
