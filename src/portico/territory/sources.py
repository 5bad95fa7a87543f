"""The sources of a city that streets and timetables are made of: what is declared, what is here, what it became."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from portico.city.fetched import on_hand
from portico.city.model import Source, Use
from portico.city.opening import City
from portico.lake.arrivals import datasets_from
from portico.lake.lake import Lake


@dataclass(frozen=True, slots=True)
class Declared:
    """A source with a use: its file where that is here (kept in the folder, or fetched), and the file's SHA-256.

    ``datasets`` are those its bytes became in the last build: none where it was not built since, or was refused.
    """

    source: Source
    use: Use
    path: Path | None
    sha256: str
    datasets: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id of the source."""
        return self.source.id


def declared(city: City, lake: Lake) -> tuple[Declared, ...]:
    """Return every source of ``city`` with a use, in the order of its settings."""
    return tuple(_declared(city, lake, one, one.use) for one in city.settings.sources if one.use is not None)


def _declared(city: City, lake: Lake, source: Source, use: Use) -> Declared:
    here = on_hand(city, source)
    if here is None:
        return Declared(source, use, None, "", ())
    return Declared(source, use, here.path, here.sha256, datasets_from(lake, here.origin, here.sha256))
