"""Workshops for the tests of readers, and what a reader's table holds."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from portico.lake.engine import Engine
from portico.lake.found import Member, Told, Workshop
from portico.messages import Finding, Message
from portico.translation import LANGUAGES, Translator

_ENGINE = Engine()


def workshop(tmp_path: Path, **told) -> Workshop:
    """Return a workshop in a folder of its own; ``told`` is what the person says."""
    folder = tmp_path / f"workshop{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    return Workshop(folder, _ENGINE, Told(**told))


def member(path: Path, kind, content=None) -> Member:
    """Return the file at ``path``, written first where ``content`` (bytes or text) is given."""
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Member(path, path.name, kind)


def rows_of(parsed, shop) -> list[tuple]:
    """Return the rows of a table, its columns in order."""
    columns = ", ".join('"' + name.replace('"', '""') + '"' for name in parsed.columns)
    with shop.cursor() as cursor:
        return cursor.execute(f"SELECT {columns} FROM {parsed.relation}").fetchall()


def numbers_of(parsed, shop) -> list[int]:
    """Return the row of the file of each record."""
    with shop.cursor() as cursor:
        return [row[0] for row in cursor.execute(f"SELECT {parsed.row_column} FROM {parsed.relation}").fetchall()]


def kinds_of(parsed) -> list[str]:
    """Return the kinds of what was odd."""
    return [finding.kind for finding in parsed.issues]


def worded(*said) -> None:
    """See that errors and findings have words in every language, with every value they ask for."""
    for one in said:
        message = one.message if isinstance(one, Finding) else Message.of(one)
        for language in LANGUAGES:
            text = Translator(language)(message)
            assert text
            assert message.id not in text
            assert not re.search(r"\{[a-z]+\}", text), text


def rejected(parsed) -> list[list[str]]:
    """Return the rejects: row, column, raw text, reason."""
    if parsed.rejects is None:
        return []
    with parsed.rejects.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
