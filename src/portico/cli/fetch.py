"""``fetch``: the files that a city declares by address, and what they are, before and after they are got."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from portico.city import City
from portico.city.fetched import Record, folder_of, on_hand
from portico.city.fetching import Got, fetchable, get
from portico.city.model import Source
from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, err, out, table
from portico.fetch import Fetcher, FetchLimits
from portico.fetch.addresses import shown
from portico.fetch.model import Progress as Heard
from portico.messages import Message
from portico.translation import Translator

_MB = 1e6
_LONGEST_S = 6 * 3600.0  # half a gigabyte over a poor line; what has come stays in any case
_TENTHS = 10
_SAID_EVERY_BYTES = 25_000_000


def fetch(
    *sources: str,
    dry_run: Annotated[bool, Parameter(negative="", help="Only list what would be fetched.")] = False,
    allow_private: Annotated[tuple[str, ...], Parameter(help="A host of the own network that may be asked.")] = (),
    common: Common = DEFAULTS,
) -> int:
    """Get the files that the city declares by address, with size, licence and progress said.

    What did not change is not sent again; what was cut off is gone on with. Exit code 1 where one could not be got.

    Parameters
    ----------
    sources
        Ids of sources in city.toml; all that have an address by default.
    """
    city = common.open()
    wanted = fetchable(city, sources)
    if dry_run:
        return _list(city, wanted, common)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    fetcher = Fetcher(FetchLimits(total_s=_LONGEST_S, allow_private=allow_private))
    got = []
    for source in wanted:
        with _watched(source, common.say) as progress:
            got.append(get(city, source, fetcher, at=at, progress=progress))
    _tell(city, got, common)
    return int(any(one.error is not None for one in got))


def _list(city: City, wanted: tuple[Source, ...], common: Common) -> int:
    """Print what would be fetched: what, whose, under which licence, from where, how large, what is here."""
    here = {source.id: on_hand(city, source) for source in wanted}
    records = {name: found.record for name, found in here.items() if found is not None}
    if common.json:
        as_json([_plain(city, source, records.get(source.id), common.say) for source in wanted])
        return 0
    say, console = common.say, out()
    for number, source in enumerate(wanted):
        record = records.get(source.id)
        if number:
            console.print()
        console.print(f"[bold]{escape(source.id)}[/]  {escape(say(source.title))}")
        lines = [
            (say("publisher"), source.publisher),
            (say("licence"), source.licence),
            (say("fetch.use"), say(f"source-use.{source.use.value}") if source.use else ""),
            (say("fetch.address"), _address(source)),
            (say("fetch.size"), _size(source, record, say) or say("unknown")),
            (say("fetch.here"), say(_here(record, say))),
        ]
        console.print(table(["", ""], [(f"  {name}", text) for name, text in lines if text], header=False))
    if not wanted:
        console.print(say(Message("fetch-nothing-declared", {"city": city.settings.name})), markup=False)
    else:
        console.print(f"\n{say('fetch-how')}", markup=False)
    return 0


def _here(record: Record | None, say: Translator) -> Message:
    if record is None:
        return Message("fetch-not-here")
    return Message("fetch-here-since", {"day": date.fromisoformat(record.at[:10]), "mb": _mb(record.bytes, say)})


def _size(source: Source, record: Record | None, say: Translator) -> str:
    """Return the size that is declared, else that of what came last."""
    if source.size_mb is not None:
        return say(Message("fetch-size-about", {"mb": say.number(source.size_mb)}))
    return f"{_mb(record.bytes, say)} MB" if record else ""


def _address(source: Source) -> str:
    """Return the address whole, but for a query, which may hold a key."""
    return shown(source.address, longest=len(source.address))


def _mb(count: int, say: Translator) -> str:
    return say.number(count / _MB)


@contextmanager
def _watched(source: Source, say: Translator) -> Iterator[Heard]:
    """Say on standard error what is being fetched and how far it is: a bar on a terminal, else a line now and then."""
    console = err()
    values = {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "licence": source.licence,
        "size": _size(source, None, say) or say("fetch-size-unknown"),
    }
    console.print(say(Message("fetch-begins", values)), markup=False)
    console.print(f"  {_address(source)}", style="dim", markup=False, soft_wrap=True)
    if not console.is_terminal:
        yield _Lines(source, say, console)
        return
    columns = (TextColumn("  {task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bars:
        bar = bars.add_task(source.id, total=None)
        yield lambda done, of: bars.update(bar, completed=done, total=of)


class _Lines:
    """Says a line each tenth of a file, or each 25 MB where nobody said how large it is."""

    def __init__(self, source: Source, say: Translator, console: Console) -> None:
        self._source, self._say, self._console = source, say, console
        self._said = 0

    def __call__(self, done: int, of: int | None) -> None:
        reached = done * _TENTHS // of if of else done // _SAID_EVERY_BYTES
        if reached <= self._said:
            return
        self._said = reached
        name, so_far = self._source.id, _mb(done, self._say)
        if of:
            said = Message("fetch-comes-of", {"id": name, "done": so_far, "total": _mb(of, self._say)})
        else:
            said = Message("fetch-comes", {"id": name, "done": so_far})
        self._console.print(f"  {self._say(said)}", markup=False)


def _tell(city: City, got: list[Got], common: Common) -> None:
    """Print what became of each source."""
    say = common.say
    if common.json:
        as_json([_plain(city, one.source, one.record, say) | _outcome(one, say) for one in got])
        return
    if not got:
        out().print(say(Message("fetch-nothing-declared", {"city": city.settings.name})), markup=False)
        return
    rows = [
        (
            one.source.id,
            say(f"fetched.{_status(one)}"),
            _mb(one.record.bytes, say) if one.record else "",
            _file(city, one.source, one.record),
        )
        for one in got
    ]
    out().print(table([say("source-id"), say("outcome"), "MB", say("file")], rows, numbers=(2,)))
    for one in got:
        if one.error is not None:
            err().print(f"✗ {one.source.id}: {say(Message.of(one.error))}", markup=False)
    if any(one.is_new for one in got):
        err().print(say("fetch-next"), markup=False)


def _status(one: Got) -> str:
    return "failed" if one.error is not None else "new" if one.is_new else "unchanged"


def _outcome(one: Got, say: Translator) -> dict[str, Any]:
    told: dict[str, Any] = {"status": _status(one)}
    if one.error is not None:
        told |= {"error": one.error.message_id, "message": say(Message.of(one.error))}
    return told


def _file(city: City, source: Source, record: Record | None) -> str:
    return str((folder_of(city, source) / record.name).relative_to(city.folder)) if record else ""


def _plain(city: City, source: Source, record: Record | None, say: Translator) -> dict[str, Any]:
    """Return a source and what lies here of it as plain data."""
    return {
        "source": source.id,
        "title": say(source.title),
        "publisher": source.publisher,
        "licence": source.licence,
        "use": source.use.value if source.use else "",
        "address": _address(source),
        "size_mb": source.size_mb,
        "status": "not-fetched" if record is None else "here",
        "file": _file(city, source, record),
        "bytes": record.bytes if record else None,
        "sha256": record.sha256 if record else "",
        "fetched_at": record.at if record else "",
        "checked_at": record.checked if record else "",
    }
