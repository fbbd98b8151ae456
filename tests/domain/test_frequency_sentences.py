"""What a doubtful frequency is answered, word for word: its readings or fault, and what to write."""

from __future__ import annotations

import pytest

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.frequency import parse_frequency

# Why, and what to write instead; one line for each reason that there is.
ANY = (
    "daily, every 2 days, 2 of every 3 days, every 12 hours,"
    " weekly on Monday, Wednesday, Friday or continuous"
)
SENTENCES = [
    ("QD", "can be read as daily or as four times daily (QID)", "daily"),
    ("QOD", "can be read as every other day, daily or four times daily", "every other day"),
    ("OD", "can be read as daily or as the right eye", "daily"),
    (
        "q3d",
        "can be read as a number of days or as four times daily (QID)",
        "every N days, for example every 3 days",
    ),
    (
        "BIW",
        "can be read as twice a week or as every two weeks",
        "weekly on Monday, Thursday, or every 14 days",
    ),
    (
        "TIW",
        "can be read as three times a week, twice a week or three times a day",
        "weekly on Monday, Wednesday, Friday, with the days of the week named",
    ),
    (
        "qhs",
        "can be read as bedtime, half strength, every hour or twice daily",
        "daily or nightly, with the clock time in day 1",
    ),
    ("q6PM", "can be read as a clock time or as a number of hours", "daily, with the clock time in day 1"),
    ("qw", "does not name the day of the week", "weekly on Monday, or every 14 days"),
    ("BD | bds", "can be read as twice daily or as bedtime", "twice daily"),
    ("TDS", "is not used in this country and can be misread", "three times daily"),
    ("QDS", "can be read as daily or as four times daily", "four times daily"),
    (
        "24/7 | around the clock",
        "can be read as one infusion after the other or as evenly spaced doses",
        "continuous, or every N hours, for example every 6 hours",
    ),
    ("PRN", "does not fix the days, so no dose can be counted", ANY),
    ("as directed", "does not say how often", ANY),
    ("every few days", "does not say how many", "a number, for example every 3 days"),
    ("every 1.5 days", "should hold whole numbers only", "whole days or hours, for example every 36 hours"),
    (
        "2/3 days",
        "can be read as a number of days in a cycle, as a range or as a fraction",
        "for example 2 of every 3 days, or every 2 days",
    ),
    ("every 2-3 days", "is a range, so no dose can be counted", "one number, for example every 3 days"),
    (
        "2 doses daily | two infusions a day | 3 bags a day",
        "can be read as spread over the day or as all at one time",
        "for example twice daily, or daily",
    ),
    (
        "24-hour infusion | continuous 24 h | 24 hours a day",
        "can be read as one infusion after the other or as one infusion that runs 24 hours",
        "continuous or daily",
    ),
    (
        "daily starting Monday | daily for 7 days | daily until seen",
        "says when it begins or ends, which has a place of its own",
        "the frequency alone, for example daily",
    ),
    (
        "once in two days | one in three days | 1 dose in 3 days",
        "can be read as one dose in each of these spans or as a single dose after them",
        "for example every 2 days",
    ),
    (
        "twice every 3 days | 2 in 3 days | 2 days per 3 days",
        "can be read as the first days of each cycle or as evenly spaced doses",
        "for example 2 of every 3 days, or every 36 hours",
    ),
    (
        "every other Monday | alternate Mondays",
        "can be read as every so many weeks or as one day of the month",
        "every 14 days or every 21 days, with day 1 on that day of the week",
    ),
    ("2 on 1 off", "can be read as days or as weeks", "2 days on 1 day off, or 14 days on 7 days off"),
    (
        "1 day off, 2 days on",
        "starts on a day without a dose, and day 1 is always a day with one",
        "for example 2 of every 3 days, with day 1 on the first infusion day",
    ),
    (
        "every 2 weeks | every two weeks on Monday",
        "is a number of weeks, which are counted in days here",
        "a number of days, such as every 14 days, with day 1 on the first infusion day",
    ),
    (
        "weekdays",
        "can be read as Monday through Friday or as any days of the week",
        "weekly on Monday, Tuesday, Wednesday, Thursday, Friday, with the days named",
    ),
    (
        "weekly",
        "does not name the days of the week",
        "weekly on Monday, Wednesday, Friday, with the days of the week named",
    ),
    (
        "bimonthly",
        "can be read as twice a month or as every two months",
        "a number of days, such as every 28 days",
    ),
    ("monthly", "has no fixed length", "a number of days, such as every 28 days"),
    ("hourly | q1h", "is too often", "every 2 hours or more, or continuous"),
    ("stat | one time", "is a single dose and no frequency", ANY),
    (
        "daily at 9 pm | daily @ 2100",
        "names a clock time, which belongs to day 1 of the schedule",
        "for example daily",
    ),
    (
        "one bag daily | daily x7",
        "says how many, which has a place of its own",
        "the frequency alone, for example daily",
    ),
    (
        "daily (every 24 hours)",
        "adds something in brackets",
        "one frequency without brackets, for example daily",
    ),
    ("daily or every other day", "leaves a choice", "one frequency"),
    (
        "days 1 and 2 of each 3-day cycle",
        "names the days of a cycle by their numbers",
        "how many of them there are, for example 2 of every 3 days",
    ),
    ("2 of 3", "does not say days", "for example 2 of every 3 days"),
    (
        "q24 | every 12",
        "can be read as a number of days or of hours",
        "for example every 12 hours, or every 12 days",
    ),
    ("with meals | twice a night", "is not a frequency that is known here", ANY),
    ("every 0 days", "counts no day at all", ANY),
    ("2 of 2 days", "means every one of 2 days", "daily"),
    ("1 of 1 days", "means every day", "daily"),
    (
        "4 of 3 days",
        "has more infusion days than its cycle has",
        "fewer days on than the cycle has, for example 2 of every 3 days",
    ),
    ("every 367 days", "is longer than 366 days", "at most 366 days"),
    ("every 8785 hours", "is longer than 366 days", "at most 8,784 hours"),
    (
        "5 times a day | 1000000 times daily | 24 times daily | 13 times a day",
        "cannot be spread evenly over 24 hours",
        "every 2, 3, 4, 6, 8 or 12 hours, as the prescriber means",
    ),
    ("every two (3) days", "says 2 and 3 for one number", "one number, for example every 3 days"),
    (
        "Mon-Fri",
        "can be read as these days alone or as all days from the first to the last",
        "the names of all the days, or Monday through Friday",
    ),
    ("MF", "can be read as Monday and Friday or as Monday through Friday", "the names of the days in full"),
    ("TF", "holds the letter T, which can be read as Tuesday or Thursday", "the names of the days in full"),
    ("TTS", "holds the letter S, which can be read as Saturday or Sunday", "the names of the days in full"),
    ("MWWF", "names Wednesday more than once", "every day of the week once"),
    (
        "3 times a week on Mon, Thu",
        "says 3 times a week and names 2 of its days",
        "as many days as there are doses",
    ),
    (" | every ２ days", "should be up to 200 plain letters, digits and commas", ANY),
]


@pytest.mark.parametrize(
    ("written", "told"), [(written, told) for texts, *told in SENTENCES for written in texts.split(" | ")]
)
def test_doubtful_text_is_answered_with_its_readings_and_what_to_write(written: str, told: list[str]) -> None:
    why, instead = told
    shown = "".join(letter if letter.isascii() else "?" for letter in written)

    with pytest.raises(InvalidInput) as refused:
        parse_frequency(written)

    assert refused.value.sentence == f'frequency "{shown}" {why}; write {instead}.'
    assert refused.value.field == "frequency"


def test_what_is_typed_is_shown_again_and_signs_that_cannot_be_read_as_a_question_mark() -> None:
    for written, shown in (
        ("every ~3 days", "every ~3 days"),
        ("every\t{3}  days", "every {3} days"),
        ("é~", "?~"),
    ):
        with pytest.raises(InvalidInput) as refused:
            parse_frequency(written)
        assert refused.value.sentence.startswith(f'frequency "{shown}" ')


def test_long_text_is_shortened_in_its_refusal() -> None:
    for letters, shown in ((40, "m" * 40), (41, "m" * 40 + "...")):
        with pytest.raises(InvalidInput) as refused:
            parse_frequency("m" * letters)
        assert f'"{shown}" ' in refused.value.sentence
    with pytest.raises(InvalidInput) as refused:
        parse_frequency("m" * 39 + " mm")
    assert f'"{"m" * 39}..." ' in refused.value.sentence


@pytest.mark.parametrize(
    ("letters", "why"), [(200, "is not a frequency"), (201, "should be up to 200 plain")]
)
def test_two_hundred_letters_are_read(letters: int, why: str) -> None:
    with pytest.raises(InvalidInput, match=f"{why}.*write daily, every 2 days"):
        parse_frequency("b" * letters)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        *(("every 101st day", 101), ("every 111th day", 111), ("every 112th day", 112)),
        *(("every 113th day", 113), ("every 121st day", 121), ("every 122nd day", 122)),
    ],
)
def test_ordinals_beyond_a_hundred_keep_their_endings(written: str, days: int) -> None:
    assert parse_frequency(written).text == f"every {days} days"


@pytest.mark.parametrize(
    "written",
    ["every 111st day", "every 112nd day", "every 113rd day", "every 0000001st day"],
)
def test_ordinals_with_a_wrong_ending_or_too_many_digits_are_not_read(written: str) -> None:
    with pytest.raises(InvalidInput, match="is not a frequency that is known here"):
        parse_frequency(written)
