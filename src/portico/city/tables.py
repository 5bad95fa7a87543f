"""The tables of facts a city may keep in ``facts/``, declared once: columns, types, vocabularies, references.

Reading, checking, publishing and the commented examples of a new folder all follow from these declarations.
"""

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
STATUSES = ("available", "under-negotiation", "in-redevelopment", "sold", "withdrawn", "unknown")
AREA_BASES = ("offered", "buildable", "whole-holding")
FLOOR_BASES = ("existing", "usable", "building-rights")
USES = (
    "production",
    "research",
    "logistics",
    "offices",
    "retail",
    "residential",
    "student-housing",
    "hotel",
    "culture",
    "education",
    "health",
    "sport",
    "park",
    "services",
    "data-centre",
)
CONDITIONS = ("built", "green", "to-remediate")
OWNERSHIPS = ("public", "private", "mixed")
ATTRIBUTES = (
    "area",
    "floor-area",
    "premises",
    "status",
    "use",
    "use-class",
    "use-text",
    "former-use",
    "ownership",
    "tenure",
    "available-from",
    "condition",
    "rail-siding",
    "asking-price",
    "asking-price-per-m2",
    "asking-rent",
    "tender",
    "remediation",
    "contamination",
    "utilities",
    "utility",
    "electric-power",
    "electric-power-from",
    "voltage",
    "description",
    "parcel",
    "plan",
    "plan-zone",
    "coverage-index",
    "floor-area-ratio",
    "height-limit",
    "constraint",
    "flood-class",
    "title",
    "soil-survey",
    "reported-by",
    "consent",
    "consent-by",
    "consent-until",
    "register",
    "register-name",
    "reference",
    "previous-reference",
    "site-plan",
    "planning-status",
    "permission-type",
    "permission-date",
    "planning-history",
    "deliverable",
    "dwellings",
    "hazardous-substances",
    "development",
    "notes",
    "permission-in-principle",
    "part-two",
    "first-added",
    "last-updated",
    "last-verified",
    "verified-by",
    "end-date",
    "outcome",
    "outcome-value",
    "outcome-jobs",
    "as-registered",
)
SERVICE_STATES = ("in-service", "events-only", "not-in-service", "under-construction", "planned")
TRANSPORT_KINDS = (
    "airport",
    "rail-station",
    "metro-station",
    "bus-station",
    "motorway-junction",
    "intermodal-terminal",
    "port",
)
QUALIFIERS = ("exact", "over", "about", "almost")
TOTAL = "total"
"""What ``employment`` calls all divisions together."""

_ID = Column("id", Kind.ID, required=True)
_NAME = (Column("name", required=True), Column("name_it"))
_WHERE = (
    Column("municipality"),
    Column("address"),
)
_POSITION = (Column("lon", Kind.LONGITUDE), Column("lat", Kind.LATITUDE), Column("coord_basis"))
_VALUE = (Column("value", Kind.NUMBER, required=True), Column("unit", required=True))
_AS_OF = Column("as_of", Kind.DATE)
_NOTE = Column("note")


def _evidence(precision: tuple[str, ...] = PRECISION, *, precision_required: bool = False) -> tuple[Column, ...]:
    return (
        Column("source", required=True),
        Column("checked", Kind.DATE, required=True),
        Column("precision", words=precision, required=precision_required),
        Column("confidence", required=True, words=CONFIDENCE),
    )


TABLES: tuple[FactTable, ...] = (
    FactTable("sites", (_ID, *_NAME, *_WHERE, *_POSITION, *_evidence()), required=True),
    FactTable(
        "site_attributes",
        (
            _ID,
            Column("site", Kind.ID, required=True, refers=("sites",)),
            Column("attribute", required=True, words=ATTRIBUTES),
            Column("basis"),
            Column("value", required=True),
            Column("unit"),
            _AS_OF,
            _NOTE,
            Column("note_it"),
            *_evidence(),
            Column("until", Kind.DATE),
            Column("until_reason"),
            Column("field"),
            Column("original"),
        ),
        required=True,
    ),
    FactTable(
        "site_contacts",
        (
            _ID,
            Column("site", Kind.ID, required=True, refers=("sites",)),
            Column("name"),
            Column("office"),
            Column("email"),
            Column("phone"),
            *_evidence(),
            Column("until", Kind.DATE),
            Column("until_reason"),
        ),
        is_private=True,
    ),
    FactTable(
        "site_rejects",
        (
            _ID,
            Column("file", required=True),
            Column("row", Kind.INTEGER, required=True),
            Column("column"),
            Column("part", Kind.INTEGER),
            Column("value", required=True),
            Column("reason", required=True),
            *_evidence(),
        ),
        is_private=True,
    ),
    FactTable(
        "institutions",
        (
            _ID,
            *_NAME,
            Column("kind", required=True),
            Column("fields", Kind.LIST),
            *_WHERE,
            Column("address_confidence", words=CONFIDENCE),
            Column("lon", Kind.LONGITUDE),
            Column("lat", Kind.LATITUDE),
            Column("url"),
            Column("coord_basis"),
            *_evidence(),
        ),
    ),
    FactTable(
        "organisations",
        (
            _ID,
            *_NAME,
            Column("sector", required=True),
            Column("ateco_division"),
            Column("role"),
            Column("role_it"),
            *_WHERE,
            Column("address_confidence", words=CONFIDENCE),
            *_POSITION,
            *_evidence(),
        ),
    ),
    FactTable(
        "place_figures",
        (
            _ID,
            Column("place", Kind.ID, required=True, refers=("institutions", "organisations")),
            Column("quantity", required=True),
            *_VALUE,
            Column("qualifier", words=QUALIFIERS),
            Column("scope"),
            Column("scope_it"),
            _AS_OF,
            _NOTE,
            *_evidence(),
        ),
    ),
    FactTable(
        "transport",
        (
            _ID,
            *_NAME,
            Column("kind", required=True, words=TRANSPORT_KINDS),
            Column("municipality"),
            Column("lon", Kind.LONGITUDE),
            Column("lat", Kind.LATITUDE),
            Column("state", required=True, words=SERVICE_STATES),
            Column("interchange", Kind.ID, refers=("transport",)),
            _NOTE,
            Column("note_it"),
            Column("coord_basis"),
            *_evidence(),
        ),
    ),
    FactTable(
        "lines",
        (
            _ID,
            Column("line", required=True),
            Column("sequence", Kind.INTEGER, required=True),
            Column("stop", Kind.ID, required=True, refers=("transport",)),
            _NOTE,
            *_evidence(),
        ),
    ),
    FactTable(
        "running_times",
        (
            _ID,
            Column("line", Kind.LIST, required=True),
            Column("from_stop", Kind.ID, refers=("transport",)),
            Column("to_stop", Kind.ID, refers=("transport",)),
            Column("minutes", Kind.NUMBER, required=True, unit="min"),
            Column("minutes_low", Kind.NUMBER, unit="min"),
            Column("minutes_high", Kind.NUMBER, unit="min"),
            _AS_OF,
            _NOTE,
            *_evidence(),
        ),
    ),
    FactTable(
        "headways",
        (
            _ID,
            Column("line", required=True),
            Column("period", required=True, words=("mean-working-day", "peak", "off-peak")),
            Column("minutes", Kind.NUMBER, required=True, unit="min"),
            _AS_OF,
            _NOTE,
            *_evidence(),
        ),
    ),
    FactTable(
        "service",
        (
            _ID,
            Column("line", required=True),
            Column("fact", required=True),
            Column("value", required=True),
            Column("unit"),
            _AS_OF,
            _NOTE,
            *_evidence(),
        ),
    ),
    FactTable(
        "districts",
        (
            _ID,
            Column("number", Kind.INTEGER),
            Column("name", required=True),
            Column("municipality"),
            Column("quarters", Kind.LIST),
            Column("population", Kind.INTEGER),
            Column("population_as_of", Kind.DATE),
            Column("area_km2", Kind.NUMBER, unit="km2"),
            *_POSITION,
            *_evidence(),
        ),
    ),
    FactTable(
        "areas",
        (
            _ID,
            *_NAME,
            Column("municipalities", Kind.LIST),
            Column("reference", Kind.ID, refers=("areas",)),
            Column("area_km2", Kind.NUMBER, unit="km2"),
            Column("population", Kind.INTEGER),
            _AS_OF,
            *_POSITION,
            _NOTE,
            *_evidence(),
        ),
    ),
    FactTable(
        "employment",
        (
            _ID,
            Column("area", Kind.ID, required=True, refers=("areas",)),
            Column("division", required=True),
            Column("employment", Kind.NUMBER),
            Column("firms", Kind.INTEGER),
            Column("herfindahl", Kind.NUMBER),
            _AS_OF,
            _NOTE,
            *_evidence(),
        ),
    ),
    FactTable(
        "skill_relatedness",
        (
            _ID,
            Column("division", required=True),
            Column("other", required=True),
            Column("relatedness", Kind.NUMBER, required=True),
            _AS_OF,
            _NOTE,
            *_evidence(),
        ),
    ),
    FactTable(
        "city_figures",
        (
            _ID,
            Column("topic", required=True),
            Column("indicator", required=True),
            Column("indicator_it"),
            *_VALUE,
            Column("qualifier", words=QUALIFIERS),
            Column("area", required=True),
            _AS_OF,
            _NOTE,
            *_evidence(),
        ),
    ),
)


def table(name: str) -> FactTable | None:
    """Return the declaration of the table ``name``, or nothing."""
    return next((one for one in TABLES if one.name == name), None)
