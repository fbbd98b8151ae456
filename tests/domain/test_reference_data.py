"""Reviewed data: its form, its review and what its outputs say about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import resources

import pytest

from pharmacy.domain.beyond_use_limits import (
    ContainerLimit,
    LabelRole,
    load_limits_table,
    read_limits_table,
)
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.domain.reference_data import (
    ReferenceEntry,
    ensure_in_review,
    get_entry,
    load_entries,
    read_entries,
    unchecked_notice,
)

FORM = """
[one]
title = "Limits"
source = "a chapter"
authored_by = "A"
checked_by = ""
reviewed_on = 2026-11-22
review_by = 2027-11-22
rate = 0.10
"""
FILES = sorted(
    file.name
    for file in resources.files("pharmacy.domain").joinpath("data").iterdir()
    if file.name.endswith(".toml")
)


def read_one(text: str = FORM) -> ReferenceEntry:
    return read_entries(text, name="a file")["one"]


@pytest.mark.parametrize("file_name", FILES)
def test_every_shipped_file_has_the_form(file_name: str) -> None:
    assert load_entries(file_name)


def test_an_entry_keeps_its_content_exactly() -> None:
    entry = read_one()

    assert (entry.key, entry.title, entry.reviewed_on) == ("one", "Limits", date(2026, 11, 22))
    assert entry.content == {"rate": Decimal("0.10")}
    assert str(entry.content["rate"]) == "0.10"


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ('title = "Limits"\n', "", "title should be a text"),
        ('source = "a chapter"', 'source = " "', "source should be a text"),
        ('authored_by = "A"', "authored_by = 3", "authored_by should be a text"),
        ('checked_by = ""\n', "", "checked_by should be a text"),
        ('checked_by = ""', 'checked_by = "A"', "checked_by should be another person"),
        ("reviewed_on = 2026-11-22", 'reviewed_on = "2026-11-22"', "reviewed_on should be a date"),
        ("review_by = 2027-11-22", "review_by = 2027-11-22T00:00:00", "review_by should be a date"),
        ("review_by = 2027-11-22", "review_by = 2026-11-22", "review_by should be after reviewed_on"),
        ("rate = 0.10", "rate = nan", "nan is not a number"),
        ("rate = 0.10", "rate =", "a file"),
        ("[one]\n", "one = 3\n[two]\n", "one should be a table"),
    ],
)
def test_a_form_that_is_wrong_says_where(old: str, new: str, wrong: str) -> None:
    assert old in FORM
    with pytest.raises(ValueError, match=wrong):
        read_entries(FORM.replace(old, new), name="a file")


def test_an_unchecked_entry_says_so_and_a_checked_one_does_not() -> None:
    assert unchecked_notice(read_one()) == "Limits: not checked by a pharmacist."
    assert unchecked_notice(read_one(FORM.replace('checked_by = ""', 'checked_by = "B"'))) == ""


def test_review_is_judged_against_the_date_given() -> None:
    ensure_in_review(read_one(), at=date(2027, 11, 22))
    with pytest.raises(Refusal, match="was to be reviewed by Mon 22 Nov 2027"):
        ensure_in_review(read_one(), at=date(2027, 11, 23))


def test_an_entry_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound, match="known are example-shorter-limits, usp-797-2023"):
        get_entry("beyond_use_limits.toml", "another state")


def test_the_shipped_limits_are_unchecked_until_a_pharmacist_signs() -> None:
    assert get_entry("beyond_use_limits.toml", "usp-797-2023").checked_by == ""
    assert load_limits_table().notice


LIMITS = """
[[one.limits]]
category = "1"
hours = { room = 12 }
source = "a table"
[[one.opened_containers]]
kind = "multiple-dose"
hours = 672
source = "a table"
"""


def test_rows_that_overlap_are_refused() -> None:
    second = '[[one.limits]]\ncategory = "1"\nmethod = "aseptic"\nhours = { room = 9 }\nsource = "b"\n'

    assert read_limits_table(read_one(FORM + LIMITS)).rows[0].hours
    with pytest.raises(ValueError, match="two rows hold for Category 1"):
        read_limits_table(read_one(FORM + LIMITS + second))


@pytest.mark.parametrize(
    "only",
    [
        'method = "terminal"',
        "sterility_tested = true",
        "sterility_tested = false",
        "nonsterile_components = true",
        "nonsterile_components = false",
    ],
)
def test_a_row_for_some_overlaps_one_for_either(only: str) -> None:
    second = f'[[one.limits]]\ncategory = "1"\n{only}\nhours = {{ room = 9 }}\nsource = "b"\n'

    with pytest.raises(ValueError, match="two rows hold for Category 1"):
        read_limits_table(read_one(FORM + LIMITS + second))


def test_a_row_of_a_container_is_read_as_it_stands() -> None:
    last = '[[one.opened_containers]]\nkind = "x"\nhours = 4\nlabel = "decides"\nimmediate_use_only = true\n'
    table = read_limits_table(read_one(FORM + LIMITS + last + 'source = "c"\n'))

    assert table.opened_containers == {
        "multiple-dose": ContainerLimit(Fraction(672), LabelRole.SHORTENS, False, "a table"),
        "x": ContainerLimit(Fraction(4), LabelRole.DECIDES, True, "c"),
    }
    assert table.opened_containers["multiple-dose"].immediate_use_only is False
    with pytest.raises(ValueError, match="^one: hours should be greater than 0, not 0$"):
        read_limits_table(read_one(FORM + LIMITS.replace("hours = 672", "hours = 0")))


@pytest.mark.parametrize("hours", ["0", "-1"])
def test_a_limit_of_nothing_is_refused(hours: str) -> None:
    with pytest.raises(ValueError, match="hours should be greater than 0"):
        read_limits_table(read_one(FORM + LIMITS.replace("room = 12", f"room = {hours}")))


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (LIMITS.replace("room = 12", "room = 0"), "one: hours should be greater than 0, not 0"),
        (
            LIMITS.replace("hours = 672\n", ""),
            "one: an opened multiple-dose needs hours, unless its label decides",
        ),
        (
            LIMITS + '[[one.limits]]\ncategory = "1"\nhours = { room = 9 }\nsource = "b"\n',
            "one: two rows hold for Category 1, aseptic, only sterile components, not sterility tested",
        ),
    ],
)
def test_a_table_of_limits_that_is_wrong_says_where(limits: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_limits_table(read_one(FORM + limits))
    assert str(refused.value) == sentence


def test_a_row_holds_for_either_where_it_does_not_say() -> None:
    table = read_limits_table(read_one(FORM + LIMITS))

    assert (table.key, table.title, table.notice) == ("one", "Limits", "Limits: not checked by a pharmacist.")
    assert table.statement == table.notice
    row = table.rows[0]
    assert (row.method, row.sterility_tested, row.nonsterile_components) == (None, None, None)
    assert row.source == "a table"
    checked = read_limits_table(read_one(FORM.replace('checked_by = ""', 'checked_by = "B"') + LIMITS))
    assert (checked.notice, checked.statement) == ("", "Limits.")
