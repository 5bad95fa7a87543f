"""Whether all that is kept is whole: the database, every file, every version's content; and what lies about."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import duckdb

from portico.errors import NotBuiltError
from portico.lake import identity, store
from portico.lake.contents import contents
from portico.lake.keeping.cleanup import ABANDONED_S
from portico.lake.keeping.files import Lying, Sort, lying
from portico.lake.keeping.standing import Beside, Standing, moment
from portico.lake.lake import Lake
from portico.lake.model import Version
from portico.lake.objects import file_hash
from portico.messages import Finding, Message, Place, Severity

Progress = Callable[[int, int, str], None]
"""Is told how many files were looked at, of how many, and the name of the next."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and everything wrong with it: errors for what is lost, warnings for what lies about."""

    versions: int
    files: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is lost or damaged."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)


def verify(
    lake: Lake,
    *,
    at: str,
    deep: bool = False,
    beside: Beside = store.files_beside,
    progress: Progress = lambda _done, _of, _file: None,
) -> Verified:
    """Look over the whole lake: every file there with the bytes of its manifest, the database consistent.

    ``deep`` also reads every version and computes its rows and identity again. ``at`` (ISO 8601) is now: files without
    a row count as left over when they are an hour old. Raises NotBuiltError where nothing was ever published.
    """
    if not lake.database.exists:
        raise NotBuiltError("not-built")
    there = sorted(lying(lake.objects.folder), key=lambda one: one.name)
    with lake.database.read() as connection:
        broken = store.damage(connection)
        standing = Standing.read(connection)
        extra = beside(connection, standing.names, moment(at).astimezone(UTC).isoformat(timespec="seconds"))
    name = lake.database.path.name
    findings = [Finding(Message("verify-database", {"detail": text}), Place(name)) for text in broken]
    findings += _of_log(standing, name)
    of = len(standing.versions) + len(extra)
    hashes: dict[str, str] = {}
    for done, version in enumerate(standing.versions):
        progress(done, of, version.file)
        found = list(_of_version(lake, version, hashes, deep=deep))
        findings += found if found and _is_still_kept(lake, version) else ()
    for done, (file, (dataset, sha256)) in enumerate(sorted(extra.items()), start=len(standing.versions)):
        progress(done, of, file)
        findings += _of_file(lake, file, dataset, sha256)
    known = {one.file for one in standing.versions} | set(extra)
    findings += _lying_about(there, known, moment(at).timestamp() - ABANDONED_S)
    return Verified(len(standing.versions), of, tuple(findings))


def _of_log(standing: Standing, name: str) -> Iterator[Finding]:
    """Look over heads, log and citations."""
    numbers: dict[str, list[int]] = defaultdict(list)
    versions = {}
    for entry in standing.publications:
        numbers[entry.dataset].append(entry.number)
        versions[entry.dataset, entry.number] = entry.version
    for dataset, found in numbers.items():
        if found != list(range(1, len(found) + 1)):
            yield Finding(Message("verify-log", {"dataset": dataset}), Place(name))
    for dataset in sorted(set(numbers) | set(standing.heads)):
        number = standing.heads.get(dataset, 0)
        version = versions.get((dataset, number))
        if version is None or number != max(numbers[dataset]):
            yield Finding(Message("verify-head", {"dataset": dataset, "number": number}), Place(name))
        elif (dataset, version) not in standing.names:
            yield Finding(Message("verify-head-version", {"dataset": dataset, "version": version[:12]}), Place(name))
    for (dataset, version), by in standing.citations.items():
        if (dataset, version) not in standing.names:
            values = {"dataset": dataset, "version": version[:12], "by": by}
            yield Finding(Message("verify-cited", values), Place(name))


def _of_version(lake: Lake, version: Version, hashes: dict[str, str], *, deep: bool) -> Iterator[Finding]:
    """Look over the file of one version; ``hashes`` holds those of files already read."""
    names, place = {"dataset": version.dataset, "version": version.short}, Place(version.file)
    path = lake.objects.path(version.file)
    try:
        size = path.stat().st_size
        if version.file not in hashes:
            hashes[version.file] = file_hash(path)
    except OSError as error:
        detail = error.strerror or str(error)
        yield Finding(Message("verify-file-missing", {**names, "detail": detail}), place)
        return
    if (size, hashes[version.file]) != (version.file_bytes, version.file_sha256):
        yield Finding(Message("verify-file-changed", names), place)
    elif deep:
        yield from _of_content(lake, version)


def _of_content(lake: Lake, version: Version) -> Iterator[Finding]:
    """Read a version and compute its rows and identity again."""
    names, place = {"dataset": version.dataset, "version": version.short}, Place(version.file)
    cursor = lake.engine.cursor(spatial=any(column.is_geometry for column in version.columns))
    relation = contents(lake, version)
    try:
        counted = cursor.execute(f"SELECT count(*) FROM {relation}").fetchone()
        rows = int(counted[0]) if counted else 0
        with tempfile.TemporaryDirectory() as folder:  # the lake's own folder may be read-only
            content = identity.content_hash(cursor, version.columns, relation, rows, Path(folder) / "hashes.parquet")
    except duckdb.Error as error:
        detail = str(error).splitlines()[0]
        yield Finding(Message("verify-file-unreadable", {**names, "detail": detail}), place)
        return
    finally:
        cursor.close()
    if rows != version.row_count:
        values = {**names, "found": rows, "stated": version.row_count}
        yield Finding(Message("verify-rows", values), place)
    if identity.version_id(version.columns, content) != version.id:
        yield Finding(Message("verify-identity", names), place)


def _of_file(lake: Lake, file: str, dataset: str, sha256: str) -> Iterator[Finding]:
    """Look over a file beside versions: an original, whose SHA-256 is known, or rejects."""
    path = lake.objects.path(file)
    try:
        is_whole = not sha256 or file_hash(path) == sha256
        path.stat()
    except OSError as error:
        values = {"dataset": dataset, "detail": error.strerror or str(error)}
        yield Finding(Message("verify-beside-missing", values), Place(file))
        return
    if not is_whole:
        yield Finding(Message("verify-beside-changed", {"dataset": dataset}), Place(file))


def _is_still_kept(lake: Lake, version: Version) -> bool:
    """Say whether a version is kept still: clean-up may have taken it while others were read."""
    with lake.database.read() as connection:
        return store.version_if_kept(connection, version.dataset, version.id) is not None


def _lying_about(there: Iterable[Lying], known: set[str], abandoned_s: float) -> Iterator[Finding]:
    for one in there:
        is_old = one.written_s <= abandoned_s
        if one.sort is Sort.FOREIGN:
            yield Finding(Message("verify-foreign"), Place(one.name), severity=Severity.WARNING)
        elif one.sort is Sort.ABANDONED and is_old:
            yield Finding(Message("verify-abandoned"), Place(one.name), severity=Severity.WARNING)
        elif one.sort is Sort.OBJECT and is_old and one.name not in known:
            yield Finding(Message("verify-orphan"), Place(one.name), severity=Severity.WARNING)
