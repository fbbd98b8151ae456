"""The papers of a delivery, read back: codes decode, nothing is missing, the driver's list has no drug."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pharmacy.delivery import actions, documents
from pharmacy.delivery.queries import list_packed
from pharmacy.domain.errors import InvalidInput, Refusal
from pharmacy.printing.queries import list_papers
from tests.conftest import START
from tests.labels.reading import page_codes, page_texts, printed_over, squeezed
from tests.therapy.deliveries import DRAWN, filled_stop, released_delivery
from tests.therapy.orders import order_in_force

CLINICAL = ("magnesium", "sulfate", "chloride", "subcutaneous", "Hypomagnesemia", "E83", "seizure")
CLINICAL += ("2g", "B-0", "Rx", "penicillin", "allerg", "mL", "mg")


def print_manifest(session, people, stop, reason=None):
    draw = documents.draw_manifest(
        stop, site=people("tina").site, enclosed=list_papers(session, "program_sheet", 0)
    )
    return actions.print_manifest(session, stop, draw=draw, reason=reason, by=people("tina"), at=START)


def print_list(session, people, batch, reason=None):
    draw = documents.draw_package_list(batch, site=people("tina").site)
    return actions.print_package_list(session, batch, draw=draw, reason=reason, by=people("tina"), at=START)


def test_manifest_list_and_proof(session, people):
    stop = filled_stop(session, people, released_delivery(session, people, order_in_force(session, people)))
    batch = stop.batch
    with pytest.raises(Refusal, match="once the box is packed and a second person has checked it"):
        print_manifest(session, people, stop)
    actions.finish_packing(session, stop, by=people("tina"), at=START)
    with pytest.raises(Refusal, match="once the box is packed and a second person has checked it"):
        print_manifest(session, people, stop)
    with pytest.raises(Refusal, match="once every box is packed and checked"):
        print_list(session, people, batch)
    actions.check_packing(session, stop, by=people("theo"), at=START)

    paper = print_manifest(session, people, stop)

    text = "".join(page_texts(paper.content))
    for said in (
        *("Larkspur, Marigold", "46 Sample Lane", "555-0146", "2 bags", "PUMP-0042", "SAMPLE-0042-77"),
        *("Tina Tallgrass", "Theo Thimble", "Shipper with 4 cold packs", "Indicator, 2 to 8 C", batch.serial),
        *(one.bag.serial for one in list_packed(stop)),
        *("Keep refrigerated", "Sample pharmacy, not for patient use", "Ring twice"),
    ):
        assert squeezed(said) in text, said
    assert page_codes(paper.content) == [[paper.serial]] * len(page_texts(paper.content))
    assert printed_over(paper.content) == []
    assert (paper.patient_id, paper.order_version_id) == (
        stop.patient_id,
        stop.planned_delivery.plan.order_version_id,
    )
    with pytest.raises(InvalidInput, match="Give the reason"):
        print_manifest(session, people, stop)
    assert print_manifest(session, people, stop, "torn").copy_number == 2

    outside = print_list(session, people, batch)
    text = "".join(page_texts(outside.content))
    for said in (
        "Larkspur, Marigold",
        "46 Sample Lane",
        "555-0146",
        "Package 1 of 2",
        "Pump case",
        "Dan Dapplewood",
    ):
        assert squeezed(said) in text, said
    assert [word for word in CLINICAL if squeezed(word).lower() in text.lower()] == []
    assert outside.patient_id is None and page_codes(outside.content) == [[outside.serial]]

    actions.send_out(session, batch, by=people("tina"), at=START)
    actions.record_proof(
        session, stop, received_by="Basil Larkspur", relationship="spouse or partner", signature_kind="drawn",
        signature_content=DRAWN, by=people("dan"), at=START + timedelta(hours=3),
    )  # fmt: skip
    proof = print_manifest(session, people, stop)
    assert (proof.kind, proof.copy_number) == (actions.PROOF, 1)
    text = "".join(page_texts(proof.content))
    assert squeezed("Basil Larkspur") in text and squeezed("Mon 9 Nov 2026 12:00 EST") in text
    assert proof.content != paper.content
