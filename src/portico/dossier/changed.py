"""What changed in the answer to a brief, as plain data and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portico.match.changes import EntryChange, RowChange
from portico.match.since import Changes, VersionChange
from portico.messages import Message
from portico.translation import Translator

_CELLS = 6
_LONGEST = 120


def to_dict(found: Changes, say: Translator) -> dict[str, Any]:
    """Return what changed: the datasets that moved on, and of each site that moved what, why, and the rows."""
    return {
        "since": found.since.isoformat(),
        "day": found.day.isoformat(),
        "as_of": found.after.as_of.isoformat(),
        "versions": [
            {
                "dataset": one.dataset,
                "from": one.old.id if one.old else None,
                "to": one.new.id if one.new else None,
                "words": say(version_words(one, say)),
            }
            for one in found.versions
        ],
        "sites": [_entry(one, say) for one in found.entries],
        "same": found.same,
        "note": say("change-present"),
    }


def _entry(one: EntryChange, say: Translator) -> dict[str, Any]:
    return {
        "id": one.site.id,
        "name": say(one.site.name),
        "words": [say(each) for each in one.words],
        "by_time": one.by_time,
        "by_others": one.by_others,
        "rows": [
            {
                "dataset": row.dataset,
                "row": row.row,
                "how": row.how.value,
                "cells": [{"column": column, "old": old, "new": new} for column, old, new in row.cells],
            }
            for row in one.rows
        ],
    }


def version_words(one: VersionChange, say: Translator) -> Message:
    """Return how a dataset moved on."""
    name = say.word("dataset", one.dataset)
    old, new = (version.short if version else "" for version in (one.old, one.new))
    if not old or not new:
        return Message(
            "change-version-new" if new else "change-version-gone", {"dataset": name, "new": new, "old": old}
        )
    return Message("change-version", {"dataset": name, "old": old, "new": new})


def row_words(one: RowChange, say: Translator) -> Message:
    """Return what became of a row; of many changed cells the first, of a long text its beginning."""
    cells = tuple(
        Message("change-cell", {"column": column, "old": _cut(old), "new": _cut(new)})
        for column, old, new in one.cells[:_CELLS]
    )
    return Message(
        f"change-row.{one.how.value}", {"dataset": say.word("dataset", one.dataset), "row": one.row, "cells": cells}
    )


def why(one: EntryChange, say: Translator) -> Iterator[Message]:
    """Yield why a site moved: the rows that did it, time, or others."""
    if one.by_others:
        yield Message("change-by-others")
    if one.by_time:
        yield Message("change-by-time")
    yield from (row_words(row, say) for row in one.rows)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
