"""The command as a person starts it: another process, eighty columns, no colour."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PORTICO = (sys.executable, "-m", "portico")


NOT_KEPT = ("PORTICO_", "COLUMNS", "PYTHONDONTWRITEBYTECODE")


def environment(**more: str) -> dict[str, str]:
    """Return what a person's environment holds: their Python, too, keeps what it has once compiled."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_KEPT)}
    return kept | {"COLUMNS": "80", "PYTHONHASHSEED": "0"} | more


def portico(*arguments: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command in ``cwd`` and return what it said."""
    return subprocess.run(
        [*PORTICO, *arguments],
        cwd=cwd,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
