"""A version that was worked out says how and from what; what it rests on stays as long as it does."""

from __future__ import annotations

import pytest
from tests.lakes import put, wells

from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.database import Database
from portico.figures import Evidence
from portico.lake import queries, store
from portico.lake.commands import publish
from portico.lake.keeping.cleanup import apply, plan
from portico.lake.keeping.standing import Rule
from portico.lake.lake import open_lake
from portico.lake.model import Column, Derivation, Table, Type
from portico.messages import Text

AT, MUCH_LATER = "2026-11-23T09:00:00+00:00", "2029-11-23T09:00:00+00:00"
DEEP = Dataset("deep", DatasetKind.DERIVED, Text(en="Deep"), "Water board", "CC0-1.0")
FORM = Distribution("deep.parquet", "deep", "application/vnd.apache.parquet", "")


@pytest.fixture
def lake(tmp_path):
    made = open_lake(Database(tmp_path / "state" / "portico.sqlite"), tmp_path / "state" / "lake")
    yield made
    made.database.close()


def resting_on(*versions, least=3.0):
    pieces = tuple(Evidence(dataset="wells", version=one.id, licence="CC0-1.0") for one in versions)
    return Derivation(Evidence(method="deeper", parameters={"least_m": least, "named": True, "not": None}), pieces)


def deep(lake, *names, derivation, at=AT):
    table = Table((Column("id", Type.TEXT),), [(name,) for name in names])
    return publish(lake, table, DEEP, FORM, at=at, derivation=derivation)


def citations(lake):
    with lake.database.read() as connection:
        return store.every_citation(connection)


def test_what_is_recorded_comes_back_as_it_was(lake):
    source = put(lake, wells(1.0, 4.0)).version
    made = resting_on(source)
    version = deep(lake, "w1", derivation=made).version
    assert queries.derivation(lake, version) == made
    assert queries.derivation(lake, source) is None
    assert citations(lake) == {("wells", source.id): (f"deep@{version.id}",)}


def test_again_changes_nothing_and_the_same_content_from_elsewhere_says_the_newest(lake):
    old, new = put(lake, wells(1.0, 4.0)).version, put(lake, wells(2.0, 4.0)).version
    first = deep(lake, "w1", derivation=resting_on(old))
    assert not deep(lake, "w1", derivation=resting_on(old)).is_new
    again = deep(lake, "w1", derivation=resting_on(new))
    assert (again.is_new, again.version) == (False, first.version)
    assert queries.derivation(lake, first.version) == resting_on(new)
    assert citations(lake) == {("wells", new.id): (f"deep@{first.version.id}",)}


def test_clean_up_spares_what_a_version_rests_on_until_that_goes(lake):
    old = put(lake, wells(1.0, 4.0)).version
    first = deep(lake, "w1", derivation=resting_on(old)).version
    put(lake, wells(2.0, 4.0))
    deep(lake, "w2", derivation=resting_on())
    rule = Rule(MUCH_LATER, keep_days=1, keep_last=1)
    assert [one.id for one in apply(lake, plan(lake, rule)).versions] == [first.id]
    assert citations(lake) == {}
    assert [one.id for one in apply(lake, plan(lake, rule)).versions] == [old.id]


def test_an_older_state_is_brought_up_to_date(lake):
    source = put(lake, wells(1.0)).version
    with lake.database.write() as connection:
        store.derivation.drop(connection)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    lake.database.close()
    again = open_lake(Database(lake.database.path), lake.objects.folder)
    assert queries.derivation(again, source) is None
    again.database.close()
