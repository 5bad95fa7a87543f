"""``data diff|gc|verify|copy|export``: what one does with versions once they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from portico.build import lake_of
from portico.catalogue.queries import dataset as find_dataset
from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, err, out, show_findings, table
from portico.dossier import plain
from portico.errors import UsageError
from portico.lake import exports, queries
from portico.lake.diff import Diff
from portico.lake.diff import diff as difference
from portico.lake.keeping import cleanup, moving
from portico.lake.keeping import verify as verifying
from portico.lake.keeping.cleanup import Cleaned, Plan
from portico.lake.keeping.standing import Rule
from portico.lake.lake import Lake
from portico.lake.model import Column, Version
from portico.messages import Message
from portico.translation import Translator

_KB, _MB = 1_000, 1_000_000
_SHOWN = 50
Telling = Callable[[int, int, str], None]


def diff(
    old: str,
    new: str = "",
    *,
    key: Annotated[str, Parameter(help="The columns that tell rows apart, with commas between them.")] = "",
    examples: Annotated[int, Parameter(help="How many rows of each kind to show.")] = 5,
    common: Common = DEFAULTS,
) -> int:
    """Say what changed between two versions: columns, rows, cells.

    Parameters
    ----------
    old
        DATASET@NUMBER or DATASET@ID; DATASET alone compares its last two publications.
    new
        The other version; else the one DATASET stands at.
    """
    lake = lake_of(common.open())
    names = [name.strip() for name in key.split(",") if name.strip()]
    found = difference(lake, *_two(lake, old, new), names, examples=max(examples, 0))
    if common.json:
        as_json(_plain(found))
    else:
        _show(found, common.say)
    return 0


def _two(lake: Lake, old: str, new: str) -> tuple[Version, Version]:
    """Return the versions that are to be compared."""
    if new:
        return queries.version(lake, old), queries.version(lake, new)
    dataset, _, named = old.partition("@")
    if named:
        return queries.version(lake, old), queries.version(lake, dataset)
    numbers = [entry.number for entry in queries.history(lake, dataset)]
    if len(numbers) == 1:
        raise UsageError("diff-one-version", dataset=dataset)
    return queries.version(lake, f"{dataset}@{numbers[-2]}"), queries.version(lake, dataset)


def _named(version: Version) -> str:
    return f"{version.dataset}@{version.short}"


def _show(found: Diff, say: Translator) -> None:
    console = out()
    names = {"old": _named(found.old), "new": _named(found.new)}
    if found.is_empty:
        console.print(say(Message("diff-same", names)), markup=False)
        return
    values = {"added": found.added, "removed": found.removed, "changed": found.changed, "same": found.same}
    console.print(say(Message("diff-rows", {**names, **values})), markup=False)
    if found.key:
        named = {"key": found.key}
        told = Message("diff-key-found", named) if found.is_key_found else Message("diff-key-told", named)
        console.print(say(told), markup=False)
    else:
        console.print(say(Message("diff-by-content")), markup=False)
    columns = list(_columns(found, say))
    if columns:
        console.print(table([say("column"), say("diff-what")], columns))
    if found.cells:
        counts = [(name, say.number(count)) for name, count in found.cells]
        console.print(table([say("column"), say("diff-changed-rows")], counts, numbers=(1,)))
    for mark, rows in (("+", found.examples.added), ("-", found.examples.removed)):
        for row in rows:
            cells = ", ".join(f"{name}={_cell(value)}" for name, value in row.items() if value is not None)
            console.print(f"{mark} {cells}", markup=False)
    for one in found.examples.changed:
        cells = "; ".join(f"{cell.column}: {_cell(cell.old)} → {_cell(cell.new)}" for cell in one.cells)
        console.print(f"~ {', '.join(map(_cell, one.key))}  {cells}", markup=False)


def _cell(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _columns(found: Diff, say: Translator) -> Iterator[tuple[str, str]]:
    schema = found.schema
    yield from ((one.name, say("diff-column-added")) for one in schema.added)
    yield from ((one.name, say("diff-column-removed")) for one in schema.removed)
    for one in schema.changed:
        yield one.new.name, f"{_kind(one.old)} → {_kind(one.new)}"
    for old, new in schema.renamed:
        yield f"{old} → {new}", say("diff-column-renamed")
    if schema.is_reordered:
        yield "", say("diff-reordered")


def _kind(column: Column) -> str:
    return f"{column.type.value} {column.unit}".strip()


def _plain(found: Diff) -> dict[str, Any]:
    schema, examples = found.schema, found.examples
    return {
        "old": {"dataset": found.old.dataset, "version": found.old.id, "rows": found.old.row_count},
        "new": {"dataset": found.new.dataset, "version": found.new.id, "rows": found.new.row_count},
        "same": found.is_empty,
        "schema": {
            "added": [one.to_dict() for one in schema.added],
            "removed": [one.to_dict() for one in schema.removed],
            "changed": [{"old": one.old.to_dict(), "new": one.new.to_dict()} for one in schema.changed],
            "perhaps_renamed": [{"old": old, "new": new} for old, new in schema.renamed],
            "reordered": schema.is_reordered,
        },
        "key": list(found.key),
        "key_found": found.is_key_found,
        "rows": {"added": found.added, "removed": found.removed, "changed": found.changed, "same": found.same},
        "cells": dict(found.cells),
        "examples": {
            "added": list(examples.added),
            "removed": list(examples.removed),
            "changed": [
                {
                    "key": dict(zip(found.key, one.key, strict=True)),
                    "cells": {cell.column: {"old": cell.old, "new": cell.new} for cell in one.cells},
                }
                for one in examples.changed
            ],
        },
    }


def gc(
    *,
    keep_days: Annotated[int, Parameter(help="Keep what was published within so many days.")] = 365,
    keep_last: Annotated[int, Parameter(help="Keep so many publications of each dataset.")] = 10,
    apply: Annotated[bool, Parameter(negative="", help="Do it; else only say what would go.")] = False,
    common: Common = DEFAULTS,
) -> int:
    """Remove the content of old versions that nothing needs. Heads, cited and held versions always stay.

    Their entries stay in the log. Without --apply nothing is changed.
    """
    lake = lake_of(common.open())
    planned = cleanup.plan(lake, Rule(_now(), keep_days, keep_last))
    done = cleanup.apply(lake, planned) if apply else None
    if common.json:
        as_json(_plain_cleaning(planned, done, common.say))
        return 0
    _show_cleaning(planned, done, common.say)
    return 0


def _show_cleaning(planned: Plan, done: Cleaned | None, say: Translator) -> None:
    console = out()
    if planned.going:
        rows = [
            (one.dataset, one.short, say.number(one.row_count), _size(one.file_bytes, say)) for one in planned.going
        ]
        console.print(table([say("dataset"), say("version"), say("rows"), say("gc-size")], _cut(rows), numbers=(2, 3)))
    else:
        kept = [(one.version.dataset, one.version.short, "; ".join(map(say, one.reasons))) for one in planned.kept]
        console.print(table([say("dataset"), say("version"), say("gc-why-kept")], _cut(kept)))
    if done is None and not (planned.going or planned.files or planned.orphans):
        console.print(say(Message("gc-nothing", {"kept": len(planned.kept)})), markup=False)
    elif done is None:
        values = {
            "count": len(planned.going),
            "files": len(planned.files) + len(planned.orphans),
            "size": _size(planned.size, say),
            "kept": len(planned.kept),
        }
        console.print(say(Message("gc-planned", values)), markup=False)
    else:
        values = {"count": len(done.versions), "files": done.files, "size": _size(done.size, say)}
        console.print(say(Message("gc-done", values)), markup=False)
        if done.spared:
            console.print(say(Message("gc-spared", {"count": len(done.spared)})), markup=False)
    if planned.young:
        console.print(say(Message("gc-young", {"count": planned.young})), markup=False)


def _plain_cleaning(planned: Plan, done: Cleaned | None, say: Translator) -> dict[str, Any]:
    return {
        "applied": done is not None,
        "going": [_plain_version(one) for one in planned.going],
        "kept": [{**_plain_version(one.version), "reasons": list(map(say, one.reasons))} for one in planned.kept],
        "files": [one.name for one in planned.files],
        "orphans": [one.name for one in planned.orphans],
        "bytes": planned.size,
        "removed": None if done is None else {"versions": len(done.versions), "files": done.files, "bytes": done.size},
        "spared": [] if done is None else [_plain_version(one) for one in done.spared],
    }


def _plain_version(one: Version) -> dict[str, Any]:
    return {"dataset": one.dataset, "version": one.id, "rows": one.row_count, "bytes": one.file_bytes}


def verify(
    *,
    deep: Annotated[bool, Parameter(negative="", help="Also read every version and compute its identity.")] = False,
    common: Common = DEFAULTS,
) -> int:
    """Look over everything that is kept: database, files, and with --deep the content of every version.

    Exit code 0: all is whole (warnings allowed); 1: something is lost or damaged.
    """
    lake = lake_of(common.open())
    with _progress(common) as tell:
        found = verifying.verify(lake, at=_now(), deep=deep, progress=tell)
    if common.json:
        listed = plain.findings(found.findings, common.say)
        as_json({"versions": found.versions, "files": found.files, "errors": len(found.errors), "findings": listed})
        return bool(found.errors)
    show_findings(found.findings, common.say, out())
    values = {"count": len(found.errors), "files": found.files, "versions": found.versions}
    out().print(common.say(Message("verify-done", values)), markup=False)
    return bool(found.errors)


def copy(target: str, *, common: Common = DEFAULTS) -> int:
    """Copy the whole working state to another folder, which then works as the .portico of a city folder.

    Parameters
    ----------
    target
        A folder that is empty or not there yet. A copy that was interrupted is taken up again.
    """
    lake = lake_of(common.open())
    with _progress(common) as tell:
        done = moving.copy(lake, Path(target), at=_now(), progress=tell)
    errors = done.verified.errors
    if common.json:
        listed = plain.findings(done.verified.findings, common.say)
        as_json(
            {"target": target, "files": done.files, "brought": done.brought, "errors": len(errors), "findings": listed}
        )
        return bool(errors)
    show_findings(done.verified.findings, common.say, out())
    values = {"count": done.files, "brought": done.brought, "size": _size(done.size, common.say), "target": target}
    out().print(common.say(Message("copy-done", values)), markup=False)
    return bool(errors)


def export(
    dataset: str,
    target: str = "",
    *,
    form: Annotated[str, Parameter(name="--format", help="csv, parquet, geojson, gpkg or xlsx.")] = "",
    bom: Annotated[bool, Parameter(negative="", help="Begin a CSV with a byte order mark.")] = False,
    overwrite: Annotated[bool, Parameter(negative="", help="Replace the target where it is there.")] = False,
    common: Common = DEFAULTS,
) -> int:
    """Write a version as a file others can use, with licence and citation in it and beside it.

    Parameters
    ----------
    dataset
        DATASET, DATASET@NUMBER (a publication) or DATASET@ID (the beginning of a version's id).
    target
        The file to write, its ending says the format; or a folder, where the file is named by dataset and version.
    """
    city = common.open()
    lake = lake_of(city)
    version = queries.version(lake, dataset)
    about = find_dataset(city.database, version.dataset)
    place = Path(target or ".")
    wanted = exports.format_of(form or ("csv" if place.is_dir() else place.suffix or target))
    path = place / f"{version.dataset}-{version.short}.{wanted.value}" if place.is_dir() else place
    if path.exists() and not overwrite:
        raise UsageError("convert-exists", file=str(path))
    exports.write(lake, version, about, wanted, path, language=common.lang, bom=bom)
    beside = exports.beside(path)
    if common.json:
        as_json({"file": str(path), "about": str(beside), "version": version.id, "rows": version.row_count})
        return 0
    values = {"file": str(path), "about": beside.name, "count": version.row_count, "licence": about.licence}
    done = Message("export-done", values) if about.licence else Message("export-done-unlicensed", values)
    out().print(common.say(done), markup=False, soft_wrap=True)
    return 0


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _size(size: int, say: Translator) -> str:
    return f"{say.number(size / _MB, 1)} MB" if size >= _MB else f"{say.number(size / _KB, 0)} kB"


def _cut(rows: Sequence[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    return rows if len(rows) <= _SHOWN else [*rows[:_SHOWN], ("…", *[""] * (len(rows[0]) - 1))]


@contextmanager
def _progress(common: Common) -> Iterator[Telling]:
    """Give a function that shows on standard error, where somebody sits before it, how far long work is."""
    console = err()
    if common.json or not console.is_terminal:
        yield lambda _done, _of, _file: None
        return
    with console.status("") as status:
        yield lambda done, of, _file: status.update(f"{done + 1} / {of}")
