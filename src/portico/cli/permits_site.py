"""Permits on the sheet of a site in the terminal, and the chart of a plan: eighty columns."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text as Line

from portico.dossier.permits_site import OnSite, SitePermits
from portico.match.model import Outcome
from portico.messages import Message
from portico.translation import Translator

_STYLES = {Outcome.PASS: "green", Outcome.FAIL: "red", Outcome.UNKNOWN: "yellow"}


def show_site(found: SitePermits | None, say: Translator, console: Console) -> None:
    """Print the section on permits; nothing where the city keeps no rules."""
    if found is None:
        return
    console.print(f"\n[bold]{say('permits')}[/]")
    if found.pack is None:
        _print(say(found.broken) if found.broken else "", "", console, 2)
        return
    notes = found.pack.notes
    rules = say(Message("permits-rules", {"title": notes.title, "day": notes.as_of}))
    _print(f"{say(notes.disclaimer)} {rules}", "dim", console, 2)
    for one in found.checks:
        answers = " / ".join(say(answer) for answer in one.answers)
        project = f" ({one.project})" if one.project else ""
        known = f" {answers} ({say('said-by.' + one.said_by)})" if answers else ""
        ask = f" – {say('ageing-ask')}: {say(one.ask.partner.name)}" if one.outcome is Outcome.UNKNOWN else ""
        line = Line(f"{say(one.attribute.question)}{project} ")
        line.append(say("permits-check." + one.outcome.value), _STYLES[one.outcome])
        line.append(f"{known}{ask}")
        console.print(Padding(line, (0, 0, 0, 2)))
    for project_here in found.projects:
        _project(project_here, say, console)
    _print(say("permits-recalled"), "dim", console, 2)


def _project(one: OnSite, say: Translator, console: Console) -> None:
    _print(one.name, "bold", console, 2)
    if one.fault is not None:
        _print(f"{say('permits-not-here')} {say(one.fault)}", "yellow", console, 4)
        return
    counts = ", ".join(say(Message(f"permits-count.{name}", {"count": count})) for name, count in one.counts.items())
    _print(f"{counts}. {say('criterion.days-until-start')}: {say.figure(one.days)}", "", console, 4)
    if one.days.note is not None:
        _print(say(one.days.note), "dim", console, 4)
    for each in one.decided:
        mark = "*" if each.is_recalled else ""
        reasons = " ".join(say(reason) for reason in each.reasons)
        _print(f"{say('permits-need.' + each.need.value)}: {say(each.title)}{mark}. {reasons}", "", console, 6)


def _print(text: str, style: str, console: Console, indent: int) -> None:
    console.print(Padding(Line(text, style=style), (0, 0, 0, indent)))
