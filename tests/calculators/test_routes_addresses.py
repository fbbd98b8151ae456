"""Who may open a calculator, what its address holds, and how a row is added without a script."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl

import pytest

from pharmacy.accounts.permissions import Role
from pharmacy.sample.people import PASSWORD
from tests.calculators.pages import RULES, address, shown_input, typed, words
from tests.web.people import A_PERSON_OF


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_calculate(as_person, role):
    client = as_person(A_PERSON_OF[role])

    menu = client.get("/calculators")

    assert '<a href="/calculators" aria-current="page">Calculators</a>' in menu.text
    assert sorted(re.findall(r'href="/calculators/([^"]+)"', menu.text)) == RULES
    assert {
        client.get(address(rule, typed(rule), view)).status_code for rule in RULES for view in ("", "/print")
    } == {200}


def test_who_is_not_signed_in_signs_in_and_gets_the_same_answer(shared_app):
    client, wanted = shared_app.test_client(), address("admixture", typed("admixture"))

    turned_away = client.get(wanted)
    signed_in = client.post(
        turned_away.location, data={"username": "dan", "password": PASSWORD}, follow_redirects=True
    )

    assert turned_away.status_code == 303
    assert "Drug drawn" not in turned_away.text
    assert "Drug drawn 4 mL" in words(signed_in)


@pytest.mark.parametrize("rule", RULES)
def test_a_first_visit_is_an_empty_form(paula, rule):

    page = paula.get(f"/calculators/{rule}")

    assert page.status_code == 200
    assert 'role="alert"' not in page.text
    assert re.findall(r'<option selected value="[^"]', page.text) == []
    assert "Do not enter a patient's name" in words(page)
    assert paula.get(f"/calculators/{rule}/print").status_code == 200


def test_an_unknown_calculator_is_not_there(paula):
    assert paula.get("/calculators/potassium").status_code == 404


@pytest.mark.parametrize("rule", RULES)
def test_the_worked_example_is_one_link(paula, rule):
    (query,) = re.findall(
        r'<a href="\?([^"]+)">Show it with a worked example', paula.get(f"/calculators/{rule}").text
    )

    assert parse_qsl(unescape(query)) == typed(rule)
    assert paula.get(f"/calculators/{rule}?{unescape(query)}").status_code == 200


@pytest.mark.parametrize("rule", RULES)
def test_the_permanent_link_holds_the_input_and_gives_the_answer_again(paula, rule):
    first = paula.get(
        address(rule, [*typed(rule), ("bags_per_dose", "")] if rule == "dispense" else typed(rule))
    )

    (query,) = re.findall(r'href="\?([^"]+)">Permanent link', first.text)
    again = paula.get(f"/calculators/{rule}?{unescape(query)}")

    assert sorted(parse_qsl(unescape(query), keep_blank_values=True)) == sorted(typed(rule))
    assert shown_input(again) == shown_input(first)
    assert words(again) == words(first)


def test_an_instant_with_its_offset_stays_as_it_was_typed(paula):
    at = "2026-11-08T09:00:00-05:00"

    page = paula.get(address("beyond-use", typed("beyond-use", prepared_at=at)))

    assert page.status_code == 200
    assert re.search(rf'<input[^>]* name="prepared_at"[^>]* type="text"[^>]* value="{at}"', page.text)


@pytest.mark.parametrize(
    ("rule", "rows", "first"),
    [("beyond-use", "components", "name"), ("beyond-use", "moves", "at"),
     ("dispense", "regimen", "effective"), ("deliveries", "on_hand", "bags")],
)  # fmt: skip
def test_a_row_is_added_and_nothing_typed_is_lost(paula, rule, rows, first):
    before = paula.get(address(rule, typed(rule)))
    shown = len(set(re.findall(rf'name="{rows}-(\d+)-', before.text)))
    blank = [(f"{rows}-{shown - 1}-{first}", "")]

    page = paula.get(address(rule, [*typed(rule), *blank, ("add", rows)]))

    assert page.status_code == 200
    assert len(set(re.findall(rf'name="{rows}-(\d+)-', page.text))) == shown + 1
    assert re.findall(r'<input(?=[^>]* autofocus)[^>]* name="([^"]*)"', page.text) == [
        f"{rows}-{shown}-{first}"
    ]
    assert 'class="calculated"' not in page.text
    boxes = {unescape(one) for one in re.findall(r'<input[^>]* value="([^"]*)"', page.text)}
    selected = set(re.findall(r'<option selected value="([^"]+)"', page.text))
    assert {text for _, text in typed(rule)} - boxes - selected == set()


def test_enter_in_a_box_calculates_and_adds_no_row(paula):
    page = paula.get("/calculators/dispense")

    form = page.text.split('<form action="/calculators/dispense"', 1)[1]
    assert re.findall(r"<button[^>]*>([^<]*)</button>", form)[0] == "Calculate"
