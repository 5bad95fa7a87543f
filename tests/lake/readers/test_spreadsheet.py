"""Workbooks: the right sheet, the right table in it, types as the cells have them, and what must not be opened."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lake.readers.workbooks import (
    Error,
    Formula,
    Padded,
    sheet_xml,
    write_compound,
    write_ods,
    write_xls,
    write_xlsb,
    write_xlsx,
)
from tests.lake.readers.workshops import kinds_of, member, numbers_of, rejected, rows_of, worded, workshop
from tests.shared import ROOT

from portico.errors import InputError
from portico.lake.found import Format
from portico.lake.model import Type
from portico.lake.readers import archives, sheets, sheets_binary, spreadsheet
from portico.lake.readers.compound import Compound, packed
from portico.lake.readers.sheets_scan import column_letters, column_number

COMUNI = [["codice", "comune", "abitanti"], ["001272", "Torino", 841600], ["005005", "Asti", 73421]]
FORMATS = {".xlsx": Format.XLSX, ".xlsb": Format.XLSB, ".xls": Format.XLS, ".ods": Format.ODS}


def _opened(path, tmp_path, **told):
    shop = workshop(tmp_path, **told)
    (parsed,) = spreadsheet.read(member(path, FORMATS[path.suffix]), shop)
    worded(*parsed.issues)
    return parsed, rows_of(parsed, shop), shop


def _read(tmp_path, rows, *, merges=(), **told):
    path = write_xlsx(tmp_path / "a.xlsx", {"Dati": rows}, merges={"Dati": merges})
    return _opened(path, tmp_path, **told)


def _refused(path, tmp_path, **told):
    with pytest.raises(InputError) as raised:
        _opened(path, tmp_path, **told)
    worded(raised.value)
    return raised.value


def _finding(parsed, kind):
    return next(one for one in parsed.issues if one.kind == kind)


# --- the same table in every format ---


def _as_xlsb(path):
    return write_xlsb(path, "Dati", {(r, c): v for r, row in enumerate(COMUNI) for c, v in enumerate(row)})


WRITERS = {
    ".xlsx": lambda path: write_xlsx(path, {"Dati": COMUNI}),
    ".xls": lambda path: write_xls(path, {"Dati": COMUNI}),
    ".ods": lambda path: write_ods(path, {"Dati": COMUNI}),
    ".xlsb": _as_xlsb,
}


@pytest.mark.parametrize("ending", WRITERS)
def test_a_table_is_read_from_every_format(tmp_path, ending):
    parsed, rows, shop = _opened(WRITERS[ending](tmp_path / f"a{ending}"), tmp_path)
    assert (parsed.name, parsed.format) == ("Dati", FORMATS[ending])
    assert parsed.columns == parsed.headers == ("codice", "comune", "abitanti")
    assert rows == [("001272", "Torino", 841600), ("005005", "Asti", 73421)]
    assert parsed.stated == {"abitanti": Type.INTEGER}
    assert numbers_of(parsed, shop) == [2, 3]
    assert (parsed.first_row, parsed.issues, parsed.rejects) == (2, (), None)


@pytest.mark.parametrize("ending", WRITERS)
def test_what_a_file_is_called_does_not_matter(tmp_path, ending):
    path = WRITERS[ending](tmp_path / f"a{ending}")
    path = path.rename(tmp_path / "original")
    (parsed,) = spreadsheet.read(member(path, FORMATS[ending]), workshop(tmp_path))
    assert parsed.rows == 2


# --- types ---


@pytest.mark.parametrize(
    ("cells", "stated", "read"),
    [
        ([1, 2.0, None], Type.INTEGER, [1, 2, None]),
        ([1, 2.5], Type.NUMBER, [1.0, 2.5]),
        ([1e17, 1], Type.NUMBER, [1e17, 1.0]),
        ([0.1, -1e-9], Type.NUMBER, [0.1, -1e-9]),
        ([date(2024, 1, 31), None], Type.DATE, [date(2024, 1, 31), None]),
        (
            [datetime(2024, 1, 31, 10, 30), date(2024, 2, 1)],  # noqa: DTZ001
            Type.DATETIME,
            [datetime(2024, 1, 31, 10, 30), datetime(2024, 2, 1)],  # noqa: DTZ001
        ),
        ([time(8, 30), time(0, 15)], Type.TIME, [time(8, 30), time(0, 15)]),
        ([True, False], Type.BOOLEAN, [True, False]),
        (["001", "002"], None, ["001", "002"]),
        (["001", 2, 2.5], None, ["001", "2", "2.5"]),
        ([0.1 + 0.2, "n.d."], None, ["0.3", "n.d."]),
        ([1e20, "n.d."], None, ["1e+20", "n.d."]),
        ([date(2024, 1, 31), "n.d."], None, ["2024-01-31", "n.d."]),
        ([date(2024, 1, 31), 5], None, ["2024-01-31", "5"]),
        ([True, 1], None, ["true", "1"]),
        ([timedelta(hours=30, minutes=5)], None, ["30:05:00"]),
        ([Padded(187), Padded(10121)], None, ["00187", "10121"]),
        ([" ", "\u00a0", "x"], None, [None, None, "x"]),
        (["a\nb", 'c "d", e;f', "\\"], None, ["a\nb", 'c "d", e;f', "\\"]),
    ],
)
def test_a_column_states_the_type_that_all_its_cells_have(tmp_path, cells, stated, read):
    parsed, rows, _ = _read(tmp_path, [["id", "valore"], *([f"r{at}", cell] for at, cell in enumerate(cells))])
    assert parsed.stated.get("valore") is stated
    assert [row[1] for row in rows] == read


def test_a_code_shown_with_zeros_keeps_them_only_where_the_whole_column_is_shown_so(tmp_path):
    parsed, rows, _ = _read(tmp_path, [["id", "n"], ["a", Padded(5)], ["b", 7], ["c", 8]])
    assert parsed.stated == {"n": Type.INTEGER}
    assert rows[0] == ("a", 5)


@pytest.mark.parametrize("cell", [Error("#N/A"), Error("#REF!"), "#N/D", "#DIV/0!", "Err:502"])
def test_a_cell_that_shows_an_error_is_empty_and_said(tmp_path, cell):
    parsed, rows, _ = _read(tmp_path, [["id", "n"], ["a", 1], ["b", cell], ["c", 3], ["d", cell]])
    assert rows == [("a", 1), ("b", None), ("c", 3), ("d", None)]
    assert parsed.stated["n"] is Type.INTEGER
    found = _finding(parsed, "sheet-errors")
    assert (found.place.row, found.place.column, found.message.values["count"]) == (3, "n", 2)


@pytest.mark.parametrize("ending", [".xls", ".xlsb"])
def test_errors_are_found_in_binary_workbooks_too(tmp_path, ending):
    cells = {(0, 0): "id", (0, 1): "n", (1, 0): "a", (1, 1): 1.0, (2, 0): "b", (2, 1): Error("#N/A")}
    path = tmp_path / f"a{ending}"
    write_xls(path, {"Dati": cells}) if ending == ".xls" else write_xlsb(path, "Dati", cells)
    parsed, rows, _ = _opened(path, tmp_path)
    assert rows == [("a", 1), ("b", None)]
    assert _finding(parsed, "sheet-errors").place.row == 3


def test_formulas_that_were_never_computed_are_said(tmp_path):
    parsed, rows, _ = _read(tmp_path, [["id", "n"], ["a", 1], ["b", Formula("B2&lt;2")], ["c", Formula("1+1")]])
    assert rows == [("a", 1), ("b", None), ("c", None)]
    assert _finding(parsed, "sheet-formulas").message.values["count"] == 2


# --- the table in the sheet ---


def test_titles_above_and_notes_below_are_not_the_table(tmp_path):
    parsed, rows, shop = _read(
        tmp_path,
        [
            ["Popolazione residente al 1° gennaio", None, None, None],
            ["Anno 2024"],
            [],
            [None, *COMUNI[0]],
            [None, *COMUNI[1]],
            [None, *COMUNI[2]],
            [],
            [None, "Totale", None, 915021],
            [None, "Fonte: ISTAT, elaborazione dell’ufficio"],
            [None, "(*) dato provvisorio"],
        ],
        merges=["A1:D1"],
    )
    assert parsed.columns == ("codice", "comune", "abitanti")
    assert rows == [("001272", "Torino", 841600), ("005005", "Asti", 73421)]
    assert numbers_of(parsed, shop) == [5, 6]
    shape = parsed.dialect
    assert (shape.preamble_rows, shape.header_rows, shape.footer_rows) == (3, 1, 3)
    assert rejected(parsed) == [
        ["8", "", "Totale\t\t915021", "sheet-footer-row"],
        ["9", "", "Fonte: ISTAT, elaborazione dell’ufficio", "sheet-footer-row"],
        ["10", "", "(*) dato provvisorio", "sheet-footer-row"],
    ]
    found = _finding(parsed, "sheet-footer")
    assert (found.place.row, found.message.values["rows"]) == (8, "8, 9, 10")


def test_headers_in_two_rows_are_joined_under_the_cells_they_were_merged_with(tmp_path):
    parsed, rows, _ = _read(
        tmp_path,
        [
            ["Comune", 2023, None, 2024, None],
            [None, "maschi", "femmine", "maschi", "femmine"],
            ["Torino", 1, 2, 3, 4],
            ["Asti", 5, 6, 7, 8],
        ],
        merges=["A1:A2", "B1:C1", "D1:E1"],
    )
    assert parsed.columns == ("Comune", "2023 / maschi", "2023 / femmine", "2024 / maschi", "2024 / femmine")
    assert rows == [("Torino", 1, 2, 3, 4), ("Asti", 5, 6, 7, 8)]
    assert parsed.dialect.header_rows == 2


def test_three_rows_of_header_are_joined_too(tmp_path):
    parsed, rows, _ = _read(
        tmp_path,
        [
            ["Territorio", "Popolazione", None, None],
            [None, "Italiani", None, "Stranieri"],
            [None, "maschi", "femmine", "totale"],
            ["Torino", 1, 2, 3],
        ],
        merges=["A1:A3", "B1:D1", "B2:C2"],
    )
    assert parsed.columns[1:] == (
        "Popolazione / Italiani / maschi",
        "Popolazione / Italiani / femmine",
        "Popolazione / Stranieri / totale",
    )
    assert rows == [("Torino", 1, 2, 3)]


def test_merged_cells_of_an_opendocument_are_known_too(tmp_path):
    def cell(text, span=""):
        return f'<table:table-cell office:value-type="string"{span}><text:p>{text}</text:p></table:table-cell>'

    def number(value):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    wide = ' table:number-columns-spanned="2" table:number-rows-spanned="1"'
    tall = ' table:number-columns-spanned="1" table:number-rows-spanned="2"'
    lines = [
        cell("Comune", tall) + cell("2023", wide) + "<table:covered-table-cell/>",
        "<table:covered-table-cell/>" + cell("maschi") + cell("femmine"),
        cell("Torino") + number(1) + number(2),
    ]
    tables = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    path = write_ods(tmp_path / "a.ods", {}, raw=f'<table:table table:name="Dati">{tables}</table:table>')
    parsed, rows, _ = _opened(path, tmp_path)
    assert parsed.columns == ("Comune", "2023 / maschi", "2023 / femmine")
    assert rows == [("Torino", 1, 2)]


def test_years_may_head_columns(tmp_path):
    parsed, rows, _ = _read(tmp_path, [["Comune", 2022, 2023], ["Torino", 10, 11], ["Asti", 20, 21]])
    assert (parsed.columns, rows) == (("Comune", "2022", "2023"), [("Torino", 10, 11), ("Asti", 20, 21)])


def test_a_table_of_words_alone_has_its_header_in_the_first_row(tmp_path):
    parsed, rows, _ = _read(tmp_path, [["comune", "provincia"], ["Torino", "TO"], ["Asti", "AT"]])
    assert (parsed.columns, rows) == (("comune", "provincia"), [("Torino", "TO"), ("Asti", "AT")])


def test_a_table_without_header_is_numbered_and_that_is_said(tmp_path):
    parsed, rows, _ = _read(tmp_path, [["Torino", 1, 2.5], ["Asti", 2, 3.5], ["Novara", 3, 4]])
    assert parsed.columns == ("column_1", "column_2", "column_3")
    assert rows == [("Torino", 1, 2.5), ("Asti", 2, 3.5), ("Novara", 3, 4.0)]
    assert kinds_of(parsed) == ["sheet-no-header"]


def test_the_row_of_the_header_can_be_told(tmp_path):
    rows = [["x", "y"], ["a", "b"], ["comune", "n"], ["Torino", 1]]
    parsed, read, _ = _read(tmp_path, rows, header_row=3)
    assert (parsed.columns, read) == (("comune", "n"), [("Torino", 1)])


def test_a_single_column_is_a_table(tmp_path):
    parsed, rows, _ = _read(tmp_path, [["comune"], ["Torino"], ["Asti"], [], ["Fonte: ISTAT"]])
    assert (parsed.columns, rows) == (("comune",), [("Torino",), ("Asti",)])
    assert [line[0] for line in rejected(parsed)] == ["5"]


def test_rows_with_gaps_and_blank_rows_between_stay(tmp_path):
    parsed, rows, shop = _read(tmp_path, [["a", "b", "c"], ["x", 1, 2], [], ["y"], ["z", None, 3], [], ["w", 4, 5]])
    assert [row[0] for row in rows] == ["x", "y", "z", "w"]
    assert numbers_of(parsed, shop) == [2, 4, 5, 7]


def test_headers_repeated_and_empty_columns_are_left_out_and_said(tmp_path):
    head = ["comune", None, "n"]
    parsed, rows, _ = _read(tmp_path, [head, ["Torino", None, 1], head, ["Asti", None, 2]])
    assert (parsed.columns, rows) == (("comune", "n"), [("Torino", 1), ("Asti", 2)])
    assert _finding(parsed, "sheet-repeated-header").place.row == 3
    assert _finding(parsed, "sheet-empty-columns").message.values["columns"] == "B"


def test_a_column_with_a_header_stays_though_it_is_empty(tmp_path):
    parsed, rows, _ = _read(tmp_path, [["comune", "note", "n"], ["Torino", None, 1], ["Asti", None, 2]])
    assert (parsed.columns, rows) == (("comune", "note", "n"), [("Torino", None, 1), ("Asti", None, 2)])


def test_headers_alike_are_made_distinct_and_said(tmp_path):
    parsed, _, _ = _read(tmp_path, [["Nome", "nome", "_row", None], ["a", "b", "c", 1]])
    assert parsed.columns == ("Nome", "nome_2", "_row_2", "column_4")
    assert parsed.headers == ("Nome", "nome", "_row", "")
    assert kinds_of(parsed).count("column-renamed") == 3


def test_headings_inside_are_rejects_and_totals_inside_are_said(tmp_path):
    parsed, rows, _ = _read(
        tmp_path,
        [
            ["comune", "m", "f"],
            ["PIEMONTE", None, None],
            ["Torino", 1, 2],
            ["Totale Piemonte", 1, 2],
            ["LIGURIA", None, None],
            ["Genova", 3, 4],
        ],
        merges=["A2:C2", "A5:C5"],
    )
    assert rows == [("Torino", 1, 2), ("Totale Piemonte", 1, 2), ("Genova", 3, 4)]
    assert [line[0::3] for line in rejected(parsed)] == [["2", "sheet-heading-row"], ["5", "sheet-heading-row"]]
    assert _finding(parsed, "sheet-total-inside").place.row == 4


def test_a_cell_merged_over_records_belongs_to_each_of_them(tmp_path):
    parsed, rows, _ = _read(
        tmp_path,
        [["provincia", "comune", "n"], ["TO", "Torino", 1], [None, "Ivrea", 2], ["AT", "Asti", 3]],
        merges=["A2:A3"],
    )
    assert rows == [("TO", "Torino", 1), ("TO", "Ivrea", 2), ("AT", "Asti", 3)]
    assert _finding(parsed, "sheet-merged").message.values["count"] == 1


def test_of_two_tables_on_a_sheet_the_larger_is_read_and_the_other_is_kept(tmp_path):
    small = [["voce", "euro"], ["spese", 5], ["entrate", 7]]
    large = [["comune", "abitanti"], *([f"c{number}", number] for number in range(10))]
    for rows, row in (([*small, [], *large], "1"), ([*large, [], *small], "13")):
        parsed, read, _ = _read(tmp_path, rows)
        assert parsed.columns == ("comune", "abitanti")
        assert read == [(f"c{number}", number) for number in range(10)]
        kept = rejected(parsed)
        assert [line[2] for line in kept] == ["voce\teuro", "spese\t5", "entrate\t7"]
        assert kept[0][0] == row
        assert "sheet-other-table" in kinds_of(parsed)


words = st.text("abcdeghilmnpqrsuvz", min_size=3, max_size=8)  # no "tot", no "fonte", no "nota"


@settings(max_examples=30)
@given(
    names=st.lists(words, min_size=2, max_size=5, unique=True),
    count=st.integers(1, 8),
    titles=st.integers(0, 3),
    left=st.integers(0, 2),
    notes=st.lists(st.sampled_from(["Fonte: ISTAT", "Nota: dati provvisori", "* stima"]), max_size=2),
    data=st.data(),
)
def test_a_table_is_found_wherever_it_stands(names, count, titles, left, notes, data, tmp_path_factory):
    number = st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9).map(lambda value: round(value, 3))
    body = [[data.draw(words), *(data.draw(number) for _ in names[1:])] for _ in range(count)]
    rows = [
        *([None, f"Titolo {at}"] for at in range(titles)),
        [],
        *([*([None] * left), *row] for row in [names, *body]),
        [],
        *([*([None] * left), note] for note in notes),
    ]
    tmp_path = tmp_path_factory.mktemp("found")
    parsed, read, _ = _read(tmp_path, rows)
    assert parsed.columns == tuple(names)
    assert [list(row) for row in read] == body
    assert [line[2] for line in rejected(parsed)] == notes


# --- the sheet in the workbook ---


def test_the_sheet_with_the_data_is_read_and_the_others_are_named(tmp_path):
    notes = [[f"Questa cartella contiene i dati, riga {number}"] for number in range(20)]
    path = write_xlsx(
        tmp_path / "a.xlsx", {"Leggimi": notes, "Dati": COMUNI, "Vuoto": [], "Altri": [["x", "y"], [1, 2]]}
    )
    parsed, _, _ = _opened(path, tmp_path)
    assert parsed.name == "Dati"
    assert _finding(parsed, "sheet-others").message.values["others"] == "Leggimi, Altri"


def test_hidden_sheets_are_read_only_where_there_is_no_other(tmp_path):
    larger = [["a", "b"], *([number, number] for number in range(50))]
    path = write_xlsx(tmp_path / "a.xlsx", {"Dati": COMUNI, "Elenchi": larger}, hidden=["Elenchi"])
    parsed, _, _ = _opened(path, tmp_path)
    assert (parsed.name, parsed.issues) == ("Dati", ())
    path = write_xlsx(tmp_path / "b.xlsx", {"Copertina": [], "Elenchi": larger}, hidden=["Elenchi"])
    assert _opened(path, tmp_path)[0].name == "Elenchi"


def test_a_sheet_can_be_told(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Dati": COMUNI, "è & <b>": [["x", "y"], ["v", 2]]}, hidden=["è & <b>"])
    parsed, rows, _ = _opened(path, tmp_path, sheet="è & <b>")
    assert (parsed.name, rows, parsed.issues) == ("è & <b>", [("v", 2)], ())
    error = _refused(path, tmp_path, sheet="Dat")
    assert (error.message_id, error.values["names"]) == ("sheet-unknown", "Dati, è & <b>")


@pytest.mark.parametrize("ending", [".xlsx", ".xls", ".ods"])
def test_a_workbook_without_anything_is_refused(tmp_path, ending):
    write = {".xlsx": write_xlsx, ".xls": write_xls, ".ods": write_ods}[ending]
    assert _refused(write(tmp_path / f"a{ending}", {"Dati": []}), tmp_path).message_id == "workbook-empty"


def test_programs_are_never_run_but_said(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Dati": COMUNI}, extra={"xl/vbaProject.bin": b"x"})
    parsed, rows, _ = _opened(path, tmp_path)
    assert (len(rows), kinds_of(parsed)) == (2, ["workbook-macros"])
    path = write_xls(tmp_path / "a.xls", {"Dati": COMUNI}, storages=("Workbook", "_VBA_PROJECT_CUR"))
    assert kinds_of(_opened(path, tmp_path)[0]) == ["workbook-macros"]


# --- what must not be opened ---


def _placed(place):
    number = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{number}"><c r="{place}"><v>1</v></c></row>'


FAR = '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row></table:table>'  # noqa: E501
TOO_FAR = {
    "xlsx": lambda path: write_xlsx(
        path.with_suffix(".xlsx"),
        {
            "a": f"<sheetData>{_placed('A1')}{_placed('XFD1048576')}</sheetData>",
        },
    ),
    "xlsx, cells in any order": lambda path: write_xlsx(
        path.with_suffix(".xlsx"),
        {"a": '<sheetData><row><c s="0" r="XFD1048576"><v>2</v></c><c s="0" r="A1"><v>1</v></c></row></sheetData>'},
    ),
    "xlsx, with a prefix": lambda path: _with_prefix(path.with_suffix(".xlsx")),
    "xlsx, cells that do not say where they are": lambda path: write_xlsx(
        path.with_suffix(".xlsx"),
        {"a": f"<sheetData><row>{'<c><v>1</v></c>' * 2000}</row>{'<row><c><v>1</v></c></row>' * 30_000}</sheetData>"},
    ),
    "xlsb": lambda path: write_xlsb(path.with_suffix(".xlsb"), "a", {(0, 0): 1.0, (1048575, 16383): 2.0}),
    "xls": lambda path: write_xls(path.with_suffix(".xls"), {"a": {(0, 0): 1, (65535, 60000): 2}}),
    "ods": lambda path: write_ods(path.with_suffix(".ods"), {}, raw=FAR),
}


def _with_prefix(path):
    write_xlsx(path, {"a": ""})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = (
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="9"><x:c r="XFD1048576"><x:v>2</x:v></x:c></x:row>'
    )
    parts["xl/worksheets/sheet1.xml"] = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<x:sheetData>{body}</x:sheetData></x:worksheet>"
    ).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("write", TOO_FAR.values(), ids=TOO_FAR.keys())
def test_two_cells_seventeen_thousand_million_apart_are_refused_before_room_is_made(tmp_path, write):
    assert _refused(write(tmp_path / "a"), tmp_path).message_id in ("sheet-too-large", "workbook-too-wide")


def test_a_sheet_that_only_claims_to_be_huge_is_read(tmp_path):
    body = '<dimension ref="A1:XFD1048576"/>' + sheet_xml(COMUNI)
    styled = body.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>')
    for content in (body, styled):
        _, rows, _ = _opened(write_xlsx(tmp_path / "a.xlsx", {"Dati": content}), tmp_path)
        assert rows == [("001272", "Torino", 841600), ("005005", "Asti", 73421)]


def test_a_table_at_the_end_of_the_sheet_is_read(tmp_path):
    body = f"<sheetData>{_placed('XFC1048575')}{_placed('XFC1048576')}</sheetData>"
    parsed, rows, shop = _opened(write_xlsx(tmp_path / "a.xlsx", {"a": body}), tmp_path)
    assert (parsed.columns, rows, numbers_of(parsed, shop)) == (("column_1",), [(1,), (1,)], [1048575, 1048576])


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def test_declarations_that_expand_are_refused(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"Dati": "<sheetData/>"}, before=ENTITIES)
    assert _refused(path, tmp_path).message_id == "workbook-entities"
    for part in ("xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"):
        path = write_xlsx(tmp_path / "b.xlsx", {"Dati": COMUNI})
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in ({part: b"<sst/>"} | parts).items():
                archive.writestr(name, ENTITIES.encode() + content if name == part else content)
        assert _refused(path, tmp_path).message_id == "workbook-entities"


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets._Parts.pieces, "__defaults__", (100_000,))
    path = write_xlsx(tmp_path / "a.xlsx", {"Dati": "<sheetData>" + " " * 200_000 + "</sheetData>"})
    assert _refused(path, tmp_path).message_id == "workbook-too-large"
    shared = {"xl/sharedStrings.xml": b"<sst>" + b" " * 200_000 + b"</sst>"}
    assert _refused(write_xlsx(tmp_path / "b.xlsx", {"Dati": COMUNI}, extra=shared), tmp_path).message_id == (
        "workbook-too-large"
    )


def test_a_workbook_that_says_it_is_huge_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "_TOTAL_BYTES", 1_000)
    assert _refused(WRITERS[".xlsx"](tmp_path / "a.xlsx"), tmp_path).message_id == "workbook-too-large"


def test_encrypted_workbooks_are_refused(tmp_path):
    encrypted = [
        write_compound(tmp_path / "a.xls", b"x", ("EncryptedPackage", "EncryptionInfo")),
        write_xls(tmp_path / "b.xls", {"a": COMUNI}, first=bytes.fromhex("2f00060000000100 0200")),
        write_ods(tmp_path / "c.ods", {"a": COMUNI}, manifest="<manifest:encryption-data/>"),
    ]
    assert [_refused(path, tmp_path).message_id for path in encrypted] == ["workbook-encrypted"] * 3


def test_an_office_document_that_is_no_workbook_is_refused(tmp_path):
    assert _refused(write_compound(tmp_path / "a.xls", b"x", ("WordDocument",)), tmp_path).message_id == "workbook-none"


@pytest.mark.parametrize("ending", WRITERS)
def test_a_workbook_cut_off_is_refused(tmp_path, ending):
    path = WRITERS[ending](tmp_path / f"a{ending}")
    content = path.read_bytes()
    for share in (0.2, 0.6, 0.9):
        path.write_bytes(content[: int(len(content) * share)])
        assert _refused(path, tmp_path).message_id in ("workbook-damaged", "archive-damaged", "workbook-none")


def test_a_sheet_whose_text_is_not_there_is_refused(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx", {"a": '<sheetData><row r="1"><c r="A1" t="s"><v>77</v></c></row></sheetData>'}
    )
    assert _refused(path, tmp_path).message_id == "workbook-damaged"


def test_too_many_columns_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MAX_COLUMNS", 2)
    assert _refused(WRITERS[".xlsx"](tmp_path / "a.xlsx"), tmp_path).message_id == "too-many-columns"


def test_an_xls_that_claims_more_texts_or_cells_than_it_can_hold_is_refused(tmp_path):
    texts = bytes.fromhex("fc000800") + b"\xff" * 8
    assert (
        _refused(write_xls(tmp_path / "a.xls", {"a": COMUNI}, first=texts), tmp_path).message_id == "workbook-damaged"
    )
    content = (tmp_path / "a.xls").read_bytes()
    assert len(Compound(content).stream("Workbook")) == 4096
    assert sheets_binary.scan_xls(member(write_xls(tmp_path / "b.xls", {"a": COMUNI}), Format.XLS)).area == 9


_HOSTILE = """
import random, resource, sys, zipfile, io, tempfile
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
from portico.errors import InputError
from portico.lake.engine import Engine
from portico.lake.found import Format, Member, Workshop
from portico.lake.readers import spreadsheet
engine, chance, read = Engine(), random.Random(int(sys.argv[1])), 0

def changed(content):
    content = bytearray(content)
    for _ in range(chance.choice([1, 1, 3, 12])):
        at, how = chance.randrange(len(content)), chance.random()
        if how < 0.6:
            content[at] = chance.randrange(256)
        elif how < 0.75:
            del content[at : at + chance.choice([1, 4, 40])]
        elif how < 0.9:
            content[at : at + 4] = b"\\xff" * 4
        else:
            content[at:at] = content[:8]
        content = content or bytearray(1)
    return bytes(content)

def changed_inside(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    parts[name] = changed(parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, part in parts.items():
            archive.writestr(each, part)
    return out.getvalue()

for number in range(int(sys.argv[2])):
    path = Path(chance.choice(sys.argv[3:]))
    kind = Format(path.suffix[1:])
    content = (changed if kind is Format.XLS else changed_inside)(path.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "file"
        place.write_bytes(content)
        try:
            (parsed,) = spreadsheet.read(Member(place, "file", kind), Workshop(Path(folder), engine))
            read += 1
        except InputError as error:
            assert error.message_id.startswith(("workbook-", "sheet-", "archive-", "too-many-")), error
print(read)
"""


def _hostile(tmp_path, seed, count):
    paths = [WRITERS[ending](tmp_path / f"a{ending}") for ending in WRITERS]
    ran = subprocess.run(
        [sys.executable, "-c", _HOSTILE, str(seed), str(count), *map(str, paths)],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert int(ran.stdout.splitlines()[-1]) > count // 20


def test_changed_bytes_are_harmless_or_refused_and_never_end_the_process(tmp_path):
    _hostile(tmp_path, seed=1, count=250)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 8))
def test_many_changed_bytes_are_harmless_or_refused(tmp_path, seed):
    _hostile(tmp_path, seed, count=10_000)


# --- small things ---


@given(number=st.integers(0, 20_000))
def test_letters_and_numbers_of_columns_agree(number):
    assert column_number(column_letters(number)) == number


@given(content=st.binary(max_size=3_000), repeat=st.integers(1, 60))
def test_a_compound_file_gives_back_what_was_put_in(content, repeat):
    stream = content * repeat
    assert Compound(packed("Workbook", stream)).stream("Workbook").rstrip(b"\0") == stream.rstrip(b"\0")


def test_a_compound_file_larger_than_its_first_table_is_whole():
    stream = bytes(range(256)) * 40_000
    assert Compound(packed("Book", stream)).stream("Book")[: len(stream)] == stream


def test_the_zip_of_a_workbook_is_held_to_the_limits_of_archives(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    assert _refused(WRITERS[".xlsx"](tmp_path / "a.xlsx"), tmp_path).message_id == "archive-too-many"
