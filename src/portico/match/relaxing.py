"""What giving way would free: which must, relaxed how far, frees how many sites."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from portico.figures import Evidence, Figure, Status
from portico.match.model import Decided, Entry, Must, Relaxation

_WHOLE = 10  # from here on readers see whole numbers, below them two decimals
_SHOWN = 6


def relaxations(musts: Sequence[Must], excluded: Iterable[Entry]) -> tuple[Relaxation, ...]:
    """Return, for each must that alone keeps sites out, the least relaxation that frees one and the one that frees all.

    Where none does alone, the same for the fewest musts that together keep sites out. Most sites freed first. A freed
    site no longer fails; it may still have to be verified.
    """
    every = list(excluded)
    alone = [(entry.site.id, entry.failed[0]) for entry in every if len(entry.failed) == 1]
    found = [relaxation for must in musts for relaxation in _of(must, [one for one in alone if one[1].must is must])]
    found = found or list(_together(musts, every))[:_SHOWN]
    return tuple(sorted(found, key=lambda one: -len(one.frees)))


def _together(musts: Sequence[Must], excluded: Sequence[Entry]) -> Iterator[Relaxation]:
    """Yield what giving way on the fewest musts at once would free: the nearest site, and all that fail just these."""
    fewest = min((len(entry.failed) for entry in excluded), default=0)
    groups: dict[tuple[int, ...], list[Entry]] = {}
    for entry in excluded:
        if len(entry.failed) == fewest:
            places = tuple(k for k, must in enumerate(musts) if any(one.must is must for one in entry.failed))
            groups.setdefault(places, []).append(entry)
    for _, entries in sorted(groups.items(), key=lambda one: -len(one[1])):
        nearest = min(entries, key=_gap)
        for freeing in ([nearest], entries)[: len(entries)]:
            yield _freeing(freeing, entries)


def _gap(entry: Entry) -> tuple[float, str]:
    """Return how far a site is from passing: the parts of limits by which musts failed; words as a whole."""
    parts = []
    for one in entry.failed:
        limit = one.must.at_least if one.must.at_least is not None else one.must.at_most
        parts.append((one.short_by.value or 0.0) / (abs(limit or 0.0) or 1.0) if one.short_by else 1.0)
    return sum(parts), entry.site.id


def _freeing(wanted: Sequence[Entry], entries: Sequence[Entry]) -> Relaxation:
    """Return the limits that free all of ``wanted``, and which of ``entries``, that fail the same musts, they free."""
    limits: list[tuple[Must, Figure | None]] = []
    for each in zip(*(entry.failed for entry in wanted), strict=True):
        numbers = [one for one in each if one.short_by]
        worst = max(numbers, key=lambda one: one.short_by.value or 0.0 if one.short_by else 0.0, default=None)
        must = each[0].must
        limits.append((must, _limit(must, worst) if worst and len(numbers) == len(each) else None))
    freed = tuple(
        sorted(
            entry.site.id
            for entry in entries
            if all(
                limit is None or (one.short_by is not None and _satisfies(must, one, limit.value or 0.0))
                for one, (must, limit) in zip(entry.failed, limits, strict=True)
            )
        )
    )
    (first, to), *others = limits
    return Relaxation(first, to, freed, tuple(others))


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
    step = 1 if abs(best) >= _WHOLE else 100
    scaled = round(best * step, 6)  # 0.57 × 100 is not quite 57
    limit = (math.floor(scaled) if must.at_least is not None else math.ceil(scaled)) / step
    unit = decided.short_by.unit if decided.short_by else ""
    evidence = (Evidence(method="match.relaxation"), *(decided.short_by.evidence if decided.short_by else ()))
    return Figure.exactly(limit, unit, Status.ESTIMATED, evidence=evidence)
