"""Tables on their way into the lake, versions in it, and the log of their publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Value = str | int | float | bool | None


class Type(StrEnum):
    """The logical type of a column. Identity depends on these, never on how an engine stores them.

    A datetime is what a clock showed somewhere; an instant is a moment, kept in UTC. Geometry is in EPSG:4326, x = lon.
    """

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    INSTANT = "instant"
    TIME = "time"
    POINT = "point-4326"
    GEOMETRY = "geometry-4326"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, logical type, for a quantity the unit, and what its values are ("istat-comune", "iban").

    The meaning is found, not stored content: it is no part of a version's identity.
    """

    name: str
    type: Type
    unit: str = ""
    meaning: str = ""

    def to_dict(self) -> dict[str, str]:
        """Return the column as plain data."""
        kept = {"unit": self.unit, "meaning": self.meaning}
        return {"name": self.name, "type": self.type.value} | {name: text for name, text in kept.items() if text}

    @classmethod
    def from_dict(cls, plain: Mapping[str, str]) -> Column:
        """Return the column that ``to_dict`` gave."""
        return cls(plain["name"], Type(plain["type"]), plain.get("unit", ""), plain.get("meaning", ""))

    @property
    def is_geometry(self) -> bool:
        """Whether values are places, not text or numbers."""
        return self.type in (Type.POINT, Type.GEOMETRY)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under typed columns. ``rows`` hold one value a column, None where nothing is known.

    Columns of type POINT hold ``(lon, lat)`` pairs in EPSG:4326 and become the geometry of the GeoParquet file.
    """

    columns: tuple[Column, ...]
    rows: Sequence[tuple[Any, ...]]

    def mappings(self) -> Iterator[dict[str, Any]]:
        """Yield each row as column name → value."""
        names = [column.name for column in self.columns]
        for row in self.rows:
            yield dict(zip(names, row, strict=True))


@dataclass(frozen=True, slots=True)
class Version:
    """Immutable content of a dataset; ``id`` is the hash of its logical content and schema."""

    id: str
    dataset: str
    distribution: str
    columns: tuple[Column, ...]
    row_count: int
    file: str
    file_sha256: str
    file_bytes: int

    @property
    def short(self) -> str:
        """Enough of the id to tell versions apart when read by people."""
        return self.id[:12]


@dataclass(frozen=True, slots=True)
class Publication:
    """An entry of a dataset's log: from then on its head was this version."""

    dataset: str
    number: int
    version: str
    published_at: str
    made_by: str
