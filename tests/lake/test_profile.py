"""Profiles: what a column holds, counted exactly where that is said."""

from __future__ import annotations

import json
import statistics
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lakes import NAMES, VALUES
from tests.sheets import cursor, sheet

from portico.lake import profile
from portico.lake.model import Column, Type

NUMBER = Column("depth", Type.NUMBER, "m")


def one(folder, column, *values):
    file = sheet(folder, [column], [(value,) for value in values])
    return profile.profile(cursor(spatial=column.is_geometry), file, [column])[column.name].to_dict()


def test_a_text_has_lengths_and_top_values_and_no_minimum(tmp_path):
    found = one(tmp_path, Column("town", Type.TEXT), "Susa", None, "Torino", "Susa", "Ciriè")
    assert found == {
        "filled": 4,
        "missing": 1,
        "distinct": 3,
        "distinct_is_exact": True,
        "top": [["Susa", 2], ["Ciriè", 1], ["Torino", 1]],
        "shortest": 4,
        "longest": 6,
    }


def test_a_number_has_ends_quarters_and_mean(tmp_path):
    found = one(tmp_path, NUMBER, 1.5, 2.0, 4.0, 8.0, None)
    assert (found["minimum"], found["maximum"], found["mean"]) == (1.5, 8.0, 3.875)
    assert found["quantiles"] == [1.875, 3.0, 5.0]
    assert found["quantiles_are_exact"]


def test_days_and_moments_are_written_in_iso_and_utc(tmp_path):
    day = one(tmp_path, Column("day", Type.DATE), "2024-02-29", "2023-01-01")
    moment = one(tmp_path, Column("at", Type.INSTANT), "2024-01-01T01:30:00+01:00")
    clock = one(tmp_path, Column("seen", Type.DATETIME), "2024-01-01 12:00:00.5")
    time = one(tmp_path, Column("from", Type.TIME), "08:30:00")
    assert (day["minimum"], day["maximum"], day["top"][0]) == ("2023-01-01", "2024-02-29", ["2023-01-01", 1])
    assert moment["minimum"] == moment["top"][0][0] == "2024-01-01T00:30:00Z"
    assert clock["maximum"] == "2024-01-01T12:00:00.5"
    assert time["quantiles"] == ["08:30:00"] * 3
    assert "mean" not in day


def test_a_boolean_is_counted_and_has_no_ends(tmp_path):
    found = one(tmp_path, Column("open", Type.BOOLEAN), True, True, False, None)
    assert found["top"] == [[True, 2], [False, 1]]
    assert "minimum" not in found


def test_an_empty_column_and_an_empty_table_have_nothing_to_say(tmp_path):
    assert one(tmp_path, NUMBER, None, None) == {"filled": 0, "missing": 2, "distinct": 0, "distinct_is_exact": True}
    assert one(tmp_path, NUMBER) == {"filled": 0, "missing": 0, "distinct": 0, "distinct_is_exact": True}


def test_what_is_no_number_never_reaches_the_report(tmp_path):
    found = one(tmp_path, NUMBER, float("nan"), float("inf"), 1.0)
    json.dumps(found, allow_nan=False)
    assert found["filled"] == 3


def test_a_long_text_is_cut_in_the_top_values(tmp_path):
    assert one(tmp_path, Column("note", Type.TEXT), "x" * 5_000)["top"] == [["x" * 200, 1]]


def test_names_that_the_engine_uses_itself_are_only_names(tmp_path):
    columns = [Column(name, Type.INTEGER) for name in ("file_row_number", "_row", 'a"b', "select", "n", "v")]
    file = sheet(tmp_path, columns, [(1, 2, 3, 4, 5, 6)] * 3)
    found = profile.profile(cursor(), file, columns)
    assert [found[column.name].minimum for column in columns] == [1, 2, 3, 4, 5, 6]


def test_a_table_of_very_many_columns_is_profiled_in_portions(tmp_path):
    columns = [Column(f"c{number}", Type.INTEGER) for number in range(150)]
    file = sheet(tmp_path, columns, [tuple(range(150)), tuple(range(150))])
    found = profile.profile(cursor(), file, columns)
    assert list(found) == [column.name for column in columns]
    assert found["c149"].maximum == 149


def test_a_geometry_is_counted_but_not_compared(tmp_path):
    found = one(tmp_path, Column("geometry", Type.POINT), "POINT (7.5 45)", None)
    assert found == {"filled": 1, "missing": 1}


def test_the_shape_of_a_table_tells_kinds_invalid_ones_and_the_box(tmp_path):
    column = Column("geometry", Type.GEOMETRY)
    bow_tie = "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"
    file = sheet(tmp_path, [column], [("POINT (7.5 45)",), ("POINT (8 44)",), (bow_tie,), (None,)])
    assert profile.geometry_profile(cursor(spatial=True), file, "geometry") == {
        "column": "geometry",
        "kinds": {"POINT": 2, "POLYGON": 1},
        "invalid": 1,
        "bbox": [0.0, 0.0, 8.0, 45.0],
    }


def test_a_table_without_any_place_has_no_box(tmp_path):
    file = sheet(tmp_path, [Column("geometry", Type.POINT)], [(None,)])
    found = profile.geometry_profile(cursor(spatial=True), file, "geometry")
    assert (found["kinds"], found["bbox"]) == ({}, None)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """300,000 rows: a unique number, a small code, and amounts of which a third is the same."""
    file = tmp_path_factory.mktemp("large") / "large.parquet"
    cursor().execute(
        "COPY (SELECT i AS id, 'C' || i % 7 AS code, CASE WHEN i % 3 = 0 THEN 12.5 ELSE i / 4 END AS amount "
        f"FROM range(300000) t(i)) TO '{file}' (FORMAT parquet)"
    )
    columns = [Column("id", Type.INTEGER), Column("code", Type.TEXT), Column("amount", Type.NUMBER)]
    return file, columns


def test_of_a_large_table_estimates_are_called_so_and_come_near(large):
    found = profile.profile(cursor(), *large)
    assert not found["id"].distinct_is_exact
    assert found["id"].distinct == pytest.approx(300_000, rel=0.1)
    assert found["id"].quantiles == pytest.approx((75_000, 150_000, 225_000), rel=0.03)
    assert not found["id"].quantiles_are_exact
    assert (found["id"].minimum, found["id"].maximum, found["id"].mean) == (0, 299_999, 149_999.5)
    assert found["id"].top == ()


def test_of_a_large_table_few_values_are_counted_exactly(large):
    code = profile.profile(cursor(), *large)["code"]
    assert (code.distinct, code.distinct_is_exact) == (7, True)
    assert sum(count for _, count in code.top) == 300_000


@pytest.mark.parametrize("name", ["code", "n", "v"])
def test_of_many_values_those_that_fill_a_hundredth_are_found_with_their_exact_number(tmp_path, name):
    file = tmp_path / "many.parquet"
    # One value in the last rows only, one in a hundred and fifty rows, the others six times each.
    cursor().execute(
        f"COPY (SELECT CASE WHEN i >= 290000 THEN -1 WHEN i % 150 = 0 THEN -2 ELSE i // 6 END AS {name} "
        f"FROM range(300000) t(i)) TO '{file}' (FORMAT parquet)"
    )
    found = profile.profile(cursor(), file, [Column(name, Type.INTEGER)])[name]
    assert found.top == ((-1, 10_000),)


def test_the_same_table_always_has_the_same_profile(large):
    assert profile.profile(cursor(), *large) == profile.profile(cursor(), *large)


ORDERED = st.sampled_from([Type.TEXT, Type.INTEGER, Type.NUMBER, Type.BOOLEAN])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), NAMES, ORDERED)
def test_a_profile_says_what_counting_by_hand_says(tmp_path, data, name, kind):
    values = data.draw(st.lists(st.none() | VALUES[kind], max_size=12))
    found = one(tmp_path, Column(name, kind), *values)
    filled = [value for value in values if value is not None]
    counted = Counter(filled)
    assert (found["filled"], found["missing"], found["distinct"]) == (len(filled), values.count(None), len(counted))
    assert sorted((count for _, count in found.get("top", [])), reverse=True) == [
        count for _, count in counted.most_common(10)
    ]
    if kind is Type.TEXT and filled:
        assert (found["shortest"], found["longest"]) == (min(map(len, filled)), max(map(len, filled)))
    if kind in (Type.INTEGER, Type.NUMBER) and filled:
        assert (found["minimum"], found["maximum"]) == (min(filled), max(filled))
        if "mean" in found and max(map(abs, filled)) < 1e300:
            assert found["mean"] == pytest.approx(statistics.fmean(filled), rel=1e-9, abs=1e-6 * max(map(abs, filled)))
