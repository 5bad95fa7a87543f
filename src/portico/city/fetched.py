"""Files that a city declares: those of its folder, and those that were fetched into its working state.

A fetched file lies at ``.portico/fetched/SOURCE/NAME``, with a record of what it is and where it came from beside the
folder, in ``.portico/fetched/SOURCE.json``. The file is put in its place first and recorded then. A file that is not
what its record says (changed by hand, or its fetch was killed between the two) is not used: nobody could cite it.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from portico.city.model import Source
from portico.city.opening import City
from portico.errors import StateError
from portico.fetch import Known


@dataclass(frozen=True, slots=True)
class Record:
    """What a fetched file is: its name, the address it came from, what its sender said of it.

    ``at`` is when the bytes came, ``checked`` when the sender last said that they still stand (both ISO 8601);
    ``written_ns`` is the file system's time of the file: while it stands, the bytes need not be read to know them.
    """

    name: str
    address: str
    bytes: int
    sha256: str
    etag: str
    last_modified: str
    content_type: str
    at: str
    checked: str
    written_ns: int

    @property
    def known(self) -> Known:
        """What to say when the same address is asked again."""
        return Known(self.etag, self.last_modified, self.sha256, self.bytes)


@dataclass(frozen=True, slots=True)
class OnHand:
    """The file of a source, ready to be read. ``origin`` is its name in the city folder, or its address.

    ``record`` says how it came, where it was fetched.
    """

    path: Path
    sha256: str
    origin: str
    record: Record | None = None


def on_hand(city: City, source: Source) -> OnHand | None:
    """Return the file of ``source``; nothing where there is none, or none that came from the address it has now."""
    if source.file:
        path = city.folder / source.file
        return OnHand(path, _hash_of(path), source.file) if path.is_file() else None
    record = record_of(city, source)
    if record is None:
        return None
    path = folder_of(city, source) / record.name
    return OnHand(path, record.sha256, source.address, record) if _is_as_recorded(path, record) else None


def folder_of(city: City, source: Source) -> Path:
    """Return the folder for the file of ``source``."""
    return city.fetched_folder / source.id


def record_of(city: City, source: Source) -> Record | None:
    """Return the record of what was fetched for ``source`` from its address; nothing where none is whole."""
    try:
        plain = json.loads(_record_file(city, source).read_text("utf-8"))
        record = Record(**plain)
    except (OSError, ValueError, TypeError):
        return None
    if any(type(getattr(record, one.name)).__name__ != one.type for one in fields(Record)):
        return None
    return record if record.address == source.address and Path(record.name).name == record.name else None


def put_record(city: City, source: Source, record: Record) -> None:
    """Keep ``record``: whole or, after any error, as it was before. Raises StateError where the disk refuses."""
    place = _record_file(city, source)
    written = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with written.open("w", encoding="utf-8") as file:
            json.dump(asdict(record), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        written.replace(place)
    except OSError as error:
        written.unlink(missing_ok=True)
        raise StateError("state-failed", path=place.name, detail=error.strerror or str(error)) from error


def _record_file(city: City, source: Source) -> Path:
    return city.fetched_folder / f"{source.id}.json"


def _is_as_recorded(path: Path, record: Record) -> bool:
    """Say whether a file is the one that was recorded; a copy of it, with another time, is read to know."""
    try:
        seen = path.stat()
        same_time = seen.st_mtime_ns == record.written_ns
        return seen.st_size == record.bytes and (same_time or _hash_of(path) == record.sha256)
    except OSError:
        return False


def _hash_of(path: Path) -> str:
    seen = path.stat()
    return _hashed(path, seen.st_size, seen.st_mtime_ns)


@functools.lru_cache(maxsize=64)
def _hashed(path: Path, size: int, written_ns: int) -> str:  # noqa: ARG001 - they tell one state of a file from another
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
