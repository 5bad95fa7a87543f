"""The invented city with its tables of industries, built once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.cities import AS_OF, AT, write_borgo_prova, write_industries

from portico import city
from portico.build import build, lake_of
from portico.territory.layers import Territory, territory


@pytest.fixture(scope="session")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Territory]:
    """The territory of the invented city that knows its industries. Read only."""
    folder = write_industries(write_borgo_prova(tmp_path_factory.mktemp("industries") / "borgo-prova"))
    opened = city.open(folder)
    build(opened, as_of=AS_OF, at=AT)
    yield territory(opened, lake_of(opened))
    opened.database.close()
