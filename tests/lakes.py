"""Lakes and tables for the tests of the lake."""

from __future__ import annotations

import string
from datetime import UTC

from hypothesis import strategies as st

from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.lake.commands import Published, publish
from portico.lake.lake import Lake
from portico.lake.model import Column, Table, Type
from portico.messages import Text

WELLS = Dataset("wells", DatasetKind.FILE, Text(en="Wells"), "Water board", "CC0-1.0")
WELLS_FILE = Distribution("wells.csv", "wells", "text/csv", "files/wells.csv")
ID = Column("id", Type.TEXT)
DEPTH = Column("depth", Type.NUMBER, "m")
PLACE = Column("place", Type.POINT)

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
NAMES = st.text(string.ascii_letters + "_ -\"'%;.èß日1", min_size=1, max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = {
    Type.TEXT: WORDS,
    Type.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Type.NUMBER: NUMBERS,
    Type.BOOLEAN: st.booleans(),
    Type.DATE: st.dates(),
    Type.DATETIME: st.datetimes().map(lambda one: one.replace(fold=0)),
    Type.INSTANT: st.datetimes(timezones=st.just(UTC)).map(lambda one: one.replace(fold=0)),
    Type.TIME: st.times().map(lambda one: one.replace(fold=0)),
    Type.GEOMETRY: st.builds("LINESTRING ({} {}, {} {})".format, *(st.integers(-90, 90) for _ in range(4))),
    Type.POINT: st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
}


@st.composite
def tables(draw, min_rows=0, max_rows=10):
    """Tables of any columns and values."""
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique_by=str.casefold))
    units = st.sampled_from(["", "m", "m2"])
    columns = tuple(Column(name, draw(st.sampled_from(Type)), draw(units)) for name in names)
    row = st.tuples(*(st.none() | VALUES[column.type] for column in columns))
    return Table(columns, draw(st.lists(row, min_size=min_rows, max_size=max_rows)))


def wells(*depths: float | None) -> Table:
    """Return a table of wells with these depths."""
    rows = [(f"w{number}", depth, (14.5, 47.5 + number / 100)) for number, depth in enumerate(depths)]
    return Table((ID, DEPTH, PLACE), rows)


def put(lake: Lake, table: Table, at: str = "2026-11-23T09:00:00+00:00", expected: int | None = None) -> Published:
    """Publish ``table`` as the head of the wells."""
    return publish(lake, table, WELLS, WELLS_FILE, at=at, expected=expected)
