"""What became of a shortlist: the same brief answered twice, and why an entry stands elsewhere now.

Three answers are compared: on the data and the day of then, on the data of then today, on the data of today. What
differs between the first two, time alone did (data grew stale); what differs between the last two, the data did, and
the rows that changed among those an entry rests on are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portico.city.register import Site
from portico.figures import Figure, Statement
from portico.match.criteria import criterion
from portico.match.labels import label
from portico.match.model import Contribution, Decided, Entry, Rank, Shortlist
from portico.messages import Message
from portico.territory.layers import Territory

_SCORE = 0.005
"""A score that moved less is the same to a reader."""
_BESIDE = frozenset({"checked"})
"""Columns whose change is no change of what a row says."""


class How(StrEnum):
    """What became of a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that came, went or says something else: ``cells`` are column, before and after."""

    dataset: str
    row: str
    how: How
    cells: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What became of a site in the answer, in words, and the rows that did it. ``by_time``: time did some of it."""

    site: Site
    words: tuple[Message, ...]
    rows: tuple[RowChange, ...]
    by_time: bool

    @property
    def by_others(self) -> bool:
        """Whether nothing of its own changed, so that it was others who moved."""
        return not self.rows and not self.by_time


@dataclass(frozen=True, slots=True)
class Answers:
    """An answer and the territory that it was given from."""

    answer: Shortlist
    territory: Territory


def changed_entries(then: Answers, aged: Shortlist, now: Answers) -> Iterator[EntryChange]:
    """Yield what became of each site that stands elsewhere; ``aged`` is the answer on the data of ``then`` today.

    In the order of the new answer; what is no longer in it, last.
    """
    before, between = ({one.site.id: one for one in answer.entries} for answer in (then.answer, aged))
    after = {one.site.id: one for one in now.answer.entries}
    rows = _Rows(then.territory, now.territory)
    for identifier, entry in after.items():
        old = before.get(identifier)
        if old is None:
            words = (Message("change-new", {"group": _group(entry)}),)
            yield EntryChange(entry.site, words, rows.of_site(identifier), by_time=False)
            continue
        found = tuple(_words(old, entry))
        if found:
            aged_entry = between.get(identifier, old)
            changed = rows.among(_evidence(aged_entry, entry), identifier)
            yield EntryChange(entry.site, found, changed, _differs(old, aged_entry))
    for identifier, entry in before.items():
        if identifier not in after:
            words = (Message("change-gone", {"group": _group(entry)}),)
            yield EntryChange(entry.site, words, rows.of_site(identifier), by_time=False)


def _group(entry: Entry) -> Message:
    return Message(f"group.{entry.group.value.replace('_', '-')}")


def _words(old: Entry, new: Entry) -> Iterator[Message]:
    if old.group is not new.group:
        yield Message("change-group", {"old": _group(old), "new": _group(new)})
    elif _place(old.rank) != _place(new.rank):
        yield Message("change-rank", {"old": _place(old.rank), "new": _place(new.rank)})
    for was, one in _paired(old.musts, new.musts):
        if was.outcome is not one.outcome:
            values = {
                "what": _name(one),
                "old": Message(f"outcome.{was.outcome.value}"),
                "new": Message(f"outcome.{one.outcome.value}"),
                "reason": one.reason,
            }
            yield Message("change-must", values)
    for before, after in zip(old.contributions, new.contributions, strict=True):
        yield from _of_want(before, after)
    if abs(old.score_mid - new.score_mid) >= _SCORE:
        values = {name: _score(one) for name, one in (("old", old), ("new", new))}
        yield Message("change-score", values)


def _paired(old: Sequence[Decided], new: Sequence[Decided]) -> Iterator[tuple[Decided, Decided]]:
    return zip(old, new, strict=True)


def _of_want(old: Contribution, new: Contribution) -> Iterator[Message]:
    values: dict[str, object] = {"what": _name(new), "old": _found(old), "new": _found(new)}
    if old.is_known != new.is_known:
        yield Message("change-known" if new.is_known else "change-unknown", values)
    elif (old.low, old.high) != (new.low, new.high):
        same = _bounds(old.measured.found) == _bounds(new.measured.found)
        yield Message("change-stale" if same else "change-want", values)


def _bounds(found: Figure | Statement) -> tuple[object, ...]:
    return (found.low, found.value, found.high) if isinstance(found, Figure) else found.values


def _found(one: Contribution) -> object:
    known, found = criterion(one.want.criterion), one.measured.found
    return known.spoken_found(found) if known else found


def _name(one: Decided | Contribution) -> Message:
    asked = one.must if isinstance(one, Decided) else one.want
    known = criterion(asked.criterion)
    return label(asked, known) if known else Message(asked.criterion)


def _place(rank: Rank | None) -> str | Message:
    if rank is None:
        return Message("not-ranked")
    return str(rank.low) if rank.low == rank.high else f"{rank.low}–{rank.high}"


def _score(entry: Entry) -> Message:
    return Message("change-between", {"low": round(entry.score_low, 2), "high": round(entry.score_high, 2)})


def _differs(one: Entry, other: Entry) -> bool:
    """Say whether an entry by itself is another: what was found, or what it came to."""
    return [each.outcome for each in one.musts] != [each.outcome for each in other.musts] or [
        (each.low, each.high) for each in one.contributions
    ] != [(each.low, each.high) for each in other.contributions]


def _evidence(old: Entry, new: Entry) -> set[tuple[str, str]]:
    """Return the rows that what differs between two entries rests on, in either of them."""
    found = set()
    pairs: list[tuple[Decided | Contribution, Decided | Contribution]] = [
        *((was, one) for was, one in _paired(old.musts, new.musts) if _of(was) != _of(one)),
        *((was, one) for was, one in zip(old.contributions, new.contributions, strict=True) if _of(was) != _of(one)),
    ]
    for pair in pairs:
        for one in pair:
            pieces = [*one.measured.found.evidence, *(e for near in one.measured.places for e in near.minutes.evidence)]
            found |= {(piece.dataset, piece.row) for piece in pieces if piece.dataset and piece.row}
    return found


def _of(one: Decided | Contribution) -> tuple[object, ...]:
    own = (one.outcome,) if isinstance(one, Decided) else (one.low, one.high)
    return (*own, *_bounds(one.measured.found))


class _Rows:
    """The rows of two territories, compared when they are asked about."""

    def __init__(self, then: Territory, now: Territory) -> None:
        self._then, self._now = ({name: _by_id(rows) for name, rows in one.rows.items()} for one in (then, now))

    def among(self, named: set[tuple[str, str]], site: str) -> tuple[RowChange, ...]:
        """Return those of the rows ``named`` that are others now; where none is, those of the site itself."""
        found = [change for dataset, row in sorted(named) if (change := self._change(dataset, row))]
        return tuple(found) or (self.of_site(site) if named else ())

    def of_site(self, site: str) -> tuple[RowChange, ...]:
        """Return what became of the rows of a site itself."""
        own = dict.fromkeys([("sites", site), *self._attributes(site)])
        return tuple(change for dataset, row in own if (change := self._change(dataset, row)))

    def _attributes(self, site: str) -> list[tuple[str, str]]:
        tables = [one.get("site_attributes", {}) for one in (self._then, self._now)]
        return [("site_attributes", name) for table in tables for name, row in table.items() if row.get("site") == site]

    def _change(self, dataset: str, row: str) -> RowChange | None:
        old, new = self._then.get(dataset, {}).get(row), self._now.get(dataset, {}).get(row)
        if old is None and new is None:
            return None
        if old is None or new is None:
            return RowChange(dataset, row, How.REMOVED if new is None else How.ADDED)
        names = dict.fromkeys((*old, *new))
        cells = tuple(
            (name, _text(old.get(name)), _text(new.get(name)))
            for name in names
            if name not in _BESIDE and old.get(name) != new.get(name)
        )
        return RowChange(dataset, row, How.CHANGED, cells) if cells else None


def _by_id(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {str(row["id"]): row for row in rows}


def _text(value: object) -> str:
    return "" if value is None else str(value)
