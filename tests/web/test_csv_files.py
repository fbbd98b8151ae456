"""Tables as files: whole, in UTF-8, and never a formula."""

import csv
import io

import pytest

from pharmacy.web.csv_files import csv_file


def read(response):
    return list(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))


def test_a_table_comes_back_as_it_was():
    rows = [["Nguyễn, Anh", 3, None], ['say "stop"\nnow', "4 mL", ""]]

    answer = csv_file("waste", ["Who", "How many", "Why"], rows)

    assert read(answer) == [
        ["Who", "How many", "Why"],
        ["Nguyễn, Anh", "3", ""],
        ['say "stop"\nnow', "4 mL", ""],
    ]
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == "attachment; filename=waste.csv"


def test_a_space_that_does_not_break_is_a_plain_one():
    assert read(csv_file("a", ["x"], [["4\u00a0mL"]]))[1] == ["4 mL"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_nothing_becomes_a_formula(start):
    assert read(csv_file("a", ["x"], [[f"{start}SUM(A1)"]]))[1] == [f"'{start}SUM(A1)"]
