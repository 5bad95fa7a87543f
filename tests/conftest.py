"""What every test may ask for: the reference city, built once, and a small invented one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.cities import AS_OF, AT, write_borgo_prova
from tests.shared import ROOT, not_run

from portico import city
from portico.build import build, lake_of
from portico.city import City
from portico.territory.layers import Territory, territory

settings.register_profile(
    "portico",
    derandomize=True,
    deadline=None,
    max_examples=60,
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


@pytest.fixture
def tiny_city(tmp_path: Path) -> Path:
    """The folder of a small invented city that is valid and not the reference city in anything."""
    return write_borgo_prova(tmp_path / "borgo-prova")


def _copy(target: Path) -> Path:
    folder = target / "torino"
    shutil.copytree(ROOT / "cities" / "torino", folder, ignore=shutil.ignore_patterns(".portico"))
    return folder
