"""A brief over every cell as a layer and as files: whole, once, with what it rests on."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from tests.cities import AS_OF, AT, write_borgo_prova

from portico import city
from portico.build import build, lake_of
from portico.build import where as layers
from portico.catalogue.model import DatasetKind
from portico.catalogue.queries import dataset
from portico.errors import UnknownNameError, UsageError
from portico.lake.queries import derivation, read
from portico.match.model import Activity, Brief, Must, Want
from portico.match.where.model import Standing
from portico.messages import Text
from portico.territory.layers import territory
from portico.territory.model import Mode

BRIEF = Brief(
    id="dairy",
    title=Text({"en": "Dairy", "it": "Caseificio"}),
    activity=Activity.FOOD,
    sector="food",
    musts=(Must(criterion="minutes-to-nearest", mode=Mode.CAR, kinds=("motorway-junction",), at_most=30.0),),
    wants=(
        Want(criterion="minutes-to-nearest", mode=Mode.CAR, fields=("food",), weight=3.0, scale=((5, 1), (60, 0))),
        Want(criterion="condition", weight=1.0, values={"green": 1.0}),
    ),
)


@pytest.fixture(scope="module")
def borgo(tmp_path_factory):
    opened = city.open(write_borgo_prova(tmp_path_factory.mktemp("layers") / "borgo"))
    build(opened, as_of=AS_OF, at=AT)
    yield opened
    opened.database.close()


def _answered(opened, brief=BRIEF, resolution=6):
    lake = lake_of(opened)
    known = territory(opened, lake)
    surveyed = layers.survey(opened, lake, brief, resolution)
    where = layers.answer(surveyed, brief, known, AS_OF)
    return lake, where, layers.derived(surveyed, brief, known, AS_OF)


def test_published_twice_is_published_once(borgo):
    lake, where, made = _answered(borgo)
    assert layers.standing(lake, "where-dairy-r6", made) is None
    first = layers.publish(borgo, lake, where, made, "where-dairy-r6", at=AT)
    assert first.is_new
    assert layers.standing(lake, "where-dairy-r6", made) == first.version
    again = layers.publish(borgo, lake, where, made, "where-dairy-r6", at="2027-01-01T00:00:00+00:00")
    assert (again.is_new, again.version.id) == (False, first.version.id)
    other = replace(BRIEF, wants=BRIEF.wants[:1])
    _, _, differs = _answered(borgo, other)
    assert layers.standing(lake, "where-dairy-r6", differs) is None


def test_a_row_for_each_cell_with_its_standing_and_what_excludes_it(borgo):
    lake, where, made = _answered(borgo)
    version = layers.publish(borgo, lake, where, made, "where-rows", at=AT).version
    rows = list(read(lake, version).mappings())
    assert {row["id"] for row in rows} == set(where.cells.ids)
    for standing in Standing:
        assert sum(row["standing"] == standing for row in rows) == where.count(standing)
    for row in rows:
        assert (row["value"] is None) == (row["standing"] == "excluded") == bool(row["excluded_by"])
        if row["value"] is not None:
            assert row["low"] <= row["value"] <= row["high"]
    assert {row["excluded_by"] for row in rows} == {None, "1 minutes-to-nearest"}
    names = [column.name for column in version.columns]
    assert ("want_1" in names, "want_2" in names) == (True, False), "the second only a register could answer"


def test_it_says_what_it_rests_on(borgo):
    lake, where, made = _answered(borgo)
    version = layers.publish(borgo, lake, where, made, "where-cited", at=AT).version
    found = derivation(lake, version)
    assert found == made
    assert found.method.method == "match.where"
    assert found.method.parameters["brief"] == "dairy"
    assert "as_of" not in found.method.parameters, "nothing of it grows stale"
    assert {"institutions", "transport"} <= {one.dataset for one in found.rests_on}
    assert any(one.method == "territory.estimates.car" for one in found.rests_on)
    about = dataset(borgo.database, "where-cited")
    assert (about.kind, about.title.pick("it")) == (DatasetKind.DERIVED, "Dove va bene: Caseificio")
    assert about.licence


def test_a_day_is_named_where_it_plays_a_part(borgo):
    aging = replace(BRIEF, wants=(Want(criterion="gravity", mode=Mode.CAR, half_minutes=10.0, weight=1.0),))
    _, _, made = _answered(borgo, aging)
    assert made.method.parameters["as_of"] == AS_OF.isoformat()


@pytest.mark.parametrize("ending", ["csv", "geojson", "parquet", "gpkg"])
def test_as_a_file_nothing_is_published(borgo, tmp_path, ending):
    lake, where, made = _answered(borgo)
    before = borgo.database.path.read_bytes()
    path = layers.write(borgo, lake, where, made, "where-file", tmp_path / f"x.{ending}")
    assert path.stat().st_size > 1000
    assert borgo.database.path.read_bytes() == before
    described = json.loads((tmp_path / f"x.{ending}-metadata.json").read_text("utf-8"))
    assert "Dairy" in json.dumps(described)
    if ending == "csv":
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        assert len(rows) == len(where.cells)
    if ending == "geojson":
        assert len(json.loads(path.read_text("utf-8"))["features"]) == len(where.cells)


def test_what_cannot_be_written_or_named_is_refused(borgo, tmp_path):
    lake, where, made = _answered(borgo)
    with pytest.raises(UnknownNameError):
        layers.write(borgo, lake, where, made, "where-file", tmp_path / "x.docx")
    with pytest.raises(UsageError):
        layers.standing(lake, "sites", made)
    with pytest.raises(UsageError):
        layers.dataset_of(BRIEF, 6, name="Where it fits")
    assert layers.dataset_of(BRIEF, 6, "areas@3/borgo") == "where-dairy-in-areas-borgo-r6"
    long = [layers.dataset_of(replace(BRIEF, id="x" * 300 + end), 6) for end in "ab"]
    assert long[0] != long[1]
    assert max(map(len, long)) <= 100
