"""The register of sites: a site is its identity, its position and what somebody stated of it, each with evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portico.city.attributes import KINDS, numbers
from portico.city.facts import Cell, Row
from portico.city.model import Position, Uncertainty
from portico.dates import PartialDate
from portico.figures import Evidence, Figure, Statement, Status
from portico.geo import Point
from portico.messages import Message, Text

Cite = Callable[[str, Row], Evidence]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing stated of a site: its basis, value, date, note and evidence.

    What no longer holds was stated ``until`` a day, for a reason. ``field`` and ``original`` say in which column of
    another register it was read, and how it was written there where that was otherwise.
    """

    name: str
    basis: str
    value: str
    as_of: PartialDate | None
    note: Text
    evidence: Evidence
    until: PartialDate | None = None
    until_reason: str = ""
    field: str = ""
    original: str = ""

    @property
    def day(self) -> date:
        """The day it counts as stated on: the first it may mean, the beginning of time where undated."""
        return self.as_of.earliest if self.as_of else date.min


@dataclass(frozen=True, slots=True)
class Site:
    """A place that can receive an investment; ``past`` is what was stated once and holds no longer."""

    id: str
    name: Text
    municipality: str
    address: str
    position: Position | None
    evidence: Evidence
    attributes: tuple[Attribute, ...]
    past: tuple[Attribute, ...] = ()

    def stated(self, name: str, basis: str = "") -> tuple[Attribute, ...]:
        """Return what was stated of attribute ``name`` (on ``basis``, where given), newest first."""
        chosen = [one for one in self.attributes if one.name == name and basis in ("", one.basis)]
        return tuple(sorted(chosen, key=lambda one: one.day, reverse=True))

    def figure(self, name: str, basis: str = "") -> Figure:
        """Return the number of an attribute: the newest statement, bounded by every other one on the same basis."""
        unit = KINDS[name].unit
        stated = self.stated(name, basis)
        if not stated:
            return Figure.missing(unit)
        ranges = [numbers(one.value) for one in stated]
        newest_low, newest_high = ranges[0]
        status = Status.ESTIMATED if stated[0].evidence.confidence == "recalled" else Status.DECLARED
        return Figure(
            (newest_low + newest_high) / 2,
            min(low for low, _ in ranges),
            max(high for _, high in ranges),
            unit,
            status,
            stated[0].as_of,
            tuple(one.evidence for one in stated),
            Message("sources-differ") if len(set(ranges)) > 1 else None,
        )

    def statement(self, name: str) -> Statement:
        """Return the words of an attribute: those of the newest day on which any were stated."""
        stated = self.stated(name)
        if not stated:
            return Statement.missing()
        newest = [one for one in stated if one.day == stated[0].day]
        status = Status.ESTIMATED if newest[0].evidence.confidence == "recalled" else Status.DECLARED
        values = tuple(dict.fromkeys(one.value for one in newest))
        return Statement(values, status, newest[0].as_of, tuple(one.evidence for one in newest))


def text_of(row: Row, column: str) -> Text:
    """Return ``column`` and its Italian sister of a row as one text.

    >>> text_of({"name": "Station", "name_it": "Stazione"}, "name")["it"]
    'Stazione'
    """
    english, italian = str(row.get(column) or ""), str(row.get(f"{column}_it") or "")
    return Text({"en": english, "it": italian or english})


def position_of(row: Row, uncertainty: Uncertainty) -> Position | None:
    """Return where a row lies, or nothing where it does not say."""
    lon, lat = row.get("lon"), row.get("lat")
    if not isinstance(lon, float) or not isinstance(lat, float):
        return None
    precision = str(row.get("precision") or "approximate")
    return Position(Point(lon, lat), precision, uncertainty.metres(precision), str(row.get("coord_basis") or ""))


def day_of(cell: Cell) -> PartialDate | None:
    """Return the date of a cell, or nothing."""
    return PartialDate.parse(str(cell)) if cell else None


def register(
    site_rows: Iterable[Row], attribute_rows: Iterable[Row], cite: Cite, uncertainty: Uncertainty
) -> tuple[Site, ...]:
    """Put the sites together from their rows; ``cite`` gives the evidence of a row of a table."""
    by_site: dict[str, list[Attribute]] = {}
    for row in attribute_rows:
        by_site.setdefault(str(row["site"]), []).append(_attribute(row, cite("site_attributes", row)))
    return tuple(_site(row, by_site, cite("sites", row), uncertainty) for row in site_rows)


def _attribute(row: Row, evidence: Evidence) -> Attribute:
    return Attribute(
        str(row["attribute"]),
        str(row.get("basis") or ""),
        str(row["value"]),
        day_of(row.get("as_of")),
        text_of(row, "note"),
        evidence,
        day_of(row.get("until")),
        str(row.get("until_reason") or ""),
        str(row.get("field") or ""),
        str(row.get("original") or ""),
    )


def _site(row: Row, attributes: Mapping[str, list[Attribute]], evidence: Evidence, uncertainty: Uncertainty) -> Site:
    identifier = str(row["id"])
    every = attributes.get(identifier, ())
    return Site(
        identifier,
        text_of(row, "name"),
        str(row.get("municipality") or ""),
        str(row.get("address") or ""),
        position_of(row, uncertainty),
        evidence,
        tuple(one for one in every if one.until is None),
        tuple(one for one in every if one.until is not None),
    )
