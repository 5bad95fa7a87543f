"""How a brief over every cell reaches people and programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from portico.build.where import Layer
from portico.cli.show import bar, table
from portico.dossier import where as words
from portico.match.where.cell import Told, to_ask, told
from portico.match.where.classes import classed
from portico.match.where.model import APART, Standing, Where
from portico.messages import Message
from portico.territory.layers import Territory
from portico.translation import Translator

_STYLES = {Standing.FITS: "green", Standing.IN_DOUBT: "yellow", Standing.EXCLUDED: "red"}


def as_plain(
    where: Where, territory: Territory, count: int, layer: Layer | None, output: Path | None, say: Translator
) -> dict[str, Any]:
    """Return the answer for programs."""
    how = where.suitability
    made = words.answer(
        where, classed(where, how).classes, _best(where, territory, count), to_ask(where, territory), say
    )
    published = None
    if layer is not None:
        published = {"dataset": layer.version.dataset, "version": layer.version.id, "new": layer.is_new}
    return {**made, "published": published, "file": str(output) if output else None}


def show(
    where: Where,
    territory: Territory,
    count: int,
    layer: Layer | None,
    say: Translator,
    console: Console,
    *,
    full: bool = False,
) -> None:
    """Print the answer for people; ``full``: the best places with latitude and longitude to the metre."""
    console.print(f"[bold]{escape(say(where.brief.title))}[/]  {escape(say.day(where.as_of))}")
    for line in words.summary(where, say, territory.settings.travel.streets.snap_limit_m):
        _print(line, console)
    for title, lines in (
        ("where-nobody-knows", list(words.asks(to_ask(where, territory), say))),
        ("where-excludes", list(words.exclusions(where, say))),
    ):
        if lines:
            console.print(f"\n[bold]{escape(say(title))}[/]")
        for line in lines:
            _print(f"· {line}", console, indent=2)
    open_wants = words.open_wants(where, say)
    if open_wants:
        console.print()
        _print(open_wants, console)
    _classes(where, say, console)
    console.print(f"\n[bold]{escape(say('where-best'))}[/]")
    best = _best(where, territory, count)
    if not best:
        _print(say("where-none-left"), console)
    for one in best:
        _told(one, say, console, digits=5 if full else 3)
    if layer is not None:
        status = say("new" if layer.is_new else "unchanged")
        values = {"dataset": layer.version.dataset, "version": layer.version.short, "status": status}
        console.print()
        _print(say(Message("cells-published", values)), console)


def _best(where: Where, territory: Territory, count: int) -> tuple[Told, ...]:
    how = where.suitability
    return told(where, how, where.best(how, count, APART), territory) if count else ()


def _classes(where: Where, say: Translator, console: Console) -> None:
    made = classed(where, where.suitability)
    if not made.classes:
        return
    rows = [
        (words.range_of(one, say), say.number(one.fits), say.number(one.in_doubt)) for one in reversed(made.classes)
    ]
    heads = [say("where-suitability-unit"), say("where-standing.fits"), say("where-standing.in-doubt")]
    console.print()
    console.print(table(heads, rows, numbers=(1, 2)))


def _told(one: Told, say: Translator, console: Console, *, digits: int) -> None:
    point = one.position.point
    score = f"{say.number(one.score_low, 2)}–{say.number(one.score_high, 2)}"
    rank = say("not-ranked") if one.rank is None else _range(*one.rank)
    standing = f"[{_STYLES[one.standing]}]{escape(say(f'where-standing.{one.standing.value}'))}[/]"
    head = f"{bar(one.score_low, one.score_high)} {escape(score)}  {point.lat:.{digits}f}, {point.lon:.{digits}f}"
    console.print(f"{head}  {standing}", no_wrap=True, overflow="ellipsis")
    for line in (f"{say('page.rank')} {rank} · {one.id}", *words.around(one, say)):
        _print(line, console, indent=7, style="dim")


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def _print(line: str, console: Console, *, indent: int = 0, style: str = "") -> None:
    console.print(Padding(escape(line), (0, 0, 0, indent)), style=style or None)
