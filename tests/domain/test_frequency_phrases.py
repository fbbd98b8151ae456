"""Frequencies as pharmacists type them: plurals, number words, brackets, ampersands, short days."""

from __future__ import annotations

import pytest

from pharmacy.domain.frequency import parse_frequency

# Neighbours of the table in calculators.md, frequency; a bar stands between two texts.
PLAIN = {
    "daily": (
        "once-a-day | one dose daily | one dose a day | 1 dose per day | one infusion daily | "
        "once every 24 hrs | once each day | everyday | every-day | 1x/day | 1x per day | "
        "one time daily | one time per day | each night | every 24hrs | every 24 hr | q24hr | q24hrs "
        "| q 24 hours | q24h. | q-24h | q24hours | every twenty four hours | 7 days a week | "
        "seven days a week | Every 24 Hours."
    ),
    "every 2 days": (
        "every other day. | every-other day | every two (2) days | alternating days | "
        "every alternate night | on alternating days | alternate day | once every two days | "
        "once in every two days | 1 in every 2 days "
        "| q48hrs | q 48 h | one day on, one off | 1 day on, 1 off | "
        "every second night | once per 2 days | Every  Other   Day | every 2day"
    ),
    "every 3 days": (
        "every 3 (three) days | one in every three days | 1 day out of 3 | "
        "one day on, two days off | one day on two days off | every 72hrs | each 3 days | "
        "every 3 nights"
    ),
    "2 of every 3 days": (
        "2 days on, 1 off | 2 days on 1 day off, repeat | 2 days on, 1 day off, repeating | "
        "two days on, then one day off, then repeat | on two days, off one day | on 2 days off 1 day "
        "| 2 consecutive days of every 3 | two consecutive days out of three | "
        "two days out of every three days | two out of every three days | two-of-three days | "
        "2 days of every 3 | 2 days in 3 | two days in every three | 2 of each 3 days | "
        "2 out of each 3 days | 2 nights on, 1 night off | 2 nights of every 3 | 2 of 3 nights | "
        "2 of every 3 nights | 2-of-3 days | 2days on 1day off"
    ),
    "4 of every 7 days": "4 days on 3 days off",
    "5 of every 7 days": "5 days on/2 days off | 5 days out of 7 | five out of seven days",
    "weekly on Monday": (
        "once a week on Mondays | every week on Mon | weekly on Mondays | Weekly: Monday | only on Mondays"
    ),
    "weekly on Monday, Thursday": "every Mon & Thu | Mon and Thurs. | every Mon every Thu",
    "weekly on Monday, Tuesday, Wednesday": "Mon, Tues, Wed",
    "weekly on Monday, Wednesday, Friday": (
        "Mon; Wed; Fri | Mon Wed and Fri | M, W and F | M, W, & F | M W & F | m,w,f | "
        "Monday Wednesday Friday | monday, wednesday, and friday | Mondays, Wednesdays, and Fridays | "
        "Mon/Wed/Fri weekly | MWF weekly | Mon, Wed, Fri every week | Mon Wed Fri each week | "
        "3 days a week: Mon, Wed, Fri | 3 days a week on Mon, Wed, Fri | three days a week (MWF) | "
        "3 days per week, MWF | 3 doses a week on Mon Wed Fri | 3x weekly MWF | 3x a week MWF | "
        "3x per week on MWF | three times per week: Monday, Wednesday, Friday | thrice weekly MWF | "
        "Monday-Wednesday-Friday | every Monday, every Wednesday and every Friday | mon,Wed,fRi | "
        "every mon, wed & fri | Every Mon., Wed., and Fri."
    ),
    "weekly on Monday, Tuesday, Wednesday, Thursday, Friday": (
        "MTWThF | Monday to Friday | Monday thru Friday | Monday till Friday | daily except Sat and Sun"
    ),
    "weekly on Tuesday, Thursday": "Tu Th",
    "weekly on Tuesday, Thursday, Saturday": "T-Th-Sat | Tu/Th/Sat | TuThSa",
    "weekly on Saturday, Sunday": "Sa/Su | SaSu | Sat & Sun | Sat, Sun",
    "weekly on Sunday": "Sundays only | on Sundays | every Sunday only",
    "weekly on Monday, Friday": "every week: Monday, Friday",
    "weekly on Tuesday, Friday": (
        "twice weekly on Tuesday and Friday | twice weekly (Tue, Fri) | 2x/wk Tue & Fri | "
        "2x/week on Tue/Fri | 2 x week on Tue, Fri | Tuesdays & Fridays weekly"
    ),
    "weekly on Monday, Wednesday": "Monday/Wednesday",
    "weekly on Monday, Tuesday, Wednesday, Thursday": "Mon through Thu",
    "weekly on Monday, Tuesday, Wednesday, Thursday, Friday, Saturday": (
        "every day except Sunday | every day but Sunday | daily, except Sunday"
    ),
    "every 14 days": "every 14 days | every fourteen days",
    "every 7 days": "every 7 days | once every 7 days",
    "every 12 hours": (
        "q12hrs | q 12 hrs | q12 h | every 12h | 12hourly | 12-hourly | every 12 hourly | 12 hrly | "
        "two times a day | two times per day | twice per day | 2x/day | 2 x/day | 2 times daily | "
        "twice every day | twice every 24 hours | 2 times in 24 hours | B.I.D | b i d"
    ),
    "every 8 hours": "t.i.d | 3 times/day | three times a day | 3x/day | every eight hours",
    "every 6 hours": "q.i.d | every 6 hrs | every six hours | q6hr | q6hrs | q 6 hours",
    "every 36 hours": "every 36h | q36hours",
    "every 2 hours": "q2hr",
    "every 4 days": "every 96 hours | q96h",
    "every 5 days": "every 5th day | every fifth day",
    "every 31 days": "every 31st day | every thirty-first day",
    "every 22 days": "every 22nd day",
    "every 23 days": "every 23rd day",
    "every 13 days": "every 13th day",
    "every 100 days": "every 100 days",
    "continuous": "as continuous infusion",
    "weekly on Tuesday": "once per week on Tuesday | once each week on Tuesday | Tue. | Tues | Tues.",
    "weekly on Thursday": "thursdays",
    "weekly on Thursday, Sunday": "Thurs/Sun | Thu & Sun.",
    "weekly on Monday, Sunday": "Sun, Mon",
    "weekly on Wednesday": "Wed only",
    "weekly on Tuesday, Wednesday": "Tu, We",
    "weekly on Friday": "Fri",
}


@pytest.mark.parametrize(
    ("written", "canonical"),
    [(written, text) for text, all_ in PLAIN.items() for written in all_.split(" | ")],
)
def test_plain_text_is_understood(written: str, canonical: str) -> None:
    assert parse_frequency(written).text == canonical
    assert parse_frequency(f" {written.swapcase()}  ").text == canonical


# One word more or less, singular or plural: each part of a text that may be left out is there and is not.
VARIED = {
    "daily": (
        "1 dose every day | 1 infusion each night | 1 doses daily | 1 infusion a day | 1 infusions per day"
        " | one dose/day | one dose / day | 1 dose in 24 hours | 1 dose per 24h | 1 time every 24 hr"
    ),
    "every 2 days": (
        "alternating nights | alternate night | on alternate nights | 1 night in 2 | 1 dose per 2 days"
        " | one infusion in every 2 nights | 1 times per 2 day | once per 2 night | 1 infusions per 2 days"
    ),
    "every 3 days": (
        "1 dose every 3 days | one infusion every 3 days | one infusions every 3 nights | every 3 night"
        " | once every third day | one dose every third day | one infusion every third night"
        " | 1 doses per 3 days"
    ),
    "2 of every 3 days": (
        "2nights of every 3nights | 2 night of 3 night | on every 2 days of 3 | 2 days of 3night"
        " | each 2days in 3"
        " | 2 day of every 3 day | on each 2 of each 3day | 2night on 1night off | 2 night on/1 night off"
        " | on for 2 days, off for 1 day | on for 2 nights,off for 1 night | on 2 night off 1 nights"
        " | on 2 day/ off for 1 day, repeated | on 2 days then off 1 day repeating"
    ),
    "every 12 hours": (
        "2 time daily | 2 times per 24 h | 2x every 24 hrs | 2 x in 24h | 2 times each 24 hour | twice /day"
        " | one dose every 12 hours | 1 doses q12h | one infusion every 12 hrs | 1 infusions every 12h"
    ),
    "every 3 hours": "once every third hour | one dose every third hour | one infusion every 3rd hours",
}


@pytest.mark.parametrize(
    ("written", "canonical"),
    [(written, text) for text, all_ in VARIED.items() for written in all_.split(" | ")],
)
def test_a_word_more_or_less_changes_nothing(written: str, canonical: str) -> None:
    assert parse_frequency(written).text == canonical
