"""How an import of a register is shown: to people in a few tables, to programs as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from rich.table import Table

from portico.build.register.importing import Imported
from portico.build.register.reading import Place
from portico.city.exchange.coordinates import Found
from portico.city.exchange.incoming import REASONS
from portico.city.exchange.model import Change, Kind
from portico.cli.show import table
from portico.dossier import plain
from portico.messages import Message
from portico.translation import Translator

_SHORT = 60


def counts_line(done: Imported, say: Translator) -> str:
    """Return how many sites were added, changed, ended, left as they were, and how many cells were refused."""
    values: dict[str, object] = {kind.value: done.counts.get(kind, 0) for kind in Kind}
    return say(
        Message(
            "register-counts",
            {
                **values,
                "file": done.file,
                "rows": done.rows,
                "statements": done.statements,
                "rejects": done.reject_count,
            },
        )
    )


def places_line(done: Imported, say: Translator) -> str:
    """Return how many rows have coordinates that are as stated, found, to be repaired, astray, missing."""
    counted = [
        say(Message(f"register-located.{found.value}", {"count": count}))
        for found in Found
        if (count := done.located.get(found, 0))
    ]
    return say(Message("register-located", {"counts": counted})) if counted else ""


def changes_table(done: Imported, say: Translator, most: int) -> Table | None:
    """Return the first sites that change, with what was and what shall be; new ones are only counted."""
    rows = [row for change in done.changes if change.kind is not Kind.ADDED for row in _change_rows(change, say)]
    if not rows:
        return None
    heads = [say("id"), say("register-change"), say("register-field"), say("register-was"), say("register-is")]
    return table(heads, rows[:most])


def _change_rows(change: Change, say: Translator) -> Iterable[tuple[str, ...]]:
    what = say(Message(f"register-kind.{change.kind.value}"))
    if not change.differences:
        yield change.site, what, "", "", ""
    for one in change.differences:
        name = "@".join(part for part in (one.attribute, one.basis) if part)
        yield change.site, what, name, _short(one.before), _short(one.after)


def places_table(places: Sequence[Place], say: Translator, most: int) -> Table | None:
    """Return the first of the rows whose coordinates are odd: what is written, what is proposed or said of it."""
    if not places:
        return None
    rows = [
        (str(one.pair.row), f"{one.pair.x}, {one.pair.y}", one.pair.crs, say(_place_words(one)))
        for one in islice(places, most)
    ]
    heads = [say("row"), say("register-coordinates"), say("register-system"), say("register-what")]
    return table(heads, rows, numbers=[0])


def _place_words(one: Place) -> Message:
    reading = one.located.reading
    values: dict[str, object] = {"reading": reading.code if reading else ""}
    if one.point:
        values |= {"lon": f"{one.point.lon:.5f}", "lat": f"{one.point.lat:.5f}"}
    return Message(f"register-place.{one.located.found.value}", values)


def rejects_table(done: Imported, say: Translator, most: int) -> Table | None:
    """Return the first cells and rows that were refused, with the reason."""
    if not done.rejects:
        return None
    rows = [(str(one.row), one.column, _short(one.raw), say(_why(one.reason))) for one in islice(done.rejects, most)]
    return table([say("row"), say("column"), say("value"), say("register-why")], rows, numbers=[0])


def _why(reason: str) -> Message:
    return Message(f"register-reject.{reason}") if reason in REASONS else Message(reason)


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def to_dict(done: Imported, say: Translator) -> dict[str, Any]:
    """Return an import as plain data."""
    return {
        "file": done.file,
        "encoding": done.encoding,
        "rows": done.rows,
        "dry_run": done.is_dry,
        "repaired": done.is_repaired,
        "changed": done.has_changes,
        "sites": {kind.value: done.counts.get(kind, 0) for kind in Kind},
        "statements": done.statements,
        "coordinates": {found.value: done.located.get(found, 0) for found in Found},
        "places": [_place_dict(one, say) for one in done.places if one.located.found is not Found.FOUND],
        "columns_kept": list(done.unknown_columns),
        "changes": [
            {
                "kind": one.kind.value,
                "site": one.site,
                "reference": one.reference,
                "row": one.row,
                "differences": [
                    {"attribute": each.attribute, "basis": each.basis, "before": each.before, "after": each.after}
                    for each in one.differences
                ],
            }
            for one in done.changes
        ],
        "reject_count": done.reject_count,
        "rejects": [
            {
                "row": one.row,
                "column": one.column,
                "value": one.raw,
                "reason": one.reason,
                "words": say(_why(one.reason)),
            }
            for one in done.rejects
        ],
        "issues": plain.findings(done.issues, say),
        "before": done.before.name if done.before else None,
    }


def _place_dict(one: Place, say: Translator) -> dict[str, Any]:
    reading = one.located.reading
    return {
        "row": one.pair.row,
        "x": one.pair.x,
        "y": one.pair.y,
        "system": one.pair.crs,
        "found": one.located.found.value,
        "reading": reading.code if reading else None,
        "lon": round(one.point.lon, 7) if one.point else None,
        "lat": round(one.point.lat, 7) if one.point else None,
        "words": say(_place_words(one)),
    }
