"""The clocks of opened containers as gates: domain.md 1.3, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.beyond_use_limits import (
    Category,
    Method,
    Preparation,
    Storage,
    load_limits_table,
    read_limits_table,
)
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.domain.formatting import NBSP
from pharmacy.domain.opened_containers import (
    ContainerClock,
    ContainerKind,
    ensure_may_be_drawn_from,
    start_clock,
)
from pharmacy.domain.reference_data import get_entry

ZONE = ZoneInfo("America/New_York")
TABLE = load_limits_table()
EXAMPLE = load_limits_table("example-shorter-limits")
OPENED = datetime(2026, 11, 9, 14, 0, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
FAR = OPENED + 10_000 * HOUR
KIND = ContainerKind


def start(kind: ContainerKind, **changes: Any) -> ContainerClock:
    case: dict[str, Any] = {"opened_at": OPENED, "expires": FAR, "table": TABLE}
    return start_clock(kind, **(case | changes))


def draw(clock: ContainerClock, at: datetime, *, immediate_use: bool = False) -> None:
    ensure_may_be_drawn_from(clock, at=at, zone=ZONE, immediate_use=immediate_use)


@pytest.mark.parametrize(
    ("kind", "label_hours", "hours"),
    [
        pytest.param(KIND.SINGLE_DOSE, None, 12, id="single-dose in ISO 5: 12 hours"),
        pytest.param(KIND.SINGLE_DOSE, 6, 6, id="single-dose: its label shortens"),
        pytest.param(KIND.SINGLE_DOSE, 24, 12, id="single-dose: its label never lengthens"),
        pytest.param(KIND.SINGLE_DOSE_WORSE_AIR, None, 4, id="worse than ISO 5: as immediate use"),
        pytest.param(KIND.MULTIPLE_DOSE, None, 28 * 24, id="multiple-dose: 28 days"),
        pytest.param(KIND.MULTIPLE_DOSE, 14 * 24, 14 * 24, id="multiple-dose, labelled shorter"),
        pytest.param(KIND.MULTIPLE_DOSE, 42 * 24, 42 * 24, id="multiple-dose, labelled longer"),
        pytest.param(KIND.BULK_PACKAGE, 4, 4, id="pharmacy bulk package: 4 hours by its label"),
        pytest.param(KIND.BULK_PACKAGE, Decimal("0.5"), Fraction(1, 2), id="bulk: half an hour"),
        pytest.param(KIND.COMPOUNDED_SINGLE_DOSE, None, 12, id="compounded single-dose: 12 hours"),
        pytest.param(KIND.COMPOUNDED_MULTIPLE_DOSE, None, 28 * 24, id="compounded multiple-dose: 28 days"),
    ],
)
def test_the_clock_of_domain_1_3(
    kind: ContainerKind, label_hours: Decimal | int | None, hours: Fraction | int
) -> None:
    clock = start(kind, label_hours=label_hours)

    assert clock.until == OPENED + timedelta(hours=float(hours))
    assert (clock.kind, clock.opened_at) == (kind, OPENED)
    assert clock.immediate_use_only is (kind is KIND.SINGLE_DOSE_WORSE_AIR)
    assert "USP <797> (2023), " in clock.source
    assert clock.source.endswith("not checked by a pharmacist.")


@pytest.mark.parametrize("kind", [KIND.AMPULE, KIND.BULK_PACKAGE_WORSE_AIR])
def test_what_domain_1_3_does_not_let_anybody_keep(kind: ContainerKind) -> None:
    with pytest.raises(Refusal) as refused:
        start(kind, label_hours=4)
    assert refused.value.sentence == (
        f"An opened {kind} may not be kept; by USP <797> beyond-use limits, revision official 1 Nov 2023 "
        "only these may: single-dose in ISO 5, single-dose in worse than ISO 5, multiple-dose, "
        "pharmacy bulk package in ISO 5, compounded single-dose, compounded multiple-dose."
    )


def test_a_bulk_package_needs_the_hours_of_its_label() -> None:
    with pytest.raises(InvalidInput) as refused:
        start(KIND.BULK_PACKAGE)
    assert refused.value.sentence == (
        "label_hours is missing; how long an opened pharmacy bulk package in ISO 5 may be used stands on "
        "its label."
    )
    assert refused.value.field == "label_hours"


@pytest.mark.parametrize("hours", [0, -1])
def test_a_label_of_no_hours_is_refused(hours: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        start(KIND.MULTIPLE_DOSE, label_hours=hours)
    assert refused.value.sentence == "label_hours should be greater than 0."
    assert refused.value.field == "label_hours"


@pytest.mark.parametrize(
    ("left", "expected"),
    [(12 * HOUR - SECOND, 12 * HOUR - SECOND), (12 * HOUR, 12 * HOUR), (FAR - OPENED, 12 * HOUR)],
)
def test_its_own_expiry_or_beyond_use_date_caps_the_clock(left: timedelta, expected: timedelta) -> None:
    assert start(KIND.COMPOUNDED_SINGLE_DOSE, expires=OPENED + left).until == OPENED + expected


@pytest.mark.parametrize("left", [timedelta(0), -SECOND])
def test_a_container_that_expired_before_it_was_opened_is_refused(left: timedelta) -> None:
    with pytest.raises(Refusal) as refused:
        start(KIND.SINGLE_DOSE, expires=OPENED + left)
    assert refused.value.sentence == "This container expired before it was opened; do not use it."
    assert refused.value.field == "expires"
    assert start(KIND.SINGLE_DOSE, expires=OPENED + SECOND).until == OPENED + SECOND


def test_elapsed_hours_count_through_the_end_of_daylight_saving() -> None:
    opened = datetime(2026, 10, 31, 20, 0, tzinfo=ZONE)

    assert start(KIND.SINGLE_DOSE, opened_at=opened).until.astimezone(ZONE).isoformat() == (
        "2026-11-01T07:00:00-05:00"
    )


def test_a_container_may_be_drawn_from_before_the_end_of_its_clock_and_not_at_it() -> None:
    clock = start(KIND.SINGLE_DOSE)

    draw(clock, OPENED)
    draw(clock, clock.until - SECOND)
    for at in (clock.until, clock.until + SECOND):
        with pytest.raises(Refusal) as refused:
            draw(clock, at)
        assert refused.value.sentence.replace(NBSP, " ").startswith(
            "This container was opened Mon 9 Nov 2026 09:00 EST and could be used before "
            "Mon 9 Nov 2026 21:00 EST: discard it and open another. 12 hours from the first entry. "
        )


def test_a_draw_before_the_first_entry_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        draw(start(KIND.SINGLE_DOSE), OPENED - SECOND)
    assert refused.value.sentence == "at should not lie before the first entry Mon 9 Nov 2026 09:00 EST."
    assert refused.value.field == "at"


def test_a_container_opened_in_worse_air_serves_immediate_use_only() -> None:
    clock = start(KIND.SINGLE_DOSE_WORSE_AIR)

    draw(clock, clock.until - SECOND, immediate_use=True)
    with pytest.raises(Refusal, match="worse air than ISO 5, so it serves .* for immediate use only"):
        draw(clock, OPENED)
    with pytest.raises(Refusal, match="could be used before"):
        draw(clock, clock.until, immediate_use=True)
    draw(start(KIND.SINGLE_DOSE), OPENED, immediate_use=True)


def test_worse_air_gives_as_much_as_immediate_use() -> None:
    immediate = Preparation(Category.IMMEDIATE, Method.ASEPTIC, False, False)
    worse = TABLE.opened_containers[KIND.SINGLE_DOSE_WORSE_AIR]

    assert worse.hours == TABLE.get_hours(immediate, Storage.ROOM)


def test_another_jurisdiction_has_its_own_clocks_and_is_named() -> None:
    clock = start(KIND.SINGLE_DOSE, table=EXAMPLE)

    assert clock.until == OPENED + 6 * HOUR
    assert "Invented rule 4" in clock.source and "Example jurisdiction (invented" in clock.source
    assert start(KIND.MULTIPLE_DOSE, table=EXAMPLE, label_hours=28 * 24).until == OPENED + 14 * 24 * HOUR
    with pytest.raises(Refusal, match=r"by Example jurisdiction \(invented"):
        start(KIND.BULK_PACKAGE, table=EXAMPLE, label_hours=4)


def test_a_row_without_hours_needs_its_label_to_decide() -> None:
    entry = get_entry("beyond_use_limits.toml", "example-shorter-limits")
    row = {"kind": "multiple-dose", "source": "nobody"}

    with pytest.raises(ValueError, match="an opened multiple-dose needs hours, unless its label decides"):
        read_limits_table(replace(entry, content={**entry.content, "opened_containers": [row]}))
    for wrong in ({"label": "lengthens"}, {"hours": 0}):
        with pytest.raises(ValueError):
            read_limits_table(replace(entry, content={**entry.content, "opened_containers": [row | wrong]}))


@given(
    st.sampled_from([KIND.SINGLE_DOSE, KIND.MULTIPLE_DOSE, KIND.COMPOUNDED_SINGLE_DOSE]),
    st.integers(1, 2000),
    st.none() | st.integers(1, 2000),
    st.integers(-1, 2000),
)
def test_the_gate_is_open_hour_by_hour_as_the_rule_says(
    kind: ContainerKind, expires: int, label: int | None, drawn: int
) -> None:
    allowed = {KIND.SINGLE_DOSE: 12, KIND.MULTIPLE_DOSE: 672, KIND.COMPOUNDED_SINGLE_DOSE: 12}[kind]
    if label is not None:
        allowed = label if kind is KIND.MULTIPLE_DOSE else min(allowed, label)
    open_hours = range(0, min(allowed, expires))
    clock = start(kind, expires=OPENED + expires * HOUR, label_hours=label)

    if drawn in open_hours:
        draw(clock, OPENED + drawn * HOUR)
    else:
        with pytest.raises(Refusal):
            draw(clock, OPENED + drawn * HOUR)
