"""Who may compound: each kind of competency, its interval, and time away from the bench."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pharmacy.domain.beyond_use_limits import Category
from pharmacy.domain.competency import (
    Competency,
    Duty,
    Occasion,
    Outcome,
    Shown,
    find_last_good_day,
    judge_competencies,
    read_competency_intervals,
    say_why_not,
)
from pharmacy.domain.reference_data import get_entry

ENTRY = get_entry("competency_intervals.toml", "usp-797-2023")
INTERVALS = read_competency_intervals(ENTRY)
DONE = date(2026, 8, 31)
GARBING, FILL, TRAINING = Competency
DAY = timedelta(days=1)


def shown(kind, done_on=DONE, *, occasion=Occasion.INITIAL, outcome=Outcome.PASSED):
    return Shown(kind, occasion, done_on, outcome)


ALL = [shown(kind) for kind in Competency]


def judge(found, today, *, duty=Duty.COMPOUND, category=Category.TWO, last_at_bench=None):
    standings = judge_competencies(
        found,
        duty=duty,
        category=category,
        last_at_bench=last_at_bench,
        intervals=INTERVALS,
        today=today,
    )
    return {one.kind: one for one in standings}


@pytest.mark.parametrize(
    ("duty", "category", "kind", "last_good"),
    [
        (Duty.COMPOUND, Category.ONE, GARBING, date(2027, 2, 28)),
        (Duty.COMPOUND, Category.TWO, GARBING, date(2027, 2, 28)),
        (Duty.COMPOUND, Category.THREE, GARBING, date(2026, 11, 30)),
        (Duty.COMPOUND, Category.TWO, FILL, date(2027, 2, 28)),
        (Duty.COMPOUND, Category.THREE, FILL, date(2026, 11, 30)),
        (Duty.COMPOUND, Category.TWO, TRAINING, date(2027, 8, 31)),
        (Duty.COMPOUND, Category.THREE, TRAINING, date(2027, 8, 31)),
        (Duty.OVERSEE, Category.TWO, GARBING, date(2027, 8, 31)),
        (Duty.OVERSEE, Category.THREE, FILL, date(2027, 8, 31)),
        (Duty.OVERSEE, Category.ONE, TRAINING, date(2027, 8, 31)),
    ],
)
def test_the_last_good_day_is_the_interval_after_it_was_shown(duty, category, kind, last_good):
    before, at, after = (
        judge(ALL, last_good + days * DAY, duty=duty, category=category)[kind] for days in (-1, 0, 1)
    )

    assert (before.holds, at.holds, after.holds) == (True, True, False)
    assert at.until == last_good
    assert "was good until" in after.wrong


def test_one_that_was_never_shown_is_missing():
    found = judge([shown(GARBING), shown(TRAINING)], DONE)

    assert found[GARBING].holds and found[TRAINING].holds
    assert found[FILL].wrong == "media fill: nothing is recorded"
    assert found[FILL].until is None


def test_the_last_one_counts_whatever_came_before():
    failed = shown(FILL, DONE + DAY, outcome=Outcome.FAILED)
    passed = shown(FILL, DONE + 2 * DAY, occasion=Occasion.RECURRING)

    assert judge([*ALL, failed], DONE + DAY)[FILL].wrong == "media fill: failed on Tue 1 Sep 2026"
    assert judge([*ALL, failed, passed], DONE + 2 * DAY)[FILL].holds
    assert judge([*ALL, passed, failed], DONE + 2 * DAY)[FILL].holds
    assert judge([*ALL, failed], DONE + DAY)[GARBING].holds


def test_of_one_day_the_later_entry_counts():
    failed = shown(FILL, outcome=Outcome.FAILED)

    assert not judge([*ALL, failed], DONE)[FILL].holds
    assert judge([failed, *ALL], DONE)[FILL].holds


def test_an_entry_in_error_never_happened():
    error = shown(FILL, DONE + DAY, outcome=Outcome.IN_ERROR)

    assert judge([*ALL, error], DONE + DAY)[FILL].last == shown(FILL)
    assert "nothing" in judge([shown(FILL, outcome=Outcome.IN_ERROR)], DONE)[FILL].wrong


LEFT = date(2026, 9, 15)
BACK_BY = date(2027, 3, 15)


def renewed(*, on, occasion=Occasion.RECURRING):
    return [*ALL, *(shown(kind, on, occasion=occasion) for kind in Competency)]


def test_who_was_away_too_long_is_qualified_anew():
    recent = renewed(on=date(2027, 2, 1))

    assert all(one.holds for one in judge(recent, BACK_BY, last_at_bench=LEFT).values())
    after = judge(recent, BACK_BY + DAY, last_at_bench=LEFT)
    assert [one.holds for one in after.values()] == [False, False, False]
    assert "after an absence that went on past Mon 15 Mar 2027" in after[FILL].wrong
    oversees = judge(recent, BACK_BY + DAY, last_at_bench=LEFT, duty=Duty.OVERSEE)
    assert all(one.holds for one in oversees.values())


@pytest.mark.parametrize(
    ("on", "occasion", "holds"),
    [
        (BACK_BY, Occasion.INITIAL, False),
        (BACK_BY + DAY, Occasion.INITIAL, True),
        (BACK_BY + DAY, Occasion.RECURRING, False),
    ],
)
def test_only_an_initial_one_from_after_the_absence_brings_somebody_back(on, occasion, holds):
    found = judge(renewed(on=on, occasion=occasion), BACK_BY + 2 * DAY, last_at_bench=LEFT)

    assert {one.holds for one in found.values()} == {holds}


def test_who_never_compounded_here_is_not_away():
    assert all(one.holds for one in judge(ALL, date(2027, 2, 28)).values())


def test_until_when_is_the_soonest_of_all_and_of_the_time_away():
    def until(today, last_at_bench=None):
        standings = tuple(judge(ALL, today, last_at_bench=last_at_bench).values())
        return find_last_good_day(standings, last_at_bench=last_at_bench, intervals=INTERVALS, today=today)

    assert until(DONE) == date(2027, 2, 28)
    assert until(DONE, date(2026, 8, 15)) == date(2027, 2, 15)
    assert until(DONE, date(2026, 9, 1)) == date(2027, 2, 28)
    assert until(date(2027, 3, 1)) is None


def test_the_sentence_names_what_is_wrong_and_whom_to_see():
    standings = tuple(judge([shown(GARBING)], DONE).values())

    assert say_why_not("Tina Tallgrass", Duty.OVERSEE, standings, see="Petra, pharmacist-in-charge") == (
        "Tina Tallgrass may not check what others compound now. Media fill: nothing is recorded; "
        "core training with written test: nothing is recorded. See Petra, pharmacist-in-charge."
    )
    assert say_why_not("Tina", Duty.COMPOUND, tuple(judge(ALL, DONE).values()), see="Petra") == ""


def changed(**content):
    return replace(ENTRY, content={**ENTRY.content, **content})


def test_the_shipped_intervals_are_unchecked_and_say_so():
    assert ENTRY.checked_by == ""
    assert INTERVALS.notice.endswith("not checked by a pharmacist.")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ({"intervals": ENTRY.content["intervals"][1:]}, "no row for garbing compound 1"),
        ({"intervals": [*ENTRY.content["intervals"], ENTRY.content["intervals"][0]]}, "two rows for garbing"),
        ({"intervals": [ENTRY.content["intervals"][0] | {"months": 0}]}, "at least 1, not 0"),
        ({"away_months": True}, "whole number"),
        ({"away_months": "6"}, "whole number"),
    ],
)
def test_intervals_that_are_wrong_say_where(content, match):
    with pytest.raises(ValueError, match=match):
        read_competency_intervals(changed(**content))
