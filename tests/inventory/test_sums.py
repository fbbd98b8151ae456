"""Any sequence of acts on stock keeps the sums: never below none, equal to what was done, never overdrawn."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from pharmacy.accounts.queries import find_person
from pharmacy.domain.errors import Refusal
from pharmacy.domain.stock_changes import ChangeReason
from pharmacy.inventory import actions, queries
from pharmacy.inventory.models import Lot, OpenedContainer, StockLocation, StockMovement
from pharmacy.sample.people import PASSWORD
from tests.conftest import START

WORKSHEETS = (7001, 7002)
BAG = 8001
VOLUME = Decimal(10)
CODES = st.sampled_from(list(ChangeReason))
FEW = st.integers(0, 4)
PLACES = st.integers(0, 3)


class Shelf(RuleBasedStateMachine):
    """A lot of 15 vials, multiple-dose so that containers may be kept, and a model of numbers beside it."""

    session = None

    def __init__(self):
        super().__init__()
        self.inner = self.session.begin_nested()
        self.lot = self.session.scalars(select(Lot).where(Lot.number == "SMG4417")).one()
        self.lot.product.container_kind = self.lot.product.container_kind.MULTIPLE_DOSE_VIAL
        self.tina, self.theo = (find_person(self.session, name) for name in ("tina", "theo"))
        names = ("High-alert cabinet, shelf 1", "High-alert cabinet, shelf 2", "Shelf B2", "Quarantine shelf")
        self.places = [
            self.session.scalars(select(StockLocation).where(StockLocation.name == name)).one()
            for name in names
        ]
        self.here = {self.places[0].id: 15}
        self.left: dict[int, Decimal] = {}

    def teardown(self):
        self.inner.rollback()
        self.session.expire_all()

    def try_to(self, act):
        """Do an act, or find it refused with nothing changed; the invariants look at both."""
        before = self.session.scalar(select(func.count()).select_from(StockMovement))
        try:
            return act(by=self.tina, at=START)
        except Refusal:
            assert self.session.scalar(select(func.count()).select_from(StockMovement)) == before
            return None

    def add(self, place, number):
        self.here[place.id] = self.here.get(place.id, 0) + number

    @rule(source=PLACES, goal=PLACES, number=FEW)
    def move(self, source, goal, number):
        came_from, to = self.places[source], self.places[goal]
        moved = self.session.scalar(select(func.count()).select_from(StockMovement))
        self.try_to(
            lambda **who: actions.move_containers(
                self.session,
                self.lot,
                came_from=came_from,
                to=to,
                containers=number,
                accepted=True,
                reason="x",
                **who,
            )
        )
        if self.session.scalar(select(func.count()).select_from(StockMovement)) > moved:
            self.add(came_from, -number)
            self.add(to, number)

    @rule(place=PLACES, code=CODES, number=FEW)
    def adjust(self, place, code, number):
        where, witness = self.places[place], actions.Witness("theo", PASSWORD)
        done = self.try_to(
            lambda **who: actions.adjust_stock(
                self.session,
                self.lot,
                where,
                reason_code=code,
                containers=number,
                reason="x",
                witness=witness,
                accepted=True,
                **who,
            )
        )
        if done:
            self.add(where, done.containers)

    @rule(place=PLACES, number=st.integers(0, 17))
    def count(self, place, number):
        where = self.places[place]
        found = self.try_to(
            lambda **who: actions.count_lot(self.session, self.lot, where, counted=number, **who)
        )
        if found is None or not found.difference:
            return
        code = ChangeReason.FOUND if found.difference > 0 else ChangeReason.LOST
        self.try_to(
            lambda **who: actions.explain_count(self.session, found, reason_code=code, reason="x", **who)
        )
        actions.confirm_count(self.session, found, counted=number, by=self.theo, at=START)
        self.add(where, found.difference)

    @rule(sheet=st.sampled_from(WORKSHEETS))
    def open(self, sheet):
        opened = self.try_to(
            lambda **who: actions.open_container(
                self.session, self.lot, worksheet_id=sheet, bag_id=BAG, **who
            )
        )
        if opened:
            self.here[opened.location_id] -= 1
            self.left[opened.id] = VOLUME

    @precondition(lambda self: self.left)
    @rule(pick=st.integers(0, 9), tenths=st.integers(0, 130), wasted=st.booleans())
    def take(self, pick, tenths, wasted):
        opened, volume = self.pick(pick), Decimal(tenths) / 10
        if wasted:
            done = self.try_to(
                lambda **who: actions.waste_part(
                    self.session, opened, volume_ml=volume, bag_id=BAG, reason="x", **who
                )
            )
        else:
            done = self.try_to(
                lambda **who: actions.draw(self.session, opened, volume_ml=volume, bag_id=BAG, **who)
            )
        if done:
            self.left[opened.id] -= volume

    @precondition(lambda self: self.left)
    @rule(pick=st.integers(0, 9), how=st.sampled_from(("waste", "put back", "let go", "take up")))
    def end(self, pick, how):
        opened = self.pick(pick)
        if how == "put back" and self.left[opened.id] == VOLUME:
            actions.put_back(self.session, opened, reason="x", by=self.tina, at=START)
            self.here[opened.location_id] += 1
        elif how == "take up":
            self.try_to(
                lambda **who: actions.take_up(self.session, opened, worksheet_id=WORKSHEETS[0], **who)
            )
            return
        elif how == "let go" and actions.let_go(self.session, opened, reason="x", by=self.tina, at=START):
            return
        elif how == "waste":
            actions.waste(self.session, opened, reason="x", by=self.tina, at=START)
        if opened.discarded_at is not None:
            del self.left[opened.id]

    def pick(self, number):
        return self.session.get_one(OpenedContainer, list(self.left)[number % len(self.left)])

    @invariant()
    def the_sums_are_what_was_done(self):
        balance = queries.get_balances(self.session, [self.lot.id])[self.lot.id]
        standings = queries.list_standings(self.session, [self.lot.id])
        assert {one.location.id: one.containers for one in standings} == {
            k: v for k, v in self.here.items() if v
        }
        assert all(number >= 0 for number in self.here.values())
        assert balance.containers == sum(self.here.values())
        assert balance.volume_ml == balance.containers * VOLUME + sum(self.left.values())
        assert balance.held == self.here.get(self.places[3].id, 0)

    @invariant()
    def no_container_is_overdrawn(self):
        assert all(0 <= left <= VOLUME for left in self.left.values())
        lines = queries.list_movements(self.session, self.lot.id)
        assert all(line.containers >= 0 and line.volume_ml >= 0 for line in lines)
        taken = self.session.execute(
            select(StockMovement.opened_container_id, func.sum(StockMovement.volume_ml))
            .where(StockMovement.opened_container_id.is_not(None))
            .group_by(StockMovement.opened_container_id)
        )
        assert all(-VOLUME <= volume <= 0 for _, volume in taken)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_any_sequence_of_acts_keeps_the_sums(session):
    machine = type("ShelfOf", (Shelf,), {"session": session})

    run_state_machine_as_test(
        machine, settings=settings(max_examples=12, stateful_step_count=20, deadline=None)
    )
