"""What is entered about rooms, hoods and people in the browser, and what is refused there."""

import io

import pytest
from sqlalchemy import func, select

from pharmacy.audit.models import AuditEntry
from pharmacy.domain.competency import Outcome
from pharmacy.domain.statuses import ControlStatus, RoomStatus
from pharmacy.facility.models import (
    Certification,
    CompetencyDocument,
    CompetencyEntry,
    CompoundingRoom,
    EngineeringControl,
    RoomReading,
)
from tests.statements import counted_statements

PDF = b"%PDF-1.7 report"
ROOM = {
    "name": "North suite",
    "kind": "cleanroom_suite",
    "temperature_low_c": "0",
    "temperature_high_c": "20",
    "humidity_high_percent": "60",
    "pressure_low_inches": "0.02",
}
CERTIFICATION = {
    "done_on": "2026-11-09",
    "outcome": "passed",
    "iso": "5",
    "certified_by": "Certifiers",
    "report": "R-2",
}
COMPETENCY = {
    "kind": "media_fill",
    "occasion": "recurring",
    "done_on": "2026-11-09",
    "outcome": "passed",
    "evaluator": "3",
    "note": "no growth",
}


def last(database, table):
    with database.reading() as reading:
        return reading.scalars(select(table).order_by(table.id.desc())).first()


def test_a_room_and_its_hood_come_into_service(database, sign_in):
    petra = sign_in("petra")

    answer = petra.post("/rooms/new", data=ROOM)
    assert answer.status_code == 303
    room = last(database, CompoundingRoom)
    assert (room.name, room.status) == ("North suite", RoomStatus.OUT_OF_SERVICE)
    hood = {"name": "Hood 3", "kind": "rabs", "maker": "M", "serial_number": "S"}
    assert petra.post(f"/rooms/{room.id}/hoods/new", data=hood).status_code == 303
    control = last(database, EngineeringControl)
    file = {"file": (io.BytesIO(PDF), "report.pdf")}
    address = f"/hoods/{control.id}"
    assert petra.post(f"{address}/certifications/new", data=CERTIFICATION | file).status_code == 303
    assert last(database, Certification).attachment_id
    moved = petra.post(f"{address}/state?to=in_service", data={"reason": "certified"})
    assert moved.status_code == 303 and last(database, EngineeringControl).status is ControlStatus.IN_SERVICE
    assert "No readings of North suite are recorded" in petra.get(address).text
    changed = {**ROOM, "temperature_high_c": "21", "reason": "new report"}
    assert 'value="20"' in petra.get(f"/rooms/{room.id}/range").text
    assert petra.post(f"/rooms/{room.id}/range", data=changed).status_code == 303


def test_readings_cleanings_and_samplings_are_recorded_by_a_technician(database, sign_in):
    tina = sign_in("tina")
    low = {"temperature_c": "18", "humidity_percent": "0", "pressure_inches": "0", "note": "door"}

    assert tina.post("/rooms/1/readings/new", data=low).status_code == 303
    assert last(database, RoomReading).out_of_range.startswith("Pressure difference 0")
    assert "The last readings are out of range." in tina.get("/rooms/1").text
    cleaning = {"control": "1", "what": "wiped", "agent": "70% alcohol"}
    assert tina.post("/rooms/1/cleanings/new", data=cleaning).status_code == 303
    assert "Hood 1: wiped" in tina.get("/rooms/1/log/cleanings").text
    sample = {"kind": "air", "taken_on": "2026-11-09", "result": "to be read"}
    assert tina.post("/rooms/1/samples/new", data=sample).status_code == 303
    assert "to be read" in tina.get("/rooms/1").text


def test_a_technician_takes_a_hood_out_and_does_not_put_it_back(database, sign_in):
    tina, peter = sign_in("tina"), sign_in("peter")

    assert tina.post("/hoods/1/state?to=out_of_service", data={"reason": "noise"}).status_code == 303
    refused = tina.post("/hoods/1/state?to=in_service", data={"reason": "quiet now"})
    assert refused.status_code == 403 and "put them in service" in refused.text
    assert peter.post("/hoods/1/state?to=in_service", data={"reason": "new belt"}).status_code == 303
    assert tina.post("/rooms/1/state?to=out_of_classification", data={"reason": "door"}).status_code == 303
    assert "What starts here is Category 1 at most." in tina.get("/rooms/1").text


def test_a_competency_is_recorded_corrected_and_documented(database, sign_in):
    petra = sign_in("petra")
    file = {"file": (io.BytesIO(PDF), "test.pdf")}

    assert petra.post("/competencies/people/1/new", data=COMPETENCY | file).status_code == 303
    entry = last(database, CompetencyEntry)
    assert last(database, CompetencyDocument).entry_id == entry.id
    fixed = COMPETENCY | {"outcome": "entered_in_error", "reason": "it was Theo"}
    assert 'value="2026-11-09"' in petra.get(f"/competencies/{entry.id}/correct").text
    assert petra.post(f"/competencies/{entry.id}/correct", data=fixed).status_code == 303
    assert last(database, CompetencyEntry).outcome is Outcome.IN_ERROR
    page = petra.get("/competencies/people/1").text
    assert "corrected by a newer entry" in page and "it was Theo" in page and "test.pdf" in page
    more = {"file": (io.BytesIO(PDF), "more.pdf")}
    assert petra.post(f"/competencies/{entry.id}/documents/new", data=more).status_code == 303
    assert "more.pdf" in petra.get("/competencies/people/1").text


@pytest.mark.parametrize(
    ("address", "data", "status", "said"),
    [
        ("/rooms/new", {}, 422, "Choose the kind of room."),
        ("/rooms/new", ROOM | {"temperature_low_c": "-3"}, 422, "Enter a number in"),
        ("/rooms/new", ROOM | {"pressure_low_inches": ""}, 400, "least pressure difference"),
        ("/rooms/new", ROOM | {"name": "cleanroom SUITE"}, 400, "is registered already"),
        ("/rooms/1/readings/new", {"temperature_c": "x", "humidity_percent": "1"}, 422, "Enter a number in"),
        (
            "/rooms/1/readings/new",
            {"temperature_c": "1", "humidity_percent": "1"},
            400,
            "pressure difference",
        ),
        ("/rooms/1/cleanings/new", {"control": "2", "what": "a", "agent": "b"}, 422, "Not a valid choice"),
        ("/rooms/1/samples/new", {"kind": "soil"}, 422, "Enter when it was sampled."),
        ("/rooms/1/state?to=out_of_service", {"reason": ""}, 422, "Enter the reason."),
        ("/rooms/1/state?to=in_service", {"reason": "x"}, 409, "cannot become in service"),
        ("/hoods/1/state?to=nonsense", {"reason": "x"}, 404, "in service or out of service"),
        ("/hoods/1/certifications/new", CERTIFICATION | {"iso": ""}, 400, "ISO class that was found"),
        ("/hoods/1/certifications/new", CERTIFICATION | {"iso": "12"}, 422, "from 1 to 9"),
        ("/certifications/1/correct", CERTIFICATION, 422, "Enter the reason."),
        ("/competencies/people/1/new", COMPETENCY | {"done_on": "2999-01-01"}, 400, "at the latest"),
        ("/competencies/people/1/new", COMPETENCY | {"evaluator": "1"}, 422, "Not a valid choice"),
        ("/competencies/people/5/new", COMPETENCY, 409, "Another pharmacist records your"),
        ("/competencies/1/documents/new", {}, 422, "Choose the document."),
        ("/competencies/999/correct", COMPETENCY, 404, "No competency is recorded"),
    ],
)
def test_bad_input_is_said_and_changes_nothing(database, sign_in, address, data, status, said):
    petra = sign_in("petra")

    def entries():
        with database.reading() as reading:
            return reading.scalar(select(func.count()).select_from(AuditEntry))

    before = entries()
    answer = petra.post(address, data=data)

    assert (answer.status_code, said in answer.text) == (status, True), answer.text[-800:]
    assert entries() == before


def test_a_person_sees_their_own_and_a_pharmacist_everybody(sign_in):
    tina = sign_in("tina")

    assert tina.get("/competencies/people/1").status_code == 200
    assert tina.get("/competencies/people/2").status_code == 403
    page = tina.get("/competencies").text
    assert "Theo Thimble" in page and "/competencies/people/2" not in page
    assert sign_in("paula").get("/competencies/people/2").status_code == 200
    assert sign_in("arlo").get("/competencies/people/2").status_code == 200


def test_what_was_never_recorded_is_said_with_whom_to_see(sign_in):
    page = sign_in("petra").get("/competencies/people/6").text

    assert "Nora Nettlebed may not compound now." in page
    assert "Media fill: nothing is recorded." in page and "See Petra Quillfeather" in page


@pytest.mark.parametrize("address", ["/rooms", "/rooms/1", "/competencies", "/competencies/people/1"])
def test_a_page_costs_the_same_however_much_is_recorded(database, sign_in, address):
    petra, costs = sign_in("petra"), []
    for more in (0, 3):
        for _ in range(more):
            assert petra.post("/competencies/people/1/new", data=COMPETENCY).status_code == 303
            readings = {"temperature_c": "18", "humidity_percent": "40", "pressure_inches": "0.03"}
            assert petra.post("/rooms/1/readings/new", data=readings).status_code == 303
        petra.get(address)
        with counted_statements(database) as seen:
            assert petra.get(address).status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1]
