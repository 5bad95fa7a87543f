"""Getting the files that a city declares by address. Nothing is fetched unless somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portico.city.fetched import Record, folder_of, on_hand, put_record
from portico.city.model import Source
from portico.city.opening import City
from portico.errors import PorticoError, StateError, UnknownNameError, UsageError
from portico.fetch import Arrival, Fetched, Fetcher
from portico.fetch.addresses import read
from portico.fetch.model import Progress
from portico.fetch.names import file_name
from portico.messages import did_you_mean


@dataclass(frozen=True, slots=True)
class Got:
    """What became of one source: new, unchanged, or an error. ``record`` is of the file that lies here now."""

    source: Source
    record: Record | None
    is_new: bool
    error: PorticoError | None = None


def fetchable(city: City, names: Sequence[str] = ()) -> tuple[Source, ...]:
    """Return the sources with an address, or those of them that are named.

    Raises UnknownNameError with the nearest id for a source nobody knows, UsageError for one without an address.
    """
    sources = {source.id: source for source in city.settings.sources}
    for name in names:
        if name not in sources:
            with_address = [one.id for one in sources.values() if one.address]
            raise UnknownNameError("source-unknown", name=name, advice=did_you_mean(name, with_address))
        if not sources[name].address:
            raise UsageError("source-without-address", name=name)
    return tuple(one for one in sources.values() if (one.id in names if names else one.address))


def get(city: City, source: Source, fetcher: Fetcher, *, at: str, progress: Progress | None = None) -> Got:
    """Fetch the file of ``source``, unless its sender says that nothing changed; whatever fails is in the result.

    What was there before stays until the new file is whole. What had come of a fetch that was cut off is gone on with.
    """
    here = on_hand(city, source)
    before = here.record if here is not None else None
    try:
        if not city.database.is_writable:
            raise StateError("state-read-only", path=city.fetched_folder.parent.name)
        name = file_name("", read(source.address))
        to = folder_of(city, source) / name
        known = before.known if before is not None else None
        found = fetcher.fetch(source.address, to, at=at, known=known, progress=progress, keep_part=True)
        record = _recorded(city, source, found, name, before)
    except PorticoError as error:
        return Got(source, before, is_new=False, error=error)
    _remove_others(city, source, name)
    return Got(source, record, is_new=found.status is Arrival.NEW)


def _recorded(city: City, source: Source, found: Fetched, name: str, before: Record | None) -> Record:
    """Write down what came, or that nothing new did."""
    if found.status is Arrival.UNCHANGED and before is not None:
        record = replace(before, etag=found.etag, last_modified=found.last_modified, checked=found.at)
    else:
        written_ns = (folder_of(city, source) / name).stat().st_mtime_ns
        record = Record(
            name=name,
            address=source.address,
            bytes=found.bytes,
            sha256=found.sha256,
            etag=found.etag,
            last_modified=found.last_modified,
            content_type=found.content_type,
            at=found.at,
            checked=found.at,
            written_ns=written_ns,
        )
    put_record(city, source, record)
    return record


def _remove_others(city: City, source: Source, name: str) -> None:
    """Remove what an earlier address of the source left."""
    for path in folder_of(city, source).iterdir():
        if path.name not in (name, f".{name}.part", f".{name}.part.json"):
            path.unlink(missing_ok=True)
