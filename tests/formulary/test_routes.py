"""The formulary's pages: the whole record with its arithmetic, and two signatures to approve it."""

from __future__ import annotations

from html import unescape

from pharmacy.formulary.queries import list_adopted
from pharmacy.sample.people import PASSWORD
from tests.formulary.typed import typed_over


def text_of(answer):
    return unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ")


def test_a_formula_shows_its_arithmetic_steps_stability_and_signatures(sign_in):
    tina = sign_in("tina")

    assert "MG-2G-100" in tina.get("/formulas").text
    text = text_of(tina.get("/formulas/1"))

    for words in (
        "111 mL", "18.018 mg/mL", "105 mL", "1,892 mg", "94.6 percent", "443.2 mOsm/L", "16.24 mEq",
        "Additive: 2,000 mg ÷ 500 mg/mL = 4 mL.", "Scan each vial and each bag.", "14 days",
        "Sample, no study of this formula.", "Approval of the master formulation record",
        "Acceptance: 1,892 mg", "Petra Quillfeather", "High-alert",
    ):  # fmt: skip
        assert words in text, words
    assert "Review and approve" not in text


def test_products_and_adopted_data_say_what_is_not_confirmed(sign_in, session):
    tina = sign_in("tina")

    products = text_of(tina.get("/products"))
    assert "31722-394-10" in products and "Sample, confirm at receiving." in products
    assert "Sample value; weigh bags of your own supplier." in products
    unchecked = [one for one in list_adopted(session, site_id=1) if not one.checked_by]
    assert text_of(tina.get("/reference-data")).count("Not checked by a pharmacist") == len(unchecked) > 0


def test_a_draft_is_accepted_then_approved_in_the_browser(sign_in):
    petra, peter = sign_in("petra"), sign_in("peter")
    page = "/formulas/2/approve"
    assert "Review and approve" in petra.get("/formulas/2").text
    assert "945 mg (94.5 percent) of 1,000 mg are delivered" in text_of(petra.get(page))

    assert petra.post(page, data={"password": PASSWORD}).status_code == 422
    early = petra.post(page, data={"password": PASSWORD, "read": "y", "revision": "1"})
    assert early.status_code == 409 and "Accept what the bag delivers" in early.text
    wrong = petra.post("/formulas/2/accept-delivered", data={"accept-password": "x", "accept-revision": "1"})
    assert wrong.status_code == 403 and "nothing was signed" in wrong.text
    accepted = typed_over(petra.get(page).text, accept__password=PASSWORD)
    assert petra.post("/formulas/2/accept-delivered", data=accepted).status_code == 303
    author = peter.post(page, data={"password": PASSWORD, "read": "y", "revision": "1"})
    assert author.status_code == 409 and "Somebody else than its author" in author.text
    shown = petra.get(page).text
    assert petra.post(page, data=typed_over(shown, password=PASSWORD, read="y")).status_code == 303

    assert "The record is approved." in petra.get("/formulas/2").text
    assert "there is nothing to approve" in petra.get(page).text


def test_pages_of_unknown_formulas_are_not_found(sign_in):
    petra = sign_in("petra")

    for address in ("/formulas/999", "/formulas/999/approve"):
        assert petra.get(address).status_code == 404
