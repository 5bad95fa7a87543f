"""``compare SITE SITE…``: two to five sites side by side in the terminal, under a brief where one is given."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from portico.build import lake_of
from portico.cli.common import DEFAULTS, AsOf, Common, today
from portico.cli.show import as_json, out, table
from portico.dossier import by_brief as under
from portico.dossier import plain
from portico.dossier.comparison import Comparison, comparison, sites_of, to_dict
from portico.dossier.site_sheet import Line
from portico.figures import Figure
from portico.match import briefs
from portico.match.shortlist import shortlist
from portico.messages import Message, Text
from portico.territory.layers import territory
from portico.territory.model import Mode
from portico.translation import Translator

_LETTERS = "ABCDE"
_USUAL = (Mode.CAR, Mode.TRANSIT)


def compare(*sites: str, brief: str = "", full: bool = False, as_of: AsOf = None, common: Common = DEFAULTS) -> int:
    """Put two to five sites side by side: what is known of each, how near it is, what differs for certain.

    Parameters
    ----------
    sites
        The ids of the sites, as `portico sites` prints them.
    brief
        Also what each must and want of this brief came to: a file, or a name in the city's briefs/.
    full
        Minutes on foot and by bicycle too, not only by car and public transport.
    """
    names, city, say, day = sites_of(sites), common.open(), common.say, today(as_of)
    read = briefs.read(city, brief) if brief else None
    land = territory(city, lake_of(city))
    found = comparison(land, names, day)
    contested = under.by_brief(shortlist(read, land, day), names) if read else None
    if common.json:
        as_json(to_dict(found, say) | ({"by_brief": under.to_dict(contested, say)} if contested else {}))
        return 0
    console = out()
    for letter, site in zip(_LETTERS, found.sites, strict=False):
        console.print(f"[bold]{letter}[/]  {escape(say(site.name))}  [dim]{escape(site.id)}[/]")
    if contested:
        _by_brief(contested, say, console)
    _stated(found, say, console)
    _minutes(found, say, console, tuple(Mode) if full else _USUAL)
    return 0


def _side_by_side(title: str, rows: Sequence[Sequence[str]], count: int, say: Translator, console: Console) -> None:
    console.print(f"\n[bold]{escape(title)}[/]")
    if rows:
        console.print(table([say("page.compare.what"), *_LETTERS[:count]], rows))


def _by_brief(found: under.ByBrief, say: Translator, console: Console) -> None:
    rows = [
        [say("page.compare.group"), *(say(f"group.{one.group.value.replace('_', '-')}") for one in found.entries)],
        [say("page.score"), *(_score(one.score_low, one.score_high, say) for one in found.entries)],
        *([_cut(plain.name_of(row.must, say)), *(say(f"outcome.{one.outcome.value}") for one in row.cells)]
          for row in found.musts),
        *([f"{_cut(plain.name_of(row.want, say))} ({say.number(100 * row.share, 0)} %)",
           *(under.worth(one, say) for one in row.cells)] for row in found.wants),
    ]  # fmt: skip
    _side_by_side(say(found.answer.brief.title), rows, len(found.entries), say, console)
    for row in found.wants:
        if row.differs:
            console.print(Padding(escape(f"· {plain.name_of(row.want, say)}: {say(row.verdict)}"), (0, 0, 0, 2)))


def _score(low: float, high: float, say: Translator) -> str:
    return f"{say.number(100 * low, 0)}–{say.number(100 * high, 0)}"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 - two lines of a column


def _stated(found: Comparison, say: Translator, console: Console) -> None:
    rows = [[say(row.label), *(_line(line, row.name, say) for line in row.lines)] for row in found.attributes]
    _side_by_side(say("page.compare.known"), rows, len(found.sites), say, console)
    for row in found.attributes:
        if row.differs:
            console.print(Padding(escape(f"· {say(row.label)}: {say(row.verdict)}"), (0, 0, 0, 2)))
    if found.unstated:
        names = ", ".join(say(label) for label in found.unstated)
        console.print(Padding(escape(f"? {say('page.compare.unstated')} {names}"), (0, 0, 0, 2)), style="yellow")


def _line(line: Line | None, name: str, say: Translator) -> str:
    if line is None or not line.is_known:
        return "?"
    if isinstance(line.found, Text):
        return say(line.found)
    return say.figure(line.found) if isinstance(line.found, Figure) else say.statement(line.found, name)


def _minutes(found: Comparison, say: Translator, console: Console, modes: Sequence[Mode]) -> None:
    rows = [
        [
            say(
                Message("nearest-by", {"kind": Message(f"kind.{row.kind}"), "mode": Message(f"mode.{row.mode.value}")})
            ),
            *(say.figure(cell.minutes) if cell.minutes.is_known else "?" for cell in row.cells),
        ]
        for row in found.minutes
        if row.is_known and row.mode in modes
    ]
    _side_by_side(say("page.compare.near"), rows, len(found.sites), say, console)
    for site in found.sites:
        near = [
            f"{say(f'kind.{kind}')} ({', '.join(say(f'mode.{mode.value}') for mode in modes)})"
            for kind, modes in found.nearer(site)
        ]
        told = f"{say('page.compare.nearer-to')} {'; '.join(near)}" if near else say("page.compare.nearer-to-nothing")
        console.print(Padding(escape(f"· {say(site.name)}: {told}"), (0, 0, 0, 2)))
