"""The patients' list and chart: found by name, shown whole, every look recorded."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from sqlalchemy import select

from pharmacy.audit.models import ChartRead
from pharmacy.domain.errors import NotFound
from pharmacy.patients.models import AllergyStatus, Patient
from pharmacy.patients.queries import (
    PAGE,
    find_latest_measurement,
    find_latest_result,
    get_patient,
    get_prescriber,
    list_patients,
    list_prescribers,
    search_words,
)
from tests.statements import counted_statements


def more_patients(session, count):
    for number in range(count):
        session.add(
            Patient(
                site_id=1, record_number=f"X-{number}", family_name=f"Yarrow{number:02d}", given_name="Yan",
                born=date(1980, 1, 1), sex="male", phone="", address="", delivery_instructions="",
                time_zone="UTC", allergy_status=AllergyStatus.NOT_ASKED, caregiver="", emergency_contact="",
            )
        )  # fmt: skip
    session.flush()


def names(session, **changes):
    found = list_patients(session, **({"site_id": 1, "page": 1, "search": ""} | changes))
    return [one.family_name for one in found]


def test_patients_are_listed_by_name_and_found_by_any_part_of_it(session, database):
    assert names(session) == ["Larkspur", "Quince"]
    for search in ("LARK", "marigold", "larkspur, marigold", "p-1001"):
        assert names(session, search=search) == ["Larkspur"], search
    for search in ("zzz", "%", "_", "larkspur quillon"):
        assert names(session, search=search) == [], search
    assert names(session, site_id=2) == []

    def cost():
        session.expire_all()
        with counted_statements(database) as seen:
            for one in list_patients(session, site_id=1, page=1, search=""):
                assert one.allergies is not None
        return len(seen)

    few = cost()
    more_patients(session, PAGE)
    assert cost() == few
    assert len(names(session)) == PAGE + 1 and names(session, page=2) == ["Yarrow23", "Yarrow24"]


def test_a_search_holds_only_what_a_database_can_look_for():
    assert search_words("a\x00b, c\u202e d") == ["a", "b", "c", "d"]
    assert len(search_words("a " * 5000)) == 10


def test_charts_and_prescribers_belong_to_their_site(session):
    patient = get_patient(session, 1, site_id=1)

    assert patient.name == "Larkspur, Marigold"
    assert find_latest_result(patient, "magnesium").reported == "1.3"
    assert find_latest_result(patient, "lithium") is None
    assert find_latest_measurement(patient, "weight").unit == "kg"
    assert find_latest_measurement(patient, "waist") is None
    (prescriber,) = list_prescribers(session, site_id=1)
    assert get_prescriber(session, prescriber.id, site_id=1) is prescriber
    assert list_prescribers(session, site_id=2) == []
    for get in (get_patient, get_prescriber):
        for number, site_id in ((1, 2), (999, 1)):
            with pytest.raises(NotFound):
                get(session, number, site_id=site_id)


def test_the_chart_shows_what_a_pharmacist_asks_for_and_is_recorded(sign_in, database):
    nora = sign_in("nora")

    text = unescape(nora.get("/patients/1").text).replace("\N{NO-BREAK SPACE}", " ")

    for words in (
        "Larkspur, Marigold", "penicillin", "hives", "E83.42", "Seizures", "64.5 kg", "levetiracetam",
        "magnesium oxide", "Wed 4 Nov 2026 08:30 EST (5 days ago)", "1.7 to 2.4", "60 or more",
        "Home infusion treatment", "46 Sample Lane", "America/New_York", "taken now",
    ):  # fmt: skip
        assert words in text, words
    assert "Enter a prescription" not in text
    assert "Enter a prescription" in sign_in("tina").get("/patients/1").text
    assert "No known allergies" in nora.get("/patients/2").text
    with database.reading() as session:
        reads = session.scalars(select(ChartRead).order_by(ChartRead.id)).all()
        assert [(one.person.username, one.patient_id) for one in reads] == [
            ("nora", 1), ("tina", 1), ("nora", 2)
        ]  # fmt: skip


def test_the_list_pages_and_searches_by_its_address(sign_in, database):
    with database.transaction() as session:
        more_patients(session, PAGE)
        get_patient(session, 1, site_id=1).family_name = "<b>Larkspur</b>"
    tina = sign_in("tina")

    first = tina.get("/patients")
    assert "&lt;b&gt;Larkspur" in first.text and "Not asked" in first.text and "page=2" in first.text
    second = tina.get("/patients?page=2")
    assert "Yarrow24" in second.text and "Yarrow00" not in second.text
    assert "No patient is called that" in tina.get("/patients?search=%01nobody").text
    assert "Nestor Nephridge, MD" in tina.get("/prescribers").text
    assert sign_in("dan").get("/patients").status_code == 403
