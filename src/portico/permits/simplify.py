"""Where a portfolio of projects loses days and papers: the questions a reform begins with.

The first figures of a simplification, as UNCTAD's eRegulations programme takes them: steps without a legal basis,
documents asked for twice, steps one after the other that no law puts in that order. A basis that names no numbered act
or article is taken for none: it is a habit, or a row that lacks its source. What each would save is worked out by
planning the same projects without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portico.city.model import Calendar
from portico.messages import Text
from portico.permits.model import Dependency, Link, Pack
from portico.permits.path import Scope
from portico.permits.reform import Bearing, Project, milestones_of
from portico.permits.whatif import Change, Kind, reformed


@dataclass(frozen=True, slots=True)
class Baseless:
    """A procedure that names no law, and how many projects file it."""

    procedure: str
    projects: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """A document that projects hand in more than once.

    ``projects`` do, ``times`` is how often they do so in all, ``spared`` how often they need not; ``procedures`` ask.
    """

    document: str
    title: Text
    procedures: tuple[str, ...]
    projects: int
    times: int

    @property
    def spared(self) -> int:
        """How often the document was handed in that an office had already."""
        return self.times - self.projects


@dataclass(frozen=True, slots=True)
class Serial:
    """Two procedures one after the other without a law that says so: days over all projects were they side by side.

    ``days`` are saved at the earliest and at the latest until the last milestone.
    """

    dependency: Dependency
    projects: int
    days: tuple[int, int]

    @property
    def change(self) -> Change:
        """The change of a reform that this would be."""
        return Change(kind=Kind.PARALLEL, procedure=self.dependency.procedure, after=self.dependency.other)


@dataclass(frozen=True, slots=True)
class Simplifications:
    """What was found, the largest first."""

    projects: int
    baseless: tuple[Baseless, ...]
    repeated: tuple[Repeated, ...]
    serial: tuple[Serial, ...]


def names_law(basis: str) -> bool:
    """Say whether a basis names a numbered act or article.

    >>> names_law("DPR 160/2010 art. 7"), names_law("premises must comply")
    (True, False)
    """
    return any(one.isdigit() for one in basis)


def simplifications(pack: Pack, portfolio: Sequence[Project], filed: date, calendar: Calendar) -> Simplifications:
    """Return where the projects of a portfolio lose days and papers."""
    bearing = Bearing(pack, filed, calendar)
    scopes = [bearing.scope(one.answers) for one in portfolio]
    return Simplifications(
        len(portfolio),
        tuple(_baseless(pack, scopes)),
        tuple(_repeated(pack, scopes)),
        tuple(_serial(pack, portfolio, scopes, filed, calendar)),
    )


def _baseless(pack: Pack, scopes: Sequence[Scope]) -> list[Baseless]:
    reached = set(milestones_of(pack))
    filed = Counter(one for scope in scopes for one in scope.sure - reached)
    found = [Baseless(one, count) for one, count in filed.items() if not names_law(pack.procedures[one].basis)]
    return sorted(found, key=lambda one: (-one.projects, one.procedure))


def _repeated(pack: Pack, scopes: Sequence[Scope]) -> list[Repeated]:
    """Return the documents asked for twice; what a title takes in asks through that title, once."""
    titles = {one.id: one.title for one in pack.papers}
    times: Counter[str] = Counter()
    projects: Counter[str] = Counter()
    askers: dict[str, set[str]] = {one: set() for one in titles}
    for scope in scopes:
        asked = {
            (one.id, filed)
            for one in pack.papers
            if (filed := scope.absorbed.get(one.procedure, one.procedure)) in scope.sure
        }
        for document, count in Counter(document for document, _ in asked).items():
            if count > 1:
                times[document] += count
                projects[document] += 1
                askers[document] |= {filed for one, filed in asked if one == document}
    found = [
        Repeated(one, titles[one], tuple(sorted(askers[one])), projects[one], count) for one, count in times.items()
    ]
    return sorted(found, key=lambda one: (-one.spared, one.document))


def _serial(
    pack: Pack, portfolio: Sequence[Project], scopes: Sequence[Scope], filed: date, calendar: Calendar
) -> list[Serial]:
    """Return the waits that no law asks for and that cost days, each measured by planning without it."""
    reached = set(milestones_of(pack))
    present = Bearing(pack, filed, calendar)
    now = [present.last(scope) for scope in scopes]
    found = []
    for one in pack.dependencies:
        if one.link is not Link.AFTER or names_law(one.basis) or reached & {one.procedure, one.other}:
            continue
        touched = [number for number, scope in enumerate(scopes) if {one.procedure, one.other} <= scope.sure]
        if not touched:
            continue
        change = Change(kind=Kind.PARALLEL, procedure=one.procedure, after=one.other)
        changed = Bearing(reformed(pack, change), filed, calendar)
        then = {number: changed.last(changed.scope(portfolio[number].answers)) for number in touched}
        saved = [(now[number][0] - last[0], now[number][1] - last[1]) for number, last in then.items()]
        days = sum(least for least, _ in saved), sum(most for _, most in saved)
        if any(days):
            found.append(Serial(one, sum(any(each) for each in saved), days))
    return sorted(found, key=lambda each: (-each.days[1], -each.days[0], each.dependency.procedure))
