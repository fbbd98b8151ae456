"""The technician's day at the station: by keyboard and scanner alone, from the queue to the last bag.

A formula with a step at every stage, a photo and weights; a second person at the same screen; a connection
that is lost; and another technician who takes over. The photo is put into its field as a camera would.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from pharmacy.accounts.queries import find_person
from pharmacy.compounding.queries import get_worksheet, list_standing
from pharmacy.domain.statuses import BagStatus, WorksheetStatus
from pharmacy.inventory.models import Lot
from pharmacy.sample.facility import CLEANROOM_HOOD
from pharmacy.sample.people import PASSWORD
from tests.journey.steps import answered, scan, sees
from tests.journey.test_accessible import violations
from tests.therapy.formulas import staged_formula
from tests.therapy.orders import order_in_force
from tests.therapy.station import PNG
from tests.therapy.worksheets import checked_worksheet, code_of, hood_called, read_room

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
# Longer than the page takes an Enter for the end of the scan before it.
A_MOMENT = 450


def prepare(database):
    """Have a worksheet of two bags checked and the room read; returns what names it, and codes of lots."""
    with database.transaction() as session:

        def people(name):
            return find_person(session, name)

        staged_formula(session, people, weight_tolerance_percent=5)
        worksheet = checked_worksheet(session, people, order_in_force(session, people))
        read_room(session, people, hood_called(session, CLEANROOM_HOOD), at=worksheet.opened_at)
        codes = {lot.number: code_of(lot) for lot in session.query(Lot)}
        return worksheet.id, worksheet.serial, codes


def follow(page, words):
    """Follow a link by the keyboard."""
    with answered(page):
        page.get_by_role("link", name=words).first.press("Enter")


def confirm(page, words):
    """Confirm the step that says so, by Enter on the empty field."""
    sees(page, words)
    expect(page.locator("[data-scan]").last).to_be_focused()
    page.wait_for_timeout(A_MOMENT)
    with answered(page):
        page.keyboard.press("Enter")
        if page.locator("main:not([data-before])").count() == 0:
            press_again(page)


def press_again(page):
    """Press Enter once more where a slow machine took the first for a bounce of the key."""
    page.wait_for_timeout(5 * A_MOMENT)
    if page.locator("main[data-before]").count():
        page.keyboard.press("Enter")


def type_in(page, *texts):
    """Type into the field that has the focus and those after it, Enter at the end."""
    page.locator("input:focus").wait_for()
    for place, text in enumerate(texts):
        if place:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    with answered(page):
        page.keyboard.press("Enter")


def draw(page, codes, serial, *, weight, second):
    """Do all from the vial to the finished bag."""
    scan(page, codes["SMG4417"])
    sees(page, "into a new 5\u00a0mL syringe")
    type_in(page, "4")
    sees(page, "this step is not done without it")
    page.locator("input[type=file]").set_input_files(
        {"name": "syringe.png", "mimeType": "image/png", "buffer": PNG}
    )
    scan(page, serial)
    sees(page, "A second person checks the syringe")
    type_in(page, second, PASSWORD, "4")
    sees(page, "both people have the volume that the order needs")
    scan(page, serial)
    confirm(page, "Mix by ten turns")
    type_in(page, weight)
    sees(page, "Right: the addition weighs what it should.")
    confirm(page, "Seal the port")
    scan(page, serial)


def test_the_technicians_day(browse, database):
    worksheet_id, serial, codes = prepare(database)
    tina = browse("tina", width=1280, height=800)
    start(tina, serial)
    sees(tina, "Set-up, before the first bag: step 1 of 1")
    wrong = violations(tina)
    scan(tina, codes["SMG4417"])
    sees(tina, "This code confirms nothing here.")
    scan(tina, serial)
    scan(tina, codes["SMG4417"])
    sees(tina, "Wrong product.")
    scan(tina, codes["SNC0821"])
    confirm(tina, "Wipe the port")
    type_in(tina, "ST,GS,+00112.40g")
    wrong += violations(tina)
    draw(tina, codes, serial, weight="ST,GS,+00117.28g", second="theo")

    sees(tina, "Bag 1 is made. Next: bag 2.")
    lose_the_connection(tina, codes["SNC0821"])
    confirm(tina, "Wipe the port")
    follow(tina, "I have to leave")
    tina.get_by_label("reason").focus()
    type_in(tina, "Fire alarm")
    theo = browse("theo", width=800, height=1280)
    take_over(theo, worksheet_id)
    wrong += violations(theo)
    type_in(theo, "112.4")
    draw(theo, codes, serial, weight="  117.3 g", second="tina")
    confirm(theo, "Clean the hood")
    sees(theo, "All done")
    scan(theo, serial)
    sees(theo, "Preparation is finished")

    assert wrong == []
    ends(database, worksheet_id)


def start(page, serial):
    """From the queue to the station."""
    follow(page, re.compile(f"Prepare worksheet {serial}|{serial}"))
    follow(page, "Choose the hood and start")
    page.get_by_label(CLEANROOM_HOOD, exact=False).first.press("Space")
    with answered(page):
        page.get_by_role("button", name="Start preparation now").press("Enter")
    if "/station" not in page.url:
        follow(page, "Go to the station")


def lose_the_connection(page, code):
    """A scan while the network is away is not lost, not doubled, and nobody goes on before it is saved."""
    page.route("**/scan", lambda route: route.abort("internetdisconnected"))
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet")
    assert page.locator("[data-scan]").input_value() == code
    page.keyboard.press("Enter")
    with answered(page):
        page.unroute("**/scan")
    sees(page, "Wipe the port")


def take_over(page, worksheet_id):
    page.goto(f"/worksheets/{worksheet_id}/station")
    sees(page, "Tina Tallgrass left it")
    follow(page, "Take the worksheet over")
    sees(page, "sodium chloride 0.9%, 100 mL bag, lot SNC0821")
    page.get_by_label("I have looked").press("Space")
    with answered(page):
        page.get_by_role("button", name="Take it over").press("Enter")
    sees(page, "Weigh the bag before the addition")


def ends(database, worksheet_id):
    with database.reading() as session:
        worksheet = get_worksheet(session, worksheet_id, site_id=1)
        assert worksheet.status is WorksheetStatus.AWAITING_RELEASE
        assert [bag.status for bag in worksheet.bags] == [BagStatus.MADE] * 2
        assert [bag.made_by.username for bag in worksheet.bags] == ["tina", "theo"]
        assert [[one.passes for one in bag.weighings] for bag in worksheet.bags] == [[True], [True]]
        assert len(worksheet.scans) == 4
        photos = [one for one in list_standing(worksheet.steps_done) if one.attachment]
        assert [one.bag_id for one in photos] == [bag.id for bag in worksheet.bags]
        who = [one.to_person and one.to_person.username for one in worksheet.handovers]
        assert who == [None, "theo"]
