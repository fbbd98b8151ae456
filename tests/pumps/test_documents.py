"""The sheet and the calendar on paper, read back: codes decode, settings are spelled, the days have bags."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pharmacy.domain.frequency import DaysOfCycle, EveryHours, WeeklyOn
from pharmacy.domain.pump_calendar import Infusion
from pharmacy.domain.pump_settings import Setting
from pharmacy.domain.wording import find_unsafe_wording
from pharmacy.pumps.documents.months import draw_months, say_summary
from pharmacy.pumps.documents.wording import (
    list_patient_sections,
    list_reminders,
    say_schedule,
    show_setting,
    spell_setting,
)
from pharmacy.pumps.queries import SheetCalendar
from tests.labels.reading import page_codes, page_texts, squeezed
from tests.pumps.test_actions_sheets import started
from tests.therapy.sheets import print_sheet_papers, verified_sheet


def test_the_papers_of_a_sheet(session, people):
    version, worksheet = started(session, people)
    sheet = verified_sheet(session, people, version, worksheet)

    paper, calendar = print_sheet_papers(session, people, sheet)

    pages = page_texts(paper.content)
    text = "".join(pages)
    for said in (
        *(
            "Larkspur, Marigold",
            "P-1001",
            "penicillin (hives)",
            "64.5 kg",
            "magnesium sulfate",
            "18.018 mg/mL",
        ),
        *("111 mL", "100 mL", "PUMP-0042", "SAMPLE-0042-77", "2 of every 3 days", "Peter Pomfret"),
        *("105.0 mL", "one hundred five point zero mL", "10.5 mL/hr", "ten point five mL per hour"),
        *("10:00", "ten hours zero minutes", "Read back by programmer", "Read back by second person"),
        *("Second check on the pump's screen by", "94.59 percent", "9:26:02 to 10:38:18", "Keypad locked"),
        *("Never infuse on 3 days in a row.", "252 mL in 24 hours", sheet.verification.digest),
        *(bag.serial for bag in worksheet.bags),
    ):
        assert squeezed(said) in text, said
    assert all(squeezed("UNVERIFIED PUMP PROFILE – NOT FOR PATIENT USE") in page for page in pages)
    assert all(squeezed("Sample pharmacy, not for patient use") in page for page in pages)
    assert page_codes(paper.content) == [[paper.serial]] * len(pages)

    [page] = page_texts(calendar.content)
    for said in ("Infuse one bag on 2 of every 3 days, on the days marked below.", "21:00 to 07:00", "Rest",
                 "3 infusions, 3 bags named here.", "555-0100"):  # fmt: skip
        assert squeezed(said) in page, said
    assert page_codes(calendar.content) == [[calendar.serial]]


def test_the_patients_page_is_plain_and_safe(session, people):
    sheet = verified_sheet(session, people, *started(session, people, days=(0,), frequency="daily"))

    said = [
        sentence
        for section in list_patient_sections(sheet, clocks="21:00")
        for sentence in (section.title, *section.sentences)
    ]

    assert [(one, find_unsafe_wording(one)) for one in said if find_unsafe_wording(one)] == []
    assert not any("Rest day" in one for one in said)


def test_two_infusions_a_day_are_listed_where_the_grid_has_no_room():
    first = datetime(2026, 11, 10, 2, tzinfo=UTC)
    infusions = tuple(
        Infusion(first + timedelta(hours=12 * one), first + timedelta(hours=12 * one + 10), f"B-{one}")
        for one in range(3)
    )
    calendar = SheetCalendar("America/New_York", infusions, ("B-9",))
    gap = SheetCalendar("America/New_York", (Infusion(first, first, None),), ())

    days = {
        day.day: (day.bag, day.note)
        for month in draw_months(calendar)
        for week in month.weeks
        for day in week
    }

    assert draw_months(gap)[0].weeks[0][1].bag == "No bag: call"
    assert days["9"] == ("B-0", "21:00 to 07:00")
    assert days["10"] == ("2 bags", "see the list")
    assert say_summary(calendar) == (
        "3 infusions, 3 bags named here. Spare, for no day: B-9. Tue 10 Nov 2026: 09:00 B-1, 21:00 B-2."
    )


@pytest.mark.parametrize(
    ("setting", "shown", "spelled"),
    [
        (("Infusion Rate", "10.5", "mL/hr", "10.5"), "10.5_mL/hr", "ten point five mL per hour"),
        (
            ("Continuous Rate", "252", "mL/24 hrs", "252"),
            "252_mL/24 hrs",
            "two hundred fifty-two mL per 24 hours",
        ),
        (("Infusion Time", "10:01", "h:mm", "10:01"), "10:01", "ten hours one minute"),
        (("Infusion Time", "1:00", "h:mm", "1:00"), "1:00", "one hour zero minutes"),
        (("Delayed start", "OFF", "", "OFF"), "OFF", "as it reads: OFF"),
        (("KVO Rate", "0", "mL/hr", "0.0"), "0.0_mL/hr", "zero point zero mL per hour"),
    ],
)
def test_settings_are_shown_as_the_pump_does_and_spelled_out(setting, shown, spelled):
    field, value, unit, screen = setting
    one = Setting(field, value, unit, True, screen)

    assert show_setting(one).replace("\xa0", "_") == shown
    assert spell_setting(one) == spelled


def test_what_each_schedule_reminds_of():
    assert say_schedule(DaysOfCycle(1, 1)) == "Infuse one bag once a day, every day."
    assert (
        say_schedule(WeeklyOn((0, 2)))
        == "Infuse one bag every Monday and Wednesday, on the days marked below."
    )
    assert "Never infuse on 3 days in a row." in list_reminders(DaysOfCycle(2, 3))
    assert "Rest day: no bag, pump stopped." in list_reminders(DaysOfCycle(1, 2))
    assert not any("Rest day" in one or "in a row" in one for one in list_reminders(DaysOfCycle(1, 1)))
    assert any("are not sure" in one for one in list_reminders(EveryHours(12)))
