"""The manifest of one stop: what is in the box, who packed and checked it, and who took it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from labels.manifest import BagDelivered, DeliveryManifest, PumpDelivered, Receipt, render_manifest
from pharmacy.accounts.models import Site
from pharmacy.compounding.documents.imprint import drawn, imprint
from pharmacy.delivery.actions import SignatureKind
from pharmacy.delivery.models import DeliveryStop, PackedBag
from pharmacy.delivery.queries import list_packed
from pharmacy.domain.drawn_signature import Strokes, read_strokes
from pharmacy.domain.formatting import NBSP, counted, day, moment
from pharmacy.printing.actions import PaperMark
from pharmacy.printing.models import PrintedPaper
from pharmacy.pumps.models import Pump


def draw_manifest(
    stop: DeliveryStop, *, site: Site, enclosed: Sequence[PrintedPaper]
) -> Callable[[PaperMark], bytes]:
    """Return what draws a stop's manifest; `enclosed` are the papers that lie in the box."""
    return lambda mark: drawn(lambda: render_manifest(_paper(stop, site, enclosed, mark)))


def _paper(
    stop: DeliveryStop, site: Site, enclosed: Sequence[PrintedPaper], mark: PaperMark
) -> DeliveryManifest:
    home, here = ZoneInfo(stop.patient.time_zone), ZoneInfo(site.time_zone)
    packed = list_packed(stop)
    arrives = moment(stop.planned_delivery.arrives_at, home)
    return DeliveryManifest(
        **imprint(site, mark),
        stop=f"Stop {stop.position}, batch {stop.batch.serial}",
        delivery_window=f"by {arrives}",
        patient_name=stop.name,
        date_of_birth=day(stop.patient.born),
        address=stop.address,
        phone=stop.phone,
        delivery_instructions=stop.instructions,
        bags=tuple(_bag(one, home) for one in packed),
        bag_count=counted(len(packed), "bag"),
        pumps=(_pump(stop.pump),) if stop.pump else (),
        documents=tuple(f"{one.kind.capitalize()} {one.serial}" for one in enclosed),
        temperature_pack=f"{counted(stop.packages or 0, 'package')}: {stop.cold_pack}",
        temperature_monitor=stop.temperature_monitor or "",
        packed_at=moment(stop.packed_at, here) if stop.packed_at else "",
        deliver_by=arrives,
        packed_by=stop.packed_by.name if stop.packed_by else "",
        checked_by=stop.checked_by.name if stop.checked_by else "",
        checked_at=moment(stop.checked_at, here) if stop.checked_at else "",
        receipt=_receipt(stop, home),
    )


def _bag(packed: PackedBag, home: ZoneInfo) -> BagDelivered:
    bag, worksheet = packed.bag, packed.bag.worksheet
    return BagDelivered(
        rx_number=bag.get_order_version().order.rx_number,
        serial=bag.serial,
        bag=f"{bag.position} of {worksheet.bag_count}".replace(" ", NBSP),
        description=f"{worksheet.formula.name}, {_say_dose(packed, home)}",
        lot=worksheet.serial,
        start_before=moment(bag.beyond_use_at, home) if bag.beyond_use_at else "",
        storage=worksheet.formula.storage_words,
    )


def _say_dose(packed: PackedBag, home: ZoneInfo) -> str:
    return f"for {moment(packed.dose_at, home)}" if packed.dose_at else "spare"


def _pump(pump: Pump) -> PumpDelivered:
    return PumpDelivered(
        model=f"{pump.maker} {pump.model}",
        asset=pump.asset_number,
        serial=pump.serial_number,
        maintenance_due=day(pump.maintenance_due),
    )


def _receipt(stop: DeliveryStop, home: ZoneInfo) -> Receipt | None:
    if stop.received_by is None or stop.finished_at is None:
        return None
    return Receipt(
        printed_name=stop.received_by,
        relationship=stop.received_relationship or "",
        received_at=moment(stop.finished_at, home),
        typed=stop.signature_content or "" if stop.signature_kind == SignatureKind.TYPED else "",
        strokes=read_signature(stop),
    )


def read_signature(stop: DeliveryStop) -> Strokes:
    """Return the strokes of a drawn signature; none when it was typed or there is no proof."""
    if stop.signature_kind != SignatureKind.DRAWN or stop.signature_content is None:
        return ()
    return read_strokes(stop.signature_content)
