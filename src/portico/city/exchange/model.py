"""The nouns of an exchange: what an import does to a site, where it puts one, where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

READ_AS = "; read as "
"""In what a position was taken from: what follows is the repair that was applied."""


class Kind(StrEnum):
    """What an import does to a site."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    UNCHANGED = "unchanged"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Difference:
    """One statement of a site before and after; "" where there was none, or is none any more."""

    attribute: str
    basis: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What an import does to one site."""

    kind: Kind
    site: str
    reference: str
    row: int = 0
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a site is put: position as texts, what it was taken from, how exactly."""

    lon: str = ""
    lat: str = ""
    basis: str = ""
    precision: str = ""


_THEN = ", "


def register_in(source: str) -> str:
    """Return the register that a ``source`` made by ``Origin`` names.

    >>> register_in(Origin("b, c.csv", "", "").source("http://a.example/x, y"))
    'http://a.example/x, y'
    """
    return source.rpartition(_THEN)[0]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an import comes from: the name of the file, its hash, the day of the import."""

    file: str
    sha256: str
    day: str

    def source(self, register: str) -> str:
        """Return what rows of this import name as their source."""
        return f"{register or self.file}{_THEN}{self.file.replace(_THEN, ' ')}"
