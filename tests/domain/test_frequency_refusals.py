"""Frequencies that are refused: each with its reason and with what to write instead."""

from __future__ import annotations

import re

import pytest

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.frequency import parse_frequency

# Each with a part of its sentence: the reason or what to write instead.
REFUSED = {
    # calculators.md, frequency: ambiguous or error-prone, by name
    "QD": "daily or as four times daily",
    "q.d.": "daily or as four times daily",
    "QOD": "write every other day",
    "BIW": "twice a week or as every two weeks",
    "TIW": "three times a week, twice a week",
    "3 times a week": "does not name the days",
    "once a week": "does not name the days",
    "every few days": "does not say how many",
    "2 of 2 days": "write daily",
    "4 of 3 days": "more infusion days than its cycle",
    "as directed": "does not say how often",
    # domain.md 3.3 and its neighbours
    "q d": "write daily",
    "q day": "write daily",
    "q.o.d.": "write every other day",
    "Q. O. D.": "write every other day",
    "EOD": "write every other day",
    "OD": "right eye",
    "q1d": "every N days",
    "q2d": "every N days",
    "q 3 days": "every N days",
    "b.i.w.": "every 14 days",
    "t.i.w.": "with the days of the week named",
    "TIW on Mon, Wed, Fri": "three times a week, twice a week",
    "biweekly": "every two weeks",
    "bi-weekly": "every two weeks",
    "qhs": "nightly",
    "HS": "nightly",
    "BT": "nightly",
    "qn": "nightly",
    "q6PM": "clock time",
    "qam": "clock time",
    "qw": "does not name the day of the week",
    "q2wk": "does not name the day of the week",
    "BD": "write twice daily",
    "TDS": "write three times daily",
    "QDS": "write four times daily",
    "PRN": "does not fix the days",
    "daily PRN": "does not fix the days",
    "daily as needed": "does not fix the days",
    "UD": "does not say how often",
    "every couple of days": "does not say how many",
    "several times a day": "does not say how many",
    # numbers that cannot be one whole number
    "every 2-3 days": "is a range",
    "every 2 to 3 days": "is a range",
    "every two to three days": "is a range",
    "two or three times daily": "is a range",
    "every 2 days to 3 days": "is a range",
    "2/3 days": "days in a cycle, as a range or as a fraction",
    "every 1.5 days": "whole numbers",
    "every 1,5 days": "whole numbers",
    "every 1,000 hours": "whole numbers",
    "every .5 days": "whole numbers",
    "every half day": "whole numbers",
    "every 36.0 hours": "whole numbers",
    "every 0 days": "counts no day",
    "0 of 3 days": "counts no day",
    "2 of 0 days": "counts no day",
    "3 days on 0 days off": "write daily",
    "1 of 1 days": "write daily",
    "every 367 days": "at most 366 days",
    "every 367th day": "at most 366 days",
    "every 1001st day": "at most 366 days",
    "366 days on 1 day off": "at most 366 days",
    "1 of every 367 days": "at most 366 days",
    "every 8785 hours": "at most 8,784 hours",
    "every 8808 hours": "at most 8,784 hours",
    "every 9999999 hours": "at most 8,784 hours",
    "every 0 hours": "every 2 hours or more",
    "every 1 hour": "every 2 hours or more",
    "q1h": "every 2 hours or more",
    "hourly": "every 2 hours or more",
    "every hour": "every 2 hours or more",
    "every 30 minutes": "every 2 hours or more",
    "24 times a day": "spread evenly",
    "5 times a day": "spread evenly",
    "0 times a day": "spread evenly",
    "every -3 days": "not a frequency that is known",
    "every +3 days": "not a frequency that is known",
    "every 3e1 days": "not a frequency that is known",
    "every 2th day": "not a frequency that is known",
    "every 21th day": "not a frequency that is known",
    "every 12st day": "not a frequency that is known",
    "every first day": "not a frequency that is known",
    "every twenty ten days": "not a frequency that is known",
    "every hundred days": "not a frequency that is known",
    "every ٣ days": "plain letters",
    "every ２ days": "plain letters",
    "every 2° day": "plain letters",
    "wee\u212aly on Monday": "plain letters",
    "da\u200bily": "plain letters",
    "daily\x00": "plain letters",
    "": "plain letters",
    "daily " * 50: "plain letters",
    # two readings
    "2 of 3": "does not say days",
    "2 on 1 off": "as days or as weeks",
    "2 weeks on, 1 week off": "14 of every 21 days",
    "1 day off, 2 days on": "day 1 is always a day with one",
    "off 1 day, on 2 days": "day 1 is always a day with one",
    "twice every 3 days": "evenly spaced",
    "2 times in 3 days": "evenly spaced",
    "2 doses every 3 days": "evenly spaced",
    "2 days every 3 days": "evenly spaced",
    "weekly": "does not name the days",
    "every week": "does not name the days",
    "twice weekly": "does not name the days",
    "3x/week": "does not name the days",
    "2 days a week": "does not name the days",
    "every 2 weeks": "every 14 days",
    "every other week": "every 14 days",
    "fortnightly": "every 14 days",
    "every other Monday": "every 14 days",
    "every third Tuesday": "one day of the month",
    "monthly": "has no fixed length",
    "every month": "has no fixed length",
    "mth": "has no fixed length",
    "weekdays": "can be read as (Monday through Friday|Saturday and Sunday) or as",
    "every weekday": "can be read as (Monday through Friday|Saturday and Sunday) or as",
    "weekends": "can be read as (Monday through Friday|Saturday and Sunday) or as",
    "Mon-Fri": "Monday through Friday",
    "Monday - Friday": "Monday through Friday",
    "M-F": "Monday through Friday",
    "MF": "Monday through Friday",
    "TF": "Tuesday or Thursday",
    "M, T, W": "Tuesday or Thursday",
    "TTS": "Saturday or Sunday",
    "MWS": "Saturday or Sunday",
    "Mon, S": "Saturday or Sunday",
    "Mon, Wed, Mon": "names Monday more than once",
    "MWWF": "names Wednesday more than once",
    "3 times a week on Mon, Thu": "3 times a week and names 2",
    "once a week on Mon, Thu": "1 times a week and names 2",
    "0 times a week on Mon": "0 times a week and names 1",
    # something else than a frequency, or more than one
    "once": "single dose",
    "stat": "single dose",
    "daily at 9 pm": "clock time",
    "every 3 days at 21:00": "clock time",
    "every morning": "clock time",
    "daily for 7 days": "a place of its own",
    "daily x7": "a place of its own",
    "daily or every other day": "leaves a choice",
    "Mon or Wed": "leaves a choice",
    "2 g daily": "not a frequency that is known",
    "daily daily": "not a frequency that is known",
    "twice nightly": "not a frequency that is known",
    "daily MWF": "not a frequency that is known",
    "every 12 hours on Monday": "not a frequency that is known",
    "/week on Monday": "names of the days|not name the days",
    "a week on Monday": "not name the days",
    "once on Monday": "not a frequency that is known",
    "every m": "not a frequency that is known",
    "T": "not a frequency that is known",
    "mo": "not a frequency that is known",
    "every mo": "not a frequency that is known",
    "FMW": "not a frequency that is known",
    "every 12": "number of days or of hours",
    "12 h": "not a frequency that is known",
    "q24": "number of days or of hours",
    "1 timesevery 3 days": "evenly spaced",
    "every day, except": "not a frequency that is known",
    "daily except Monday through Sunday": "not a frequency that is known",
    "Mon, Wed,": "not a frequency that is known",
    "Monday through Monday": "not a frequency that is known",
    "Monday through payday": "not a frequency that is known",
    "payday through Monday": "not a frequency that is known",
    "Monday and Wednesday through Friday": "not a frequency that is known",
    "continual": "not a frequency that is known",
    "hold": "not a frequency that is known",
    "daily; DROP TABLE orders": "not a frequency that is known",
}


@pytest.mark.parametrize(("written", "part"), REFUSED.items(), ids=[text[:40] or "empty" for text in REFUSED])
def test_doubtful_frequency_is_refused_with_what_to_write(written: str, part: str) -> None:
    with pytest.raises(InvalidInput, match=part) as refused:
        parse_frequency(written, field="regimen[0].frequency")

    assert refused.value.field == "regimen[0].frequency"
    assert refused.value.sentence.startswith('regimen[0].frequency "')
    assert re.search(r"; write .+\.$", refused.value.sentence)
    assert refused.value.sentence.isascii()
    assert refused.value.sentence.isprintable()
    assert len(refused.value.sentence) < 300


def test_what_a_refusal_suggests_first_is_understood() -> None:
    for written in REFUSED:
        with pytest.raises(InvalidInput) as refused:
            parse_frequency(written)
        suggested = refused.value.sentence.rsplit("; write ", 1)[1]
        if suggested.startswith(
            ("daily", "weekly on", "every other day", "twice", "three times", "four times")
        ):
            first = re.split(r", with| or |, or |, every|\.$", suggested)[0]
            assert parse_frequency(first)
