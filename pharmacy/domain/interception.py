"""What was intercepted: why a scan or a step was stopped, and what that kept from happening.

Near misses teach only where they are counted by cause and told apart from noise, such as a door that stayed
shut (ISMP, Assess-ERR; domain.md 4.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# No code on a package is longer; of what a stuck key typed, the start is enough.
_LONGEST_KEPT = 500


class RefusalKind(StrEnum):
    """What kind of intent was refused."""

    SCAN = "scan"
    VOLUME = "volume"
    WEIGHT = "weight"
    RULE = "rule"
    ENTRY = "entry"
    DOOR = "door"
    NOT_FOUND = "not found"
    PASSWORD = "password"  # noqa: S105 - the name of a kind


NOISE = frozenset({RefusalKind.ENTRY, RefusalKind.DOOR, RefusalKind.NOT_FOUND, RefusalKind.PASSWORD})


class Cause(StrEnum):
    """Why a scan or a step was stopped."""

    WRONG_PRODUCT = "wrong product"
    WRONG_STRENGTH = "wrong strength"
    WRONG_CONTAINER = "wrong container"
    NOT_OUR_PRODUCT = "not our product"
    UNKNOWN_LOT = "unknown lot"
    LOT_NOT_ON_WORKSHEET = "lot not on worksheet"
    LOT_MISMATCH = "lot mismatch"
    EXPIRY_MISMATCH = "expiry mismatch"
    EXPIRED_LOT = "expired lot"
    QUARANTINED_LOT = "quarantined lot"
    RECALLED_LOT = "recalled lot"
    NONE_LEFT = "none left"
    CLOCK_PASSED = "opened container past its clock"
    UNREADABLE = "unreadable"
    KEYBOARD_LAYOUT = "keyboard layout"
    AMBIGUOUS = "ambiguous"
    OWN_SERIAL = "our own serial"
    NOT_A_LABEL = "not a label"
    WRONG_WORKSHEET = "wrong worksheet"
    WRONG_PATIENT = "wrong patient"
    WRONG_ORDER = "wrong prescription"
    WRONG_PUMP = "wrong pump"
    SCANNED_TWICE = "scanned twice"
    NOT_RELEASED = "not released"
    PAST_USE = "past its beyond-use date"
    NOT_IN_FORCE = "order not in force"
    OUT_OF_TURN = "out of turn"
    VOLUME_MISMATCH = "volume mismatch"
    WEIGHT = "weight out of tolerance"
    SAME_PERSON = "same person twice"
    COMPETENCY = "competency"
    PLACE = "place"


_INTO_A_BAG = "kept out of a bag"
_PREVENTED = {
    Cause.WRONG_PRODUCT: f"A wrong product was {_INTO_A_BAG}.",
    Cause.WRONG_STRENGTH: f"A wrong strength was {_INTO_A_BAG}.",
    Cause.WRONG_CONTAINER: f"A wrong container was {_INTO_A_BAG}.",
    Cause.NOT_OUR_PRODUCT: f"A product that this pharmacy does not know was {_INTO_A_BAG}.",
    Cause.UNKNOWN_LOT: f"A lot that was never received was {_INTO_A_BAG}.",
    Cause.LOT_NOT_ON_WORKSHEET: f"A lot that the worksheet does not name was {_INTO_A_BAG}.",
    Cause.LOT_MISMATCH: "A lot typed otherwise than its code says was not recorded.",
    Cause.EXPIRY_MISMATCH: "A container with another expiry than its lot was not used.",
    Cause.EXPIRED_LOT: f"An expired lot was {_INTO_A_BAG}.",
    Cause.QUARANTINED_LOT: f"A lot in quarantine was {_INTO_A_BAG}.",
    Cause.RECALLED_LOT: f"A recalled lot was {_INTO_A_BAG}.",
    Cause.NONE_LEFT: "A container that the stock does not hold was not opened.",
    Cause.CLOCK_PASSED: f"An opened container past its time was {_INTO_A_BAG}.",
    Cause.UNREADABLE: "A code that could not be read was not guessed.",
    Cause.KEYBOARD_LAYOUT: "A code that a wrong keyboard layout garbled was not guessed.",
    Cause.AMBIGUOUS: "A code that may be several products was not guessed.",
    Cause.OWN_SERIAL: "One of our own serials was not taken for a product.",
    Cause.NOT_A_LABEL: "A code that is no bag's label was not taken for one.",
    Cause.WRONG_WORKSHEET: "A label of another worksheet was kept off a bag.",
    Cause.WRONG_PATIENT: "A bag of another patient was kept out of a box.",
    Cause.WRONG_ORDER: "A bag of another prescription was kept out of a box.",
    Cause.WRONG_PUMP: "A pump of another sheet was kept out of a box.",
    Cause.SCANNED_TWICE: "A bag or label was not counted twice.",
    Cause.NOT_RELEASED: "A bag that no pharmacist released was held back.",
    Cause.PAST_USE: "A bag past its beyond-use date was held back.",
    Cause.NOT_IN_FORCE: "A bag of an order that no longer holds was stopped.",
    Cause.OUT_OF_TURN: "A step out of turn was not done.",
    Cause.VOLUME_MISMATCH: f"A volume on which two people did not agree was {_INTO_A_BAG}.",
    Cause.WEIGHT: "A bag whose weight is out of tolerance was stopped.",
    Cause.SAME_PERSON: "Nobody checked their own work.",
    Cause.COMPETENCY: "Nobody worked with a competency that is missing or past.",
    Cause.PLACE: "Nothing was made in a place that may not be used for it.",
}


def what_was_prevented(cause: Cause | None) -> str:
    """Say in one line what a refusal kept from happening; empty where its cause was not recorded.

    >>> what_was_prevented(Cause.EXPIRED_LOT)
    'An expired lot was kept out of a bag.'
    """
    return _PREVENTED[cause] if cause else ""


@dataclass(slots=True)
class Reading:
    """Hold what was scanned, and what it was read as as far as it was understood."""

    raw: str
    product: str | None = None
    lot: str | None = None
    serial: str | None = None

    def __post_init__(self) -> None:
        """Keep what every database can hold."""
        self.raw = self.raw.replace("\x00", "")[:_LONGEST_KEPT]
