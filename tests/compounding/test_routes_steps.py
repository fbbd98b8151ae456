"""The station's pages beside scans: photos, weights, the second person, handovers, forms sent twice."""

import re
from io import BytesIO

from sqlalchemy import func, select

from pharmacy.attachments.models import Attachment
from pharmacy.audit.models import AuditEntry, Refusal
from pharmacy.compounding.models import Handover, Scan, StepDone, VolumeCheck, Worksheet
from pharmacy.domain.preparation_steps import Step
from pharmacy.sample.people import PASSWORD
from tests.statements import counted_statements
from tests.therapy.formulas import SHORT, staged_formula
from tests.therapy.orders import order_in_force
from tests.therapy.station import PNG, send, turn_of
from tests.therapy.worksheets import code_of, go_to, started_worksheet

GO_ON = "The station has moved on"


def at_step(session, people, step, *, bags=2, **changes):
    """Bring the first bag of a formula with a step at every stage to a step; returns where it is."""
    staged_formula(session, people, **changes)
    worksheet = started_worksheet(session, people, order_in_force(session, people), bags=bags)
    bag = worksheet.bags[0]
    go_to(session, people, bag, step)
    address = f"/worksheets/{worksheet.id}"
    found = (address, f"{address}/bags/{bag.id}", bag.serial)
    session.commit()
    return found


def count(database, model):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def photo(content=PNG, name="syringe.png"):
    return {"photo": (BytesIO(content), name)}


def test_a_photo_is_taken_kept_shown_and_taken_again(database, people, session, sign_in):
    address, here, _ = at_step(session, people, Step.FIRST_VOLUME)
    tina = sign_in("tina")
    assert send(tina, f"{here}/first-volume", {"volume": "4"}).status_code == 303
    page = tina.get(f"{address}/station").text
    assert re.search(r'<input[^>]*name="photo"[^>]*capture="environment"', page)
    assert "this step is not done without it" in page

    before = count(database, Attachment)
    refused = send(tina, f"{address}/confirm")
    assert refused.status_code == 400 and "Take the photo first" in refused.text
    for content, sentence in (
        (b"", "The file is empty"),
        (b"hello", "should be a JPEG, PNG or WebP picture"),
    ):
        answer = send(tina, f"{address}/confirm", photo(content))
        assert answer.status_code == 422 and sentence in answer.text
    assert count(database, Attachment) == before
    assert send(tina, f"{address}/confirm", photo()).status_code == 303

    page = tina.get(f"{address}/station").text
    shown = re.search(r'<img src="(/attachments/\d+)"', page)[1]
    assert tina.get(shown).data == PNG
    again = re.search(r'href="(/worksheets/\d+/steps/\d+/photo)"', page)[1]
    assert "Take this photo again" in tina.get(again).text
    assert send(tina, again, photo() | {"reason": ""}).status_code == 422
    assert send(tina, again, {"reason": "blurred"}).status_code == 422
    assert send(tina, again, photo(PNG + b"new") | {"reason": "blurred"}).status_code == 303
    assert shown not in tina.get(f"{address}/station").text
    record = tina.get(address).text
    assert shown in record and "Photo, taken again" in record and "blurred" in record
    assert tina.get(f"{address}/steps/999999/photo").status_code == 404


def test_a_form_that_is_sent_twice_does_nothing_twice(database, people, session, sign_in):
    """A double click, a form sent again after the connection was lost, and the back button."""
    address, here, serial = at_step(session, people, Step.SCAN_DILUENT)
    tina = sign_in("tina")
    with database.reading() as reading:
        worksheet = reading.scalar(select(Worksheet))
        codes = {one.lot.product.kind.value: code_of(one.lot) for one in worksheet.proposed_lots}
    first = {"turn": turn_of(tina, address), "code": codes["diluent"]}

    assert tina.post(f"{here}/scan", data=first).status_code == 303
    for _ in range(2):
        again = tina.post(f"{here}/scan", data=first)
        assert again.status_code == 409 and GO_ON in again.text and "Wipe the port" in again.text
    # The old form, sent to a later step, is not that step's either; nor is one without a turn.
    for data in ({"turn": first["turn"]}, {}, {"turn": "x"}):
        assert tina.post(f"{address}/confirm", data=data).status_code == 409
    assert (count(database, Scan), count(database, Refusal)) == (1, 0)
    assert tina.post(f"{here}/discard", data={"turn": first["turn"], "reason": "x"}).status_code == 409

    confirmed = {"turn": turn_of(tina, address), "code": serial}
    before = count(database, StepDone)
    assert tina.post(f"{address}/confirm", data=confirmed).status_code == 303
    assert tina.post(f"{address}/confirm", data=confirmed).status_code == 409
    assert count(database, StepDone) == before + 1


def second_here(client, here, **changes):
    typed = {"username": "theo", "password": PASSWORD, "volume": "4"}
    return send(client, f"{here}/second-volume-here", typed | changes)


def test_the_second_person_signs_at_the_station_of_the_first(database, people, session, sign_in):
    address, here, _ = at_step(session, people, Step.SECOND_VOLUME)
    tina = sign_in("tina")

    for changes, status, sentence in (
        ({"password": "wrong password 1"}, 403, "The name or the password is not right."),
        ({"username": "nobody"}, 403, "The name or the password is not right."),
        ({"username": "tina"}, 409, "You drew this volume; another person checks it"),
        ({"username": "nora"}, 403, "A nurse may not compound"),
        ({"volume": "much"}, 422, "Enter the volume in the syringe, in mL."),
        ({"password": ""}, 422, "Enter the password of the second person."),
    ):
        answer = second_here(tina, here, **changes)
        assert (answer.status_code, sentence in answer.text) == (status, True), (changes, answer.text)
    with database.reading() as reading:
        assert reading.scalar(select(VolumeCheck.second_ml)) is None

    assert second_here(tina, here).status_code == 303

    page = tina.get(f"{address}/station").text
    assert "both people have the volume" in page and "Tina Tallgrass" in page
    with database.reading() as reading:
        check = reading.scalar(select(VolumeCheck))
        assert (check.first_by.username, check.second_by.username, check.agrees) == ("tina", "theo", True)
        entry = reading.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert (entry.action, entry.person_name) == ("entered the second volume", "Theo Thimble")
        assert '"signature"' in entry.sealed_rows
    # The browser is still Tina's.
    assert send(tina, f"{address}/confirm").status_code == 303


def test_no_page_shows_the_first_figure_before_the_second(database, people, session, sign_in):
    address, here, serial = at_step(session, people, Step.FIRST_VOLUME, steps=SHORT)
    tina = sign_in("tina")
    assert send(tina, f"{here}/first-volume", {"volume": "4.37"}).status_code == 303

    pages = (
        *(
            address,
            f"{address}/station",
            f"{address}/second-volume",
            f"{address}/take-over",
            f"{address}/record",
        ),
        *(
            f"{address}/record",
            f"{address}/leave",
            f"{address}/release",
            f"{address}/note",
            f"{here}/discard",
            f"{here}/undo",
        ),
        *("/", "/worksheets", "/audit", "/intercepted-errors", f"/trace?bag={serial}", f"/bags/{serial}"),
    )
    for who in ("tina", "theo", "petra"):
        client = sign_in(who)
        for page in pages:
            answer = client.get(page, follow_redirects=True)
            assert "4.37" not in answer.text and "4.37" not in answer.request.path, (who, page)
    assert second_here(tina, here, password="wrong password 1").text.count("4.37") == 0
    assert send(sign_in("theo"), f"{here}/second-volume", {"volume": "4"}).status_code == 303

    shown = tina.get(address).text
    assert "4.37\xa0mL by Tina Tallgrass, 4\xa0mL by Theo Thimble" in shown
    assert "4.37" in sign_in("petra").get("/audit").text


def test_weights_are_typed_by_the_scale(database, people, session, sign_in):
    address, here, _ = at_step(session, people, Step.WEIGH_BEFORE, weight_tolerance_percent=5, steps=SHORT)
    tina = sign_in("tina")
    for typed, sentence in (
        ("US,GS,+00112.40g", "The scale was still moving"),
        ("ST,NT,+00112.40g", "The scale sent a net weight"),
        ("112.4 kg", "104.82 g for example"),
        ("", "Enter what the scale says, in g."),
    ):
        answer = send(tina, f"{here}/weight", {"weight": typed})
        assert answer.status_code == 422 and sentence in answer.text
        assert f'value="{typed}"' in answer.text
    assert send(tina, f"{here}/weight", {"weight": "ST,GS,+00112.40g"}).status_code == 303
    assert "112.4\xa0g" in tina.get(f"{address}/station").text


def test_a_wrong_weight_is_red_and_asks_why_it_is_weighed_again(people, session, sign_in):
    address, here, _ = at_step(session, people, Step.WEIGH_AFTER, weight_tolerance_percent=5, steps=SHORT)
    tina = sign_in("tina")

    assert send(tina, f"{here}/weight", {"weight": "  112.42 g"}).status_code == 303
    page = tina.get(f"{address}/station").text
    assert "station-stop" in page and "The bag gained 0.02\xa0g" in page and 'name="reason"' in page
    assert send(tina, f"{here}/weight", {"weight": "117.28 g"}).status_code == 400
    again = {"weight": "117.28 g", "reason": "a clamp lay on the scale"}
    assert send(tina, f"{here}/weight", again).status_code == 303
    record = tina.get(address).text
    assert "a clamp lay on the scale" in record and "4.88\xa0g, from 4.636\xa0g to 5.124\xa0g" in record
    assert "weight out of tolerance" in sign_in("paula").get("/intercepted-errors").text


def test_somebody_leaves_and_another_takes_over(database, people, session, sign_in):
    address, here, _ = at_step(session, people, Step.SECOND_VOLUME)
    tina, theo = sign_in("tina"), sign_in("theo")
    page = theo.get(f"{address}/station").text
    assert "Tina Tallgrass holds this worksheet" in page and "I am the second person" in page
    assert 'name="photo"' not in page and "Undo the last step" not in page
    leaving = tina.get(f"{address}/leave").text
    assert "A syringe is drawn and not yet in its bag" in leaving and "lot <strong>SMG4417" in leaving

    assert send(tina, f"{address}/leave", {"reason": ""}).status_code == 422
    assert send(tina, f"{address}/leave", {"reason": "fire alarm"}).status_code == 303
    page = theo.get(f"{address}/station").text
    assert "Nobody holds this worksheet" in page and "fire alarm" in page
    assert "No container is open" not in theo.get(f"{address}/take-over").text
    assert send(theo, f"{address}/take-over").status_code == 422
    assert send(theo, f"{address}/take-over", {"as_written": "y"}).status_code == 303
    assert send(theo, f"{here}/first-volume", {"volume": "4"}).status_code == 303
    # Nobody else does a step, and who takes it back says why.
    assert send(tina, f"{address}/confirm", photo()).status_code == 409
    assert "Theo Thimble</strong> holds it" in tina.get(f"{address}/take-over").text
    assert send(tina, f"{address}/take-over", {"as_written": "y"}).status_code == 400
    wrong = {"as_written": "y", "holder_password": "wrong password 1"}
    assert send(tina, f"{address}/take-over", wrong).status_code == 403
    signed = {"as_written": "y", "holder_password": PASSWORD}
    assert send(tina, f"{address}/take-over", signed).status_code == 303
    assert count(database, Handover) == 3
    record = tina.get(address).text
    assert "Tina Tallgrass left it: fire alarm" in record
    assert "Tina Tallgrass took it over from Theo Thimble, who signed for it" in record


def test_a_step_is_undone_and_a_note_is_added(people, session, sign_in):
    address, _, _ = at_step(session, people, Step.SCAN_ADDITIVE)
    tina = sign_in("tina")
    assert "Wipe the port" in tina.get(f"{address}/undo-step").text
    assert send(tina, f"{address}/undo-step", {"reason": ""}).status_code == 422
    assert send(tina, f"{address}/undo-step", {"reason": "not wiped yet"}).status_code == 303
    assert "Wipe the port" in tina.get(f"{address}/station").text
    assert send(tina, f"{address}/undo-step", {"reason": "again"}).status_code == 409

    assert "on bag 1" in tina.get(f"{address}/note").text
    assert tina.post(f"{address}/note", data={"text": ""}).status_code == 422
    for _ in range(2):
        assert tina.post(f"{address}/note", data={"text": "The port was stiff."}).status_code == 303
    assert sign_in("paula").get(address).text.count("The port was stiff.") == 1


def test_the_station_costs_the_same_with_one_bag_and_with_many(people, session, sign_in):
    costs = []
    for bags in (1, 6):
        address, _, _ = at_step(session, people, Step.SECOND_VOLUME, bags=bags)
        tina = sign_in("tina")
        with counted_statements(tina.application.extensions["database"]) as seen:
            tina.get(f"{address}/station")
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 30
