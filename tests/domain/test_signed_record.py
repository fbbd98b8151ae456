"""What was changed in a record since it was signed is found; what was added is not a change."""

import pytest

from pharmacy.domain.signed_record import list_changed

SIGNED = {"serial": "W-1", "bags": [{"scans": ["lot A"], "made": ["noon", "Tina"]}], "working": "4 mL"}


@pytest.mark.parametrize(
    ("present", "places"),
    [
        (SIGNED, []),
        ({**SIGNED, "later": 1}, []),
        ({**SIGNED, "working": "40 mL"}, ["working"]),
        ({**SIGNED, "bags": []}, ["bags, 1 is missing"]),
        ({**SIGNED, "bags": [{"scans": ["lot A", "lot B"], "made": ["noon", "Tina"]}]}, []),
        ({**SIGNED, "bags": [{"scans": ["lot B"], "made": ["noon", "Theo"]}]},
         ["bags, 1, scans, 1", "bags, 1, made, 2"]),
        ({"serial": "W-1"}, ["bags", "working"]),
        ({**SIGNED, "bags": "gone"}, ["bags"]),
        (None, ["the record"]),
    ],
)  # fmt: skip
def test_each_change_is_named_by_its_place(present, places):
    assert list_changed(SIGNED, present) == places
