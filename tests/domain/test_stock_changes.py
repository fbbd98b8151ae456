"""Why stock is changed by hand, which way each reason goes, and when a second person has to confirm it."""

import pytest

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.stock_changes import (
    ChangeReason,
    ensure_explains,
    is_large,
    needs_witness,
    signed_change,
)

R = ChangeReason
MORE = {R.FOUND, R.RECEIVED_TOO_FEW}


@pytest.mark.parametrize("reason", list(ChangeReason))
def test_each_reason_goes_one_way(reason):
    assert signed_change(reason, 3) == (3 if reason in MORE else -3)
    ensure_explains(reason, 1 if reason in MORE else -1)
    with pytest.raises(InvalidInput, match=r"2 containers (more|fewer) than booked cannot be: "):
        ensure_explains(reason, -2 if reason in MORE else 2)
    with pytest.raises(InvalidInput, match="at least 1 container"):
        signed_change(reason, 0)


@pytest.mark.parametrize(
    ("difference", "high_alert", "limit", "large"),
    [
        (1, False, 2, False),
        (2, False, 2, False),
        (3, False, 2, True),
        (-2, False, 2, False),
        (-3, False, 2, True),
        (1, True, 2, True),
        (1, False, None, True),
        (1, False, 0, True),
    ],
)
def test_a_difference_is_large_above_the_limit(difference, high_alert, limit, large):
    assert is_large(difference, high_alert=high_alert, limit=limit) is large


@pytest.mark.parametrize("reason", list(ChangeReason))
def test_what_leaves_no_trace_needs_a_witness_where_it_is_large(reason):
    unseen = reason in {R.LOST, R.FOUND, R.RECEIVED_TOO_MANY, R.RECEIVED_TOO_FEW}

    assert needs_witness(reason, 3, high_alert=False, limit=2) is (unseen or reason is R.DESTROYED)
    assert needs_witness(reason, 2, high_alert=False, limit=2) is (reason is R.DESTROYED)
    assert needs_witness(reason, 1, high_alert=True, limit=2) is (unseen or reason is R.DESTROYED)
    assert needs_witness(reason, 2, high_alert=True, limit=2) is (unseen or reason is R.DESTROYED)
    # Of a high-alert drug nobody takes away many alone, whatever they call it.
    assert needs_witness(reason, 3, high_alert=True, limit=2)
    assert needs_witness(reason, 1, high_alert=True, limit=None)
