"""What was confirmed on a worksheet, what its formula asks for, and who holds it at the station."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pharmacy.accounts.models import Person
from pharmacy.compounding.models import Bag, BagWeighing, StepDone, Worksheet
from pharmacy.domain.admixture import FillMethod
from pharmacy.domain.admixture_weight import WeightWindow, find_weight_window
from pharmacy.domain.errors import NotFound, Refusal
from pharmacy.domain.preparation_sequence import (
    Confirmation,
    Instruction,
    Plan,
    Task,
    WeightState,
    find_once,
)
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.preparation_steps import Confirmed, measured_ml
from pharmacy.formulary.models import Formula, FormulaStep


def list_standing(rows: Iterable[StepDone]) -> list[StepDone]:
    """List the confirmations that stand: neither undone nor replaced by another."""
    rows = list(rows)
    replaced = {one.replaces_id for one in rows}
    return [one for one in rows if not one.undone and one.id not in replaced]


def list_steps_of(worksheet: Worksheet, bag: Bag | None) -> list[StepDone]:
    """List the confirmations that stand for a bag, or those of what is done once for all bags."""
    return group_steps(worksheet).get(bag.id if bag else None, [])


def group_steps(worksheet: Worksheet) -> dict[int | None, list[StepDone]]:
    """Group the confirmations that stand by their bag's id; None for what is done once for all bags."""
    found: dict[int | None, list[StepDone]] = {}
    for one in list_standing(worksheet.steps_done):
        found.setdefault(one.bag_id, []).append(one)
    return found


def get_step(worksheet: Worksheet, step_id: int) -> StepDone:
    """Return a confirmation of a worksheet."""
    found = next((one for one in worksheet.steps_done if one.id == step_id), None)
    if found is None:
        raise NotFound("This step is not on this worksheet.")
    return found


def as_confirmations(rows: Iterable[StepDone]) -> list[Confirmation]:
    """Give confirmations as the rule of the sequence takes them."""
    return [Confirmation(one.step, one.turn, one.formula_step_id) for one in rows]


def plan_of(formula: Formula) -> Plan:
    """Return what a formula asks for at the station."""
    return Plan(
        instructions=tuple(Instruction(one.id, one.stage) for one in formula.steps),
        measures_diluent=FillMethod(formula.method) is not FillMethod.ADD,
        weighs=formula.weight_tolerance_percent is not None,
    )


def find_instruction(formula: Formula, task: Task | None) -> FormulaStep | None:
    """Find the instruction of a formula that a task is about, if it is about one."""
    return next((one for one in formula.steps if task and one.id == task.instruction_id), None)


def say_task(formula: Formula, task: Task) -> str:
    """Say what a task is: the formula's own words, or the step's."""
    instruction = find_instruction(formula, task)
    return instruction.instruction if instruction else task.step.value


def find_setup(worksheet: Worksheet) -> Task | None:
    """Find the next instruction that is done once before the first bag."""
    return _find_once(worksheet, Stage.SETUP)


def find_clean_up(worksheet: Worksheet) -> Task | None:
    """Find the next instruction that is done once after the last bag."""
    return _find_once(worksheet, Stage.CLEAN_UP)


def _find_once(worksheet: Worksheet, stage: Stage) -> Task | None:
    done = as_confirmations(list_steps_of(worksheet, None))
    return find_once(plan_of(worksheet.formula), stage, done)


def holder_of(worksheet: Worksheet) -> Person | None:
    """Return who holds a worksheet at the station; None when it was left or not begun."""
    return worksheet.handovers[-1].to_person if worksheet.handovers else worksheet.started_by


def weight_window_of(worksheet: Worksheet) -> WeightWindow:
    """Return what the addition to each bag should weigh; refuses an additive without a density."""
    formula = worksheet.formula
    density, tolerance = formula.additive.density_g_per_ml, formula.weight_tolerance_percent
    if density is None or tolerance is None:
        raise Refusal(
            f"The formula {formula.code} asks for weights, but the density of {formula.additive.name} is not "
            "recorded. Tell a pharmacist: it belongs to the product."
        )
    volume = measured_ml(worksheet.additive_ml)
    return find_weight_window(volume, density_g_per_ml=density, tolerance_percent=tolerance)


def find_weight_before(steps: Collection[StepDone]) -> StepDone | None:
    """Find what the scale said before the addition, the last time."""
    return next((one for one in reversed(list(steps)) if one.step is Confirmed.WEIGHED), None)


def list_weighings_of_draw(bag: Bag, *, drawn_turn: int) -> list[BagWeighing]:
    """List the weighings of a bag since its last draw."""
    return [one for one in bag.weighings if one.turn > drawn_turn]


def weight_state(bag: Bag, *, drawn_turn: int) -> WeightState:
    """Tell where the weighing of a bag stands since its last draw."""
    weighings = list_weighings_of_draw(bag, drawn_turn=drawn_turn)
    if not weighings:
        return WeightState.NONE
    return WeightState.PASSED if weighings[-1].passes else WeightState.FAILED
