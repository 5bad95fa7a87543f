"""Questions before and after a build: where the lake is, what it has not seen yet."""

from __future__ import annotations

from portico.build.facts import incoming
from portico.city.fetched import on_hand
from portico.city.model import Source
from portico.city.opening import City
from portico.lake.commands import identify
from portico.lake.lake import Lake, open_lake
from portico.lake.queries import heads, last_receipt


def lake_of(city: City) -> Lake:
    """Return the city's lake."""
    return open_lake(city.database, city.lake_folder)


def outdated(city: City, lake: Lake) -> tuple[str, ...]:
    """Return the datasets whose facts or files changed since they were last published."""
    standing = heads(lake)
    facts = [
        dataset.id
        for table, dataset, _ in incoming(city)
        if dataset.id not in standing or standing[dataset.id].id != identify(lake, table)
    ]
    return (*facts, *(source.id for source in city.settings.sources if _is_newer(city, lake, source)))


def _is_newer(city: City, lake: Lake, source: Source) -> bool:
    """Say whether the file of a source is another one than came last."""
    here = on_hand(city, source)
    if here is None:
        return False
    last = last_receipt(lake, here.origin)
    return last is None or last.sha256 != here.sha256
