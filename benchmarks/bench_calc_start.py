"""How long `pharmacy calc` takes to answer, as a ratio to starting Python alone."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from timing import report

CASE = {
    "frequency": "two out of three days",
    "anchor": "2026-11-09T21:00",
    "timezone": "America/New_York",
    "from": "2026-11-09T00:00",
    "until": "2027-11-09T00:00",
}


def seconds(command: list[str], text: str) -> float:
    """Return the best of five runs."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, input=text, text=True, capture_output=True, check=True)
        best = min(best, time.perf_counter() - start)
    return best


if __name__ == "__main__":
    floor = seconds([sys.executable, "-c", "pass"], "")
    answer = seconds([str(Path(sys.executable).with_name("pharmacy")), "calc", "frequency"], json.dumps(CASE))
    report("calc start", floor="python -c pass", floor_s=floor, work_s=answer)
