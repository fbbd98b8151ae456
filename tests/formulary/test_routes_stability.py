"""The pages of stability references: with their document, due for review, reviewed."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import pytest

from pharmacy.sample.people import PASSWORD
from tests.formulary.typed import boxes_of, text_of, typed_over
from tests.material import material_json

ADD = "/formulas/2/stability"
PDF = b"%PDF-1.7 a study"
WRITTEN = {"reference": "Own study 7", "storage": "freezer", "days": "9", "review_by": "2027-11-09"}


def add(client, content=PDF, **changes):
    revision = boxes_of(client.get(ADD).text)["revision"][0]
    data = WRITTEN | {"revision": revision} | changes
    if content is not None:
        data |= {"document": (BytesIO(content), "study.pdf")}
    return client.post(ADD, data=data)


def test_a_reference_is_added_with_its_document_changed_and_removed(sign_in):
    peter = sign_in("peter")

    assert add(peter, container="PVC", least_mg_per_ml="9", hours="12").status_code == 303

    page = peter.get("/formulas/2")
    shown = text_of(page)
    for words in ("Own study 7", "228 hours", "Container of PVC, from 9 mg/mL.", "study.pdf",
                  "In a freezer: at most 228 hours", "Add a stability reference"):  # fmt: skip
        assert words in shown, words
    document = page.text.split('href="/attachments/')[1].split('"')[0]
    assert peter.get(f"/attachments/{document}").data == PDF
    one = page.text.split("/change")[-2].rsplit("/", 1)[1]
    changed = peter.post(
        f"/stability/{one}/change", data=typed_over(peter.get(f"/stability/{one}/change").text, days="5")
    )
    assert changed.status_code == 303 and "132 hours" in text_of(peter.get("/formulas/2"))
    assert "study.pdf" in peter.get("/formulas/2").text
    remove = f"/stability/{one}/remove"
    gone = peter.post(remove, data=typed_over(peter.get(remove).text, reason="wrong"))
    assert gone.status_code == 303 and "Own study 7" not in peter.get("/formulas/2").text


@pytest.mark.parametrize(
    ("changes", "content", "status", "words"),
    [
        ({"days": ""}, PDF, 400, "days or hours"),
        ({"days": "-1"}, PDF, 422, "whole number"),
        ({"reference": ""}, PDF, 422, "Enter where it is written."),
        ({"storage": "shelf"}, PDF, 422, "Nothing was saved"),
        ({"container": "lead"}, PDF, 422, "Nothing was saved"),
        ({"review_by": "2026-11-09"}, PDF, 400, "after today"),
        ({"least_mg_per_ml": "2", "most_mg_per_ml": "1"}, PDF, 400, "at most the upper one"),
        ({}, b"MZ a program", 422, "should be a PDF or a JPEG"),
        ({}, b"", 422, "The file is empty"),
        ({"revision": "0"}, PDF, 409, "saved this draft meanwhile"),
    ],
)
def test_a_bad_reference_is_refused_and_nothing_is_kept(sign_in, changes, content, status, words):
    peter = sign_in("peter")

    answer = add(peter, content, **changes)

    assert answer.status_code == status and words in unescape(answer.text), answer.text
    assert "study.pdf" not in peter.get("/formulas/2").text


def test_references_of_an_approved_record_are_reviewed_not_changed(sign_in):
    petra, tina = sign_in("petra"), sign_in("tina")
    page = petra.get("/formulas/1").text
    one = page.split("/review")[-2].rsplit("/", 1)[1] if "/stability/" in page else ""
    address = f"/stability/{one}/review"
    for wrong in ("/formulas/1/stability", f"/stability/{one}/change", f"/stability/{one}/remove"):
        assert petra.get(wrong).status_code == 409, wrong
    good = {"reason": "Read again, same result.", "review_by": "2028-11-09", "password": PASSWORD}

    assert petra.post(address, data=good | {"password": "x"}).status_code == 403
    assert petra.post(address, data=good | {"review_by": "2026-11-09"}).status_code == 400
    assert sign_in("peter").post(address, data=good).status_code == 409
    assert petra.post(address, data=good).status_code == 303

    shown = text_of(tina.get("/formulas/1"))
    assert "Thu 9 Nov 2028" in shown and "Reviewed by Petra Quillfeather" in shown
    assert tina.get(address).status_code == 403
    assert "Read again, same result." in petra.get(address).text


def test_what_is_due_stands_on_its_page_and_on_the_worklist(sign_in, clock):
    petra, tina = sign_in("petra"), sign_in("tina")
    assert "Nothing is due." in petra.get("/formulas/reviews").text
    assert "that new bags rest on" not in petra.get("/").text
    clock.advance(days=364)
    petra, tina = sign_in("petra"), sign_in("tina")

    due = text_of(petra.get("/formulas/reviews"))

    assert "Tue 9 Nov 2027 (in 1 day)" in due and "stability reference" in due
    assert "/review" in petra.get("/formulas/reviews").text
    assert '/review"' not in tina.get("/formulas/reviews").text
    assert re.search(r"Review \d+ sources that new bags rest on", petra.get("/").text)
    assert "that new bags rest on" not in tina.get("/").text
    clock.advance(days=20)
    petra = sign_in("petra")
    late = text_of(petra.get("/formulas/reviews"))
    assert "overdue, 19 days ago" in late and "reference data" in late


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_string_that_breaks_programs_breaks_a_reference(sign_in):
    peter, petra = sign_in("peter"), sign_in("petra")
    review = "/stability/1/review"
    for naughty in material_json("08_security/blns.json")[::7]:
        # An old revision: what is well typed is refused as late, so that every string meets the same draft.
        answer = peter.post(
            ADD, data=WRITTEN | {"revision": "99", "reference": naughty, "container": naughty}
        )
        assert answer.status_code in (409, 422) and "<script>alert" not in answer.text, naughty
        signed = petra.post(review, data={"reason": naughty, "review_by": naughty, "password": naughty})
        assert signed.status_code == 422, naughty


def test_a_script_in_a_reference_is_shown_as_its_letters(sign_in):
    peter, script = sign_in("peter"), "<script>alert(1)</script>"

    assert add(peter, reference=script).status_code == 303

    for page in ("/formulas/2", "/formulas/2/approve", "/formulas/2/stability"):
        shown = peter.get(page)
        assert shown.status_code == 200 and script not in shown.text, page
    assert script in unescape(peter.get("/formulas/2").text)
