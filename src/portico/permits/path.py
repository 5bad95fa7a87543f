"""The path of a project: what comes after what, from which day to which, and what it all waits for.

Two paths are worked out, by the rules of the critical path method (Kelley and Walker 1959). The **earliest** one takes
what is surely needed, each in its lighter variant; the **latest** one takes all that may be needed, each in its heavier
variant. What is true lies between them, as far as the statute says anything: these are ceilings of the law in force on
the day each procedure is filed, not forecasts. A procedure is filed on the day the last one it waits for ends. One
whose term was not found takes no time in the earliest path and leaves the latest one open: it is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter

from portico.city.model import Calendar
from portico.errors import InputError
from portico.permits.clock import Span, span
from portico.permits.model import Pack
from portico.permits.waiting import Edge, Waits

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which procedures a path goes over: surely filed, possibly filed, and what takes what in, surely or perhaps."""

    sure: frozenset[str]
    possible: frozenset[str]
    absorbed: Mapping[str, str]
    perhaps_absorbed: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """A procedure on the path: when it is filed and when it ends, at the earliest and at the latest.

    ``is_sure`` says whether it is surely needed. ``latest_end`` is None where its term, or that of one before it, was
    not found; ``slack`` are the days it may take longer on the latest path without anything else moving.
    """

    procedure: str
    is_sure: bool
    filed: date
    ends: date
    latest_filed: date | None
    latest_end: date | None
    with_papers: date | None
    waits_for: tuple[str, ...]
    slack: int | None


@dataclass(frozen=True, slots=True)
class Reached:
    """When a milestone is reached: days after the filing, and by which procedures it is held up.

    ``most`` is None where terms that were not found (``unknown``) stand before it; ``most_known`` counts the others.
    """

    milestone: str
    least: int
    most: int | None
    most_known: int
    earliest: date
    latest: date | None
    critical: tuple[str, ...]
    critical_latest: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """The steps in order of filing, and the milestones."""

    filed: date
    steps: tuple[Step, ...]
    milestones: tuple[Reached, ...]

    def reached(self, milestone: str) -> Reached | None:
        """Return when a milestone is reached; None where the project has none such."""
        return next((one for one in self.milestones if one.milestone == milestone), None)


class Ways:
    """The paths of any number of projects under one pack: what was worked out for one is there for the next."""

    def __init__(self, pack: Pack, calendar: Calendar, milestones: Collection[str]) -> None:
        """Hold a pack; ``milestones`` are the procedures that stand for reaching something, and take no time."""
        self._waits = Waits(pack.dependencies)
        self._milestones = frozenset(milestones)
        self._terms = _Terms(pack, calendar, self._milestones)

    def path(self, scope: Scope, filed: date) -> Path:
        """Return the path of a project that begins on ``filed``.

        Raises InputError where procedures wait for each other in a circle.
        """
        low, high = self._runs(scope, filed)
        slack = high.slack()
        steps = [_step(one, scope, low, high, slack) for one in high.order if one not in self._milestones]
        return Path(
            filed,
            tuple(sorted(steps, key=lambda one: (one.filed, one.ends, one.procedure))),
            tuple(_reached(one, filed, low, high) for one in high.order if one in self._milestones),
        )

    def reached(self, scope: Scope, filed: date) -> dict[str, Reached]:
        """Return when each milestone is reached: what ``path`` says of it, without the steps."""
        low, high = self._runs(scope, filed)
        return {one: _reached(one, filed, low, high) for one in high.order if one in self._milestones}

    def _runs(self, scope: Scope, filed: date) -> tuple[_Run, _Run]:
        """Return the earliest and the latest path."""
        sure = self._waits.edges(scope.sure, scope.absorbed, {})
        after = self._waits.edges(scope.possible, scope.absorbed, scope.perhaps_absorbed)
        return _Run(self._terms, filed, sure, heavy=False), _Run(self._terms, filed, after, heavy=True)


def path(pack: Pack, scope: Scope, filed: date, calendar: Calendar, milestones: Collection[str]) -> Path:
    """Return the path of one project: see ``Ways.path``."""
    return Ways(pack, calendar, milestones).path(scope, filed)


class _Terms:
    """Within which days each procedure ends, by the law in force on the day it is filed; milestones take no time."""

    def __init__(self, pack: Pack, calendar: Calendar, milestones: frozenset[str]) -> None:
        """Keep what was worked out: procedures are asked for again and again on the same day."""
        self._pack = pack
        self._calendar = calendar
        self._milestones = milestones
        self._known: dict[tuple[str, date], Span] = {}

    def span(self, one: str, begun: date) -> Span:
        """Return within which days a procedure filed on ``begun`` ends; a term not in force then is as if not found."""
        if (one, begun) not in self._known:
            term = self._pack.procedures[one].term_on(begun)
            if one in self._milestones:
                self._known[one, begun] = Span(begun, begun, begun)
            else:
                self._known[one, begun] = span(self._calendar, begun, term) if term else Span(begun, None, None)
        return self._known[one, begun]


class _Run:
    """One pass over the procedures in order: when each is filed, when it ends, what that rests on."""

    def __init__(self, terms: _Terms, filed: date, edges: dict[str, list[Edge]], *, heavy: bool) -> None:
        """Take every procedure of ``edges``, in its heavier variant where ``heavy``."""
        self._terms = terms
        self._heavy = heavy
        self.begun = filed
        self.edges = edges
        self.order = _ordered(edges)
        self.filed: dict[str, date] = {}
        self.ends: dict[str, date] = {}
        self.spans: dict[str, Span] = {}
        self.unknown: dict[str, tuple[str, ...]] = {}
        for one in self.order:
            self._take(one, filed)

    def _take(self, one: str, filed: date) -> None:
        begun = max((self._from(edge) for edge in self.edges[one]), default=filed)
        self.filed[one] = begun
        within = self._terms.span(one, begun)
        self.spans[one] = within
        self.ends[one] = self._end(one, begun)
        before = [name for edge in self.edges[one] for name in self.unknown[edge.other]]
        own = [one] if within.latest is None else []
        self.unknown[one] = tuple(dict.fromkeys([*before, *own]))

    def _end(self, one: str, begun: date) -> date:
        within = self._terms.span(one, begun)
        return (within.latest or within.earliest) if self._heavy else within.earliest

    def when(self, one: str, edges: Iterable[Edge]) -> tuple[date, date]:
        """Return the day a procedure is filed and ends at the earliest; one not on this path waits for what is."""
        if one in self.filed:
            return self.filed[one], self.ends[one]
        begun = max((self._from(edge) for edge in edges if edge.other in self.filed), default=self.begun)
        return begun, self._terms.span(one, begun).earliest

    def _from(self, edge: Edge) -> date:
        """Return the day from which ``edge`` lets a procedure be filed."""
        if edge.lag is None:
            return self.ends[edge.other]
        return self.filed[edge.other] + self._lag(edge)

    def _lag(self, edge: Edge) -> timedelta:
        return timedelta(days=edge.lag[1 if self._heavy else 0]) if edge.lag else timedelta()

    def critical(self, milestone: str) -> tuple[str, ...]:
        """Return what holds up a milestone, first things first: each lets the next be filed on the day it is filed."""
        chain, one = [], milestone
        while holding := [edge.other for edge in self.edges[one] if self._from(edge) == self.filed[one]]:
            # Of several, the one that was filed first holds up longest; the name decides where they are alike.
            first = min(holding, key=lambda other: (self.filed[other], other))
            if self.filed[first] < self.filed[one]:
                chain.append(first)
            one = first
        return tuple(reversed(chain))

    def slack(self) -> dict[str, int]:
        """Return how many days each may take longer without the last end of all moving."""
        followers: dict[str, list[tuple[str, Edge]]] = defaultdict(list)
        for one, edges in self.edges.items():
            for edge in edges:
                followers[edge.other].append((one, edge))
        last = max(self.ends.values(), default=self.begun)
        may_end: dict[str, date] = {}
        may_be_filed: dict[str, date] = {}
        for one in reversed(self.order):
            after = followers[one]
            may_end[one] = min((may_be_filed[name] for name, edge in after if edge.lag is None), default=last)
            filed = [may_be_filed[name] - self._lag(edge) for name, edge in after if edge.lag is not None]
            may_be_filed[one] = min([self._latest_filing(one, may_end[one]), *filed])
        return {one: (may_end[one] - self.ends[one]).days for one in self.order}

    def _latest_filing(self, one: str, end: date) -> date:
        """Return the last day on which a procedure can be filed and end by ``end``: holidays make it a search."""
        day = end - (self.ends[one] - self.filed[one])
        while self._end(one, day) > end:
            day -= _DAY
        while day < end and self._end(one, day + _DAY) <= end:
            day += _DAY
        return day


def _ordered(edges: Mapping[str, Collection[Edge]]) -> tuple[str, ...]:
    """Return the procedures so that each comes after all it waits for. Raises InputError for a circle."""
    sorter = TopologicalSorter({one: sorted(edge.other for edge in every) for one, every in edges.items()})
    try:
        return tuple(sorter.static_order())
    except CycleError as error:
        raise InputError("permit-circle", procedures=" → ".join(error.args[1])) from error


def _step(procedure: str, scope: Scope, low: _Run, high: _Run, slack: Mapping[str, int]) -> Step:
    first, ends = low.when(procedure, high.edges[procedure])
    is_open = bool(high.unknown[procedure])
    waits_open = any(high.unknown[edge.other] for edge in high.edges[procedure])
    return Step(
        procedure,
        procedure in scope.sure,
        first,
        ends,
        None if waits_open else high.filed[procedure],
        None if is_open else high.ends[procedure],
        None if is_open else high.spans[procedure].with_papers,
        tuple(edge.other for edge in high.edges[procedure]),
        None if is_open else slack[procedure],
    )


def _reached(milestone: str, filed: date, low: _Run, high: _Run) -> Reached:
    earliest, _ = low.when(milestone, high.edges[milestone])
    latest, unknown = high.filed[milestone], high.unknown[milestone]
    most = (latest - filed).days
    return Reached(
        milestone,
        (earliest - filed).days,
        None if unknown else most,
        most,
        earliest,
        None if unknown else latest,
        low.critical(milestone) if milestone in low.filed else (),
        high.critical(milestone),
        unknown,
    )
