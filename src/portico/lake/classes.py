"""The numbers of a column in a few classes of about as many rows each, to colour a map and to tell it in words.

Classes are quantiles. Where so many rows hold the least value that they would fill a class (the cells that reach
nothing, say), that value is a class of its own and the others share the rest. A class goes up to where the next begins.
"""

from __future__ import annotations

from dataclasses import dataclass

from portico.errors import UsageError
from portico.lake.identity import quoted
from portico.lake.lake import Lake
from portico.lake.model import Column, Type, Version
from portico.lake.reading import asked, chosen

MOST_CLASSES = 5
_NUMBERS = (Type.INTEGER, Type.NUMBER)


@dataclass(frozen=True, slots=True)
class Class:
    """The values from ``low`` to ``high``, the least and the most that stand there, and how many rows hold one."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a column, in order, and how many rows have no number in it."""

    column: Column
    classes: tuple[Class, ...]
    unknown: int

    @property
    def breaks(self) -> tuple[float, ...]:
        """Where each class but the first begins."""
        return tuple(one.low for one in self.classes[1:])


def numeric(wanted: Version) -> tuple[Column, ...]:
    """Return the columns of a version that hold numbers."""
    return tuple(column for column in wanted.columns if column.type in _NUMBERS)


def classes(lake: Lake, wanted: Version, name: str, *, most: int = MOST_CLASSES) -> Classes:
    """Return the numbers of the column ``name`` in at most ``most`` classes.

    Raises UnknownNameError where there is no such column, UsageError where it holds no numbers, StateError where the
    file of the version is gone or damaged.
    """
    [column] = chosen(wanted, [name])
    if column.type not in _NUMBERS:
        columns = ", ".join(one.name for one in numeric(wanted)) or "–"
        raise UsageError("column-not-numeric", name=name, dataset=wanted.dataset, columns=columns)
    path = str(lake.objects.path(wanted.file))
    value = f"{quoted(column.name)}::DOUBLE"
    finite = f"(SELECT {value} AS v FROM read_parquet(?) WHERE isfinite({value}))"
    least, count, at_least = asked(lake, wanted, _least(finite), [path, path])[0]
    unknown = wanted.row_count - int(count)
    if not count:
        return Classes(column, (), unknown)
    alone = at_least * most >= count > at_least
    rest = f"(SELECT v FROM {finite} WHERE v > ?)" if alone else finite
    ranks = (count - at_least, most - 1) if alone else (count, most)
    begins = sorted({least, *_begins(lake, wanted, rest, [path, least] if alone else [path], *ranks)})
    groups = " ".join(f"WHEN v >= {begin!r}::DOUBLE THEN {place}" for place, begin in reversed(list(enumerate(begins))))
    query = f"SELECT min(v), max(v), count(*) FROM {finite} GROUP BY CASE {groups} END ORDER BY 1"
    found = asked(lake, wanted, query, [path])
    return Classes(column, tuple(Class(float(low), float(high), int(rows)) for low, high, rows in found), unknown)


def _least(finite: str) -> str:
    """Return the SQL of the least value, of how many rows have a number, and of how many have the least."""
    known = f"(SELECT min(v) AS m, count(*) AS n FROM {finite})"
    return f"SELECT m, n, (SELECT count(*) FROM {finite} WHERE v = m) FROM {known}"


def _begins(
    lake: Lake, wanted: Version, numbers: str, parameters: list[object], count: int, shares: int
) -> list[float]:
    """Return the values at which classes of as many rows each begin, of ``count`` numbers in all."""
    at = ", ".join(repr((place * count // shares + 0.5) / count) for place in range(shares))
    found = asked(lake, wanted, f"SELECT quantile_disc(v, [{at}]) FROM {numbers}", parameters)[0][0]
    return [float(one) for one in found or ()]
