"""Settling doses on bags against a slow oracle that tries bag by bag (calculators.md, dispense)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.dispensing_bags import Source
from pharmacy.domain.dispensing_settle import Why
from tests.settling import CAP, NONE, OLD, at, brought, left_out, run, taken


def can_all_be_served(doses: list[int], beyond_uses: list[int], each: int) -> bool:
    """Tell by augmenting paths whether all the doses can be served by different bags."""
    slots = [dose for dose in doses for _ in range(each)]
    holder: dict[int, int] = {}

    def place(slot: int, tried: set[int]) -> bool:
        for bag, beyond_use in enumerate(beyond_uses):
            if slots[slot] < beyond_use and bag not in tried:
                tried.add(bag)
                if bag not in holder or place(holder[bag], tried):
                    holder[bag] = slot
                    return True
        return False

    return all(place(slot, set()) for slot in range(len(slots)))


def oracle(
    doses: list[int],
    on_hand: list[tuple[int, int]],
    deliveries: list[tuple[int, int]],
    *,
    ends: int,
    each: int,
    spare: int,
    cap: int | None,
) -> tuple[list[tuple[int, Source, int]], list[tuple[int, Why]], list[tuple[int, int, list[int]]]]:
    """Answer (bags taken, doses left out, what each delivery brings) the slow way."""
    # A bag: (beyond-use date, 0 for on hand and 1 for a delivery, place in its list, number of its own).
    there = [
        (beyond_use, 0, place, number)
        for place, (bags, beyond_use) in enumerate(on_hand)
        for number in range(bags)
    ]
    serves: list[tuple[int, Source, int]] = []
    lacking: list[tuple[int, bool, bool]] = []
    made = [0] * len(deliveries)
    spares = [0] * len(deliveries)
    spent = 0
    for window in range(-1, len(deliveries)):
        opens = deliveries[window][0] if window >= 0 else 0
        closes = deliveries[window + 1][0] if window + 1 < len(deliveries) else ends
        fresh = deliveries[window][1] if window >= 0 else -1
        inside = [dose for dose in doses if opens <= dose < closes]
        kept: list[int] = []
        for dose in [d for d in inside if d >= fresh] + [d for d in inside if d < fresh]:
            if can_all_be_served([*kept, dose], [bag[0] for bag in there], each):
                kept.append(dose)
        for dose in sorted(kept):
            for bag in sorted(bag for bag in there if dose < bag[0])[:each]:
                there.remove(bag)
                serves.append((dose, (Source.ON_HAND, Source.DELIVERY)[bag[1]], bag[2]))
        for dose in inside:
            if dose in kept:
                continue
            if dose < fresh and (cap is None or spent + each <= cap):
                made[window] += each
                spent += each
                serves += [(dose, Source.DELIVERY, window)] * each
            else:
                lacking.append((dose, dose < fresh, window >= 0))
        if window >= 0 and fresh > closes:
            missing = max(0, spare - sum(bag[0] > closes for bag in there))
            spares[window] = missing if cap is None else min(missing, cap - spent)
            made[window] += spares[window]
            spent += spares[window]
            there += [(fresh, 1, window, number) for number in range(spares[window])]
    uncovered = [
        (
            dose,
            CAP if only_the_cap else OLD if delivery or any(bag[0] <= dose for bag in there) else NONE,
        )
        for dose, only_the_cap, delivery in lacking
    ]
    covers = [
        sorted({dose for dose, source, place in serves if source is Source.DELIVERY and place == number})
        for number in range(len(deliveries))
    ]
    return sorted(serves, key=lambda one: one[0]), uncovered, list(zip(made, spares, covers, strict=True))


@st.composite
def small_cases(draw: st.DrawFn) -> dict[str, object]:
    ends = 14
    hours = st.integers(0, ends - 1)
    arrivals = sorted(draw(st.sets(hours, max_size=3)))
    return {
        "doses": sorted(draw(st.sets(hours, max_size=8))),
        "on_hand": draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, ends + 2)), max_size=4)),
        "deliveries": [(arrives, arrives + draw(st.integers(0, ends))) for arrives in arrivals],
        "ends": ends,
        "each": draw(st.integers(1, 3)),
        "spare": draw(st.integers(0, 3)),
        "cap": draw(st.none() | st.integers(0, 8)),
    }


@settings(max_examples=400)
@given(small_cases())
def test_agrees_with_the_oracle(case: dict) -> None:
    plan = run(**case)

    serves, uncovered, deliveries = oracle(**case)
    assert taken(plan, case["each"]) == serves
    assert left_out(plan) == uncovered
    assert brought(plan) == deliveries


@given(small_cases())
def test_every_bag_and_every_dose_is_accounted_for(case: dict) -> None:
    plan = run(**case)

    each = case["each"]
    every_bag = taken(plan, each)
    served = [at(dose) for dose, _, _ in every_bag]
    use = plan.on_hand
    assert sorted(set(served) | {dose for dose, _ in plan.uncovered}) == [at(dose) for dose in case["doses"]]
    assert all(served.count(dose) == each for dose in set(served))
    assert use.used + use.spare + use.expires_unused == sum(bags for bags, _ in case["on_hand"])
    assert use.used == sum(source is Source.ON_HAND for _, source, _ in every_bag)
    for place, (bags, beyond_use) in enumerate(case["on_hand"]):
        doses = [at(dose) for dose, *bag in every_bag if bag == [Source.ON_HAND, place]]
        assert len(doses) <= bags
        assert all(dose < at(beyond_use) for dose in doses)
    for place, delivery in enumerate(plan.deliveries):
        doses = [at(dose) for dose, *bag in every_bag if bag == [Source.DELIVERY, place]]
        assert sorted(set(doses)) == list(delivery.covers)
        assert len(doses) <= delivery.bags
        assert all(delivery.arrives <= dose < delivery.beyond_use for dose in doses)
    if case["cap"] is not None:
        assert sum(delivery.bags for delivery in plan.deliveries) <= case["cap"]


@given(small_cases())
def test_a_window_leaves_the_fewest_doses_uncovered(case: dict) -> None:
    """With one window and no cap, no choice of doses to serve from the bags there leaves fewer without."""
    arrives, beyond_use = (case["deliveries"] or [(0, 0)])[0]
    doses = [dose for dose in case["doses"] if dose >= arrives]
    case |= {"doses": doses, "deliveries": [(arrives, beyond_use)], "spare": 0, "cap": None}

    plan = run(**case)

    beyond_uses = [beyond_use for bags, beyond_use in case["on_hand"] for _ in range(bags)]
    fewest = len(doses)
    for choice in range(2 ** len(doses)):
        claims = [dose for place, dose in enumerate(doses) if choice >> place & 1]
        if can_all_be_served(claims, beyond_uses, case["each"]):
            fewest = min(fewest, sum(dose >= beyond_use and dose not in claims for dose in doses))
    assert len(plan.uncovered) == fewest


@given(small_cases())
def test_a_longer_horizon_changes_no_delivery_but_the_last(case: dict) -> None:
    """Nothing that a window decides looks past the next arrival; only its spares may find a use later on."""
    longer = case | {"ends": case["ends"] + 10, "doses": [*case["doses"], 20, 21, 22]}

    bags, longer_bags = brought(run(**case))[:-1], brought(run(**longer))[:-1]
    assert [one[:2] for one in longer_bags] == [one[:2] for one in bags]
    if not case["spare"]:
        assert longer_bags == bags


@given(small_cases(), st.sampled_from(["on_hand", "deliveries"]), st.integers(0, 3), st.integers(1, 8))
def test_a_later_beyond_use_date_never_leaves_more_uncovered(
    case: dict, kind: str, place: int, later: int
) -> None:
    """A bag left over that a later window could use means that every dose of the window is served."""
    case |= {"spare": 0, "cap": None}
    fresher = [
        (first, beyond_use + (later if number == place else 0))
        for number, (first, beyond_use) in enumerate(case[kind])
    ]

    assert len(run(**case | {kind: fresher}).uncovered) <= len(run(**case).uncovered)
