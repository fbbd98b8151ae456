"""A case of a calculator that the tests vary, asked as the command line asks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pharmacy.calculators.answering import answer_text
from pharmacy.domain.errors import InvalidInput


class Asked:
    """Ask one calculator for a case with fields changed; None leaves a field out."""

    def __init__(self, answer: Callable[..., dict[str, Any]], case: dict[str, Any]) -> None:
        self._answer, self._case = answer, case

    def case(self, **changes: Any) -> dict[str, Any]:
        """Return the case with fields changed."""
        return {key: value for key, value in (self._case | changes).items() if value is not None}

    def run(self, **changes: Any) -> dict[str, Any]:
        """Return the answer."""
        return answer_text(self._answer, json.dumps(self.case(**changes)), {})

    def refused(self, **changes: Any) -> InvalidInput:
        """Return the refusal; an answer fails the test."""
        with pytest.raises(InvalidInput) as refusal:
            self.run(**changes)
        return refusal.value
