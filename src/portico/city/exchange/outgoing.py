"""The register given to others: in the fields of the brownfield standard, or whole in our own form.

The same register always gives the same text, and what comes back gives the same text again. Contacts go out only where
that is asked for, and then only those whose owners consent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portico.city.attributes import RANGE
from portico.city.exchange.cells import plain
from portico.city.exchange.fields import PUBLISHED, Field, Role
from portico.city.exchange.keeping import Row, TextTable, columns_of
from portico.city.exchange.returning import CONTACT, SITE_COLUMNS
from portico.dates import PartialDate

CRS = "CoordinateReferenceSystem"
_POSITION = {Role.X: "lon", Role.Y: "lat"}
_WHOLES = ("whole-holding", "offered", "buildable")
"""The standard does not say which area of a site it means: the largest that is stated."""
_EVIDENCE = ("source", "checked", "precision", "confidence")
_STATEMENT = tuple(name for name in columns_of("site_attributes") if name not in ("id", "site"))
LONG = ("site", "id", *SITE_COLUMNS, *_STATEMENT)
_TOLD = ("office", "email", "phone")
_WORDS = {
    "ownership": {
        "public": "owned by a public authority",
        "private": "not owned by a public authority",
        "mixed": "mixed ownership",
    },
    "deliverable": {"yes": "yes", "no": ""},
    "hazardous-substances": {"yes": "yes", "no": ""},
}


@dataclass(frozen=True, slots=True)
class Register:
    """The tables of the register as texts; ``contacts`` are those that may be told, by site."""

    sites: Sequence[Row]
    statements: Mapping[str, Sequence[Row]]
    contacts: Mapping[str, Sequence[Row]]


def register_of(tables: Mapping[str, TextTable], told: frozenset[str] = frozenset()) -> Register:
    """Return the register in ``tables``, with the contacts of the sites in ``told``."""
    statements: dict[str, list[Row]] = {}
    for row in tables["site_attributes"].rows:
        statements.setdefault(row["site"], []).append(row)
    contacts: dict[str, list[Row]] = {}
    for row in tables["site_contacts"].rows:
        if row["site"] in told and not row.get("until"):
            contacts.setdefault(row["site"], []).append(row)
    return Register(tables["sites"].rows, statements, contacts)


# --- the standard's fields ---


def brownfield_header() -> tuple[str, ...]:
    """Return the fields of the standard, and the one of 2017 that says what the coordinates are."""
    names = [one.name for one in PUBLISHED]
    return (*names[: names.index("GeoX")], CRS, *names[names.index("GeoX") :])


def brownfield_rows(register: Register) -> Iterator[tuple[str, ...]]:
    """Yield each site in the fields of the standard; "" where nothing is stated."""
    for site in register.sites:
        newest = _newest(register.statements.get(site["id"], ()))
        told = {one.name: _told(one, site, newest) for one in PUBLISHED}
        told[CRS] = "WGS84" if told["GeoX"] else ""
        yield tuple(told[name] for name in brownfield_header())


def _newest(rows: Sequence[Row]) -> dict[tuple[str, str], Row]:
    """Return the newest standing statement of each attribute and basis; of one day the last written."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row["attribute"], row.get("basis", ""))
        if not row.get("until") and (key not in found or _day(row) >= _day(found[key])):
            found[key] = row
    return found


def _day(row: Row) -> str:
    as_of = row.get("as_of", "")
    return PartialDate.parse(as_of).earliest.isoformat() if as_of else ""


def _told(one: Field, site: Row, newest: Mapping[tuple[str, str], Row]) -> str:
    if one.role is Role.NAME:
        return site["name"]
    if one.role in _POSITION:
        text = site.get(_POSITION[one.role], "")
        return str(float(text)) if text else ""
    bases = _WHOLES if one.attribute == "area" else (one.basis,)
    row = next((newest[key] for basis in bases if (key := (one.attribute, basis)) in newest), None)
    if row is None:
        return site["id"] if one.attribute == "reference" else ""
    return _as_told(one, row["value"])


def _as_told(one: Field, value: str) -> str:
    """Return a value in the words and the unit of the standard; of a range, which it does not know, the most."""
    if one.factor:
        return plain(Decimal(value.rpartition(RANGE)[2]) / Decimal(one.factor))
    words = _WORDS.get(one.attribute)
    if words is not None:
        return words.get(value, "")
    return value.replace("-", " ") if one.words else value


# --- our own form ---


def long_header(register: Register) -> tuple[str, ...]:
    """Return the columns of our own form; those of contacts only where any are told."""
    return (*LONG, *_TOLD) if register.contacts else LONG


def long_rows(register: Register) -> Iterator[tuple[str, ...]]:
    """Yield the site, then each statement of it, past ones too, then its contacts, for every site."""
    header = long_header(register)
    for site in register.sites:
        for row in _long(site, register):
            yield tuple(row.get(name, "") for name in header)


def _long(site: Row, register: Register) -> Iterator[Row]:
    identifier = site["id"]
    yield {"site": identifier, **{name: site.get(name, "") for name in (*SITE_COLUMNS, *_EVIDENCE)}}
    for row in register.statements.get(identifier, ()):
        yield {**row, "site": identifier}
    for row in register.contacts.get(identifier, ()):
        told = {name: row.get(name, "") for name in ("id", *_TOLD, *_EVIDENCE)}
        yield {"site": identifier, "attribute": CONTACT, "value": row.get("name", "") or "–", **told}
