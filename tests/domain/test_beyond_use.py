"""Beyond-use dating against domain.md 1.2 to 1.6 and a slow oracle in whole seconds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.beyond_use import (
    BeyondUse,
    Category,
    Component,
    LimitRule,
    Method,
    Preparation,
    StabilityEntry,
    Storage,
    StorageMove,
    assign_beyond_use,
    explain,
    load_limits_table,
    may_be_started,
    parse_expiry,
)
from pharmacy.domain.errors import InvalidInput, NotFound, Refusal
from pharmacy.domain.formatting import NBSP

ZONE = ZoneInfo("America/New_York")
TABLE = load_limits_table()
START = datetime(2025, 3, 3, 9, 12, tzinfo=ZONE).astimezone(UTC)
SEED = Preparation(Category.TWO, Method.ASEPTIC, sterility_tested=False, nonsterile_components=False)
LATE = Component("magnesium sulfate 50%", "LATE", datetime(2030, 1, 1, tzinfo=UTC))
LONG = tuple(StabilityEntry(storage, Fraction(24 * 400), "a long study") for storage in Storage)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def assign(**changes: Any) -> BeyondUse:
    """Assign with one stable, late-expiring, refrigerated seed bag, but for the changes."""
    case: dict[str, Any] = {
        "prepared_at": START,
        "zone": ZONE,
        "preparation": SEED,
        "storage": Storage.REFRIGERATOR,
        "stability": LONG,
        "components": [LATE],
        "table": TABLE,
    }
    return assign_beyond_use(**(case | changes))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def lot(expires: datetime, number: str = "SOON") -> Component:
    return Component("sodium chloride 0.9%", number, expires)


# domain.md 1.2: category, method, tested, nonsterile, then hours at room temperature, refrigerated, frozen.
TABLE_1_2 = [
    ("immediate", "either", "either", "either", 4, 4, None),
    ("1", "either", "either", "either", 12, 24, None),
    ("2", "aseptic", False, True, 1 * 24, 4 * 24, 45 * 24),
    ("2", "aseptic", False, False, 4 * 24, 10 * 24, 45 * 24),
    ("2", "aseptic", True, "either", 30 * 24, 45 * 24, 60 * 24),
    ("2", "terminal", False, "either", 14 * 24, 28 * 24, 45 * 24),
    ("2", "terminal", True, "either", 45 * 24, 60 * 24, 90 * 24),
    ("3", "aseptic", True, "either", 60 * 24, 90 * 24, 120 * 24),
    ("3", "terminal", True, "either", 90 * 24, 120 * 24, 180 * 24),
    ("3", "either", False, "either", None, None, None),
]


def either(value: object, options: tuple[object, ...]) -> tuple[object, ...]:
    return options if value == "either" else (value,)


CELLS = [
    (Preparation(Category(category), Method(method), tested, nonsterile), storage, hours)  # type: ignore[arg-type]
    for category, methods, tests, parts, *by_storage in TABLE_1_2
    for method in either(methods, ("aseptic", "terminal"))
    for tested in either(tests, (False, True))
    for nonsterile in either(parts, (False, True))
    for storage, hours in zip(Storage, by_storage, strict=True)
]


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


CATEGORY_1 = replace(SEED, category=Category.ONE)


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
        (Decimal("9.5"), 228, LimitRule.HOUSE),
        (10, 240, LimitRule.CATEGORY),
        (11, 240, LimitRule.CATEGORY),
    ],
)
def test_a_house_limit_only_shortens(days: Decimal | int, expected: int, rule: LimitRule) -> None:
    beyond_use = assign(house_limit_days=days)

    assert (beyond_use.until, beyond_use.limited_by) == (START + expected * HOUR, rule)


@pytest.mark.parametrize("days", [0, -1])
def test_a_house_limit_of_nothing_is_refused(days: int) -> None:
    with pytest.raises(InvalidInput, match="house_limit_days"):
        assign(house_limit_days=days)


# domain.md 1.5, the seed bag: 10 days in a refrigerator, 4 days out of it, never after the tenth day.
@pytest.mark.parametrize(
    ("day_out", "expected_days", "rule"),
    [
        (2, 6, LimitRule.MOVE),
        (6, 10, LimitRule.CATEGORY),
        (7, 10, LimitRule.CATEGORY),
    ],
    ids=["out on day 2", "out on day 6: equal", "out on day 7: capped at day 10"],
)
def test_a_move_gives_the_shorter_of_what_stood_and_the_new_limit(
    day_out: int, expected_days: int, rule: LimitRule
) -> None:
    beyond_use = assign(moves=[StorageMove(START + day_out * 24 * HOUR, Storage.ROOM)])

    assert beyond_use.until == START + expected_days * 24 * HOUR
    assert beyond_use.limited_by is rule


def test_moving_back_restores_nothing() -> None:
    out = StorageMove(START + 24 * HOUR, Storage.ROOM)
    back = StorageMove(START + 25 * HOUR, Storage.REFRIGERATOR)

    assert assign(moves=[out, back]).until == assign(moves=[out]).until == START + 120 * HOUR


def test_a_move_takes_the_shorter_of_category_and_stability_of_its_storage() -> None:
    stability = [*LONG, StabilityEntry(Storage.ROOM, 24, "a study")]

    beyond_use = assign(moves=[StorageMove(START + 48 * HOUR, Storage.ROOM)], stability=stability)

    assert (beyond_use.until, beyond_use.limited_by) == (START + 72 * HOUR, LimitRule.MOVE)
    moved = [limit for limit in beyond_use.limits if limit.rule is LimitRule.MOVE]
    assert [limit.until for limit in moved] == [START + 72 * HOUR, START + 144 * HOUR]


def test_a_move_at_the_start_is_allowed() -> None:
    assert assign(moves=[StorageMove(START, Storage.ROOM)]).until == START + 96 * HOUR


@pytest.mark.parametrize(
    "moves",
    [
        [StorageMove(START - SECOND, Storage.ROOM)],
        [StorageMove(START + 2 * HOUR, Storage.ROOM), StorageMove(START + HOUR, Storage.REFRIGERATOR)],
    ],
    ids=["before the start", "out of order"],
)
def test_moves_out_of_order_are_refused(moves: list[StorageMove]) -> None:
    with pytest.raises(InvalidInput, match="moves should be in time order"):
        assign(moves=moves)


def test_a_move_at_the_date_that_stood_is_refused_and_a_second_before_is_not() -> None:
    first = StorageMove(START + 24 * HOUR, Storage.ROOM)
    stood = START + 120 * HOUR

    for at in (stood, stood + SECOND):
        with pytest.raises(Refusal, match="already beyond use"):
            assign(moves=[first, StorageMove(at, Storage.REFRIGERATOR)])
    assert assign(moves=[first, StorageMove(stood - SECOND, Storage.REFRIGERATOR)]).until == stood


def test_a_move_to_a_storage_without_limit_or_reference_is_refused() -> None:
    into_freezer = [StorageMove(START + HOUR, Storage.FREEZER)]

    with pytest.raises(Refusal, match="not permitted"):
        assign(preparation=CATEGORY_1, moves=into_freezer)
    with pytest.raises(Refusal, match="stability should have"):
        assign(stability=[StabilityEntry(Storage.REFRIGERATOR, 96, "a study")], moves=into_freezer)


def test_a_bag_may_be_started_before_its_date_and_not_at_it() -> None:
    until = assign().until

    assert may_be_started(until - SECOND, until)
    assert not may_be_started(until, until)
    assert not may_be_started(until + SECOND, until)


def test_a_limit_past_the_year_9999_is_refused() -> None:
    with pytest.raises(InvalidInput, match="past the year 9999"):
        assign(house_limit_days=Decimal(9999999))


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


EXAMPLE = load_limits_table("example-shorter-limits")


@pytest.mark.parametrize(
    ("category", "storage", "hours"),
    [
        ("immediate", Storage.ROOM, 1),
        ("1", Storage.ROOM, 6),
        ("1", Storage.REFRIGERATOR, 12),
        ("2", Storage.ROOM, 30),
        ("2", Storage.REFRIGERATOR, 168),
    ],
)
def test_another_jurisdiction_is_asked_for_by_name_and_is_shorter(
    category: str, storage: Storage, hours: int
) -> None:
    preparation = replace(SEED, category=Category(category))

    beyond_use = assign(table=EXAMPLE, preparation=preparation, storage=storage)

    assert beyond_use.until == START + hours * HOUR < assign(preparation=preparation, storage=storage).until
    assert beyond_use.table_key == "example-shorter-limits"
    assert "Invented rule" in beyond_use.limits[0].source


def test_every_output_of_another_jurisdiction_names_it_even_when_it_is_checked() -> None:
    named = "Example jurisdiction (invented, not for patients), shorter limits"
    for table in (EXAMPLE, replace(EXAMPLE, notice="")):
        out = assign(table=table, moves=[StorageMove(START + HOUR, Storage.ROOM)])
        moved = [limit for limit in out.limits if limit.rule is LimitRule.MOVE]
        assert named in out.limits[0].source and named in moved[0].source
        assert any(named in line for line in explain(out, ZONE))
        with pytest.raises(Refusal, match=r"in a freezer is not permitted by Example jurisdiction"):
            assign(table=table, storage=Storage.FREEZER)
        with pytest.raises(Refusal, match=r"Example .* has no beyond-use limit for Category 2") as refused:
            assign(table=table, preparation=replace(SEED, sterility_tested=True))
        assert refused.value.field == "category"
        assert "Category 3" not in refused.value.sentence


def test_an_unknown_jurisdiction_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="example-shorter-limits, usp-797-2023"):
        load_limits_table("another state")


def test_the_working_reads_from_start_to_the_limiting_rule() -> None:
    lines = [line.replace(NBSP, " ") for line in explain(assign(house_limit_days=9), ZONE)]

    assert lines[0] == "Preparation started Mon 3 Mar 2025 09:12 EST."
    assert lines[1] == "House limit: before Wed 12 Mar 2025 10:12 EDT. House limit of 9 days."
    assert lines[2].startswith(
        "Category: before Thu 13 Mar 2025 10:12 EDT. Category 2, aseptic, only sterile components, "
        "not sterility tested, in a refrigerator: 10 days. USP <797> (2023), Table 13"
    )
    assert lines[-1] == "Start before Wed 12 Mar 2025 10:12 EDT: the soonest limit is the house limit."


HOURS_1_2 = {
    (cell[0], cell[1]): cell[2] for cell in CELLS if cell[2] is not None
}  # what the oracle looks limits up in
spans = st.integers(1, 2400)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a case that the rule answers: permitted storages, all with a reference."""
    preparation = draw(st.sampled_from(sorted({key[0] for key in HOURS_1_2}, key=str)))
    permitted = [storage for storage in Storage if (preparation, storage) in HOURS_1_2]
    storages = st.sampled_from(permitted)
    stability = [
        StabilityEntry(storage, hours, "a study")
        for storage in permitted
        for hours in draw(st.lists(spans, min_size=1, max_size=2))
    ]
    components = [lot(START + hours * HOUR) for hours in draw(st.lists(spans, min_size=1, max_size=3))]
    moves = [
        StorageMove(START + hours * HOUR, draw(storages))
        for hours in sorted(draw(st.lists(st.integers(0, 300), max_size=3)))
    ]
    return {
        "preparation": preparation,
        "storage": draw(storages),
        "stability": stability,
        "components": components,
        "house_limit_days": draw(st.none() | st.integers(1, 100)),
        "moves": moves,
    }


def oracle(case: dict[str, Any]) -> tuple[int, str, int] | None:
    """Answer hours from the start, limiting rule and number of limits; None when a move is too late."""

    def storage_limits(storage: Storage) -> list[int]:
        stable = [int(entry.hours) for entry in case["stability"] if entry.storage is storage]
        return [HOURS_1_2[case["preparation"], storage], min(stable)]

    category, stability = storage_limits(case["storage"])
    named = [(category, 0, "category"), (stability, 1, "stability")]
    named += [((component.expires - START) // HOUR, 2, "component") for component in case["components"]]
    if case["house_limit_days"]:
        named.append((case["house_limit_days"] * 24, 3, "house limit"))
    for move in case["moves"]:
        at = (move.at - START) // HOUR
        if at >= min(named)[0]:
            return None
        named += [(at + hours, 4, "storage change") for hours in storage_limits(move.storage)]
    return min(named)[0], min(named)[2], len(named)


@settings(max_examples=300)
@given(cases())
def test_every_answer_is_the_oracles(case: dict[str, Any]) -> None:
    expected = oracle(case)
    if expected is None:
        with pytest.raises(Refusal, match="already beyond use"):
            assign(**case)
        return

    beyond_use = assign(**case)

    assert ((beyond_use.until - START) // HOUR, beyond_use.limited_by, len(beyond_use.limits)) == expected
    assert [limit.until for limit in beyond_use.limits] == sorted(limit.until for limit in beyond_use.limits)


@settings(max_examples=100)
@given(cases(), spans)
def test_nothing_that_is_added_lengthens_the_date(case: dict[str, Any], hours: int) -> None:
    if oracle(case) is None:
        return
    until = assign(**case).until

    one_more_lot = case | {"components": [*case["components"], lot(START + hours * HOUR)], "moves": []}
    assert assign(**one_more_lot).until <= assign(**(case | {"moves": []})).until
    for storage in {entry.storage for entry in case["stability"]}:
        one_more_move = [*case["moves"], StorageMove(until - SECOND, storage)]
        assert assign(**(case | {"moves": one_more_move})).until == until
