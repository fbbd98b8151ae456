"""Beyond-use dating against domain.md 1.2 to 1.6 and a slow oracle in whole seconds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from pharmacy.domain.beyond_use import (
    Category,
    Component,
    LimitRule,
    Preparation,
    StabilityEntry,
    Storage,
    StorageMove,
    may_be_started,
    parse_expiry,
)
from pharmacy.domain.errors import InvalidInput, Refusal
from tests.seed_beyond_use import CATEGORY_1, CELLS, HOUR, LATE, SECOND, SEED, START, ZONE, assign, lot


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_the_table_of_cases_names_every_preparation_once() -> None:
    assert len({cell[:2] for cell in CELLS}) == len(CELLS) == 4 * 2 * 2 * 2 * 3


@pytest.mark.parametrize(("preparation", "storage", "hours"), CELLS, ids=str)
def test_category_limit_is_the_table_of_domain_1_2(
    preparation: Preparation, storage: Storage, hours: int | None
) -> None:
    if hours is None:
        with pytest.raises(Refusal):
            assign(preparation=preparation, storage=storage)
        return

    beyond_use = assign(preparation=preparation, storage=storage)

    assert beyond_use.until == START + hours * HOUR
    assert beyond_use.limited_by is LimitRule.CATEGORY
    assert "not checked by a pharmacist" in beyond_use.limits[0].source


@pytest.mark.parametrize(
    ("prepared_at", "preparation", "storage", "expected"),
    [
        ("2025-03-03T09:12:00-05:00", SEED, Storage.ROOM, "2025-03-07T09:12:00-05:00"),
        ("2025-03-03T09:12:00-05:00", SEED, Storage.REFRIGERATOR, "2025-03-13T10:12:00-04:00"),
        ("2025-11-01T14:00:00-04:00", SEED, Storage.ROOM, "2025-11-05T13:00:00-05:00"),
        ("2025-03-03T09:12:00-05:00", CATEGORY_1, Storage.REFRIGERATOR, "2025-03-04T09:12:00-05:00"),
    ],
    ids=[
        "1.6 row 1, room",
        "1.6 row 2, across the start of daylight saving",
        "1.6 row 3, across its end",
        "1.6 row 4",
    ],
)
def test_vectors_of_domain_1_6(
    prepared_at: str, preparation: Preparation, storage: Storage, expected: str
) -> None:
    beyond_use = assign(prepared_at=local(prepared_at), preparation=preparation, storage=storage)

    assert beyond_use.until.astimezone(ZONE).isoformat() == expected


def test_vector_1_6_a_month_expiry_caps_the_date() -> None:
    vial = Component("magnesium sulfate 50%", "6400123", parse_expiry("2025-03", ZONE))

    beyond_use = assign(
        prepared_at=local("2025-03-28T09:00:00-04:00"), storage=Storage.ROOM, components=[vial, LATE]
    )

    assert beyond_use.until.astimezone(ZONE).isoformat() == "2025-03-31T23:59:59-04:00"
    assert beyond_use.limited_by is LimitRule.COMPONENT
    assert "6400123" in beyond_use.limits[0].source


def test_category_1_in_a_freezer_is_refused() -> None:
    with pytest.raises(Refusal, match="in a freezer is not permitted"):
        assign(preparation=CATEGORY_1, storage=Storage.FREEZER)


def test_category_3_untested_is_refused() -> None:
    with pytest.raises(Refusal, match="needs a sterility test"):
        assign(preparation=replace(SEED, category=Category.THREE))


@pytest.mark.parametrize(
    "stability",
    [
        [],
        [StabilityEntry(Storage.ROOM, 96, "for another storage")],
        [StabilityEntry(Storage.REFRIGERATOR, 96, "  ")],
    ],
    ids=["none", "other storage", "blank reference"],
)
def test_a_storage_without_a_stability_reference_is_refused(stability: list[StabilityEntry]) -> None:
    with pytest.raises(Refusal, match="stability should have an entry with a reference"):
        assign(stability=stability)


def test_immediate_use_needs_no_stability_entry_but_a_given_one_may_shorten_it() -> None:
    immediate = replace(SEED, category=Category.IMMEDIATE)

    without = assign(preparation=immediate, storage=Storage.ROOM, stability=[])
    shorter = assign(
        preparation=immediate, storage=Storage.ROOM, stability=[StabilityEntry(Storage.ROOM, 3, "a study")]
    )

    assert (without.until, len(without.limits)) == (START + 4 * HOUR, 2)
    assert (shorter.until, shorter.limited_by) == (START + 3 * HOUR, LimitRule.STABILITY)


def test_the_shortest_of_several_stability_entries_counts_in_days_or_hours() -> None:
    entries = [
        StabilityEntry(Storage.REFRIGERATOR, Decimal("72.5"), "hours"),
        StabilityEntry(Storage.REFRIGERATOR, Fraction(72), "days"),
        StabilityEntry(Storage.ROOM, Fraction(1), "another storage"),
    ]

    beyond_use = assign(stability=entries)

    assert (beyond_use.until, beyond_use.limited_by) == (START + 72 * HOUR, LimitRule.STABILITY)
    assert [limit.rule for limit in beyond_use.limits].count(LimitRule.STABILITY) == 1


def test_no_component_is_refused() -> None:
    with pytest.raises(InvalidInput, match="at least one component"):
        assign(components=[])


@pytest.mark.parametrize("late", [-SECOND, timedelta(0)], ids=["before", "at"])
def test_a_component_that_expires_at_or_before_the_start_is_refused(late: timedelta) -> None:
    with pytest.raises(Refusal, match="lot SOON expires"):
        assign(components=[LATE, lot(START + late)])


def test_a_component_that_expires_after_the_start_caps_the_date() -> None:
    beyond_use = assign(components=[LATE, lot(START + SECOND)])

    assert (beyond_use.until, beyond_use.limited_by) == (START + SECOND, LimitRule.COMPONENT)
    assert [limit.rule for limit in beyond_use.limits].count(LimitRule.COMPONENT) == 2


def test_equal_instants_name_the_first_rule_in_the_order_of_the_contract() -> None:
    ten_days = 240 * HOUR
    beyond_use = assign(
        stability=[
            StabilityEntry(Storage.REFRIGERATOR, 240, "a study"),
            StabilityEntry(Storage.ROOM, 9999, "another"),
        ],
        components=[lot(START + ten_days)],
        house_limit_days=10,
        moves=[StorageMove(START + ten_days - 96 * HOUR, Storage.ROOM)],
    )

    rules = [limit.rule for limit in beyond_use.limits if limit.until == START + ten_days]
    assert rules == list(LimitRule)
    assert beyond_use.limited_by is LimitRule.CATEGORY


@pytest.mark.parametrize(
    ("days", "expected", "rule"),
    [
        (Fraction(1, 24), 1, LimitRule.HOUSE),
        (Decimal("9.5"), 228, LimitRule.HOUSE),
        (10, 240, LimitRule.CATEGORY),
        (11, 240, LimitRule.CATEGORY),
    ],
)
def test_a_house_limit_only_shortens(days: Decimal | Fraction | int, expected: int, rule: LimitRule) -> None:
    beyond_use = assign(house_limit_days=days)

    assert (beyond_use.until, beyond_use.limited_by) == (START + expected * HOUR, rule)


@pytest.mark.parametrize("days", [0, -1])
def test_a_house_limit_of_nothing_is_refused(days: int) -> None:
    with pytest.raises(InvalidInput, match="house_limit_days"):
        assign(house_limit_days=days)


def test_a_bag_may_be_started_before_its_date_and_not_at_it() -> None:
    until = assign().until

    assert may_be_started(until - SECOND, until)
    assert not may_be_started(until, until)
    assert not may_be_started(until + SECOND, until)


def test_a_limit_past_the_year_9999_is_refused() -> None:
    with pytest.raises(InvalidInput, match="past the year 9999"):
        assign(house_limit_days=Decimal(9999999))


def test_instants_are_kept_in_utc() -> None:
    beyond_use = assign(prepared_at=START.astimezone(ZONE))

    assert (beyond_use.prepared_at.tzinfo, beyond_use.until.tzinfo) == (UTC, UTC)


def test_a_time_without_zone_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        assign(prepared_at=datetime(2025, 3, 3, 9, 12))  # noqa: DTZ001


def test_the_result_keeps_what_it_was_weighed_on() -> None:
    beyond_use = assign()

    assert (beyond_use.prepared_at, beyond_use.preparation, beyond_use.storage) == (
        START,
        SEED,
        Storage.REFRIGERATOR,
    )
    assert beyond_use.table_key == "usp-797-2023"
    assert "not checked by a pharmacist" in beyond_use.notice
