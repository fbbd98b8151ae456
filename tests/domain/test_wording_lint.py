"""Every term that clinical text must not hold, and what to write instead (domain.md 3.3)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pharmacy.domain.errors import InvalidInput
from pharmacy.domain.formatting import NBSP
from pharmacy.domain.wording import (
    ensure_safe_wording,
    find_unsafe_wording,
)
from tests.material import material_json

TERMS = "07_drug_data/error_prone_abbreviations.json"
# Rows whose published answer names one drug or one meaning where several are possible, or three at once.
ANSWERED_OTHERWISE = {"MgSO4", "MS, MSO4", "UD", "HCl", "AD, AS, AU"}


def found(text: str) -> list[tuple[str, str]]:
    return [(term.term, term.write_instead) for term in find_unsafe_wording(text)]


def test_every_published_term_is_found_in_each_of_its_forms() -> None:
    rows = material_json(TERMS)["rows"]
    assert len(rows) == 37
    for row in rows:
        bracketed = re.search(r"\((.+)\)", row["unsafe"])
        forms = re.split(r",\s*", bracketed[1] if bracketed else row["unsafe"])
        if row["unsafe"] == "/ (slash)":
            forms = ["/"]
        for form in forms:
            terms = find_unsafe_wording(form)
            assert terms, form
            # In a sentence too, where it stands.
            sentence = f"Infuse one bag {form} with water"
            there = find_unsafe_wording(sentence)
            assert [(one.term, one.start) for one in there] == [
                (one.term, one.start + len("Infuse one bag ")) for one in terms
            ]


def test_the_published_answer_is_the_answer_given() -> None:
    for row in material_json(TERMS)["rows"]:
        if row["unsafe"] in ANSWERED_OTHERWISE or "(" in row["unsafe"]:
            continue
        for form in re.split(r",\s*", row["unsafe"]):
            ((_, instead),) = found(form)
            answers = [answer.strip() for answer in row["use"].split("/")]
            assert all(answer in instead for answer in answers), (form, instead)


# Each row of the table in domain.md 3.3, and forms that people really write.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MgSO4", [("MgSO4", "write the full drug name")]),
        ("mgso4", [("mgso4", "write the full drug name")]),
        ("MgSO₄", [("MgSO₄", "write the full drug name")]),
        ("MSO4", [("MSO4", "write the full drug name")]),
        ("MS 2 g", [("MS", "write the full drug name")]),
        ("2.0 g", [("2.0", "2")]),
        ("10.0 mL/h", [("10.0", "10")]),
        ("0.50 mg", [("0.50", "0.5")]),
        ("10.0.", [("10.0", "10")]),
        (".5 mg", [(".5", "0.5")]),
        ("give .25 g", [(".25", "0.25")]),
        ("QD", [("QD", "daily")]),
        ("q.d.", [("q.d.", "daily")]),
        ("q d", [("q d", "daily")]),
        ("QOD", [("QOD", "every other day")]),
        ("q1d", [("q1d", "daily")]),
        ("q3d", [("q3d", "every 3 days")]),
        ("q 6 am", [("q 6 am", "daily at 6 AM")]),
        ("SC", [("SC", "subcutaneously")]),
        ("sq", [("sq", "subcutaneously")]),
        ("s.c.", [("s.c.", "subcutaneously")]),
        ("s/c", [("s/c", "subcutaneously")]),
        ("sub-Q", [("sub-Q", "subcutaneously")]),
        ("subq", [("subq", "subcutaneously")]),
        ("5 U", [("U", "units")]),
        ("5U", [("5U", "5 units"), ("U", "units")]),
        ("100 IU", [("IU", "units")]),
        ("[iU]", [("[iU]", "units")]),
        ("5 cc", [("cc", "mL")]),
        ("5cc", [("5cc", "5 mL"), ("cc", "mL")]),
        ("100 ml", [("ml", "mL")]),
        ("100 mls", [("mls", "mL")]),
        ("5 µg", [("µg", "mcg")]),
        ("5 μg", [("μg", "mcg")]),
        ("5 ug", [("ug", "mcg")]),
        ("D/C pump", [("D/C", "discharge or discontinue")]),
        ("HS", [("HS", "at bedtime, or half-strength")]),
        ("BT", [("BT", "at bedtime")]),
        ("10mg", [("10mg", "10 mg")]),
        ("100mL", [("100mL", "100 mL")]),
        ("1000mg", [("1000", "1,000"), ("1000mg", "1,000 mg")]),
        (".5mg", [(".5", "0.5"), (".5mg", "0.5 mg")]),
        ("10.0mg", [("10.0", "10"), ("10.0mg", "10 mg")]),
        ("magnesium2 g", [("magnesium2 g", "a space after magnesium")]),
        ("2 mg. daily", [("mg.", "mg without a period")]),
        ("2 ml.", [("ml", "mL"), ("ml.", "mL without a period")]),
        ("2 g. daily", [("g.", "g without a period")]),
        ("1000 mg", [("1000", "1,000")]),
        ("100000 units", [("100000", "100,000")]),
        (">", [(">", "greater than")]),
        ("<", [("<", "less than")]),
        ("≥ 2", [("≥", "at least")]),
        ("≤ 2", [("≤", "at most")]),
        ("9 @ night", [("@", "at")]),
        ("a & b", [("&", "and")]),
        ("a + b", [("+", "and")]),
        ("once/day", [("/", "per")]),
        ("3/4 bag", [("3/4", "words or a decimal, such as 0.5")]),
        ("for 3/7", [("3/7", "words or a decimal, such as 0.5")]),
        ("on 9/11/2026", [("9/11/2026", "the date with its month in letters")]),
        ("on 2026/11/09", [("2026/11/09", "the date with its month in letters")]),
        ("and/or", [("and/or", 'one word, "and" or "or"')]),
        ("w/ water, w/o food", [("w/", "with"), ("w/o", "without")]),
        ("bags/week", [("/", "per")]),
        (">= 30", [(">=", "at least")]),
        ("< = 30", [("< =", "at most")]),
        ("20 mg/ml", [("ml", "mL")]),
        ("2 ug/kg", [("ug", "mcg"), ("/", "per")]),
        ("10 U/h", [("U", "units"), ("/", "per")]),
        ("4 meq/L", [("meq", "mEq")]),
        ("5 c.c.", [("c.c.", "mL")]),
        ("MagSO4 2 g", [("MagSO4", "write the full drug name")]),
        ("2 DROPS AS TID FOR 3 DAYS", [("AS", "left ear")]),
        ("q4°", [("°", "hour")]),
        ("x3d", [("x3d", "for 3 days")]),
        ("BIW", [("BIW", "2 times weekly, naming the days")]),
        ("T.I.W.", [("T.I.W.", "3 times weekly, naming the days")]),
        ("NS", [("NS", "write the full name with its strength, such as 0.9% sodium chloride")]),
        ("NaCl", [("NaCl", "write the full name with its strength, such as 0.9% sodium chloride")]),
        ("KCL", [("KCL", "potassium chloride")]),
        ("2 gm", [("gm", "g")]),
        ("8 meq", [("meq", "mEq")]),
        ("UD", [("UD", "write the directions in full")]),
        ("u.d.", [("u.d.", "write the directions in full")]),
        ("per  os", [("per  os", "by mouth")]),
        ("AD, AS, AU", [("AD", "right ear"), ("AS", "left ear"), ("AU", "each ear")]),
        ("2 drops a.s.", [("a.s.", "left ear")]),
    ],
)
def test_an_unsafe_term_is_answered(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "magnesium sulfate 2 g (16.24 mEq) in 0.9% sodium chloride 100 mL",
        "20 mg/mL at 10.5 mL/h, 440.5 mOsm/L, 1 mg/kg/h, 240 mL/24 h, 5 units/h",
        "10 mL per hour over 10 hours, 200 mg per hour",
        "Keep refrigerated at 2 °C to 8 °C (36 °F to 46 °F)",
        "SUBQ every other day",
        "1,000 mg and 0.5 mg and 10 mg and 100.05 mL",
        "every 12 hours, q12h, q8h with food",
        "Twice daily, BID, TID, QID",
        "See Ms. Smith at 10:00 or 21:30, room 1204, in 2026",
        "vitamin B12 and CO2 and T4",
        "as directed, as needed, an ad, the sun, used, us, miss",
        "U.S. pharmacy",
        "INFUSE AS DIRECTED, AS NEEDED, AS SOON AS THE BAG IS WARM, WATER AD LIB",
        "eGFR 25 mL/min/1.73 m2 or 25 mL/min/1.73 m², 30 kg/m2",
        "Do not infuse 3 days in a row. If unsure, call before infusing.",
        "hundred",
        "NSAID, QDOS, SCALE, HSV, BTW, OJAI",
    ],
)
def test_safe_text_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_short_drug_name_is_never_answered_with_one_drug() -> None:
    for term in ("MS", "MSO4", "MgSO4"):
        ((_, instead),) = found(term)
        assert instead == "write the full drug name"
        assert "magnesium" not in instead
        assert "morphine" not in instead


def test_the_refusal_names_the_field_each_term_and_what_to_write() -> None:
    with pytest.raises(InvalidInput) as refused:
        ensure_safe_wording("MgSO4 2.0 g SC QOD UD, SC", field="directions")
    assert refused.value.field == "directions"
    assert refused.value.sentence == (
        'directions can be misread. "MgSO4": write the full drug name; "2.0": write 2;'
        ' "SC": write subcutaneously; "QOD": write every other day; "UD": write the directions in full.'
    )
    ensure_safe_wording("magnesium sulfate 2 g daily", field="directions")


@pytest.mark.parametrize("term", ["MgSO4", "QD", "2.0 g", "SC", "@", "10mg"])
def test_a_term_is_found_wherever_it_stands(term: str) -> None:
    assert found(f"({term})") == found(f"give {term}, then stop") == found(f"\n{term}{NBSP}") == found(term)


def test_long_text_is_read_quickly_to_its_end() -> None:
    for piece in ("qd ", "@", "/mg", "a", "1", "mg/mL", "sub "):
        assert len(found(piece * 5000 + " MgSO4")) >= 1


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_what_is_found_stands_where_it_says(text: str) -> None:
    terms = find_unsafe_wording(text)
    assert [term.start for term in terms] == sorted(term.start for term in terms)
    for term in terms:
        assert text[term.start :].startswith(term.term)
        assert term.term
        assert term.write_instead


@settings(max_examples=100)
@given(st.text("QqDdOo.SC mg10/", max_size=30), st.text(" ,;()", max_size=3))
def test_what_is_said_does_not_hang_on_what_stands_around(text: str, around: str) -> None:
    inner = {term.term for term in find_unsafe_wording(f" {text} ")}
    outer = {term.term for term in find_unsafe_wording(f"{around} {text} {around}")}
    assert inner == outer
