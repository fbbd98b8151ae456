"""The sequence of a preparation: one next task, whatever was done, and none before those ahead of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pharmacy.domain.preparation_sequence import (
    BagFacts,
    Confirmation,
    Instruction,
    Plan,
    Supply,
    Task,
    WeightState,
    confirmed_by,
    find_following,
    find_last_done,
    find_once,
    find_place,
    find_task,
    is_in_syringe,
    list_bag_tasks,
)
from pharmacy.domain.preparation_stages import Stage
from pharmacy.domain.preparation_steps import Confirmed, DrawState, Step

ALL = tuple(Instruction(number, stage) for number, stage in enumerate(Stage, start=1))
FULL = Plan(ALL, measures_diluent=True, weighs=True)
PLAIN = Plan((), measures_diluent=False, weighs=False)
NOT_THERE, NONE = Supply(False, 0), DrawState.NONE


def facts(**changes):
    given_ = {
        "diluent": NOT_THERE,
        "additive": NOT_THERE,
        "draw": NONE,
        "drawn_turn": 0,
        "weight": WeightState.NONE,
        "done": (),
    }
    return BagFacts(**given_ | changes)


def instruction(stage):
    return Task(Step.INSTRUCTION, next(one.instruction_id for one in ALL if one.stage is stage))


def confirmed(task, turn):
    return Confirmation(confirmed_by(task), turn, task.instruction_id)


def test_the_whole_sequence_of_a_bag():
    assert list_bag_tasks(FULL) == [
        Task(Step.SCAN_DILUENT),
        instruction(Stage.DILUENT),
        Task(Step.MEASURE_DILUENT),
        Task(Step.WEIGH_BEFORE),
        Task(Step.SCAN_ADDITIVE),
        Task(Step.FIRST_VOLUME),
        instruction(Stage.ADDITIVE),
        Task(Step.SECOND_VOLUME),
        Task(Step.INJECT),
        instruction(Stage.INJECT),
        Task(Step.WEIGH_AFTER),
        instruction(Stage.FINISH),
        Task(Step.COMPLETE),
    ]


@pytest.mark.parametrize(
    ("plan", "injects"),
    [
        (PLAIN, False),
        (Plan((Instruction(1, Stage.ADDITIVE),), False, False), False),
        (Plan((Instruction(1, Stage.INJECT),), False, False), True),
        (Plan((Instruction(1, Stage.FINISH),), False, False), True),
        (Plan((), False, True), True),
    ],
)
def test_the_addition_is_confirmed_by_itself_where_something_follows_on_it(plan, injects):
    assert (Task(Step.INJECT) in list_bag_tasks(plan)) is injects


def do_all(plan):
    """Do each task as it is asked for, one turn after the other; yields the facts before each."""
    state = {"done": []}
    for turn, task in enumerate(list_bag_tasks(plan), start=1):
        yield task, facts(**state)
        match task.step:
            case Step.SCAN_DILUENT:
                state["diluent"] = Supply(True, turn)
            case Step.SCAN_ADDITIVE:
                state["additive"] = Supply(True, turn)
            case Step.FIRST_VOLUME:
                state |= {"draw": DrawState.ENTERED_ONCE, "drawn_turn": turn}
            case Step.SECOND_VOLUME:
                state["draw"] = DrawState.AGREED
            case Step.WEIGH_AFTER:
                state["weight"] = WeightState.PASSED
            case Step.COMPLETE:
                return
            case _:
                state["done"] = [*state["done"], confirmed(task, turn)]


@pytest.mark.parametrize("plan", [FULL, PLAIN], ids=["full", "plain"])
def test_each_task_is_next_once_all_before_it_are_done(plan):
    before = None
    for task, now in do_all(plan):
        assert find_task(plan, now) == task
        assert find_last_done(plan, now) == before
        before = task


def test_what_is_confirmed_out_of_order_does_not_help():
    """Everything after the diluent is confirmed, but the diluent is not there: it is scanned first."""
    done = [confirmed(task, 9) for task in list_bag_tasks(FULL) if confirmed_by(task)]

    assert find_task(FULL, facts(done=done, additive=Supply(True, 3))) == Task(Step.SCAN_DILUENT)


def test_a_new_container_asks_for_what_followed_on_the_one_before():
    done = [confirmed(instruction(Stage.DILUENT), 2), confirmed(Task(Step.MEASURE_DILUENT), 3)]

    assert find_task(FULL, facts(diluent=Supply(True, 1), done=done)) == Task(Step.WEIGH_BEFORE)
    assert find_task(FULL, facts(diluent=Supply(True, 2), done=done)) == instruction(Stage.DILUENT)
    assert find_task(FULL, facts(diluent=Supply(True, 4), done=done)) == instruction(Stage.DILUENT)


def test_a_new_draw_asks_for_its_photo_again():
    done = [confirmed(instruction(Stage.ADDITIVE), 7)]
    there = {"diluent": Supply(True, 1), "additive": Supply(True, 5), "done": done}

    drawn = facts(**there, draw=DrawState.ENTERED_ONCE, drawn_turn=6)
    assert find_task(FULL, drawn) == Task(Step.SECOND_VOLUME)
    again = facts(**there, draw=DrawState.ENTERED_ONCE, drawn_turn=8)
    assert find_task(FULL, again) == instruction(Stage.ADDITIVE)


def test_what_was_drawn_needs_its_containers_no_more():
    """A vial whose clock ends while the second person walks over does not send the syringe back."""
    drawn = facts(draw=DrawState.ENTERED_ONCE, drawn_turn=6)

    assert find_task(PLAIN, drawn) == Task(Step.SECOND_VOLUME)
    assert find_last_done(PLAIN, drawn) == Task(Step.FIRST_VOLUME)
    assert find_task(PLAIN, facts(draw=DrawState.AGREED, drawn_turn=6)) == Task(Step.COMPLETE)


@pytest.mark.parametrize("state", [WeightState.NONE, WeightState.FAILED])
def test_a_weight_that_does_not_pass_stops_the_bag(state):
    done = [confirmed(Task(Step.INJECT), 9), confirmed(instruction(Stage.INJECT), 10)]
    weighed = facts(draw=DrawState.AGREED, drawn_turn=6, weight=state, done=[
        *done, confirmed(instruction(Stage.ADDITIVE), 7), confirmed(instruction(Stage.FINISH), 12),
    ])  # fmt: skip

    assert find_task(FULL, weighed) == Task(Step.WEIGH_AFTER)


def test_what_is_done_once_comes_in_its_order():
    plan = Plan(
        (
            Instruction(5, Stage.SETUP),
            Instruction(3, Stage.SETUP),
            Instruction(8, Stage.CLEAN_UP),
        ),
        measures_diluent=False,
        weighs=False,
    )
    first, second = Task(Step.INSTRUCTION, 5), Task(Step.INSTRUCTION, 3)

    assert find_once(plan, Stage.SETUP, []) == first
    assert find_once(plan, Stage.SETUP, [confirmed(second, 1)]) == first
    assert find_once(plan, Stage.SETUP, [confirmed(first, 1)]) == second
    assert find_once(plan, Stage.SETUP, [confirmed(first, 1), confirmed(second, 2)]) is None
    assert find_once(plan, Stage.CLEAN_UP, [confirmed(first, 1)]) == Task(Step.INSTRUCTION, 8)
    assert (find_following(plan, first), find_following(plan, second)) == (second, Task(Step.SCAN_DILUENT))
    assert find_following(plan, Task(Step.COMPLETE)) is None
    assert (find_place(plan, second), find_place(plan, Task(Step.SCAN_ADDITIVE))) == ((2, 2), (2, 5))


@pytest.mark.parametrize(
    ("draw", "drawn", "injected", "in_it"),
    [
        (DrawState.NONE, 6, None, False),
        (DrawState.ENTERED_ONCE, 6, None, True),
        (DrawState.AGREED, 6, None, True),
        (DrawState.AGREED, 6, 7, False),
        (DrawState.AGREED, 6, 6, True),
        (DrawState.AGREED, 8, 7, True),
    ],
)
def test_a_syringe_is_drawn_until_the_addition_is_confirmed(draw, drawn, injected, in_it):
    done = [] if injected is None else [Confirmation(Confirmed.INJECTED, injected)]

    assert is_in_syringe(facts(draw=draw, drawn_turn=drawn, done=done)) is in_it


@given(
    stages=st.lists(st.sampled_from(Stage), max_size=6),
    measures=st.booleans(),
    weighs=st.booleans(),
    kept=st.sets(st.integers(0, 20)),
)
def test_without_one_confirmation_nothing_after_it_is_next(stages, measures, weighs, kept):
    """Leave any confirmations out: the next task is the first that is missing, never a later one."""
    plan = Plan([Instruction(n, stage) for n, stage in enumerate(stages)], measures, weighs)
    tasks = list_bag_tasks(plan)
    before_draw = tasks[: tasks.index(Task(Step.FIRST_VOLUME))]
    done = [confirmed(task, 5) for n, task in enumerate(before_draw) if confirmed_by(task) and n in kept]

    found = find_task(plan, facts(diluent=Supply(True, 1), additive=Supply(True, 2), done=done))

    missing = [task for n, task in enumerate(before_draw) if confirmed_by(task) and n not in kept]
    assert found == (missing[0] if missing else Task(Step.FIRST_VOLUME))
