"""Every route, every role: the door of the permission table is the only one."""

import pytest

from pharmacy.accounts.permissions import Role, may
from tests.web.people import A_PERSON_OF

OPEN = {"static", "bootstrap.static"}


def test_every_route_says_who_may_pass(app):
    without = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in OPEN and not hasattr(view, "permission")
    ]

    assert without == []


def test_public_routes_are_only_those_of_signing_in(app):
    public = {e for e, v in app.view_functions.items() if getattr(v, "permission", 0) is None}

    assert public == {"accounts.sign_in", "accounts.submit_sign_in", "accounts.submit_sign_out"}


def _address(app, rule):
    values = {name: 999999 for name in rule.arguments}
    with app.test_request_context():
        return (
            rule.rule
            if not values
            else app.url_map.bind("x").build(rule.endpoint, values, rule.methods and None)
        )


# The doors ask no database: one of the two tells what both would.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", list(Role))
def test_each_role_passes_exactly_the_doors_of_its_table(app, sign_in, role):
    client = sign_in(A_PERSON_OF[role])
    wrong = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        permission = getattr(view, "permission", None)
        if permission is None:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(_address(app, rule), method=method)
            if (answer.status_code == 403) is may(role, permission):
                wrong.append((method, rule.rule, answer.status_code))

    assert wrong == []


def test_strangers_pass_no_door(app):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "permission", None) is None:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(_address(app, rule), method=method)
            assert answer.status_code in {303, 401}, (method, rule.rule)
