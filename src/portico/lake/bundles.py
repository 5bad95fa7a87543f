"""Tables that refer to each other, as columns of numbers for the rooms above: the timetable feeds (GTFS).

Nothing is kept in the lake: the file is read, judged (``readers.gtfs``) and handed on as numpy arrays, in the order of
its rows. A reference becomes the index of the row it names.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from portico.errors import InputError, UsageError
from portico.lake.engine import Engine
from portico.lake.found import Format, Member, Parsed, Workshop
from portico.lake.identity import quoted
from portico.lake.lake import open_engine
from portico.lake.readers import gtfs, gtfs_rules
from portico.lake.readers.json_rows import ROW
from portico.lake.readers.linking import text
from portico.lake.sniff.format import identify
from portico.messages import Finding

MISSING = -(2**62)
"""The whole number, date or time of a cell that holds none."""
EMPTY, DANGLING = -1, -2
"""The index of the row that an empty reference names, and one that names nothing."""

Columns = dict[str, NDArray[Any]]


class As(StrEnum):
    """What a cell is read as; what does not fit is missing."""

    TEXT = "text"
    """As it stands, without blanks around it: objects of ``str``."""
    NUMBER = "number"
    """float64, not a number where there is none."""
    INTEGER = "integer"
    """int64."""
    SECONDS = "seconds"
    """A time of service, which may go beyond 24 hours: int64 seconds."""
    DAY = "day"
    """A date written as eight digits: int64 days since 1970-01-01."""


@dataclass(frozen=True, slots=True)
class Row:
    """A reference to the key ``column`` of ``table``: int64 index of the first row that has it, EMPTY or DANGLING."""

    table: str
    column: str


Wanted = Mapping[str, Mapping[str, As | Row]]
"""The columns wanted of each table."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The tables of a feed that are there, by name, and what was found in reading and judging all of them.

    A column that the file does not have is there, with nothing in it; ``row`` is the row of each record in its file.
    """

    tables: dict[str, Columns]
    findings: tuple[Finding, ...]


def read_feed(path: Path, wanted: Wanted, engine: Engine | None = None) -> Bundle:
    """Return the ``wanted`` columns of the GTFS feed at ``path``, a zip or a folder.

    Raises UsageError where there is no file, InputError where it is no feed, RejectedError where it is so broken that
    journeys could not be trusted.
    """
    if not path.exists():
        raise UsageError("file-not-found", file=str(path))
    if not path.is_dir() and identify(path) not in (Format.GTFS, Format.ZIP):
        raise InputError("gtfs-not-a-feed", file=path.name)
    with tempfile.TemporaryDirectory(prefix="portico-") as folder:
        shop = Workshop(Path(folder), engine or open_engine())
        parsed = {one.name: one for one in gtfs.read(Member(path, path.name, Format.GTFS), shop)}
        tables = {name: _columns(parsed, name, wanted[name], shop) for name in wanted if name in parsed}
    return Bundle(tables, tuple(issue for one in parsed.values() for issue in one.issues))


def _columns(parsed: Mapping[str, Parsed], name: str, wanted: Mapping[str, As | Row], shop: Workshop) -> Columns:
    chosen = [f"t.{ROW} AS {quoted('row')}"]
    joins: list[str] = []
    for number, (column, kind) in enumerate(wanted.items()):
        if column not in parsed[name].columns:
            value = _NOTHING[kind] if isinstance(kind, As) else str(EMPTY)
        elif isinstance(kind, As):
            value = _value(f"trim(t.{quoted(column)})", kind)
        else:
            value = _reference(f"nullif(trim(t.{quoted(column)}), '')", kind, parsed, f"k{number}", joins)
        chosen.append(f"{value} AS {quoted(column)}")
    query = f"SELECT {', '.join(chosen)} FROM {parsed[name].relation} AS t {' '.join(joins)} ORDER BY t.{ROW}"
    with shop.cursor() as cursor:
        found: Columns = cursor.execute(query).fetchnumpy()
    return found


_NOTHING = {
    As.TEXT: "''",
    As.NUMBER: "'nan'::DOUBLE",
    As.INTEGER: f"({MISSING})::BIGINT",
    As.SECONDS: f"({MISSING})::BIGINT",
    As.DAY: f"({MISSING})::BIGINT",
}


def _value(cell: str, kind: As) -> str:
    written = {
        As.TEXT: cell,
        As.NUMBER: f"TRY_CAST({cell} AS DOUBLE)",
        As.INTEGER: f"TRY_CAST({cell} AS BIGINT)",
        As.SECONDS: f"CASE WHEN regexp_full_match({cell}, {text(gtfs_rules.TIME)}) THEN {gtfs_rules.seconds(cell)} END",
        As.DAY: f"CASE WHEN regexp_full_match({cell}, '[0-9]{{8}}') "
        f"THEN date_diff('day', DATE '1970-01-01', try_strptime({cell}, '%Y%m%d')::DATE) END",
    }
    return f"coalesce({written[kind]}, {_NOTHING[kind]})"


def _reference(cell: str, kind: Row, parsed: Mapping[str, Parsed], alias: str, joins: list[str]) -> str:
    if kind.table not in parsed or kind.column not in parsed[kind.table].columns:
        return f"CASE WHEN {cell} IS NULL THEN {EMPTY} ELSE {DANGLING} END::BIGINT"
    numbered = (
        f"SELECT trim({quoted(kind.column)}) AS v, row_number() OVER (ORDER BY {ROW}) - 1 AS n "
        f"FROM {parsed[kind.table].relation}"
    )
    joins.append(f"LEFT JOIN (SELECT v, min(n) AS n FROM ({numbered}) GROUP BY v) AS {alias} ON {alias}.v = {cell}")
    return f"CASE WHEN {cell} IS NULL THEN {EMPTY} ELSE coalesce({alias}.n, {DANGLING}) END::BIGINT"
