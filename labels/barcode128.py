"""Code 128 as vector bars, in whole dots of the printer that they are for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from barcode import Code128

from labels.drawing import BLACK, MM, WHITE, Paper
from labels.errors import CannotPrint, DoesNotFit

LABEL_PRINTER, OFFICE_PRINTER = 203, 600
QUIET_MODULES = 10
# What hand scanners read from a label printer: two of its dots; wider than the most helps nobody.
LEAST_MODULE, MOST_MODULE = 2 * 25.4 / LABEL_PRINTER, 0.5
EVEN = 1e-9


class _Code128(Code128):  # type: ignore[misc]  # the library has no types
    """The encoder without its fault: a code that begins with the digits 99 lost them."""

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        # The library takes the pair 99, of value 99, for the sign "change to code set C" and drops it.
        begins_with_pair = len(self.code) > 1 and self.code[:2].isdigit()
        return encoded if begins_with_pair else super()._try_to_optimize(encoded)


def bars(text: str, *, field: str) -> tuple[tuple[bool, int], ...]:
    """Return the runs of a Code 128 symbol as (is a bar, modules), without quiet zones.

    Refuses an empty text and any character outside printable ASCII: scanners answer to those as they like.
    """
    if not text or not text.isascii() or not text.isprintable():
        raise CannotPrint(
            f"The {field} cannot be a bar code: it takes Latin letters, digits and signs.", field=field
        )
    (modules,) = _Code128(text).build()
    return tuple((colour == "1", len(list(run))) for colour, run in groupby(modules))


def draw_code128(
    paper: Paper, x: float, y: float, text: str, *, width: float, height: float, dpi: int, field: str
) -> float:
    """Draw a Code 128 symbol with its quiet zones in a box, and return the width that it took.

    A module is a whole number of dots of a printer with `dpi`, as wide as the box allows, from 0.25 to 0.5
    mm; a text that needs narrower bars is refused, because a scanner would refuse it later.
    """
    runs = bars(text, field=field)
    modules = sum(length for _, length in runs) + 2 * QUIET_MODULES
    dot = 25.4 / dpi
    module = int(min(width / modules, MOST_MODULE) / dot + EVEN) * dot
    if module < LEAST_MODULE - EVEN:
        raise DoesNotFit(f"The {field} is too long for its bar code.", field=field)
    # Bars begin on a whole dot, so that the printer does not round each edge its own way.
    left = round(x / dot) * dot
    # White under the symbol, quiet zones included, whatever lies behind it.
    paper.box(left, y, modules * module, height, fill=WHITE, thick=0)
    _draw_bars(paper, left + QUIET_MODULES * module, y, runs, module=module, height=height)
    return modules * module


def _draw_bars(
    paper: Paper, x: float, y: float, runs: Sequence[tuple[bool, int]], *, module: float, height: float
) -> None:
    path = paper.canvas.beginPath()
    for is_bar, length in runs:
        if is_bar:
            path.rect(x * MM, (paper.height - y - height) * MM, length * module * MM, height * MM)
        x += length * module
    paper.canvas.setFillGray(BLACK)
    paper.canvas.drawPath(path, stroke=0, fill=1)
