"""Reading a written frequency: what is understood, and that every text is a frequency or a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.frequency import (
    Continuous,
    DaysOfCycle,
    EveryHours,
    Frequency,
    WeeklyOn,
    parse_frequency,
)

# The table of calculators.md, frequency, word by word, then its neighbours.
UNDERSTOOD = {
    "daily": [
        *("daily", "every day", "once daily", "once a day", "q24h", "every 24 hours", "every 1 day"),
        *("nightly", "every night", "once nightly", "once a night", "once every day", "one time a day"),
        *("Once  Daily", " DAILY ", "daily.", "q 24 h", "Q24H", "q24 hrs", "every 24 hrs.", "every 24h"),
        *("once every 24 hours", "each day", "once per day", "every one day", "once-daily", "24 hourly"),
        *("daily\t", "1 time daily", "1x daily"),
        *("once every night", "every 1 days", "twenty-four hourly", "1 time/day", "once/day"),
    ],
    "every 2 days": [
        *("every 2 days", "every other day", "q48h", "every 48 hours", "every second day", "every 2nd day"),
        *("every alternate day", "alternate days", "on alternate days", "one day on, one day off"),
        *(
            "1 of 2 days",
            "1 of every 2 days",
            "every-other-day",
            "every forty-eight hours",
            "EVERY OTHER DAY",
        ),
        *("once every other day", "every other night", "q forty eight hours", "every two days"),
    ],
    "every 3 days": [
        *("every 3 days", "every third day", "q72h", "every 3rd day", "every three days", "every 72 hours"),
        *(
            "1 of every 3 days",
            "1 day on 2 days off",
            "one day in three",
            "once every 3 days",
            "every 3 day",
            "each third day",
        ),
    ],
    "every 21 days": [
        "every twenty-one days",
        "every twenty one days",
        "every twenty-first day",
        "every 21st day",
    ],
    "every 99 days": ["every ninety-nine days", "every ninety ninth day", "every 99th day"],
    "every 11 days": ["every eleven days", "every eleventh day", "every 11th day"],
    "every 366 days": ["every 366 days", "every 8784 hours", "every 366th day"],
    "2 of every 3 days": [
        *("2 of every 3 days", "two out of three days", "every two out of three days", "2 of 3 days"),
        *("2 out of every 3 days", "2 days on 1 day off", "two days on, one day off", "on 2 of every 3 days"),
        *("2 days on/1 day off", "2 days on,1 day off", "two days on and one day off", "2 days out of 3"),
        *("two days on & one day off", "2 days on then 1 day off", "2 days on; 1 off", "every 2 of 3 days"),
        *(
            "two days out of every three",
            "2 days in every 3",
            "2-days on 1-day off",
            "Two Of Every Three Days",
        ),
        *(
            "2 days on - 1 day off",
            "2 days on – 1 day off",
            "on 2 days, off 1 day",
            "2 days on, then 1 day off",
        ),
        *(
            "2 days of 3 days",
            "two-out-of-three days",
            "2 out of 3 days",
            "two of three days.",
            "2  of  3\tdays",
        ),
    ],
    "5 of every 7 days": ["5 of 7 days", "five days on, two days off"],
    "20 of every 30 days": ["twenty of thirty days", "20 of every 30 days"],
    "365 of every 366 days": ["365 days on 1 day off"],
    "every 12 hours": [
        *("every 12 hours", "twice daily", "q12h", "BID", "b.i.d.", "two times daily", "twice a day"),
        *(
            "2 times per day",
            "twice each day",
            "2x daily",
            "2 x daily",
            "2 times/day",
            "12 hourly",
            "twice-daily",
        ),
        *("every twelve hours", "every 12-hours", "bid", "Bid."),
    ],
    "every 8 hours": [
        *("every 8 hours", "three times daily", "q8h", "TID", "t.i.d.", "3 times a day", "thrice daily"),
    ],
    "every 6 hours": ["every 6 hours", "q6h", "QID", "q.i.d.", "four times daily", "4 times a day"],
    "every 4 hours": ["q4h", "six times a day"],
    "every 3 hours": ["q3h", "8 times daily", "every third hour"],
    "every 2 hours": ["q2h", "12 times a day", "every other hour", "every two hours"],
    "every 36 hours": ["q36h", "every 36 hours", "every thirty-six hours"],
    "every 18 hours": ["q18h", "once every 18 hours"],
    "every 5 hours": ["q5h"],
    "every 8783 hours": ["every 8783 hours"],
    "weekly on Monday, Wednesday, Friday": [
        *("weekly on Monday, Wednesday, Friday", "Mon/Wed/Fri", "MWF", "3 times a week on Mon, Wed, Fri"),
        *("three times a week on Monday, Wednesday and Friday", "3 times weekly on MWF", "M/W/F", "M W F"),
        *("Mon., Wed., Fri.", "every Monday, Wednesday, and Friday", "mon-wed-fri", "M-W-F", "Mon Wed Fri"),
        *("Mondays, Wednesdays & Fridays", "on Monday, on Wednesday and on Friday", "fri, mon, wed"),
        *(
            "weekly: Mon, Wed, Fri",
            "3 times a week (Mon, Wed, Fri)",
            "thrice weekly on Mon Wed Fri",
            "mo/we/fr",
        ),
        *(
            "3x/week on Mon, Wed, Fri",
            "3 times a week - Mon, Wed, Fri",
            "weekly on mon,wed,fri",
            "3 times per week, on M, W, F",
            "every week on Mon, Wed, Fri",
            "mwf",
        ),
    ],
    "weekly on Monday, Thursday": [
        *("every Monday and Thursday", "Monday & Thursday", "mondays and thursdays", "every Mon/Thurs"),
        *("twice a week on Mon and Thu", "each Monday and each Thursday", "M/Th", "thur, mon"),
    ],
    "weekly on Monday": [
        "every Monday",
        "Mondays",
        "on Mondays",
        "once a week on Monday",
        "weekly Mon",
        "Monday",
    ],
    "weekly on Tuesday, Thursday": ["TTh", "T/Th", "TuTh", "Tue/Thu", "Tues and Thurs", "T, Th"],
    "weekly on Tuesday, Thursday, Saturday": ["TThSa", "Tue Thu Sat", "T/Th/Sa", "tu, th, sa"],
    "weekly on Monday, Sunday": ["weekly on Sunday, Monday", "Sun/Mon"],
    "weekly on Monday, Tuesday, Wednesday, Thursday, Friday": [
        "Monday through Friday",
        "Mon to Fri",
        "mon thru fri",
    ],
    "weekly on Monday, Friday, Saturday, Sunday": ["Friday through Monday"],
    "weekly on Monday, Tuesday, Wednesday, Thursday, Friday, Saturday": [
        *("daily except Sunday", "every day except Sundays", "daily but not on Sunday"),
    ],
    "weekly on Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday": ["MTuWThFSaSu", "Mon to Sun"],
    "continuous": [
        "continuous",
        "continuous infusion",
        "continuously",
        "Continuous  Infusion",
        "CONTINUOUSLY",
    ],
}


@pytest.mark.parametrize(
    ("written", "canonical"), [(written, text) for text, all_ in UNDERSTOOD.items() for written in all_]
)
def test_written_frequency_is_understood(written: str, canonical: str) -> None:
    assert parse_frequency(written).text == canonical
    assert parse_frequency(written.upper()).text == canonical
    assert parse_frequency(f"  {written.replace(' ', '   ')}\u00a0").text == canonical


frequencies: st.SearchStrategy[Frequency] = st.one_of(
    st.integers(2, 366).flatmap(
        lambda cycle: st.builds(DaysOfCycle, st.integers(1, cycle - 1), st.just(cycle))
    ),
    st.just(DaysOfCycle(1, 1)),
    st.builds(EveryHours, st.integers(2, 8783).filter(lambda hours: hours % 24 != 0)),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: WeeklyOn(tuple(sorted(days)))),
    st.just(Continuous()),
)


@given(frequency=frequencies)
def test_canonical_text_reads_back_as_itself(frequency: Frequency) -> None:
    assert parse_frequency(frequency.text) == frequency
    assert hash(parse_frequency(frequency.text.upper())) == hash(frequency)


UNITS = [
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


@given(number=st.integers(1, 99), data=st.data())
def test_number_words_mean_their_digits(number: int, data: st.DataObject) -> None:
    if number < 20:
        word = UNITS[number]
    else:
        join = data.draw(st.sampled_from(["-", " "])) if number % 10 else ""
        word = TENS[number // 10] + join + UNITS[number % 10]

    assert parse_frequency(f"every {word} days") == parse_frequency(f"every {number} days")


PIECES = [
    "every",
    "other",
    "day",
    "days",
    "daily",
    "2",
    "3",
    "of",
    "out",
    "on",
    "off",
    "two",
    "twice",
    "times",
    "a",
    "week",
    "Mon",
    ",",
    "/",
    "-",
    "&",
    "q",
    "h",
    "24",
    ".",
    "d",
    "and",
]


@given(
    written=st.one_of(
        st.text(max_size=40),
        st.lists(
            st.sampled_from(PIECES),
            max_size=8,
        ).map(" ".join),
    )
)
def test_any_text_is_a_frequency_or_one_sentence(written: str) -> None:
    try:
        frequency = parse_frequency(written)
    except InvalidInput as refused:
        sentence = refused.sentence
    else:
        sentence = ""
        assert parse_frequency(frequency.text) == frequency

    assert sentence.isprintable()
    assert sentence.isascii()


@pytest.mark.parametrize(
    "make",
    [
        lambda: DaysOfCycle(2, 2),
        lambda: DaysOfCycle(0, 3),
        lambda: DaysOfCycle(1, 367),
        lambda: EveryHours(1),
        lambda: EveryHours(48),
        lambda: EveryHours(8785),
        lambda: WeeklyOn(()),
        lambda: WeeklyOn((2, 0)),
        lambda: WeeklyOn((0, 7)),
        lambda: WeeklyOn((1, 1)),
    ],
)
def test_no_kind_can_hold_what_has_no_canonical_text(make: object) -> None:
    with pytest.raises(ValueError, match="no frequency|weekdays are"):
        make()
