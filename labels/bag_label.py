"""The label on one bag, 4 by 6 inches, for the patient who hangs it and the nurse who checks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labels.bands import (
    Band,
    Pair,
    Said,
    flow,
    hung,
    largest,
    ruled,
    stack,
    together,
)
from labels.drawing import Paper, Type
from labels.errors import CannotPrint
from labels.finished import finished
from labels.label_parts import (
    CRITICAL,
    CRITICAL_BOLD,
    HEIGHT,
    INNER,
    SMALL,
    SMALL_BOLD,
    WIDTH,
    ContentLabel,
    content,
    deadline,
    header,
    identity,
    place_on_label,
    small_print,
)

PATIENT, PATIENT_SMALLER = Type(16, bold=True), (Type(14, bold=True), Type(12, bold=True))
AUXILIARY = Type(8.5, spacing=1.08)


@dataclass(frozen=True, kw_only=True)
class BagLabel(ContentLabel):
    """One bag's label; every value is the finished text without its caption (`date_of_birth="2 Apr 1979"`).

    `bag` is `2 of 5`; `start_before` has date, time and zone; `copy` is the reprint mark (`Copy 1`,
    `REPRINT 2`). A field with a default may be empty and is then left out together with its caption.
    """

    patient_name: str
    date_of_birth: str
    patient_address: str = ""
    rx_number: str
    fill: str
    high_alert: str = ""
    directions: str
    frequency: str
    start_before: str
    storage: str
    out_of_refrigerator: str = ""
    auxiliary: tuple[str, ...] = ()
    bag: str
    serial: str
    prepared_at: str
    dispensed_on: str = ""
    prescriber: str
    quantity: str
    authorised_remaining: str
    prepared_by: str
    checked_by: str
    verified_by: str
    lots: str = ""


def render_bag_labels(labels: Sequence[BagLabel]) -> bytes:
    """Draw one page for each bag label, in the order given.

    Refuses an empty list, a missing text, a character that cannot be printed (`CannotPrint`) and a text
    without room (`DoesNotFit`), naming the field; then nothing at all is printed. The fields are the union of
    the state lists for labels of sterile home infusions (Montana, Ohio, Indiana, Oregon).
    """
    if not labels:
        raise CannotPrint("There is no bag label to print.", field="bag labels")
    paper = Paper(width=WIDTH, height=HEIGHT, title="Bag labels")
    for label in map(finished, labels):
        place_on_label(_bands(label), paper, field=_longest(label))
    return paper.finish()


def _bands(label: BagLabel) -> list[Band]:
    """Return the parts of the label from top to bottom."""
    return [
        header(label),
        _patient(label),
        _drug(label),
        _directions(label),
        deadline(label.start_before, label.storage, label.out_of_refrigerator),
        *_auxiliary(label),
        identity(label.bag, label.serial),
        _small_print(label),
    ]


def _longest(label: BagLabel) -> str:
    """Name the text with the most letters of those that a person words."""
    texts = {
        "directions": label.directions,
        "frequency": label.frequency,
        "storage": label.storage,
        "out of refrigerator": label.out_of_refrigerator,
        "auxiliary": " ".join(label.auxiliary),
        "lots": label.lots,
    }
    return max(texts, key=lambda name: len(texts[name]))


def _patient(label: BagLabel) -> Band:
    return ruled(
        together(
            largest(Said("patient name", label.patient_name, PATIENT, 2), *PATIENT_SMALLER, width=INNER),
            flow(
                Pair("Date of birth", label.date_of_birth),
                Pair("Rx", label.rx_number),
                Pair("Fill", label.fill),
                width=INNER,
                caption=CRITICAL,
                value=CRITICAL_BOLD,
                between=5,
            ),
            stack(Said("patient address", label.patient_address, SMALL, 2), width=INNER),
        ),
        width=INNER,
    )


def _drug(label: BagLabel) -> Band:
    return content(label, above=[Said("high alert", label.high_alert, SMALL_BOLD)])


def _directions(label: BagLabel) -> Band:
    return stack(
        Said("directions", label.directions, CRITICAL, 5),
        Said("frequency", label.frequency, CRITICAL_BOLD, 4),
        width=INNER,
    )


def _auxiliary(label: BagLabel) -> list[Band]:
    bullets = [
        hung(Pair("•", text, most=3, name="auxiliary"), width=INNER, caption=AUXILIARY, value=AUXILIARY)
        for text in label.auxiliary
    ]
    return [together(*bullets)] if bullets else []


def _small_print(label: BagLabel) -> Band:
    return small_print(
        label,
        Pair("Prepared", label.prepared_at),
        Pair("Dispensed", label.dispensed_on),
        Pair("Quantity", label.quantity),
        Pair("Authorised remaining", label.authorised_remaining, most=2),
        Pair("Form", label.dosage_form, most=2),
        Pair("Prescriber", label.prescriber, most=2),
        Pair("Prepared by", label.prepared_by),
        Pair("Checked by", label.checked_by),
        Pair("Verified by", label.verified_by),
        Pair("Lots", label.lots, most=2),
    )
