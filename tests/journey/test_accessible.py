"""Every page that a role can open from its menu, tried with axe-core, with no request to another host."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.web.people import A_PERSON_OF

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(page.url, one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found]


@pytest.mark.parametrize("username", sorted(A_PERSON_OF.values()))
def test_the_places_of_each_role_are_accessible(browse, address, username):
    outside, refused = [], []
    page = browse(username)
    page.on("request", lambda request: outside.append(request.url) if address not in request.url else None)
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    links = page.locator("nav.places a").evaluate_all("all => all.map(one => one.getAttribute('href'))")

    wrong = []
    for link in links:
        page.goto(link)
        wrong += violations(page)

    assert links
    assert wrong == outside == refused == []


def test_signing_in_is_accessible(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="Sign in").click()

    assert page.get_by_role("alert").is_visible()
    assert violations(page) == []
    page.close()
