"""Every field says to a screen reader what is beside it: its unit, its hint and what is wrong."""

import re

import pytest
from flask import render_template_string
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from pharmacy.domain.errors import ScanRefused
from pharmacy.web.fields import QuantityField, Required, ScanField


class Sample(FlaskForm):
    """One field of each macro."""

    volume = QuantityField("Volume", [Required("the volume")], unit="mL")
    ticked = BooleanField("Ticked")
    scan = ScanField("Scan")


PAGE = """{% import "macros.html" as ui with context %}
{{ ui.field(form.volume, hint="What fits.") }}{{ ui.tick(form.ticked, hint="Look.") }}{{ ui.scan(form.scan) }}
{{ ui.history([]) }}"""


@pytest.fixture
def render(app):
    def start(errors):
        with app.test_request_context():
            form = Sample(formdata=MultiDict())
            for field in (form.volume, form.ticked, form.scan):
                field.errors = [f"Wrong {number}." for number in range(errors)]
            return render_template_string(PAGE, form=form)

    return start


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("errors", [0, 1, 2])
def test_all_that_stands_beside_a_field_describes_it(render, errors):
    page = render(errors)
    wrong = {
        name: [f"{name}-error-{number}" for number in range(1, errors + 1)]
        for name in ("volume", "ticked", "scan")
    }

    for name, words in (
        ("volume", ["volume-hint", "volume-unit"]),
        ("ticked", ["ticked-hint"]),
        ("scan", []),
    ):
        (tag,) = re.findall(rf'<input[^>]*id="{name}"[^>]*>', page)
        described = re.findall(r'aria-describedby="([^"]*)"', tag)
        assert described == ([" ".join(words + wrong[name])] if words or errors else [])
        assert all(f'id="{one}"' in page for one in (described or [""])[0].split())
        assert ('aria-invalid="true"' in tag) is bool(errors)


ANSWER = '{% import "macros.html" as ui with context %}{{ ui.scan_answer(form, good=good) }}'


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_answer_to_a_scan_says_why_what_was_expected_and_what_to_do(app):
    def answer(form=None, good=""):
        with app.test_request_context():
            return render_template_string(ANSWER, form=form() if form else None, good=good)

    def refused():
        form = Sample(formdata=MultiDict())
        form.refused = ScanRefused("Wrong <lot>.", expected="Lot A.", action="Put it aside.")
        return form

    def incomplete():
        form = Sample(formdata=MultiDict())
        form.scan.errors = ["Scan the code."]
        return form

    stop = answer(refused, good="not said")
    assert 'role="alert" data-sound="stop"' in stop and "not said" not in stop
    for words in ("Stop.</strong> Wrong &lt;lot&gt;.</p>", "Expected:</strong> Lot A.</p>"):
        assert words in stop
    assert "What to do:</strong> Put it aside.</p>" in stop
    bare = answer(incomplete)
    assert "Stop.</strong> Scan the code.</p>" in bare and "Expected" not in bare and "What to" not in bare
    right = answer(good="Right: lot A.")
    assert 'role="status" data-sound="good"' in right and "Right: lot A." in right
    assert answer().strip() == ""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_wide_table_is_reached_with_the_keyboard(render):
    assert 'class="table-scroll" tabindex="0" role="region" aria-label=' in render(0)
