"""How results reach people and programs: tables on standard output, or JSON there and progress on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from portico.dossier import plain
from portico.errors import PorticoError, RejectedError
from portico.messages import Finding, Message, Severity
from portico.translation import LANGUAGES, Translator

_SHOWN = 200


def out() -> Console:
    """Return the console of results. Colour only where a terminal shows it."""
    return Console(highlight=False, soft_wrap=False)


def err() -> Console:
    """Return the console of progress and refusals."""
    return Console(stderr=True, highlight=False)


def as_json(value: object) -> None:
    """Print ``value`` for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_iso) + "\n")


def _iso(value: object) -> str:
    """Return a date or time as ISO 8601."""
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = (), header: bool = True
) -> Table:
    """Return a plain table for people; columns in ``numbers`` stand right."""
    made = Table(box=None, pad_edge=False, show_edge=False, show_header=header, header_style="bold")
    for index, column in enumerate(columns):
        made.add_column(column, justify="right" if index in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*(escape(cell) for cell in row))
    return made


def refuse(error: PorticoError, arguments: Sequence[str]) -> int:
    """Say why nothing was done: one sentence, or every finding; as JSON too where that was asked for."""
    say = Translator(_language(arguments))
    sentence = say(Message.of(error))
    found = error.findings if isinstance(error, RejectedError) else ()
    if "--json" in arguments:
        as_json({"error": error.message_id, "message": sentence, "findings": plain.findings(found, say)})
    console = err()
    console.print(f"[bold]portico:[/] {escape(sentence)}")
    show_findings(found, say, console)
    return error.exit_code


def _language(arguments: Sequence[str]) -> str:
    for index, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
    return LANGUAGES[0]


def show_findings(findings: Sequence[Finding], say: Translator, console: Console) -> None:
    """Print each finding as a line of place, severity and advice."""
    for one in findings[:_SHOWN]:
        where = ":".join(str(part) for part in (one.place.file, one.place.row or "", one.place.column) if part)
        mark = "[red]✗[/]" if one.severity is Severity.ERROR else "[yellow]![/]"
        console.print(f"{mark} [bold]{escape(where)}[/]  {escape(say(one.message))}")
    if len(findings) > _SHOWN:
        console.print(escape(say(Message("more-findings", {"count": len(findings) - _SHOWN}))))


def bar(low: float, high: float, width: int = 20) -> str:
    """Return an interval between 0 and 1 drawn with characters.

    >>> bar(0.25, 0.5, width=8)
    '··██····'
    """
    start, end = round(low * width), max(round(high * width), round(low * width) + 1)
    end = min(end, width)
    start = min(start, end - 1)
    return "·" * start + "█" * (end - start) + "·" * (width - end)


Plain = dict[str, Any]
