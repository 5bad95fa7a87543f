"""JSON and NDJSON: records wherever a document keeps them, and what happens to a broken one."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lake.readers.workshops import kinds_of, member, numbers_of, rejected, rows_of, worded, workshop
from tests.shared import ROOT, needs_shared, shared_data

from portico.errors import InputError
from portico.lake.found import Format
from portico.lake.model import Type
from portico.lake.readers import documents, json_rows, json_stream


def _read(tmp_path, content, kind=Format.JSON, **told):
    shop = workshop(tmp_path, **told)
    (parsed,) = documents.read(member(tmp_path / "data.json", kind, content), shop)
    worded(*parsed.issues)
    return parsed, rows_of(parsed, shop), shop


def _lines(tmp_path, content, **told):
    return _read(tmp_path, content, Format.NDJSON, **told)


def _refused(tmp_path, content, kind=Format.JSON):
    with pytest.raises(InputError) as raised:
        _read(tmp_path, content, kind)
    worded(raised.value)
    return raised.value


# --- where the records are ---

SHAPES = {
    "an array of records": '[{"a": "x", "b": 1}, {"a": "y", "b": 2}]',
    "under a usual key": '{"total": 2, "data": [{"a": "x", "b": 1}, {"a": "y", "b": 2}]}',
    "deep inside": '{"result": {"page": {"items": [{"a": "x", "b": 1}, {"a": "y", "b": 2}]}}, "help": "?"}',
    "an answer of CKAN": '{"success": true, "result": {"fields": [{"id": "a"}, {"id": "b"}, {"id": "c"}],'
    ' "records": [{"a": "x", "b": 1}, {"a": "y", "b": 2}]}}',
    "arrays under a header": '[["a", "b"], ["x", 1], ["y", 2]]',
    "arrays with columns beside": '{"columns": ["a", "b"], "index": [0, 1], "data": [["x", 1], ["y", 2]]}',
    "arrays with columns elsewhere": '{"meta": {"view": {"columns": [{"name": "a"}, {"name": "b"}]}},'
    ' "data": [["x", 1], ["y", 2]]}',
    "columns": '{"a": ["x", "y"], "b": [1, 2]}',
    "columns by number of row": '{"a": {"0": "x", "1": "y"}, "b": {"0": 1, "1": 2}}',
}


@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES.keys())
def test_the_same_table_is_found_however_it_is_kept(tmp_path, content):
    parsed, rows, _ = _read(tmp_path, content)
    assert parsed.columns == ("a", "b")
    assert rows == [("x", 1), ("y", 2)]
    assert parsed.stated == {"b": Type.INTEGER}
    assert (parsed.rows, parsed.issues, parsed.rejects) == (2, (), None)


def test_one_record_a_line(tmp_path):
    parsed, rows, shop = _lines(tmp_path, '{"a": 1}\r\n\r\n  {"a": 2}\n')
    assert rows == [(1,), (2,)]
    assert numbers_of(parsed, shop) == [1, 3]


def test_records_under_keys_keep_the_key(tmp_path):
    content = {code: {"comune": name} for code, name in [("001272", "Torino"), ("015146", "Milano"), ("1", "x")]}
    parsed, rows, _ = _read(tmp_path, json.dumps(content))
    assert parsed.columns == ("key", "comune")
    assert rows == [("001272", "Torino"), ("015146", "Milano"), ("1", "x")]


def test_an_object_that_holds_no_list_is_one_row(tmp_path):
    parsed, rows, _ = _read(tmp_path, '{"name": "x", "at": {"lat": 45.5, "lon": 7}, "tags": ["a", 1.50, null]}')
    assert parsed.columns == ("name", "at.lat", "at.lon", "tags")
    assert rows == [("x", 45.5, 7, '["a",1.50,null]')]


def test_the_largest_of_several_lists_is_read_and_the_others_are_named(tmp_path):
    content = {"sources": [{"s": 1}, {"s": 2}], "measures": [{"m": number} for number in range(5)]}
    parsed, rows, _ = _read(tmp_path, json.dumps(content))
    assert rows == [(number,) for number in range(5)]
    assert [one.message.values["paths"] for one in parsed.issues] == ["sources"]


def test_values_without_keys_are_one_column(tmp_path):
    parsed, rows, _ = _read(tmp_path, "[3, 1, 2]")
    assert (parsed.columns, rows) == (("value",), [(3,), (1,), (2,)])


def test_arrays_without_a_header_are_numbered_and_longer_ones_are_said(tmp_path):
    parsed, rows, _ = _read(tmp_path, '[[1, "x"], [2, "y", "z"]]')
    assert parsed.columns == ("column_1", "column_2", "column_3")
    assert rows == [(1, "x", None), (2, "y", "z")]
    assert kinds_of(parsed) == ["json-ragged"]


def test_names_beside_that_are_too_few_still_leave_nothing_out(tmp_path):
    parsed, rows, _ = _read(tmp_path, '{"columns": ["a"], "data": [[1, 2], [3, 4]]}')
    assert (parsed.columns, rows) == (("column_1", "column_2"), [(1, 2), (3, 4)])


# --- records of different keys, types, names ---


def test_records_with_different_keys_fill_all_columns(tmp_path):
    parsed, rows, _ = _read(tmp_path, '[{"a": 1}, {"b": {"c": {"d": "x"}}}, {"a": null, "b": {"c": {}, "e": 2}}]')
    assert parsed.columns == ("a", "b.c.d", "b.e")
    assert rows == [(1, None, None), (None, "x", None), (None, None, 2)]


@pytest.mark.parametrize(
    ("values", "stated", "read"),
    [
        ("1, -2, null", Type.INTEGER, [1, -2, None]),
        ("9223372036854775807, -9223372036854775807", Type.INTEGER, [2**63 - 1, 1 - 2**63]),
        ("9223372036854775808, 1", None, ["9223372036854775808", "1"]),
        ("1, 2.50, 1e3", Type.NUMBER, [1.0, 2.5, 1000.0]),
        ("1e999, 1", None, ["1e999", "1"]),
        ("true, false", Type.BOOLEAN, [True, False]),
        ("true, 1", None, ["true", "1"]),
        ('"001", 1, 2.50', None, ["001", "1", "2.50"]),
        ('"1", "2"', None, ["1", "2"]),
        ('"", null', None, ["", None]),
        ("[], [1]", None, ["[]", "[1]"]),
        ("null, null", None, [None, None]),
    ],
)
def test_a_column_states_the_type_that_all_its_values_have(tmp_path, values, stated, read):
    records = ",".join(f'{{"c": {value}}}' for value in values.split(", "))
    parsed, rows, _ = _read(tmp_path, f"[{records}]")
    assert parsed.stated.get("c") is stated
    assert [row[0] for row in rows] == read


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_left_empty_and_said(tmp_path, written):
    parsed, rows, _ = _read(tmp_path, f'[{{"c": 1.5}}, {{"c": {written}}}]')
    assert rows == [(1.5,), (None,)]
    assert kinds_of(parsed) == ["number-not-finite"]


def test_a_key_given_twice_is_said_and_the_last_value_kept(tmp_path):
    parsed, rows, _ = _read(tmp_path, '[{"a": 1}, {"a": 2, "a": 3}, {"a": 4, "a": 5}]')
    assert rows == [(1,), (3,), (5,)]
    assert [(one.kind, one.place.row, one.message.values["count"]) for one in parsed.issues] == [
        ("json-duplicate-keys", 2, 2)
    ]


def test_names_are_distinct_and_the_header_keeps_what_was_written(tmp_path):
    parsed, rows, _ = _read(tmp_path, '[{"id": 1, "ID": 2, "_row": 3, "": 4, "a\\nb": 5, "a": {"x": 6}, "a.x": 7}]')
    assert parsed.columns == ("id", "ID_2", "_row_2", "column_4", "a b", "a.x", "a.x_2")
    assert parsed.headers == ("id", "ID", "_row", "", "a\nb", "a.x", "a.x")
    assert rows == [(1, 2, 3, 4, 5, 6, 7)]
    assert kinds_of(parsed).count("column-renamed") == 5


def test_any_character_survives_and_what_is_none_is_replaced(tmp_path):
    parsed, rows, _ = _read(tmp_path, r'[{"a": "è € 😀 \ud83d\ude00 \" \\ \n"}, {"a": "x\u0000\\u0000\ud800y"}]')
    assert rows == [('è € 😀 😀 " \\ \n',), ("x\ufffd\\u0000\ufffdy",)]
    assert [(one.kind, one.place.row) for one in parsed.issues] == [("json-odd-text", 2)]


# --- encodings ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("kind", "content"), [(Format.JSON, '[{"a": "Forlì"}]'), (Format.NDJSON, '{"a": "Forlì"}\n')])
def test_unicode_is_read_with_or_without_its_mark(tmp_path, encoding, kind, content):
    _, rows, _ = _read(tmp_path, content.encode(encoding), kind)
    assert rows == [("Forlì",)]


@pytest.mark.parametrize(("kind", "content"), [(Format.JSON, '[{"a": "Forlì"}]'), (Format.NDJSON, '{"a": "Forlì"}\n')])
def test_any_other_encoding_is_refused_unless_it_is_told(tmp_path, kind, content):
    written = content.encode("cp1252")
    assert _refused(tmp_path, written, kind).message_id == "json-encoding"
    assert _read(tmp_path, written, kind, encoding="cp1252")[1] == [("Forlì",)]
    with pytest.raises(InputError) as raised:
        _read(tmp_path, written, kind, encoding="klingon")
    assert raised.value.message_id == "json-encoding"


# --- broken ---


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ('[{"a": 1},\n {"a": ', 2, 8),
        ('[{"a": 1},\n {"a" 2}]', 2, 7),
        ('[{"a": 1}\n {"a": 2}]', 2, 2),
        ('[{"a": 1}] x', 1, 12),
        ('{"data": [{"a": 1}], "b"', 1, 25),
        ('[{"a": 1},\n\n  {"a": "open', 3, 9),
        ("[{]", 1, 3),
    ],
)
def test_a_broken_document_is_refused_with_its_line_and_column(tmp_path, content, line, column):
    error = _refused(tmp_path, content)
    assert (error.message_id, error.values["line"], error.values["column"]) == ("json-broken", line, column)


def test_the_place_is_right_wherever_the_pieces_are_cut(tmp_path, monkeypatch):
    content = "[\n" + ",\n".join(f'  {{"a": {number}, "b": "x{number}"}}' for number in range(40)) + ",\n  {oops}]"
    for size in (1, 2, 3, 7, 50):
        monkeypatch.setattr(json_stream, "_CHUNK", size)
        error = _refused(tmp_path, content)
        assert (error.values["line"], error.values["column"]) == (42, 4)


@given(
    records=st.lists(
        st.dictionaries(
            st.sampled_from(["a", "b", "è"]),
            st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.booleans(),
        ),
        min_size=1,
        max_size=6,
    ),
    size=st.integers(1, 40),
    indent=st.sampled_from([None, 1]),
    ascii_only=st.booleans(),
)
def test_values_come_out_alike_wherever_the_pieces_are_cut(records, size, indent, ascii_only, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("cut")
    path = tmp_path / "data.json"
    text = json.dumps([{"n": 1, **record} for record in records], indent=indent, ensure_ascii=ascii_only)
    path.write_text(text, "utf-8", "replace", newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", size)
        stream = json_stream.Stream(path, "data.json", "utf-8", json.JSONDecoder())
        found = [stream.value() for _ in stream.elements()]
        stream.end()
        stream.close()
    assert found == json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("content", ["[]", "{}", "[{}]", '{"result": {"fields": [{"id": "a"}], "records": []}}'])
def test_a_document_without_records_is_refused(tmp_path, content):
    assert _refused(tmp_path, content).message_id == "json-no-records"


NESTED = {
    "arrays": "[" * 200 + "]" * 200,
    "arrays without end": "[" * 100_000,
    "objects": '{"a":' * 200 + "1" + "}" * 200,
    "in a record": '[{"a":' + "[" * 200 + "]" * 200 + "}]",
    "objects in a record": "[" + '{"a":' * 200 + "1" + "}" * 200 + "]",
}


@pytest.mark.parametrize("content", NESTED.values(), ids=NESTED.keys())
def test_a_document_nested_too_deep_is_refused(tmp_path, content):
    assert _refused(tmp_path, content).message_id == "json-too-deep"


def test_a_document_as_deep_as_the_limit_is_read(tmp_path):
    parsed, rows, _ = _read(tmp_path, "[" + '{"a":' * 64 + "1" + "}" * 64 + "]")
    assert (parsed.columns, rows) == ((".".join("a" * 64),), [(1,)])


def test_limits_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(json_rows, "MAX_COLUMNS", 3)
    assert _refused(tmp_path, '[{"a": 1, "b": 2}, {"c": 3, "d": 4}]').message_id == "too-many-columns"
    monkeypatch.setattr(json_stream, "MAX_RECORD_BYTES", 2_000_000)
    monkeypatch.setattr(documents, "MAX_RECORD_BYTES", 2_000_000)
    assert _refused(tmp_path, '[{"a": "' + "x" * 9_000_000).message_id == "json-record-too-long"
    assert _refused(tmp_path, '{"a": "' + "x" * 9_000_000, Format.NDJSON).message_id == "json-record-too-long"
    monkeypatch.setattr(documents, "MAX_JSON_BYTES", 10)
    assert _refused(tmp_path, '[{"a": 1}, {"a": 2}]').message_id == "json-too-long"


# --- what does not fit is kept ---


def test_a_broken_line_is_a_reject_with_its_number_and_text(tmp_path):
    parsed, rows, shop = _lines(tmp_path, '{"a": 1}\n{"a": \n{"a": 2}\n7\n{"a": 3}\n{"a"')
    assert rows == [(1,), (2,), (3,)]
    assert numbers_of(parsed, shop) == [1, 3, 5]
    assert rejected(parsed) == [
        ["2", "", '{"a":', "json-broken-line"],
        ["4", "", "7", "json-not-a-record"],
        ["6", "", '{"a"', "json-broken-line"],
    ]
    assert (parsed.reject_count, kinds_of(parsed)) == (3, ["json-rejected"])


def test_an_element_that_is_no_record_is_a_reject(tmp_path):
    parsed, rows, _ = _read(tmp_path, '[{"a": 1}, "x", null, {"a": 2}]')
    assert rows == [(1,), (2,)]
    assert [line[0] for line in rejected(parsed)] == ["2", "3"]


def test_lines_none_of_which_is_json_are_refused(tmp_path):
    assert _refused(tmp_path, "a;b\n1;2\n", Format.NDJSON).message_id == "json-no-line"


# --- size ---

_MEASURE = """
import resource, sys
from pathlib import Path
from portico.lake.engine import Engine
from portico.lake.found import Format, Member, Workshop
from portico.lake.readers import documents
path, kind = Path(sys.argv[1]), Format(sys.argv[2])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
job = documents._Job(Member(path, path.name, kind), Workshop(path.parent, Engine()))
from portico.lake.found import RejectWriter
with RejectWriter(path.parent / "rejects") as rejects:
    job.lines(rejects) if kind is Format.NDJSON else job.document(rejects)
print(job.rows.count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(not hasattr(resource, "RUSAGE_SELF"), reason="no way to measure memory")
@pytest.mark.parametrize("kind", [Format.JSON, Format.NDJSON])
def test_memory_does_not_grow_with_the_document(tmp_path, kind):
    path = tmp_path / "large"
    record = json.dumps({"id": 1, "text": "x" * 2_000, "inside": {"a": 1.5}})
    count = 20_000
    with path.open("w") as file:
        if kind is Format.NDJSON:
            file.writelines(record + "\n" for _ in range(count))
        else:
            file.write('{"data": [' + ",".join(record for _ in range(count)) + "]}")
    assert path.stat().st_size > 40_000_000
    ran = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path), kind.value],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    rows, grown_mb = map(int, ran.stdout.split())
    assert rows == count
    assert grown_mb < 20


@settings(max_examples=40)
@given(content=st.binary(max_size=200))
def test_bytes_of_any_kind_are_read_or_refused(content, tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("fuzzed")
    for kind in (Format.JSON, Format.NDJSON):
        for written in (content, b'[{"a": ' + content + b"}]", b'{"a": "' + content + b'"}\n'):
            try:
                parsed, rows, _ = _read(tmp_path, written, kind)
            except InputError as error:
                assert error.message_id.startswith("json-")  # noqa: PT017
            else:
                assert parsed.rows == len(rows)


# --- real files ---


@needs_shared("data")
def test_the_list_of_italian_catalogues_has_79_records(tmp_path):
    shop = workshop(tmp_path)
    (parsed,) = documents.read(member(shared_data("data", "catalogues", "index.json"), Format.JSON), shop)
    assert parsed.rows == 79
    assert parsed.columns[:3] == ("name", "title", "description")
    assert kinds_of(parsed) == []
    assert "region" not in parsed.stated
