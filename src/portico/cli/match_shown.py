"""How the answer to a brief is printed: the groups, how firm their order is, by another method, what changed."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from portico.cli.show import bar, table
from portico.dossier import plain
from portico.dossier.changed import version_words, why
from portico.match import firm_words
from portico.match.model import Decided, Entry, Outcome, Shortlist
from portico.match.outranking import ByMethod
from portico.match.robustness import Firmness, Robustness
from portico.match.since import Changes
from portico.messages import Message
from portico.translation import Translator

_IN_FULL = 5
_MARKS = {
    Outcome.PASS: "[green]✓[/]",
    Outcome.FAIL: "[red]✗[/]",
    Outcome.UNKNOWN: "[yellow]?[/]",
    Outcome.STALE: "[yellow]~[/]",
}


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
        _point(say(plain.relaxation_words(one)), console)


def _point(text: str, console: Console) -> None:
    console.print(Padding(escape("· " + text), (0, 0, 0, 2)))


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"


def show_firmness(found: Robustness, say: Translator, console: Console) -> None:
    """Print how firm the order of each group is, and what to find out next."""
    for one in found.groups:
        name = one.group.value.replace("_", "-")
        console.print(f"\n[bold]{escape(say('robust-title'))}[/]: {escape(say(f'robust-group.{name}'))}")
        for firm in sorted(one.entries, key=lambda each: -(each.first.value or 0.0))[:_IN_FULL]:
            _point(f"{say(firm.site.name)}: {say(firm_words.first_words(firm))}", console)
        _sentences(one, say, console)
    if found.contenders:
        console.print(f"\n[bold]{escape(say('robust-next.qualified'))}[/]")
    for contender in found.contenders[: firm_words.TOLD]:
        _point(say(firm_words.contender_words(contender)), console)


def _sentences(one: Firmness, say: Translator, console: Console) -> None:
    for sentence in firm_words.sentences(one):
        _point(say(sentence), console)
    for unknown in firm_words.next_told(one):
        console.print(Padding(escape("→ " + say(firm_words.find_out_words(unknown))), (0, 0, 0, 2)), style="cyan")


def show_method(found: ByMethod, say: Translator, console: Console) -> None:
    """Print the groups in the order of a method, and what it does not see."""
    console.print(f"\n[bold]{escape(say(f'rank-method.{found.method.value}'))}[/]")
    for remark in found.remarks:
        console.print(Padding(escape("! " + say(remark)), (0, 0, 0, 2)))
    for group, placed in found.groups:
        if placed:
            console.print(escape(say(f"group.{group.value.replace('_', '-')}")))
            rows = [[str(one.rank), say.number(one.score.value or 0.0, 3), say(one.site.name)] for one in placed]
            columns = [say("rank-place"), say("rank-score"), say("robust-column.site")]
            console.print(Padding(table(columns, rows, numbers=(0, 1)), (0, 0, 0, 2)))


def show_changes(found: Changes, say: Translator, console: Console) -> None:
    """Print what changed since an earlier moment: versions, then sites with the rows that did it."""
    console.print(f"\n[bold]{escape(say(Message('change-title', {'day': found.since.date()})))}[/]")
    console.print(Padding(escape(say("change-present")), (0, 0, 0, 2)), style="dim")
    for one in found.versions:
        _point(say(version_words(one, say)), console)
    if not found.versions:
        _point(say("change-versions-none"), console)
    for entry in found.entries:
        console.print(Padding(f"[bold]{escape(say(entry.site.name))}[/]", (0, 0, 0, 2)))
        for words in entry.words:
            _indented(say(words), console)
        for reason in why(entry, say):
            _indented("← " + say(reason), console, style="dim")
    _point(say(Message("change-same", {"count": found.same})) if found.entries else say("change-none"), console)
