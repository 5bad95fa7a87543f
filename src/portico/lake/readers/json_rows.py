"""Records become rows: nested objects become columns, every value keeps its text, and the column says its type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from portico.errors import InputError
from portico.lake.found import Workshop
from portico.lake.identity import quoted
from portico.lake.limits import MAX_COLUMNS, MAX_JSON_DEPTH
from portico.lake.model import Type
from portico.lake.readers.json_stream import Decimal, NotFinite, Whole
from portico.lake.readers.linking import text
from portico.lake.sniff.shape import clean_name, unique_names
from portico.messages import Finding, Message, Place, Severity

ROW = "_row"
_INSIDE = "\x00"  # stands between the keys of a path; "a" with "b" inside is not the key "a.b"
_SURE_DIGITS = 18
_LARGEST = 2**63 - 1
_WHOLE, _DECIMAL, _BOOLEAN, _TEXT = 1, 2, 4, 8
_STATED = {
    _WHOLE: Type.INTEGER,
    _DECIMAL: Type.NUMBER,
    _WHOLE | _DECIMAL: Type.NUMBER,
    _BOOLEAN: Type.BOOLEAN,
}
_SQL = {Type.INTEGER: "BIGINT", Type.NUMBER: "DOUBLE", Type.BOOLEAN: "BOOLEAN"}
_ENDLESS = (float("inf"), float("-inf"))
_ENCODE_TEXT = json.encoder.encode_basestring


class Rows:
    """Rows on their way to Parquet, by way of a file of lines in the workshop; memory holds one record."""

    def __init__(self, name: str, shop: Workshop) -> None:
        self._name = name
        self._shop = shop
        self._place = shop.place(".ndjson")
        self._out = self._place.open("w", encoding="utf-8", newline="\n")
        self._columns: dict[str, int] = {}
        self._kinds: list[int] = []
        self._not_finite: dict[int, int] = {}
        self._odd_texts = 0
        self._first_odd = 0
        self._longest = 0
        self.count = 0

    def close(self) -> None:
        """Close the file of lines."""
        self._out.close()

    def add(self, number: int, record: dict[str, Any]) -> None:
        """Add one record, which stands at row ``number`` of the file."""
        row = [f'{{"r":{number}']
        self._flatten(record, "", row, 1)
        row.append("}\n")
        line = "".join(row)
        self._longest = max(self._longest, len(line))
        self.count += 1
        if "\\u0000" not in line:
            try:
                self._out.write(line)
            except UnicodeEncodeError:  # half a surrogate pair is no character
                pass
            else:
                return
        self._out.write(_mended(line))
        self._odd_texts += 1
        self._first_odd = self._first_odd or number

    def _flatten(self, record: dict[str, Any], prefix: str, row: list[str], depth: int) -> None:
        """Write each value of ``record`` into ``row``; what is usual comes first, because this is where time goes."""
        if depth > MAX_JSON_DEPTH:
            raise InputError("json-too-deep", file=self._name, limit=MAX_JSON_DEPTH)
        kinds = self._kinds
        for key, value in record.items():
            kind = type(value)
            if kind is dict:
                self._flatten(value, f"{prefix}{key}{_INSIDE}", row, depth + 1)
                continue
            column = self._columns.get(prefix + key)
            if column is None:
                column = self._new(prefix + key)
            if kind is str:
                kinds[column] |= _TEXT
                row.append(f',"{column}":{_ENCODE_TEXT(value)}')
            elif kind is Whole and len(value) <= _SURE_DIGITS:
                kinds[column] |= _WHOLE
                row.append(f',"{column}":"{value}"')
            elif value is not None:
                self._put(column, value, row, depth)

    def _put(self, column: int, value: Any, row: list[str], depth: int) -> None:  # noqa: ANN401 - any JSON
        kind = type(value)
        if kind is Whole:
            fits = len(value) <= _SURE_DIGITS + 2 and abs(int(value)) <= _LARGEST
            self._kinds[column] |= _WHOLE if fits else _TEXT
        elif kind is Decimal:
            self._kinds[column] |= _TEXT if float(value) in _ENDLESS else _DECIMAL
        elif kind is bool:
            self._kinds[column] |= _BOOLEAN
            value = "true" if value else "false"
        elif kind is NotFinite:
            self._not_finite[column] = self._not_finite.get(column, 0) + 1
            return
        else:
            self._kinds[column] |= _TEXT
            value = _ENCODE_TEXT(written(value, depth, self._name))
            row.append(f',"{column}":{value}')
            return
        row.append(f',"{column}":"{value}"')

    def _new(self, path: str) -> int:
        if len(self._columns) >= MAX_COLUMNS:
            raise InputError("too-many-columns", file=self._name, count=len(self._columns) + 1, limit=MAX_COLUMNS)
        self._columns[path] = len(self._columns)
        self._kinds.append(0)
        return len(self._kinds) - 1

    def headers(self) -> tuple[str, ...]:
        """Return the keys of the columns, "a.b" for b inside a."""
        return tuple(_characters(path.replace(_INSIDE, ".")) for path in self._columns)

    def names(self) -> tuple[str, ...]:
        """Return one name a column."""
        cleaned = [clean_name(header) or f"column_{at}" for at, header in enumerate(self.headers(), start=1)]
        return unique_names([ROW, *cleaned])[1:]

    def stated(self) -> dict[str, Type]:
        """Return the types that all values of a column have."""
        found = {}
        for name, kinds in zip(self.names(), self._kinds, strict=True):
            if kinds in _STATED:
                found[name] = _STATED[kinds]
        return found

    def findings(self) -> list[Finding]:
        """Return what was odd about the values."""
        found = []
        names, headers = self.names(), self.headers()
        for column, count in self._not_finite.items():
            values = {"file": self._name, "column": names[column], "count": count}
            found.append(_warning("number-not-finite", values, Place(self._name, 0, names[column])))
        for name, header in zip(names, headers, strict=True):
            if name != header:
                values = {"file": self._name, "header": header, "column": name}
                found.append(_warning("column-renamed", values, Place(self._name, 0, name)))
        if self._odd_texts:
            values = {"file": self._name, "count": self._odd_texts, "row": self._first_odd}
            found.append(_warning("json-odd-text", values, Place(self._name, self._first_odd)))
        return found

    def write(self) -> Path:
        """Return the Parquet file of all rows, columns as ``names`` with ``_row`` behind them."""
        self._out.close()
        stated = self.stated()
        target = self._shop.place(".parquet")
        select = []
        for column, name in enumerate(self.names()):
            read = quoted(str(column))
            select.append(f"{f'{read}::{_SQL[stated[name]]}' if name in stated else read} AS {quoted(name)}")
        columns = ", ".join([*(f"'{column}': 'VARCHAR'" for column in range(len(self._kinds))), "r: 'BIGINT'"])
        source = (
            f"read_json({text(str(self._place))}, format='newline_delimited', auto_detect=false, "
            f"columns={{{columns}}}, maximum_object_size={max(2_000_000, 4 * self._longest + 64)})"
        )
        with self._shop.cursor() as cursor:
            cursor.execute(f"COPY (SELECT {', '.join(select)}, r AS {ROW} FROM {source}) TO {text(str(target))}")
        self._place.unlink()
        return target


def written(value: Any, depth: int, name: str) -> str:  # noqa: ANN401 - any JSON
    """Return a value as JSON text with its numbers as they were written.

    >>> written([Whole("1"), {"a": Decimal("2.50"), "b": None}], 1, "a.json")
    '[1,{"a":2.50,"b":null}]'
    """
    if depth > MAX_JSON_DEPTH:
        raise InputError("json-too-deep", file=name, limit=MAX_JSON_DEPTH)
    kind = type(value)
    if kind is Whole or kind is Decimal:
        return str(value)
    if kind is str:
        return _ENCODE_TEXT(value)
    if kind is list:
        return "[" + ",".join([written(one, depth + 1, name) for one in value]) + "]"
    if kind is dict:
        pairs = [f"{_ENCODE_TEXT(key)}:{written(one, depth + 1, name)}" for key, one in value.items()]
        return "{" + ",".join(pairs) + "}"
    return {True: "true", False: "false"}.get(value, "null")


def _mended(line: str) -> str:
    """Put a replacement mark for what no text may hold."""
    return _characters(line).replace("\\\\", "\x01").replace("\\u0000", "\ufffd").replace("\x01", "\\\\")


def _characters(content: str) -> str:
    return content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _warning(message_id: str, values: dict[str, object], place: Place) -> Finding:
    return Finding(Message(message_id, values), place, "", Severity.WARNING)
