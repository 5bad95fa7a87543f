"""Timing, the same for every measurement."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A measurement: ours and the reference in seconds (medians), and what was promised."""

    name: str
    ours_s: float
    reference: str
    reference_s: float
    promise: str

    def line(self) -> str:
        """Return the measurement as a line of the report."""
        ratio = self.ours_s / self.reference_s if self.reference_s else float("nan")
        beside = f"{ratio:>7.1f} × {self.reference} ({_shown(self.reference_s)})"
        return f"{self.name:<44} {_shown(self.ours_s):>10}  {beside}  [promised {self.promise}]"


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def median_s(run: Callable[[], object], times: int, *, warm: int = 1) -> float:
    """Return the median time of ``run`` in seconds, after ``warm`` runs that do not count."""
    for _ in range(warm):
        run()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
