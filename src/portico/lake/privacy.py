"""The guard for personal data: which columns of a typed table tell of persons, and how often.

A table with any of this is held until an officer decides (see ``model.Hold``):

* a person's fiscal code whose check character is right, in a column of its own or anywhere in a text;
* an e-mail address that is not an office's: ``mario.rossi@…`` is, ``protocollo@…`` and anything ``@pec.…`` is not;
* an Italian mobile phone number; landlines are where offices answer. Bare digits count only in a column that as a
  whole looks like phone numbers, or is headed so;
* an account number (IBAN) whose check digits are right;
* names of persons and dates of birth, each only together with the other, or with a fiscal code: a column of names
  alone (of streets, of mayors, of firms) is not held, nor a column of dates.

What the guard finds depends on the content alone, never on the name of the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from portico.lake.columns.headers import fold
from portico.lake.identity import quoted
from portico.lake.model import Column, Type
from portico.lake.personal import (
    ANY_HINT,
    BIRTH_DATE,
    EMAIL,
    FISCAL_CODE,
    HINTS,
    IBAN,
    NAME,
    PHONE,
    SHORTEST,
    found_sql,
    masked_sql,
)
from portico.lake.profile import relation
from portico.messages import Message

__all__ = ["Personal", "guard", "masked_sql"]

_LOOK = 20_000
_FEW = 2_000
_AT_ONCE = 32
_MOSTLY = 0.8
_PHONE_HEADER = ("cell", "tel", "mobile", "phone", "recapit", "contatt", "whatsapp")
_BARE = "[0-9]+"
_BARE_PHONE = "(0039|39)?(3[2-9][0-9]{7,8}|0[0-9]{5,10})"


@dataclass(frozen=True, slots=True)
class Personal:
    """Personal data of one ``kind`` in a column, and how many cells hold some."""

    column: str
    kind: str
    count: int

    @property
    def message(self) -> Message:
        """What is said of it, with what to do."""
        values = {"column": self.column, "count": self.count}
        return {
            FISCAL_CODE: Message("personal-fiscal-code", values),
            EMAIL: Message("personal-e-mail", values),
            PHONE: Message("personal-phone", values),
            IBAN: Message("personal-iban", values),
            NAME: Message("personal-name", values),
            BIRTH_DATE: Message("personal-birth-date", values),
        }[self.kind]


@dataclass(frozen=True, slots=True)
class _Scanned:
    """A column as it is scanned: its distinct values with their number where these are few, else its cells."""

    column: Column
    source: str
    weight: str


def guard(
    cursor: duckdb.DuckDBPyConnection, file: Path, columns: Sequence[Column], decided: Mapping[str, str]
) -> list[Personal]:
    """Return the personal data in the typed Parquet ``file``, in the order of its ``columns``.

    ``decided`` says for a column what its type tells of a person ("e-mail", "name", "birth-date"; empty for most).
    """
    texts = [column for column in columns if column.type is Type.TEXT]
    found: list[Personal] = []
    for start in range(0, len(texts), _AT_ONCE):
        found += _in_texts(cursor, file, texts[start : start + _AT_ONCE], decided)
    found += _in_numbers(cursor, file, columns, decided)
    found += _of_persons(cursor, file, columns, decided, found)
    order = {column.name: place for place, column in enumerate(columns)}
    return sorted(found, key=lambda one: (order[one.column], one.kind))


def _in_texts(
    cursor: duckdb.DuckDBPyConnection, file: Path, columns: Sequence[Column], decided: Mapping[str, str]
) -> Iterator[Personal]:
    """Find values inside the cells of text columns: a quick look at all of them, a close one at those with a hint."""
    rows = _number(cursor, f"SELECT count(*) FROM {relation(file)}")
    likely = f"strlen(v) >= {SHORTEST} AND regexp_matches(v, {_text(ANY_HINT)})"
    if rows <= _LOOK:
        # One relation for all columns: to make the pattern ready costs more than to look at a small table.
        scanned = [_Scanned(column, _cells(file, column), "1") for column in columns]
        places = ", ".join(str(place) for place in range(len(columns)))
        names = ", ".join(quoted(column.name) for column in columns)
        whole = f"SELECT unnest([{places}]) AS place, unnest([{names}]) AS v, 1 AS n FROM {relation(file)}"
        if not cursor.execute(f"SELECT 1 FROM ({whole}) WHERE {likely} LIMIT 1").fetchall():
            return
    else:
        scanned = _scanned(cursor, file, columns)
        whole = " UNION ALL ".join(
            f"SELECT {place} AS place, v, {one.weight} AS n FROM {one.source}" for place, one in enumerate(scanned)
        )
    counts = [f"sum(n) FILTER ({_holds(kind)})" for kind in HINTS]
    bare = f"sum(n) FILTER (regexp_full_match(v, '{_BARE}') AND {_holds(PHONE)})"
    # The hits of all columns come together first: the long patterns are then made ready once, not for every column.
    query = (
        f"WITH hits AS MATERIALIZED (SELECT * FROM ({whole}) WHERE {likely}) "
        f"SELECT place, {', '.join(counts)}, {bare} FROM hits GROUP BY place ORDER BY place"
    )
    for place, *found in cursor.execute(query).fetchall():
        one = scanned[place]
        by_kind = {kind: int(count or 0) for kind, count in zip(HINTS, found, strict=False)}
        bare_phones = int(found[-1] or 0)
        is_told = decided.get(one.column.name, "") == PHONE or _speaks_of_phones(one.column.name)
        if bare_phones and not is_told and not _looks_like_phones(cursor, one):
            by_kind[PHONE] -= bare_phones
        yield from (Personal(one.column.name, kind, count) for kind, count in by_kind.items() if count)


def _holds(kind: str) -> str:
    """Return the condition that the text ``v`` holds a personal value of a kind."""
    return f"CASE WHEN regexp_matches(v, {_text(HINTS[kind])}) THEN len({found_sql(kind, 'v')}) > 0 ELSE false END"


def _scanned(cursor: duckdb.DuckDBPyConnection, file: Path, columns: Sequence[Column]) -> list[_Scanned]:
    """Choose for each column how it is scanned, by the number of distinct values at the beginning of the table."""
    counts = ", ".join(f"approx_count_distinct({quoted(column.name)})" for column in columns)
    begin = f"(SELECT * FROM {relation(file)} LIMIT {_LOOK})"
    seen = cursor.execute(f"SELECT {counts} FROM {begin}").fetchone() or ()
    scanned = []
    for column, distinct in zip(columns, seen, strict=True):
        cells = _cells(file, column)
        if distinct <= _FEW:
            scanned.append(_Scanned(column, f"(SELECT v, count(*) AS n FROM {cells} GROUP BY v)", "n"))
        else:
            scanned.append(_Scanned(column, cells, "1"))
    return scanned


def _cells(file: Path, column: Column) -> str:
    name = quoted(column.name)
    return f"(SELECT {name} AS v FROM {relation(file)} WHERE {name} IS NOT NULL)"


def _looks_like_phones(cursor: duckdb.DuckDBPyConnection, one: _Scanned) -> bool:
    """Say whether the cells of a column that are digits only are mostly phone numbers, and not some other code."""
    weights = f"sum({one.weight}) FILTER (regexp_full_match(v, '{_BARE_PHONE}')), sum({one.weight})"
    row = cursor.execute(f"SELECT {weights} FROM {one.source} WHERE regexp_full_match(v, '{_BARE}')").fetchone()
    phones, cells = (int(value or 0) for value in row or (0, 0))
    return phones >= cells * _MOSTLY


def _in_numbers(
    cursor: duckdb.DuckDBPyConnection, file: Path, columns: Sequence[Column], decided: Mapping[str, str]
) -> Iterator[Personal]:
    """Find mobile numbers that were read as numbers: only under a header that speaks of phones."""
    for column in columns:
        wanted = decided.get(column.name) == PHONE or _speaks_of_phones(column.name)
        if column.type is Type.INTEGER and wanted:
            cells = f"SELECT {quoted(column.name)}::VARCHAR AS v FROM {relation(file)}"
            count = _number(cursor, f"SELECT count(*) FILTER (len({found_sql(PHONE, 'v')}) > 0) FROM ({cells})")
            if count:
                yield Personal(column.name, PHONE, count)


def _of_persons(
    cursor: duckdb.DuckDBPyConnection,
    file: Path,
    columns: Sequence[Column],
    decided: Mapping[str, str],
    found: Sequence[Personal],
) -> Iterator[Personal]:
    """Count names and dates of birth where something else in the table says whose they are."""
    kinds = {decided.get(column.name, "") for column in columns}
    has_code = any(one.kind == FISCAL_CODE for one in found)
    for column in columns:
        kind = decided.get(column.name, "")
        other = {NAME: BIRTH_DATE, BIRTH_DATE: NAME}.get(kind)
        if other is None or not (has_code or other in kinds):
            continue
        count = _number(cursor, f"SELECT count({quoted(column.name)}) FROM {relation(file)}")
        if count:
            yield Personal(column.name, kind, count)


def _speaks_of_phones(header: str) -> bool:
    return any(word.startswith(_PHONE_HEADER) for word in fold(header).split())


def _number(cursor: duckdb.DuckDBPyConnection, query: str) -> int:
    row = cursor.execute(query).fetchone()
    return int(row[0] or 0) if row else 0


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
