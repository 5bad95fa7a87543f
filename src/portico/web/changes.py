"""What changed between a version and the one before it, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portico.errors import PorticoError
from portico.lake.diff import Diff, Row, diff
from portico.lake.model import Column, Version
from portico.messages import Message
from portico.translation import Translator
from portico.web import cells
from portico.web.described import Described
from portico.web.portal import Portal
from portico.web.profiles import type_words

# Rows of both versions together: beyond them a page waits for seconds, so the visitor asks for it.
AT_ONCE = 400_000
_EXAMPLES = 5
_COLUMNS = 6
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that changed: the key of its row, the column, before and after."""

    key: str
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since the version ``old``, as sentences and a few examples.

    ``is_waiting`` where it takes long and nobody asked for it; ``old`` is empty where there is nothing to compare with.
    """

    old: str = ""
    is_waiting: bool = False
    sentences: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    names: tuple[str, ...] = ()
    added: tuple[tuple[str, ...], ...] = ()
    removed: tuple[tuple[str, ...], ...] = ()


def changes(portal: Portal, found: Described, say: Translator, *, asked: bool) -> Changes:
    """Return what changed since the version before, where there is one that can be shown."""
    old, new = found.previous, found.version
    if old is None or new is None:
        return Changes()
    if old.row_count + new.row_count > AT_ONCE and not asked:
        return Changes(old.short, is_waiting=True)
    try:
        compared = _compared(portal, old, new)
    except PorticoError as error:
        return Changes(old.short, sentences=(say(Message.of(error)),))
    return _spoken(compared, say)


def _compared(portal: Portal, old: Version, new: Version) -> Diff:
    key = ("diff", new.dataset, old.id, new.id)
    return portal.settled(key, lambda: diff(portal.lake, old, new, examples=_EXAMPLES))


def _spoken(compared: Diff, say: Translator) -> Changes:
    by_name = {column.name: column for column in (*compared.old.columns, *compared.new.columns)}
    names = tuple(column.name for column in compared.new.columns if not column.is_geometry)[:_COLUMNS]
    return Changes(
        compared.old.short,
        False,  # noqa: FBT003 - it was computed
        tuple(_sentences(compared, say)),
        tuple(change for row in compared.examples.changed for change in _changes(row, compared, by_name, say)),
        names,
        _rows(compared.examples.added, names, by_name, say),
        _rows(compared.examples.removed, names, by_name, say),
    )


def _sentences(compared: Diff, say: Translator) -> list[str]:
    if compared.is_empty:
        return [say("page.change-none")]
    counts = {"added": compared.added, "removed": compared.removed, "changed": compared.changed, "same": compared.same}
    if compared.key:
        found = [say(Message("page.change-by-key", {**counts, "key": ", ".join(compared.key)}))]
    else:
        found = [say(Message("page.change-by-content", {name: counts[name] for name in ("added", "removed", "same")}))]
    schema = compared.schema
    for identifier, columns in (("page.columns-added", schema.added), ("page.columns-removed", schema.removed)):
        if columns:
            found.append(say(Message(identifier, {"names": _listed([column.name for column in columns])})))
    found += [
        say(
            Message(
                "page.column-retyped",
                {
                    "name": one.new.name,
                    "old": _type(one.old, say),
                    "new": _type(one.new, say),
                },
            )
        )
        for one in schema.changed[:_NAMED]
    ]
    found += [say(Message("page.column-renamed", {"old": old, "new": new})) for old, new in schema.renamed[:_NAMED]]
    if compared.cells:
        most = sorted(compared.cells, key=lambda one: -one[1])[:_NAMED]
        told = ", ".join(f"{name} ({say.number(count)})" for name, count in most)
        found.append(say(Message("page.columns-changed", {"names": told})))
    return found


def _listed(names: Sequence[str]) -> str:
    return ", ".join(cells.cut(name) for name in names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def _type(column: Column, say: Translator) -> str:
    return type_words(column.type, say) + (f" ({column.unit})" if column.unit else "")


def _changes(row: Row, compared: Diff, by_name: Mapping[str, Column], say: Translator) -> list[Change]:
    key = ", ".join(cells.shown(value, by_name[name], say) for name, value in zip(compared.key, row.key, strict=True))
    return [
        Change(key, one.column, *(cells.shown(value, by_name[one.column], say) for value in (one.old, one.new)))
        for one in row.cells[:_COLUMNS]
    ]


def _rows(
    examples: Sequence[Mapping[str, Any]], names: Sequence[str], by_name: Mapping[str, Column], say: Translator
) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cells.shown(row.get(name), by_name[name], say) for name in names) for row in examples)
