"""Every page on PostgreSQL, where a page that only reads may change nothing."""

import pytest

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def test_every_page_answers(app, sign_in):
    petra, wrong, asked = sign_in("petra"), [], 0
    with app.test_request_context():
        adapter = app.url_map.bind("x")
        addresses = [
            adapter.build(rule.endpoint, {name: 1 for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "GET" in rule.methods and not rule.endpoint.endswith("static")
        ]
    for address in addresses:
        asked += 1
        answer = petra.get(address)
        if answer.status_code >= 500:
            wrong.append((address, answer.status_code))

    assert wrong == []
    assert asked > 100
