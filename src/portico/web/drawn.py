"""The places of a version, drawn once and kept: for the map of its page and for the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from portico.lake import reading
from portico.lake.drawing import features
from portico.lake.model import Version
from portico.web.portal import Portal

MOST_PLACES = 2_000
_PROPERTIES = 20


@dataclass(frozen=True, slots=True)
class Map:
    """Places as the text of a GeoJSON collection; as text they take a tenth of the room."""

    geojson: bytes
    shown: int
    total: int

    @property
    def is_cut(self) -> bool:
        """Whether some places are left out."""
        return self.shown < self.total


def drawn_places(portal: Portal, shown: Version, columns: Sequence[str] = ()) -> Map:
    """Return at most 2,000 places of a version; their properties are ``columns``, else the first twenty."""
    plain = tuple(one for one in reading.chosen(shown, columns) if not one.is_geometry)[:_PROPERTIES]
    key = ("places", shown.dataset, shown.id, tuple(column.name for column in plain))

    def draw() -> Map:
        drawn = features(portal.lake, shown, plain, most=MOST_PLACES)
        collection = {
            "type": "FeatureCollection",
            "dataset": shown.dataset,
            "version": shown.id,
            "total": drawn.total,
            "is_cut": drawn.is_cut,
            "features": drawn.features,
        }
        return Map(msgspec.json.encode(collection), drawn.shown, drawn.total)

    return portal.settled(key, draw)
