"""The tables of the register as texts: read, written all or none, and put back as they were.

Before an import writes, the tables as they were are copied to ``.portico/imports/NUMBER`` with a receipt of what came;
``put_back`` restores them where nothing has changed since. Rows are never dropped: what holds no longer carries the
day until which it did, and the reason.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portico.city.facts import MAX_BYTES, MAX_CELL
from portico.city.tables import table
from portico.errors import ConflictError, InputError, UsageError

Row = dict[str, str]
TABLES = ("sites", "site_attributes", "site_contacts", "site_rejects")
RECEIPT = "receipt.json"
_BLOCK = 1 << 20


def columns_of(name: str) -> tuple[str, ...]:
    """Return the columns of one of the tables."""
    declared = table(name)
    if declared is None:
        raise KeyError(name)
    return declared.column_names


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of facts as texts: its header as it stands, its rows, and the hash of the file they were read from."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    sha256: str = ""


def read_texts(facts: Path, name: str) -> TextTable:
    """Return the table ``name`` of a folder of facts; one that is not there has no rows.

    The folder was checked before: a table with faults is not written over.
    """
    path = facts / f"{name}.csv"
    if not path.is_file():
        return TextTable((), ())
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = tuple(cell.strip() for cell in next(reader, ()))
        rows = tuple(dict(zip(header, map(str.strip, record), strict=True)) for record in reader if record)
    return TextTable(header, rows, _sha256(path))


class TableWriter:
    """Writes one table beside where it shall stand, row by row; memory holds none of them."""

    def __init__(self, path: Path | None, name: str, header: Sequence[str] = ()) -> None:
        """Write under ``header`` and the columns of the table ``name`` that it lacks; without ``path``, only count."""
        own = columns_of(name)
        self.name = name
        self.path = path
        self.header = (*header, *(one for one in own if one not in header))
        self.characters = 0
        self._file = path.open("w", encoding="utf-8", newline="") if path else None
        self._writer = csv.writer(self, lineterminator="\n")
        self._writer.writerow(self.header)

    def write(self, text: str) -> int:
        """Take a line from the writer of CSV."""
        self.characters += len(text)
        return self._file.write(text) if self._file else len(text)

    def add(self, row: Mapping[str, str]) -> None:
        """Write one row; where nothing is written, only its length is taken."""
        if self._file is None:
            self.characters += sum(map(len, row.values())) + len(self.header)
            return
        self._writer.writerow([row.get(one, "") for one in self.header])

    def append(self, other: TableWriter) -> None:
        """Append the rows of another table written under the same header."""
        self.characters += other.characters
        if self._file and other.path:
            with other.path.open(encoding="utf-8", newline="") as file:
                next(csv.reader(file), None)
                shutil.copyfileobj(file, self._file, _BLOCK)

    def close(self) -> None:
        """Bring everything to the disk."""
        if self._file:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def refuse_excess(self) -> None:
        """Raise InputError where the table is larger than facts may be."""
        size = max(self.characters, self.path.stat().st_size if self.path else 0)
        if size > MAX_BYTES:
            values = {"size": size // 1_000_000, "limit": MAX_BYTES // 1_000_000}
            raise InputError("register-too-large", table=f"{self.name}.csv", **values)


def put_in_place(
    facts: Path, imports: Path, written: Mapping[str, Path], seen: Mapping[str, TextTable], receipt: Mapping[str, Any]
) -> Path:
    """Put ``written`` tables in place of those in ``facts``; return the folder that holds what was there before.

    Raises ConflictError where a table is no longer as it was ``seen``: somebody else wrote meanwhile.

    Sites come first: were the machine to stop in between, the next import finds them and states the rest.
    """
    for name in written:
        there = facts / f"{name}.csv"
        if (_sha256(there) if there.is_file() else "") != seen[name].sha256:
            raise ConflictError("register-changed-meanwhile", table=f"{facts.name}/{name}.csv")
    imports.mkdir(parents=True, exist_ok=True)
    number = max((int(one.name) for one in imports.iterdir() if one.name.isdecimal()), default=0) + 1
    before = imports / f"{number:04d}"
    before.mkdir()
    for name in written:
        there = facts / f"{name}.csv"
        if there.is_file():
            shutil.copyfile(there, before / there.name)
    after = {name: _sha256(path) for name, path in written.items()}
    told = json.dumps({**receipt, "tables": after}, indent=1, ensure_ascii=False)
    (before / RECEIPT).write_text(told + "\n", "utf-8")
    for name in (one for one in TABLES if one in written):
        written[name].replace(facts / f"{name}.csv")
    return before


def receipts(imports: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the folder and the receipt of each import that stands, the last one first."""
    for folder in sorted(imports.glob("[0-9]*"), reverse=True) if imports.is_dir() else []:
        path = folder / RECEIPT
        if path.is_file():
            yield folder, json.loads(path.read_text("utf-8"))


def put_back(facts: Path, imports: Path) -> Mapping[str, Any]:
    """Put the tables back as they were before the last import; return its receipt.

    Raises UsageError where there was no import, ConflictError where a table was changed since.
    """
    found = next(receipts(imports), None)
    if found is None:
        raise UsageError("no-import-to-undo")
    before, receipt = found
    for name, sha256 in receipt["tables"].items():
        there = facts / f"{name}.csv"
        if not there.is_file() or _sha256(there) != sha256:
            raise ConflictError("import-changed-since", table=f"{facts.name}/{name}.csv", folder=before.name)
    for name in receipt["tables"]:
        kept, there = before / f"{name}.csv", facts / f"{name}.csv"
        if kept.is_file():
            copy = there.with_suffix(".part")
            shutil.copyfile(kept, copy)
            copy.replace(there)
        else:
            there.unlink()
    (before / RECEIPT).replace(before / "undone.json")
    return dict(receipt)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
