"""Delimited text: regular files in place, irregular ones record by record, nothing shifted in silence."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import cells, kinds, parsed, rejects, row_numbers, written

from portico.errors import InputError
from portico.lake.found import Told

TABLE = [("id", "comune", "superficie"), ("1", "Torino", "130,17"), ("2", "Collegno", "18,1"), ("3", "Rivoli", "29,5")]


def test_a_regular_file_is_read_in_place(tmp_path):
    found = parsed(tmp_path, written(TABLE))
    assert found.columns == ("id", "comune", "superficie")
    assert cells(found) == TABLE[1:]
    assert found.row_column == ""
    assert row_numbers(found) == [2, 3, 4]
    assert str(tmp_path / "table.csv") in found.relation


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path, delimiter, newline):
    found = parsed(tmp_path, written(TABLE, delimiter=delimiter, newline=newline))
    assert cells(found) == TABLE[1:]
    assert found.dialect.delimiter == delimiter
    assert found.dialect.newline == newline


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(tmp_path, encoding):
    rows = [("città", "valuta"), ("Forlì", "€"), ("San Donà", "perché"), ("Agliè", "più")]
    found = parsed(tmp_path, written(rows, encoding=encoding))
    assert cells(found) == rows[1:]
    assert found.columns == ("città", "valuta")


def test_lines_of_two_encodings_are_each_read_as_what_they_are_and_that_is_said(tmp_path):
    content = "città;n\n".encode() + "Forlì;1\n".encode() + "Agliè;2\n".encode("cp1252") + "Donà;3\n".encode()
    found = parsed(tmp_path, content)
    assert [row[0] for row in cells(found)] == ["Forlì", "Agliè", "Donà"]
    assert "encoding-mixed" in kinds(found)


def test_notes_above_and_totals_below_are_no_data(tmp_path):
    lines = ["Elenco dei comuni;;", ";;", "id;comune;superficie", "1;Torino;130", "2;Rivoli;29", "Totale;;159",
             "Fonte: ISTAT;;"]  # fmt: skip
    found = parsed(tmp_path, "\n".join(lines).encode())
    assert cells(found) == [("1", "Torino", "130"), ("2", "Rivoli", "29")]
    assert (found.dialect.preamble_rows, found.dialect.header_rows, found.dialect.footer_rows) == (2, 1, 2)
    assert [(row, raw) for row, _, raw, _ in rejects(found)] == [(6, "Totale;;159"), (7, "Fonte: ISTAT;;")]


def test_a_line_before_the_header_does_not_make_one_column(tmp_path):
    content = b"Estrazione del 2026-11-01\nid;prezzo;comune\n1;1,5;Torino\n2;1,7;Rivoli\n3;1,8;Alba\n"
    found = parsed(tmp_path, content)
    assert found.columns == ("id", "prezzo", "comune")
    assert found.rows == 3


def test_two_rows_of_header_become_one(tmp_path):
    lines = ["comune;2023;;2024;", ";maschi;femmine;maschi;femmine", "Torino;10;11;12;13", "Rivoli;5;6;7;8"]
    found = parsed(tmp_path, "\n".join(lines).encode())
    assert found.columns == ("comune", "2023 maschi", "2023 femmine", "2024 maschi", "2024 femmine")
    assert found.rows == 2


def test_a_header_over_several_lines_is_one_name(tmp_path):
    content = b'"Codice\nIstat";"Denominazione (a)"\n001272;Torino\n001219;Rivoli\n'
    found = parsed(tmp_path, content)
    assert found.columns == ("Codice Istat", "Denominazione (a)")
    assert cells(found) == [("001272", "Torino"), ("001219", "Rivoli")]


def test_a_file_without_header_keeps_its_first_row(tmp_path):
    found = parsed(tmp_path, b"1;2024-01-02;10,5\n2;2024-01-03;11,5\n3;2024-01-04;12,5\n")
    assert found.columns == ("column_1", "column_2", "column_3")
    assert found.rows == 3
    assert "header-none" in kinds(found)


def test_a_header_again_among_the_data_is_no_data(tmp_path):
    content = written([*TABLE, TABLE[0], *TABLE[1:]])
    found = parsed(tmp_path, content)
    assert cells(found) == [*TABLE[1:], *TABLE[1:]]
    assert [(row, reason) for row, _, _, reason in rejects(found)] == [(5, "row-header-again")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2;Collegno", "row-width"),
        ("2;Collegno;18,1;zzz", "row-width"),
        ('2;"Collegno"x;y;18,1;5', "row-width"),
        ("2;;Collegno;18,1", "row-width"),
    ],
)
def test_a_row_that_does_not_fit_is_kept_as_it_stood(tmp_path, line, reason):
    lines = ["id;comune;superficie", "1;Torino;130,17", line, *(f"{n};Rivoli;29" for n in range(3, 30))]
    found = parsed(tmp_path, "\n".join(lines).encode())
    assert rejects(found) == [(3, "", line, reason)]
    assert cells(found)[:2] == [("1", "Torino", "130,17"), ("3", "Rivoli", "29")]


def test_one_cell_too_many_at_the_end_is_no_column_lost(tmp_path):
    """The engine alone would drop the last, empty cell and shift what stands before it."""
    lines = ["a;b;c", *(f"{n};x;" for n in range(20)), "9;;x;", *(f"{n};x;" for n in range(20))]
    found = parsed(tmp_path, "\n".join(lines).encode())
    assert rejects(found) == [(22, "", "9;;x;", "row-width")]
    assert found.rows == 40


def test_a_missing_delimiter_before_a_quoted_cell_does_not_shift_the_row(tmp_path):
    lines = ["a;b;c", *('1;"x;y";z' for _ in range(20)), '1"x;y";z', '1;"x;y";z']
    found = parsed(tmp_path, "\n".join(lines).encode())
    assert set(cells(found)) == {("1", "x;y", "z")}
    assert [raw for _, _, raw, _ in rejects(found)] == ['1"x;y";z']


def test_a_stray_quote_is_a_letter_and_said(tmp_path):
    lines = ["a;b;c", *("1;x;z" for _ in range(20)), '1;"5 pollici;z', "1;x;z"]
    found = parsed(tmp_path, "\n".join(lines).encode())
    assert ("1", '"5 pollici', "z") in cells(found)
    assert "row-quotes-read" in kinds(found)
    assert found.rows == 22


def test_a_quote_that_is_never_closed_swallows_nothing(tmp_path):
    lines = ["a;b;c", '"1;x;z', *(f"{n};x;z" for n in range(5_000))]
    found = parsed(tmp_path, "\n".join(lines).encode())
    assert found.rows == 5_001


def test_a_cell_over_several_lines_is_one_cell(tmp_path):
    rows = [("id", "nota"), ("1", "prima\nseconda"), ("2", "una"), ("3", "a;b\r\nc")]
    found = parsed(tmp_path, written(rows, newline="\r\n"))
    assert cells(found) == rows[1:]


def test_delimiters_at_the_end_of_every_line_make_no_column(tmp_path):
    found = parsed(tmp_path, b"id;comune;\n1;Torino;\n2;Rivoli;\n")
    assert found.columns == ("id", "comune")
    assert cells(found) == [("1", "Torino"), ("2", "Rivoli")]


@pytest.mark.parametrize("header", ["id;comune", 'id;"comune; detto";profondita;data'])
@pytest.mark.parametrize("below", [[], ["9;Torino;130;oltre"]])
def test_a_header_with_another_number_of_cells_names_nothing_wrongly_and_is_kept(tmp_path, header, below):
    lines = [header, *(f"{n};Torino;130" for n in range(5)), *below, *(f"{n};Alba;7" for n in range(20))]
    found = parsed(tmp_path, "\n".join(lines).encode("utf-8-sig"))
    assert found.columns == ("column_1", "column_2", "column_3")
    (said,) = [issue for issue in found.issues if issue.kind == "header-width"]
    assert said.message.values["cells"] == header.count(";") + 1 - header.count("; ")
    kept = [(1, "", header, "row-header-width"), *((7, "", line, "row-width") for line in below)]
    assert rejects(found) == kept
    assert found.reject_count == len(kept)


def test_names_that_come_twice_are_told_apart(tmp_path):
    found = parsed(tmp_path, b"Nome;nome; ;Nome\na;b;c;1\nd;e;f;2\n")
    assert found.columns == ("Nome", "nome_2", "column_3", "Nome_3")


def test_columns_of_fixed_width(tmp_path):
    lines = ["COD     COMUNE          POP", "001272  Torino       841600", "001219  Rivoli        46700",
             "001008  Alpignano     16500"]  # fmt: skip
    found = parsed(tmp_path, "\n".join(lines).encode())
    assert found.format == "fixed-width"
    assert cells(found)[0] == ("001272", "Torino", "841600")


def test_a_list_is_one_column(tmp_path):
    found = parsed(tmp_path, b"comune\nTorino\nRivoli\n\nAlba\n")
    assert found.columns == ("comune",)
    assert [row[0] for row in cells(found)] == ["Torino", "Rivoli", "", "Alba"]


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"   \r\n  ", b"\xef\xbb\xbf"])
def test_nothing_is_an_explained_nothing(tmp_path, content):
    assert parsed(tmp_path, content) is None


def test_a_header_alone_is_a_table_without_rows(tmp_path):
    found = parsed(tmp_path, b"id;comune;superficie\n")
    assert found.columns == ("id", "comune", "superficie")
    assert found.rows == 0
    assert cells(found) == []


def test_nothings_are_taken_out_and_said(tmp_path):
    found = parsed(tmp_path, b"id;comune\n1;To\x00rino\n2;Rivoli\n")
    assert cells(found)[0] == ("1", "Torino")
    assert "text-nothings" in kinds(found)


def test_ten_million_columns_are_refused(tmp_path):
    with pytest.raises(InputError) as refused:
        parsed(tmp_path, b"a;" * 10_000_000)
    assert refused.value.message_id in ("line-too-long", "too-many-columns")


def test_a_line_of_five_thousand_columns_is_refused(tmp_path):
    with pytest.raises(InputError) as refused:
        parsed(tmp_path, b";".join(b"%d" % n for n in range(5_000)) + b"\n" + b"1;" * 4_999 + b"1\n")
    assert refused.value.message_id == "too-many-columns"


def test_what_is_told_is_taken(tmp_path):
    content = "a:b\n1:2\n3:4\n".encode("cp1250")
    found = parsed(tmp_path, content, Told(delimiter=":", encoding="cp1250", header_row=1))
    assert cells(found) == [("1", "2"), ("3", "4")]


def test_an_encoding_that_contradicts_the_bytes_is_refused(tmp_path):
    with pytest.raises(InputError) as refused:
        parsed(tmp_path, "città;b\n".encode("cp1252"), Told(encoding="utf-8"))
    assert refused.value.message_id == "encoding-contradicted"


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12) | st.sampled_from(
    ["", "a;b", 'x"y', '"', "'", "uno\ndue", "1,5", "001", "=1", "\\", "€", ";;", "a,b|c\td", '""']
)


@st.composite
def _tables(draw):
    width = draw(st.integers(2, 5))
    row = st.tuples(*[CELL] * width)
    return [tuple(f"c{n}" for n in range(width)), *draw(st.lists(row, min_size=1, max_size=12))]


@settings(max_examples=150)
@given(
    table=_tables(),
    delimiter=st.sampled_from(";,\t|"),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_a_program_writes_is_read_back(tmp_path_factory, table, delimiter, newline, encoding, quoting):
    """Whatever the cells, told the delimiter and the header: every cell comes back or its row is a reject."""
    content = written(table, delimiter=delimiter, newline=newline, encoding=encoding, quoting=quoting)
    told = Told(delimiter=delimiter, quote='"', header_row=1)
    found = parsed(tmp_path_factory.mktemp("t"), content, told)
    expected = list(table[1:])
    left_out = len(rejects(found))
    got = cells(found)
    if not left_out:
        assert got == expected
    else:
        assert len(got) + left_out >= len(expected)
        assert all(row in expected for row in got)


WORD = st.sampled_from(
    ["Torino", "Città di Castello", "San Donà", "L'Aquila", "Forlì; Cesena", 'detta "Alta"', "Rivoli"]
)
NUMBER = st.integers(0, 10**6).map(lambda n: f"{n / 100:.2f}".replace(".", ","))
DATE = st.dates().map(lambda day: day.strftime("%d/%m/%Y"))
CODE = st.integers(0, 99999).map("{:05d}".format)


@settings(max_examples=150)
@given(
    rows=st.lists(st.tuples(CODE, WORD, NUMBER, DATE), min_size=2, max_size=40),
    delimiter=st.sampled_from(";,\t|"),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_an_ordinary_table_is_read_with_nothing_told(tmp_path_factory, rows, delimiter, newline, encoding, quoting):
    table = [("codice", "comune", "superficie", "data"), *rows]
    content = written(table, delimiter=delimiter, newline=newline, encoding=encoding, quoting=quoting)
    found = parsed(tmp_path_factory.mktemp("t"), content)
    assert found.columns == table[0]
    assert cells(found) == rows
    assert not rejects(found)
