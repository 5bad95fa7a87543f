"""A measure for every cell of a territory, as a version of a dataset that says how it was made and from what.

``survey`` says how many cells there would be; ``plan`` makes them, reads what there is to reach and puts both on the
streets; ``carry_out`` measures and publishes. Nothing is written before the last step, and that is one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portico import __version__
from portico.build.cells_asked import Wanted, attributions, licences, said
from portico.build.cells_read import Others, Territory, others_of, territory_of
from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.catalogue.queries import datasets
from portico.city.opening import City
from portico.errors import InputError, StateError, UsageError
from portico.figures import Evidence, Scalar, together
from portico.indicators.access.costs import Dense
from portico.indicators.access.ranged import Ranged, ranged
from portico.lake.commands import Published, publish
from portico.lake.lake import Lake
from portico.lake.model import Column, Derivation, Table, Type, Version
from portico.lake.queries import derivation, heads, is_whole
from portico.messages import Message
from portico.territory.cells import Cells, cells_of_area, cells_of_box, estimated_cells
from portico.territory.journeys import Journeys
from portico.territory.nearby import DS_PER_MINUTE
from portico.territory.travel.city import CityNetwork, city_network
from portico.territory.travel.layered import Asked, Layered, layered
from portico.territory.travel.model import Going, Points, Question

MOST_CELLS = 300_000
"""A region at resolution 9; more rows than that are better made of a coarser one."""
_DIGITS = 6
_FORM = "application/vnd.apache.parquet"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known before anything is made: the territory, and about how many cells it has."""

    territory: Territory
    about: int


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """All that a measure needs: cells, which of them lie on a street, what there is to reach, how one travels.

    ``standing`` is the version that the dataset stands at where it was made of the very same: nothing is left to do.
    """

    wanted: Wanted
    cells: Cells
    judged: Points
    on_street: NDArray[np.bool_]
    others: Others
    question: Question
    network: CityNetwork
    derivation: Derivation
    standing: Version | None

    @property
    def pairs(self) -> int:
        """How many pairs of a cell and something to reach there are."""
        return len(self.judged) * len(self.others.points)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure became: the version, whether it is new, and its numbers, None where none had to be found."""

    version: Version
    is_new: bool
    found: Ranged | None
    seconds: float


def survey(city: City, lake: Lake, wanted: Wanted) -> Survey:
    """Return about how many cells the territory has; nothing is made. Raises UsageError for an unknown resolution."""
    territory = territory_of(city, lake, wanted.area)
    return Survey(territory, estimated_cells(territory.shape or territory.box, wanted.resolution))


def plan(city: City, lake: Lake, wanted: Wanted, surveyed: Survey) -> Planned:
    """Make the cells and put them and what there is to reach on the streets.

    Raises StateError where no streets were built, InputError where they or the timetables cannot answer, where there
    would be too many cells or none on a street, UsageError for a name that another dataset bears.
    """
    versions = heads(lake)
    network = _network(city, lake, wanted, versions)
    _refuse_taken(lake, wanted)
    question = _question(network, wanted)
    territory, resolution = surveyed.territory, wanted.resolution
    if territory.shape is None:
        cells = cells_of_box(territory.box, resolution, most=MOST_CELLS)
    else:
        cells = cells_of_area(territory.shape, resolution, most=MOST_CELLS)
    centres = Points(tuple(cells.ids), *cells.centres)
    streets = network.network.streets(wanted.mode)
    on_street = streets.snap(centres.lon, centres.lat).is_on_street
    if not on_street.any():
        raise InputError("cells-off-streets", cells=len(cells), metres=streets.snap_limit_m)
    judged = _taken(centres, on_street)
    others = others_of(lake, wanted, judged, streets)
    if not len(others.points):
        raise InputError("cells-nothing-to-reach", dataset=wanted.of, metres=streets.snap_limit_m)
    made = _derivation(city, wanted, network, territory, others, cells, on_street)
    standing = versions.get(wanted.dataset)
    is_same = standing is not None and derivation(lake, standing) == made and is_whole(lake, standing)
    return Planned(wanted, cells, judged, on_street, others, question, network, made, standing if is_same else None)


def carry_out(
    city: City, lake: Lake, planned: Planned, *, at: str, progress: Progress = lambda _done, _of: None
) -> Measured:
    """Measure every cell and publish the layer; ``progress`` hears how many cells are done.

    What was made of the very same stays as it is, and so does a layer whose numbers come out as they were.
    """
    started = time.perf_counter()
    if planned.standing is not None:
        return Measured(planned.standing, is_new=False, found=None, seconds=0.0)
    if not lake.database.is_writable:
        raise StateError("state-read-only", path=lake.objects.folder.parent.name)
    found = _ranged(city, planned, progress)
    published = _published(city, lake, planned, found, at)
    return Measured(published.version, published.is_new, found, time.perf_counter() - started)


def _network(city: City, lake: Lake, wanted: Wanted, versions: dict[str, Version]) -> CityNetwork:
    network = city_network(city, lake, versions)
    if network is None:
        raise StateError("cells-without-streets", city=city.settings.name)
    unreadable = network.unreadable(wanted.mode)
    if unreadable is not None:
        raise InputError(unreadable.id, **unreadable.values)
    return network


def _refuse_taken(lake: Lake, wanted: Wanted) -> None:
    for one in datasets(lake.database):
        if one.id == wanted.dataset and one.kind is not DatasetKind.DERIVED:
            raise UsageError("cells-name-taken", dataset=one.id)


def _question(network: CityNetwork, wanted: Wanted) -> Question:
    going = Going(wanted.towards)
    question = network.question(wanted.mode, going)
    if question is None:
        window = network.window_of(going)
        why = window if isinstance(window, Message) else Message("no-timetable")
        raise InputError(why.id, **why.values)
    return question


def _taken(points: Points, which: NDArray[np.bool_]) -> Points:
    ids = tuple(points.ids[place] for place in np.flatnonzero(which))
    return Points(ids, points.lon[which], points.lat[which])


def _derivation(
    city: City,
    wanted: Wanted,
    network: CityNetwork,
    territory: Territory,
    others: Others,
    cells: Cells,
    on_street: NDArray[np.bool_],
) -> Derivation:
    """Return all that the numbers rest on; where none of it is another, neither are they."""
    costs = Dense(np.empty((0, len(others.points)), dtype=np.int32), DS_PER_MINUTE, wanted.towards)
    method = wanted.measure(others.amounts)(costs).method
    travel = Journeys(network, city.settings.travel, (), ()).evidence(wanted.mode, Going(wanted.towards))
    parameters: dict[str, Scalar] = {
        **method.parameters,
        "mode": wanted.mode.value,
        "resolution": wanted.resolution,
        "cells": len(cells),
        "cells_off_streets": int((~on_street).sum()),
        "of": wanted.of.partition("@")[0] or "cells",
        **({"amount": wanted.amount} if wanted.amount else {}),
        **others.parameters,
        **territory.parameters,
        "snap_limit_m": network.settings.snap_limit_m,
        "streets_sha256": network.streets.sha256,
        "made_by": f"portico {__version__}",
    }
    if wanted.empty_at_most is not None:
        parameters["empty_at_most"] = wanted.empty_at_most
    if len(travel) > 2:  # noqa: PLR2004 - beside the method and the streets there are timetables
        shas = [one.sha256 for one in network.timetables]
        parameters |= {f"timetable_{number}_sha256": sha256 for number, sha256 in enumerate(shas, start=1)}
    rests_on = together(travel, others.evidence, territory.evidence)
    return Derivation(Evidence(method=method.method, parameters=parameters), rests_on)


def _ranged(city: City, planned: Planned, progress: Progress) -> Ranged:
    wanted, total = planned.wanted, len(planned.judged)
    asked = Asked(planned.judged, planned.others.points, planned.question, wanted.towards)

    def watched() -> Iterator[Layered]:
        progress(0, total)
        for portion in layered(planned.network.network, city.settings.travel, asked):
            yield portion
            progress(portion.until, total)

    measure = wanted.measure(planned.others.amounts)
    return ranged(watched(), measure, wanted.towards, limit_minutes=wanted.limit_minutes)


def _published(city: City, lake: Lake, planned: Planned, found: Ranged, at: str) -> Published:
    wanted = planned.wanted
    values = {
        "resolution": wanted.resolution,
        "mode": Message(f"mode.{wanted.mode.value}"),
        "metres": planned.network.settings.snap_limit_m,
    }
    rests_on = planned.derivation.rests_on
    about = Dataset(
        wanted.dataset,
        DatasetKind.DERIVED,
        wanted.title(planned.others.title),
        city.settings.name.pick("en"),
        licences(rests_on),
        said(Message("cells-description", values)),
        attributions(rests_on, datasets(lake.database)),
    )
    form = Distribution(f"{wanted.dataset}.parquet", wanted.dataset, _FORM, "")
    return publish(lake, _table(planned, found), about, form, at=at, derivation=planned.derivation)


def _table(planned: Planned, found: Ranged) -> Table:
    """Return a row for each cell; where no street is near its centre nothing is known of it."""
    columns = (
        Column("id", Type.TEXT),
        Column("lon", Type.NUMBER, "deg"),
        Column("lat", Type.NUMBER, "deg"),
        *(Column(name, Type.NUMBER, found.unit) for name in ("value", "low", "high")),
        Column("unit", Type.TEXT),
        Column("unknown", Type.INTEGER),
        Column("reached", Type.INTEGER),
        Column("on_street", Type.BOOLEAN),
        Column("geometry", Type.GEOMETRY),
    )
    here = planned.on_street
    numbers = [_spread(here, one) for one in (found.value, found.low, found.high)]
    counts = [_spread(here, one.astype(np.float64)) for one in (found.unknown, found.reached)]
    lon, lat = (np.round(one, 7).tolist() for one in planned.cells.centres)
    rows = zip(
        planned.cells.ids,
        lon,
        lat,
        *(_known(one) for one in numbers),
        [found.unit] * len(here),
        *([None if one is None else int(one) for one in _known(each)] for each in counts),
        here.tolist(),
        planned.cells.wkt(),
        strict=True,
    )
    return Table(columns, list(rows))


def _spread(here: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.float64]:
    every = np.full(len(here), np.nan)
    every[here] = values
    return every


def _known(values: NDArray[np.float64]) -> list[float | None]:
    """Return numbers, nothing where one is not known or without end."""
    return [float(one) if np.isfinite(one) else None for one in np.round(values, _DIGITS)]
