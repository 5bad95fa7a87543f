"""CSV by RFC 4180: UTF-8, commas, CRLF, quotes where they are needed; safe to open in a spreadsheet.

A text that a spreadsheet would take for a formula gets an apostrophe before it. Typed numbers, dates and the like are
never altered, nor is a text that is a plain number (``-12``, ``+39011``). The apostrophe can be undone without loss:
where a text begins with apostrophes followed by one of ``= + - @``, tab, carriage return, line feed or a full-width
form of those marks, take one apostrophe away. To keep that true, a text that already begins so gets one more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from portico.lake.exports.base import Export, as_text, text_literal
from portico.lake.model import Column, Type

_MARKS = r"[=+\-@\t\r\n＝＋－＠]"
_NO_NUMBER = r"[+-](?:$|[^0-9]|[0-9]+(?:[.,][0-9]+)*(?:[^0-9.,]|[.,](?:$|[^0-9])))"
_FORMULA = rf"^('+{_MARKS}|[=@\t\r\n＝＋－＠]|{_NO_NUMBER})"
_QUOTED = r"""[",\r\n]|^[ \t]|[ \t]$"""
_BOM = "\ufeff"


def guard(text: str) -> str:
    """Return ``text`` as it stands in the CSV.

    >>> guard("=1+1"), guard("-12,5"), guard("'@here"), guard("plain")
    ("'=1+1", '-12,5', "''@here", 'plain')
    """
    return f"'{text}" if re.match(_FORMULA, text) else text


def unguard(text: str) -> str:
    """Return the text that ``guard`` was given.

    >>> unguard("'=1+1"), unguard("'s-Hertogenbosch")
    ('=1+1', "'s-Hertogenbosch")
    """
    return text[1:] if re.match(f"'+{_MARKS}", text) else text


def lines(export: Export) -> Iterator[str]:
    """Yield the CSV of a version, header first, as it is read: for a file, or for who downloads it."""
    columns = export.version.columns
    yield (_BOM if export.bom else "") + ",".join(_quote(guard(column.name)) for column in columns) + "\r\n"
    inner = ", ".join(f"{_safe(column)} AS c{place}" for place, column in enumerate(columns))
    outer = ", ',', ".join(_cell(column, f"c{place}") for place, column in enumerate(columns))
    for (line,) in export.rows(f"SELECT concat({outer}) FROM (SELECT {inner} FROM {export.relation})"):
        yield f"{line}\r\n"


def write(export: Export, path: Path) -> None:
    """Write a version as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines(export))


def _safe(column: Column) -> str:
    """Return the SQL of a value as text, guarded where it is text already."""
    text = as_text(column)
    if column.type is not Type.TEXT:
        return text
    return rf"""regexp_replace({text}, {text_literal(_FORMULA)}, '''\1')"""


def _cell(column: Column, text: str) -> str:
    """Return the SQL of a cell; an empty text is quoted, so that it is not a missing one."""
    if column.type is not Type.TEXT and not column.is_geometry:
        return f"coalesce({text}, '')"
    needs_quotes = f"{text} = '' OR regexp_matches({text}, {text_literal(_QUOTED)})"
    marked = f"""'"' || replace({text}, '"', '""') || '"'"""
    return f"CASE WHEN {text} IS NULL THEN '' WHEN {needs_quotes} THEN {marked} ELSE {text} END"


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if not text or re.search(_QUOTED, text) else text
