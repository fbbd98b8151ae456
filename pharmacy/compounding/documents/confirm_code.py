"""The bar code on the station's page that confirms a step when it is scanned."""

from __future__ import annotations

from dataclasses import dataclass

from labels.barcode128 import QUIET_MODULES, bars


@dataclass(frozen=True, slots=True)
class ScreenCode:
    """Hold a bar code for a screen: where each bar begins and how wide it is, in modules of the whole."""

    text: str
    width: int
    bars: tuple[tuple[int, int], ...]


def draw_screen_code(text: str) -> ScreenCode:
    """Return the bars of a Code 128 symbol with its quiet zones."""
    found, place = [], QUIET_MODULES
    for is_bar, width in bars(text, field="serial"):
        if is_bar:
            found.append((place, width))
        place += width
    return ScreenCode(text, place + QUIET_MODULES, tuple(found))
