"""What an order must say, and that it agrees with its formula (domain.md 6.1)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.order_terms import (
    RECEIVED_WAYS,
    FormulaTerms,
    OrderTerms,
    ensure_no_problem,
    find_problems,
    find_reason_problems,
    find_received_problems,
    find_timing_problems,
    read_frequency,
)

TODAY = date(2026, 11, 9)
FIRST = datetime.fromisoformat("2026-11-09T21:00")
FORMULA = FormulaTerms("magnesium sulfate 2 g", Decimal(2000), Decimal(100), "subcutaneous")
TERMS = OrderTerms(
    dose_mg=Decimal(2000),
    diluent_volume_ml=Decimal(100),
    route="subcutaneous",
    infusion_hours=Decimal(10),
    sites=1,
    device="cadd-solis-vip",
    frequency_as_written="daily",
    anchor=FIRST,
    effective=FIRST,
    bags_authorised=90,
    diagnosis_code="E83.42",
    diagnosis="Hypomagnesemia",
    off_label_reason="No vein access",
    literature="MgSO4 SC at home, 2.0 g QD",
    written_on=TODAY,
    expires_on=date(2027, 11, 9),
    received_how="fax",
    read_back=False,
)


def problems(formula=FORMULA, today=TODAY, **changes):
    return [
        (one.field, one.sentence.replace("\N{NO-BREAK SPACE}", " "))
        for one in find_problems(replace(TERMS, **changes), formula, today=today)
    ]


def test_a_whole_order_has_no_problem_and_a_cited_title_stays_as_it_is():
    assert problems() == []
    assert problems(literature="") == [
        ("literature", "Enter the literature that the off-label route rests on.")
    ]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"dose_mg": Decimal(2)}, "dose", "The order says 2 mg, but the formula makes 2 g"),
        ({"dose_mg": Decimal("2000.001")}, "dose", "the formula makes 2 g"),
        ({"diluent_volume_ml": Decimal(104)}, "diluent_volume_ml", "says 104 mL of diluent"),
        ({"infusion_hours": Decimal(0)}, "infusion_hours", "hours"),
        ({"infusion_hours": Decimal("24.000001")}, "infusion_hours", "daily leaves 24 hours"),
        ({"sites": 0}, "sites", "1 or more"),
        ({"frequency_as_written": " "}, "frequency_as_written", "Enter the frequency"),
        ({"frequency_as_written": "QD"}, "frequency_as_written", "four times daily"),
        ({"frequency_as_written": "3 times a week"}, "frequency_as_written", "write"),
        ({"bags_authorised": 0}, "bags_authorised", "1 or more"),
        ({"diagnosis_code": ""}, "diagnosis_code", "Enter the diagnosis code"),
        ({"diagnosis_code": "e83.42"}, "diagnosis_code", "ICD-10-CM"),
        ({"diagnosis_code": "E83.42 "}, None, ""),
        ({"diagnosis": ""}, "diagnosis", "in words"),
        ({"diagnosis": "low Mg, give MgSO4"}, "diagnosis", "write the full drug name"),
        ({"off_label_reason": ""}, "off_label_reason", "off its label"),
        ({"off_label_reason": "SC works"}, "off_label_reason", "can be misread"),
        ({"received_how": "pigeon"}, "received_how", "Choose how it was received"),
        ({"received_how": "telephone"}, "read_back", "Read a spoken order back"),
        ({"received_how": "telephone", "read_back": True}, None, ""),
        ({"written_on": TODAY + timedelta(days=1), "anchor": FIRST + timedelta(days=1),
          "effective": FIRST + timedelta(days=1)}, "written_on", "after today"),
        ({"expires_on": TODAY}, "expires_on", "cannot expire before"),
        ({"written_on": TODAY - timedelta(days=9), "expires_on": TODAY - timedelta(days=1),
          "anchor": FIRST - timedelta(days=5), "effective": FIRST - timedelta(days=5)},
         "expires_on", "expired on Sun 8 Nov 2026"),
        ({"anchor": FIRST - timedelta(days=1), "effective": FIRST - timedelta(days=1)}, "anchor", "written"),
        ({"anchor": FIRST.replace(year=2062)}, "anchor", "after the prescription expires"),
        ({"effective": FIRST + timedelta(minutes=1)}, "effective", "after its first dose"),
        ({"effective": FIRST - timedelta(days=1)}, "effective", "before the day the prescription was"),
        ({"anchor": FIRST + timedelta(days=1), "expires_on": TODAY + timedelta(days=1)}, None, ""),
        ({"anchor": FIRST + timedelta(days=2), "expires_on": TODAY + timedelta(days=1)}, "anchor",
         "after the prescription expires, Tue 10 Nov 2026"),
    ],
)  # fmt: skip
def test_each_problem_names_its_field(changes, field, sentence):
    found = problems(**changes)

    if field is None:
        assert found == []
    else:
        assert field in {name for name, _ in found}
        assert any(sentence in text for name, text in found if name == field), found


def test_every_problem_is_told_at_once():
    found = problems(dose_mg=Decimal(3000), diagnosis="", frequency_as_written="QOD", sites=0)

    assert [field for field, _ in found] == ["diagnosis", "sites", "dose", "frequency_as_written"]


def test_another_route_than_the_formulas_is_refused_and_needs_no_off_label_reason():
    found = problems(route="intravenous", off_label_reason="", literature="")

    assert [field for field, _ in found] == ["route"]


@pytest.mark.parametrize(
    ("text", "first", "field"),
    [
        ("MWF", datetime.fromisoformat("2026-11-09T21:00"), None),
        ("MWF", datetime.fromisoformat("2026-11-10T21:00"), "anchor"),
        ("every 12 hours", datetime.fromisoformat("2026-11-10T21:00"), None),
        ("continuous", datetime.fromisoformat("2026-11-10T21:00"), None),
    ],
)
def test_the_first_dose_is_a_day_of_the_pattern(text, first, field):
    found = find_timing_problems(text, Decimal(10), anchor=first, effective=first)

    assert [one.field for one in found] == ([field] if field else [])


@pytest.mark.parametrize(("hours", "refused"), [("11.999999", False), ("12", False), ("12.000001", True)])
def test_an_infusion_ends_before_the_next_begins(hours, refused):
    found = find_timing_problems("every 12 hours", Decimal(hours), anchor=FIRST, effective=FIRST)

    assert [one.field for one in found] == (["infusion_hours"] if refused else [])


def test_every_way_but_the_telephone_needs_no_read_back():
    needing = [way for way in RECEIVED_WAYS if find_received_problems(way, read_back=False)]

    assert needing == ["telephone"]


def test_the_first_problem_is_the_refusal():
    with pytest.raises(InvalidInput) as refused:
        ensure_no_problem(find_problems(replace(TERMS, sites=0), FORMULA, today=TODAY))

    assert refused.value.field == "sites"
    ensure_no_problem([])


def test_a_frequency_is_refused_by_the_name_of_its_box():
    with pytest.raises(InvalidInput, match="^The frequency") as refused:
        read_frequency("as directed")

    assert refused.value.field == "frequency_as_written"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "Say why."),
        (" \t", "Say why."),
        ("Magnesium is normal", None),
        ("2 g SC daily", "This can be misread. "),
    ],
)
def test_a_reason_is_given_and_cannot_be_misread(reason, sentence):
    found = find_reason_problems(reason, missing="Say why.")

    assert [one.field for one in found] == ["reason"] * len(found)
    assert [one.sentence[: len(sentence)] for one in found] == [sentence] if sentence else found == []
