"""Holding lots back, on both databases: quarantine, its lifting and recall."""

import pytest

from pharmacy.accounts.permissions import Permission, Role, may
from pharmacy.audit.queries import list_history
from pharmacy.domain.errors import Forbidden, InvalidInput, Refusal
from pharmacy.domain.statuses import LotStatus
from pharmacy.inventory import actions
from tests.compounding.fingerprint import last_entry, refused
from tests.conftest import START
from tests.inventory.shelf import open_one, receive
from tests.therapy.stock import receipt_of


def test_quarantine_and_its_lifting(session, people, vial):
    actions.quarantine_lot(session, vial, reason="leaking carton", by=people("tina"), at=START)

    assert vial.status is LotStatus.QUARANTINED
    assert (last_entry(session).action, last_entry(session).reason) == (
        "put a lot in quarantine",
        "leaking carton",
    )
    refused(session, Refusal, "is in quarantine", lambda: open_one(session, people, vial))
    refused(
        session,
        Forbidden,
        "technician may not lift",
        lambda: actions.lift_quarantine(session, vial, reason="fine", by=people("tina"), at=START),
    )
    refused(
        session,
        InvalidInput,
        "Give the reason",
        lambda: actions.lift_quarantine(session, vial, reason=" ", by=people("paula"), at=START),
    )
    refused(
        session,
        Refusal,
        "quarantined cannot become quarantined",
        lambda: actions.quarantine_lot(session, vial, reason="x", by=people("tina"), at=START),
    )

    actions.lift_quarantine(session, vial, reason="carton only", by=people("paula"), at=START)

    assert vial.status is LotStatus.AVAILABLE
    assert [one.to_status for one in list_history(session, "lot", vial.id)][-2:] == [
        "quarantined",
        "available",
    ]
    refused(
        session,
        Refusal,
        "available cannot become available",
        lambda: actions.lift_quarantine(session, vial, reason="x", by=people("paula"), at=START),
    )


ROLES = {
    "tina": Role.TECHNICIAN,
    "paula": Role.PHARMACIST,
    "petra": Role.PHARMACIST_IN_CHARGE,
    "nora": Role.NURSE,
    "dan": Role.DRIVER,
    "ada": Role.ADMINISTRATOR,
    "arlo": Role.AUDITOR,
}


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize(
    ("act", "permission"),
    [
        (actions.quarantine_lot, Permission.QUARANTINE_LOTS),
        (actions.lift_quarantine, Permission.LIFT_QUARANTINE),
        (actions.recall_lot, Permission.LIFT_QUARANTINE),
    ],
)
def test_every_role_holds_back_and_lifts_what_its_rights_say(session, people, vial, who, act, permission):
    if act is actions.lift_quarantine:
        actions.quarantine_lot(session, vial, reason="leak", by=people("petra"), at=START)
    assert people(who).role is ROLES[who]

    if may(ROLES[who], permission):
        act(session, vial, reason="why", by=people(who), at=START)
        assert last_entry(session).reason == "why"
        assert who != "tina" or act is actions.quarantine_lot
    else:
        refused(
            session,
            Forbidden,
            f"may not {permission.value}",
            lambda: act(session, vial, reason="why", by=people(who), at=START),
        )


@pytest.mark.parametrize("held", [False, True])
def test_a_recalled_lot_is_never_used_or_received_again(session, people, vial, held):
    petra = people("petra")
    receipt_of(session, by=petra, at=START)
    if held:
        actions.quarantine_lot(session, vial, reason="a notice came", by=petra, at=START)
    refused(
        session,
        InvalidInput,
        "Give the reason",
        lambda: actions.recall_lot(session, vial, reason=" ", by=petra, at=START),
    )

    actions.recall_lot(session, vial, reason="the maker recalls it", by=petra, at=START)

    entry = last_entry(session)
    assert (vial.status, entry.action) == (LotStatus.RECALLED, "recalled a lot")
    assert (entry.reason, entry.person_name) == ("the maker recalls it", petra.name)
    assert list_history(session, "lot", vial.id)[-1].reason == "the maker recalls it"
    refused(session, Refusal, "is recalled", lambda: open_one(session, people, vial))
    for act in (actions.quarantine_lot, actions.lift_quarantine, actions.recall_lot):
        refused(
            session,
            Refusal,
            "recalled cannot become",
            lambda act=act: act(session, vial, reason="x", by=petra, at=START),
        )
    refused(
        session,
        Refusal,
        "recalled; do not put it on the shelf",
        lambda: receive(session, people, vial.product, number="SMG4417", expiry="2027-05-28"),
    )
