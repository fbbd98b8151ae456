"""Where a product may stand: every kind of location against every way of keeping."""

import pytest

from pharmacy.domain.stock_locations import LocationKind, StorageNeed, judge_location

K, N = LocationKind, StorageNeed


def judge(kind, need, *, high_alert=False):
    return judge_location(kind, product="drug", need=need, label="Keep cool.", high_alert=high_alert)


@pytest.mark.parametrize(
    ("need", "fitting"),
    [
        (N.ROOM, {K.ROOM, K.HIGH_ALERT, K.QUARANTINE}),
        (N.REFRIGERATOR, {K.REFRIGERATOR, K.QUARANTINE}),
        (N.FREEZER, {K.FREEZER, K.QUARANTINE}),
    ],
)
def test_another_temperature_is_refused(need, fitting):
    assert {kind for kind in K if not judge(kind, need).refusal} == fitting
    assert (
        f"drug is kept at: {need.value}."
        in judge(K.FREEZER if need is not N.FREEZER else K.ROOM, need).refusal
    )


@pytest.mark.parametrize(
    ("kind", "need", "high_alert", "warning"),
    [
        (K.ROOM, N.ROOM, False, ""),
        (K.ROOM, N.ROOM, True, "belongs into a segregated high-alert location"),
        (K.HIGH_ALERT, N.ROOM, True, ""),
        (K.HIGH_ALERT, N.ROOM, False, "for high-alert drugs; drug is none"),
        (K.REFRIGERATOR, N.REFRIGERATOR, True, ""),
        (K.QUARANTINE, None, True, ""),
        (K.ROOM, None, False, "Its record says: Keep cool. This location is: room temperature."),
    ],
)
def test_what_a_person_can_judge_is_a_warning(kind, need, high_alert, warning):
    fit = judge(kind, need, high_alert=high_alert)

    assert fit.refusal == "" and warning in fit.warning and bool(warning) == bool(fit.warning)
