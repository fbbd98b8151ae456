"""The menu: in parts, each with the places that this person may go to."""

import re

import pytest


def parts_of(page):
    return re.findall(r'<p class="places-name"[^>]*>([^<]+)</p>', page)


@pytest.mark.parametrize(
    ("username", "parts"),
    [
        ("dan", ["Today", "Pumps and delivery", "Tools"]),
        ("ada", ["Today", "Look back", "Tools"]),
        ("nora", ["Today", "Patients", "Compounding", "Tools"]),
    ],
)
def test_each_person_sees_the_parts_with_a_place_for_them(sign_in, username, parts):
    assert parts_of(sign_in(username).get("/").text) == parts


def test_what_was_found_leaves_the_menu_as_it_is(sign_in):
    tina = sign_in("tina")

    assert parts_of(tina.post("/find", data={"for": "nobody"}).text) == parts_of(tina.get("/").text)
