"""From a folder to versions."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cities import AS_OF, AT

from portico import city
from portico.build import build, lake_of, outdated
from portico.errors import InputError, RejectedError
from portico.lake.queries import heads, history, read, version


def _built(folder: Path):
    opened = city.open(folder)
    return opened, build(opened, as_of=AS_OF, at=AT)


def test_a_valid_folder_becomes_one_version_of_each_table_and_file(tiny_city):
    opened, built = _built(tiny_city)
    names = {step.dataset for step in built.steps}
    assert names == {*(path.stem for path in (tiny_city / "facts").iterdir()), "wells"}
    assert built.new == len(names)
    assert set(heads(lake_of(opened))) == names


def test_a_second_build_changes_nothing(tiny_city):
    opened, _ = _built(tiny_city)
    before = heads(lake_of(opened))
    again, built = _built(tiny_city)
    assert built.new == 0
    assert heads(lake_of(again)) == before
    assert len(history(lake_of(again), "sites")) == 1


def test_the_order_of_rows_and_columns_in_a_file_makes_no_new_version(tiny_city):
    opened, _ = _built(tiny_city)
    before = heads(lake_of(opened))["sites"].id
    path = tiny_city / "facts" / "sites.csv"
    header, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, *reversed(rows)]) + "\n", "utf-8")
    again, built = _built(tiny_city)
    assert built.new == 0
    assert heads(lake_of(again))["sites"].id == before


def test_a_changed_cell_makes_one_new_version_and_its_undoing_points_back(tiny_city):
    opened, _ = _built(tiny_city)
    first = heads(lake_of(opened))["sites"].id
    path = tiny_city / "facts" / "sites.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("Big meadow", "Great meadow"), "utf-8")
    _, changed = _built(tiny_city)
    assert changed.new == 1
    path.write_text(text, "utf-8")
    again, _ = _built(tiny_city)
    log = history(lake_of(again), "sites")
    assert [entry.number for entry in log] == [1, 2, 3]
    assert log[0].version == log[2].version == first != log[1].version


def test_a_folder_with_an_error_publishes_nothing_and_keeps_the_last_good_versions(tiny_city):
    opened, _ = _built(tiny_city)
    before = heads(lake_of(opened))
    path = tiny_city / "facts" / "sites.csv"
    path.write_text(path.read_text("utf-8").replace("14.50,47.50", "47.50,14.50"), "utf-8")
    with pytest.raises(RejectedError) as raised:
        _built(tiny_city)
    assert {finding.kind for finding in raised.value.findings} == {"position-swapped"}
    assert heads(lake_of(city.open(tiny_city))) == before


def test_a_position_of_the_facts_is_the_geometry_of_the_version(tiny_city):
    opened, _ = _built(tiny_city)
    found = version(lake_of(opened), "sites")
    assert [column.type.value for column in found.columns if column.name == "geometry"] == ["point-4326"]
    assert "geometry" not in [column.name for column in read(lake_of(opened), found).columns]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<!DOCTYPE html><html></html>", "not-a-table-html"),
        (b"%PDF-1.7\n", "not-a-table-pdf"),
        (b"a;" * 5_000_000, "line-too-long"),
        (bytes(range(256)) * 20, "not-a-table-binary"),
    ],
)
def test_a_broken_file_among_the_sources_is_one_sentence_and_nothing_of_it_is_published(tiny_city, content, kind):
    (tiny_city / "files" / "wells.csv").write_bytes(content)
    with pytest.raises(InputError) as raised:
        _built(tiny_city)
    assert raised.value.message_id == kind
    assert "wells" not in heads(lake_of(city.open(tiny_city)))


def test_a_file_among_the_sources_is_ingested_typed_with_its_rejects(tiny_city):
    (tiny_city / "files" / "wells.csv").write_bytes(
        ("id;profondità\n99\n" + "".join(f"{n:02d};{n},5\n" for n in range(30))).encode("cp1252")
    )
    _built(tiny_city)
    opened = city.open(tiny_city)
    found = heads(lake_of(opened))["wells"]
    assert [(column.name, column.type.value) for column in found.columns] == [("id", "text"), ("profondità", "number")]
    assert found.row_count == 30
    assert outdated(opened, lake_of(opened)) == ()
    (tiny_city / "files" / "wells.csv").write_bytes(b"id;depth\n01;9,5\n02;2,5\n")
    assert outdated(opened, lake_of(opened)) == ("wells",)
