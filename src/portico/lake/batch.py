"""Many files into one lake, over the runner: one task holds one file, one failing file is one result.

The kernel opens the lake once in each process; everything it takes and returns can be sent between processes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from portico import __version__
from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.catalogue.queries import datasets
from portico.database import Database
from portico.errors import UnknownNameError
from portico.geo import Box
from portico.lake.arrivals import Became, noted
from portico.lake.depositing import Arrival, Deposited, deposit
from portico.lake.found import Told, Workshop
from portico.lake.ingest import Examined, examine
from portico.lake.lake import Lake, open_lake
from portico.lake.model import Decided
from portico.lake.receive import Bytes, from_file
from portico.messages import Text

_MAX_ID = 80
_MEDIA = {
    "csv": "text/csv",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "parquet": "application/vnd.apache.parquet",
    "geopackage": "application/geopackage+sqlite3",
    "gtfs": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a lake is: its database and its folder of files."""

    database: str
    url: str
    folder: str


@dataclass(frozen=True, slots=True)
class About:
    """What the person says of a dataset; what is empty stays as the catalogue knows it."""

    dataset: str = ""
    title: str = ""
    publisher: str = ""
    licence: str = ""
    attribution: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One file to ingest. ``origin`` is where it came from, where that is not its path.

    ``extent`` (EPSG:4326) is where its places should lie, ``country`` whose habits it is likely written in.
    """

    path: str
    lake: Whereabouts | None
    at: str
    about: About = field(default_factory=About)
    told: Told = field(default_factory=Told)
    name: str = ""
    origin: str = ""
    how: Mapping[str, Any] = field(default_factory=dict)
    extent: Box | None = None
    country: str = "IT"
    beside: tuple[str, ...] = ()

    @property
    def made(self) -> dict[str, Any]:
        """All that decides what becomes of the bytes: where nothing of it changed, they need not be read again."""
        said = {name: text for each in (self.told, self.about) for name, text in asdict(each).items() if text}
        extent = list(asdict(self.extent).values()) if self.extent is not None else []
        return {"by": __version__, "said": said, "extent": extent, "country": self.country}


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one table of a file, as plain data."""

    dataset: str
    table: str
    format: str
    rows: int
    columns: int
    rejects: int
    issues: int
    status: str
    version: str = ""
    publication: int = 0
    personal: tuple[Mapping[str, Any], ...] = ()


def whereabouts(lake: Lake) -> Whereabouts:
    """Return where ``lake`` is, so that another process can open it."""
    return Whereabouts(str(lake.database.path), lake.database.url, str(lake.objects.folder))


@functools.lru_cache(maxsize=4)
def lake_at(place: Whereabouts) -> Lake:
    """Return the lake at ``place``, opened once in a process."""
    return open_lake(Database(Path(place.database), place.url), Path(place.folder))


@functools.lru_cache(maxsize=1)
def _engine_alone() -> Lake:
    """Return a lake of no place, for its engine: a dry run reads and writes nothing else."""
    return open_lake(Database(Path("nowhere.sqlite")), Path("nowhere"))


def ingest_one(task: Task) -> tuple[Done, ...]:
    """Ingest the file of ``task`` (examine it only, where no lake is named) and return what became of its tables."""
    import tempfile  # noqa: PLC0415 - only a dry run works outside the lake

    if task.lake is None:
        with tempfile.TemporaryDirectory(prefix="portico-") as folder:
            found = _examined(task, Workshop(Path(folder), _engine_alone().engine, task.told, task.country))[1]
            return tuple(_only_examined(one, _id_of(task, one, found)) for one in found)
    lake = lake_at(task.lake)
    with lake.objects.workshop() as place:
        received, found = _examined(task, Workshop(place, lake.engine, task.told, task.country))
        known = {one.id: one for one in datasets(lake.database)} if lake.database.exists else {}
        arrival = Arrival(received, task.at, {**task.how, **noted(task.made, len(found))})
        return tuple(_deposited(lake, one, _entry(task, one, found, known, received.name), arrival) for one in found)


def _examined(task: Task, shop: Workshop) -> tuple[Bytes, list[Examined]]:
    plain = from_file(Path(task.path))
    received = Bytes(plain.path, task.name or plain.name, task.origin or plain.origin, plain.sha256, plain.size)
    return received, examine(received, shop, extent=task.extent, beside=[Path(one) for one in task.beside])


def _id_of(task: Task, one: Examined, found: Sequence[Examined]) -> str:
    """Return the id of the dataset of a table: as told, else from the name of the file and, among several, its own."""
    name = task.name or Path(task.path).name
    base = task.about.dataset or slug(name.split(".")[0])
    return base if len(found) == 1 else slug(f"{base}-{one.name}")


def media_type(form: str) -> str:
    """Return the media type of a format.

    >>> media_type("csv")
    'text/csv'
    """
    return _MEDIA.get(form, "application/octet-stream")


def slug(text: str) -> str:
    """Return a name as an id: small letters, digits and hyphens.

    >>> slug("PNRR_Bandi e Avvisi")
    'pnrr-bandi-e-avvisi'
    """
    import unicodedata  # noqa: PLC0415 - rarely needed

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MAX_ID].strip("-") or "dataset"


def _only_examined(one: Examined, dataset: str) -> Done:
    status = "would-hold" if one.personal else "would-publish"
    return _done(one, dataset, status)


def as_before(one: Became) -> Done:
    """Return what became of a table that came before and was not sent again."""
    report, published = one.report, one.publication
    return Done(
        one.version.dataset,
        str(report.get("table", "")),
        str(report.get("format", "")),
        one.version.row_count,
        len(one.version.columns),
        int(report.get("rejects", 0)),
        len(report.get("issues", ())),
        "unchanged" if published else "held",
        one.version.id,
        published.number if published else 0,
    )


def _done(one: Examined, dataset: str, status: str, version: str = "", publication: int = 0) -> Done:
    return Done(
        dataset,
        one.name,
        one.parsed.format.value,
        one.typed.rows,
        len(one.typed.columns),
        one.typed.reject_count,
        len(one.issues),
        status,
        version,
        publication,
        tuple({"column": each.column, "kind": each.kind, "count": each.count} for each in one.personal)
        if status in ("held", "would-hold")
        else (),
    )


def _entry(task: Task, one: Examined, found: Sequence[Examined], known: Mapping[str, Dataset], file: str) -> Dataset:
    """Return the entry of a table in the catalogue; the title of one among several names the table."""
    about, identifier = task.about, _id_of(task, one, found)
    before = known.get(identifier)
    if before is not None and before.kind is DatasetKind.FACTS:
        raise UnknownNameError("dataset-is-facts", dataset=identifier)
    if before is not None and before.kind is DatasetKind.DERIVED:
        raise UnknownNameError("dataset-is-derived", dataset=identifier)
    title = about.title or file
    return Dataset(
        identifier,
        DatasetKind.FILE,
        Text({"": f"{title} ({one.name})" if len(found) > 1 else title})
        if about.title or before is None
        else before.title,
        about.publisher or (before.publisher if before else ""),
        about.licence or (before.licence if before else ""),
        attribution=about.attribution or (before.attribution if before else ""),
        source_url=about.source_url or (before.source_url if before else ""),
    )


def _deposited(lake: Lake, one: Examined, dataset: Dataset, arrival: Arrival) -> Done:
    form = one.parsed.format.value
    distribution = Distribution(f"{dataset.id}.{form}", dataset.id, media_type(form), arrival.received.origin)
    made = deposit(lake, one, dataset, distribution, arrival)
    return _done(one, dataset.id, _status(made), made.version.id, made.publication.number if made.publication else 0)


def _status(made: Deposited) -> str:
    if made.publication is not None:
        return "published" if made.is_new else "unchanged"
    return "kept-back" if made.hold is not None and made.hold.decision is Decided.REFUSED else "held"
