"""The cover of a page that nobody has used: only the server opens it."""

import pytest
from playwright.sync_api import expect

MINUTE = 60_000


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_cover_opens_only_while_the_session_goes_on(browse, clock):
    page = browse("ada")
    page.clock.install()
    page.goto("/people")
    cover = page.get_by_role("dialog")

    clock.advance(minutes=14, seconds=30)
    page.clock.fast_forward(int(14.5 * MINUTE))
    expect(cover).to_contain_text("ends in less than a minute")
    expect(cover).to_have_accessible_name("Your session ends in less than a minute.")
    page.keyboard.press("Escape")
    expect(cover).to_be_hidden()

    clock.advance(minutes=16)
    page.clock.fast_forward(16 * MINUTE)
    expect(cover).to_contain_text("Your session has ended")
    page.get_by_role("button", name="Go on").click()
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    expect(cover).to_contain_text("Your session has ended")
    page.get_by_role("link", name="Sign in", exact=True).click()
    page.get_by_label("Sign-in name").wait_for()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_only_types_stays_signed_in(browse, clock):
    page = browse("ada")
    page.clock.install()
    page.goto("/people")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/awake" in request.url else None)

    for _ in range(4):
        clock.advance(minutes=5)
        page.clock.fast_forward(5 * MINUTE)
        with page.expect_response("**/awake") as answer:
            page.get_by_label("Full name").press_sequentially("abc")
        assert answer.value.status == 204

    assert len(asked) == 4
    page.keyboard.press("/")
    assert page.get_by_label("Full name").input_value() == "abc" * 4 + "/"
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "find"
