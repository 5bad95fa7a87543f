"""A city's tables of industries as numbers: areas, employment by division, relatedness of skills, each with its row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from portico.city.facts import Row
from portico.city.industries import code, municipalities_of
from portico.city.register import day_of, text_of
from portico.city.tables import TOTAL
from portico.dates import PartialDate
from portico.figures import Evidence
from portico.figures import together as each_once
from portico.indicators.clusters.counts import Count, together
from portico.messages import Text
from portico.territory.lately import Lately
from portico.territory.layers import Territory

_WHOLES_KEPT = 2_000
MOST_ROWS = 24
"""More rows of one dataset than these are cited as its version."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area of which a city has numbers; ``reference`` is the area it is compared with."""

    id: str
    name: Text
    reference: str
    area_km2: float | None
    population: float | None
    as_of: PartialDate | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Counted:
    """Employment of some divisions in an area, as of its oldest row, with the rows it was read from."""

    count: Count
    as_of: PartialDate | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Industries:
    """The areas of a city, and the employment that its table has of them."""

    areas: tuple[Area, ...]
    by_municipality: dict[str, Area]
    counts: dict[tuple[str, str], Counted]

    @cached_property
    def _by_id(self) -> dict[str, Area]:
        return {one.id: one for one in self.areas}

    @cached_property
    def wholes(self) -> Lately:
        """What was added up over all areas of a universe."""
        return Lately(_WHOLES_KEPT)

    @cached_property
    def _by_reference(self) -> dict[str, tuple[Area, ...]]:
        found: dict[str, list[Area]] = {}
        for one in self.areas:
            found.setdefault(one.reference, []).append(one)
        return {reference: tuple(areas) for reference, areas in found.items()}

    @cached_property
    def _divisions(self) -> frozenset[str]:
        return frozenset(division for _, division in self.counts)

    def area_of(self, municipality: str) -> Area | None:
        """Return the area that ``municipality`` lies in, of those that are compared with a reference."""
        return self.by_municipality.get(municipality)

    def area(self, identifier: str) -> Area | None:
        """Return the area with this id."""
        return self._by_id.get(identifier)

    def members(self, reference: str) -> tuple[Area, ...]:
        """Return the areas that are compared with ``reference``."""
        return self._by_reference.get(reference, ())

    def counted(self, area: str, divisions: Sequence[str] = (TOTAL,)) -> Counted | None:
        """Return what works in ``divisions`` of ``area``; nothing where the table does not tell one of them."""
        found = [self.counts.get((area, code(one))) for one in divisions]
        known = [one for one in found if one is not None]
        return joined(known) if known and len(known) == len(found) else None

    def over(self, areas: Iterable[Area], divisions: Sequence[str] = (TOTAL,)) -> list[Counted] | None:
        """Return the same for each of ``areas``; nothing where one of them is not told."""
        found = [self.counted(one.id, divisions) for one in areas]
        known = [one for one in found if one is not None]
        return known if known and len(known) == len(found) else None

    def knows(self, divisions: Sequence[str]) -> bool:
        """Say whether the table has every one of ``divisions`` anywhere."""
        return all(code(one) in self._divisions for one in divisions)


def joined(every: Sequence[Counted]) -> Counted:
    """Return several as one."""
    days = [one.as_of for one in every]
    return Counted(
        together([one.count for one in every]), oldest(days), tuple(e for one in every for e in one.evidence)
    )


def in_short(*groups: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Join evidence, each piece once; in place of very many rows of one dataset the version that holds them.

    >>> len(in_short(Evidence(dataset="employment", version="v", row=str(at)) for at in range(100)))
    1
    """
    every = {id(piece): piece for group in groups for piece in group}.values()
    rows = Counter(piece.dataset for piece in every if piece.row)
    return each_once(
        replace(piece, row="", source="", checked="", confidence="", precision="")
        if rows[piece.dataset] > MOST_ROWS
        else piece
        for piece in every
    )


def oldest(days: Iterable[PartialDate | None]) -> PartialDate | None:
    """Return the oldest of ``days``; nothing where one is not known."""
    every = list(days)
    known = [day for day in every if day is not None]
    return min(known, key=lambda day: day.earliest) if known and len(known) == len(every) else None


def industries(territory: Territory) -> Industries:
    """Return what the tables of ``territory`` say; read once."""
    return territory.kept("clusters.industries", lambda: _read(territory))


def _read(territory: Territory) -> Industries:
    areas, by_municipality = [], {}
    for row in territory.rows.get("areas", ()):
        area = _area(territory, row)
        areas.append(area)
        if area.reference:
            by_municipality.update(dict.fromkeys(municipalities_of(row), area))
    counts = {
        (str(row["area"]), code(row["division"])): _counted(territory, row)
        for row in territory.rows.get("employment", ())
        if row.get("employment") is not None  # kept secret, or not told: unknown
    }
    return Industries(tuple(areas), by_municipality, counts)


def _area(territory: Territory, row: Row) -> Area:
    return Area(
        str(row["id"]),
        text_of(row, "name"),
        str(row.get("reference") or ""),
        _number(row, "area_km2"),
        _number(row, "population"),
        day_of(row.get("as_of")),
        territory.cite("areas", row),
    )


def _counted(territory: Territory, row: Row) -> Counted:
    firms = row.get("firms")
    count = Count(float(row["employment"] or 0.0), None if firms is None else int(firms), _number(row, "herfindahl"))
    return Counted(count, day_of(row.get("as_of")), (territory.cite("employment", row),))


def _number(row: Row, name: str) -> float | None:
    value = row.get(name)
    return None if value is None else float(value)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Relatedness of skills between divisions, each pair once, as a city imported it, with the row of each pair."""

    pairs: dict[tuple[str, str], float]
    rows: dict[tuple[str, str], Evidence]
    as_of: PartialDate | None

    def level(self, divisions: Sequence[str]) -> tuple[str, ...]:
        """Return ``divisions`` with no more digits than the matrix knows them by."""
        known = {end for pair in self.pairs for end in pair}
        found = []
        for division in map(code, divisions):
            lengths = range(len(division), 1, -1)
            fitting = (division[:n] for n in lengths if any(end.startswith(division[:n]) for end in known))
            found.append(next(fitting, division))
        return tuple(dict.fromkeys(found))

    def cited(self, divisions: tuple[str, ...]) -> tuple[Evidence, ...]:
        """Return the rows of the pairs of any of ``divisions`` that are related."""
        return tuple(
            self.rows[pair]
            for pair, value in self.pairs.items()
            if value > 0 and any(end.startswith(divisions) for end in pair)
        )


def matrix(territory: Territory) -> Matrix:
    """Return the imported relatedness of skills; without a pair where the city imported none. Read once."""
    return territory.kept("clusters.matrix", lambda: _matrix(territory))


def _matrix(territory: Territory) -> Matrix:
    rows = territory.rows.get("skill_relatedness", ())
    by_pair = {(code(row["division"]), code(row["other"])): row for row in rows}
    return Matrix(
        {pair: float(row["relatedness"] or 0.0) for pair, row in by_pair.items()},
        {pair: territory.cite("skill_relatedness", row) for pair, row in by_pair.items()},
        oldest(day_of(row.get("as_of")) for row in rows),
    )
