"""Pages of the reports: what they show, their files, and what is said to bad days."""

import csv
import io

import pytest

from pharmacy.reports.queries import REPORTS
from tests.therapy.bags import released_bags
from tests.therapy.orders import order_in_force


@pytest.fixture
def petra(session, people, sign_in):
    """Give the browser of the pharmacist-in-charge after two bags were released."""
    released_bags(session, people, order_in_force(session, people), bags=2)
    session.commit()
    return sign_in("petra")


def test_a_report_shows_its_figures_and_its_pictures(petra):
    page = petra.get("/reports/work").text

    assert "Tue 20 Oct" not in page
    assert "Sun 11 Oct 2026 to Mon 9 Nov 2026" in page
    assert "Tina Tallgrass" in page
    assert "Bags made by each person" in page
    assert '<rect class="chart-bar" x="300"' in page


def test_a_table_comes_as_a_file(petra):
    answer = petra.get("/reports/turnaround/1.csv?first=2026-11-09&last=2026-11-09")

    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == [
        "Stage",
        "Worksheets",
        "Median, minutes",
        "Nine in ten within, minutes",
        "Longest, minutes",
    ]
    assert rows[-1] == ["Whole way, opened to decided", "1", "60", "60", "60"]
    assert "turnaround-1-2026-11-09-2026-11-09.csv" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", REPORTS)
def test_days_without_work_say_so(petra, name):
    page = petra.get(f"/reports/{name}?first=2026-01-01&last=2026-01-02")

    assert page.status_code == 200
    assert page.text.count('class="empty"') == page.text.count("<h2")


def test_bad_days_are_named_and_keep_what_was_typed(petra):
    answer = petra.get("/reports/work?first=2026-11-10&last=2026-11-09")

    assert answer.status_code == 400
    assert "The first day should not lie after the last." in answer.text
    assert 'value="2026-11-10"' in answer.text


def test_a_file_of_bad_days_is_refused(petra):
    assert petra.get("/reports/work/1.csv?first=x").status_code == 400


@pytest.mark.parametrize(
    "address", ["/reports/rumours", "/reports/rumours/1.csv", "/reports/work/9.csv", "/reports/work/0.csv"]
)
def test_what_is_not_there_is_said(petra, address):
    assert petra.get(address).status_code == 404


def test_the_list_names_every_report(petra):
    page = petra.get("/reports").text

    assert all(kind.title in page for kind in REPORTS.values())
