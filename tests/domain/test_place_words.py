"""A frozen place in words."""

from zoneinfo import ZoneInfo

from pharmacy.domain.place_words import say_conditions, say_hood, say_lowered, say_made_in, say_room

ZONE = ZoneInfo("America/New_York")
CERTIFIED = {
    "id": 1,
    "done_on": "2026-10-10",
    "passed": True,
    "good_until": "2027-04-10",
    "iso": 5,
    "ante_iso": None,
    "certified_by": "Certifiers",
    "report": "R1",
}
PLACE = {
    "control": "Hood 2",
    "control_kind": "laminar airflow workbench",
    "control_identity": "Maker, serial 5",
    "control_certification": CERTIFIED,
    "room": "Area",
    "room_kind": "segregated compounding area",
    "room_certification": None,
    "reading": {
        "at": "2026-11-09T14:00:00+00:00",
        "by": "Tina",
        "temperature_c": "19.4",
        "humidity_percent": "42",
        "pressure_inches": None,
        "out_of_range": "",
    },
    "category": "1",
    "formula_category": "2",
    "lowered_because": ["Area is a segregated compounding area: Category 1 at most."],
}


def test_a_place_is_said_as_it_was():
    assert say_made_in(PLACE) == "Hood 2, Area"
    assert say_hood(PLACE) == (
        "Hood 2, laminar airflow workbench, Maker, serial 5; ISO 5, certified Sat 10 Oct 2026 by Certifiers, "
        "report R1, good until Sat 10 Apr 2027"
    )
    assert say_room(PLACE) == "Area, segregated compounding area; made as Category 1"
    assert say_conditions(PLACE, ZONE) == (
        "19.4\xa0°C, humidity 42\xa0percent, read Mon 9 Nov 2026 09:00 EST by Tina. In range"
    )
    assert say_lowered(PLACE) == (
        "Made as Category 1; the formula asks for Category 2. Area is a segregated compounding area: "
        "Category 1 at most. The beyond-use date follows."
    )


def test_a_suite_says_its_classes_and_what_was_out_of_range():
    suite = PLACE | {
        "room": "Suite",
        "room_kind": "cleanroom suite",
        "room_certification": CERTIFIED | {"iso": 7, "ante_iso": 8},
        "reading": PLACE["reading"] | {"pressure_inches": "0.01", "out_of_range": "Pressure low."},
        "category": "2",
        "lowered_because": [],
    }

    assert "Suite, cleanroom suite; ISO 7, ante-room ISO 8, certified" in say_room(suite)
    assert "pressure difference 0.01\xa0inches\xa0of\xa0water" in say_conditions(suite, ZONE)
    assert say_conditions(suite, ZONE).endswith("Pressure low.")
    assert say_lowered(suite) == ""


def test_where_nothing_was_frozen_nothing_is_said():
    assert (say_hood(None), say_room(None), say_conditions(None, ZONE), say_lowered(None)) == ("", "", "", "")
    assert say_made_in(None) == "The hood is chosen at the start"
    assert say_hood(PLACE | {"control_certification": None}).endswith("not certified")
    assert say_conditions(PLACE | {"reading": None}, ZONE) == ""
