"""What a beyond-use date says: refusals, sources, its working, and the jurisdiction that it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from pharmacy.domain.beyond_use import (
    Category,
    LimitRule,
    Method,
    Preparation,
    StabilityEntry,
    Storage,
    StorageMove,
    explain,
    load_limits_table,
)
from pharmacy.domain.beyond_use_limits import hours_words
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.domain.formatting import NBSP
from tests.seed_beyond_use import CATEGORY_1, HOUR, SEED, START, ZONE, assign, lot

SIX = timedelta(hours=6)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"stability": []},
            "stability",
            "stability should have an entry with a reference for storage in a refrigerator; "
            "without one no beyond-use date can be assigned.",
        ),
        (
            {"stability": [StabilityEntry(Storage.REFRIGERATOR, 0, "a study")]},
            "stability",
            "stability should be greater than 0.",
        ),
        ({"components": []}, "components", "components should list at least one component."),
        (
            {"components": [lot(START)]},
            "components",
            "components: sodium chloride 0.9%, lot SOON expires Mon 3 Mar 2025 09:12 EST "
            "and should expire after the start.",
        ),
        ({"house_limit_days": 0}, "house_limit_days", "house_limit_days should be greater than 0."),
        (
            {"moves": [StorageMove(START - SIX, Storage.ROOM)]},
            "moves",
            "moves should be in time order from the start of preparation; the move Mon 3 Mar 2025 03:12 EST "
            "is before the start of preparation.",
        ),
        (
            {"moves": [StorageMove(START + SIX, Storage.ROOM), StorageMove(START, Storage.ROOM)]},
            "moves",
            "moves should be in time order from the start of preparation; the move Mon 3 Mar 2025 09:12 EST "
            "is before the move before it.",
        ),
        (
            {"moves": [StorageMove(START + 240 * HOUR, Storage.ROOM)]},
            "moves",
            "moves: at the move Thu 13 Mar 2025 10:12 EDT the preparation was already beyond use "
            "(Thu 13 Mar 2025 10:12 EDT).",
        ),
        (
            {"preparation": CATEGORY_1, "storage": Storage.FREEZER},
            "storage",
            "Category 1, aseptic, only sterile components, not sterility tested: storage in a freezer is not "
            "permitted by USP <797> beyond-use limits, revision official 1 Nov 2023.",
        ),
        (
            {"preparation": replace(SEED, category=Category.THREE)},
            "sterility_tested",
            "sterility_tested should be true: Category 3 needs a sterility test that was done and passed "
            "(USP <797> beyond-use limits, revision official 1 Nov 2023).",
        ),
        (
            {"house_limit_days": 9_999_999},
            None,
            "A limit lies past the year 9999; check the days and hours given.",
        ),
    ],
)
def test_a_refusal_is_a_sentence_for_its_field(
    changes: dict[str, Any], field: str | None, sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        assign(**changes)
    assert refused.value.sentence.replace(NBSP, " ") == sentence
    assert refused.value.field == field


def test_each_limit_says_where_it_comes_from() -> None:
    beyond_use = assign(
        components=[lot(START + 400 * HOUR)],
        house_limit_days=Decimal("12.5"),
        moves=[StorageMove(START + HOUR, Storage.ROOM)],
    )
    sources = [(limit.rule, limit.source.replace(NBSP, " ")) for limit in beyond_use.limits]
    notice = "USP <797> beyond-use limits, revision official 1 Nov 2023: not checked by a pharmacist."
    made = "Category 2, aseptic, only sterile components, not sterility tested"
    row = "USP <797> (2023), Table 13, aseptic, not tested, only sterile components."
    moved = "Moved Mon 3 Mar 2025 10:12 EST."

    assert sources == [
        (LimitRule.MOVE, f"{moved} {made}, at room temperature: 4 days. {row} {notice}"),
        (LimitRule.CATEGORY, f"{made}, in a refrigerator: 10 days. {row} {notice}"),
        (LimitRule.HOUSE, "House limit of 300 hours."),
        (LimitRule.COMPONENT, "Expiry of sodium chloride 0.9%, lot SOON."),
        (LimitRule.STABILITY, "Stable in a refrigerator for 400 days: a long study"),
        (LimitRule.MOVE, f"{moved} Stable at room temperature for 400 days: a long study"),
    ]


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("24", "1 day"),
        ("672", "28 days"),
        ("1", "1 hour"),
        ("36", "36 hours"),
        ("1.234567", "1.234567 hours"),
    ],
)
def test_a_span_in_words(hours: str, words: str) -> None:
    assert hours_words(Fraction(hours)).replace(NBSP, " ") == words


def test_a_span_is_shown_to_the_millionth_and_no_further() -> None:
    assert hours_words(Fraction(1, 3)).replace(NBSP, " ") == "0.333333 hours"


@pytest.mark.parametrize(
    ("preparation", "words"),
    [
        (replace(SEED, category=Category.IMMEDIATE), "Immediate use"),
        (
            Preparation(Category.THREE, Method.TERMINAL, sterility_tested=True, nonsterile_components=True),
            "Category 3, terminally sterilized, with a nonsterile component, sterility test passed",
        ),
    ],
)
def test_a_preparation_in_words(preparation: Preparation, words: str) -> None:
    assert preparation.words() == words


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
        with pytest.raises(Refusal, match=r"has no beyond-use limit for Category 2, aseptic, with a non"):
            assign(table=table, preparation=replace(SEED, nonsterile_components=True))


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
