"""Beyond-use dates against a slow oracle in whole hours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.beyond_use import (
    StabilityEntry,
    Storage,
    StorageMove,
)
from pharmacy.domain.errors import Refusal
from tests.seed_beyond_use import CELLS, HOUR, SECOND, START, assign, lot

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
