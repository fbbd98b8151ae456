"""Ask a rule with one JSON object given as text; the command line and the pages do it in the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pharmacy.calculators.reading import read_object
from pharmacy.domain.errors import InvalidInput

Answered = TypeVar("Answered")


def answer_text(answer: Callable[..., Answered], text: str, options: Mapping[str, Any]) -> Answered:
    """Answer one JSON object given as text; raises Refusal with the sentence for the user."""
    fields = read_object(text)
    try:
        return answer(fields, **options)
    except OverflowError:
        raise InvalidInput("A date in the input or the answer lies outside the years 1 to 9999.") from None
