"""Receiving, on both databases: what comes onto the shelf and what does not."""

from datetime import timedelta
from decimal import Decimal

import pytest

from pharmacy.audit.actions import move
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.statuses import LOT_MOVES, LotStatus
from pharmacy.inventory import actions, queries
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.inventory.shelf import balance_of, open_one, receive
from tests.therapy.stock import receipt_of


def test_a_lot_is_received_and_received_again(session, people, vial):
    lot = receive(session, people, vial.product)

    assert (lot.status, lot.expiry, lot.received_at) == (LotStatus.AVAILABLE, "2027-03", START)
    # 31 March 2027, 23:59:59 in New York (domain.md 1.6, rule 6).
    assert lot.expires_at.isoformat() == "2027-04-01T03:59:59+00:00"
    assert balance_of(session, lot) == queries.Balance(5, Decimal(50))
    entry = last_entry(session)
    assert (entry.action, entry.person_name, entry.at) == ("received a lot", "Tina Tallgrass", START)
    assert [one.to_status for one in list_history(session, "lot", lot.id)] == ["available"]

    again = receive(session, people, vial.product, expiry="2027-03-31", containers=2)

    assert again.id == lot.id
    assert balance_of(session, lot) == queries.Balance(7, Decimal(70))
    assert len(list_history(session, "lot", lot.id)) == 1


def test_what_may_not_be_received(session, people, vial):
    receipt_of(session, by=people("tina"), at=START)

    def act(**changes):
        return lambda: receive(session, people, vial.product, **changes)

    refused(session, Forbidden, "nurse may not receive", act(by="nora"))
    refused(session, InvalidInput, "lot number should be as printed", act(number=" "))
    refused(session, InvalidInput, "lot number should be as printed", act(number="A" * 21))
    refused(session, InvalidInput, "at least 1 container", act(containers=0))
    refused(session, InvalidInput, "expiry should be a month", act(expiry="03/2027"))
    refused(session, Refusal, "expired Sat 31 Oct 2026", act(expiry="2026-10"))
    refused(
        session,
        Refusal,
        "is here already and expires .* read the package again",
        act(number=vial.number, expiry="2027-03"),
    )
    move(session, vial, LOT_MOVES, LotStatus.RECALLED, what="a lot", by=people("petra"), at=START)
    refused(
        session, Refusal, "recalled; do not put it on the shelf", act(number=vial.number, expiry=vial.expiry)
    )


@pytest.mark.parametrize(("seconds", "is_received"), [(-1, True), (0, False)])
def test_a_lot_is_received_until_its_last_instant(session, people, vial, seconds, is_received):
    last = receive(session, people, vial.product).expires_at
    at = last + timedelta(seconds=seconds)

    if is_received:
        assert receive(session, people, vial.product, number="NEW2", at=at).expires_at == last
    else:
        refused(
            session, Refusal, "expired", lambda: receive(session, people, vial.product, number="NEW2", at=at)
        )


def test_an_expiry_is_corrected_until_the_first_container_is_opened(session, people, vial):
    lot = receive(session, people, vial.product, number="TYPED1")

    def act(who="paula", reason="misread", expiry="2027-05-20", again=None):
        return lambda: actions.correct_expiry(session, lot, expiry=expiry, expiry_again=again or expiry,
                                              reason=reason, by=people(who), at=START)  # fmt: skip

    refused(session, Forbidden, "technician may not", act("tina"))
    refused(session, InvalidInput, "Give the reason", act(reason=""))
    refused(session, InvalidInput, "expiry should be a month", act(expiry="May 2027"))
    refused(session, InvalidInput, "expiry was typed in two ways", act(again="2027-05-21"))
    act()()
    assert (lot.expiry, lot.expires_at.isoformat()) == ("2027-05-20", "2027-05-21T03:59:59+00:00")
    entry = last_entry(session)
    assert entry.reason == "misread" and "2027-03" in entry.details and "2027-05-20" in entry.details

    receive(session, people, vial.product, number="TYPED1", expiry="2027-05-20", by="petra")
    refused(session, Refusal, "You received this lot; another pharmacist", act("petra"))
    actions.put_back(session, open_one(session, people, lot), reason="x", by=people("tina"), at=START)
    refused(session, Refusal, "was opened already; put it in quarantine", act(expiry="2027-06"))


def test_an_expiry_that_was_scanned_is_not_corrected_to_another(session, people, vial):
    def act(expiry):
        return lambda: actions.correct_expiry(session, vial, expiry=expiry, expiry_again=expiry,
                                              reason="misread", by=people("paula"), at=START)  # fmt: skip

    refused(session, Refusal, "code on a package of lot SMG4417 says that it expires Fri 28 May 2027",
            act("2027-05-29"))  # fmt: skip
    assert act(vial.expiry)().expiry == "2027-05-28"
