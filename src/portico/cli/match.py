"""``match BRIEF``: the reasoned shortlist in the terminal, as JSON, or as a page to keep."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from portico.build import lake_of
from portico.cli.common import DEFAULTS, AsOf, Common, today
from portico.cli.match_where import NOWHERE, WhereAsked, match_where
from portico.cli.show import as_json, bar, err, out
from portico.dossier import plain
from portico.dossier.report import write_report
from portico.match import briefs
from portico.match.model import Decided, Entry, Outcome, Shortlist
from portico.match.shortlist import shortlist
from portico.messages import Message
from portico.territory.layers import territory
from portico.translation import Translator

_IN_FULL = 5
_MARKS = {
    Outcome.PASS: "[green]✓[/]",
    Outcome.FAIL: "[red]✗[/]",
    Outcome.UNKNOWN: "[yellow]?[/]",
    Outcome.STALE: "[yellow]~[/]",
}


def match(
    brief: str,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    full: bool = False,
    as_of: AsOf = None,
    where: WhereAsked = NOWHERE,
    common: Common = DEFAULTS,
) -> int:
    """Answer a brief: qualified sites, sites to verify with the next question, and why the others are left out.

    Parameters
    ----------
    brief
        A file, or a name in the city's briefs/.
    output
        Also write the answer as one HTML file that needs nothing else; with --where as .geojson, .csv, .parquet, .gpkg.
    full
        Give reasons for every site, not only the first five of each group.
    """
    city = common.open()
    read = briefs.read(city, brief)
    if where.where:
        return match_where(read, where, today(as_of), output, common, full=full)
    where.refuse_alone()
    lake = lake_of(city)
    answer = shortlist(read, territory(city, lake), today(as_of))
    if output:
        write_report(answer, city.settings, lake, common.say, output)
        err().print(common.say(Message("report-written", {"file": str(output)})), markup=False)
    if common.json:
        as_json(plain.shortlist(answer, common.say))
    else:
        show(answer, common.say, out(), full=full)
    return 0


def show(answer: Shortlist, say: Translator, console: Console, *, full: bool = False) -> None:
    """Print a shortlist for people."""
    console.print(f"[bold]{escape(say(answer.brief.title))}[/]  {escape(say.day(answer.as_of))}")
    values = {"qualified": len(answer.qualified), "to_verify": len(answer.to_verify), "excluded": len(answer.excluded)}
    console.print(escape(say(Message("match-summary", values))))
    for name, entries in (("qualified", answer.qualified), ("to-verify", answer.to_verify)):
        console.print(f"\n[bold]{escape(say(f'group.{name}'))}[/] ({len(entries)})")
        if not entries:
            console.print(escape("  " + say(f"group.{name}.empty")))
        for number, entry in enumerate(entries):
            _entry(entry, say, console, full=full or number < _IN_FULL)
    _excluded(answer, say, console, full=full)
    _relaxations(answer, say, console)


def _entry(entry: Entry, say: Translator, console: Console, *, full: bool) -> None:
    rank = say("not-ranked") if entry.rank is None else _range(entry.rank.low, entry.rank.high)
    score = f"{say.number(entry.score_low, 2)}–{say.number(entry.score_high, 2)}"
    name = f"[bold]{escape(say(entry.site.name))}[/]"
    interval = f"{bar(entry.score_low, entry.score_high)} {escape(score)}"
    console.print(f"[bold]{escape(rank):>6}[/] {interval}  {name}", no_wrap=True, overflow="ellipsis")
    if not full:
        return
    for decided in entry.musts:
        _must(decided, say, console)
    for one in sorted(entry.contributions, key=lambda each: -each.share):
        _indented(f"{say.number(100 * one.share)} %  {say(one.words)}", console)
    for question in entry.questions[:3]:
        values = {"question": question.words, "who": question.ask.name, "by": question.by}
        _indented("→ " + say(Message("question-to", values)), console, style="cyan")
    who = entry.who_answers
    values = {"name": who.partner.name, "office": who.partner.office, "by": who.by}
    words = Message(f"answers-by.{who.partner.commitment.value}", {**values, "count": who.partner.working_days})
    _indented(say(words), console, style="dim")


def _must(decided: Decided, say: Translator, console: Console) -> None:
    recalled = f" [{say('recalled')}]" if decided.measured.found.is_recalled else ""
    _indented(
        f"{plain.name_of(decided.must, say)}: {say(decided.reason)}{recalled}", console, mark=_MARKS[decided.outcome]
    )


def _indented(text: str, console: Console, *, mark: str = "", style: str = "") -> None:
    console.print(Padding(f"{mark + ' ' if mark else ''}{escape(text)}", (0, 0, 0, 7)), style=style)


def _excluded(answer: Shortlist, say: Translator, console: Console, *, full: bool) -> None:
    near = [entry for entry in answer.excluded if entry.is_near_miss]
    console.print(f"\n[bold]{escape(say('group.excluded'))}[/] ({len(answer.excluded)})")
    for entry in near:
        short = say(plain.near_miss(entry.failed[0]))
        console.print(escape(f"  {say(entry.site.name)}: {short}"), style="yellow")
    rest = [entry for entry in answer.excluded if not entry.is_near_miss]
    for entry in rest if full else rest[:_IN_FULL]:
        reasons = "; ".join(f"{plain.name_of(one.must, say)}: {say(one.reason)}" for one in entry.failed)
        console.print(Padding(escape(f"{say(entry.site.name)}: {reasons}"), (0, 0, 0, 2)))
    if not full and len(rest) > _IN_FULL:
        console.print(escape("  " + say(Message("and-more", {"count": len(rest) - _IN_FULL}))), style="dim")


def _relaxations(answer: Shortlist, say: Translator, console: Console) -> None:
    if answer.relaxations:
        console.print(f"\n[bold]{escape(say('what-would-free'))}[/]")
    for one in answer.relaxations:
        console.print(Padding(escape("· " + say(plain.relaxation_words(one))), (0, 0, 0, 2)))


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"
