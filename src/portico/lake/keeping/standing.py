"""Where everything stands: what each version is kept for, and which files belong to what is kept.

One place answers both questions, for clean-up, verification and copying alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portico.database import Connection
from portico.errors import UsageError
from portico.lake import store
from portico.lake.model import Decided, Hold, Publication, Version
from portico.messages import Message

Name = tuple[str, str]
"""A version by dataset and id."""
Beside = Callable[[Connection, Container[Name], str], Mapping[str, tuple[str, str]]]
"""Gives the files that belong to kept versions without being their content (see ``store.files_beside``)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What clean-up leaves on the moment ``at`` (ISO 8601).

    Whatever was published within ``keep_days``, and the last ``keep_last`` publications of each dataset. Heads, cited
    and held versions stay under any rule.
    """

    at: str
    keep_days: int = 365
    keep_last: int = 10

    def __post_init__(self) -> None:
        """Raise UsageError for limits that mean nothing."""
        if self.keep_days < 0 or self.keep_last < 1:
            raise UsageError("gc-limits", days=self.keep_days, last=self.keep_last)

    @property
    def moment(self) -> datetime:
        """The moment of the clean-up."""
        return moment(self.at)

    @property
    def since(self) -> datetime:
        """The moment from which on everything stays."""
        try:
            return self.moment - timedelta(days=self.keep_days)
        except OverflowError:
            return datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides what is kept, read in one transaction."""

    versions: tuple[Version, ...]
    publications: tuple[Publication, ...]
    heads: Mapping[str, int]
    citations: Mapping[Name, tuple[str, ...]]
    holds: tuple[Hold, ...]

    @classmethod
    def read(cls, connection: Connection) -> Standing:
        """Read where everything stands."""
        return cls(
            store.every_version(connection),
            store.every_publication(connection),
            store.every_head(connection),
            store.every_citation(connection),
            store.holds(connection),
        )

    @property
    def names(self) -> frozenset[Name]:
        """Every version whose content is kept."""
        return frozenset((one.dataset, one.id) for one in self.versions)


def moment(text: str) -> datetime:
    """Return the moment that ``text`` (ISO 8601) names; without an offset it is in UTC.

    >>> moment("2026-11-23T09:00:00").isoformat()
    '2026-11-23T09:00:00+00:00'
    """
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def reasons(standing: Standing, rule: Rule) -> dict[Name, tuple[Message, ...]]:
    """Return for each version why it stays; nothing where it may go."""
    log: dict[Name, list[Publication]] = defaultdict(list)
    last: dict[str, int] = {}
    for entry in standing.publications:
        log[entry.dataset, entry.version].append(entry)
        last[entry.dataset] = max(entry.number, last.get(entry.dataset, 0))
    holds = {(one.dataset, one.version): one for one in standing.holds}
    found = {}
    for one in standing.versions:
        name = (one.dataset, one.id)
        newest = last.get(one.dataset, 0)
        found[name] = (
            *_by_log(log[name], standing.heads.get(one.dataset, newest), newest, rule),
            *_by_word(log[name], standing.citations.get(name, ()), holds.get(name)),
            *_by_age(log[name], holds.get(name), rule),
        )
    return found


def _by_log(entries: Iterable[Publication], head: int, newest: int, rule: Rule) -> Iterable[Message]:
    numbers = [entry.number for entry in entries]
    if head in numbers:
        yield Message("gc-kept-head")
    elif any(number > newest - rule.keep_last for number in numbers):
        yield Message("gc-kept-last", {"count": rule.keep_last})


def _by_word(entries: Iterable[Publication], citing: tuple[str, ...], hold: Hold | None) -> Iterable[Message]:
    if citing:
        yield Message("gc-kept-cited", {"by": citing})
    if hold is not None and hold.decision is Decided.OPEN:
        yield Message("gc-kept-held")
    if hold is None and not any(entries):
        yield Message("gc-kept-unpublished")


def _by_age(entries: Iterable[Publication], hold: Hold | None, rule: Rule) -> Iterable[Message]:
    dates = [entry.published_at for entry in entries]
    dates += [text for text in (hold.held_at, hold.decided_at) if text] if hold else []
    try:
        newest = max(map(moment, dates), default=None)
    except ValueError:  # a date that nobody can read says nothing about age
        yield Message("gc-kept-undated")
        return
    if newest is not None and newest > rule.since:
        yield Message("gc-kept-recent", {"day": newest.date()})


def referenced(connection: Connection, kept: Iterable[Version], since: str, beside: Beside) -> frozenset[str]:
    """Return every file in the lake's folder that belongs to the versions ``kept``: the only place that says so."""
    versions = tuple(kept)
    names = frozenset((one.dataset, one.id) for one in versions)
    return frozenset(one.file for one in versions) | frozenset(beside(connection, names, since))
