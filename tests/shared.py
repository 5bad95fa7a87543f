"""The one way to the data that lies beside the checkout; the tests that did not run without it are named at the end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REASON = "needs ../shared"


def shared_folder() -> Path:
    """Return the folder of shared data: ``PORTICO_SHARED``, else ``shared`` beside the checkout."""
    return Path(os.environ.get("PORTICO_SHARED") or ROOT.parent / "shared")


def shared_data(*parts: str) -> Path:
    """Return a path in the shared data; skip the running test where it is not there."""
    path = shared_folder().joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{REASON}: {'/'.join(parts)}")
    return path


def needs_shared(*parts: str) -> pytest.MarkDecorator:
    """Mark a test that runs only where the shared data has ``parts``."""
    there = shared_folder().joinpath(*parts).exists()
    return pytest.mark.skipif(not there, reason=f"{REASON}: {'/'.join(parts)}")


def not_run(reports: list[pytest.TestReport]) -> str:
    """Return the line about tests that did not run for want of shared data, or nothing."""
    names = [
        report.nodeid for report in reports if isinstance(report.longrepr, tuple) and REASON in str(report.longrepr[2])
    ]
    if not names:
        return ""
    count = f"{len(names)} test" + ("s" if len(names) > 1 else "")
    return f"portico: did not run without ../shared: {count}: {', '.join(sorted(names))}"
