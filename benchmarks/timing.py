"""Time a piece of work against a floor in the same run, and say both in one line of JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable


def seconds(work: Callable[[], object], *, rounds: int = 5) -> float:
    """Return the best of several rounds, in seconds of this process on one core."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def report(benchmark: str, *, floor: str, floor_s: float, work_s: float, **more: object) -> None:
    """Print one result; `ratio` says how many times the floor the work takes."""
    found = {
        "floor_s": float(f"{floor_s:.3g}"),
        "work_s": float(f"{work_s:.3g}"),
        "ratio": float(f"{work_s / floor_s:.3g}"),
    }
    print(json.dumps({"benchmark": benchmark, "floor": floor} | found | more))
