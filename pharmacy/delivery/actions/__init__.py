"""Every change of delivery batches, stops and what is in their boxes, one function for each intent."""

from __future__ import annotations

from pharmacy.delivery.actions.batches import add_stop, cancel_batch, cancel_stop, open_batch, send_out
from pharmacy.delivery.actions.closing import (
    MOST_PACKAGES,
    check_packing,
    describe_box,
    finish_packing,
    reopen_packing,
)
from pharmacy.delivery.actions.packing import look_again, pack_bag, pack_pump, take_out_bag, take_out_pump
from pharmacy.delivery.actions.printing import (
    MANIFEST,
    PACKAGE_LIST,
    PROOF,
    print_manifest,
    print_package_list,
)
from pharmacy.delivery.actions.proof import SignatureKind, record_not_delivered, record_proof
from pharmacy.delivery.actions.stopping import take_out_of_box

__all__ = [
    "MANIFEST",
    "MOST_PACKAGES",
    "PACKAGE_LIST",
    "PROOF",
    "SignatureKind",
    "add_stop",
    "cancel_batch",
    "cancel_stop",
    "check_packing",
    "describe_box",
    "finish_packing",
    "look_again",
    "open_batch",
    "pack_bag",
    "pack_pump",
    "print_manifest",
    "print_package_list",
    "record_not_delivered",
    "record_proof",
    "reopen_packing",
    "send_out",
    "take_out_bag",
    "take_out_of_box",
    "take_out_pump",
]
