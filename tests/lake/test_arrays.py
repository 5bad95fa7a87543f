"""A table of a file as arrays: typed as an ingest types it, in the order of the file; the first bad cell is named."""

from __future__ import annotations

import numpy as np
import pytest
from tests.lake.readers.workshops import worded

from portico.errors import InputError, PorticoError, UnknownNameError, UsageError
from portico.lake.arrays import arrays_of
from portico.lake.engine import Engine

ENGINE = Engine()


def written(tmp_path, text, name="list.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def parquet(tmp_path, query):
    path = tmp_path / "list.parquet"
    with ENGINE.cursor() as cursor:
        cursor.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def refused(path, ask, kind, **values):
    with pytest.raises(PorticoError) as found, arrays_of(path, ENGINE) as table:
        ask(table)
    assert found.value.message_id == kind
    worded(found.value)
    for name, value in values.items():
        assert found.value.values[name] == value
    return found.value


def test_numbers_come_as_they_are_written_here_and_empty_ones_as_nan(tmp_path):
    path = written(tmp_path, "Posti di lavoro;;\nid;jobs;km\n007;1.200;0,5\n\nA1;N/D;\n B ;;2,25\n")
    with arrays_of(path, ENGINE) as table:
        assert table.rows == 3
        assert table.numbers("jobs").tolist() == pytest.approx([1200.0, np.nan, np.nan], nan_ok=True)
        assert table.numbers("km").tolist() == pytest.approx([0.5, np.nan, 2.25], nan_ok=True)
        named = table.named("id")
        assert (named.names, named.codes.tolist()) == (("007", "A1", "B"), [0, 1, 2])
        assert table.row_of(0) == 3


def test_names_stand_in_the_order_of_the_file_and_repeat_as_numbers(tmp_path):
    path = written(tmp_path, "from_id,n\nz,1\na,2\nz,3\n,4\nm,5\n")
    with arrays_of(path, ENGINE) as table:
        named = table.named("from_id")
        assert named.names == ("z", "a", "m")
        assert named.codes.tolist() == [0, 1, 0, -1, 2]
        assert named.codes.dtype == np.int32


def test_the_order_of_many_rows_is_kept(tmp_path):
    rows = 200_000
    chance = np.random.default_rng(1)
    ids = chance.integers(0, 5000, rows)
    path = written(tmp_path, "id,n\n" + "".join(f"x{one},{row}\n" for row, one in enumerate(ids)))
    with arrays_of(path, ENGINE) as table:
        assert (table.numbers("n") == np.arange(rows)).all()
        named = table.named("id")
        assert [named.names[code] for code in named.codes[:: rows // 50]] == [f"x{one}" for one in ids[:: rows // 50]]


def test_an_empty_column_of_names_has_none(tmp_path):
    with arrays_of(written(tmp_path, "id,n\n,1\n,2\n"), ENGINE) as table:
        assert table.named("id").names == ()
        assert table.named("id").codes.tolist() == [-1, -1]


def test_parquet_says_its_types_itself(tmp_path):
    path = parquet(tmp_path, "SELECT 7 AS id, 1.5::FLOAT AS m, true AS b UNION ALL SELECT 8, NULL, false")
    with arrays_of(path, ENGINE) as table:
        assert sorted(table.named("id").names) == ["7", "8"]
        assert np.nansum(table.numbers("m")) == 1.5
        assert table.numbers("b").sum() == 1.0
        assert table.quantities() == ("id", "m")


def test_quantities_are_numbers_that_are_no_places_and_no_years(tmp_path):
    path = written(tmp_path, "id,lon,lat,year,jobs,beds,note\na,7.6,45.0,2021,5,1.5,x\nb,7.7,45.1,2022,6,2,y\n")
    with arrays_of(path, ENGINE) as table:
        assert table.quantities() == ("jobs", "beds")


def test_codes_asked_for_as_numbers_are_numbers(tmp_path):
    with arrays_of(written(tmp_path, "id,cap\na,10024\nb,00135\n"), ENGINE) as table:
        assert table.numbers("cap").tolist() == [10024.0, 135.0]


def test_rows_that_are_none_of_the_table_are_counted(tmp_path):
    rows = "".join(f"p{number},{number}\n" for number in range(20))
    with arrays_of(written(tmp_path, f"id,n\n{rows}too,many,cells\n"), ENGINE) as table:
        assert (table.rows, table.left_out) == (20, 1)


@pytest.mark.parametrize("word", ["abc", "nan", "NaN", "inf", "-inf", "1e999"])
def test_the_first_cell_that_is_no_number_is_named(tmp_path, word):
    rows = "".join(f"p{number},{number}.5\n" for number in range(300))
    path = written(tmp_path, f"id,minutes\n{rows}q,{word}\nr,{word}\n")
    refused(path, lambda table: table.numbers("minutes"), "cell-no-number", row=302, column="minutes", value=word)


def test_a_column_of_words_has_no_numbers(tmp_path):
    path = written(tmp_path, "id,kind\na,school\nb,shop\n")
    refused(path, lambda table: table.numbers("kind"), "cell-no-number", row=2, value="school")


@pytest.mark.parametrize("value", ["'nan'", "'inf'"])
def test_parquet_that_holds_what_is_no_number_is_refused(tmp_path, value):
    path = parquet(tmp_path, f"SELECT 'a' AS id, {value}::DOUBLE AS minutes UNION ALL SELECT 'b', 1.0")
    refused(path, lambda table: table.numbers("minutes"), "cells-not-finite", column="minutes", count=1)


def test_a_column_that_is_not_there_is_wrong_usage_with_advice(tmp_path):
    path = written(tmp_path, "id,minutes_p50\na,1\n")
    for ask in (lambda table: table.numbers("minutes_p05"), lambda table: table.named("minutes_p05")):
        error = refused(path, ask, "column-unknown", name="minutes_p05", dataset="list.csv")
        assert isinstance(error, UnknownNameError)


@pytest.mark.parametrize("text", ["", "id,n\n"])
def test_a_file_without_rows_is_refused(tmp_path, text):
    error = refused(written(tmp_path, text), lambda table: table.rows, "file-without-payload")
    assert isinstance(error, InputError)


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path):
    assert isinstance(refused(tmp_path / "no.csv", lambda table: table.rows, "file-not-found"), UsageError)


def test_several_tables_are_too_many(tmp_path):
    import zipfile

    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "id,n\na,1\n")
        archive.writestr("b.csv", "id,n\nb,1\n")
    refused(path, lambda table: table.rows, "several-tables", count=2)


def test_what_is_no_table_is_called_by_its_name(tmp_path):
    refused(written(tmp_path, "<!doctype html><html></html>"), lambda table: table.rows, "not-a-table-html")
