"""The pages of a change: typed, read back, verified with all that follows, and ticked on one page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pharmacy.accounts.queries import find_person
from pharmacy.audit.models import ChartRead, Refusal
from pharmacy.domain.statuses import OrderStatus
from pharmacy.prescriptions.actions import enter_change
from pharmacy.prescriptions.models import ChangeTask, OrderVersion
from pharmacy.printing.models import PrintedPaper
from pharmacy.sample.people import PASSWORD
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.changes import change_in_force, entered_change, instant, nine_at_home
from tests.therapy.orders import order_in_force
from tests.therapy.plans import home_day

CHANGED_AT = instant(5, 9)
TYPED = {
    "frequency_as_written": "every two out of three days",
    "anchor": "2026-11-13T21:00",
    "effective": "2026-11-13T00:00",
    "reason": "Magnesium 2.1 mg/dL, within range",
    "received_how": "telephone",
    "read_back": "y",
}


@pytest.fixture
def arranged(database):
    """Arrange something in a transaction of its own, before the pages are opened."""

    def arrange(work):
        with database.transaction() as session:
            return work(session, lambda username: find_person(session, username))

    return arrange


def vector_a(session: Session, people) -> tuple[int, list[str]]:
    home = nine_at_home(session, people)
    return home.version.order_id, [bag.serial for bag in home.bags]


def seen_on(page) -> str:
    return re.search(r'name="seen"[^>]*value="([^"]+)"', page.text).group(1)


def text_of(page) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).replace("\N{NO-BREAK SPACE}", " ").split())


def test_from_the_prescribers_call_to_the_last_tick(database, arranged, sign_in, clock):
    order_id, serials = arranged(vector_a)
    clock.now = CHANGED_AT
    paula, address = sign_in("paula"), f"/orders/{order_id}/change"

    # Nothing typed: every question is asked, and what was typed is kept.
    assert paula.get(address).status_code == 200
    empty = paula.post(address, data={"reason": "Magnesium in range"})
    assert empty.status_code == 422
    for sentence in ("Enter the new frequency.", "Choose how it was received.", "Magnesium in range"):
        assert sentence in empty.text
    for wrong, sentence in (
        ({"frequency_as_written": "3 times a week"}, "does not name the days of the week"),
        ({"frequency_as_written": "daily", "anchor": "2026-11-10T21:00", "effective": "2026-11-10T21:00"},
         "nothing changes"),
        ({"read_back": ""}, "Read a spoken order back"),
        ({"anchor": "2026-11-12T21:00"}, "cannot take effect after its first dose"),
    ):  # fmt: skip
        page = paula.post(address, data={**TYPED, **wrong, "step": "save"})
        assert (page.status_code, sentence in text_of(page)) == (422, True), (wrong, text_of(page))

    # Read back as a dated calendar against the old order, then saved.
    review = text_of(paula.post(address, data=TYPED))
    for words in (
        "“every two out of three days” is understood as 2 of every 3 days , day 1 on Fri 13 Nov 2026 21:00",
        "Doses a week, on average 7 4.67 changed",
        "Doses in 30 days, on average 30 20 changed",
        "66.7% of the doses before, on average",
        "Fri 13 Nov 2026: infuse at 21:00",
        "Nothing is saved yet",
    ):
        assert words in review.replace("&ldquo;", "“").replace("&rdquo;", "”"), words
    assert "Mon 16 Nov 2026: infuse" in review and "Sun 15 Nov 2026: infuse" not in review
    assert paula.post(address, data={**TYPED, "step": "edit"}).status_code == 200
    with Session(database.engine) as session:
        assert session.scalar(select(OrderVersion).where(OrderVersion.replaces_id.is_not(None))) is None
    saved = paula.post(address, data={**TYPED, "step": "save"})
    assert (saved.status_code, saved.headers["Location"]) == (303, f"/orders/{order_id}")
    assert paula.get(address).status_code == 409
    with Session(database.engine) as session:
        version = session.scalar(select(OrderVersion).where(OrderVersion.replaces_id.is_not(None)))
        version_id, old_id = version.id, version.replaces_id
        assert (version.status, version.replaces.status) == (OrderStatus.ENTERED, OrderStatus.IN_FORCE)

    # Who recorded it cannot sign; another pharmacist sees all that follows, and signs that.
    verify = f"/order-versions/{version_id}/change"
    assert "You entered or corrected this order" in paula.get(verify).text
    assert "Put the change in force" not in paula.get(verify).text
    peter = sign_in("peter")
    assert peter.get(f"/order-versions/{version_id}/verify").headers["Location"] == verify
    page = peter.get(verify)
    for words in (
        "7 a week becomes 4.67",
        "15 up to Sat 28 Nov 2026 09:00 EST become 10",
        "6: 4 still used, 2 to be counted back and destroyed",
        "Next delivery, before Thu 19 Nov 2026 12:00 EST: 9 bags",
        "Next delivery, now Thu 19 Nov 2026 12:00 EST: 6 bags",
        "New bag needed by Thu 19 Nov 2026 21:00 EST",
        f"Bag {serials[7]} at home has no dose left before its beyond-use date, Thu 19 Nov 2026 09:00 EST.",
        "was planned with 9 bags and now needs 6.",
        "Interactions and duplicate therapy are not checked by the system.",
        "Frequency daily 2 of every 3 days changed",
    ):
        assert words in text_of(page), words
    data = {"seen": seen_on(page), "password": PASSWORD, "list_checked": "y"}
    assert peter.post(verify, data={**data, "seen": "x" * 64}).status_code == 409
    assert peter.post(verify, data={**data, "list_checked": ""}).status_code == 422
    assert peter.post(verify, data={**data, "password": "wrong"}).status_code == 403
    signed = peter.post(verify, data=data)
    assert (signed.status_code, signed.headers["Location"]) == (303, f"/changes/{version_id}"), signed.text
    assert peter.get(verify).headers["Location"] == f"/changes/{version_id}"

    # One page, with a tick for each thing; a technician ticks, a nurse only reads.
    shown = f"/changes/{version_id}"
    tina = sign_in("tina")
    page = tina.get(shown)
    assert "0 of 9 done." in text_of(page)
    for words in ("6: 4 still used, 2 to be counted back", "Thu 19 Nov 2026 12:00 EST 9 6 3 fewer",
                  "Pump sheets", "Calendars", "Deliveries", "count at home and plan"):  # fmt: skip
        assert words in text_of(page), words
    assert f"{serials[3]} Thu 19 Nov 2026 09:00 EST Fri 13 Nov 2026 21:00 EST" in text_of(page)
    assert "Tick: this is done" not in sign_in("nora").get(shown).text
    ids = [int(one) for one in re.findall(r"/change-tasks/(\d+)/tick", page.text)]
    assert len(set(ids)) == 9
    clock.advance(minutes=5)
    for number, task_id in enumerate(ids, start=1):
        note = {f"task-{task_id}-note": f"told Basil Larkspur, {number}"}
        ticked = tina.post(f"/change-tasks/{task_id}/tick", data=note)
        assert ticked.headers["Location"] == f"{shown}#task-{task_id}"
    page = text_of(tina.get(shown))
    assert "9 of 9 done." in page
    assert "Done by Tina Tallgrass, Fri 13 Nov 2026 09:05 EST: told Basil Larkspur, 9" in page
    again = tina.post(f"/change-tasks/{ids[0]}/tick", data={f"task-{ids[0]}-note": "x" * 501})
    assert again.status_code == 422
    again = tina.post(f"/change-tasks/{ids[0]}/tick", data={f"task-{ids[0]}-note": "twice"})
    assert (again.status_code, "done already, by Tina Tallgrass" in again.text) == (409, True)

    # Old documents say that they are replaced, wherever they are looked up.
    with Session(database.engine) as session:
        papers = session.scalars(
            select(PrintedPaper.serial).where(PrintedPaper.order_version_id == old_id)
        ).all()
        assert set(session.scalars(select(ChartRead.page))) >= {address, verify, shown}
        assert "/change" in session.scalars(select(Refusal.tried)).all()[-1]
    assert len(papers) == 3
    for serial in papers:
        page = text_of(tina.get(f"/documents/{serial}"))
        assert "Replaced on Fri 13 Nov 2026 09:00 EST: version 2 of Rx 1000002 holds from" in page
    assert "Replaced. Version 1 of this order is replaced." in text_of(tina.get(f"/bags/{serials[3]}"))


def test_a_change_is_sent_back_and_the_old_order_goes_on(database, arranged, sign_in, clock):
    def entered(session, people):
        version = entered_change(session, people, order_in_force(session, people), at=START)
        return version.id, version.order_id

    version_id, order_id = arranged(entered)
    peter, address = sign_in("peter"), f"/order-versions/{version_id}/change"

    assert peter.post(f"{address}/send-back", data={}).status_code == 422
    sent = peter.post(f"{address}/send-back", data={"back-reason": "which day is day 1?"})

    assert sent.headers["Location"] == f"/orders/{order_id}"
    assert peter.get(address).headers["Location"] == f"/orders/{order_id}"
    with Session(database.engine) as session:
        version = session.get(OrderVersion, version_id)
        assert (version.status, version.replaces.status) == (OrderStatus.SENT_BACK, OrderStatus.IN_FORCE)
    assert peter.get(f"/changes/{version_id}").status_code == 404
    first = f"/order-versions/{version.replaces_id}"
    assert peter.get(f"{first}/change").headers["Location"] == f"{first}/verify"


def test_pages_cost_the_same_for_one_task_and_for_many(database, arranged, sign_in, clock):
    def changed(session, people):
        bare = order_in_force(session, people, anchor=home_day(2, 21), effective=home_day(2, 21))
        few = change_in_force(session, people, bare, at=START, anchor=home_day(3, 21)).id
        home = nine_at_home(session, people)
        many = change_in_force(session, people, home.version, at=CHANGED_AT).id
        waiting = enter_change(
            session, session.get(OrderVersion, many), frequency_as_written="daily", anchor=home_day(8, 21),
            effective=home_day(8), reason="back", received_how="fax", read_back=False, by=people("paula"),
            at=CHANGED_AT + timedelta(minutes=1),
        )  # fmt: skip
        return few, many, waiting.id

    few, many, waiting = arranged(changed)
    clock.now = CHANGED_AT + timedelta(minutes=2)
    peter = sign_in("peter")
    costs = {}
    for name, address in (
        ("few", f"/changes/{few}"), ("many", f"/changes/{many}"),
        ("preview", f"/order-versions/{waiting}/change"),
    ):  # fmt: skip
        peter.get(address)
        with counted_statements(peter.application.extensions["database"]) as statements:
            assert peter.get(address).status_code == 200
        costs[name] = len(statements)

    with Session(database.engine) as session:
        tasks = [len(session.scalars(select(ChangeTask).where(ChangeTask.order_version_id == one)).all())
                 for one in (few, many)]  # fmt: skip
    assert tasks == [1, 9]
    assert costs["many"] <= costs["few"] + 4, costs
    assert costs["preview"] <= 90, costs
