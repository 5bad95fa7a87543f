"""What giving way would free: which must, relaxed how far, frees how many sites."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from portico.figures import Evidence, Figure, Status
from portico.match.model import Decided, Entry, Must, Relaxation


def relaxations(musts: Sequence[Must], excluded: Iterable[Entry]) -> tuple[Relaxation, ...]:
    """Return, for each must that alone keeps sites out, the least relaxation that frees one and the one that frees all.

    Most sites freed first. A freed site no longer fails; it may still have to be verified.
    """
    alone = [(entry.site.id, entry.failed[0]) for entry in excluded if len(entry.failed) == 1]
    found = [relaxation for must in musts for relaxation in _of(must, [one for one in alone if one[1].must is must])]
    return tuple(sorted(found, key=lambda one: -len(one.frees)))


def _of(must: Must, failures: Sequence[tuple[str, Decided]]) -> Iterator[Relaxation]:
    if not failures:
        return
    numbers = sorted((decided.short_by.value or 0.0, site, decided) for site, decided in failures if decided.short_by)
    if not numbers:
        yield Relaxation(must, None, tuple(sorted(site for site, _ in failures)))
        return
    for _, _, decided in (numbers[0], numbers[-1]):
        limit = _limit(must, decided)
        freed = tuple(sorted(site for _, site, other in numbers if _satisfies(must, other, limit.value or 0.0)))
        yield Relaxation(must, limit, freed)
        if len(freed) == len(numbers):
            return


def _best(must: Must, decided: Decided) -> float:
    """Return the bound of what was found that comes nearest to the limit."""
    found = decided.measured.found
    bound = (found.high if must.at_least is not None else found.low) if isinstance(found, Figure) else None
    return bound or 0.0


def _satisfies(must: Must, decided: Decided, limit: float) -> bool:
    best = _best(must, decided)
    return best >= limit if must.at_least is not None else best <= limit


def _limit(must: Must, decided: Decided) -> Figure:
    # Rounded outwards, so that the limit a reader sees really frees what it says.
    best = _best(must, decided)
    limit = math.floor(best) if must.at_least is not None else math.ceil(best)
    unit = decided.short_by.unit if decided.short_by else ""
    evidence = (Evidence(method="match.relaxation"), *(decided.short_by.evidence if decided.short_by else ()))
    return Figure.exactly(limit, unit, Status.ESTIMATED, evidence=evidence)
