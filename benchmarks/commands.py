"""Whole commands, as a person starts them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Result, median_s

PORTICO = (sys.executable, "-m", "portico")


def _run(*arguments: str) -> None:
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def help_time(_: Path) -> Result:
    """Time ``portico --help`` beside an interpreter that does nothing."""
    ours = median_s(lambda: _run(*PORTICO, "--help"), 9)
    bare = median_s(lambda: _run(sys.executable, "-c", "pass"), 9)
    return Result("portico --help", ours, "bare interpreter", bare, "under 250 ms")


def demo_time(folder: Path) -> Result:
    """Time the second ``portico demo --no-serve`` beside an interpreter that loads the engine."""
    city = str(folder / "demo")
    ours = median_s(lambda: _run(*PORTICO, "demo", city, "--no-serve"), 3)
    bare = median_s(lambda: _run(sys.executable, "-c", "import duckdb; duckdb.connect()"), 5)
    return Result("demo --no-serve, second time", ours, "interpreter with engine", bare, "under 15 s with make")
