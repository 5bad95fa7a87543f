"""The pages on data: the list of datasets, one dataset at one of its versions, one row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from litestar import Request, get

from portico.errors import UnknownNameError
from portico.lake import reading
from portico.lake.drawing import place_column
from portico.lake.exports.base import Export
from portico.lake.model import Column, Type, Version
from portico.messages import Message, did_you_mean
from portico.translation import Translator
from portico.web import cells, profiles
from portico.web.changes import changes
from portico.web.described import Described, described, kinds, original, sentence, shelf, shown_version
from portico.web.downloads import offered
from portico.web.drawn import drawn_places
from portico.web.html import Html, html, speak
from portico.web.portal import Portal
from portico.web.tiled import colourable, tiled

ROWS_SHOWN = 20
CELLS_SHOWN = 60
REJECTS_SHOWN = 50
ISSUES_SHOWN = 100
_KEY = "id"
HELD = {
    "": "page.hold-open",
    "refused": "page.hold-refused",
    "masked": "page.hold-masked",
    "dropped": "page.hold-dropped",
}
DECIDED = {
    "released": "page.decided-released",
    "masked": "page.decided-masked",
    "dropped": "page.decided-dropped",
}
FORMATS = {"csv": "CSV", "parquet": "Parquet", "geojson": "GeoJSON", "gpkg": "GeoPackage", "xlsx": "Excel (XLSX)"}


@get("/{language:str}/data", sync_to_thread=True, include_in_schema=False)
def data(language: str, portal: Portal) -> Html:
    """List the datasets."""
    say = speak(language)
    zone = portal.city.settings.time_zone
    return html(
        "data.html",
        language,
        portal,
        "data",
        datasets=shelf(portal),
        when=lambda one: cells.moment(one.published_at, say, zone),
    )


@dataclass(frozen=True, slots=True)
class _Preview:
    """The first rows: of each cell the text, and the address of the row's own page where the cell is its id."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    left_out: int


@get("/{language:str}/data/{name:str}", sync_to_thread=True, include_in_schema=False)
def dataset(
    language: str,
    name: str,
    request: Request[Any, Any, Any],
    portal: Portal,
    version: str = "",
    compare: str = "",
    colour: str = "",
    since: str = "",
) -> Html:
    """Show a dataset at one of its versions: what it is, what stands in it, what was found, what changed (``since``
    the version before, or the one named).
    """  # noqa: D205 - one sentence
    say = speak(language)
    found = described(portal, name, version)
    if since:
        found = replace(found, compared=shown_version(portal, found.about.id, since)[1])
    path = f"data/{quote(found.address if version else name, safe='@')}"
    content = _content(portal, found, say, compare=bool(compare), colour=colour) if found.version else {}
    values = _about(portal, found, say) | content
    cited = f"{request.base_url}".rstrip("/") + f"/{language}/data/{quote(found.address, safe='@')}"
    return html("dataset.html", language, portal, path, found=found, cited=cited, **values)


def _about(portal: Portal, found: Described, say: Translator) -> dict[str, Any]:
    """Return what the page says of the dataset as such, and how it says sizes and times."""
    zone = portal.city.settings.time_zone
    return {
        "about": found.about,
        "version": found.version,
        "original": original(found.receipt),
        "held": [(one, kinds(one, say)) for one in found.held],
        "held_ids": HELD,
        "decision_ids": DECIDED,
        "kinds": lambda one: kinds(one, say),
        "when": lambda text: cells.moment(text, say, zone),
        "day": lambda text: cells.moment_day(text, say, zone),
        "size": lambda count: cells.size(count, say),
        "cut": cells.cut,
        "place": None,
    }


def _content(portal: Portal, found: Described, say: Translator, *, compare: bool, colour: str = "") -> dict[str, Any]:
    """Return what the page says of the version: downloads, columns, map, rows, changes, rejects, issues."""
    version = found.version
    if version is None:
        return {}
    place, issues = place_column(version), found.report.get("issues", ())
    by_tiles = tiled(portal, found, version, colour, say) if place else None
    return {
        "citation": Export(portal.lake, version, found.about, say.language).citation,
        "downloads": offered(version),
        "format_names": FORMATS,
        "lines": profiles.lines(found, say),
        "place": place,
        "tiled": by_tiles,
        "drawn": drawn_places(portal, version) if place and by_tiles is None else None,
        "colourable": colourable(version) if place else (),
        "heads": {name: one.id for name, one in portal.territory.versions.items()},
        "crs": str(found.report.get("crs") or ""),
        "accuracy": (found.report.get("geometry") or {}).get("accuracy_m"),
        "preview": _preview(portal, found, version, say),
        "changed": changes(portal, found, say, asked=compare),
        "rejects": _rejects(portal, found, say),
        "issues": [profiles.issue_line(one, found, say) for one in issues[:ISSUES_SHOWN]],
        "issue_count": len(issues),
    }


def _preview(portal: Portal, found: Described, version: Version, say: Translator) -> _Preview:
    columns = version.columns[:CELLS_SHOWN]
    key = ("preview", version.dataset, version.id)
    first = portal.kept(key, lambda: reading.rows(portal.lake, version, columns, limit=ROWS_SHOWN))
    rows = tuple(
        tuple(
            (cells.shown(value, column, say), _row_address(column, value, found, say))
            for column, value in zip(columns, row, strict=True)
        )
        for row in first
    )
    return _Preview(columns, rows, max(0, version.row_count - len(rows)))


def _row_address(column: Column, value: object, found: Described, say: Translator) -> str:
    if column.name != _KEY or value in (None, "") or isinstance(value, dict):
        return ""
    return f"/{say.language}/data/{quote(found.address, safe='@')}/{quote(str(value), safe='')}"


def _rejects(portal: Portal, found: Described, say: Translator) -> list[dict[str, Any]]:
    """Return the first rejects with a sentence each; the raw text only where nothing was masked or dropped."""
    if found.examination is None:
        return []
    listed = reading.rejects(portal.lake, found.examination, limit=REJECTS_SHOWN)
    return [reject(one, found, say) for one in listed]


def reject(one: dict[str, Any], found: Described, say: Translator) -> dict[str, Any]:
    """Return a reject with its sentence, and without its raw text where that may hold what was masked."""
    shown = dict(one)
    if found.hides_raw_text:
        shown["raw"] = None
    values = {name: shown[name] or "" for name in ("row", "column", "expected")}
    shown["expected_words"] = profiles.expected_words(str(one["expected"] or ""), say)
    shown["sentence"] = sentence(str(one["reason"] or ""), {**values, "value": cells.cut(shown["raw"] or "…")}, say)
    return shown


@get("/{language:str}/data/{name:str}/{row:str}", sync_to_thread=True, include_in_schema=False)
def row(language: str, name: str, row: str, portal: Portal) -> Html:
    """Show one row of a version: what a figure rests on."""
    say = speak(language)
    found, version = shown_version(portal, name)
    cells_of_row = reading.row(portal.lake, version, _KEY, row)
    if cells_of_row is None:
        known = reading.keys_like(portal.lake, version, _KEY, most=1000)
        raise UnknownNameError("row-unknown", name=row, dataset=version.dataset, advice=did_you_mean(row, known))
    title = say(Message("row-of", {"row": row, "dataset": found.about.title}))
    texts = _whole_cells(version, cells_of_row, say)
    path = f"data/{quote(name, safe='@')}/{quote(row, safe='')}"
    made = found.derivation
    heads = {name: one.id for name, one in portal.territory.versions.items()}
    values = {"about": found.about, "version": version, "row": texts, "title": title, "made": made, "heads": heads}
    return html("row.html", language, portal, path, **values)


def _whole_cells(version: Version, values: dict[str, Any], say: Translator) -> dict[str, str]:
    """Return the cells of one row as texts, none of them cut: this is the place to read them."""
    by_name = {column.name: column for column in version.columns}
    return {
        name: value
        if isinstance(value, str) and by_name[name].type is Type.TEXT
        else cells.shown(value, by_name[name], say)
        for name, value in values.items()
        if value is not None
    }


DATASETS = [data, dataset, row]
