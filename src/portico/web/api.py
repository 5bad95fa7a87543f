"""The API: the same answers as the pages and the command line, as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from litestar import Response, get
from litestar.params import Parameter

from portico.dossier import plain
from portico.lake import reading
from portico.match.model import Shortlist
from portico.web.answered import answered, brief_asked
from portico.web.briefs import BRIEF_API
from portico.web.comparing import compare
from portico.web.criteria import CRITERIA_API
from portico.web.datasets_api import DATASETS_API
from portico.web.described import shelf, shown_version
from portico.web.dossiers import DOSSIER_API
from portico.web.features import features
from portico.web.matching import MATCHING
from portico.web.permits_api import PERMIT_API
from portico.web.portal import Portal
from portico.web.reach import reach
from portico.web.rendering import translator
from portico.web.sites import SITE_API
from portico.web.ways import way
from portico.web.where import WHERE_API

Language = Literal["en", "it"]
_GEOJSON = "application/geo+json"
_MOST = 5_000


@get("/api/briefs", sync_to_thread=False)
def briefs(portal: Portal, lang: Language = "en") -> list[dict[str, Any]]:
    """List the briefs of the city."""
    return [plain.brief(one, translator(lang)) for one in portal.briefs()]


@get("/api/data", sync_to_thread=True)
def data(portal: Portal, lang: Language = "en") -> list[dict[str, Any]]:
    """List the datasets and the version each stands at."""
    return [
        {
            "id": one.about.id,
            "title": translator(lang)(one.about.title),
            "publisher": one.about.publisher,
            "licence": one.about.licence,
            "attribution": one.about.attribution,
            "version": one.version.id,
            "rows": one.version.row_count,
        }
        for one in shelf(portal)
        if one.version
    ]


@get("/api/data/{name:str}", sync_to_thread=True)
def rows(
    portal: Portal,
    name: str,
    limit: int = Parameter(default=1000, ge=1, le=_MOST),
    offset: int = Parameter(default=0, ge=0),
) -> dict[str, Any]:
    """Return the rows of a version, without geometry: DATASET, DATASET@NUMBER or DATASET@ID."""
    _, version = shown_version(portal, name)
    plain = tuple(column for column in version.columns if not column.is_geometry)
    names = [column.name for column in plain]
    found = reading.rows(portal.lake, version, plain, limit=limit, offset=offset)
    return {
        "dataset": version.dataset,
        "version": version.id,
        "columns": [column.to_dict() for column in version.columns],
        "total": version.row_count,
        "rows": [dict(zip(names, row, strict=True)) for row in found],
    }


@get("/api/map", sync_to_thread=True)
def map_features(
    portal: Portal,
    lang: Language = "en",
    brief: str = "",
    b: str = "",
    w: list[str] | None = None,
    site: str = "",
    as_of: date | None = None,
) -> Response[dict[str, Any]]:
    """Return the map as GeoJSON: sites (with ``brief`` or ``b``, as it groups them; ``site``: that one), places."""
    if site:
        portal.territory.site(site)

    def draw(answer: Shortlist | None = None) -> dict[str, Any]:
        return features(portal.territory, translator(lang), answer, site)

    if not (brief or b):
        return Response(portal.kept(("map", lang, site), draw), media_type=_GEOJSON)
    found = answered(portal, brief_asked(portal, brief, b), as_of, w)
    return Response(found.keep(("map", lang, site), lambda: draw(found.answer)), media_type=_GEOJSON)


API = [
    *BRIEF_API,
    briefs,
    *MATCHING,
    *SITE_API,
    reach,
    way,
    compare,
    data,
    rows,
    map_features,
    *CRITERIA_API,
    *WHERE_API,
    *PERMIT_API,
    *DOSSIER_API,
    *DATASETS_API,
]
