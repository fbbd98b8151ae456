"""Where the making of a bag stands: read from its scans, confirmed steps, containers and volume checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from pharmacy.compounding.models import Bag, Scan, StepDone, VolumeCheck, Worksheet
from pharmacy.compounding.queries.steps import (
    as_confirmations,
    find_instruction,
    find_setup,
    list_steps_of,
    plan_of,
    say_task,
    weight_state,
)
from pharmacy.domain.admixture import FillMethod, choose_syringe
from pharmacy.domain.errors import Refusal
from pharmacy.domain.preparation_sequence import (
    BagFacts,
    Plan,
    Supply,
    Task,
    find_following,
    find_last_done,
    find_place,
    find_task,
)
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.preparation_steps import (
    DrawState,
    EnteredContainer,
    Need,
    Share,
    Step,
    find_opened,
    measured_ml,
    share_out,
)
from pharmacy.domain.statuses import BagStatus
from pharmacy.formulary.models import FormulaStep, Product
from pharmacy.inventory.models import Lot, OpenedContainer
from pharmacy.inventory.queries import LotLine, get_balances, list_kept, list_opened, list_usable_lots


@dataclass(frozen=True)
class ProductState:
    """Hold what a bag needs of one product, what was scanned for it, and what an earlier bag left open.

    `shares` says what is drawn from which container; it is empty until enough was scanned.
    """

    product: Product
    need: Need
    scans: list[Scan]
    containers: list[OpenedContainer]
    shares: tuple[Share, ...]
    reusable: list[OpenedContainer]

    @property
    def is_there(self) -> bool:
        """Tell whether enough was scanned for the bag."""
        return bool(self.shares)

    def get_container(self, container_id: int) -> OpenedContainer:
        """Return one of the containers that were scanned for the bag."""
        return next(one for one in self.containers if one.id == container_id)


@dataclass(frozen=True)
class BagState:
    """Hold where one bag stands: its next task, the last draw that was entered, and what was confirmed."""

    bag: Bag
    task: Task
    diluent: ProductState
    additive: ProductState
    check: VolumeCheck | None
    plan: Plan
    facts: BagFacts
    steps: list[StepDone]

    @property
    def step(self) -> Step:
        """Return the next step."""
        return self.task.step

    @property
    def instruction(self) -> FormulaStep | None:
        """Return the instruction of the formula that is to be confirmed; None when the step is another."""
        return find_instruction(self.bag.worksheet.formula, self.task)

    @property
    def is_drawn(self) -> bool:
        """Tell whether the additive was drawn for this bag and is in its syringe or in the bag."""
        return self.facts.draw is not DrawState.NONE

    @property
    def following(self) -> str:
        """Say what comes after the next step; nothing after the last one of a bag."""
        task = find_following(self.plan, self.task)
        return say_task(self.bag.worksheet.formula, task) if task else ""

    @property
    def place(self) -> tuple[int, int]:
        """Return the place of the next step in the set-up or in the bag, and of how many."""
        return find_place(self.plan, self.task)

    @property
    def is_setup(self) -> bool:
        """Tell whether the next step is one that is done once before all bags."""
        return self.instruction is not None and self.instruction.stage is Stage.SETUP

    @property
    def last_done(self) -> Task | None:
        """Return the task that was done last for this bag."""
        return find_last_done(self.plan, self.facts)

    @property
    def expected(self) -> ProductState | None:
        """Return what is to be scanned next; None when nothing is."""
        return {Step.SCAN_DILUENT: self.diluent, Step.SCAN_ADDITIVE: self.additive}.get(self.step)

    @property
    def syringe_ml(self) -> int | None:
        """Return the smallest syringe that holds what is drawn; None when it is drawn in parts."""
        try:
            return choose_syringe(self.additive.need.volume_ml)
        except Refusal:
            return None

    @property
    def last_scan(self) -> Scan | None:
        """Return the last scan for this bag that stands."""
        scans = [*self.diluent.scans, *self.additive.scans]
        return max(scans, key=lambda one: one.id, default=None)


def list_needs(worksheet: Worksheet) -> tuple[Need, Need]:
    """Return what each bag of a worksheet needs of the diluent and of the additive.

    Where the diluent's own bag is filled, the whole bag is needed; else its volume is drawn.
    """
    formula = worksheet.formula
    label, vial = formula.diluent.volume_ml, formula.additive.volume_ml
    if FillMethod(formula.method) is FillMethod.EXACT:
        diluent = Need(measured_ml(worksheet.diluent_ml), label, formula.pool_vials)
    else:
        diluent = Need(label, label, pool=False)
    return diluent, Need(measured_ml(worksheet.additive_ml), vial, formula.pool_vials)


def find_current_bag(worksheet: Worksheet) -> Bag | None:
    """Find the bag that is made next: the first that is still planned, in the order of the worksheet."""
    return next((bag for bag in worksheet.bags if bag.status is BagStatus.PLANNED), None)


def find_waiting_check(bag: Bag | None) -> VolumeCheck | None:
    """Find the draw of the bag in work, if there is one, that waits for its second person."""
    check = bag.checks[-1] if bag and bag.checks else None
    return check if _draw_state(check) is DrawState.ENTERED_ONCE else None


def read_bag_state(session: Session, worksheet: Worksheet, bag: Bag, *, at: datetime) -> BagState:
    """Read where a bag of a worksheet stands now; what is done once before all bags comes first."""
    check = bag.checks[-1] if bag.checks else None
    draw = _draw_state(check)
    # What is in the syringe was drawn when the first volume was entered; the clocks are judged then.
    judged_at = at if check is None or draw is DrawState.NONE else check.first_at
    products = [worksheet.formula.diluent_id, worksheet.formula.additive_id]
    opened = [
        *list_opened(session, worksheet.id),
        *list_kept(session, products, site_id=worksheet.site_id, at=judged_at),
    ]
    scans = [one for one in worksheet.scans if one.bag_id == bag.id and one.undone_at is None]
    diluent_need, additive_need = list_needs(worksheet)
    formula = worksheet.formula
    diluent = _product_state(formula.diluent, diluent_need, scans, opened, at=judged_at)
    additive = _product_state(formula.additive, additive_need, scans, opened, at=judged_at)
    plan, steps = plan_of(formula), list_steps_of(worksheet, bag)
    drawn_turn = check.turn if check else 0
    facts = BagFacts(
        diluent=_supply(diluent),
        additive=_supply(additive),
        draw=draw,
        drawn_turn=drawn_turn,
        weight=weight_state(bag, drawn_turn=drawn_turn),
        done=as_confirmations(steps),
    )
    task = find_setup(worksheet) or find_task(plan, facts)
    return BagState(
        bag=bag,
        task=task,
        diluent=diluent,
        additive=additive,
        check=check,
        plan=plan,
        facts=facts,
        steps=steps,
    )


def _supply(product: ProductState) -> Supply:
    return Supply(product.is_there, max((one.turn for one in product.scans), default=0))


def _draw_state(check: VolumeCheck | None) -> DrawState:
    if check is None or check.agrees is False or check.discarded_at is not None:
        return DrawState.NONE
    return DrawState.AGREED if check.agrees else DrawState.ENTERED_ONCE


def _product_state(
    product: Product, need: Need, scans: list[Scan], opened: list[OpenedContainer], *, at: datetime
) -> ProductState:
    mine = [one for one in scans if one.product_id == product.id]
    scanned = {one.opened_container_id for one in mine}
    by_id = {one.id: one for one in opened}
    containers = [by_id[one.opened_container_id] for one in mine if one.opened_container_id in by_id]
    others = [one for one in opened if one.lot.product_id == product.id and one.id not in scanned]
    return ProductState(
        product=product,
        need=need,
        scans=mine,
        containers=containers,
        shares=share_out(need, [_entered(one) for one in containers], at=at),
        reusable=[one for one in others if find_opened(need, [_entered(one)], at=at)],
    )


def _entered(opened: OpenedContainer) -> EnteredContainer:
    return EnteredContainer(opened.id, Decimal(opened.left_ml), opened.use_until)


def list_expected_lots(state: BagState) -> list[Lot]:
    """List the lots that may be scanned next, as the worksheet proposes them."""
    proposed = [one.lot for one in state.bag.worksheet.proposed_lots]
    expected = state.expected
    return [lot for lot in proposed if expected and lot.product_id == expected.product.id]


def list_expected_lines(session: Session, state: BagState) -> list[LotLine]:
    """List the lots that may be scanned next, the soonest expiry first, with what is left of each."""
    lots = sorted(list_expected_lots(state), key=lambda lot: (lot.expires_at, lot.number))
    balances = get_balances(session, [lot.id for lot in lots])
    return [LotLine(lot, balances[lot.id]) for lot in lots]


def list_other_lots(session: Session, worksheet: Worksheet, *, at: datetime) -> list[Lot]:
    """List the lots on the shelf that are not on a worksheet but could be added to it."""
    formula, taken = worksheet.formula, {one.lot_id for one in worksheet.proposed_lots}
    products = [formula.additive_id, formula.diluent_id]
    found = list_usable_lots(session, products, site_id=worksheet.site_id, at=at)
    return [lot for lot in found if lot.id not in taken]


def list_left_over(session: Session, worksheet: Worksheet) -> list[OpenedContainer]:
    """List the open containers of a worksheet that still hold something."""
    return [one for one in list_opened(session, worksheet.id) if one.left_ml]
