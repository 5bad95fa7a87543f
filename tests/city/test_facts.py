"""Tables kept by hand: every fault a finding with file, row and column; never an exception."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.cities import SITES, csv_text
from tests.shared import shared_data

from portico.city import facts as facts_module
from portico.city.facts import Facts, read_facts, read_table, words
from portico.city.tables import TABLES, Kind, table
from portico.messages import Finding

GOOD = csv_text("sites", SITES).encode()


def _read(content: bytes, name: str = "sites") -> tuple[Facts, list[Finding]]:
    declared = table(name)
    assert declared is not None
    findings: list[Finding] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.csv"
        path.write_bytes(content)
        return read_table(path, f"facts/{name}.csv", declared, findings), findings


def _one(content: bytes, name: str = "sites") -> Finding:
    _, findings = _read(content, name)
    assert len(findings) == 1, findings
    return findings[0]


def test_a_good_table_is_read_into_typed_rows():
    found, findings = _read(GOOD)
    assert findings == []
    assert len(found.rows) == len(SITES)
    assert found.rows[0]["lon"] == 14.5
    assert found.rows[4]["lon"] is None
    assert found.rows[0]["name"] == "Big meadow"
    assert found.lines == (2, 3, 4, 5, 6)


def test_a_mark_at_the_beginning_and_lines_of_windows_change_nothing():
    plain, _ = _read(GOOD)
    for content in (b"\xef\xbb\xbf" + GOOD, GOOD.replace(b"\n", b"\r\n")):
        other, findings = _read(content)
        assert findings == []
        assert other.rows == plain.rows
        assert other.lines == plain.lines


def test_columns_may_stand_in_any_order_and_optional_ones_be_absent():
    found, findings = _read(b"confidence,checked,source,name,id\nverified,2026-11-01,a register,Mill,mill\n")
    assert findings == []
    assert found.rows[0]["id"] == "mill"
    assert found.rows[0]["address"] is None


def test_a_cell_of_two_lines_does_not_shift_the_lines_of_later_rows():
    header = b"id,name,address,source,checked,confidence\n"
    rows = b'a,A,"one\ntwo",s,2026-11-01,verified\n\nb,B,x,s,2026-11-01,verified\nc,,x,s,2026-11-01,verified\n'
    found, findings = _read(header + rows)
    assert found.lines == (2, 5)
    assert [(finding.kind, finding.place.row, finding.place.column) for finding in findings] == [
        ("empty-cell", 6, "name")
    ]


def _with(column: str, value: str, row: int = 0) -> bytes:
    rows = [dict(one) for one in SITES]
    rows[row][column] = value
    return csv_text("sites", rows).encode()


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("id", "", "empty-cell"),
        ("id", "Big Meadow", "wrong-cell"),
        ("name", "   ", "empty-cell"),
        ("source", "", "empty-cell"),
        ("source", " ", "empty-cell"),
        ("checked", "yesterday", "wrong-cell"),
        ("checked", "2026-02-30", "wrong-cell"),
        ("lon", "14,5", "wrong-cell"),
        ("lon", "nan", "wrong-cell"),
        ("lon", "inf", "wrong-cell"),
        ("lon", "1_4", "wrong-cell"),
        ("lon", "200", "wrong-cell"),
        ("lat", "91", "wrong-cell"),
        ("lat", "1e999", "wrong-cell"),
        ("precision", "exactly", "unknown-word"),
        ("confidence", "sure", "unknown-word"),
        ("confidence", "", "empty-cell"),
    ],
)
def test_a_broken_cell_is_one_finding_with_its_row_and_column(column, value, kind):
    found, findings = _read(_with(column, value, row=2))
    [finding] = findings
    assert finding.kind == kind
    assert (finding.place.file, finding.place.row, finding.place.column) == ("facts/sites.csv", 4, column)
    assert finding.value == value.strip()
    assert len(found.rows) == len(SITES) - 1


def test_an_unknown_word_suggests_the_nearest():
    advice = _one(_with("confidence", "verifed")).message.values["advice"]
    assert advice.values["suggestion"] == "verified"


def test_an_integer_beyond_what_the_lake_holds_is_a_wrong_cell():
    header = b"id,number,name,source,checked,confidence\n"
    finding = _one(header + b"c1,99999999999999999999,One,s,2026-11-01,verified\n", "districts")
    assert (finding.kind, finding.place.column) == ("wrong-cell", "number")


@pytest.mark.parametrize("count", [11, 13])
def test_a_ragged_row_says_how_many_cells_were_expected(count):
    lines = GOOD.decode().splitlines()
    lines[2] = ",".join(["x"] * count)
    found, findings = _read("\n".join(lines).encode())
    [finding] = findings
    assert finding.kind == "ragged-row"
    assert finding.place.row == 3
    assert finding.message.values == {"expected": 12, "found": count}
    assert len(found.rows) == len(SITES) - 1


def test_a_wrong_encoding_names_its_row_and_byte():
    content = GOOD.replace(b"Lower quarry", "Cava giù".encode("latin-1"))
    finding = _one(content)
    assert finding.kind == "not-utf8"
    assert (finding.place.row, finding.value) == (4, "0xF9")


def test_a_nul_names_its_row():
    finding = _one(GOOD.replace(b"Lower", b"Lo\x00wer"))
    assert (finding.kind, finding.place.row) == ("nul-byte", 4)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_says_which_columns_it_should_have(content):
    finding = _one(content)
    assert finding.kind == "empty-table"
    assert "confidence" in finding.message.values["columns"]


def test_a_header_alone_is_an_empty_table_without_a_fault():
    found, findings = _read(GOOD.splitlines(keepends=True)[0])
    assert findings == []
    assert found.rows == ()


def test_an_unknown_column_suggests_the_nearest_and_nothing_is_read():
    found, findings = _read(GOOD.replace(b"municipality", b"municipalty", 1))
    [finding] = findings
    assert (finding.kind, finding.place.row, finding.place.column) == ("unknown-column", 1, "municipalty")
    assert finding.message.values["advice"].values["suggestion"] == "municipality"
    assert found.rows == ()


def test_a_missing_and_a_repeated_column_are_found():
    lines = GOOD.decode().splitlines()
    dropped = "\n".join(line.rpartition(",")[0] for line in lines)
    assert _one(dropped.encode()).kind == "missing-column"
    doubled = "\n".join(line + "," + line.rpartition(",")[2] for line in lines)
    assert {finding.kind for finding in _read(doubled.encode())[1]} == {"repeated-column"}


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_wrong_delimiter_is_named(delimiter):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(csv.reader(io.StringIO(GOOD.decode())))
    assert "wrong-delimiter" in {finding.kind for finding in _read(written.getvalue().encode())[1]}


@pytest.mark.parametrize("content", [b'id,name\n"a,b\n', b'id,name\n"a"b,c\n', b"id,name\n" + b"x" * 30_000 + b",y\n"])
def test_a_file_that_is_no_csv_is_a_finding(content):
    assert "broken-csv" in {finding.kind for finding in _read(content)[1]}


def test_a_file_that_is_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr(facts_module, "MAX_BYTES", 100)
    assert _one(GOOD).kind == "file-too-large"


def test_all_faults_of_a_file_are_found_at_once():
    rows = [dict(one) for one in SITES]
    rows[0]["source"], rows[1]["lon"], rows[1]["checked"], rows[3]["precision"] = "", "x", "y", "z"
    _, findings = _read(csv_text("sites", rows).encode())
    assert [(finding.place.row, finding.place.column) for finding in findings] == [
        (2, "source"),
        (3, "lon"),
        (3, "checked"),
        (5, "precision"),
    ]


def test_a_folder_without_a_required_table_says_which(tmp_path):
    found, findings = read_facts(tmp_path)
    assert found == {}
    assert {finding.message.values["table"] for finding in findings} == {one.name for one in TABLES if one.required}
    assert {finding.kind for finding in findings} == {"missing-table"}


def test_a_table_nobody_knows_suggests_the_nearest(tiny_city):
    folder = tiny_city / "facts"
    (folder / "transport.csv").rename(folder / "transports.csv")
    _, findings = read_facts(folder)
    [finding] = [one for one in findings if one.kind == "unknown-table"]
    assert finding.place.file == "facts/transports.csv"
    assert finding.message.values["advice"].values["suggestion"] == "transport"


@given(st.binary(max_size=300), st.sampled_from([one.name for one in TABLES]))
@example(b'"', "sites")
@example(b"\x00", "sites")
@example(b"\xff\xfe", "sites")
@example(b"id\r\rname", "sites")
def test_any_bytes_give_rows_or_findings(content, name):
    found, findings = _read(content, name)
    assert findings or found.lines == tuple(sorted(found.lines))


CELLS = st.sampled_from(
    ["", "a", "a;b", "14.5", "-1", "1e400", "2026-13", "2026", "verified", "9" * 30, "è", '"', "\r", "\n", ";"]
)


@given(st.sampled_from(TABLES), st.data())
def test_any_cells_give_typed_rows_or_findings(declared, data):
    rows = data.draw(st.lists(st.lists(CELLS, min_size=1, max_size=len(declared.columns) + 1), max_size=4))
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(declared.column_names)
    writer.writerows(rows)
    found, findings = _read(written.getvalue().encode(), declared.name)
    assert len(found.rows) + len({finding.place.row for finding in findings}) >= len([row for row in rows if row])
    for row in found.rows:
        for column in declared.columns:
            kind = {Kind.INTEGER: int, Kind.NUMBER: float, Kind.LONGITUDE: float, Kind.LATITUDE: float}.get(
                column.kind, str
            )
            assert row[column.name] is None or type(row[column.name]) is kind
            assert not column.required or row[column.name] is not None


@given(st.data())
def test_a_good_file_with_bytes_changed_gives_rows_or_findings(data):
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    _read(bytes(content))


@pytest.mark.parametrize(
    "name", ["PNRR_Bandi e Avvisi.csv", "PNRR_QuadroFin", "progetti-opencup-PNRR-localizzazioni.csv"]
)
def test_a_file_made_by_others_is_findings_and_no_exception(name):
    folder = shared_data("data", "investment")
    for path in sorted(folder.glob(f"*{name}*")):
        content = path.read_bytes()[:200_000]
        found, findings = _read(content)
        assert findings
        assert found.rows == ()


@pytest.mark.parametrize(
    ("cell", "found"),
    [("ict; energy", ("ict", "energy")), ("", ()), (None, ()), (";;a;", ("a",)), ("a", ("a",))],
)
def test_a_list_is_its_words(cell, found):
    assert words(cell) == found
