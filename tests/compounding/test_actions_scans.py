"""Scans at the station: the right container in every form of its code, and every wrong one stopped."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from pharmacy.accounts.models import Site
from pharmacy.audit.actions import move
from pharmacy.compounding import actions, queries
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal, ScanRefused
from pharmacy.domain.preparation_steps import Step
from pharmacy.domain.statuses import LOT_MOVES, LotStatus
from pharmacy.formulary.models import Product, ProductCode
from pharmacy.inventory.actions import quarantine_lot, waste
from pharmacy.inventory.models import Lot, OpenedContainer
from pharmacy.inventory.queries import Balance, get_balances, list_opened
from pharmacy.sample.facility import CLEANROOM_HOOD
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.therapy.bags import changed_order
from tests.therapy.orders import order_in_force
from tests.therapy.worksheets import (
    GS,
    checked_worksheet,
    code_of,
    draw_and_check,
    gtin_of,
    hood_called,
    read_room,
    scan_all,
    started_worksheet,
    take_over,
)


@pytest.fixture
def worksheet(session, people):
    """Give a worksheet of two bags in preparation, from lots SMG4417 and SNC0821."""
    return started_worksheet(session, people, order_in_force(session, people))


def lot_of(session, number):
    return session.scalar(select(Lot).where(Lot.number == number))


def scan(session, people, bag, raw, *, who="tina", at=START, **kwargs):
    return actions.scan_container(session, bag, raw, by=people(who), at=at, **kwargs)


def step_of(session, bag, at=START):
    return queries.read_bag_state(session, bag.worksheet, bag, at=at).step


def test_the_right_containers_in_order(session, people, worksheet):
    bag = worksheet.bags[0]
    diluent, vial = lot_of(session, "SNC0821"), lot_of(session, "SMG4417")
    assert step_of(session, bag) is Step.SCAN_DILUENT

    first = scan(session, people, bag, code_of(diluent))
    assert step_of(session, bag) is Step.SCAN_ADDITIVE
    take_over(session, people, worksheet, by="theo")
    second = scan(session, people, bag, code_of(vial), who="theo", at=START + timedelta(minutes=1))

    assert step_of(session, bag) is Step.FIRST_VOLUME
    assert (first.lot.number, first.lot_by_hand, first.raw) == ("SNC0821", False, code_of(diluent))
    assert (second.person.username, second.at) == ("theo", START + timedelta(minutes=1))
    opened = session.get(OpenedContainer, second.opened_container_id)
    assert (opened.worksheet_id, opened.opened_at) == (worksheet.id, second.at)
    assert get_balances(session, [vial.id])[vial.id] == Balance(14, Decimal(150))
    entry = last_entry(session)
    assert (entry.action, entry.person_name) == ("scanned a container", "Theo Thimble")
    assert bag.serial in entry.details and "SMG4417" in entry.details
    refused(session, ScanRefused, "Nothing is scanned now. Next: draw the additive",
            lambda: scan(session, people, bag, code_of(vial), who="theo"))  # fmt: skip
    refused(session, Refusal, "Theo Thimble holds worksheet .*. Take it over first",
            lambda: scan(session, people, bag, code_of(vial)))  # fmt: skip


@pytest.mark.parametrize("form", ["separator", "no separator", "symbology", "brackets", "carton text"])
def test_every_form_in_which_a_scanner_types_the_code(session, people, worksheet, form):
    lot = lot_of(session, "SNC0821")
    gtin, expiry = gtin_of(lot.product), lot.expiry.replace("-", "")[2:]
    raw = {
        "separator": f"01{gtin}10SNC0821{GS}17{expiry}21SERIAL7",
        "no separator": f"01{gtin}17{expiry}10SNC0821",
        "symbology": f"]d201{gtin}17{expiry}10SNC0821\r\n",
        "brackets": f"(01){gtin}(17){expiry}(10)SNC0821",
        "carton text": f"]C101{gtin}10SNC0821|17{expiry}",
    }[form]

    assert scan(session, people, worksheet.bags[0], raw).lot_id == lot.id


@pytest.mark.parametrize("code", ["gtin", "ndc", "upc"])
def test_a_code_without_a_lot_needs_it_by_hand(session, people, worksheet, code):
    bag, lot = worksheet.bags[0], lot_of(session, "SNC0821")
    gtin = gtin_of(lot.product)
    raw = {"gtin": gtin, "upc": gtin[2:], "ndc": "0264-1800-32"}[code]

    ask = queries.what_to_ask(session, bag, raw, site_id=bag.site_id, at=START)
    assert ask is queries.Ask.LOT
    refused(session, InvalidInput, "holds no lot", lambda: scan(session, people, bag, raw))
    refused(session, ScanRefused, "Lot NOPE of sodium chloride .* was never received here",
            lambda: scan(session, people, bag, raw, lot_number="NOPE"))  # fmt: skip
    found = scan(session, people, bag, raw, lot_number="SNC0821")
    assert (found.lot_id, found.lot_by_hand) == (lot.id, True)


def test_the_typed_lot_never_overrules_the_code(session, people, worksheet):
    lot = lot_of(session, "SNC0821")

    refused(session, ScanRefused, "The code says lot SNC0821, not SNC0934",
            lambda: scan(session, people, worksheet.bags[0], code_of(lot), lot_number="SNC0934"))  # fmt: skip


def test_every_wrong_scan_is_a_hard_stop(session, people, worksheet):
    """What was scanned, what was expected, what to do; and stock, scans and audit stay as they are."""
    bag = worksheet.bags[0]
    needs_bag = "Bag 1 needs sodium chloride 0.9%, 100 mL bag"
    lots = {lot.number: lot for lot in session.scalars(select(Lot))}

    def stop(raw, *sentences):
        refusal = refused(session, ScanRefused, sentences[0], lambda: scan(session, people, bag, raw))
        for sentence in sentences:
            assert sentence in refusal.sentence

    stop(
        code_of(lots["SMG4417"]),
        "Wrong product. You scanned magnesium sulfate 50%",
        needs_bag,
        "Put it aside",
    )
    stop("63323-064-99", "is of no product of this pharmacy", needs_bag, "Put it aside")
    stop("hello", "not a product code", needs_bag)
    stop(bag.serial, f"our own serial {bag.serial}, not a container", needs_bag)
    stop("W-000014", "our own serial", needs_bag)
    stop("", "Nothing was scanned")
    stop(gtin_of(lots["SNC0821"].product)[:-1] + "0", "check digit")
    stop(code_of(lots["SNC0934"]), "Wrong lot. Lot SNC0934", "not on this worksheet. Take lot SNC0821")
    stop(
        code_of(lots["SNC0821"]).replace("SNC0821", "SNC9999"),
        "Wrong lot. Lot SNC9999",
        "never received here",
    )
    other_expiry = code_of(lots["SNC0821"]).replace("17261115", "17261116")
    stop(
        other_expiry,
        "The code says that lot SNC0821 expires Mon 16 Nov 2026",
        "received with Sun 15 Nov 2026",
    )

    scan(session, people, bag, code_of(lots["SNC0821"]))
    needs_vial = "Bag 1 needs magnesium sulfate 50% (500 mg/mL), 10 mL single-dose vial"
    stop(code_of(lots["SNC0821"]), "Wrong product. You scanned sodium chloride", needs_vial)
    stop(code_of(lots["SMP3301"]), "Wrong strength. You scanned magnesium sulfate 4%", needs_vial)
    stop(code_of(lots["SMH2090"]), "Wrong container. You scanned magnesium sulfate 50%", needs_vial)
    stop(code_of(lots["SMG5102"]), "Wrong lot. Lot SMG5102", "Take lot SMG4417")


def test_a_lot_that_may_not_be_used_is_a_hard_stop(session, people, worksheet):
    bag, lot = worksheet.bags[0], lot_of(session, "SNC0821")
    read_room(session, people, hood_called(session, CLEANROOM_HOOD), at=lot.expires_at)

    def stop(sentence, at=START):
        refused(session, ScanRefused, sentence, lambda: scan(session, people, bag, code_of(lot), at=at))

    stop("Lot SNC0821 of sodium chloride .* expired Sun 15 Nov 2026 23:59 EST. Put it aside", lot.expires_at)
    quarantine_lot(session, lot, reason="x", by=people("tina"), at=START)
    stop("Lot SNC0821 .* is in quarantine. Put it aside and tell a pharmacist")
    move(session, lot, LOT_MOVES, LotStatus.RECALLED, what="a lot", by=people("petra"), at=START)
    stop("Lot SNC0821 .* is recalled. Put it aside")


def test_the_lot_of_another_site_is_a_hard_stop(session, people, worksheet):
    mine = lot_of(session, "SNC0821")
    columns = [column.name for column in Site.__table__.columns if column.name != "id"]
    other = Site(**{name: getattr(people("tina").site, name) for name in columns})
    session.add(other)
    session.flush()
    copied = [column.name for column in Product.__table__.columns if column.name != "id"]
    product = Product(**{name: getattr(mine.product, name) for name in copied} | {"site_id": other.id})
    product.codes = [
        ProductCode(system=one.system, value=one.value, shown=one.shown) for one in mine.product.codes
    ]
    session.add(product)
    session.flush()
    theirs = Lot(site_id=other.id, product_id=product.id, number="THEIRS", expiry=mine.expiry,
                 expires_at=mine.expires_at, status=LotStatus.AVAILABLE, supplier="x", location="x",
                 received_at=START)  # fmt: skip
    session.add(theirs)
    session.flush()

    refused(session, ScanRefused, "Wrong lot. Lot THEIRS .* was never received here. Put it aside",
            lambda: scan(session, people, worksheet.bags[0], code_of(theirs)))  # fmt: skip


def test_a_code_that_may_be_two_products_is_a_hard_stop(session, people, worksheet):
    """Ten digits without dashes can be cut in three ways; two of them are products here."""
    vial = lot_of(session, "SMG4417").product
    vial.codes.append(ProductCode(system="ndc", value="02641080032", shown="0264-1800-32"))
    session.flush()
    bag = worksheet.bags[0]

    refused(session, ScanRefused, "This code may be .* or .*. Bag 1 needs .* or scan the square code",
            lambda: scan(session, people, bag, "0264180032"))  # fmt: skip


def test_scans_are_taken_for_the_bag_in_turn_only(session, people, worksheet):
    first, second = worksheet.bags
    lot = lot_of(session, "SNC0821")

    refused(session, Refusal, "Bag 2 is planned or out of turn; the next is bag 1",
            lambda: scan(session, people, second, code_of(lot)))  # fmt: skip
    refused(
        session, Forbidden, "may not compound", lambda: scan(session, people, first, code_of(lot), who="nora")
    )
    version = worksheet.order_version
    waiting = checked_worksheet(session, people, version)
    refused(session, Refusal, "is checked; nothing is made by it now",
            lambda: scan(session, people, waiting.bags[0], code_of(lot)))  # fmt: skip
    changed_order(session, people, version, "every two out of three days")
    refused(session, Refusal, "was replaced by version 2",
            lambda: scan(session, people, first, code_of(lot)))  # fmt: skip


def test_an_open_vial_serves_the_next_bag_within_its_clock(session, people):
    worksheet = started_worksheet(session, people, order_in_force(session, people), bags=4)
    vial = lot_of(session, "SMG4417")
    opened = []
    for bag in worksheet.bags[:3]:
        scan_all(session, people, bag)
        draw_and_check(session, people, bag)
        actions.complete_bag(session, bag, by=people("tina"), at=START)
        opened.append(worksheet.scans[-1].opened_container_id)
    # 10 mL: two bags of 4 mL; the remnant of 2 mL serves none, so the third bag opens a new vial.
    assert opened[0] == opened[1] != opened[2]
    assert get_balances(session, [vial.id])[vial.id] == Balance(13, Decimal(138))

    bag = worksheet.bags[3]
    late = START + timedelta(hours=12)
    scan(session, people, bag, code_of(lot_of(session, "SNC0821")), at=late)
    # A scan cannot tell the vials out of their time from a new one: they are discarded first.
    for left in list_opened(session, worksheet.id):
        if left.lot_id == vial.id:
            refused(session, ScanRefused, "was opened .* and could be used before .* Discard it",
                    lambda: scan(session, people, bag, code_of(vial), at=late))  # fmt: skip
            waste(session, left, reason="out of its time", by=people("tina"), at=late)
    fresh = scan(session, people, bag, code_of(vial), at=late)
    assert fresh.opened_container_id not in opened
    assert get_balances(session, [vial.id])[vial.id].containers == 12


def test_undoing_a_scan_puts_the_container_back_or_wastes_it(session, people, worksheet):
    bag, vial = worksheet.bags[0], lot_of(session, "SMG4417")

    def undo(*, discarded, reason="wrong one", who="tina"):
        return lambda: actions.undo_scan(
            session, bag, discarded=discarded, reason=reason, by=people(who), at=START
        )

    refused(session, Refusal, "no scan of this bag", undo(discarded=False))
    scan_all(session, people, bag)
    refused(session, InvalidInput, "Give the reason", undo(discarded=False, reason=" "))
    refused(session, Forbidden, "may not compound", undo(discarded=False, who="nora"))

    undone = undo(discarded=False)()

    assert (undone.undone_at, undone.undone_because) == (START, "wrong one")
    assert step_of(session, bag) is Step.SCAN_ADDITIVE
    assert get_balances(session, [vial.id])[vial.id] == Balance(15, Decimal(150))
    assert (last_entry(session).action, last_entry(session).reason) == ("undid a scan", "wrong one")

    scan(session, people, bag, code_of(vial))
    undo(discarded=True, reason="it broke")()
    assert get_balances(session, [vial.id])[vial.id] == Balance(14, Decimal(140))
    undo(discarded=False)()
    assert step_of(session, bag) is Step.SCAN_DILUENT
    assert len(worksheet.scans) == 3 and all(one.undone_at for one in worksheet.scans)


def test_undoing_the_scan_of_a_shared_vial_leaves_it_open(session, people, worksheet):
    first, second = worksheet.bags
    scan_all(session, people, first)
    draw_and_check(session, people, first)
    actions.complete_bag(session, first, by=people("tina"), at=START)
    scan_all(session, people, second)
    vial = lot_of(session, "SMG4417")

    actions.undo_scan(session, second, discarded=False, reason="later", by=people("tina"), at=START)

    assert get_balances(session, [vial.id])[vial.id] == Balance(14, Decimal(146))
    state = queries.read_bag_state(session, worksheet, second, at=START)
    assert [one.left_ml for one in state.additive.reusable] == [6]


def test_nothing_is_undone_once_the_volume_was_entered(session, people, worksheet):
    bag = worksheet.bags[0]
    scan_all(session, people, bag)
    actions.enter_first_volume(session, bag, volume_ml=Decimal(4), by=people("tina"), at=START)

    def undo():
        actions.undo_scan(session, bag, discarded=False, reason="x", by=people("tina"), at=START)

    refused(session, Refusal, "entered already: go on, or give up this bag", undo)
    actions.enter_second_volume(session, bag, volume_ml=Decimal(4), by=people("theo"), at=START)
    refused(session, Refusal, "entered already", undo)
