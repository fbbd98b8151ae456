"""The pages of rooms, hoods and people in the browser."""

import pytest


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/rooms", "Rooms and hoods"),
        ("/rooms/1", "Cleanroom suite"),
        ("/rooms/2", "segregated compounding area"),
        ("/rooms/new", "Register a room"),
        ("/rooms/1/range", "Range of"),
        ("/rooms/1/state?to=out_of_service", "out of service"),
        ("/rooms/1/log/readings", "19.4"),
        ("/rooms/1/log/cleanings", "disinfectant"),
        ("/rooms/1/log/samples", "No growth"),
        ("/rooms/1/readings/new", "In range"),
        ("/rooms/1/cleanings/new", "Hood 1"),
        ("/rooms/1/samples/new", "Sampling"),
        ("/rooms/1/certifications/new", "ante-room"),
        ("/rooms/1/hoods/new", "Register a hood"),
        ("/hoods/1", "Category 3"),
        ("/hoods/2", "Category 1 at most"),
        ("/hoods/1/bags", "No bag was made here"),
        ("/hoods/1/state?to=out_of_service", "Take Hood 1 out of service"),
        ("/hoods/1/certifications/new", "Certified by"),
        ("/certifications/1/correct", "SAMPLE-CERT-ISO7"),
        ("/competencies", "Tina Tallgrass"),
        ("/competencies/people/1", "media fill"),
        ("/competencies/people/1/new", "What did Tina Tallgrass show?"),
        ("/competencies/1/correct", "Correct an entry"),
        ("/competencies/1/documents/new", "Attach a document"),
    ],
)
def test_each_page_shows_what_it_is_for(sign_in, address, said):
    answer = sign_in("petra").get(address)

    assert answer.status_code == 200
    assert said in answer.text
