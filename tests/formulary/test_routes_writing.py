"""The pages of a pharmacist who writes records: steps without a script, versions, and bad input."""

from __future__ import annotations

from html import unescape

import pytest

from pharmacy.sample.people import PASSWORD
from tests.formulary.typed import boxes_of, text_of, typed_over
from tests.formulary.untouched import fingerprint
from tests.material import material_json
from tests.statements import counted_statements

EDIT, VERSION = "/formulas/2/edit", "/formulas/1/version"
NEW_DATES = {"effective_on": "2026-11-09", "review_by": "2027-11-09"}


def new_record(client, **changes):
    """Return a new record as it is typed: the sample's draft under another code."""
    kept = boxes_of(client.get(EDIT).text)
    kept.pop("revision")
    return kept | {"code": ["MG-NEW"]} | {name: [value] for name, value in changes.items()}


def save(client, address, boxes):
    return client.post(address, data=boxes)


def test_a_new_record_is_written_and_shown_whole(sign_in):
    paula = sign_in("paula")
    page = paula.get("/formulas/new")
    assert page.status_code == 200 and "Step 1" in page.text

    made = save(paula, "/formulas/new", new_record(paula, auxiliary_labels="Do not shake.\nKeep flat."))

    assert made.status_code == 303
    shown = text_of(paula.get(made.location))
    for words in ("The draft is kept.", "MG-NEW, version 1", "Do not shake.; Keep flat.", "Paula Penhallow",
                  "No stability reference", "Change this draft", "1,000 mg ÷ 500 mg/mL = 2 mL"):  # fmt: skip
        assert words in shown, words
    assert "MG-NEW" in paula.get("/formulas?search=mg-new&status=draft").text
    again = save(paula, "/formulas/new", new_record(paula))
    assert again.status_code == 400 and "MG-NEW is recorded already" in again.text


def test_an_empty_form_asks_for_every_item_and_keeps_what_was_typed(sign_in):
    paula = sign_in("paula")

    answer = paula.post("/formulas/new", data={"supplies": "A 5 mL syringe"})

    assert answer.status_code == 422 and "A 5 mL syringe" in answer.text
    for asked in ("Enter the code.", "Enter the name.", "Choose the additive.", "Enter the dose in g.",
                  "Enter the equipment.", "Choose the storage.", "Enter by when it is to be"):  # fmt: skip
        assert asked in answer.text, asked


def instructions(page):
    held = boxes_of(page.text)
    return [held[f"steps-{row}-instruction"][0] for row in range(60) if f"steps-{row}-instruction" in held]


def test_steps_are_added_moved_and_removed_without_a_script(sign_in, session):
    peter = sign_in("peter")
    page = peter.get(EDIT)
    steps, before = instructions(page), fingerprint(session)
    session.rollback()

    def press(page, what, **changes):
        return peter.post(EDIT, data=typed_over(page.text, rows=what, **changes))

    page = press(page, "down-0", name="typed meanwhile")
    assert instructions(page) == [steps[1], steps[0], *steps[2:]] and "typed meanwhile" in page.text
    page = press(page, "up-1")
    assert instructions(page) == steps
    page = press(page, "remove-2", steps__0__photo="y")
    assert instructions(page) == [*steps[:2], *steps[3:]] and boxes_of(page.text)["steps-0-photo"] == ["y"]
    page = press(page, "add")
    assert instructions(page) == [*steps[:2], *steps[3:], ""] and "autofocus" in page.text
    for nothing in ("up-0", "down-999", "remove-77", "x", "up-", "down--1"):
        assert instructions(press(page, nothing)) == instructions(page), nothing
    assert fingerprint(session) == before
    session.rollback()

    saved = peter.post(EDIT, data=typed_over(page.text, steps__6__instruction="Clean the hood.",
                                             steps__6__stage="clean_up"))  # fmt: skip
    assert saved.status_code == 303
    shown = text_of(peter.get("/formulas/2"))
    assert "Clean the hood. (after the last bag)" in shown and steps[2] not in shown
    assert "a photo is taken" in shown


def test_a_step_says_when_it_is_done(sign_in):
    peter = sign_in("peter")
    page = peter.get(EDIT).text

    missing = peter.post(EDIT, data=typed_over(page, steps__1__stage=""))
    assert missing.status_code == 422 and "Step 2: Choose when this step is done." in missing.text
    wrong = peter.post(EDIT, data=typed_over(page, steps__6__stage="setup", steps__5__stage="finish"))
    assert wrong.status_code == 400 and 'href="#steps"' in wrong.text
    # A row that was left empty is no step.
    blank = peter.post(EDIT, data=typed_over(page, steps__6__instruction=" ", steps__6__photo="y"))
    assert blank.status_code == 303


def test_two_people_at_one_draft_are_told_of_each_other(sign_in):
    peter, paula = sign_in("peter"), sign_in("paula")
    opened = paula.get(EDIT).text
    assert peter.post(EDIT, data=typed_over(peter.get(EDIT).text, supplies="Peter's list")).status_code == 303

    late = paula.post(EDIT, data=typed_over(opened, supplies="Paula's list"))

    assert late.status_code == 409
    assert "Peter Pomfret saved this draft meanwhile (changed supplies)" in text_of(late)
    assert "Paula's list" in unescape(late.text)
    tampered = paula.post(EDIT, data=typed_over(opened, revision="x"))
    assert tampered.status_code == 409


def test_a_new_version_is_written_compared_and_approved(sign_in):
    peter, petra = sign_in("peter"), sign_in("petra")
    page = peter.get(VERSION).text
    assert boxes_of(page)["name"] == ["magnesium sulfate 2 g in 0.9% sodium chloride 100 mL"]
    silent = peter.post(VERSION, data=typed_over(page, **NEW_DATES))
    assert silent.status_code == 400 and "Say what this version changes and why." in silent.text
    made = peter.post(VERSION, data=typed_over(
        page, changes="The new set holds 2 mL less.", prime_ml="3", **NEW_DATES,
        steps__3__instruction="Draw the volume slowly."))  # fmt: skip
    assert made.status_code == 303

    compared = text_of(petra.get(f"{made.location}/compare"))
    for words in ("version 1 (approved) and version 2 (draft)", "The new set holds 2 mL less.", "⚠ changed",
                  "5 mL and 1 mL", "3 mL and 1 mL", "111 mL - 5 mL prime - 1 mL residual = 105 mL",
                  "111 mL - 3 mL prime - 1 mL residual = 107 mL", "Draw the volume slowly."):  # fmt: skip
        assert words in compared, words
    assert "Keep refrigerated" not in compared
    assert "Keep refrigerated" in text_of(petra.get(f"{made.location}/compare?everything=yes&with=1"))
    approving = f"{made.location}/approve"
    assert "See what it changes of version 1" in petra.get(approving).text
    accept = f"{made.location}/accept-delivered"
    shown = petra.get(approving).text
    assert petra.post(accept, data=typed_over(shown, accept__password=PASSWORD)).status_code == 303
    shown = petra.get(approving).text
    assert petra.post(approving, data=typed_over(shown, password=PASSWORD, read="y")).status_code == 303
    assert "retired" in text_of(petra.get("/formulas/1")) and "111 mL" in text_of(petra.get("/formulas/1"))
    assert petra.get(EDIT.replace("2", "1")).status_code == 409


def test_who_read_an_older_revision_signs_nothing(sign_in):
    peter, petra = sign_in("peter"), sign_in("petra")
    read = petra.get("/formulas/2/approve").text
    changed = typed_over(peter.get(EDIT).text, supplies="Peter's list")
    assert peter.post(EDIT, data=changed).status_code == 303

    late = petra.post("/formulas/2/accept-delivered", data=typed_over(read, accept__password=PASSWORD))

    assert late.status_code == 409
    assert "Peter Pomfret saved this draft meanwhile (changed supplies). Nothing was signed" in text_of(late)
    now = petra.get("/formulas/2/approve").text
    accepted = petra.post("/formulas/2/accept-delivered", data=typed_over(now, accept__password=PASSWORD))
    assert accepted.status_code == 303


def test_comparing_needs_two_versions_of_one_record(sign_in):
    tina = sign_in("tina")

    assert "There is no earlier version" in tina.get("/formulas/1/compare").text
    for asked in ("2", "x", "1' OR 1", "%00"):
        assert tina.get(f"/formulas/1/compare?with={asked}").status_code in (400, 404), asked
    assert tina.get("/formulas/99/compare").status_code == 404


def test_a_record_is_retired_with_a_reason(sign_in):
    petra = sign_in("petra")

    assert petra.post("/formulas/1/retire", data={"reason": ""}).status_code == 422
    assert petra.post("/formulas/1/retire", data={"reason": "shortage"}).status_code == 303
    assert "shortage" in petra.get("/formulas/1").text
    assert petra.post("/formulas/1/retire", data={"reason": "again"}).status_code == 409


def test_the_sample_label_is_drawn_and_says_what_does_not_fit(sign_in):
    peter = sign_in("peter")
    label = peter.get("/formulas/2/sample-label")
    assert (
        label.status_code == 200 and label.mimetype == "application/pdf" and label.data.startswith(b"%PDF-")
    )
    lines = "\n".join(f"Line {number} of a label that has no room for it at all." for number in range(30))
    assert peter.post(EDIT, data=typed_over(peter.get(EDIT).text, auxiliary_labels=lines)).status_code == 303

    full = peter.get("/formulas/2/sample-label")

    assert full.status_code == 409 and "Nothing was printed." in full.text


def test_the_list_and_a_record_cost_the_same_whatever_they_hold(sign_in, database):
    paula = sign_in("paula")

    def cost(address):
        paula.get(address)
        with counted_statements(database) as seen:
            assert paula.get(address).status_code == 200
        return len(seen)

    few = [cost(one) for one in ("/formulas", "/formulas/2", "/formulas/reviews", "/products")]
    for number in range(3):
        save(paula, "/formulas/new", new_record(paula) | {"code": [f"MG-{number}"]})
    page = paula.get(EDIT).text
    for _ in range(5):
        page = paula.post(EDIT, data=typed_over(page, rows="add")).text
    assert [cost(one) for one in ("/formulas", "/formulas/2", "/formulas/reviews", "/products")] == few


TEXTS = (
    *("name", "dosage_form", "premix_reason", "container_closure", "equipment", "supplies", "precautions"),
    *("description", "ph_and_tonicity", "quality_checks", "auxiliary_labels", "storage_words"),
    *("steps-0-instruction", "steps-3-instruction"),
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_string_that_breaks_programs_breaks_a_record(sign_in):
    peter = sign_in("peter")
    boxes, strings = boxes_of(peter.get(EDIT).text), material_json("08_security/blns.json")

    for start in range(0, len(strings), len(TEXTS)):
        naughty = dict(zip(TEXTS, strings[start:], strict=False))
        answer = peter.post(EDIT, data=boxes | naughty)
        boxes["revision"] = [str(int(boxes["revision"][0]) + (answer.status_code == 303))]
        assert answer.status_code in (303, 400, 422), naughty
        assert "<script>alert" not in answer.text, naughty


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("dose", "1e3"), ("dose", "0"), ("prime_ml", "-1"), ("weight_tolerance_percent", "NaN"),
        ("fill_ml", "٣"), ("review_by", "x"), ("additive_id", "99"), ("additive_id", "x"),
        ("diluent_id", "1"),
        ("house_limit_days", "1.5"), ("house_limit_days", "366"), ("effective_on", "2026-02-30"),
        ("method", "shake"),
        ("route", "oral"), ("storage", "shelf"), ("category", "immediate"), ("materials", "lead"),
        ("pool_vials", "maybe"), ("steps-0-stage", "later"), ("container_ml", "10,5"),
    ],
)  # fmt: skip
def test_what_is_no_such_value_is_refused_at_its_box(sign_in, name, typed):
    peter = sign_in("peter")

    answer = peter.post(EDIT, data=boxes_of(peter.get(EDIT).text) | {name: [typed]})

    assert answer.status_code == 422, answer.text
    assert "Nothing was saved" in answer.text


def test_a_text_that_is_too_long_is_refused(sign_in):
    peter = sign_in("peter")

    answer = peter.post(EDIT, data=typed_over(peter.get(EDIT).text, precautions="x" * 2001, name="y" * 201))

    assert answer.status_code == 422
    assert "at most 2,000 characters" in answer.text and "at most 200 characters" in answer.text
