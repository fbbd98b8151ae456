"""The delivery manifest: what is in the box for one patient, who packed it, and who received it."""

from __future__ import annotations

from dataclasses import dataclass

from labels.bands import Band, Said, beside, stack
from labels.blocks import Block, Column, Facts, Heading, Kept, Prose, Strip, Table
from labels.cells import Code, Line
from labels.drawing import Paper, Type
from labels.finished import Printed, finished
from labels.sheet import Sheet, render
from labels.signature import Strokes, signature

SIGNATURE_WIDTH, SIGNATURE_HEIGHT = 80.0, 22.0
WRITING = 11.0


@dataclass(frozen=True, kw_only=True)
class BagDelivered:
    """One bag in the box."""

    rx_number: str
    serial: str
    bag: str
    description: str
    lot: str
    start_before: str
    storage: str


@dataclass(frozen=True, kw_only=True)
class SupplyDelivered:
    """One kind of supply in the box."""

    item: str
    quantity: str
    lot: str = ""


@dataclass(frozen=True, kw_only=True)
class PumpDelivered:
    """A pump that is lent to the patient."""

    model: str
    asset: str
    serial: str
    maintenance_due: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Who took the delivery, when, and the signature: drawn (`strokes`), typed (`typed`) or both."""

    printed_name: str
    relationship: str
    received_at: str
    typed: str = ""
    strokes: Strokes = ()


@dataclass(frozen=True, kw_only=True)
class DeliveryManifest(Printed):
    """A delivery to one patient; with its receipt it is the proof of delivery.

    Without a `receipt` the manifest has lines to sign by hand. `document_serial` is the manifest's number.
    """

    stop: str
    delivery_window: str
    patient_name: str
    date_of_birth: str
    address: str
    phone: str
    delivery_instructions: str = ""
    bags: tuple[BagDelivered, ...] = ()
    bag_count: str
    supplies: tuple[SupplyDelivered, ...] = ()
    pumps: tuple[PumpDelivered, ...] = ()
    documents: tuple[str, ...] = ()
    temperature_pack: str
    temperature_monitor: str
    packed_at: str
    deliver_by: str
    packed_by: str
    checked_by: str
    checked_at: str
    receipt: Receipt | None = None
    watermark: str = ""


def render_manifest(manifest: DeliveryManifest) -> bytes:
    """Return the manifest as a PDF on as many letter-size pages as it needs.

    Refuses a missing text, strokes outside their box (`CannotPrint`) and a text without room (`DoesNotFit`).
    The items are those that ASHP, state rules and Medicare ask of a delivery and of its proof.
    """
    manifest = finished(manifest)
    return render(
        Sheet(
            document=manifest,
            title="Delivery manifest",
            identity=f"{manifest.patient_name} · born {manifest.date_of_birth} · {manifest.stop}",
            watermark=manifest.watermark,
            blocks=(
                *_delivery(manifest),
                *_bags(manifest),
                *_supplies(manifest),
                *_pack(manifest),
                *_receipt(manifest),
            ),
        )
    )


def _delivery(manifest: DeliveryManifest) -> tuple[Block, ...]:
    return (
        Heading("Deliver to"),
        Facts(
            (
                ("Patient", manifest.patient_name),
                ("Address", manifest.address),
                ("Phone", manifest.phone),
                ("Delivery window", manifest.delivery_window),
                ("Instructions", manifest.delivery_instructions),
            ),
        ),
    )


def _bags(manifest: DeliveryManifest) -> tuple[Block, ...]:
    columns = (
        Column("Bag", 0.8),
        Column("Serial", 1.4),
        Column("Rx", 0.9),
        Column("Contents", 2.2),
        Column("Lot", 1.1),
        Column("Start before", 1.4),
        Column("Storage", 1.3),
    )
    rows = tuple(
        (
            bag.bag,
            Code(bag.serial),
            bag.rx_number,
            bag.description,
            Code(bag.lot),
            bag.start_before,
            bag.storage,
        )
        for bag in manifest.bags
    )
    return (Heading(f"Bags: {manifest.bag_count}"), Table("bags", columns, rows, none="No bags."))


def _supplies(manifest: DeliveryManifest) -> tuple[Block, ...]:
    return (
        Heading("Supplies"),
        Table(
            "supplies",
            (Column("Item", 3), Column("Quantity"), Column("Lot", 1.5)),
            tuple((supply.item, supply.quantity, Code(supply.lot)) for supply in manifest.supplies),
            none="No supplies.",
        ),
        Heading("Pump"),
        Table(
            "pumps",
            (Column("Model", 2), Column("Asset"), Column("Serial", 1.5), Column("Maintenance due")),
            tuple(
                (pump.model, Code(pump.asset), Code(pump.serial), pump.maintenance_due)
                for pump in manifest.pumps
            ),
            none="No pump.",
        ),
        Heading("Documents enclosed"),
        Prose("documents", manifest.documents or ("None.",), mark="•" if manifest.documents else ""),
    )


def _pack(manifest: DeliveryManifest) -> tuple[Block, ...]:
    return (
        Heading("Temperature pack"),
        Facts(
            (
                ("Shipper and packs", manifest.temperature_pack),
                ("Logger or indicator", manifest.temperature_monitor),
                ("Deliver by", manifest.deliver_by),
                ("Packed by", manifest.packed_by),
                ("Packed", manifest.packed_at),
                ("Checked by", manifest.checked_by),
                ("Checked", manifest.checked_at),
            ),
            columns=4,
        ),
    )


def _receipt(manifest: DeliveryManifest) -> tuple[Block, ...]:
    heading = Heading(f"Receipt: {manifest.bag_count} and all other items of this manifest")
    receipt = manifest.receipt
    if receipt is None:
        titles = ("Printed name", "Relationship to the patient", "Signature", "Date and time")
        lines = Table("receipt", tuple(map(Column, titles)), ((Line(WRITING),) * len(titles),))
        return (Kept((heading, lines)),)
    facts = Facts(
        (
            ("Received by", receipt.printed_name),
            ("Relationship to the patient", receipt.relationship),
            ("Received", receipt.received_at),
            ("Signed electronically as", receipt.typed),
        ),
        columns=4,
    )
    drawn = (DrawnSignature(receipt.strokes),) if receipt.strokes else ()
    return (Kept((heading, facts, *drawn)),)


@dataclass(frozen=True, slots=True)
class DrawnSignature:
    """The signature of the person who received the delivery, on a line."""

    strokes: Strokes

    def strips(self, width: float) -> list[Strip]:
        drawn = signature(
            self.strokes, width=SIGNATURE_WIDTH, height=SIGNATURE_HEIGHT, field="receipt, signature"
        )

        def draw(paper: Paper, x: float, y: float) -> None:
            drawn.draw(paper, x, y)
            paper.rule(x, y + SIGNATURE_HEIGHT, SIGNATURE_WIDTH)

        caption = stack(Said("receipt", "Signature", Type(8)), width=20)
        return [Strip(beside((caption, 20), (Band(SIGNATURE_HEIGHT + 1, draw), width - 20)), "receipt")]
