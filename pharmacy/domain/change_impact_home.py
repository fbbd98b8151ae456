"""What a changed order makes of the doses and of what is at home: bags, pump program, calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pharmacy.domain.change_impact_subjects import (
    BagAtHome,
    Becomes,
    Case,
    Consequence,
    InCirculation,
    PlanNumbers,
    Subject,
)
from pharmacy.domain.change_impact_values import Fate
from pharmacy.domain.formatting import counted, moment

_STAYS = "The beyond-use date stays as it is."


def list_doses_affected(before: PlanNumbers, after: PlanNumbers, case: Case) -> Iterator[Consequence]:
    """List the doses without a bag, and the move of the next bag needed; nothing while no dose is due."""
    if not case.goes_on:
        return
    if after.uncovered:
        times = ", ".join(moment(dose, case.zone) for dose in after.uncovered)
        yield Consequence(
            Becomes.WITHOUT_BAG,
            Subject.DOSES,
            None,
            f"Under the new order there is no bag for {counted(len(after.uncovered), 'dose')}: {times}.",
            "Bring a bag to each of these doses, or ask the prescriber what is to be done without.",
            blocks=True,
        )
    if before.next_needed != after.next_needed:
        yield _say_next_needed(before.next_needed, after.next_needed, case)


def _say_next_needed(was: datetime | None, now: datetime | None, case: Case) -> Consequence:
    sooner = now is not None and (was is None or now < was)
    is_now = "no new bag is needed in the time planned"
    if now is not None:
        is_now = f"a new bag is needed by {moment(now, case.zone)}"
    old = "none was" if was is None else f"it was {moment(was, case.zone)}"
    return Consequence(
        Becomes.NEEDED_SOONER if sooner else Becomes.NEEDED_LATER,
        Subject.DOSES,
        None,
        f"With the bags at home {is_now}; under the old order {old}.",
        "Move the next delivery and tell the patient its date.",
        blocks=sooner,
    )


def list_bags_at_home(bags: InCirculation, after: PlanNumbers, case: Case) -> Iterator[Consequence]:
    """List what becomes of each bag at home that is not used up before the change takes effect."""
    for bag in bags.bags_at_home:
        if bag.planned is not None and bag.planned < case.new.effective:
            continue
        yield from _say_bag(bag, after, case)


def _say_bag(bag: BagAtHome, after: PlanNumbers, case: Case) -> Iterator[Consequence]:
    date = moment(bag.beyond_use, case.zone)

    def consequence(kind: Becomes, sentence: str, action: str, *, blocks: bool) -> Consequence:
        return Consequence(
            kind, Subject.BAG_AT_HOME, bag.id, f"Bag {bag.serial} at home {sentence}", action, blocks
        )

    if case.effect.bags is Fate.VOID:
        yield consequence(
            Becomes.NOT_TO_BE_USED,
            f"must not be used, because {case.because}.",
            "Tell the patient not to use it and to keep it apart; count it back and destroy it.",
            blocks=True,
        )
    elif case.effect.bags is Fate.SET_ASIDE:
        yield consequence(
            Becomes.SET_ASIDE,
            f"must not be started, because {case.because}; its beyond-use date is {date}.",
            "Tell the patient to leave it where it is stored and to start nothing until the pharmacy calls.",
            blocks=True,
        )
    elif bag.planned is None and bag.beyond_use <= after.ends:
        yield consequence(
            Becomes.EXPIRING,
            f"has no dose left before its beyond-use date, {date}.",
            "Tell the patient not to use it and to keep it apart; count it back and destroy it.",
            blocks=False,
        )
    elif case.effect.directions or case.resumed:
        use = "as a spare" if bag.planned is None else f"for the dose of {moment(bag.planned, case.zone)}"
        can = f"can be started before {date} ({use})"
        if case.effect.directions:
            yield consequence(
                Becomes.OLD_DIRECTIONS,
                f"{can}, but its label carries the old directions.",
                f"Send the new calendar and have the directions on the label crossed out. {_STAYS}",
                blocks=False,
            )
        else:
            yield consequence(
                Becomes.USABLE_AGAIN,
                f"{can}, because {case.because}.",
                f"Tell the patient that it may be used, on the days of the new calendar. {_STAYS}",
                blocks=False,
            )


def list_pump_sheets(out: InCirculation, case: Case) -> Iterator[Consequence]:
    """List the pump sheets that no pump may be run by any more."""
    if case.effect.program is Fate.KEPT:
        if case.resumed:
            yield from _check_pump_sheets(out)
        return
    void = case.effect.program is Fate.VOID
    if not void:
        action = "Tell the patient to start no infusion until the pharmacy calls."
    elif case.goes_on:
        action = "Make a new sheet, have it checked, program the pump by it and take the old one back."
    else:
        action = "Take the sheet back and have the pump sent back."
    for sheet in out.pump_sheets:
        yield Consequence(
            Becomes.VOID if void else Becomes.SET_ASIDE,
            Subject.PUMP_SHEET,
            sheet.id,
            f"Pump sheet {sheet.name} must not be run, because {case.because}.",
            action,
            blocks=True,
        )


def _check_pump_sheets(out: InCirculation) -> Iterator[Consequence]:
    for sheet in out.pump_sheets:
        yield Consequence(
            Becomes.CHECK_AGAIN,
            Subject.PUMP_SHEET,
            sheet.id,
            f"Pump sheet {sheet.name} was set aside while the order was on hold.",
            "Have it checked against the resumed order, or make a new one, before the pump is run by it.",
            blocks=True,
        )


def list_calendars(out: InCirculation, case: Case) -> Iterator[Consequence]:
    """List the calendars that tell the wrong days."""
    for calendar in out.calendars:
        yield Consequence(
            Becomes.VOID,
            Subject.CALENDAR,
            calendar.id,
            f"Calendar {calendar.name} is void, because {case.because}.",
            "Make a new calendar and have the old one thrown away."
            if case.goes_on
            else "Tell the patient that no infusion is due and have the calendar thrown away.",
            blocks=True,
        )


__all__ = ["list_bags_at_home", "list_calendars", "list_doses_affected", "list_pump_sheets"]
