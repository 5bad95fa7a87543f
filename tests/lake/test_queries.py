"""Questions to the lake."""

from __future__ import annotations

import pytest
from tests.databases import fresh
from tests.lakes import put, wells

from portico.errors import NotBuiltError, StateError, UnknownNameError
from portico.lake.engine import Engine
from portico.lake.lake import Lake
from portico.lake.objects import Objects
from portico.lake.queries import heads, history, is_whole, read, version


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.fixture
def lake(tmp_path, engine):
    with fresh("file", tmp_path) as database:
        yield Lake(database, Objects(tmp_path / "lake"), engine)


def test_a_city_that_was_never_built_says_so(lake):
    with pytest.raises(NotBuiltError):
        heads(lake)
    with pytest.raises(StateError):
        history(lake, "wells")
    with lake.database.write():
        pass
    with pytest.raises(NotBuiltError):
        heads(lake)
    assert not lake.objects.folder.exists()


def test_a_version_is_named_by_dataset_number_or_the_start_of_its_id(lake):
    one, other = put(lake, wells(1.0)).version, put(lake, wells(2.0)).version
    assert version(lake, "wells") == other
    assert version(lake, "wells@1") == one
    assert version(lake, "wells@2") == other
    assert version(lake, f"wells@{one.id}") == one
    assert version(lake, f"wells@{one.short}") == one
    assert version(lake, f"wells@{other.id[:6]}") == other


@pytest.mark.parametrize("name", ["wells@0", "wells@3", "wells@", "wells@ffffffffffff", "wells@-1", "wells@1.0"])
def test_a_version_nobody_knows_is_an_unknown_name(lake, name):
    put(lake, wells(1.0))
    if name == "wells@":
        assert version(lake, name) == version(lake, "wells")
        return
    with pytest.raises(UnknownNameError) as raised:
        version(lake, name)
    assert raised.value.message_id == "version-unknown"


def test_the_start_of_an_id_that_is_too_short_names_nothing(lake):
    found = put(lake, wells(1.0)).version
    with pytest.raises(UnknownNameError):
        version(lake, f"wells@{found.id[:5]}x")
    with pytest.raises(UnknownNameError):
        version(lake, f"wells@a{found.id[:4]}")


@pytest.mark.parametrize("name", ["well", "well@1"])
def test_a_dataset_nobody_knows_suggests_the_nearest(lake, name):
    put(lake, wells(1.0))
    with pytest.raises(UnknownNameError) as raised:
        version(lake, name)
    assert raised.value.message_id == "dataset-unknown"
    assert raised.value.values["advice"].values["suggestion"] == "wells"


def test_some_columns_are_read_in_the_order_of_the_version(lake):
    done = put(lake, wells(1.0, None))
    found = read(lake, done.version, ["depth", "id"])
    assert [column.name for column in found.columns] == ["id", "depth"]
    assert sorted(found.rows) == [("w0", 1.0), ("w1", None)]
    assert read(lake, done.version, ["depth"]).rows in ([(1.0,), (None,)], [(None,), (1.0,)])


def test_a_column_nobody_knows_suggests_the_nearest(lake):
    done = put(lake, wells(1.0))
    with pytest.raises(UnknownNameError) as raised:
        read(lake, done.version, ["deph"])
    assert raised.value.message_id == "column-unknown"
    assert raised.value.values["advice"].values["suggestion"] == "depth"


def test_a_missing_file_is_one_sentence(lake):
    done = put(lake, wells(1.0))
    lake.objects.path(done.version.file).unlink()
    assert not is_whole(lake, done.version)
    with pytest.raises(StateError) as raised:
        read(lake, done.version)
    assert raised.value.message_id == "version-damaged"


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not parquet" * 50])
def test_a_damaged_file_is_one_sentence(lake, content):
    done = put(lake, wells(1.0))
    lake.objects.path(done.version.file).write_bytes(content)
    assert not is_whole(lake, done.version)
    with pytest.raises(StateError) as raised:
        read(lake, done.version)
    assert raised.value.message_id == "version-damaged"


def test_a_single_changed_byte_is_found(lake):
    done = put(lake, wells(1.0))
    path = lake.objects.path(done.version.file)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert not is_whole(lake, done.version)


def test_an_older_version_is_still_read(lake):
    one = put(lake, wells(1.0)).version
    put(lake, wells(2.0))
    assert read(lake, one).rows == [("w0", 1.0)]
