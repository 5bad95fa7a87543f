"""``ingest``: files, folders, archives, standard input and addresses into a lake."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from cyclopts import Parameter

from portico.build import lake_of
from portico.cli.common import DEFAULTS, Common
from portico.cli.files import NOTHING, STDIN, Habits, Telling, habits_of, neighbours
from portico.cli.show import as_json, err, out, table
from portico.database import Database
from portico.errors import CityNotFoundError, PorticoError, UsageError
from portico.fetch import Fetcher, FetchLimits, Known
from portico.lake.arrivals import became
from portico.lake.batch import About, Done, Task, as_before, ingest_one, slug, whereabouts
from portico.lake.found import Workshop
from portico.lake.lake import Lake, open_engine, open_lake
from portico.lake.model import Receipt
from portico.lake.privacy import Personal
from portico.lake.queries import last_receipt
from portico.lake.receive import from_stream, is_part
from portico.messages import Message
from portico.runner import ErrorReport, Here, Outcome, Processes, Runner

DATABASE = "portico.sqlite"
_ADDRESS = re.compile("[A-Za-z][A-Za-z0-9+.-]*://")


@Parameter(name="*")
@dataclass(frozen=True)
class Describing:
    """What a person says of the dataset; what is left out stays as the catalogue knows it."""

    dataset: Annotated[str, Parameter(help="The id of the dataset; else it comes from the name of the file.")] = ""
    title: Annotated[str, Parameter(help="The title of the dataset.")] = ""
    publisher: Annotated[str, Parameter(help="Who publishes it.")] = ""
    licence: Annotated[str, Parameter(help="Its licence, as CC-BY-4.0.")] = ""
    attribution: Annotated[str, Parameter(help="How it asks to be cited.")] = ""


UNSAID = Describing()


def ingest(
    *paths: str,
    dry_run: Annotated[bool, Parameter(negative="", help="Examine only; write nothing.")] = False,
    lake: Annotated[str, Parameter(help="A folder to keep a lake in, instead of a city's.")] = "",
    describing: Describing = UNSAID,
    jobs: Annotated[int, Parameter(help="Processes for many files; 0 for as many as there are processors.")] = 0,
    allow_private: Annotated[tuple[str, ...], Parameter(help="A host of the own network that may be asked.")] = (),
    telling: Telling = NOTHING,
    common: Common = DEFAULTS,
) -> int:
    """Bring files into the lake: typed, checked, versioned; what does not fit is kept as rejects.

    Exit code 1 where a file was refused or is held because of personal data.

    Parameters
    ----------
    paths
        Files, folders, archives, addresses (https://…), or - for standard input.
    """
    if not paths:
        raise UsageError("ingest-nothing")
    said = describing
    about = About(said.dataset, said.title, said.publisher, said.licence, said.attribution)
    target, habits = _target(lake, common, dry_run=dry_run)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with tempfile.TemporaryDirectory(prefix="portico-") as folder:
        place = whereabouts(target) if target is not None and not dry_run else None
        pattern = Task("", place, at, about, telling.told(), extent=habits.extent, country=habits.country)
        gathering = _Gathering(Path(folder), target, pattern, allow_private, common)
        tasks = list(gathering.tasks(paths))
        if said.dataset and len(tasks) > 1:
            raise UsageError("ingest-one-dataset", count=len(tasks))
        tasks = _apart(tasks)
        runner: Runner = Here() if len(tasks) < 3 or jobs == 1 else Processes(jobs or None)  # noqa: PLR2004
        outcomes = list(_watched(runner, tasks, common))
    return _say([*gathering.settled, *outcomes], common)


def _target(lake: str, common: Common, *, dry_run: bool) -> tuple[Lake | None, Habits]:
    """Return the lake to write to and the habits of its city. A dry run needs neither."""
    if lake:
        folder = Path(lake)
        return open_lake(Database(folder / DATABASE), folder / "lake"), Habits()
    try:
        opened = common.open()
    except CityNotFoundError:
        if dry_run and not common.city:
            return None, Habits()
        raise
    return lake_of(opened), habits_of(opened)


class _Gathering:
    """Finds what there is to ingest; fetches what lies elsewhere."""

    def __init__(self, folder: Path, lake: Lake | None, pattern: Task, allowed: Sequence[str], common: Common) -> None:
        """Make tasks like ``pattern``; what is fetched lies in ``folder`` until it is ingested."""
        self._folder, self._lake, self._pattern = folder, lake, pattern
        self._allowed, self._common = tuple(allowed), common
        self.settled: list[Outcome[Task, tuple[Done, ...]]] = []

    def tasks(self, paths: Sequence[str]) -> Iterator[Task]:
        """Yield one task a file, in the order of names."""
        for given in paths:
            if given == STDIN:
                yield self._from_stdin()
            elif _ADDRESS.match(given):
                yield from self._fetched(given)
            elif Path(given).is_dir():
                for path in sorted(Path(given).rglob("*")):
                    if path.is_file() and not path.is_symlink() and not path.name.startswith(".") and not is_part(path):
                        yield self._task(path)
            else:
                yield self._task(Path(given))

    def _task(self, path: Path) -> Task:
        return replace(self._pattern, path=str(path), beside=tuple(map(str, neighbours(path))))

    def _from_stdin(self) -> Task:
        received = from_stream(sys.stdin.buffer, "standard-input", Workshop(self._folder, open_engine()))
        return replace(self._pattern, path=str(received.path), name=received.name, origin=received.origin)

    def _fetched(self, url: str) -> Iterator[Task]:
        """Yield the task of what lies at an address, where that is there and not what came the last time."""
        before, known = self._before(url)
        target = self._folder / os.urandom(6).hex()
        console = err()
        console.print(self._common.say(Message("ingest-fetching", {"address": url})), markup=False)
        try:
            got = Fetcher(FetchLimits(allow_private=self._allowed)).fetch(url, target, at=self._pattern.at, known=known)
        except PorticoError as error:
            report = ErrorReport(Message(error.message_id, dict(error.values)))
            self.settled.append(Outcome(replace(self._pattern, path=url), None, report))
            return
        if got.path is None:
            self.settled.append(Outcome(replace(self._pattern, path=url), before, None))
            return
        how = {"etag": got.etag, "last_modified": got.last_modified, "content_type": got.content_type}
        yield replace(self._pattern, path=str(target), name=got.file_name, origin=url, how=how)

    def _before(self, url: str) -> tuple[tuple[Done, ...], Known | None]:
        """Return what became of an address the last time, and what the server may be asked to compare with.

        Nothing where what is told, or said of the dataset, is not what it was then: the bytes are then needed again.
        """
        if self._lake is None or self._pattern.lake is None:
            return (), None
        last = last_receipt(self._lake, url)
        before = became(self._lake, url, last.sha256, self._pattern.made) if last else ()
        return tuple(map(as_before, before)), _known(last) if last and before else None


def _known(last: Receipt) -> Known:
    """Return what the last receipt from an address knows, so that the server may answer that nothing changed."""
    etag, modified = str(last.how.get("etag", "")), str(last.how.get("last_modified", ""))
    return Known(etag, modified, last.sha256, last.size)


def _apart(tasks: Sequence[Task]) -> list[Task]:
    """Give files that would make the same dataset ids that tell them apart: folders before the name, its ending behind.

    No more folders than are needed. Of what was fetched they are those of its address, its host the outermost.
    """
    alike: dict[str, list[int]] = {}
    for index, one in enumerate(tasks):
        if not one.about.dataset:
            alike.setdefault(slug(_name(one).split(".")[0]), []).append(index)
    apart = list(tasks)
    for indexes in alike.values():
        if len(indexes) > 1:
            for index, told in zip(indexes, _told_apart([tasks[index] for index in indexes]), strict=True):
                apart[index] = replace(tasks[index], about=replace(tasks[index].about, dataset=told))
    return apart


def _told_apart(tasks: Sequence[Task]) -> list[str]:
    places = [_folders(one) for one in tasks]
    found: list[str] = []
    for depth in range(1, max(map(len, places)) + 1):
        found = [slug("-".join((*place[-depth:], _name(one)))) for place, one in zip(places, tasks, strict=True)]
        if len(set(found)) == len(found):
            break
    return found


def _name(one: Task) -> str:
    return one.name or Path(one.path).name


def _folders(one: Task) -> tuple[str, ...]:
    if _ADDRESS.match(one.origin):
        address = urlsplit(one.origin)
        return (address.hostname or "", *(part for part in address.path.split("/")[:-1] if part))
    return Path(one.path).absolute().parent.parts


def _watched(runner: Runner, tasks: Sequence[Task], common: Common) -> Iterator[Outcome[Task, tuple[Done, ...]]]:
    """Run the tasks and say on standard error how far they are."""
    console = err()
    for number, outcome in enumerate(runner.map(ingest_one, tasks), start=1):
        if len(tasks) > 1 and (console.is_terminal or number % 100 == 0 or number == len(tasks)):
            name = _name(outcome.item)
            values = {"number": number, "total": len(tasks), "file": name}
            console.print(common.say(Message("ingest-progress", values)), markup=False)
        yield outcome


def _plain(outcomes: Sequence[Outcome[Task, tuple[Done, ...]]], common: Common) -> list[dict[str, Any]]:
    """Return what became of each file, as plain data with sentences."""
    say = common.say
    results: list[dict[str, Any]] = []
    for outcome in outcomes:
        name = _name(outcome.item)
        if outcome.error is not None:
            kind, message = outcome.error.message.id, say(outcome.error.message)
            results.append({"file": name, "status": "refused", "error": kind, "message": message})
        elif not outcome.value:
            message = say(Message("file-without-payload", {"file": name}))
            results.append({"file": name, "status": "empty", "message": message})
        for done in outcome.value or ():
            plain = {field: getattr(done, field) for field in Done.__dataclass_fields__}
            results.append({"file": name, **plain, "personal": list(done.personal)})
    return results


def _say(outcomes: Sequence[Outcome[Task, tuple[Done, ...]]], common: Common) -> int:
    """Print what became of each file; return the exit code."""
    results = _plain(outcomes, common)
    say = common.say
    bad = any(one["status"] in ("refused", "held", "would-hold") for one in results)
    if common.json:
        as_json(results)
        return int(bad)
    rows = [
        (
            str(one.get("dataset", one["file"])),
            say(f"ingested.{one['status']}"),
            say.number(one["rows"]) if "rows" in one else "",
            say.number(one["rejects"]) if one.get("rejects") else "",
            str(one.get("version", ""))[:12],
        )
        for one in results
    ]
    out().print(
        table([say("dataset"), say("outcome"), say("rows"), say("rejects"), say("version")], rows, numbers=(2, 3))
    )
    for one in results:
        if "message" in one:
            err().print(f"✗ {one['file']}: {one['message']}", markup=False)
        for personal in one.get("personal", ()):
            err().print(f"! {one['dataset']}: {say(Personal(**personal).message)}", markup=False)
    noted = sum(int(one.get("issues", 0)) for one in results)
    if noted:
        err().print(say(Message("ingest-noted", {"count": noted})), markup=False)
    if any(one["status"] == "held" for one in results):
        err().print(say(Message("ingest-how-to-decide", {})), markup=False)
    return int(bad)
