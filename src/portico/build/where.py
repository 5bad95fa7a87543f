"""A brief over the cells of a territory, as a layer that says how it was made, or as a file.

``survey`` says how many cells there would be, ``answer`` measures them, ``publish`` makes a version of a dataset,
``write`` a file. Nothing is written before all cells are measured.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portico import __version__
from portico.build.cells_asked import attributions, licences, said
from portico.build.cells_read import Territory as Ground
from portico.build.cells_read import territory_of
from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.catalogue.queries import datasets
from portico.city.opening import City
from portico.database import Database
from portico.errors import UsageError
from portico.figures import Evidence, Scalar, together
from portico.lake import exports
from portico.lake.batch import slug
from portico.lake.commands import publish as published
from portico.lake.commands import written
from portico.lake.lake import Lake, open_lake
from portico.lake.model import Column, Derivation, Table, Type, Version
from portico.lake.queries import derivation, heads, is_whole
from portico.match.model import Brief
from portico.match.where import answer as asking
from portico.match.where.answer import Progress, everywhere, refuse_unanswerable
from portico.match.where.model import Suitability, Where
from portico.messages import Message
from portico.territory.cells import Cells, cells_of_area, cells_of_box, estimated_cells, fitting_resolution
from portico.territory.layers import Territory

MOST_CELLS = 300_000
"""As for a layer of any other measure."""
USUAL_CELLS = 20_000
"""Without a resolution asked for, the finest with no more cells than this: an answer takes a second or two."""
FINEST = 10
"""Finer than this, some 15,000 m², nothing of what is measured differs from cell to cell."""
METHOD = "match.where"
_DIGITS = 6
_LONGEST, _LONGEST_PART = 100, 60
_FORM = "application/vnd.apache.parquet"


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known before anything is measured: the ground, the resolution, and about how many cells there will be."""

    ground: Ground
    resolution: int
    about: int

    @property
    def cells(self) -> Cells:
        """The cells; of a ground smaller than one, those that it touches.

        Raises InputError, before any is made, where there would be too many; says which resolution would do.
        """
        return self._made(covering=False) or self._made(covering=True)

    def _made(self, *, covering: bool) -> Cells:
        if self.ground.shape is None:
            return cells_of_box(self.ground.box, self.resolution, most=MOST_CELLS, covering=covering)
        return cells_of_area(self.ground.shape, self.resolution, most=MOST_CELLS, covering=covering)


@dataclass(frozen=True, slots=True)
class Layer:
    """What an answer became: the version of a dataset, and whether that is new."""

    version: Version
    is_new: bool


def survey(
    city: City, lake: Lake, brief: Brief, resolution: int | None = None, area: str = "", *, usual: int = USUAL_CELLS
) -> Survey:
    """Return about how many cells there will be; nothing is made.

    ``area`` names the ground, DATASET[@VERSION][/ROW], else the extent of the city. Without a ``resolution`` it is the
    finest with about ``usual`` cells at most. Raises InputError where the
    territory can answer nothing of ``brief``, UsageError for a resolution that is none.
    """
    refuse_unanswerable(brief)
    ground = territory_of(city, lake, area)
    around = ground.shape or ground.box
    wanted = fitting_resolution(around, usual, finest=FINEST) if resolution is None else resolution
    return Survey(ground, wanted, estimated_cells(around, wanted))


def answer(
    surveyed: Survey,
    brief: Brief,
    territory: Territory,
    as_of: date,
    progress: Progress = lambda _done, _of: None,
) -> Where:
    """Return the answer to ``brief`` for every cell. Raises InputError as ``everywhere`` does."""
    return everywhere(brief, territory, as_of, surveyed.cells, progress)


def derived(surveyed: Survey, brief: Brief, territory: Territory, as_of: date) -> Derivation:
    """Return all that the numbers rest on; where none of it is another, neither are they. Nothing is measured."""
    parameters: dict[str, Scalar] = {
        "brief": brief.id or "–",
        "brief_sha256": hashlib.sha256(repr(brief).encode()).hexdigest(),
        "resolution": surveyed.resolution,
        **surveyed.ground.parameters,
        "made_by": f"portico {__version__}",
    }
    if asking.ages(brief):
        parameters["as_of"] = as_of.isoformat()
    rests_on = together(asking.evidence(brief, territory), surveyed.ground.evidence)
    return Derivation(Evidence(method=METHOD, parameters=parameters), rests_on)


def standing(lake: Lake, name: str, made: Derivation) -> Version | None:
    """Return the version that a dataset stands at, where it was made of the very same: nothing is left to do.

    Raises UsageError where another kind of dataset bears the name.
    """
    if any(one.id == name and one.kind is not DatasetKind.DERIVED for one in datasets(lake.database)):
        raise UsageError("cells-name-taken", dataset=name)
    found = heads(lake).get(name)
    return found if found is not None and derivation(lake, found) == made and is_whole(lake, found) else None


def publish(city: City, lake: Lake, where: Where, made: Derivation, name: str, *, at: str) -> Layer:
    """Make an answer the head of the dataset ``name``; the same answer again changes nothing."""
    about = _about(city, lake, where, made, name)
    form = Distribution(f"{name}.parquet", name, _FORM, "")
    done = published(lake, table(where, where.suitability), about, form, at=at, derivation=made)
    return Layer(done.version, done.is_new)


def write(
    city: City, lake: Lake, where: Where, made: Derivation, name: str, path: Path, *, language: str = "en"
) -> Path:
    """Write an answer to a file, its ending says the format, and what describes it beside it; nothing is published.

    Raises UnknownNameError for an ending nobody knows, StateError where the place cannot be written.
    """
    form = exports.format_of(path.suffix)
    about = _about(city, lake, where, made, name)
    with tempfile.TemporaryDirectory(prefix="portico-") as folder:
        alone = open_lake(Database(Path(folder) / "none.sqlite"), Path(folder))
        version = written(alone, table(where, where.suitability), name, name)
        return exports.write(alone, version, about, form, path, language=language)


def dataset_of(brief: Brief, resolution: int, area: str = "", name: str = "") -> str:
    """Return the id of the dataset that an answer becomes.

    Raises UsageError for a name that is none.

    >>> from portico.match.model import Activity
    >>> from portico.messages import Text
    >>> dataset_of(Brief(id="bakery", title=Text(), activity=Activity.FOOD, sector="food"), 8)
    'where-bakery-r8'
    """
    if name:
        if slug(name) != name or len(name) > _LONGEST:
            raise UsageError("cells-name-unfit", name=name, proposed=slug(name)[:_LONGEST].strip("-"))
        return name
    ground = re.sub(r"@[^/]*", "", area).replace("/", "-")
    parts = ["where", brief.id or "brief", f"in-{ground}" if ground else "", f"r{resolution}"]
    made = "-".join(slug(part) for part in parts if part)
    if len(made) <= _LONGEST and max(map(len, parts)) <= _LONGEST_PART:
        return made
    # What is cut off must not make two layers one.
    whole = hashlib.sha256("/".join(parts).encode()).hexdigest()[:8]
    return f"{made[: _LONGEST - 9].strip('-')}-{whole}"


def table(where: Where, how: Suitability) -> Table:
    """Return a row for each cell; an excluded one has no score, and says which musts exclude it."""
    answered = [(number, one, one.found) for number, one in enumerate(where.wants, start=1) if one.found is not None]
    columns = (
        Column("id", Type.TEXT),
        Column("lon", Type.NUMBER, "deg"),
        Column("lat", Type.NUMBER, "deg"),
        Column("standing", Type.TEXT),
        *(Column(name, Type.NUMBER, "1") for name in ("value", "low", "high")),
        Column("excluded_by", Type.TEXT),
        *(Column(f"want_{number}", Type.NUMBER, one.known.unit) for number, one, _ in answered),
        Column("geometry", Type.GEOMETRY),
    )
    lon, lat = (np.round(one, 7).tolist() for one in (where.at.lon, where.at.lat))
    scores = (np.where(where.ranked, one, np.nan) for one in (how.mid, how.low, how.high))
    rows = zip(
        where.cells.ids,
        lon,
        lat,
        [where.standing_of(one).value for one in range(len(where.cells))],
        *(_known(one) for one in scores),
        _excluded_by(where),
        *(_known(found.mid) for _, _, found in answered),
        where.cells.wkt(),
        strict=True,
    )
    return Table(columns, list(rows))


def _excluded_by(where: Where) -> list[str | None]:
    """Return for each cell the musts that exclude it, by their numbers in the brief and their criteria."""
    numbers = {id(one): number for number, one in enumerate(where.brief.musts, start=1)}
    named = [(f"{numbers[id(one.must)]} {one.must.criterion}", one.failed.tolist()) for one in where.musts]
    every = range(len(where.cells))
    return ["; ".join(name for name, failed in named if failed[cell]) or None for cell in every]


def _known(values: NDArray[np.float64]) -> list[float | None]:
    return [float(one) if np.isfinite(one) else None for one in np.round(values, _DIGITS)]


def _about(city: City, lake: Lake, where: Where, made: Derivation, name: str) -> Dataset:
    rests_on = made.rests_on
    title = said(Message("where-layer-title", {"brief": where.brief.title}))
    values = {"resolution": where.cells.resolution, "metres": round(where.at.uncertainty_m)}
    return Dataset(
        name,
        DatasetKind.DERIVED,
        title,
        city.settings.name.pick("en"),
        licences(rests_on),
        said(Message("where-layer-description", values)),
        attributions(rests_on, datasets(lake.database)),
    )
