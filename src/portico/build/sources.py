"""The files a city declares, kept in its folder or fetched, brought to versions; what they are for is judged too."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from portico import __version__
from portico.build.model import Step
from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.city.fetched import OnHand, on_hand
from portico.city.model import Source, Use
from portico.city.opening import City
from portico.errors import InputError
from portico.geo import Box
from portico.lake.arrivals import became, noted
from portico.lake.batch import media_type, slug
from portico.lake.depositing import Arrival, deposit
from portico.lake.found import Format, Workshop
from portico.lake.ingest import examine
from portico.lake.lake import Lake
from portico.lake.receive import from_file
from portico.messages import Finding, Message, Place, Severity, Text

_WITHOUT_TRIPS = "gtfs-no-trips"
_GRAPH = "not-a-table-graphml"


@dataclass(frozen=True, slots=True)
class _Work:
    """One source to be brought in: where it stands in the settings, its file, how that is read."""

    source: Source
    place: Place
    here: OnHand
    streets_in: Box | None
    made: Mapping[str, Any]

    def warning(self, message: Message) -> Finding:
        """Return a warning on this source."""
        return Finding(message, self.place, self.source.id, Severity.WARNING)


def arriving(city: City, lake: Lake, at: str) -> Iterator[Step | Finding]:
    """Bring every file that the city declares to its version; a bundle makes a dataset a table.

    A source that was not fetched, is refused, or cannot serve its use is a warning. A file without address and use
    that is refused stops the build (InputError): it lies in the folder, where it can be mended.
    """
    for number, source in enumerate(city.settings.sources):
        if not (source.file or source.address):
            continue
        place = city.document.place(f"sources.{number}.{'file' if source.file else 'address'}")
        here = on_hand(city, source)
        if here is None:
            yield Finding(_not_fetched(source), place, source.id, Severity.WARNING)
            continue
        work = _work(city, source, place, here)
        try:
            yield from _brought(city, lake, work, at)
        except InputError as error:
            if not (source.address or source.use):
                raise
            if source.use is Use.STREETS and error.message_id == _GRAPH:
                continue  # no table, so no dataset; streets are read from where it lies
            yield work.warning(Message("source-refused", {"id": source.id, "reason": Message.of(error)}))


def _not_fetched(source: Source) -> Message:
    if source.use is Use.STREETS:
        return Message("streets-not-fetched", {"id": source.id})
    if source.use is Use.TIMETABLE:
        return Message("timetable-not-fetched", {"id": source.id})
    return Message("source-not-fetched", {"id": source.id})


def _work(city: City, source: Source, place: Place, here: OnHand) -> _Work:
    settings = city.settings
    streets_in = settings.extent.box if source.use is Use.STREETS else None
    # All that decides what becomes of the bytes: where nothing of it changed, they need not be read again.
    made = {
        "by": __version__,
        "country": settings.calendar.country,
        "extent": list(asdict(settings.extent).values()),
        "streets": streets_in is not None,
        "source": [source.id, dict(source.title), source.publisher, source.licence, source.url],
    }
    return _Work(source, place, here, streets_in, made)


def _brought(city: City, lake: Lake, work: _Work, at: str) -> Iterator[Step | Finding]:
    reports: list[Mapping[str, Any]] = []
    for step, report in _as_before(lake, work) or _ingested(city, lake, work, at):
        reports.append(report)
        yield step
    yield from _judged(work, reports)


def _as_before(lake: Lake, work: _Work) -> Sequence[tuple[Step, Mapping[str, Any]]]:
    """Return the steps of a file that came before and is read as before; none where it is to be read."""
    found = became(lake, work.here.origin, work.here.sha256, work.made)
    return [
        (Step(one.version.dataset, one.version, one.publication, is_new=False, seconds=0.0), one.report)
        for one in found
    ]


def _ingested(city: City, lake: Lake, work: _Work, at: str) -> Iterator[tuple[Step, Mapping[str, Any]]]:
    """Ingest the file of a source; a bundle makes a dataset a table, named after the source and the table."""
    source, settings = work.source, city.settings
    started = time.perf_counter()
    with lake.objects.workshop() as folder:
        received = replace(from_file(work.here.path), origin=work.here.origin)
        shop = Workshop(folder, lake.engine, country=settings.calendar.country, streets_in=work.streets_in)
        found = examine(received, shop, extent=settings.extent.box)
        how = {**_how(work.here), **noted(work.made, len(found))}
        for one in found:
            table = one.name if len(found) > 1 else ""
            dataset = _dataset(source, f"{source.id}-{slug(table)}" if table else source.id, table)
            form = one.parsed.format.value
            distribution = Distribution(f"{dataset.id}.{form}", dataset.id, media_type(form), received.origin)
            made = deposit(lake, one, dataset, distribution, Arrival(received, at, how))
            seconds = time.perf_counter() - started
            yield Step(dataset.id, made.version, made.publication, made.is_new, seconds), one.report()
            started = time.perf_counter()


def _dataset(source: Source, identifier: str, table: str) -> Dataset:
    """Return the entry in the catalogue; the title of a table of a bundle names the table."""
    title = Text({language: f"{text} ({table})" for language, text in source.title.items()}) if table else source.title
    return Dataset(identifier, DatasetKind.FILE, title, source.publisher, source.licence, source_url=source.url)


def _how(here: OnHand) -> dict[str, Any]:
    """Return how the bytes came, for the receipt."""
    if here.record is None:
        return {}
    names = ("etag", "last_modified", "content_type")
    return {name: getattr(here.record, name) for name in names} | {"fetched_at": here.record.at}


def _judged(work: _Work, reports: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Say what keeps streets from being streets, and a timetable from answering trips."""
    if not reports:
        reason = Message("file-without-payload", {"file": work.here.path.name})
        yield work.warning(Message("source-refused", {"id": work.source.id, "reason": reason}))
        return
    if work.source.use is Use.STREETS and not any(one["crs"] for one in reports):
        yield work.warning(Message("streets-not-places", {"id": work.source.id, "format": reports[0]["format"]}))
    if work.source.use is not Use.TIMETABLE:
        return
    if any(one["format"] != Format.GTFS.value for one in reports):
        yield work.warning(Message("timetable-not-gtfs", {"id": work.source.id, "format": reports[0]["format"]}))
    for issue in (issue for one in reports for issue in one["issues"] if issue["type"] == _WITHOUT_TRIPS):
        values = {"id": work.source.id, "missing": issue["values"]["missing"]}
        yield work.warning(Message("timetable-without-trips", values))
