"""A matrix in batches over a runner: each batch is some origins, and whoever works on it reads the network once."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portico.errors import StateError
from portico.runner import Progress, Runner
from portico.territory.streets.snapping import LIMIT_M
from portico.territory.streets.speeds import WALKED_KM_H
from portico.territory.travel.matrix import Portion, portions
from portico.territory.travel.model import Points, Question
from portico.territory.travel.network import TravelNetwork, network_of

ROWS = 256


@dataclass(frozen=True, slots=True)
class NetworkFiles:
    """The files of a network and how they are read: enough for another process to make the same one."""

    streets: Path
    gtfs: tuple[Path, ...] = ()
    walk_km_h: float = WALKED_KM_H
    snap_limit_m: float = LIMIT_M


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Some origins, the first of them number ``first``, and what is asked of them."""

    files: NetworkFiles
    first: int
    origins: Points
    destinations: Points
    question: Question


@functools.lru_cache(maxsize=2)
def network_in(files: NetworkFiles) -> TravelNetwork:
    """Return the network of ``files``, made once in each process."""
    return network_of(files.streets, files.gtfs, walk_km_h=files.walk_km_h, snap_limit_m=files.snap_limit_m)


def travelled(batch: Batch) -> Portion:
    """Return the costs of one batch: the kernel that runners apply."""
    found = portions(network_in(batch.files), batch.origins, batch.destinations, batch.question, len(batch.origins))
    return Portion(batch.first, next(iter(found)).costs_ds)


def in_batches(
    files: NetworkFiles,
    origins: Points,
    destinations: Points,
    question: Question,
    runner: Runner,
    progress: Progress | None = None,
) -> Iterator[Portion]:
    """Yield the costs from ``origins`` to ``destinations`` batch after batch, in the order of the origins.

    Raises what a batch failed by: a matrix with a hole is none.
    """
    batches = [
        Batch(files, first, origins.take(slice(first, first + ROWS)), destinations, question)
        for first in range(0, len(origins), ROWS)
    ]
    for outcome in runner.map(travelled, batches, progress):
        if outcome.value is None:
            error = outcome.error
            message = error.message if error else None
            raise StateError(message.id if message else "runner-unforeseen", **(message.values if message else {}))
        yield outcome.value
