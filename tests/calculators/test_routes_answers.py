"""A calculator's page and paper say what the command line says, with the working, in the house's words."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pharmacy.calculators.forms import EXAMPLES
from pharmacy.domain.formatting import moment, number
from tests.calculators.pages import RULES, address, calc, shown_input, typed, words

NEW_YORK = ZoneInfo("America/New_York")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+[+-]\d\d:\d\d")
DECIMAL = re.compile(r"-?\d+(\.\d+)?")
# What a page says in its own words: the verdict and what is entered.
IN_OWN_WORDS = {"verdict", "severity", "rule", "frequency", "limited_by", "unit"}


def leaves(value, key=""):
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, key)
    elif key not in IN_OWN_WORDS and value is not None and not isinstance(value, bool):
        yield value


def said(value):
    if isinstance(value, int):
        return number(value)
    if INSTANT.fullmatch(value):
        return moment(datetime.fromisoformat(value), NEW_YORK)
    if DECIMAL.fullmatch(value):
        return number(Decimal(value))
    return " ".join(value.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("view", ["", "/print"])
@pytest.mark.parametrize("rule", RULES)
def test_every_value_of_the_command_line_stands_on_the_page(paula, rule, view):
    answer, refusal = calc(rule, EXAMPLES[rule])

    page = words(paula.get(address(rule, typed(rule), view)))

    assert not refusal
    values = {said(one) for one in leaves(answer)}
    assert len(values) > 5
    assert {one for one in values if re.sub(r" ([,.;:])", r"\1", one) not in page} == set()


@pytest.mark.parametrize("rule", RULES)
def test_the_page_shows_the_very_input_of_the_command_line(paula, rule):
    assert shown_input(paula.get(address(rule, typed(rule)))) == EXAMPLES[rule]


@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        ("frequency", ["20 doses, 2 of every 3 days", "1 Mon 9 Nov 2026 21:00 EST Tue 10 Nov 2026 07:00 EST",
                       "Understood as: 2 of every 3 days. To a patient: on 2 of every 3 days: see",
                       "4.67 doses a week", "November 2026 Sun Mon", "11 rest 12 Infuse 21:00"]),
        ("admixture", ["Drug drawn 4 mL", "Total volume 104 mL", "Concentration 19.231 mg/mL, 96.15 percent",
                       "Content 16.24 mEq", "Osmolarity 452.3 mOsm/L", "Vials 5", "Waste 14 mL",
                       "Additive: 2,000 mg ÷ 500 mg/mL = 4 mL."]),
        ("beyond-use", ["Start before Wed 18 Nov 2026 09:00 EST, limited by the category",
                        "Component Wed 30 Jun 2027 23:59 EDT Expiry of Magnesium sulfate 50%, lot M-SAMPLE.",
                        "not checked by a pharmacist"]),
        ("pump", ["UNVERIFIED PUMP PROFILE – NOT FOR PATIENT USE.", "3 Infusion Volume 100.0 mL 100 entered",
                  "4 Infusion Rate 10.0 mL/hr 10 entered", "5 Infusion Time 10:00 10:00 derived",
                  "Rate 10 mL per hour, 0 percent off", "Runs for 10:00:00", "Drug in a dose 2,000 mg",
                  "Subcutaneous limits for magnesium sulfate: not checked by a pharmacist.",
                  "Bag: 106 mL content − 5 mL prime − 1 mL residual"]),
        ("dispense", ["10 doses, each with its bag", "Tue 17 Nov 2026 12:00 EST 7 bags, 1 spare",
                      "Used for a dose 4", "Unused and too old 2",
                      "the dose at Wed 18 Nov 2026 21:00 EST, which needs another bag"]),
        ("deliveries", ["10 doses, each with its bag", "Tue 17 Nov 2026 12:00 EST 7 bags, 1 spare",
                        "Without it the dose on Wed 18 Nov 2026 21:00 EST has no bag"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("view", ["", "/print"])
def test_the_seed_therapy_reads_as_in_domain_md(paula, rule, sentences, view):
    page = words(paula.get(address(rule, typed(rule), view)))

    assert [one for one in sentences if one not in page] == []


def test_paper_says_when_by_whom_and_from_what(paula):
    page = words(paula.get(address("admixture", typed("admixture"), "/print")))

    assert "Calculated Mon 9 Nov 2026 09:00 EST by Paula Penhallow, pharmacist" in page
    for one in ("How much of the drug is in each bag? 2,000 mg", "How is the bag filled? Add the drug",
                "How much overfill does it hold? 0 mL", "Are vials shared between bags? No",
                "How many bags are made? 9", "/calculators/admixture?dose_mg=2000&"):  # fmt: skip
        assert one in page, one
    assert "To what volume is it filled?" not in page


def test_paper_tells_rows_by_their_place(paula):
    page = words(paula.get(address("dispense", typed("dispense"), "/print")))

    assert (
        "Pattern 2: From when does it hold? Thu 12 Nov 2026 00:00 Pattern 2: How often? 2 of every 3 days"
        in page
    )


@pytest.mark.parametrize(
    ("until", "count", "listed"),
    [
        ("2027-11-10T21:00", 366, 366),
        ("2027-11-10T21:01", 367, 366),
        ("9999-01-01T00:00", (date(9999, 1, 1) - date(2026, 11, 9)).days, 366),
    ],
)
def test_a_long_list_of_doses_is_cut_and_says_so(paula, until, count, listed):
    page = paula.get(address("frequency", typed("frequency", frequency="daily", until=until)))

    assert page.status_code == 200
    assert f"{count:,} doses, daily" in words(page)
    assert page.text.count("<tr><td>") == listed
    assert "<td>366</td><td>Tue 9 Nov 2027 21:00 EST</td>" in page.text
    assert (f"The first 366 of {count:,} doses are listed." in words(page)) is (count > listed)


def test_a_window_without_doses_says_so(paula):
    early = {"from": "2026-11-01T00:00", "until": "2026-11-02T00:00"}

    assert "No dose falls into this time." in words(
        paula.get(address("frequency", typed("frequency", **early)))
    )


def test_a_calendar_reaches_to_the_end_of_time(paula):
    late = {"from": "9999-12-30T00:00", "until": "9999-12-30T23:00"}
    page = paula.get(address("frequency", typed("frequency", frequency="daily", **late)))

    assert page.status_code == 200
    assert "1 dose, daily" in words(page)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"volume_mL": "101"}, "Refused: this program may not be entered."),
        ({"mosm_per_L": "501"}, "Look: a pharmacist decides"),
        ({}, "No rule speaks against this program."),
    ],
)
def test_the_verdict_of_a_pump_program_is_said_in_words(paula, changes, sentence):
    assert sentence in words(paula.get(address("pump", typed("pump", **changes))))


@pytest.mark.parametrize("pump", ["freedom60", "elastomeric"])
def test_a_pump_that_cannot_be_programmed_has_its_page(paula, pump):
    assert paula.get(address("pump", typed("pump", pump=pump))).status_code == 200


def test_doses_without_a_bag_say_why(paula):
    boxes = [one for one in typed("dispense", authorized_bags="5") if one[0] != "spare_bags"]

    page = words(paula.get(address("dispense", boxes)))

    assert "10 doses, 1 of them without a bag" in page
    assert "Wed 25 Nov 2026 21:00 EST: authorized quantity" in page
