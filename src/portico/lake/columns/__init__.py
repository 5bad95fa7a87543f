"""The types of columns, one a file, and the one list of them: more special ones have the lower rank."""

from portico.lake.columns.base import ColumnType
from portico.lake.columns.date import DATE
from portico.lake.columns.integer import INTEGER
from portico.lake.columns.number import NUMBER

__all__ = ["TYPES", "ColumnType"]

TYPES: tuple[ColumnType, ...] = tuple(sorted((DATE, INTEGER, NUMBER), key=lambda one: one.rank))
