"""`pharmacy calc beyond-use` on drawn input: against the contract written out plainly, and on rubbish."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.calculators.cli import calc

Case = dict[str, Any]
HOUR = timedelta(hours=1)
RULES = ["category", "stability", "component", "house limit", "storage change"]
STORAGES = ["room", "refrigerator", "freezer"]
# domain.md 1.2: hours at room temperature, refrigerated and frozen, by category, method, tested, nonsterile.
ONE_OR_IMMEDIATE = {"1": (12, 24, None), "immediate": (4, 4, None)}
TWO_UNTESTED = {False: (96, 240, 1080), True: (24, 96, 1080)}
TWO = {
    ("aseptic", True): (720, 1080, 1440),
    ("terminal", False): (336, 672, 1080),
    ("terminal", True): (1080, 1440, 2160),
}
THREE = {"aseptic": (1440, 2160, 2880), "terminal": (2160, 2880, 4320)}


def run(case: Case) -> Result:
    return CliRunner().invoke(calc, ["beyond-use"], input=json.dumps(case))


# Around both changes of the clocks of 2025 in New York, and far from them.
starts = st.integers(0, 400 * 24 * 4).map(
    lambda quarters: datetime(2025, 2, 20, tzinfo=UTC) + quarters * HOUR / 4
)
zones = st.sampled_from(["America/New_York", "UTC", "Asia/Kathmandu", "America/Nuuk", "Pacific/Apia"])
spans = st.integers(1, 3000)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case of which about half are answered; the others are refused for what they ask."""
    start, zone = draw(starts), draw(zones)
    often = st.sampled_from(["room", "refrigerator", "room", "refrigerator", "freezer"])

    def entry() -> Case:
        hours = draw(spans)
        span = {"days": str(hours / 24)} if hours % 24 == 0 else {"hours": hours}
        return {"storage": draw(often), **span, "reference": draw(st.sampled_from(["a study", "a\nbook"]))}

    def component() -> Case:
        at = start + draw(st.integers(-2, 3000)) * HOUR
        local = at.astimezone(ZoneInfo(zone))
        expires = draw(
            st.sampled_from([at.isoformat(), local.isoformat(), f"{local:%Y-%m-%d}", f"{local:%Y-%m}"])
        )
        return {"name": "magnesium sulfate 50%", "lot": draw(st.sampled_from("AB")), "expires": expires}

    case: Case = {
        "prepared_at": start.isoformat(),
        "timezone": zone,
        "category": draw(st.sampled_from([1, 2, 2, 2, 3, "immediate", "2"])),
        "method": draw(st.sampled_from(["aseptic", "terminal"])),
        "sterility_tested": draw(st.booleans()),
        "nonsterile_components": draw(st.booleans()),
        "storage": draw(often),
        "stability": [entry() for _ in range(draw(st.integers(0, 2)))]
        + [{"storage": storage, "days": 60, "reference": "a study"} for storage in ("room", "refrigerator")],
        "components": [component() for _ in range(draw(st.integers(1, 3)))],
    }
    if draw(st.booleans()):
        case["house_limit_days"] = draw(st.sampled_from(["0.5", "3", 9, "30.25"]))
    if draw(st.booleans()):
        hours = sorted(draw(st.lists(st.integers(0, 200), max_size=3)))
        case["moves"] = [{"at": (start + one * HOUR).isoformat(), "storage": draw(often)} for one in hours]
    return case


def read_hours(case: Case, storage: str) -> tuple[int, int | None] | None:
    """Look up the category's hours and the shortest stability of a storage; None where that is refused."""
    category, method, tested = str(case["category"]), case["method"], case["sterility_tested"]
    row: tuple[int | None, ...]
    if category in ONE_OR_IMMEDIATE:
        row = ONE_OR_IMMEDIATE[category]
    elif category == "3":
        row = THREE[method] if tested else (None, None, None)
    elif (method, tested) == ("aseptic", False):
        row = TWO_UNTESTED[case["nonsterile_components"]]
    else:
        row = TWO[method, tested]
    limit = row[STORAGES.index(storage)]
    stable = [
        one["hours"] if "hours" in one else round(float(one["days"]) * 24)
        for one in case["stability"]
        if one["storage"] == storage
    ]
    if limit is None or not (stable or category == "immediate"):
        return None
    return limit, min(stable, default=None)


def read_expiry(text: str, zone: ZoneInfo) -> datetime:
    """Find the last second of a month or a day by going back from the first one after it."""
    if "T" in text:
        return datetime.fromisoformat(text).astimezone(UTC)
    day = datetime.fromisoformat(text if len(text) == 10 else f"{text}-01").replace(hour=12)
    last = day
    while (last.date() == day.date()) if len(text) == 10 else (last.month == day.month):
        last += timedelta(days=1)
    instant = last.replace(hour=12, tzinfo=zone).astimezone(UTC)
    while instant.astimezone(zone).date() >= last.date():
        instant -= HOUR / 60
    return instant.replace(second=59)


def expected(case: Case) -> list[tuple[datetime, int]] | None:
    """Write the contract out: each limit as instant and rank of its rule, soonest first; None if refused."""
    zone = ZoneInfo(case["timezone"])
    start = datetime.fromisoformat(case["prepared_at"])

    def storage_limits(
        storage: str, since: datetime, ranks: tuple[int, int]
    ) -> list[tuple[datetime, int]] | None:
        hours = read_hours(case, storage)
        if hours is None:
            return None
        return [
            (since + span * HOUR, rank) for span, rank in zip(hours, ranks, strict=True) if span is not None
        ]

    found = storage_limits(case["storage"], start, (0, 1))
    if found is None:
        return None
    for component in case["components"]:
        expires = read_expiry(component["expires"], zone)
        if expires <= start:
            return None
        found.append((expires, 2))
    if "house_limit_days" in case:
        found.append((start + float(case["house_limit_days"]) * 24 * HOUR, 3))
    for move in case.get("moves", []):
        at = datetime.fromisoformat(move["at"])
        moved = storage_limits(move["storage"], at, (4, 4))
        if moved is None or at >= min(found)[0]:
            return None
        found += moved
    return sorted(found)


@settings(max_examples=200)
@given(cases())
def test_every_case_is_answered_or_refused_as_the_contract_says(case: Case) -> None:
    result, limits = run(case), expected(case)

    if limits is None:
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.endswith(".\n") and result.stderr.count("\n") == 1
        return
    assert result.exit_code == 0, result.stderr
    answer = json.loads(result.stdout)
    zone = ZoneInfo(case["timezone"])
    shown = [(until.astimezone(zone).isoformat(), RULES[rank]) for until, rank in limits]
    assert [(limit["until"], limit["rule"]) for limit in answer["limits"]] == shown
    assert (answer["beyond_use"], answer["limited_by"]) == shown[0]
    assert list(answer) == ["beyond_use", "limited_by", "limits"]
    assert all(list(limit) == ["rule", "until", "source"] and limit["source"] for limit in answer["limits"])


rubbish: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        ["0001-01-01", "9999-12-31T23:59:59-12:00", "2025-03", "2025-02-30", "immediate", "١٢", "-0"]
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@st.composite
def spoiled(draw: st.DrawFn) -> Case:
    """Draw a case with one place spoiled: another value, a key left out, or one too many."""
    case = copy.deepcopy(draw(cases()))
    targets = [case, *case["stability"], *case["components"], *case.get("moves", [])]
    target = draw(st.sampled_from([case, *targets]))
    key = draw(st.sampled_from([*target, "other"]))
    if key in target and draw(st.booleans()):
        del target[key]
    else:
        target[key] = draw(rubbish)
    return case


@settings(max_examples=200)
@given(spoiled())
def test_no_input_ends_in_a_traceback(case: Case) -> None:
    result = run(case)

    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.exit_code in (0, 2)
    if result.exit_code == 2:
        assert result.stdout == "" and result.stderr.endswith(".\n") and result.stderr.count("\n") == 1
    else:
        assert json.loads(result.stdout)["limits"] and result.stderr == ""


@settings(max_examples=50)
@given(st.text(max_size=40))
def test_no_text_ends_in_a_traceback(text: str) -> None:
    result = CliRunner().invoke(calc, ["beyond-use"], input=text)

    assert (result.exit_code, result.stdout) == (2, "")


@settings(max_examples=50)
@given(cases(), st.randoms())
def test_the_order_of_stability_entries_and_lots_changes_no_date(case: Case, random: Any) -> None:
    shuffled = copy.deepcopy(case)
    random.shuffle(shuffled["stability"])
    random.shuffle(shuffled["components"])
    first, second = run(case), run(shuffled)

    assert first.exit_code == second.exit_code
    if first.exit_code == 0:
        one, other = json.loads(first.stdout), json.loads(second.stdout)
        assert (one["beyond_use"], one["limited_by"]) == (other["beyond_use"], other["limited_by"])
        assert [limit["until"] for limit in one["limits"]] == [limit["until"] for limit in other["limits"]]


@settings(max_examples=50)
@given(cases(), st.integers(-5000, 5000))
def test_everything_later_by_some_hours_is_beyond_use_so_many_hours_later(case: Case, hours: int) -> None:
    def shifted(text: str) -> str:
        return (datetime.fromisoformat(text) + hours * HOUR).isoformat()

    fixed = [one | {"expires": "2025-06-01T00:00:00+00:00"} for one in case["components"]]
    first = case | {"components": fixed}
    second = first | {
        "prepared_at": shifted(case["prepared_at"]),
        "components": [one | {"expires": shifted(one["expires"])} for one in fixed],
        "moves": [one | {"at": shifted(one["at"])} for one in case.get("moves", [])],
    }
    one, other = run(first), run(second)

    assert one.exit_code == other.exit_code
    if one.exit_code == 0:
        before, after = json.loads(one.stdout), json.loads(other.stdout)
        gained = datetime.fromisoformat(after["beyond_use"]) - datetime.fromisoformat(before["beyond_use"])
        assert gained == hours * HOUR and before["limited_by"] == after["limited_by"]


@settings(max_examples=50)
@given(cases(), zones)
def test_the_time_zone_changes_how_an_instant_is_written_and_not_when_it_is(case: Case, zone: str) -> None:
    instants = [
        one | {"expires": read_expiry(one["expires"], ZoneInfo(case["timezone"])).isoformat()}
        for one in case["components"]
    ]
    first, second = run(case), run(case | {"components": instants, "timezone": zone})

    assert first.exit_code == second.exit_code
    if first.exit_code == 0:
        one, other = json.loads(first.stdout), json.loads(second.stdout)
        assert datetime.fromisoformat(one["beyond_use"]) == datetime.fromisoformat(other["beyond_use"])
        assert one["limited_by"] == other["limited_by"]
