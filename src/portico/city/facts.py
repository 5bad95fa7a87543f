"""Tables kept by hand: read strictly, every fault a finding with file, row and column.

UTF-8 and commas only: these files are written for portico. What others publish goes through the lake's ingest.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portico.city.tables import TABLES, Column, FactTable, Kind, table
from portico.dates import PartialDate
from portico.messages import Finding, Message, Place, Severity, did_you_mean, has_controls

MAX_BYTES = 50_000_000
MAX_CELL = 20_000
MAX_INTEGER = 2**63 - 1
Cell = str | float | int | None
Row = Mapping[str, Cell]
_ID_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


@dataclass(frozen=True, slots=True)
class Facts:
    """One table as read: typed rows, the line of each, and what was wrong."""

    table: FactTable
    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    file: str

    def place(self, index: int, column: str = "") -> Place:
        """Return where row ``index`` stands."""
        return Place(self.file, self.lines[index], column)


def read_facts(folder: Path) -> tuple[dict[str, Facts], list[Finding]]:
    """Read every table in ``folder`` (a city's ``facts/``); return them by name, with all findings."""
    found: dict[str, Facts] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else []:
        declared = table(path.stem)
        name = f"{folder.name}/{path.name}"
        if declared is None:
            advice = did_you_mean(path.stem, [one.name for one in TABLES])
            findings.append(Finding(Message("unknown-table", {"advice": advice}), Place(name), path.stem))
        else:
            found[declared.name] = read_table(path, name, declared, findings)
    for declared in TABLES:
        if declared.required and declared.name not in found:
            name = f"{folder.name}/{declared.name}.csv"
            findings.append(Finding(Message("missing-table", {"table": declared.name}), Place(name)))
    return found, findings


def read_table(path: Path, name: str, declared: FactTable, findings: list[Finding]) -> Facts:
    """Read one file. Rows with a fault are left out of the result and stand in ``findings``."""
    rows: list[Row] = []
    lines: list[int] = []
    text = _text(path, name, findings)
    header, records = _records(text, name, declared, findings)
    for line, record in records:
        before = len(findings)
        row = _row(header, record, Place(name, line), declared, findings)
        if not any(finding.severity is Severity.ERROR for finding in findings[before:]):
            rows.append(row)
            lines.append(line)
    return Facts(declared, tuple(rows), tuple(lines), name)


def _text(path: Path, name: str, findings: list[Finding]) -> str:
    if path.stat().st_size > MAX_BYTES:
        findings.append(Finding(Message("file-too-large", {"file": name, "limit": MAX_BYTES}), Place(name)))
        return ""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        byte = f"0x{raw[error.start]:02X}"
        findings.append(
            Finding(Message("not-utf8", {"file": name, "row": line, "byte": byte}), Place(name, line), byte)
        )
        return ""
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        findings.append(Finding(Message("nul-byte", {"file": name, "row": line}), Place(name, line)))
        return ""
    return text


def _records(
    text: str, name: str, declared: FactTable, findings: list[Finding]
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Split ``text`` into header and records with the line on which each starts."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for record in reader:
            if record:
                records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as error:
        findings.append(Finding(Message("broken-csv", {"row": line, "detail": str(error)}), Place(name, line)))
    if not records:
        if text or not findings:
            findings.append(Finding(Message("empty-table", {"columns": ", ".join(declared.column_names)}), Place(name)))
        return [], []
    header = [cell.strip() for cell in records[0][1]]
    return (header, records[1:]) if _header_fits(header, name, declared, findings) else (header, [])


def _header_fits(header: Sequence[str], name: str, declared: FactTable, findings: list[Finding]) -> bool:
    before = len(findings)
    for column in header:
        if column not in declared.column_names:
            advice = did_you_mean(column, declared.column_names)
            findings.append(Finding(Message("unknown-column", {"advice": advice}), Place(name, 1, column), column))
        elif header.count(column) > 1:
            findings.append(Finding(Message("repeated-column"), Place(name, 1, column), column))
    required = [column for column in declared.columns if column.required and column.name not in header]
    findings.extend(Finding(Message("missing-column"), Place(name, 1, column.name)) for column in required)
    if len(findings) > before and len(header) == 1 and any(other in header[0] for other in ";\t"):
        findings.append(Finding(Message("wrong-delimiter"), Place(name, 1), header[0][:80]))
    return len(findings) == before


def faults_of(declared: FactTable, row: Mapping[str, str]) -> list[Finding]:
    """Return what would be wrong with ``row``, were it written to the table ``declared``."""
    findings: list[Finding] = []
    header = [name for name in declared.column_names if name in row]
    _row(header, [row[name] for name in header], Place(declared.name), declared, findings)
    return findings


def _row(
    header: Sequence[str], record: Sequence[str], place: Place, declared: FactTable, findings: list[Finding]
) -> dict[str, Cell]:
    if len(record) != len(header):
        values = {"expected": len(header), "found": len(record)}
        findings.append(Finding(Message("ragged-row", values), place, ",".join(record)[:200]))
        return {}
    cells = dict(zip(header, record, strict=True))
    row: dict[str, Cell] = {}
    for column in declared.columns:
        raw = cells.get(column.name, "").strip()
        where = Place(place.file, place.row, column.name)
        if raw:
            row[column.name] = _cell(column, raw, where, findings)
        else:
            row[column.name] = None
            if column.required:
                findings.append(Finding(Message("empty-cell", {"column": column.name}), where))
    return row


def _cell(column: Column, raw: str, place: Place, findings: list[Finding]) -> Cell:
    """Return the typed value of a cell, or None with a finding."""
    if has_controls(raw):
        findings.append(Finding(Message("control-character"), place, ascii(raw)[:200]))
        return None
    if column.words and raw not in column.words:
        advice = did_you_mean(raw, column.words)
        findings.append(Finding(Message("unknown-word", {"value": raw, "advice": advice}), place, raw))
        return None
    try:
        return _typed(column.kind, raw)
    except ValueError:
        message = Message("wrong-cell", {"value": raw[:80], "expected": Message(f"cell.{column.kind.value}")})
        findings.append(Finding(message, place, raw[:200]))
        return None


def _typed(kind: Kind, raw: str) -> Cell:
    if kind in (Kind.INTEGER, Kind.NUMBER, Kind.LONGITUDE, Kind.LATITUDE) and "_" in raw:
        raise ValueError(raw)
    if kind is Kind.INTEGER:
        if abs(int(raw)) > MAX_INTEGER:
            raise ValueError(raw)
        return int(raw)
    if kind in (Kind.NUMBER, Kind.LONGITUDE, Kind.LATITUDE):
        number = float(raw)
        limit = {Kind.LONGITUDE: 180.0, Kind.LATITUDE: 90.0}.get(kind, math.inf)
        if not math.isfinite(number) or abs(number) > limit:
            raise ValueError(raw)
        return number
    if kind is Kind.DATE:
        return PartialDate.parse(raw).text
    if kind is Kind.ID and not _ID_LETTERS.issuperset(raw):
        raise ValueError(raw)
    return raw


def words(cell: Cell) -> tuple[str, ...]:
    """Return the words of a list cell, written with semicolons between them.

    >>> words("ict; energy")
    ('ict', 'energy')
    """
    return tuple(part.strip() for part in str(cell or "").split(";") if part.strip())


def iterate(facts: Mapping[str, Facts], name: str) -> Iterator[tuple[int, Row]]:
    """Yield the index and row of each fact in the table ``name``; nothing where the city does not keep it."""
    if name in facts:
        yield from enumerate(facts[name].rows)
