"""Pages of the pumps' room: the register, a sheet from its form to its papers, and a replaced one in red."""

from __future__ import annotations

import re

import pytest

from pharmacy.accounts.queries import find_person
from pharmacy.domain.statuses import SheetStatus
from pharmacy.pumps.queries import list_sheets, list_versions_without_sheet
from pharmacy.sample.people import PASSWORD
from tests.pumps.test_actions_sheets import on_days
from tests.statements import counted_statements
from tests.therapy.orders import order_in_force
from tests.therapy.sheets import prepared_sheet, sample_pump
from tests.therapy.worksheets import started_worksheet


@pytest.fixture
def version(database):
    """Give an order in force with a worksheet in preparation: its id."""
    with database.transaction() as session:
        people = lambda name: find_person(session, name)  # noqa: E731
        version = order_in_force(session, people, frequency_as_written="2 of every 3 days")
        started_worksheet(session, people, version, bags=2, doses=on_days(0, 1))
        return version.id


def sheet_id_of(answer):
    return int(re.search(r"/pump-sheets/(\d+)", answer.headers["Location"])[1])


def test_the_register_in_the_browser(sign_in):
    client = sign_in("tina")
    page = client.get("/pumps").text
    assert "PUMP-0042" in page and "overdue" in page and page.count("available") >= 3
    typed = {
        "asset_number": "PUMP-0100", "serial_number": "S <1>", "maker": "M", "model": "CADD-Solis VIP 2120",
        "profile": "cadd-solis-vip", "software_version": "4", "administration_set": "21-7301",
        "air_detector": "On", "occlusion_sensor": "On", "low_reservoir": "5 mL", "lock_level": "Locked",
        "maintenance_due": "2027-06-01",
    }  # fmt: skip

    wrong = client.post("/pumps/new", data=typed | {"maintenance_due": "soon", "profile": ""})
    assert wrong.status_code == 422 and "S &lt;1&gt;" in wrong.text and "Choose the profile." in wrong.text
    assert client.post("/pumps/new", data=typed | {"asset_number": "PUMP-0042"}).status_code == 400
    made = client.post("/pumps/new", data=typed)
    assert made.status_code == 303
    pump = made.headers["Location"]
    assert "It is clean and cleared" in client.get(pump).text
    assert client.post(f"{pump}/cleaned").status_code == 303
    assert client.post(f"{pump}/cleaned").status_code == 409
    assert client.post(f"{pump}/back").status_code == 409
    assert client.post(f"{pump}/move/quarantine", data={"reason": ""}).status_code == 422
    assert client.post(f"{pump}/move/quarantine", data={"reason": "dropped"}).status_code == 303
    assert client.post(f"{pump}/move/end-quarantine", data={"reason": "x"}).status_code == 403
    assert sign_in("paula").post(f"{pump}/move/end-quarantine", data={"reason": "ok"}).status_code == 303
    assert client.get(f"{pump}/move/elsewhere").status_code == 404
    typed = {"note": "annual inspection", "next_due": "2028-01-01"}
    assert client.post(f"{pump}/maintained", data=typed | {"next_due": "2020-01-01"}).status_code == 400
    assert client.post(f"{pump}/maintained", data=typed).status_code == 303
    page = client.get(pump).text
    assert "Sat 1 Jan 2028" in page and "dropped" in page


def test_a_sheet_from_its_form_to_its_papers(sign_in, version, database):
    tina, peter = sign_in("tina"), sign_in("peter")
    assert f"/orders/{version}/pump-sheet" in tina.get("/pump-sheets").text
    with database.reading() as session:
        good, overdue = sample_pump(session).id, sample_pump(session, "PUMP-0017").id
    form = tina.get(f"/orders/{version}/pump-sheet").text
    worksheet = re.search(r'<option value="(\d+)">W-', form)[1]
    assert "PUMP-0042" in form and "PUMP-0008" not in form and "111\xa0mL" in form
    typed = {"worksheet": worksheet, "pump": str(good), "mode": "continuous", "flag_reason": "kept as typed"}

    assert tina.post(f"/orders/{version}/pump-sheet", data={}).status_code == 422
    refused = tina.post(f"/orders/{version}/pump-sheet", data=typed | {"mode": "intermittent"})
    assert refused.status_code == 409 and "No pump cycle can hold 2 of every 3 days" in refused.text
    assert "kept as typed" in refused.text
    refused = tina.post(f"/orders/{version}/pump-sheet", data=typed | {"pump": str(overdue)})
    assert refused.status_code == 409 and "Maintenance of pump PUMP-0017 is due" in refused.text
    made = tina.post(f"/orders/{version}/pump-sheet", data=typed)
    assert made.status_code == 303
    address = f"/pump-sheets/{sheet_id_of(made)}"

    page = tina.get(address).text
    for said in (
        *("Infusion Rate", "10.5 mL/hr", "10.5 mL per hour × 10\xa0hours = 105 mL", "94.59 percent"),
        *("UNVERIFIED PUMP PROFILE", "Infuse 21:00", "A pharmacist other than Tina Tallgrass"),
    ):
        assert said in page, said
    assert tina.post(f"{address}/verify", data={"password": PASSWORD}).status_code == 403
    assert tina.post(f"{address}/print").status_code == 409
    wrong = peter.post(f"{address}/verify", data={"password": "wrong"})
    assert wrong.status_code == 403 and "nothing was signed" in wrong.text
    assert peter.post(f"{address}/verify", data={"password": PASSWORD}).status_code == 303
    assert "Peter Pomfret" in tina.get(address).text
    assert tina.post(f"{address}/print").status_code == 303
    assert tina.post(f"{address}/print").status_code == 400
    page = tina.get(address).text
    papers = re.findall(r"/papers/(D-\w+)\.pdf", page)
    assert len(papers) == 2 and tina.get(f"/papers/{papers[0]}.pdf").data.startswith(b"%PDF")
    nora = sign_in("nora").get(address)
    assert nora.status_code == 200 and "Print both again" not in nora.text

    assert tina.post(f"{address}/void", data={"because": ""}).status_code == 422
    assert tina.post(f"{address}/void", data={"because": "the order changed"}).status_code == 303
    page = tina.get(address).text
    assert "Do not program a pump by this sheet" in page and 'class="refusal"' in page
    assert "Replaced." in tina.get(f"/documents/{papers[0]}").text


def test_the_list_costs_the_same_on_one_sheet_and_on_many(session, people, database):
    made = order_in_force(session, people)
    worksheet = started_worksheet(session, people, made, bags=1, doses=on_days(0))

    def show():
        session.expire_all()
        with counted_statements(database) as seen:
            for one in list_sheets(session, site_id=1, statuses=tuple(SheetStatus)):
                assert one.patient.name and one.pump.asset_number and one.prepared_by.name
                assert one.order_version.order.rx_number
            assert list_versions_without_sheet(session, site_id=1) == []
        return len(seen)

    prepared_sheet(session, people, made, worksheet)
    few = show()
    for _ in range(4):
        prepared_sheet(session, people, made, worksheet)

    assert show() == few
