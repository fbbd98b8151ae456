"""The pages of products: added, corrected, found by any code, retired."""

from __future__ import annotations

from html import unescape

import pytest

from tests.formulary.typed import boxes_of, text_of, typed_over
from tests.material import material_json


def new_product(client, **changes):
    """Return a product as it is typed: the small vial under another name."""
    kept = boxes_of(client.get("/products/2/correct").text)
    kept.pop("reason")
    kept.pop("shown")
    return kept | {"container": ["20 mL vial"], "volume_ml": ["20"]} | {k: [v] for k, v in changes.items()}


def test_a_product_is_added_with_several_codes_and_found_by_each(sign_in):
    paula, tina = sign_in("paula"), sign_in("tina")
    made = paula.post("/products/new", data=new_product(paula, tare_g="21.5", weights_source="weighed here"))
    assert made.status_code == 303
    codes = f"{made.location}/codes"
    for system, typed in (("ndc", "0517-2620-25"), ("ndc", "0517-2620-01"), ("gtin", "4006381333931")):
        assert paula.post(codes, data={"system": system, "text": typed}).status_code == 303, typed

    shown = text_of(tina.get(made.location))

    for words in ("20 mL vial", "21.5 g", "weighed here", "0517-2620-25", "00517262001", "04006381333931",
                  "recorded a product code", "No signed formula rests on it."):  # fmt: skip
        assert words in shown, words
    assert "Add the code" not in shown
    for search in ("0517-2620-01", "4006381333931", "20 mL"):
        assert "20 mL vial" in tina.get(f"/products?search={search}").text, search


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"system": "ndc", "text": "0517262025"}, 400, "0517-2620-25, 05172-620-25 or 05172-6202-5"),
        ({"system": "ndc", "text": "31722-394-10"}, 409, "This code stands on magnesium sulfate"),
        ({"system": "gtin", "text": "4006381333932"}, 400, "check digit"),
        ({"system": "", "text": ""}, 422, "Enter the code."),
        ({"system": "upc", "text": "1"}, 422, "Nothing was saved"),
    ],
)
def test_a_doubtful_code_is_asked_at_its_box(sign_in, data, status, words):
    paula = sign_in("paula")

    answer = paula.post("/products/2/codes", data=data)

    assert answer.status_code == status and words in unescape(answer.text)
    if status < 422:
        assert 'href="#text"' in answer.text


def test_a_correction_shows_old_and_new_and_spares_what_was_signed(sign_in):
    paula = sign_in("paula")
    page = paula.get("/products/2/correct").text
    done = paula.post("/products/2/correct", data=typed_over(page, mosm_per_ml="4.1", reason="misread"))
    assert done.status_code == 303
    shown = text_of(paula.get("/products/2"))
    assert "mosm per ml: 4.06, now 4.1" in shown and "misread" in shown

    late = sign_in("peter").post("/products/2/correct", data=typed_over(page, mosm_per_ml="4.2", reason="x"))
    assert late.status_code == 409 and "Paula Penhallow corrected this product meanwhile" in text_of(late)
    assert 'value="4.2"' in late.text

    signed = paula.get("/products/1/correct").text
    refused = paula.post("/products/1/correct", data=typed_over(signed, mg_per_ml="400", reason="misread"))

    assert refused.status_code == 409 and "Add what you have as a new product" in refused.text
    assert 'href="#mg_per_ml"' in refused.text
    assert paula.post("/products/1/correct", data=typed_over(signed, mg_per_ml="4")).status_code == 422


def test_products_and_codes_are_retired_with_a_reason(sign_in):
    paula = sign_in("paula")

    assert paula.post("/products/1/retire", data={"reason": "x"}).status_code == 409
    assert paula.post("/products/2/retire", data={"reason": ""}).status_code == 422
    assert paula.post("/product-codes/3/retire", data={"reason": "wrong box"}).status_code == 303
    assert "wrong box" in paula.get("/products/2").text
    assert paula.post("/products/2/retire", data={"reason": "no longer made"}).status_code == 303
    assert "2 mL single-dose vial" not in paula.get("/products").text
    assert "2 mL single-dose vial" in paula.get("/products?retired=yes").text
    for address in ("/products/99", "/products/99/correct", "/product-codes/99/retire"):
        assert paula.get(address).status_code == 404, address


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_string_that_breaks_programs_breaks_a_product(sign_in):
    paula = sign_in("paula")
    kept = new_product(paula)
    names = ("drug", "strength", "container", "salt_form", "storage", "source_note", "weights_source")

    strings = material_json("08_security/blns.json")
    for start in range(0, len(strings), len(names)):
        naughty = dict(zip(names, strings[start:], strict=False))
        answer = paula.post("/products/new", data=kept | {name: [text] for name, text in naughty.items()})
        assert answer.status_code in (303, 400, 422) and "<script>alert" not in answer.text, naughty
        code = paula.post("/products/2/codes", data={"system": "ndc", "text": strings[start]})
        assert code.status_code in (400, 422), strings[start]
        found = paula.get("/products", query_string={"search": strings[start]})
        assert found.status_code in (200, 400), strings[start]
    assert "<script>alert" not in paula.get("/products").text
