"""What a table of facts is made of: columns, their types, and those that many tables share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the text of a cell must be."""

    ID = "id"
    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    LONGITUDE = "longitude"
    LATITUDE = "latitude"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``words`` is its vocabulary, ``refers`` the tables one of whose ids it must hold."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    words: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FactTable:
    """One table: its name is that of its file and of its dataset. A private one never leaves the city folder."""

    name: str
    columns: tuple[Column, ...]
    required: bool = False
    is_private: bool = False

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def has_positions(self) -> bool:
        """Whether rows lie somewhere."""
        return "lon" in self.column_names


CONFIDENCE = ("verified", "recalled")
PRECISION = ("exact", "address", "block", "street", "approximate")

ID = Column("id", Kind.ID, required=True)
NAME = (Column("name", required=True), Column("name_it"))
WHERE = (
    Column("municipality"),
    Column("address"),
)
POSITION = (Column("lon", Kind.LONGITUDE), Column("lat", Kind.LATITUDE), Column("coord_basis"))
VALUE = (Column("value", Kind.NUMBER, required=True), Column("unit", required=True))
AS_OF = Column("as_of", Kind.DATE)
NOTE = Column("note")


def evidence(precision: tuple[str, ...] = PRECISION, *, precision_required: bool = False) -> tuple[Column, ...]:
    """Return the columns that say who states a row, when that was looked at, how precisely and how surely.

    >>> [column.name for column in evidence()]
    ['source', 'checked', 'precision', 'confidence']
    """
    return (
        Column("source", required=True),
        Column("checked", Kind.DATE, required=True),
        Column("precision", words=precision, required=precision_required),
        Column("confidence", required=True, words=CONFIDENCE),
    )
