"""What a change of an order does, foreseen from the records: the numbers before and after, and what follows.

The numbers are those of the dispense plan's own computation, once under the regimen that holds and once under
the new one, over the same time, with the same bags and the same deliveries (domain.md 6.3, step 5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from pharmacy.changes.queries.averages import find_change
from pharmacy.changes.queries.circulation import Circulation, read_circulation
from pharmacy.changes.queries.numbers import (
    ChangeNumbers,
    DeliveryLine,
    DoseLine,
    HomeLine,
    RegimenNumbers,
)
from pharmacy.dispensing.queries import (
    KnownBag,
    LeftBag,
    Origin,
    PlannedDose,
    Proposal,
    Supply,
    TimeAhead,
    count_bags_to_bring,
    read_supply,
    settle_ahead,
    share_out,
)
from pharmacy.domain.errors import Refusal
from pharmacy.domain.formatting import moment, number
from pharmacy.domain.frequency import DAYS_OF_A_MONTH, DoseRate
from pharmacy.domain.local_time import find_zone, to_instant
from pharmacy.prescriptions.models import OrderVersion
from pharmacy.prescriptions.queries import list_segments

# How far ahead one looks where no plan in force says it.
_AHEAD = timedelta(days=DAYS_OF_A_MONTH)
_BAGS = {Origin.NEW: "a new bag", None: "no bag"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Hold a regimen settled on the bags there are: each dose with its bag, and what deliveries must bring.

    `bags` counts the bags of each delivery, new and ready; `brought` are the serials of the ready ones.
    """

    proposal: Proposal
    bags: tuple[int, ...]
    brought: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """Hold both regimens over the same time ahead, and what is in circulation."""

    old: OrderVersion
    new: OrderVersion
    zone: ZoneInfo
    effective: datetime
    starts: datetime
    ends: datetime
    out: Circulation
    names: tuple[str, ...]
    before: Outlook
    after: Outlook


def foresee(session: Session, version: OrderVersion, *, at: datetime) -> Prospect:
    """Foresee what a new version does once it is signed; reads only.

    The time ahead runs from now to the end of the plan in force, else 30 days on from when the change holds.
    Refuses a version that replaces none.
    """
    old = version.replaces
    if old is None:
        raise Refusal("This version replaces none: it is an order of its own and is verified as one.")
    zone = find_zone(version.order.patient.time_zone)
    effective = to_instant(version.effective, zone)
    out = read_circulation(session, old, at=at)
    ends = out.plan.ends_at if out.plan else max(at, effective) + _AHEAD
    arrivals = _list_arrivals(out, at)
    names = tuple(_name_bags(out.home, zone))
    before, after = (
        _settle(
            session,
            TimeAhead(version=one, regimen=tuple(regimen), starts=at, ends=ends, arrivals=arrivals),
            out,
            names,
            at=at,
        )
        for one, regimen in (
            (old, list_segments(session, old.order_id)),
            (version, list_segments(session, old.order_id, proposed=version)),
        )
    )
    return Prospect(
        old=old,
        new=version,
        zone=zone,
        effective=effective,
        starts=at,
        ends=ends,
        out=out,
        names=names,
        before=before,
        after=after,
    )


def _list_arrivals(out: Circulation, at: datetime) -> tuple[datetime, ...]:
    """List when the deliveries of the plan can arrive; one that is overdue, from now on."""
    return tuple(max(one.arrives_at, at + timedelta(seconds=place)) for place, one in enumerate(out.upcoming))


def _name_bags(home: Sequence[LeftBag], zone: ZoneInfo) -> Iterator[str]:
    """Name the bags at home: by serial, or where they were counted by number, by date and place."""
    nameless = Counter(one.beyond_use for one in home if one.bag is None)
    seen: Counter[datetime] = Counter()
    for one in home:
        if one.bag is not None:
            yield one.bag.serial
            continue
        seen[one.beyond_use] += 1
        date = moment(one.beyond_use, zone)
        yield f"{seen[one.beyond_use]} of {nameless[one.beyond_use]} (dated {date})"


def _settle(
    session: Session, ahead: TimeAhead, out: Circulation, names: Sequence[str], *, at: datetime
) -> Outlook:
    supply = _with_packed(read_supply(session, ahead.version, at=at), out, at=at)
    home = tuple(KnownBag(name, one.beyond_use) for name, one in zip(names, out.home, strict=True))
    proposal = settle_ahead(session, ahead, home=home, supply=supply, at=at)
    shares = share_out(proposal.doses, proposal.inputs, ends=proposal.plan.ends)
    return Outlook(
        proposal=proposal,
        bags=tuple(
            delivery.bags + len(share.ready)
            for delivery, share in zip(proposal.plan.deliveries, shares, strict=True)
        ),
        brought=frozenset(serial for share in shares for serial, _ in share.ready),
    )


def _with_packed(supply: Supply, out: Circulation, *, at: datetime) -> Supply:
    """Count packed bags that have not left among the ready ones: they come out of their boxes again."""
    here = [bag for bag in supply.packed if bag.id in out.boxes]
    good = [bag for bag in here if bag.beyond_use_at is not None and bag.beyond_use_at > at]
    # As the plan will list them: by date, those not yet dated last.
    ready = sorted(
        (*supply.ready, *good), key=lambda bag: (bag.beyond_use_at is None, bag.beyond_use_at or at, bag.id)
    )
    return replace(supply, ready=tuple(ready), packed=(), dispensed=supply.dispensed - len(here))


def count_change(prospect: Prospect) -> ChangeNumbers:
    """Count what a change does, for its page and to be kept."""
    change = find_change(prospect.old, prospect.new)
    return ChangeNumbers(
        made_at=prospect.starts,
        effective=prospect.effective,
        ends=prospect.ends,
        has_plan=prospect.out.plan is not None,
        sentence=change.sentence,
        before=_count_regimen(change.before, prospect.before),
        after=_count_regimen(change.after, prospect.after),
        home=tuple(_list_home(prospect)),
        deliveries=tuple(
            DeliveryLine(arrives=one.arrives_at, before=count_bags_to_bring(one), after=bags)
            for one, bags in zip(prospect.out.upcoming, prospect.after.bags, strict=True)
        ),
        without_bag=list_without_bag(prospect),
        known_from=prospect.out.known_from,
        working=prospect.after.proposal.working,
    )


def list_without_bag(prospect: Prospect) -> tuple[datetime, ...]:
    """List the doses that the new plan leaves without a bag; without a plan nothing was promised yet."""
    if prospect.out.plan is None:
        return ()
    return tuple(dose for dose, _ in prospect.after.proposal.plan.uncovered)


def _count_regimen(rate: DoseRate, outlook: Outlook) -> RegimenNumbers:
    return RegimenNumbers(
        frequency=rate.frequency.text,
        per_week=number(rate.per_week, 2),
        per_30_days=number(rate.per_30_days, 2),
        doses=tuple(
            DoseLine(dose=one.dose, bag=_say_bag(one, outlook.proposal)) for one in outlook.proposal.doses
        ),
        next_needed=outlook.proposal.plan.next_needed,
    )


def _say_bag(dose: PlannedDose, proposal: Proposal) -> str:
    if dose.origin in (Origin.HOME, Origin.READY) and dose.place is not None:
        bags = proposal.inputs.home if dose.origin is Origin.HOME else proposal.inputs.ready
        return bags[dose.place].serial or ""
    return _BAGS[dose.origin]


def list_home_doses(outlook: Outlook) -> dict[int, datetime]:
    """List the dose of each bag at home that has one, by the bag's place."""
    return {
        one.place: one.dose
        for one in outlook.proposal.doses
        if one.origin is Origin.HOME and one.place is not None
    }


def _list_home(prospect: Prospect) -> Iterator[HomeLine]:
    was, now = list_home_doses(prospect.before), list_home_doses(prospect.after)
    for place, (name, bag) in enumerate(zip(prospect.names, prospect.out.home, strict=True)):
        yield HomeLine(
            name=name,
            beyond_use=bag.beyond_use,
            dose=now.get(place),
            was_for=was.get(place),
            expires=place not in now and bag.beyond_use <= prospect.ends,
        )
