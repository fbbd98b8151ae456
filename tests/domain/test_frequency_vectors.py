"""Doses against recurrence rules that others published with their dates (RFC 5545, dateutil's tests)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pharmacy.domain.frequency import expand, parse_frequency
from tests.material import material_json

DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}
# A rule that an infusion frequency can say; how often and until when is asked of the window.
RULE = re.compile(
    r"FREQ=(?P<unit>DAILY|WEEKLY|HOURLY)(?:;INTERVAL=(?P<interval>\d+))?(?:;(?:UNTIL|COUNT)=\w+)?"
    r"(?:;WKST=\w+)?(?:;BYDAY=(?P<days>[A-Z,]+))?"
)


def find_frequency(rule: str) -> str | None:
    """Say a recurrence rule as a frequency; None where no frequency can say it."""
    found = RULE.fullmatch(rule)
    if found is None:
        return None
    interval = int(found["interval"] or 1)
    if found["days"]:
        days = ", ".join(DAYS[day] for day in found["days"].split(","))
        return f"weekly on {days}" if found["unit"] != "HOURLY" and interval == 1 else None
    if found["unit"] == "HOURLY":
        return f"every {interval} hours" if interval > 1 else None
    return f"every {interval * (7 if found['unit'] == 'WEEKLY' else 1)} days"


def first_doses(written: str, *, start: str, zone: str, number: int) -> list[str]:
    anchor = datetime.fromisoformat(start)
    home = ZoneInfo(zone)
    starts = anchor.replace(tzinfo=UTC) - timedelta(days=2)
    doses = expand(
        parse_frequency(written), anchor=anchor, zone=home, starts=starts, ends=starts + timedelta(days=2000)
    )
    return [dose.astimezone(home).replace(tzinfo=None).isoformat() for dose in doses[:number]]


def test_doses_are_those_of_the_examples_in_rfc_5545() -> None:
    checked = 0
    for row in material_json("03_timing_dosage/rfc5545_examples.given.json")["rows"]:
        for rule in row["rules"]:
            written = find_frequency(rule.removeprefix("RRULE:"))
            if written and not row["exdate"]:
                expected = row["first_12_local"]
                found = first_doses(
                    written, start=row["dtstart"], zone="America/New_York", number=len(expected)
                )
                assert found == expected, row["title"]
                checked += 1

    assert checked >= 5


def test_doses_are_those_of_the_recurrence_tests_of_dateutil() -> None:
    checked = 0
    for row in material_json("03_timing_dosage/rrule_vectors.given.json")["rows"]:
        found = re.fullmatch(r"DTSTART:(\w+)\nRRULE:(\S+)", row["rule"])
        written = find_frequency(found[2]) if found else None
        if found and written:
            doses = first_doses(written, start=found[1], zone="UTC", number=len(row["expect"]))
            assert doses == row["expect"], row["test"]
            checked += 1

    assert checked >= 9
