"""The stages of a preparation, in the order in which work goes on: once a worksheet, then bag after bag."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """When an instruction of a formula is done; all but the first and the last are done for each bag."""

    SETUP = "setup"
    DILUENT = "diluent"
    ADDITIVE = "additive"
    INJECT = "inject"
    FINISH = "finish"
    CLEAN_UP = "clean_up"


STAGE_WORDS = {
    Stage.SETUP: "before the first bag",
    Stage.DILUENT: "each bag, with its diluent",
    Stage.ADDITIVE: "each bag, when the additive is drawn",
    Stage.INJECT: "each bag, once the drawn volume agrees",
    Stage.FINISH: "each bag, when it is filled",
    Stage.CLEAN_UP: "after the last bag",
}
ONCE = (Stage.SETUP, Stage.CLEAN_UP)
