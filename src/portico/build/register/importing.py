"""A register of others put into the facts of a city: compared first, then written all or not at all.

A dry run does all of it but the last step. What was there before is kept beside (``city.exchange.keeping``).
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from portico.build.queries import lake_of
from portico.build.register.reading import Place, RegisterFile, line_of, open_register
from portico.city.exchange.coordinates import Found
from portico.city.exchange.incoming import Rejected
from portico.city.exchange.keeping import TABLES, TableWriter, put_back, put_in_place, read_texts
from portico.city.exchange.merging import Merging
from portico.city.exchange.model import Change, Kind, Origin
from portico.city.exchange.returning import Returning
from portico.city.opening import FACTS, STATE, City, refuse_faults
from portico.errors import StateError, UsageError
from portico.geo import Box
from portico.lake.engine import Engine
from portico.lake.found import Told
from portico.messages import Finding

IMPORTS = "imports"
MOST_LISTED = 5_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did or, in a dry run, would do.

    ``places`` lists the rows whose coordinates are not simply as stated: repaired, proposed, far, outside, missing.
    ``before`` is the folder with the tables as they were.
    """

    file: str
    encoding: str
    rows: int
    counts: Mapping[Kind, int]
    statements: int
    changes: tuple[Change, ...]
    rejects: tuple[Rejected, ...]
    reject_count: int
    located: Mapping[Found, int]
    places: tuple[Place, ...]
    unknown_columns: tuple[str, ...]
    issues: tuple[Finding, ...]
    is_dry: bool
    is_repaired: bool
    has_changes: bool
    before: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a file is to be imported.

    ``repair`` applies what is proposed for coordinates; ``complete`` says that the file is the whole register, so that
    a site it leaves out has ended; ``register`` names the register of records that do not say it themselves. With
    ``only_look`` a register larger than facts may be is no reason to stop.
    """

    format: str = "auto"
    register: str = ""
    repair: bool = False
    complete: bool = False
    is_dry: bool = False
    only_look: bool = False
    told: Told = field(default_factory=Told)


def import_register(city: City, path: Path, asked: Asked, today: date) -> Imported:
    """Put the register in ``path`` into the facts of ``city``; the same file again changes nothing.

    Raises RejectedError where the facts have faults of their own, InputError where the file cannot be read as a
    register, StateError where the folder cannot be written.
    """
    refuse_faults(city, today)
    extent, country = city.settings.extent.box, city.settings.calendar.country
    facts, state = city.folder / FACTS, city.folder / STATE
    return import_file(facts, state, path, asked, today, lake_of(city).engine, country=country, extent=extent)


def import_file(
    facts: Path, state: Path, path: Path, asked: Asked, today: date, engine: Engine, *, country: str, extent: Box | None
) -> Imported:
    """Put the register in ``path`` into the folder ``facts``; work, and keep what was there, in ``state``."""
    with open_register(
        path, engine, told=asked.told, country=country, extent=extent, register=asked.register
    ) as opened:
        _fits(opened, asked)
        try:
            state.mkdir(exist_ok=True)
            workshop = Path(tempfile.mkdtemp(prefix="import-", dir=state))
        except OSError as error:
            raise StateError("state-read-only", path=state.parent.name) from error
        try:
            take = _returned if opened.is_long else _merged
            return take(facts, state / IMPORTS, workshop, opened, asked, today)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)


def undo(city: City) -> Mapping[str, Any]:
    """Put the register back as it was before the last import; return the receipt of that.

    Raises UsageError where there was none, ConflictError where the register was changed since.
    """
    return put_back(city.folder / FACTS, city.folder / STATE / IMPORTS)


def _fits(opened: RegisterFile, asked: Asked) -> None:
    if asked.format != "auto" and (asked.format == "portico") != opened.is_long:
        raise UsageError("register-other-format", file=opened.texts.file, format=asked.format)


def _merged(facts: Path, imports: Path, workshop: Path, opened: RegisterFile, asked: Asked, today: date) -> Imported:
    tables = {name: read_texts(facts, name) for name in TABLES}
    origin = Origin(opened.texts.file, opened.texts.sha256, today.isoformat())
    added = {
        name: TableWriter(None if asked.is_dry else workshop / f"new-{name}.csv", name, tables[name].header)
        for name in TABLES[:2]
    }
    merging = Merging(
        {name: one.rows for name, one in tables.items()},
        origin,
        lambda name, row: added[name].add(row),
        complete=asked.complete,
    )
    for reject in opened.texts.rejects:
        merging.rejecting.add(Rejected(reject.row, reject.column, reject.raw, reject.reason))
    for one, placed, raw in opened.records(today, repair=asked.repair):
        merging.take(one, placed, raw)
    merging.absent()
    for writer in added.values():
        writer.close()
        if not asked.only_look:
            writer.refuse_excess()
    before = None
    if merging.has_changes and not asked.is_dry:
        written = _write(workshop, merging, {name: one.header for name, one in tables.items()}, added)
        before = put_in_place(facts, imports, written, tables, _receipt(origin, merging.counts))
    return _imported(opened, asked, merging, before)


def _write(
    workshop: Path,
    merging: Merging | Returning,
    headers: Mapping[str, tuple[str, ...]],
    added: Mapping[str, TableWriter],
) -> dict[str, Path]:
    """Write every table beside: the rows there were, then the new ones. A table without rows is not made."""
    writers: dict[str, TableWriter] = {}
    for name, row in merging.standing():
        if name not in writers:
            writers[name] = TableWriter(workshop / f"{name}.csv", name, headers[name])
        writers[name].add(row)
    for name, new in added.items():
        if name not in writers:
            writers[name] = TableWriter(workshop / f"{name}.csv", name, headers[name])
        writers[name].append(new)
    for writer in writers.values():
        writer.close()
        writer.refuse_excess()
    return {name: writer.path for name, writer in writers.items() if writer.path}


def _returned(facts: Path, imports: Path, workshop: Path, opened: RegisterFile, asked: Asked, today: date) -> Imported:
    tables = {name: read_texts(facts, name) for name in TABLES}
    origin = Origin(opened.texts.file, opened.texts.sha256, today.isoformat())
    returning = Returning({name: one.rows for name, one in tables.items()}, origin, opened.extent)
    for number, row in opened.rows():
        returning.take(number, row, line_of(list(row.values())))
    before = None
    if returning.has_changes and not asked.is_dry:
        headers = {name: one.header for name, one in tables.items()}
        written = _write(workshop, returning, headers, {})
        before = put_in_place(facts, imports, written, tables, _receipt(origin, returning.counts))
    return _imported(opened, asked, returning, before)


def _receipt(origin: Origin, counts: Mapping[Kind, int]) -> dict[str, Any]:
    told = {kind.value: count for kind, count in counts.items() if count}
    return {"file": origin.file, "sha256": origin.sha256, "day": origin.day, "sites": told}


def _imported(
    opened: RegisterFile,
    asked: Asked,
    done: Merging | Returning,
    before: Path | None,
) -> Imported:
    odd = (one for one in opened.places.values() if one.located.found is not Found.STATED)
    changes = done.changes if isinstance(done, Merging) else list(done.changes.values())
    return Imported(
        opened.texts.file,
        opened.texts.encoding,
        opened.texts.rows,
        Counter(done.counts),
        done.statements,
        tuple(changes[:MOST_LISTED]),
        tuple(done.rejecting.listed),
        done.rejecting.count,
        opened.found(),
        tuple(odd),
        opened.layout.unknown if not opened.is_long else (),
        opened.texts.issues,
        asked.is_dry,
        asked.repair,
        done.has_changes,
        before,
    )
