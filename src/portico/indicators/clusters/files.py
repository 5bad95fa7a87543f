"""Industries as files hold them: employment by area and division, moves between industries or their relatedness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico.city.columns import Column
from portico.city.industries import code, is_division
from portico.city.tables import TOTAL, table
from portico.errors import InputError
from portico.figures import Evidence, Figure
from portico.indicators.clusters.answers import agglomeration_of, cluster_index_of, quotient_of
from portico.indicators.clusters.counts import Count
from portico.indicators.clusters.industries import Area, Counted, Industries
from portico.indicators.clusters.relatedness import normalised, skill_relatedness
from portico.indicators.clusters.setting import setting_in
from portico.lake.arrays import Arrays, Named
from portico.messages import Message, Text

EVERYWHERE = "*"
"""The universe that is the sum of all areas."""
MOST_INDUSTRIES = 3_000
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class InArea:
    """An industry in an area: what works there, its location quotient and cluster index, or why there is none."""

    area: str
    count: Count | None
    quotient: Figure
    cluster_index: Figure


@dataclass(frozen=True, slots=True)
class Industry:
    """A division over all areas: its agglomeration, and how it stands in each."""

    division: str
    agglomeration: Figure
    areas: tuple[InArea, ...]


def read_employment(found: Arrays, universe: str = "") -> Industries:
    """Return the employment of a table with the columns area, division, employment, and if it has them firms,
    herfindahl, area_km2, population (the same in every row of an area).

    ``universe`` is the area that the others are compared with, else their sum. The division "total" is all together.
    Raises InputError, with the row, for a name that is missing, a negative number and a pair that stands twice; for
    an area or a universe that is not there.
    """  # noqa: D205 - one sentence
    areas, divisions = _named(found, "area"), _named(found, "division")
    _refuse_twice(found, areas, divisions)
    if universe and universe not in areas.names:
        raise InputError("universe-not-there", file=found.file, universe=universe)
    employment = _numbers(found, "employment")
    firms, herfindahl, km2, people = (
        _optional(found, name) for name in ("firms", "herfindahl", "area_km2", "population")
    )
    unsound = np.flatnonzero((herfindahl > 1) | (herfindahl == 0))
    if len(unsound):
        raise InputError("herfindahl-unsound", value=float(herfindahl[unsound[0]]))
    evidence = Evidence(source=found.file, parameters={"sha256": found.sha256})
    counts: dict[tuple[str, str], Counted] = {}
    for row in np.flatnonzero(~np.isnan(employment)):
        where, what = areas.names[areas.codes[row]], code(divisions.names[divisions.codes[row]])
        count = Count(
            float(employment[row]),
            None if np.isnan(firms[row]) else int(firms[row]),
            None if np.isnan(herfindahl[row]) else float(herfindahl[row]),
        )
        counts[where, what] = Counted(count, None, (evidence,))
    reference = universe or EVERYWHERE
    made = [
        Area(
            name,
            Text({"": name}),
            "" if name == universe else reference,
            *_ground(areas, at, km2, people),
            None,
            evidence,
        )
        for at, name in enumerate(areas.names)
    ]
    if not universe:
        made.append(Area(EVERYWHERE, Text({"": EVERYWHERE}), "", None, None, None, evidence))
    return Industries(tuple(made), {one.id: one for one in made if one.reference}, counts)


def measured(known: Industries) -> Iterator[Industry]:
    """Yield every division over all areas."""
    areas = [one for one in known.areas if one.reference]
    for division in sorted({what for _, what in known.counts if what != TOTAL}):
        found = [(area, setting_in(known, area, (division,))) for area in areas]
        here = []
        agglomeration: Figure | None = None
        for area, one in found:
            counted = known.counted(area.id, (division,))
            count = counted.count if counted else None
            if isinstance(one, Message):
                here.append(InArea(area.id, count, Figure.missing("1", note=one), Figure.missing("1", note=one)))
            else:
                here.append(InArea(area.id, count, quotient_of(one), cluster_index_of(known, one)))
                agglomeration = agglomeration or agglomeration_of(known, one, (division,))
        why_not = next((one for _, one in found if isinstance(one, Message)), None)
        yield Industry(division, agglomeration or Figure.missing("1", note=why_not), tuple(here))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two industries and how related they are, from −1 to 1."""

    division: str
    other: str
    relatedness: float


def read_relatedness(found: Arrays, column: str = "moves") -> tuple[Pair, ...]:
    """Return the pairs of a table with from, to and moves; or with SR as published, in the ``column`` that is named.

    Both directions are averaged, normalised to −1 … 1. Raises InputError for what is no division of NACE, for negative
    numbers and pairs that stand twice (with the row), and for more than 3,000 industries.
    """
    starts, ends = _named(found, "from"), _named(found, "to")
    _refuse_twice(found, starts, ends)
    values = _numbers(found, column)
    names = sorted({*starts.names, *ends.names})
    for name in names:
        if not is_division(name):
            raise InputError("division-unreadable", file=found.file, value=name[:80])
    if len(names) > MOST_INDUSTRIES:
        raise InputError("industries-too-many", file=found.file, count=len(names), most=MOST_INDUSTRIES)
    at = {name: number for number, name in enumerate(names)}
    start, end = (np.array([at[name] for name in one.names], dtype=np.int64)[one.codes] for one in (starts, ends))
    is_moves = column == "moves"
    square = np.full((len(names), len(names)), 0.0 if is_moves else np.nan)
    square[start, end] = np.where(np.isnan(values), square[start, end], values)
    related = normalised(skill_relatedness(square) if is_moves else square)
    rows, columns = np.nonzero(np.triu(np.isfinite(related), 1))
    return tuple(
        Pair(names[row], names[other], float(related[row, other])) for row, other in zip(rows, columns, strict=True)
    )


def relatedness_columns() -> tuple[Column, ...]:
    """Return the columns of the table of a city that such pairs go into."""
    declared = table("skill_relatedness")
    return declared.columns if declared else ()


def _ground(areas: Named, at: int, km2: Floats, people: Floats) -> tuple[float | None, float | None]:
    here = areas.codes == at
    found = []
    for values in (km2, people):
        told = values[here & ~np.isnan(values)]
        found.append(float(told[0]) if len(told) else None)
    return found[0], found[1]


def _named(found: Arrays, column: str) -> Named:
    named = found.named(column)
    empty = np.flatnonzero(named.codes < 0)
    if len(empty):
        raise InputError("row-without-name", file=found.file, row=found.row_of(int(empty[0])), column=column)
    return named


def _numbers(found: Arrays, column: str) -> Floats:
    values = found.numbers(column)
    negative = np.flatnonzero(values < 0)
    if len(negative):
        first = int(negative[0])
        row, value = found.row_of(first), f"{values[first]:g}"
        raise InputError("number-negative", file=found.file, row=row, column=column, value=value)
    return values


def _optional(found: Arrays, column: str) -> Floats:
    there = any(one.name == column for one in found.columns)
    return _numbers(found, column) if there else np.full(found.rows, np.nan)


def _refuse_twice(found: Arrays, one: Named, other: Named) -> None:
    key = one.codes.astype(np.int64) * len(other.names) + other.codes
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(key[order][1:] == key[order][:-1])
    if len(same):
        first, second = int(order[same[0]]), int(order[same[0] + 1])
        start, end = one.names[one.codes[second]], other.names[other.codes[second]]
        rows = {"row": found.row_of(first), "other": found.row_of(second)}
        raise InputError("pair-twice", file=found.file, start=start, end=end, **rows)
