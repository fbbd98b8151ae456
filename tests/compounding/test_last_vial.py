"""Two people at the same moment: the last vial goes to one of them, and one step is done by one of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from pharmacy.audit.chain import find_break
from pharmacy.audit.models import Refusal
from pharmacy.audit.queries import get_head, iterate_entries
from pharmacy.compounding import actions
from pharmacy.compounding.models import Scan
from pharmacy.formulary.models import ProductKind
from pharmacy.inventory.actions import open_container, waste
from pharmacy.inventory.models import Lot, MovementKind, OpenedContainer, StockMovement
from pharmacy.inventory.queries import get_balances
from tests.conftest import START
from tests.therapy.orders import order_in_force
from tests.therapy.station import send, turn_of
from tests.therapy.worksheets import code_of, lots_of, started_worksheet, take_over


def two_bags_and_one_vial(session, people):
    """Bring two worksheets to where each needs a vial of a lot of which one is left."""
    version = order_in_force(session, people)
    posts = []
    for who in ("tina", "theo"):
        worksheet = started_worksheet(session, people, version, bags=1)
        if who != "tina":
            take_over(session, people, worksheet, by=who)
        bag, (diluent,) = worksheet.bags[0], lots_of(worksheet, ProductKind.DILUENT)
        actions.scan_container(session, bag, code_of(diluent), by=people(who), at=START)
        posts.append(f"/worksheets/{worksheet.id}/bags/{bag.id}/scan")
    vial = session.scalar(select(Lot).where(Lot.number == "SMG4417"))
    for _ in range(get_balances(session, [vial.id])[vial.id].containers - 1):
        spoilt = open_container(session, vial, worksheet_id=0, bag_id=0, by=people("tina"), at=START)
        waste(session, spoilt, reason="broken", by=people("tina"), at=START)
    found = (posts, vial.id, code_of(vial))
    session.commit()
    return found


def test_the_last_vial_goes_to_one_of_two_people(database, session, people, sign_in):
    posts, vial_id, code = two_bags_and_one_vial(session, people)
    clients, start = [sign_in("tina"), sign_in("theo")], Barrier(2)

    def scan(number):
        start.wait(timeout=30)
        return send(clients[number], posts[number], {"code": code})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(scan, range(2)))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (refused,) = [answer for answer in answers if answer.status_code == 409]
    sentence = (
        "No container of lot SMG4417 of magnesium sulfate 50% (500 mg/mL), 10 mL single-dose vial is left"
    )
    assert sentence in refused.text and "station-stop" in refused.text
    with database.reading() as reading:
        assert get_balances(reading, [vial_id])[vial_id].containers == 0
        scans = reading.scalars(select(Scan).where(Scan.lot_id == vial_id)).all()
        opened = reading.scalars(
            select(OpenedContainer).where(
                OpenedContainer.lot_id == vial_id, OpenedContainer.discarded_at.is_(None)
            )
        ).all()
        assert [one.opened_container_id for one in scans] == [one.id for one in opened]
        movements = reading.scalars(
            select(StockMovement).where(
                StockMovement.opened_container_id == opened[0].id, StockMovement.kind == MovementKind.OPENED
            )
        ).all()
        assert [one.containers for one in movements] == [-1]
        (kept,) = reading.scalars(select(Refusal)).all()
        assert (kept.kind, sentence in kept.sentence) == ("scan", True)
        who = [kept.person.username, scans[0].person.username]
        assert sorted(who) == ["theo", "tina"]
        head = get_head(reading)
        assert find_break(iterate_entries(reading), key=reading.info["audit_key"], head=head) is None


def test_one_step_that_is_answered_twice_at_the_same_moment_is_done_once(database, session, people, sign_in):
    """The holder's two screens scan the same bag of diluent; then two second people enter the volume."""
    worksheet = started_worksheet(session, people, order_in_force(session, people), bags=1)
    (diluent,), (vial,) = (lots_of(worksheet, kind) for kind in (ProductKind.DILUENT, ProductKind.ADDITIVE))
    codes = code_of(diluent), code_of(vial)
    here = f"/worksheets/{worksheet.id}/bags/{worksheet.bags[0].id}"
    session.commit()
    tina, theo = sign_in("tina"), sign_in("theo")

    def both(address, clients, **data):
        start, sent = Barrier(2), data | {"turn": turn_of(tina, here)}

        def answer(client):
            start.wait(timeout=30)
            return client.post(address, data=sent).status_code

        with ThreadPoolExecutor(2) as pool:
            return sorted(pool.map(answer, clients))

    assert both(f"{here}/scan", [tina, sign_in("tina")], code=codes[0]) == [303, 409]
    assert send(tina, f"{here}/scan", {"code": codes[1]}).status_code == 303
    assert send(tina, f"{here}/first-volume", {"volume": "4"}).status_code == 303
    assert both(f"{here}/second-volume", [theo, sign_in("paula")], volume="4") == [303, 409]
    assert both(f"{here}/complete", [tina, sign_in("tina")]) == [303, 409]
    with database.reading() as reading:
        assert len(reading.scalars(select(Scan)).all()) == 2
        moved = reading.scalars(select(StockMovement).where(StockMovement.kind == MovementKind.USED))
        assert [one.volume_ml for one in moved] == [-100, -4]
        assert reading.scalars(select(Refusal)).all() == []
