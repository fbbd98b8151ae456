"""One of the sample people for each role."""

from pharmacy.sample.people import PEOPLE

A_PERSON_OF = {}
for _username, _name, _role, _licence in PEOPLE:
    A_PERSON_OF.setdefault(_role, _username)
