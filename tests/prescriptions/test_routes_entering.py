"""Step 1 in the browser: type, read back with a calendar, save; nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape

from sqlalchemy import func, select

from pharmacy.audit.models import ChartRead
from pharmacy.prescriptions.models import Order, OrderVersion
from tests.conftest import START
from tests.material import material_json

NEW = "/patients/1/orders/new"
TYPED = {
    "formula_id": "1", "dose": "2", "diluent_volume_ml": "100", "route": "subcutaneous",
    "infusion_hours": "10", "sites": "1", "device": "cadd-solis-vip",
    "frequency_as_written": "every two out of three days", "anchor": "2026-11-09T21:00",
    "effective": "2026-11-09T21:00", "bags_authorised": "90", "prescriber_id": "1",
    "diagnosis_code": "e83.42", "diagnosis": "Hypomagnesemia", "off_label_reason": "No vein access",
    "literature": "Sample citation", "written_on": "2026-11-09", "expires_on": "2027-11-09",
    "received_how": "fax",
}  # fmt: skip


def errors(answer):
    found = re.findall(r'class="field-error"[^>]*>.*?</span> (.*?)</p>', answer.text)
    return {unescape(one).replace("\N{NO-BREAK SPACE}", " ") for one in found}


def boxes(answer):
    """Read back what stands in the boxes and choices of a page."""
    found = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', answer.text))
    found |= dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\s*(.*?)</textarea>', answer.text, re.S))
    for name, inside in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', answer.text, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', inside)
        found |= {name: chosen[1]} if chosen else {}
    return {name: unescape(value) for name, value in found.items()}


def count(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Order))


def test_an_empty_prescription_says_at_each_box_what_is_missing(sign_in, database):
    tina, before = sign_in("tina"), count(database)

    answer = tina.post(NEW, data={"step": "save"})

    assert answer.status_code == 422
    assert errors(answer) >= {
        "Choose the formula.", "Enter the dose in g.", "Enter the volume of the diluent.",
        "Choose the route.",
        "Enter the hours of one infusion.", "Enter the number of infusion sites.", "Choose the device.",
        "Enter the frequency as it was written.", "Enter the date and time of the first dose.",
        "Enter the date and time from which the order holds.", "Enter how many bags are authorised.",
        "Choose the prescriber.", "Enter the diagnosis code.", "Enter the diagnosis in words.",
        "Enter the date it was written.", "Enter the last date on which it is good.",
        "Choose how it was received.",
    }  # fmt: skip
    answer = tina.post(NEW, data={"route": "subcutaneous"})
    assert any("off its label" in one for one in errors(answer))
    assert any("literature" in one for one in errors(answer))
    assert count(database) == before


def test_what_cannot_be_read_says_why_and_stays_in_its_box(sign_in):
    typed = TYPED | {
        "dose": "2.0.0", "sites": "one", "written_on": "2026-02-30", "anchor": "tonight",
        "bags_authorised": "1e3",
    }  # fmt: skip

    answer = sign_in("tina").post(NEW, data=typed)

    assert answer.status_code == 422
    assert errors(answer) == {
        "Enter a number greater than 0 in g with at most 7 digits and 6 decimals, such as 10.4.",
        "Enter a whole number from 1 to 6.",
        "Enter a whole number from 1 to 1,000.",
        "Enter a date that exists, such as 2026-11-09.",
        "Enter a date and time that exist, such as 2026-11-09 21:00.",
    }
    shown = boxes(answer)
    assert {name: shown.get(name) for name in typed} == typed


def test_what_disagrees_with_the_formula_or_cannot_be_timed_is_told_at_its_box(sign_in, database):
    before = count(database)

    answer = sign_in("tina").post(
        NEW, data=TYPED | {"step": "save", "dose": "3", "frequency_as_written": "QOD"}
    )

    assert answer.status_code == 422 and count(database) == before
    assert any("The order says 3 g, but the formula makes 2 g" in one for one in errors(answer))
    assert any("every other day" in one for one in errors(answer))


def test_a_prescription_is_read_back_with_a_dated_calendar_before_it_is_saved(sign_in, database):
    tina, before = sign_in("tina"), count(database)

    review = tina.post(NEW, data=TYPED)

    assert review.status_code == 200 and count(database) == before
    page = review.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "is understood as <strong>2 of every 3 days</strong>" in page
    assert "Infuse ONE bag (2 g) subcutaneously over 10 hours" in page and "10.5 mL per hour" in page
    days = re.findall(r"<li>(\w+ \d+ \w+ 2026): infuse at 21:00</li>", page)
    assert days[:4] == ["Mon 9 Nov 2026", "Tue 10 Nov 2026", "Thu 12 Nov 2026", "Fri 13 Nov 2026"]
    assert page.count('class="rest') + page.count('class="infusion') == 35
    kept = boxes(review)
    assert {name: kept.get(name) for name in TYPED} == TYPED

    again = tina.post(NEW, data=TYPED | {"step": "edit"})
    assert {name: boxes(again).get(name) for name in TYPED} == TYPED and not errors(again)

    saved = tina.post(NEW, data=TYPED | {"step": "save"})
    assert saved.status_code == 303 and count(database) == before + 1
    order = tina.get(saved.headers["Location"])
    assert "The prescription was entered." in order.text and "Rx 1000002" in order.text
    with database.reading() as session:
        version = session.scalar(select(OrderVersion).order_by(OrderVersion.id.desc()).limit(1))
        assert (version.frequency, version.diagnosis_code) == ("2 of every 3 days", "E83.42")
        assert version.entered_by.username == "tina" and version.entered_at == START
        reads = session.scalars(select(ChartRead).where(ChartRead.patient_id == 1)).all()
        assert {one.person.username for one in reads} == {"tina"}


def test_a_timed_out_sign_in_keeps_what_was_typed(sign_in, clock):
    tina = sign_in("tina")
    clock.advance(hours=1)

    answer = tina.post(NEW, data=TYPED | {"step": "save"})

    assert answer.status_code == 401
    kept = dict(re.findall(r'name="kept\.(\w+)" value="([^"]*)"', answer.text))
    assert {name: unescape(kept[name]) for name in TYPED} == TYPED


def test_a_sent_back_order_is_corrected_in_the_browser(sign_in):
    tina, paula = sign_in("tina"), sign_in("paula")
    tina.post(NEW, data=TYPED | {"step": "save"})
    back = paula.post("/order-versions/2/send-back", data={"back-reason": ""})
    assert back.status_code == 422 and "Enter what must be put right." in back.text
    paula.post("/order-versions/2/send-back", data={"back-reason": 'Is it "daily"?'})

    page = tina.get("/order-versions/2/correct")
    assert "Is it &#34;daily&#34;?" in page.text
    shown = boxes(page)
    assert {name: shown.get(name) for name in TYPED} == TYPED | {"diagnosis_code": "E83.42"}
    typed = TYPED | {"frequency_as_written": "daily", "step": "save"}
    assert "Enter what was put right" in tina.post("/order-versions/2/correct", data=typed).text
    saved = tina.post("/order-versions/2/correct", data=typed | {"reason": "daily after all"})

    assert saved.status_code == 303
    assert "daily after all" in tina.get("/orders/2").text


def test_an_order_is_withdrawn_in_the_browser(sign_in):
    tina = sign_in("tina")
    tina.post(NEW, data=TYPED | {"step": "save"})

    assert tina.post("/order-versions/2/withdraw", data={}).status_code == 422
    assert tina.get("/order-versions/2/withdraw").status_code == 200
    assert tina.post("/order-versions/2/withdraw", data={"reason": "twice"}).status_code == 303
    assert tina.post("/order-versions/2/withdraw", data={"reason": "again"}).status_code == 409
    assert "only one that nobody has verified" in tina.get("/order-versions/2/withdraw").text
    assert "only an order that was sent back" in tina.get("/order-versions/2/correct").text
    assert "withdrawn" in tina.get("/orders/2").text


def test_naughty_strings_are_kept_escaped_or_refused_and_never_break_a_page(sign_in):
    naughty = [one for one in material_json("08_security/blns.json") if one.strip()]
    fields = ("diagnosis", "off_label_reason", "literature", "frequency_as_written")
    tina = sign_in("tina")

    for number, text in enumerate(naughty[::5]):
        field = fields[number % len(fields)]
        answer = tina.post(NEW, data=TYPED | {field: text})
        assert answer.status_code in {200, 422}, text
        assert answer.status_code == 200 or errors(answer), text
        if text.isprintable():
            assert boxes(answer).get(field, "").strip() == text.strip(), text
        assert "<script>alert" not in answer.text
