"""The catalogue: datasets and distributions entered, brought up to date and asked for."""

from __future__ import annotations

import dataclasses

import pytest
from tests.databases import EVERY, fresh

from portico.catalogue.commands import record
from portico.catalogue.model import Dataset, DatasetKind, Distribution
from portico.catalogue.queries import dataset, datasets
from portico.errors import StateError, UnknownNameError
from portico.messages import Text

WELLS = Dataset(
    "wells", DatasetKind.FILE, Text(en="Wells", it="Pozzi"), "Water board", "CC0-1.0", source_url="https://x.test"
)
SITES = Dataset("sites", DatasetKind.FACTS, Text(en="Sites"), "Borgo", "CC-BY-4.0", Text(en="Places"), "© Borgo")


@pytest.fixture(params=EVERY)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as made:
        yield made


def _enter(database, one):
    with database.write() as connection:
        record(connection, one, Distribution(f"{one.id}.csv", one.id, "text/csv", f"files/{one.id}.csv"))


def test_a_dataset_comes_back_as_it_was_entered(database):
    for one in (WELLS, SITES):
        _enter(database, one)
    assert datasets(database) == (SITES, WELLS)
    assert dataset(database, "wells") == WELLS


def test_entering_again_brings_it_up_to_date(database):
    _enter(database, WELLS)
    renamed = dataclasses.replace(WELLS, title=Text(en="Springs"), licence="ODbL-1.0")
    _enter(database, renamed)
    assert datasets(database) == (renamed,)


def test_an_unknown_dataset_suggests_the_nearest(database):
    _enter(database, WELLS)
    with pytest.raises(UnknownNameError) as raised:
        dataset(database, "well")
    assert raised.value.message_id == "dataset-unknown"
    assert raised.value.values["advice"].values["suggestion"] == "wells"


def test_a_failed_transaction_enters_nothing(database):
    _enter(database, SITES)

    def fail():
        with database.write() as connection:
            record(connection, WELLS, Distribution("wells.csv", "wells", "text/csv", "wells.csv"))
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert datasets(database) == (SITES,)


def test_a_distribution_of_an_unknown_dataset_is_refused(database):
    with pytest.raises(StateError), database.write() as connection:
        record(connection, WELLS, Distribution("lost.csv", "nobody", "text/csv", "lost.csv"))
    assert datasets(database) == ()
