"""From a folder to a City: the one place that reads its settings and makes its database."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from portico.city.check import check_facts, check_settings
from portico.city.facts import Facts, read_facts
from portico.city.model import CitySettings, DatasetNotes
from portico.city.tables import TABLES
from portico.database import Database
from portico.errors import CityNotFoundError, InputError, RejectedError
from portico.messages import Finding, Message, Severity, did_you_mean
from portico.settings import Document, read_document, read_into

SETTINGS = "city.toml"
FACTS = "facts"
BRIEFS = "briefs"
STATE = ".portico"
DATABASE = "portico.sqlite"


class City:
    """A city folder: what it says of itself, what it knows, and where its working state lies."""

    def __init__(self, folder: Path, settings: CitySettings, document: Document) -> None:
        """Hold ``settings`` of ``folder``; rooms receive this object."""
        self.folder = folder
        self.settings = settings
        self.document = document
        self.database = Database(folder / STATE / DATABASE)

    @property
    def lake_folder(self) -> Path:
        """Where the lake keeps its files."""
        return self.folder / STATE / "lake"

    @property
    def fetched_folder(self) -> Path:
        """Where the files lie that were fetched, each with its record."""
        return self.folder / STATE / "fetched"

    @property
    def briefs_folder(self) -> Path:
        """Where the briefs lie."""
        return self.folder / BRIEFS

    @functools.cached_property
    def _read(self) -> tuple[dict[str, Facts], list[Finding]]:
        return read_facts(self.folder / FACTS)

    @property
    def facts(self) -> dict[str, Facts]:
        """The tables of facts as read from the folder, rows with a fault left out."""
        return self._read[0]

    def findings(self, as_of: date) -> tuple[Finding, ...]:
        """Return everything wrong with the folder, in the order of its files."""
        return tuple(sorted(self._every_finding(as_of), key=lambda finding: finding.place))

    def _every_finding(self, as_of: date) -> Iterator[Finding]:
        yield from check_settings(self.settings, self.folder, self.document.place)
        yield from _dataset_names(self.settings, self.document)
        yield from self._read[1]
        yield from check_facts(self.facts, self.settings.extent.box, as_of)


def _dataset_names(settings: CitySettings, document: Document) -> Iterator[Finding]:
    known = [table.name for table in TABLES]
    for name in settings.datasets:
        if name not in known:
            values = {"key": f"datasets.{name}", "advice": did_you_mean(name, known)}
            yield Finding(Message("unknown-key", values), document.place(f"datasets.{name}"), name)


def notes_of(settings: CitySettings, table: str) -> DatasetNotes:
    """Return what the city says of a table, or its general licence."""
    return settings.datasets.get(table) or DatasetNotes(settings.licence)


def open(folder: Path) -> City:  # noqa: A001 - city.open(folder) is how it reads
    """Open the city in ``folder``.

    Raises CityNotFoundError where there is no ``city.toml``, RejectedError with every fault of its settings.
    """
    path = folder / SETTINGS
    if not path.is_file():
        raise CityNotFoundError("city-not-found", folder=str(folder))
    document = read_document(path, SETTINGS)
    findings: list[Finding] = []
    settings = read_into(CitySettings, document, findings)
    if settings is None or findings:
        raise RejectedError("settings-rejected", tuple(findings), file=SETTINGS)
    return City(folder.resolve(), settings, document)


def find(named: str, from_environment: str, start: Path) -> Path:
    """Return the city folder: the one ``named``, else the environment's, else the nearest parent of ``start``.

    Raises CityNotFoundError, which says how to make one.
    """
    for given in (named, from_environment):
        if given:
            if not (Path(given) / SETTINGS).is_file():
                raise CityNotFoundError("city-not-found", folder=given)
            return Path(given)
    for folder in (start, *start.parents):
        if (folder / SETTINGS).is_file():
            return folder
    raise CityNotFoundError("city-nowhere", folder=start.name)


def errors_of(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return those findings that stop a build."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)


def refuse_faults(city: City, as_of: date) -> tuple[Finding, ...]:
    """Raise RejectedError where the folder has errors; return its warnings otherwise."""
    findings = city.findings(as_of)
    errors = errors_of(findings)
    if errors:
        raise RejectedError("facts-rejected", errors, file=FACTS)
    return findings


def read_toml(city: City, path: Path) -> Document:
    """Read a TOML file of the city, named in messages as it lies in the folder."""
    try:
        name = str(path.resolve().relative_to(city.folder))
    except ValueError:
        name = path.name
    if not path.is_file():
        raise InputError("file-missing", file=name)
    return read_document(path, name)
