"""The API on data: datasets, their versions, rows, rejects, profiles and places, as JSON."""

from __future__ import annotations

from typing import Any, Literal

from litestar import Response, get
from litestar.params import Parameter

from portico.dossier import derived
from portico.errors import UnknownNameError
from portico.lake import reading
from portico.lake.drawing import place_column
from portico.lake.exports.base import Export
from portico.lake.model import Hold
from portico.translation import Translator
from portico.web import profiles
from portico.web.datasets import reject
from portico.web.described import Described, Shelved, described, kinds, original, shelf, shown_version
from portico.web.downloads import DOWNLOADS, offered
from portico.web.drawn import drawn_places
from portico.web.portal import Portal
from portico.web.rendering import translator
from portico.web.tiled import address

Language = Literal["en", "it"]
_GEOJSON = "application/geo+json"
_MOST_ROWS = 5_000
_MOST_REJECTS = 5_000
_MOST_VERSIONS = 1_000


@get("/api/datasets", sync_to_thread=True)
def datasets(portal: Portal, lang: Language = "en") -> list[dict[str, Any]]:
    """List the datasets: the version each stands at, its rejects, and whether one is held because of personal data."""
    return [_listed(one, translator(lang)) for one in shelf(portal)]


def _listed(one: Shelved, say: Translator) -> dict[str, Any]:
    about, version, entry = one.about, one.version, one.publication
    return {
        "id": about.id,
        "title": say(about.title),
        "kind": about.kind.value,
        "publisher": about.publisher,
        "licence": about.licence,
        "attribution": about.attribution,
        "version": version.id if version else None,
        "rows": version.row_count if version else None,
        "number": entry.number if entry else None,
        "published_at": entry.published_at if entry else None,
        "rejects": one.reject_count,
        "held": one.is_held,
    }


@get("/api/datasets/{identifier:str}", sync_to_thread=True)
def dataset(portal: Portal, identifier: str, version: str = "", lang: Language = "en") -> dict[str, Any]:
    """Describe a dataset at one of its versions: what it is, its columns, where it came from, what is held.

    ``version`` is the id of a version or the number of a publication; the newest where it is left out.
    """
    say = translator(lang)
    found = described(portal, identifier, version)
    about, shown, entry = found.about, found.version, found.publication
    plain = {
        "id": about.id,
        "title": say(about.title),
        "description": say(about.description),
        "kind": about.kind.value,
        "publisher": about.publisher,
        "licence": about.licence,
        "attribution": about.attribution,
        "source_url": about.source_url,
        "held": [_held(one, say) for one in found.held],
        "version": None,
    }
    if shown is None:
        return plain
    base = f"/api/datasets/{about.id}"
    at = f"?version={shown.id}"
    return plain | {
        "version": shown.id,
        "is_newest": found.is_head,
        "rows": shown.row_count,
        "bytes": shown.file_bytes,
        "number": entry.number if entry else None,
        "published_at": entry.published_at if entry else None,
        "made_by": entry.made_by if entry else None,
        "columns": [column.to_dict() for column in shown.columns],
        "rejects": found.examination.reject_count if found.examination else 0,
        "original": original(found.receipt),
        "decision": _decision(found, say),
        "derivation": derived.plain(found.derivation) if found.derivation else None,
        "tiles": address(shown) if place_column(shown) else None,
        "citation": Export(portal.lake, shown, about, say.language).citation,
        "links": {name: f"{base}/{name}{at}" for name in ("rows", "rejects", "profile")}
        | ({"features": f"{base}/features{at}"} if place_column(shown) else {})
        | {one.value: f"{base}/download.{one.value}{at}" for one in offered(shown)},
    }


def _held(one: Hold, say: Translator) -> dict[str, Any]:
    return {"held_at": one.held_at, "decision": one.decision.value or None, "personal_data": kinds(one, say)}


def _decision(found: Described, say: Translator) -> dict[str, Any] | None:
    if found.decided is None:
        return None
    return {"decided_at": found.decided.decided_at} | _held(found.decided, say)


@get("/api/datasets/{identifier:str}/versions", sync_to_thread=True)
def versions(
    portal: Portal,
    identifier: str,
    limit: int = Parameter(default=100, ge=1, le=_MOST_VERSIONS),
    lang: Language = "en",
) -> dict[str, Any]:
    """List the publications of a dataset, newest first. ``rows`` is null where the content is not kept any more."""
    found = described(portal, identifier)
    entries = reading.publications(portal.lake, found.about.id, limit) if found.log else ()
    return {
        "dataset": found.about.id,
        "versions": [
            {
                "number": one.publication.number,
                "version": one.publication.version,
                "published_at": one.publication.published_at,
                "made_by": one.publication.made_by,
                "rows": one.version.row_count if one.version else None,
            }
            for one in entries
        ],
        "held": [_held(one, translator(lang)) for one in found.held],
    }


@get("/api/datasets/{identifier:str}/rows", sync_to_thread=True)
def rows(
    portal: Portal,
    identifier: str,
    version: str = "",
    columns: str = "",
    limit: int = Parameter(default=100, ge=1, le=_MOST_ROWS),
    offset: int = Parameter(default=0, ge=0),
) -> dict[str, Any]:
    """Return rows of a version in the order of its file; ``columns`` are names with commas between, all by default.

    Dates and times are ISO 8601 texts, geometry is GeoJSON in EPSG:4326.
    """
    _, shown = shown_version(portal, identifier, version)
    chosen = reading.chosen(shown, named(columns))
    names = [column.name for column in chosen]
    return {
        "dataset": shown.dataset,
        "version": shown.id,
        "columns": [column.to_dict() for column in chosen],
        "total": shown.row_count,
        "limit": limit,
        "offset": offset,
        "rows": [
            dict(zip(names, row, strict=True))
            for row in reading.rows(portal.lake, shown, chosen, limit=limit, offset=offset)
        ],
    }


def named(columns: str) -> list[str]:
    r"""Return the names in a list with commas between; a comma in a name is written ``\,``.

    >>> named(r"id,depth\, m")
    ['id', 'depth, m']
    """
    parts = columns.replace("\\,", "\0").split(",") if columns else []
    return [part.replace("\0", ",") for part in parts]


@get("/api/datasets/{identifier:str}/rejects", sync_to_thread=True)
def rejects(
    portal: Portal,
    identifier: str,
    version: str = "",
    limit: int = Parameter(default=100, ge=1, le=_MOST_REJECTS),
    offset: int = Parameter(default=0, ge=0),
    lang: Language = "en",
) -> dict[str, Any]:
    """Return what did not fit its column: row of the original file, column, raw text, reason.

    The raw text is null where columns of the original were masked or dropped because of personal data.
    """
    found, shown = shown_version(portal, identifier, version)
    listed = reading.rejects(portal.lake, found.examination, limit=limit, offset=offset) if found.examination else []
    return {
        "dataset": shown.dataset,
        "version": shown.id,
        "total": found.examination.reject_count if found.examination else 0,
        "rejects": [_plain_reject(reject(one, found, translator(lang))) for one in listed],
    }


def _plain_reject(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("row", "column", "raw", "reason", "expected", "sentence")}


@get("/api/datasets/{identifier:str}/profile", sync_to_thread=True)
def profile(portal: Portal, identifier: str, version: str = "", lang: Language = "en") -> dict[str, Any]:
    """Return what was found in a version when it was made: format, columns with their profile, geometry, issues.

    ``examined_at`` is null for a table kept by hand, of which nothing had to be found out.
    """
    found, shown = shown_version(portal, identifier, version)
    report = {name: value for name, value in found.report.items() if name != "issues"}
    say = translator(lang)
    return report | {
        "dataset": shown.dataset,
        "version": shown.id,
        "examined_at": found.examination.examined_at if found.examination else None,
        "columns": report.get("columns", [column.to_dict() for column in shown.columns]),
        "issues": [profiles.issue_line(one, found, say) for one in found.report.get("issues", ())],
    }


@get("/api/datasets/{identifier:str}/features", sync_to_thread=True, media_type=_GEOJSON)
def places(portal: Portal, identifier: str, version: str = "", columns: str = "") -> Response[bytes]:
    """Return the places of a version as GeoJSON to draw: at most 2,000 of them, simplified for a map of the whole.

    ``total`` says how many there are, ``is_cut`` whether some are left out. The download holds every one in full.
    Properties are the first 20 columns, or those named in ``columns``.
    """
    _, shown = shown_version(portal, identifier, version)
    if place_column(shown) is None:
        raise UnknownNameError("dataset-without-places", dataset=shown.dataset)
    return Response(drawn_places(portal, shown, named(columns)).geojson, media_type=_GEOJSON)


DATASETS_API = [datasets, dataset, versions, rows, rejects, profile, places, *DOWNLOADS]
