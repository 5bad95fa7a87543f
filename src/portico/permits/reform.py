"""What a reform would save: the same projects planned under the rules as they are and as they would be.

Days are ceilings of the law, from the day of filing to a milestone: at the earliest, and at the latest as far as terms
were found. Documents are counted as they are asked for (``asked``) and as there are different ones (``papers``). What
each change saves alone does not add up to what all save together: two changes on one path shorten it once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portico.city.model import Calendar
from portico.permits.model import Answers, Nature, Pack, Tacit
from portico.permits.path import Scope, Ways
from portico.permits.scope import scope
from portico.permits.whatif import Change, WhatIf, reformed


@dataclass(frozen=True, slots=True)
class Project:
    """A project of a portfolio: its name and what is known of it."""

    id: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class Burden:
    """What the rules ask of one project, or of many added up.

    ``days`` are least and most days to each milestone, ``open_ended`` to how many of these nobody can say the most.
    ``undecided`` counts acts of assent for which silence decides nothing. All over what is surely filed; the most days
    also over what may be.
    """

    days: Mapping[str, tuple[int, int]]
    open_ended: int
    filed: int
    asked: int
    papers: int
    undecided: int

    def __add__(self, other: Burden) -> Burden:
        """Return both burdens together."""
        milestones = dict.fromkeys((*self.days, *other.days))
        nothing = (0, 0)
        return Burden(
            {
                one: (
                    self.days.get(one, nothing)[0] + other.days.get(one, nothing)[0],
                    self.days.get(one, nothing)[1] + other.days.get(one, nothing)[1],
                )
                for one in milestones
            },
            self.open_ended + other.open_ended,
            self.filed + other.filed,
            self.asked + other.asked,
            self.papers + other.papers,
            self.undecided + other.undecided,
        )


NOTHING = Burden({}, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Compared:
    """The same projects before and after; ``change`` None: all changes together. ``touched``: how many differ."""

    change: Change | None
    before: Burden
    after: Burden
    touched: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a reform does to a portfolio: together, and each change alone in the order of the reform."""

    reform: WhatIf
    projects: int
    together: Compared
    alone: tuple[Compared, ...]


Progress = Callable[[int, int], None]


class Bearing:
    """What the rules of a pack ask of projects, one after the other."""

    def __init__(self, pack: Pack, filed: date, calendar: Calendar) -> None:
        """Hold a pack, for projects that are filed on one day."""
        self._pack = pack
        self._filed = filed
        self._milestones = frozenset(milestones_of(pack))
        self._ways = Ways(pack, calendar, self._milestones)
        self._undecided = frozenset(one for one in pack.procedures if _is_undecided(pack, one, filed))

    def scope(self, answers: Answers) -> Scope:
        """Return what a project files."""
        return scope(self._pack, answers, self._filed)

    def burden(self, found: Scope) -> Burden:
        """Return what the rules ask of a project with this scope."""
        ends = self._ways.reached(found, self._filed)
        alone = found.sure - self._milestones
        # What is taken in asks for its documents through what takes it in, each once.
        asked = {
            (filed, one.id)
            for one in self._pack.papers
            if (filed := found.absorbed.get(one.procedure, one.procedure)) in alone
        }
        return Burden(
            {one: (end.least, end.most_known) for one, end in ends.items()},
            sum(end.most is None for end in ends.values()),
            len(alone),
            len(asked),
            len({paper for _, paper in asked}),
            len(alone & self._undecided),
        )

    def last(self, found: Scope) -> tuple[int, int]:
        """Return the least and the most days until the last milestone, as far as terms were found."""
        ends = self._ways.reached(found, self._filed).values()
        return max((one.least for one in ends), default=0), max((one.most_known for one in ends), default=0)


def milestones_of(pack: Pack) -> tuple[str, ...]:
    """Return the procedures of a pack that stand for having reached something, in its order."""
    return tuple(dict.fromkeys(one.procedure for one in pack.triggers if one.nature is Nature.MILESTONE))


def _is_undecided(pack: Pack, procedure: str, filed: date) -> bool:
    one = pack.procedures[procedure]
    term = one.term_on(filed)
    return one.regime in pack.notes.assents and (term is None or term.tacit is Tacit.NONE)


def effect(
    pack: Pack,
    reform: WhatIf,
    portfolio: Sequence[Project],
    filed: date,
    calendar: Calendar,
    progress: Progress = lambda _done, _of: None,
) -> Effect:
    """Return what a reform saves over a portfolio filed on one day."""
    variants: list[tuple[Change | None, tuple[Change, ...]]] = [(None, reform.changes)]
    if len(reform.changes) > 1:
        variants += [(one, (one,)) for one in reform.changes]
    of = len(portfolio) * (len(variants) + 1)
    now, met = [], []
    present = Bearing(pack, filed, calendar)
    for number, project in enumerate(portfolio, start=1):
        found = present.scope(project.answers)
        met.append(found.possible | set(found.absorbed))
        now.append(present.burden(found))
        progress(number, of)
    before = sum(now, NOTHING)
    compared = []
    for turn, (change, changes) in enumerate(variants, start=1):
        changed, after, touched = Bearing(reformed(pack, *changes), filed, calendar), NOTHING, 0
        for number, project in enumerate(portfolio):
            # A change of what a project surely never meets changes nothing for it.
            is_met = any(one.procedure in met[number] for one in changes)
            then = changed.burden(changed.scope(project.answers)) if is_met else now[number]
            after, touched = after + then, touched + (then != now[number])
            progress(turn * len(portfolio) + number + 1, of)
        compared.append(Compared(change, before, after, touched))
    together, *alone = compared
    return Effect(reform, len(portfolio), together, tuple(alone or [replace(together, change=reform.changes[0])]))
