"""JSON and NDJSON: the records in a document, wherever it keeps them, one row each.

The document is read twice where its shape has to be found first, and never held in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from portico.errors import InputError
from portico.lake.found import Dialect, Format, Member, Parsed, RejectWriter, Workshop
from portico.lake.limits import MAX_COLUMNS, MAX_JSON_BYTES, MAX_RECORD_BYTES
from portico.lake.readers.json_outline import KEY_COLUMN, Outline, Shape, outline, skip
from portico.lake.readers.json_rows import ROW, Rows, written
from portico.lake.readers.json_stream import Stream, decoder, encoding_of, opened
from portico.lake.readers.linking import text
from portico.messages import Finding, Message, Place, Severity

_SCALAR = "value"
_CHARACTERS_OF_REJECT = 100_000


def read(member: Member, shop: Workshop) -> list[Parsed]:
    """Return the one table of a JSON or NDJSON file.

    Records are the lines of an NDJSON; the elements of an array, or of the one array of records that an object holds
    (the largest, where it holds several); the columns of an object of arrays, turned round; else the object itself.
    Whole numbers are stated integers, numbers with decimals stated numbers, true and false stated booleans; everything
    else is text. Lists inside a record stay JSON text. A line or element that is no record is a reject.

    Raises InputError where the document is cut off or broken (with line and column), where the encoding is neither
    UTF-8 nor UTF-16 with its mark, and where it is deeper, longer or wider than the limits.
    """
    job = _Job(member, shop)
    with RejectWriter(shop.place(".rejects.csv")) as rejects:
        try:
            if member.format is Format.NDJSON:
                job.lines(rejects)
            else:
                job.document(rejects)
        finally:
            job.rows.close()
    return [job.parsed(rejects)]


class _Job:
    """One document being read."""

    def __init__(self, member: Member, shop: Workshop) -> None:
        self._member = member
        self._encoding = encoding_of(member.path, shop.told.encoding)
        self._duplicates = 0
        self._first_duplicate = 0
        self._number = 0
        self._beside: Sequence[str] = ()
        self._ragged = 0
        self._header: list[str] | None = None
        self._counting = True
        self._decode = decoder(self._note_duplicate)
        self.rows = Rows(member.name, shop)

    def _note_duplicate(self) -> None:
        if self._counting:
            self._duplicates += 1
            self._first_duplicate = self._first_duplicate or self._number

    # --- NDJSON ---

    def lines(self, rejects: RejectWriter) -> None:
        """Read a record a line."""
        with opened(self._member.path, self._member.name, self._encoding) as file:
            for line in self._each_line(file):
                content = line.strip(" \t\r\n")
                if content:
                    self._line(content, rejects)

    def _each_line(self, file: Any) -> Iterator[str]:  # noqa: ANN401 - an open text
        while True:
            self._number += 1
            try:
                line = file.readline(MAX_RECORD_BYTES + 1)
            except UnicodeError as error:
                raise InputError("json-encoding", file=self._member.name, encoding=self._encoding) from error
            if not line:
                return
            if len(line) > MAX_RECORD_BYTES:
                limit = MAX_RECORD_BYTES // 10**6
                raise InputError("json-record-too-long", file=self._member.name, line=self._number, limit=limit)
            yield line.removeprefix("\ufeff") if self._number == 1 else line

    def _line(self, content: str, rejects: RejectWriter) -> None:
        try:
            value = self._decode.decode(content)
        except (json.JSONDecodeError, RecursionError):
            rejects.add(self._number, "", content[:_CHARACTERS_OF_REJECT], "json-broken-line")
            return
        self._add(value, rejects, content)

    # --- one document ---

    def document(self, rejects: RejectWriter) -> None:
        """Read the records of a document."""
        if self._member.path.stat().st_size > MAX_JSON_BYTES:
            limit = MAX_JSON_BYTES // 10**6
            raise InputError("json-too-long", file=self._member.name, limit=limit)
        self._counting = False
        found = self._with_stream(outline)
        self._counting = True
        self._beside = found.others
        self._header = list(found.header) or None
        self._with_stream(lambda stream: self._records(stream, found, rejects))

    def _with_stream(self, do: Any) -> Any:  # noqa: ANN401 - whatever it returns
        stream = Stream(self._member.path, self._member.name, self._encoding, self._decode)
        try:
            return do(stream)
        finally:
            stream.close()

    def _records(self, stream: Stream, found: Outline, rejects: RejectWriter) -> None:
        if found.shape is Shape.COLUMNS:
            self._turned(stream.value())
        elif found.shape is Shape.KEYED:
            for key in stream.members():
                self._number += 1
                record = stream.value()
                self.rows.add(self._number, {KEY_COLUMN: key, **record})
        elif found.shape is Shape.SINGLE:
            self._number = 1
            self._add(stream.value(), rejects, "")
        else:
            self._inside(stream, found.path, rejects)
        stream.end()

    def _inside(self, stream: Stream, path: Sequence[str], rejects: RejectWriter) -> None:
        """Go to the array at ``path`` and read its elements; everything beside it is passed over."""
        if not path:
            for _ in stream.elements():
                self._number += 1
                self._add(stream.value(), rejects, "")
            return
        for key in stream.members():
            if key == path[0] and stream.peek() == ("{" if path[1:] else "["):
                self._inside(stream, path[1:], rejects)
            else:
                skip(stream)

    def _turned(self, columns: dict[str, Any]) -> None:
        """Read an object of columns: arrays of the same length, or objects with the same keys."""
        listed = {name: list(cells.values()) if isinstance(cells, dict) else cells for name, cells in columns.items()}
        for cells in zip(*listed.values(), strict=True):
            self._number += 1
            self.rows.add(self._number, dict(zip(listed, cells, strict=True)))

    # --- records ---

    def _add(self, value: Any, rejects: RejectWriter, raw: str) -> None:  # noqa: ANN401 - any JSON
        if isinstance(value, dict):
            self.rows.add(self._number, value)
        elif isinstance(value, list):
            self._add_list(value)
        elif not self.rows.headers() or self.rows.headers() == (_SCALAR,):
            self.rows.add(self._number, {_SCALAR: value})
        else:
            shown = raw or written(value, 1, self._member.name)
            rejects.add(self._number, "", shown[:_CHARACTERS_OF_REJECT], "json-not-a-record")

    def _add_list(self, cells: list[Any]) -> None:
        """Add a row written as an array; the first one names the columns if it holds nothing but words."""
        if self._header is None:
            self._header = [str(cell) for cell in cells] if _is_header(cells) else []
            if self._header:
                return
        if len(cells) > MAX_COLUMNS:
            raise InputError("too-many-columns", file=self._member.name, count=len(cells), limit=MAX_COLUMNS)
        while len(self._header) < len(cells):
            self._header.append(f"column_{len(self._header) + 1}")
            self._ragged += self.rows.count > 0
        self.rows.add(self._number, {self._key(at): cell for at, cell in enumerate(cells)})

    def _key(self, at: int) -> str:
        """Return the key of a column by its place: two columns may have one header."""
        header = self._header or []
        name = header[at]
        return name if header.index(name) == at else f"{name}_{at + 1}"

    # --- the table ---

    def parsed(self, rejects: RejectWriter) -> Parsed:
        """Return the table."""
        name = self._member.name
        if not self.rows.count or not self.rows.headers():
            if rejects.count:
                raise InputError("json-no-line", file=name, count=rejects.count)
            raise InputError("json-no-records", file=name)
        target = self.rows.write()
        names = self.rows.names()
        return Parsed(
            name=Path(name).stem,
            relation=f"read_parquet({text(str(target))})",
            columns=names,
            rows=self.rows.count,
            format=self._member.format,
            headers=self.rows.headers(),
            stated=self.rows.stated(),
            dialect=Dialect(encoding=self._encoding.removesuffix("-sig")),
            row_column=ROW,
            issues=(*self._findings(rejects), *self.rows.findings()),
            rejects=rejects.kept,
            reject_count=rejects.count,
        )

    def _findings(self, rejects: RejectWriter) -> Iterator[Finding]:
        name = self._member.name

        def say(message_id: str, row: int = 0, **values: object) -> Finding:
            return Finding(Message(message_id, {"file": name, **values}), Place(name, row), "", Severity.WARNING)

        if self._duplicates:
            yield say("json-duplicate-keys", self._first_duplicate, count=self._duplicates, at=self._first_duplicate)
        if self._beside:
            yield say("json-other-records", paths=", ".join(self._beside))
        if self._ragged:
            yield say("json-ragged", count=self._ragged)
        if rejects.count:
            yield say("json-rejected", count=rejects.count)


def _is_header(cells: list[Any]) -> bool:
    """Say whether the first of the arrays names the columns: words, none twice and none empty."""
    words = [cell.strip() for cell in cells if type(cell) is str]
    return len(words) == len(cells) == len({word.casefold() for word in words}) > 0 and all(words)
