"""A plan of permits as a chart in the terminal, and as a file: calendar, document, JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from portico.city.model import CitySettings
from portico.dossier.document.permits import plan_pdf
from portico.dossier.permits_calendar import calendar
from portico.dossier.permits_gantt import as_lines
from portico.errors import UsageError
from portico.files import write_whole
from portico.translation import Translator

ENDINGS = (".ics", ".pdf", ".json")


def ending_of(path: Path) -> str:
    """Return the form that a file's ending names. Raises UsageError for any other."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError("permits-output-form", file=path.name)
    return ending


def write_plan(plan: dict[str, Any], path: Path, settings: CitySettings, say: Translator) -> None:
    """Write a plan, as ``permits_plain.plan`` gives it, in the form that the ending of ``path`` names."""
    ending = ending_of(path)
    if ending == ".pdf":
        write_whole(path, plan_pdf(plan, settings, say))
    elif ending == ".ics":
        write_whole(path, calendar(plan, say, datetime.combine(plan["pack"]["as_of"], time(), UTC)))
    else:
        write_whole(path, json.dumps(plan, ensure_ascii=False, indent=2, default=str) + "\n")


def show_gantt(plan: dict[str, Any], say: Translator, console: Console) -> None:
    """Print the chart of a plan over time, as wide as the terminal."""
    console.print()
    console.print(Text(say("permits-over-time"), style="bold"))
    for line in as_lines(plan, say, console.width):
        console.print(Text(line), no_wrap=True, overflow="crop")
