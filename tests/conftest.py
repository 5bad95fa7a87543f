"""What every test may ask for: the reference city, built once, and a small invented one."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.cities import AS_OF, AT, LAQUILA_AS_OF, write_borgo_prova
from tests.shared import ROOT, not_run, shared_data

from portico import city
from portico.build import build, lake_of
from portico.city import City
from portico.territory.layers import Territory, territory

settings.register_profile(
    "portico",
    derandomize=True,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("portico")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    line = not_run(terminalreporter.stats.get("skipped", []))
    if line:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def as_of() -> date:
    """The day on which the tests ask."""
    return AS_OF


@pytest.fixture
def torino_folder(tmp_path: Path) -> Path:
    """A fresh copy of the reference city's folder, without its working state, to be changed at will."""
    return _copy(tmp_path)


@pytest.fixture(scope="session")
def torino(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The reference city, built once. Read only: a test that changes anything asks for ``torino_folder``."""
    opened = city.open(_copy(tmp_path_factory.mktemp("reference")))
    build(opened, as_of=AS_OF, at=AT)
    yield opened
    opened.database.close()


@pytest.fixture(scope="session")
def torino_territory(torino: City) -> Territory:
    """The territory of the reference city."""
    return territory(torino, lake_of(torino))


@pytest.fixture(scope="session")
def laquila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The second city with its streets and its timetable, built from the files beside the checkout. Read only.

    It is built once for all the processes of a run: the first one that asks builds, the others wait and open it.
    """
    shared = _of_the_run(tmp_path_factory)
    folder = shared / "laquila"
    with (shared / "laquila.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _build_laquila(tmp_path_factory.mktemp("second") / "laquila").rename(folder)
    opened = city.open(folder)
    yield opened
    opened.database.close()


def _build_laquila(folder: Path) -> Path:
    shutil.copytree(ROOT / "cities" / "laquila", folder, ignore=shutil.ignore_patterns(".portico"))
    settings = (folder / "city.toml").read_text("utf-8")
    for name, place in (("aq.pbf", ("osm", "laquila")), ("GTFS_30102022-2.zip", ("gtfs", "laquila"))):
        shutil.copy(shared_data("data", *place, name), folder / name)
        settings = re.sub(rf'address = "[^"]*/{re.escape(name)}"', f'file = "{name}"', settings)
    (folder / "city.toml").write_text(settings, "utf-8")
    opened = city.open(folder)
    build(opened, as_of=LAQUILA_AS_OF, at=AT)
    opened.database.close()
    return folder


def _of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def laquila_territory(laquila: City) -> Territory:
    """The territory of the second city."""
    return territory(laquila, lake_of(laquila))


@pytest.fixture(scope="session")
def borgo_territory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Territory]:
    """The territory of the small invented city, built once. Read only."""
    opened = city.open(write_borgo_prova(tmp_path_factory.mktemp("invented") / "borgo-prova"))
    build(opened, as_of=AS_OF, at=AT)
    yield territory(opened, lake_of(opened))
    opened.database.close()


@pytest.fixture
def tiny_city(tmp_path: Path) -> Path:
    """The folder of a small invented city that is valid and not the reference city in anything."""
    return write_borgo_prova(tmp_path / "borgo-prova")


def _copy(target: Path) -> Path:
    folder = target / "torino"
    shutil.copytree(ROOT / "cities" / "torino", folder, ignore=shutil.ignore_patterns(".portico"))
    return folder
