"""Text tables for the tests of ingest: written by Python's csv module, read back through the lake."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from portico.lake.engine import Engine
from portico.lake.found import Format, Member, Parsed, Told, Workshop
from portico.lake.readers import delimited

ENGINE = Engine()


def written(
    rows: Sequence[Sequence[str]],
    *,
    delimiter: str = ";",
    newline: str = "\n",
    encoding: str = "utf-8",
    quoting: int = csv.QUOTE_MINIMAL,
) -> bytes:
    """Return a table as a program would write it."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    return text.getvalue().encode(encoding)


def parsed(folder: Path, content: bytes, told: Told | None = None, name: str = "table.csv") -> Parsed | None:
    """Return the table in ``content``, read in ``folder``; nothing where it is empty."""
    path = folder / name
    path.write_bytes(content)
    found = delimited.read(Member(path, name, Format.CSV), shop_in(folder, told))
    return found[0] if found else None


def shop_in(folder: Path, told: Told | None = None) -> Workshop:
    """Return a workshop in ``folder``."""
    place = folder / "shop"
    place.mkdir(exist_ok=True)
    return Workshop(place, ENGINE, told)


def cells(one: Parsed) -> list[tuple[str, ...]]:
    """Return the cells of a parsed table, empty text for nothing."""
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in one.columns)
    rows = ENGINE.cursor().execute(f"SELECT {names} FROM {one.relation}").fetchall()
    return [tuple("" if cell is None else cell for cell in row) for row in rows]


def row_numbers(one: Parsed) -> list[int]:
    """Return the row of the file in which each record stands."""
    row = f'"{one.row_column}"' if one.row_column else f"row_number() OVER () + {one.first_row - 1}"
    return [number for (number,) in ENGINE.cursor().execute(f"SELECT {row} FROM {one.relation}").fetchall()]


def rejects(one: Parsed) -> list[tuple[int, str, str, str]]:
    """Return the rejects of a parsed table: row, column, raw text, reason."""
    if one.rejects is None:
        return []
    with one.rejects.open(encoding="utf-8", newline="") as file:
        return [(int(row), column, raw, reason) for row, column, raw, reason in csv.reader(file)]


def kinds(one: Parsed) -> set[str]:
    """Return what was said of a parsed table."""
    return {issue.kind for issue in one.issues}
