"""GTFS feeds: a bundle of tables that refer to each other, read together and judged together."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import duckdb

from portico.errors import InputError, RejectedError
from portico.lake.found import Dialect, Format, Member, Parsed, RejectWriter, Workshop
from portico.lake.identity import quoted
from portico.lake.limits import MAX_COLUMNS, MAX_RECORD_BYTES
from portico.lake.model import Type
from portico.lake.readers import archives, gtfs_rules
from portico.lake.readers.features import LISTED, warning
from portico.lake.readers.json_rows import ROW
from portico.lake.readers.linking import text
from portico.lake.sniff import encoding
from portico.lake.sniff.shape import clean_name, unique_names
from portico.messages import Finding

_NAMES = ("stop_code", "platform_code", "trip_short_name", "route_short_name", "trip_headsign", "stop_headsign")
_DECIMALS = ("_lat", "_lon")
_READ_CSV = "delim=',', quote='\"', escape='\"', header=false, auto_detect=false, strict_mode=true"
_LISTED_FILES = 10


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the tables of the feed at ``member.path``, a zip or a folder, as text, the files of the reference only.

    A feed without stop times (or routes, or trips) is read as tables and marked unable to answer trips. Raises
    InputError where there are no stops or the archive is damaged; RejectedError where references between the tables,
    keys, times or positions are broken so that journeys could not be trusted (``gtfs_rules`` says when).
    """
    files, issues = _files(member, shop)
    tables: dict[str, Parsed] = {}
    for name in gtfs_rules.TABLES:
        if name in files:
            found = _table(name, files[name], shop)
            if found is None:
                issues.append(warning("gtfs-file-empty", member.name, name=f"{name}.txt"))
            else:
                tables[name] = found
    if "stops" not in tables or not tables["stops"].rows:
        raise InputError("gtfs-without-stops", file=member.name)
    return _judged(tables, member, shop, issues)


def _judged(tables: dict[str, Parsed], member: Member, shop: Workshop, issues: list[Finding]) -> list[Parsed]:
    with shop.cursor() as cursor:
        faults = gtfs_rules.faults(tables, cursor)
    if faults and faults[0].is_fatal:
        findings = tuple(fault.finding for fault in faults)
        raise RejectedError("gtfs-refused", findings, file=member.name, reason=findings[0].message)
    missing = [name for name in gtfs_rules.FOR_TRIPS if name not in tables or not tables[name].rows]
    if not any(name in tables and tables[name].rows for name in ("calendar", "calendar_dates")):
        missing.append("calendar")
    if missing:
        issues.append(warning("gtfs-no-trips", member.name, missing=", ".join(f"{name}.txt" for name in missing)))
    if "agency" not in tables:
        issues.append(warning("gtfs-no-agency", member.name))
    own: dict[str, list[Finding]] = {name: [] for name in tables}
    for fault in faults:
        own[fault.table].append(fault.finding)
    own["stops"] = [*issues, *own["stops"]]
    return [replace(table, issues=(*own[name], *table.issues)) for name, table in tables.items()]


def _files(member: Member, shop: Workshop) -> tuple[dict[str, Path], list[Finding]]:
    """Return the files of the feed by name without ending: those of the folder that holds most of them."""
    if member.path.is_dir():
        inside = [(path, str(path.relative_to(member.path))) for path in sorted(member.path.rglob("*"))]
    else:
        folder = shop.place(".feed")
        folder.mkdir()
        inside = archives.unpack(member.path, member.name, folder)
    folders: dict[str, dict[str, Path]] = {}
    others: list[str] = []
    for path, name in inside:
        pure = PurePosixPath(name.lower())
        if not path.is_file() or path.is_symlink() or "__macosx" in pure.parts or pure.name.startswith("."):
            continue
        if pure.suffix == ".txt" and pure.stem in gtfs_rules.TABLES:
            folders.setdefault(str(pure.parent), {}).setdefault(pure.stem, path)
        else:
            others.append(name)
    if not folders:
        raise InputError("gtfs-without-stops", file=member.name)
    chosen = max(folders, key=lambda one: ("stops" in folders[one], len(folders[one])))
    issues = []
    if others:
        issues.append(
            warning("gtfs-other-files", member.name, count=len(others), names=", ".join(others[:_LISTED_FILES]))
        )
    if len(folders) > 1:
        issues.append(warning("gtfs-several-feeds", member.name, folder=chosen, count=len(folders)))
    return folders[chosen], issues


# --- one table ---


@dataclass(slots=True)
class _Odd:
    """The rows of a table that did not have as many cells as its header."""

    padded: list[int] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def findings(self, file: str) -> tuple[Finding, ...]:
        """Return a finding for each kind of them."""
        kinds = (
            ("gtfs-rows-padded", self.padded),
            ("gtfs-decimal-commas", self.joined),
            ("gtfs-rows-refused", self.refused),
        )
        return tuple(
            warning(message, file, rows[0], count=len(rows), rows=", ".join(map(str, rows[:LISTED])))
            for message, rows in kinds
            if rows
        )


def _table(name: str, source: Path, shop: Workshop) -> Parsed | None:
    """Return one table of a feed, nothing where its file holds nothing."""
    file = f"{name}.txt"
    written = encoding.survey(source, shop.told.encoding, shop.country)
    path = source
    if not written.is_plain:
        path = shop.place(".txt")
        encoding.transcode(source, written, path)
    header, lines = _header(path, file)
    if not any(header):
        return None
    names = unique_names([ROW, *header])[1:]
    parsed = Parsed(
        name=name,
        relation="",
        columns=names,
        rows=0,
        format=Format.GTFS,
        headers=tuple(header),
        dialect=Dialect(written.encoding, ",", '"', '"', written.newline, 0, 1, 0),
        first_row=2,
        row_column=ROW,
        issues=_spoken(written, file),
        # Names of things, even where they are written with digits.
        stated={column: Type.TEXT for column in names if column.endswith("_id") or column in _NAMES},
    )
    if lines == 1 and written.has_one_newline and written.newline != "\r":
        whole = _in_place(parsed, path, shop)
        if whole is not None:
            return whole
    return _by_record(parsed, path, shop, lines)


def _spoken(written: encoding.Written, file: str) -> tuple[Finding, ...]:
    if written.encoding == "utf-8" or written.encoding.startswith("utf-16"):
        return ()
    name = written.encoding.removeprefix(encoding.MIXED)
    return (warning("encoding-country", file, encoding=name, byte=written.invalid_at),)


def _header(path: Path, file: str) -> tuple[list[str], int]:
    """Return the names in the first record, blanks around them left out, and how many lines it takes."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(_limited(lines, file))
        header = [clean_name(cell.strip().strip('"')) for cell in next(reader, [])]
        if len(header) > MAX_COLUMNS:
            raise InputError("too-many-columns", file=file, count=len(header), limit=MAX_COLUMNS)
        while header and not header[-1]:
            header.pop()  # a comma at the end of the line
        return header, reader.line_num


def _limited(lines: Iterator[str], file: str) -> Iterator[str]:
    for line in lines:
        if len(line) > MAX_RECORD_BYTES:
            raise InputError("line-too-long", file=file, limit=MAX_RECORD_BYTES)
        yield line


def _in_place(parsed: Parsed, path: Path, shop: Workshop) -> Parsed | None:
    """Return a regular table as the engine reads it; nothing where it complains."""
    columns = ", ".join(f"{text(name)}: 'VARCHAR'" for name in parsed.columns)
    select = (
        f"SELECT *, row_number() OVER () + 1 AS {ROW} FROM read_csv({text(str(path))}, {_READ_CSV}, skip=1, "
        f"null_padding=false, columns={{{columns}}})"
    )
    try:
        return _written(parsed, select, shop)
    except duckdb.Error:  # said by the record, in the slower reading
        return None


def _written(parsed: Parsed, select: str, shop: Workshop) -> Parsed:
    target = shop.place(".parquet")
    with shop.cursor() as cursor:
        counted = cursor.execute(f"COPY ({select}) TO {text(str(target))} (FORMAT parquet)").fetchone()
    return replace(parsed, relation=f"read_parquet({text(str(target))})", rows=int(counted[0]) if counted else 0)


def _by_record(parsed: Parsed, path: Path, shop: Workshop, skip: int) -> Parsed:
    """Return an irregular table read record by record: what does not fit is mended in one sure way, or a reject."""
    target = shop.place(".csv")
    odd, file = _Odd(), f"{parsed.name}.txt"
    with (
        RejectWriter(shop.place(".rejects.csv")) as rejects,
        target.open("w", encoding="utf-8", newline="") as out,
        path.open(encoding="utf-8-sig", newline="") as lines,
    ):
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for row, cells in _records(lines, file, skip):
            fitted = _fitted(cells, parsed.columns, row, odd)
            if fitted is None:
                rejects.add(row, "", ",".join(cells), "row-width")
            else:
                writer.writerow((row, *fitted))
    names = ", ".join(f"{text(name)}: 'VARCHAR'" for name in parsed.columns)
    chosen = ", ".join(quoted(name) for name in parsed.columns)
    select = (
        f"SELECT {chosen}, {ROW} FROM read_csv({text(str(target))}, {_READ_CSV}, "
        f"max_line_size={2 * MAX_RECORD_BYTES}, columns={{{text(ROW)}: 'BIGINT', {names}}})"
    )
    found = _written(parsed, select, shop)
    target.unlink()
    issues = (*found.issues, *odd.findings(file))
    return replace(found, issues=issues, rejects=rejects.kept, reject_count=rejects.count)


def _records(lines: Iterator[str], file: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the records behind the header, each with the line it begins in; blank lines are none."""
    csv.field_size_limit(MAX_RECORD_BYTES)
    reader = csv.reader(_limited(lines, file))
    try:
        next(reader)
        begins = skip + 1
        for cells in reader:
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise InputError("gtfs-table-broken", file=file, line=reader.line_num, detail=str(error)) from error


def _fitted(cells: list[str], names: Sequence[str], row: int, odd: _Odd) -> list[str] | None:
    """Return the cells of a record as many as the columns, nothing where that would be a guess."""
    width = len(names)
    if len(cells) == width:
        return cells
    if len(cells) < width:
        odd.padded.append(row)
        return cells + [""] * (width - len(cells))
    if not any(cell.strip() for cell in cells[width:]):
        return cells[:width]
    joined = _joined(cells, names)
    (odd.joined if joined else odd.refused).append(row)
    return joined


def _joined(cells: list[str], names: Sequence[str]) -> list[str] | None:
    """Return a record whose positions were written with decimal commas, put together; nothing where it is not that.

    >>> _joined(["A", "41", "15", "-8", "6", "1"], ["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"])
    ['A', '41.15', '-8.6', '1']
    """
    decimals = [name.endswith(_DECIMALS) for name in names]
    if len(cells) != len(names) + sum(decimals):
        return None
    found, at = [], 0
    for is_decimal in decimals:
        if not is_decimal:
            found.append(cells[at])
            at += 1
            continue
        whole, part = cells[at].strip(), cells[at + 1].strip()
        if not whole.lstrip("+-").isdecimal() or not part.isdecimal() or abs(int(whole)) > 180:  # noqa: PLR2004
            return None
        found.append(f"{whole}.{part}")
        at += 2
    return found
