"""A calculator's page refuses with the sentence of the command line, at the box, and loses nothing typed."""

from __future__ import annotations

import re
from html import unescape

import pytest

from pharmacy.audit.models import Refusal as RefusalRow
from pharmacy.calculators.worked import MOST_DAYS
from tests.calculators.pages import NEEDED, RULES, address, calc, shown_input, typed, words
from tests.material import material_json


def box(answer, name):
    """Return the tag of a box and the value that stands in it."""
    (tag,) = re.findall(rf'<input[^>]* name="{re.escape(name)}"[^>]*>', answer.text)
    return tag, unescape((re.findall(r' value="([^"]*)"', tag) or [""])[0])


@pytest.mark.parametrize("text", ["", "lots", "-1", "2026-13-01"])
@pytest.mark.parametrize("rule", RULES)
def test_a_refusal_is_that_of_the_command_line_at_the_box_it_names(paula, rule, text):
    name, called = NEEDED[rule]

    page = paula.get(address(rule, typed(rule, **{name: text})))

    _, sentence = calc(rule, shown_input(page))
    assert page.status_code == 400
    assert sentence.startswith(called)
    assert words(page).count(sentence) == 2
    tag, value = box(page, name)
    assert 'aria-invalid="true"' in tag
    assert re.search(rf'<a href="#{name}">', page.text)
    assert f'id="{name}"' in tag
    assert value == text


@pytest.mark.parametrize("rule", RULES)
def test_a_refused_page_keeps_every_other_box(paula, rule):
    name, _ = NEEDED[rule]
    page = paula.get(address(rule, typed(rule, **{name: "lots"})))

    kept = set(re.findall(r'<option selected value="([^"]+)"', page.text))
    kept |= {unescape(one) for one in re.findall(r'<input[^>]* value="([^"]*)"', page.text)}
    assert {text for _, text in typed(rule, **{name: "lots"})} - kept == set()


@pytest.mark.parametrize("rule", RULES)
def test_paper_is_refused_alike(paula, rule):
    name, called = NEEDED[rule]

    page = paula.get(address(rule, typed(rule, **{name: "lots"}), "/print"))

    assert page.status_code == 400
    assert called in words(page)
    assert "Working" not in words(page)


@pytest.mark.parametrize("view", ["", "/print"])
@pytest.mark.parametrize("rule", RULES)
def test_a_box_left_empty_is_as_a_key_left_out(paula, rule, view):
    for name, _ in typed(rule):
        page = paula.get(address(rule, typed(rule, **{name: ""}), view))
        given = shown_input(paula.get(address(rule, typed(rule, **{name: ""}))))

        _, sentence = calc(rule, given)
        assert page.status_code == (400 if sentence else 200), name
        assert sentence in words(page), name


@pytest.mark.parametrize("name", ["pool", "method", "prime_mL", "bags"])
def test_nothing_is_taken_for_granted(paula, name):
    page = paula.get(address("admixture", typed("admixture", **{name: ""})))

    assert page.status_code == 400
    assert f"{name} is missing; it should be" in words(page)


def test_a_list_that_needs_a_row_is_refused_at_the_list(paula):
    boxes = [one for one in typed("beyond-use") if not one[0].startswith("components")]

    page = paula.get(address("beyond-use", boxes))

    assert page.status_code == 400
    assert "components should be a list of at least one object." in words(page)
    assert '<a href="#components">' in page.text
    assert 'id="components"' in page.text


def test_empty_rows_do_not_count(paula):
    moved = [(name.replace("components-1", "components-7"), text) for name, text in typed("beyond-use")]
    moved += [("components-1-lot", " "), ("components-3-name", "")]

    page = paula.get(address("beyond-use", moved))

    assert page.status_code == 200
    assert [one["lot"] for one in shown_input(page)["components"]] == ["M-SAMPLE", "S-SAMPLE"]


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        (("dose_g", "2"), "dose_g is not a field of this calculator; known are additive, bags, diluent,"),
        (("additive-dose", "2"), "additive-dose is not a field of this calculator"),
        (("bags", "9"), "bags is given twice."),
    ],
)
def test_what_no_box_holds_is_refused(paula, extra, sentence):
    page = paula.get(address("admixture", [*typed("admixture"), extra]))

    assert page.status_code == 400
    assert sentence in words(page)


@pytest.mark.parametrize("rule", ["dispense", "deliveries"])
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"until": "2027-11-13T12:00"}, ""),
        ({"until": "2027-11-13T12:01"}, f"until should be at most {MOST_DAYS} days after from on this page"),
        (
            {"regimen-1-frequency": "every 2 hours", "bags_per_dose": "1000"},
            "this page plans at most 50,000 bags",
        ),
        (
            {"regimen-1-frequency": "continuous", "regimen-1-infusion_hours": "0.000001"},
            "at most 50,000 bags",
        ),
    ],
    ids=["a year", "a minute more", "bags of a dose", "doses without end"],
)
def test_a_plan_is_bounded_on_the_page(paula, rule, changes, sentence):
    page = paula.get(address(rule, typed(rule, **changes)))

    assert page.status_code == (400 if sentence else 200)
    assert sentence in words(page)


def test_too_many_rows_are_refused(paula):
    rows = [(f"on_hand-{place}-bags", "1") for place in range(1, 61)]

    page = paula.get(address("dispense", [*typed("dispense"), *rows]))

    assert page.status_code == 400
    assert "on_hand should have at most 60 rows." in words(page)


def test_a_slip_in_a_calculator_is_not_an_intercepted_error(paula, shared_app):
    paula.get(address("pump", typed("pump", sites="none")))

    with shared_app.extensions["database"].reading() as session:
        assert session.query(RefusalRow).count() == 0


@pytest.mark.parametrize("rule", RULES)
def test_naughty_strings_are_answered_or_refused(paula, rule):
    """Every eighth string goes into all boxes, on the page; the others into one box each, on paper."""
    boxes, turn = typed(rule), RULES.index(rule)
    for place, text in enumerate(material_json("08_security/blns.json")):
        at = None if place % 8 == 0 else place // len(RULES) % len(boxes)
        if at is not None and place % len(RULES) != turn:
            continue
        changed = [(name, text if at in (None, box) else old) for box, (name, old) in enumerate(boxes)]

        page = paula.get(address(rule, changed, "" if at is None else "/print"))

        assert page.status_code in {200, 400, 409}, (rule, at, text)
        assert "<script>" not in page.text, (rule, at, text)
