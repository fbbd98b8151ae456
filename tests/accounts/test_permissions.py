"""Who may do what."""

import pytest

from pharmacy.accounts.permissions import PERMISSIONS, Permission, Role, ensure_may, may
from pharmacy.domain.errors import Forbidden

VERIFYING = {
    Permission.VERIFY_ORDERS,
    Permission.SIGN_PLANS,
    Permission.CHECK_WORKSHEETS,
    Permission.RELEASE_BAGS,
    Permission.VERIFY_PUMP_SHEETS,
    Permission.APPROVE_FORMULAS,
    Permission.LIFT_QUARANTINE,
    Permission.CHANGE_ORDERS,
}
WRITING = set(Permission) - {
    Permission.SEE_WORKLIST,
    Permission.USE_CALCULATORS,
    Permission.READ_CHARTS,
    Permission.READ_FORMULARY,
    Permission.TRACE,
    Permission.READ_REFUSALS,
    Permission.READ_REPORTS,
    Permission.READ_FACILITY,
    Permission.READ_AUDIT,
}


@pytest.mark.parametrize("permission", sorted(VERIFYING))
def test_technician_never_verifies(permission):
    assert not may(Role.TECHNICIAN, permission)


def test_administrator_has_no_clinical_rights_but_reads_figures_without_names():
    assert PERMISSIONS[Role.ADMINISTRATOR] == {
        Permission.SEE_WORKLIST,
        Permission.USE_CALCULATORS,
        Permission.MANAGE_PEOPLE,
        Permission.READ_REPORTS,
    }


def test_auditor_only_reads():
    assert not PERMISSIONS[Role.AUDITOR] & WRITING


def test_driver_sees_nothing_clinical():
    assert not may(Role.DRIVER, Permission.READ_CHARTS)


def test_every_permission_belongs_to_somebody():
    assert set().union(*PERMISSIONS.values()) == set(Permission)


def test_refusal_says_whose_task_it_is():
    with pytest.raises(Forbidden) as caught:
        ensure_may(Role.DRIVER, Permission.VERIFY_ORDERS)

    assert caught.value.sentence == (
        "A delivery driver may not verify orders; this is for a pharmacist or pharmacist-in-charge."
    )
