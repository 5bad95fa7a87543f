"""A brief over every cell, read aloud: sort out what the territory can answer, measure, decide, value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import date

import numpy as np

from portico.dates import plausible
from portico.errors import InputError
from portico.figures import Evidence, together
from portico.match.criteria import criterion
from portico.match.criteria.base import Criterion, Over
from portico.match.criteria.spread import Spread
from portico.match.model import Asked, Brief, Must
from portico.match.shortlist import AVAILABLE
from portico.match.where.deciding import outcomes, standing, unanswered, value
from portico.match.where.model import Answered, Valued, Where
from portico.territory.cells import Cells
from portico.territory.layers import Territory
from portico.territory.many.positions import Positions
from portico.territory.many.streets import off_streets
from portico.territory.nearby import Floats
from portico.territory.selection import Selection

Progress = Callable[[int, int], None]
_AT_ONCE = 10_000
_ASKED = tuple(one.name for one in fields(Asked) if one.name != "label")
_Key = tuple[object, ...]


def everywhere(
    brief: Brief,
    territory: Territory,
    as_of: date,
    cells: Cells,
    progress: Progress = lambda _done, _of: None,
) -> Where:
    """Answer ``brief`` for every one of ``cells`` on ``as_of``; ``progress`` hears how much is measured of how much.

    Each cell is measured from its centre, which may be off by half a cell. Raises InputError where the territory can
    answer nothing of what is asked, and where it knows nothing of it anywhere.
    """
    plausible(as_of)
    refuse_unanswerable(brief)
    lon, lat = cells.centres
    at = Positions(lon, lat, cells.half_m)
    found = _measured(brief, territory, at, progress)
    staleness = territory.settings.staleness
    musts = tuple(
        Answered(must, known, spread, outcomes(must, known, spread, as_of, staleness.limit_months))
        for must, known, spread in ((one, _known(one), found[_key(one)]) for one in brief.musts if _key(one) in found)
    )
    wants = tuple(
        value(want, _known(want), share, found[_key(want)], as_of, staleness)
        if _key(want) in found
        else unanswered(want, _known(want), share, len(cells))
        for want, share in zip(brief.wants, brief.shares(), strict=True)
    )
    _refuse_unknown(musts, wants)
    to_ask = (AVAILABLE, *(one for one in brief.musts if _key(one) not in found))
    stands = standing([one.outcome for one in musts], len(cells))
    return Where(brief, as_of, cells, at, musts, to_ask, wants, stands, _off_streets(brief, territory, at))


def _off_streets(brief: Brief, territory: Territory, at: Positions) -> int | None:
    modes = {one.mode for one, _ in _to_measure(brief).values() if one.mode is not None}
    return off_streets(territory.travel, at, modes) if territory.travel is not None else None


def refuse_unanswerable(brief: Brief) -> None:
    """Raise InputError where only a register of sites could answer anything that ``brief`` asks."""
    if not any(_over(one) for one in (*brief.musts, *brief.wants)):
        names = ", ".join(dict.fromkeys(one.criterion for one in (*brief.musts, *brief.wants)))
        raise InputError("where-nothing-to-answer", criteria=names or "–")


def evidence(brief: Brief, territory: Territory) -> tuple[Evidence, ...]:
    """Return what an answer would rest on; nothing is measured."""
    nowhere = Positions(np.empty(0), np.empty(0), 0.0)
    return together(*(over(territory, nowhere, one).evidence for one, over in _to_measure(brief).values()))


def places_asked(brief: Brief, territory: Territory) -> int:
    """Return how many places each cell is measured against, over all that is asked: what an answer costs."""
    asked = [one for one, _ in _to_measure(brief).values()]
    return sum(max(1, len(territory.chosen(Selection(one.kinds, one.fields, one.divisions)))) for one in asked)


def ages(brief: Brief) -> bool:
    """Say whether the day plays a part: whether anything that the territory answers grows stale."""
    return any(_known(one).ages for one, _ in _to_measure(brief).values())


def _refuse_unknown(musts: Sequence[Answered], wants: Sequence[Valued]) -> None:
    spreads = [*(one.found for one in musts), *(one.found for one in wants if one.found is not None)]
    if all(np.isnan(one.low).all() and np.isnan(one.high).all() for one in spreads):
        raise InputError("where-nothing-known", cells=len(spreads[0]))


def _measured(brief: Brief, territory: Territory, at: Positions, progress: Progress) -> dict[_Key, Spread]:
    """Measure what is asked, each thing once, some thousands of cells at a time."""
    asked = _to_measure(brief)
    total, done = len(at) * len(asked), 0
    found = {}
    progress(0, total)
    for key, (one, over) in asked.items():
        parts = []
        for which in _portions(len(at)):
            parts.append(over(territory, at.take(which), one))
            done += which.stop - which.start
            progress(done, total)
        found[key] = _joined(parts)
    return found


def _portions(count: int) -> Iterator[slice]:
    for first in range(0, count, _AT_ONCE):
        yield slice(first, min(first + _AT_ONCE, count))


def _joined(parts: Sequence[Spread]) -> Spread:
    def column(name: str) -> Floats:
        return np.concatenate([getattr(one, name) for one in parts])

    days = [one.days for one in parts if one.days is not None]
    joined = np.concatenate(days) if days else None
    return replace(parts[0], low=column("low"), mid=column("mid"), high=column("high"), days=joined)


def _to_measure(brief: Brief) -> dict[_Key, tuple[Asked, Over]]:
    """Return what the territory can answer, each thing once, however many musts and wants ask for it."""
    asked = ((one, _over(one)) for one in (*brief.musts, *brief.wants))
    return {_key(one): (one, over) for one, over in asked if over is not None}


def _key(asked: Asked) -> _Key:
    """Return what decides the number: the criterion and its parameters."""
    return tuple(getattr(asked, name) for name in _ASKED)


def _over(asked: Asked) -> Over | None:
    return _known(asked).over


def _known(asked: Asked | Must) -> Criterion:
    found = criterion(asked.criterion)
    if found is None:
        raise KeyError(asked.criterion)  # a brief that was read names known criteria only
    return found
