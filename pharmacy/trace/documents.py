"""The list of a recall as it is printed."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from labels.recall_list import BagReached, PatientToCall, PrescriberToTell, RecallList, render_recall_list
from pharmacy.accounts.models import Site
from pharmacy.compounding.documents.imprint import drawn, imprint
from pharmacy.domain.formatting import counted, moment
from pharmacy.domain.lifecycle import say
from pharmacy.printing.actions import PaperMark
from pharmacy.trace.queries import PatientLine, PrescriberLine, RecalledBag, RecallPage


def draw_recall_list(page: RecallPage, *, site: Site) -> Callable[[PaperMark], bytes]:
    """Return what draws the list of a recall as it is now."""
    return lambda mark: drawn(lambda: render_recall_list(_paper(page, site, mark)))


def _paper(page: RecallPage, site: Site, mark: PaperMark) -> RecallList:
    recall, zone = page.recall, ZoneInfo(site.time_zone)
    source = say(recall.source).capitalize()
    return RecallList(
        **imprint(site, mark),
        recall=recall.name,
        lots=tuple(
            f"{one.lot.product.name}, lot {one.lot.number}, expires {one.lot.expiry}" for one in recall.lots
        ),
        urgency=recall.urgency_words,
        source=f"{source}, {recall.reference}" if recall.reference else source,
        opened=f"{moment(recall.opened_at, zone)} by {recall.opened_by.name}",
        reason=recall.reason,
        instructions=recall.instructions,
        count=page.count.say(),
        patients=tuple(_patient(line, zone) for line in page.patients if line.open_bags),
        prescribers=tuple(_prescriber(line, zone) for line in page.prescribers),
        bags=tuple(_bag(one, zone) for one in page.bags),
        watermark="DRILL" if recall.is_drill else "",
    )


def _patient(line: PatientLine, zone: ZoneInfo) -> PatientToCall:
    home = ZoneInfo(line.time_zone)
    delivered = line.bags[0].bag.finished_at
    tried = "not called yet"
    if line.calls:
        last = line.calls[-1]
        tried = f"{counted(len(line.calls), 'call')}, last {moment(last.at, zone)}: {say(last.result)}"
    return PatientToCall(
        name=line.name,
        phone=line.phone,
        bags="; ".join(f"{one.bag.serial}, {_start_before(one, home)}" for one in line.open_bags),
        delivered=moment(delivered, home) if delivered else "not recorded",
        tried=tried,
    )


def _prescriber(line: PrescriberLine, zone: ZoneInfo) -> PrescriberToTell:
    told = "; ".join(f"{moment(one.at, zone)}, {one.how} to {one.spoke_to}" for one in line.notices)
    return PrescriberToTell(
        name=line.prescriber.name,
        phone=line.prescriber.phone,
        patients="; ".join(line.patients),
        told=told or "not told yet",
    )


def _bag(one: RecalledBag, zone: ZoneInfo) -> BagReached:
    bag = one.bag
    home = ZoneInfo(bag.time_zone) if bag.time_zone else zone
    return BagReached(
        serial=bag.serial,
        stands=f"open: {one.standing_words}" if one.is_open else one.standing_words,
        place=bag.place,
        start_before=_start_before(one, home),
        patient=bag.patient,
        delivery=bag.delivery,
    )


def _start_before(one: RecalledBag, home: ZoneInfo) -> str:
    return moment(one.bag.beyond_use_at, home) if one.bag.beyond_use_at else "not made"
