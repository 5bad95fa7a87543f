"""Tables on their way into the lake, versions in it, and the log of their publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portico.figures import Evidence

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

    Columns of type POINT hold ``(lon, lat)`` pairs in EPSG:4326 and become the geometry of the GeoParquet file, those
    of type GEOMETRY the WKT of any geometry in EPSG:4326. Dates and times are Python's, an INSTANT aware of its zone.
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


@dataclass(frozen=True, slots=True)
class Receipt:
    """Bytes as they came: kept under ``file`` in the lake's folder, with where from, how and when.

    ``origin`` is a path, an address or "standard input"; ``how`` holds what the sender said (ETag, Last-Modified, media
    type, redirects).
    """

    dataset: str
    sha256: str
    received_at: str
    name: str
    origin: str
    how: Mapping[str, Any]
    size: int
    file: str


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found when a version was made.

    ``report`` is what ``portico inspect --json`` prints, with the profile of each column; ``rejects_file`` the Parquet
    file of rejects in the lake's folder (row, column, raw, reason, expected); ``receipt`` the SHA-256 of the bytes.
    """

    dataset: str
    version: str
    receipt: str
    report: Mapping[str, Any]
    rejects_file: str
    reject_count: int
    examined_at: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a version was worked out: the method with its parameters, and the versions of datasets that it rests on."""

    method: Evidence
    rests_on: tuple[Evidence, ...]

    @property
    def cited(self) -> tuple[tuple[str, str], ...]:
        """The versions it rests on, each a dataset and an id, once."""
        return tuple(dict.fromkeys((one.dataset, one.version) for one in self.rests_on if one.version))


class Decided(StrEnum):
    """What an officer decided on a version that holds personal data."""

    OPEN = ""
    RELEASED = "released"
    MASKED = "masked"
    DROPPED = "dropped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Hold:
    """A version that is not published because of personal data, and what was decided on it, by whom, when and why.

    ``reasons`` are mappings of column, kind ("fiscal-code") and count. ``became`` is the version published instead,
    where columns were masked or dropped.
    """

    dataset: str
    version: str
    reasons: tuple[Mapping[str, Any], ...]
    held_at: str
    decision: Decided = Decided.OPEN
    decided_by: str = ""
    decided_at: str = ""
    note: str = ""
    became: str = ""
