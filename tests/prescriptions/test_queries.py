"""Reads of orders: the list, its search and filters, and what a version means."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pharmacy.domain.errors import NotFound
from pharmacy.domain.statuses import OrderStatus
from pharmacy.prescriptions.actions import enter_change
from pharmacy.prescriptions.queries import (
    PAGE,
    find_version_in_force,
    get_order,
    get_task,
    get_version,
    list_orders,
    list_version_records,
    list_versions,
    measure_version,
    name_device,
    running_rate,
    say_frequency,
    understand_schedule,
)
from tests.conftest import START
from tests.statements import counted_statements
from tests.therapy.orders import FIRST_DOSE, entered_order, order_in_force, verified

ALL = tuple(OrderStatus)
NBSP = "\N{NO-BREAK SPACE}"


def listed(session, **changes):
    values = {"site_id": 1, "page": 1, "search": "", "statuses": ALL} | changes
    return [one.order.rx_number for one in list_orders(session, **values)]


def test_orders_are_listed_newest_first_and_found_by_what_people_know(session, people):
    version = order_in_force(session, people, at=START + timedelta(minutes=1))

    assert listed(session) == ["1000002", "1000001"]
    for search in ("larkspur", "Marigold LARK", "1000002", "P-1001", "larkspur, marigold"):
        assert listed(session, search=search) == ["1000002"], search
    for search in ("nobody", "%", "_", "larkspur quince"):
        assert listed(session, search=search) == [], search
    assert listed(session, statuses=(OrderStatus.ENTERED,)) == []
    assert listed(session, site_id=2) == [] and listed(session, page=2) == []
    assert [one.version for one in list_versions(session, version.order_id)] == [1]


def test_a_list_costs_the_same_on_one_order_and_on_many(session, people, database):
    def show():
        session.expire_all()
        with counted_statements(database) as seen:
            for one in list_orders(session, site_id=1, page=1, search="", statuses=ALL):
                assert one.order.patient.name and one.formula.additive.drug and one.entered_by.name
        return len(seen)

    entered_order(session, people)
    few = show()
    for number in range(PAGE):
        entered_order(session, people, at=START + timedelta(minutes=number))

    assert show() == few
    assert len(list_orders(session, site_id=1, page=1, search="", statuses=ALL)) == PAGE + 1


def test_an_orders_page_costs_the_same_with_one_version_and_with_three(session, people, database):
    order = order_in_force(session, people).order

    def show():
        session.flush()
        session.expire_all()
        with counted_statements(database) as seen:
            records = list_version_records(session, get_order(session, order.id, site_id=1))
            for one in records:
                assert one.device == "CADD-Solis VIP 2120" and one.changes[0].person.name and one.tasks == []
                assert one.version.formula.diluent.drug and one.version.prescriber.name
        return len(seen), [one.version.version for one in records]

    alone = show()
    for frequency in ("2 of 3 days", "every 2 days"):
        old = find_version_in_force(session, order.id)
        new = enter_change(
            session, old, frequency_as_written=frequency, anchor=FIRST_DOSE, effective=FIRST_DOSE,
            reason="x", received_how="fax", read_back=False, by=people("petra"), at=START,
        )  # fmt: skip
        verified(session, people, new)

    assert alone[1] == [1] and show() == (alone[0], [3, 2, 1])


def test_other_sites_and_unknown_numbers_are_not_found(session, people):
    version = entered_order(session, people)
    for site_id, found in ((1, True), (2, False)):
        for get, number in ((get_version, version.id), (get_order, version.order_id)):
            if found:
                assert get(session, number, site_id=site_id) is not None
            else:
                with pytest.raises(NotFound):
                    get(session, number, site_id=site_id)
    with pytest.raises(NotFound):
        get_task(session, 1, site_id=1)


def test_the_numbers_of_an_order_come_from_the_formula(session, people):
    version = entered_order(session, people, frequency_as_written="2 of 3 days")

    assert running_rate(version.formula, version.infusion_hours) * 2 == 21
    rows = {one.name: one.value.replace(NBSP, " ") for one in measure_version(session, version).rows}
    assert rows == {
        "Rate at each site": "10.5 mL per hour",
        "Volume at each site in 24 hours": "105 mL",
        "Concentration": "18.018 mg/mL",
        "Osmolarity": "443.2 mOsm/L",
        "Drug in an hour": "189.2 mg per hour",
        "Drug in any 24 hours": "1,892 mg",
    }
    notices = measure_version(session, version).notices
    assert len(notices) == 2 and all("not checked by a pharmacist" in one for one in notices)
    assert name_device(session, version.device, site_id=1) == "CADD-Solis VIP 2120"
    assert name_device(session, "unheard-of", site_id=1) == "unheard-of"


def test_a_frequency_is_understood_in_words_and_dates(session, people):
    version = entered_order(session, people, frequency_as_written="every two out of three days")

    understood = understand_schedule(version, zone="America/New_York", at=START)

    assert understood.text == "2 of every 3 days"
    assert say_frequency(version) == understood.say == "on 2 of every 3 days: see your calendar"
    assert understood.directions.replace(NBSP, " ") == (
        "Infuse ONE bag (2 g) subcutaneously over 10 hours with your ambulatory pump. "
        "Use on 2 of every 3 days: see your calendar."
    )
    days = [day for month in understood.months for day in month.days]
    assert len(days) == 35 and days[0].is_today
    assert [bool(day.starts) for day in days[:6]] == [True, True, False, True, True, False]


def test_the_calendar_reaches_a_first_dose_that_comes_long_after_the_order_holds(session, people):
    version = entered_order(session, people, anchor=FIRST_DOSE + timedelta(days=60))

    understood = understand_schedule(version, zone="America/New_York", at=START)

    days = [day for month in understood.months for day in month.days]
    assert [bool(day.starts) for day in days] == [False] * 60 + [True] * 35
