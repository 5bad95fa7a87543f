"""The register of a city as a file for others: CSV, GeoJSON or a workbook; in the standard's fields or in our own form.

The licence goes with it: in a GeoJSON as a member, in a workbook on a sheet of its own, beside a CSV as a text file.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portico.city import facts
from portico.city.attributes import KINDS
from portico.city.consent import consent
from portico.city.exchange.fields import PUBLISHED, Role
from portico.city.exchange.keeping import TABLES, TextTable, read_texts
from portico.city.exchange.outgoing import (
    Register,
    brownfield_header,
    brownfield_rows,
    long_header,
    long_rows,
    register_of,
)
from portico.city.model import CitySettings
from portico.city.opening import FACTS, City, notes_of
from portico.city.register import register
from portico.errors import UsageError
from portico.figures import Evidence
from portico.files import write_whole
from portico.lake.exports.base import ExportFormat
from portico.lake.exports.sheets import Cell, Sheet, workbook_bytes
from portico.lake.exports.workbook import MAX_CELL
from portico.lake.exports.workbook_parts import letters
from portico.translation import Translator

ENDINGS = {".csv": ExportFormat.CSV, ".geojson": ExportFormat.GEOJSON, ".xlsx": ExportFormat.XLSX}
_WIDTH, _WIDE = 16, 80
_NUMBERS = frozenset(
    one.name
    for one in PUBLISHED
    if one.role in (Role.X, Role.Y) or (one.attribute in KINDS and KINDS[one.attribute].is_number)
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A register on its way out: header, rows, and what must be said with every copy."""

    form: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str
    licence: str
    attribution: str

    @property
    def notice(self) -> str:
        """Title, licence and attribution in lines."""
        return "\n".join(one for one in (self.title, self.licence, self.attribution) if one)


def exported(city: City, form: str, today: date, *, with_contacts: bool = False, language: str = "en") -> Exported:
    """Return the register of ``city`` in the ``form`` "brownfield" or "portico".

    With ``with_contacts`` (our own form only) the contacts of sites go along whose owners consent on ``today``.
    """
    if with_contacts and form != "portico":
        raise UsageError("contacts-need-own-form")
    tables = {name: read_texts(city.folder / FACTS, name) for name in TABLES}
    told = _consenting(city, today) if with_contacts else frozenset()
    known = register_of(tables, told)
    return _exported(known, form, city.settings, language)


def published(rows: Mapping[str, Sequence[facts.Row]], settings: CitySettings, form: str, language: str) -> Exported:
    """Return the register as it was last published, from the ``rows`` of its tables; no contact is among them."""
    tables = {name: TextTable((), tuple(_as_texts(row) for row in rows.get(name, ()))) for name in TABLES[:2]}
    known = register_of({**tables, "site_contacts": TextTable((), ())})
    return _exported(known, form, settings, language)


def _as_texts(row: facts.Row) -> dict[str, str]:
    return {name: "" if cell is None else str(cell) for name, cell in row.items()}


def _exported(known: Register, form: str, settings: CitySettings, language: str) -> Exported:
    header, rows = _table(known, form)
    notes = notes_of(settings, "sites")
    title = f"{settings.name.pick(language)}: {Translator(language)('page.sites')}"
    return Exported(form, header, tuple(rows), title, notes.licence, notes.attribution)


def _table(known: Register, form: str) -> tuple[tuple[str, ...], Iterable[tuple[str, ...]]]:
    if form == "brownfield":
        return brownfield_header(), brownfield_rows(known)
    return long_header(known), long_rows(known)


def _consenting(city: City, today: date) -> frozenset[str]:
    sites, stated = (city.facts[name].rows for name in TABLES[:2])
    known = register(sites, stated, lambda *_: Evidence(), city.settings.uncertainty_m)
    return frozenset(site.id for site in known if consent(site, today).is_given)


def export_register(one: Exported, path: Path) -> None:
    """Write a register to ``path``, whose ending says the format; the file appears whole or not at all.

    Raises UsageError for an ending that says none, and as ``write_whole`` does.
    """
    if path.suffix.casefold() not in ENDINGS:
        raise UsageError("register-ending", ending=path.suffix or path.name, known=", ".join(ENDINGS))
    write_whole(path, as_bytes(one, path.suffix.casefold()))
    if path.suffix.casefold() == ".csv":
        write_whole(path.with_suffix(".licence.txt"), one.notice + "\n")


def as_bytes(one: Exported, ending: str) -> bytes:
    """Return a register as a file of the format that ``ending`` (".csv") says."""
    if ending == ".geojson":
        return as_geojson(one).encode()
    return _workbook(one) if ending == ".xlsx" else as_csv(one).encode()


def as_csv(one: Exported) -> str:
    """Return a register as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows((one.header, *one.rows))
    return out.getvalue()


def as_geojson(one: Exported) -> str:
    """Return a register as GeoJSON (RFC 7946), a feature a site; in our own form its statements are a member of it."""
    features = _features(one) if one.form == "brownfield" else _whole_features(one)
    told = {"type": "FeatureCollection", "title": one.title, "licence": one.licence, "attribution": one.attribution}
    head = json.dumps({name: text for name, text in told.items() if text}, ensure_ascii=False)
    body = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{head[:-1]}, "features": [\n{body}\n]}}\n'


def _features(one: Exported) -> Iterator[dict[str, object]]:
    for row in one.rows:
        told = dict(zip(one.header, row, strict=True))
        yield _feature(told["GeoX"], told["GeoY"], {name: text for name, text in told.items() if text})


def _whole_features(one: Exported) -> Iterator[dict[str, object]]:
    """Yield the sites with their statements: the row of a site comes first, those that state something after it."""
    site: dict[str, str] = {}
    statements: list[dict[str, str]] = []
    for row in one.rows:
        told = {name: text for name, text in zip(one.header, row, strict=True) if text}
        if "attribute" in told:
            statements.append({name: text for name, text in told.items() if name != "site"})
            continue
        if site:
            yield _feature(site.get("lon", ""), site.get("lat", ""), {**site, "statements": statements})
        site, statements = told, []
    if site:
        yield _feature(site.get("lon", ""), site.get("lat", ""), {**site, "statements": statements})


def _feature(lon: str, lat: str, properties: dict[str, object]) -> dict[str, object]:
    point = {"type": "Point", "coordinates": [float(lon), float(lat)]} if lon and lat else None
    return {"type": "Feature", "geometry": point, "properties": properties}


def _workbook(one: Exported) -> bytes:
    sites = Sheet(
        "sites",
        tuple((name, _WIDTH) for name in one.header),
        [_cells(one, *row) for row in enumerate(one.rows, start=2)],
    )
    first, *others = one.notice.splitlines()
    licence = Sheet("licence", ((first, _WIDE),), [(line,) for line in others])
    return workbook_bytes((sites, licence), one.title, one.notice)


def _cells(one: Exported, number: int, row: Sequence[str]) -> list[Cell]:
    """Return a row for a sheet: numbers where their text would come back. A text too long is refused, never cut."""
    for place, text in enumerate(row):
        if len(text) > MAX_CELL // 2 and len(text.encode("utf-16-le", "replace")) // 2 > MAX_CELL:
            raise UsageError("export-long-cell", dataset="sites", column=f"{letters(place)}{number}", limit=MAX_CELL)
    return [_number(text) if name in _NUMBERS else text for name, text in zip(one.header, row, strict=True)]


def _number(text: str) -> Cell:
    """Return the number that ``text`` is, where writing it gives the same text."""
    if not text or repr(float(text)).removesuffix(".0") != text:
        return text
    return int(text) if text == str(int(float(text))) else float(text)
