"""The sequence of a preparation: what every bag needs and the formula's own steps, in one order.

Set-up once; for each bag the diluent, the additive, the second person, the addition, its weight and the end;
clean-up once (domain.md 2.1 and 4.2, stage 4). Nothing is skipped or done in another order: there is only
ever one next task. A confirmation is of the containers and the syringe that were there when it was given, so
a new container or a new draw asks for what followed on it again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.preparation_steps import Confirmed, DrawState, Step


class Task(NamedTuple):
    """Say what is done: a step, and which instruction of the formula where it is one."""

    step: Step
    instruction_id: int | None = None


class Instruction(NamedTuple):
    """Name an instruction of a formula and the stage at which it is done."""

    instruction_id: int
    stage: Stage


class Confirmation(NamedTuple):
    """Say what was confirmed, and at which turn of the worksheet; an undone one is not given here."""

    what: Confirmed
    turn: int
    instruction_id: int | None = None


class WeightState(StrEnum):
    """Where the weighing after the addition stands."""

    NONE = "none"
    FAILED = "failed"
    PASSED = "passed"


class Supply(NamedTuple):
    """Say whether enough of a product was scanned, and at which turn the last of it was."""

    is_there: bool
    turn: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold what a formula asks for: its instructions in order, and which fixed steps its bags have."""

    instructions: Sequence[Instruction]
    measures_diluent: bool
    weighs: bool

    def at(self, stage: Stage) -> list[Task]:
        """List the instructions of a stage, in order."""
        return [Task(Step.INSTRUCTION, one.instruction_id) for one in self.instructions if one.stage is stage]


@dataclass(frozen=True, slots=True)
class BagFacts:
    """Hold what was done for a bag so far; `drawn_turn` is that of its last draw, 0 without one."""

    diluent: Supply
    additive: Supply
    draw: DrawState
    drawn_turn: int
    weight: WeightState
    done: Collection[Confirmation]


def list_bag_tasks(plan: Plan) -> list[Task]:
    """List what is done for each bag, in order.

    Where nothing follows on the addition, finishing the bag confirms it; else it is confirmed by itself.

    >>> [task.step.name for task in list_bag_tasks(Plan((), measures_diluent=False, weighs=False))]
    ['SCAN_DILUENT', 'SCAN_ADDITIVE', 'FIRST_VOLUME', 'SECOND_VOLUME', 'COMPLETE']
    """
    afterwards = [
        *plan.at(Stage.INJECT),
        *([Task(Step.WEIGH_AFTER)] if plan.weighs else []),
        *plan.at(Stage.FINISH),
    ]
    return [*_before_the_draw(plan), Task(Step.FIRST_VOLUME), *_on_the_draw(plan), *_inject(afterwards)]


def _before_the_draw(plan: Plan) -> Iterator[Task]:
    yield Task(Step.SCAN_DILUENT)
    yield from plan.at(Stage.DILUENT)
    if plan.measures_diluent:
        yield Task(Step.MEASURE_DILUENT)
    if plan.weighs:
        yield Task(Step.WEIGH_BEFORE)
    yield Task(Step.SCAN_ADDITIVE)


def _on_the_draw(plan: Plan) -> Iterator[Task]:
    yield from plan.at(Stage.ADDITIVE)
    yield Task(Step.SECOND_VOLUME)


def _inject(afterwards: Sequence[Task]) -> Iterator[Task]:
    if afterwards:
        yield Task(Step.INJECT)
        yield from afterwards
    yield Task(Step.COMPLETE)


def find_task(plan: Plan, facts: BagFacts) -> Task:
    """Find the one task that a bag needs next.

    What was drawn is in the syringe, so from then on the containers that it came from matter no more.
    """
    return next(task for task, done in _walk(plan, facts) if not done)


def find_last_done(plan: Plan, facts: BagFacts) -> Task | None:
    """Find the task that was done last for a bag; None before the first one."""
    last = None
    for task, done in _walk(plan, facts):
        if not done:
            break
        last = task
    return last


def _walk(plan: Plan, facts: BagFacts) -> Iterator[tuple[Task, bool]]:
    """Go through the tasks of a bag in order, each with whether it is done."""
    is_drawn = facts.draw is not DrawState.NONE
    passed = is_drawn
    for task in list_bag_tasks(plan):
        if task.step is Step.FIRST_VOLUME:
            passed = False
            yield task, is_drawn
        elif passed:
            yield task, True
        else:
            yield task, _is_done(task, facts, since=facts.drawn_turn if is_drawn else facts.diluent.turn)


def _is_done(task: Task, facts: BagFacts, *, since: int) -> bool:
    match task.step:
        case Step.SCAN_DILUENT:
            return facts.diluent.is_there
        case Step.SCAN_ADDITIVE:
            return facts.additive.is_there
        case Step.SECOND_VOLUME:
            return facts.draw is DrawState.AGREED
        case Step.WEIGH_AFTER:
            return facts.weight is WeightState.PASSED
        case Step.COMPLETE:
            return False
    what = _CONFIRMED[task.step]
    return any(
        (one.what, one.instruction_id) == (what, task.instruction_id) and one.turn > since
        for one in facts.done
    )


_CONFIRMED = {
    Step.INSTRUCTION: Confirmed.FORMULA_STEP,
    Step.MEASURE_DILUENT: Confirmed.DILUENT_MEASURED,
    Step.WEIGH_BEFORE: Confirmed.WEIGHED,
    Step.INJECT: Confirmed.INJECTED,
}


def find_once(plan: Plan, stage: Stage, done: Collection[Confirmation]) -> Task | None:
    """Find the next instruction of a stage that is done once for all bags; None when all are done."""
    confirmed = {one.instruction_id for one in done}
    return next((task for task in plan.at(stage) if task.instruction_id not in confirmed), None)


def confirmed_by(task: Task) -> Confirmed | None:
    """Return what a confirmation of this task is kept as; None for one that is not just confirmed."""
    return _CONFIRMED.get(task.step)


def find_following(plan: Plan, task: Task) -> Task | None:
    """Find the task that follows on one of the set-up or of a bag; None after the last of a bag."""
    tasks = [*plan.at(Stage.SETUP), *list_bag_tasks(plan)]
    following = tasks[tasks.index(task) + 1 :]
    return following[0] if following else None


def find_place(plan: Plan, task: Task) -> tuple[int, int]:
    """Return the place of a task in the set-up or in its bag, and of how many."""
    setup = plan.at(Stage.SETUP)
    tasks = setup if task in setup else list_bag_tasks(plan)
    return tasks.index(task) + 1, len(tasks)


def is_in_syringe(facts: BagFacts) -> bool:
    """Tell whether what was drawn for a bag is still in its syringe, as far as anything was confirmed."""
    injected = any(one.what is Confirmed.INJECTED and one.turn > facts.drawn_turn for one in facts.done)
    return facts.draw is not DrawState.NONE and not injected
