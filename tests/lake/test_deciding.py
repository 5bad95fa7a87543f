"""What a column is, by all of its values; nothing falls back in silence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import ENGINE, parsed, shop_in, written

from portico.lake import typed
from portico.lake.deciding import decide, expect
from portico.lake.found import Told


def decided(folder, header, values, told=None, delimiter=";"):
    """Decide on a table of one interesting column beside a number of rows."""
    rows = [("n", header), *((str(number + 1), value) for number, value in enumerate(values))]
    table = parsed(folder, written(rows, delimiter=delimiter), told)
    shop = shop_in(folder, told)
    decisions = decide(table, shop)
    made = typed.write(table, decisions, (), shop)
    cursor = ENGINE.cursor()
    found = cursor.execute(f"SELECT \"{header}\" FROM read_parquet('{made.file}')").fetchall()
    kept = []
    if made.rejects:
        kept = cursor.execute(f"SELECT row, raw FROM read_parquet('{made.rejects}') ORDER BY row").fetchall()
    return decisions[1], [value for (value,) in found], kept


def test_codes_keep_their_zeros_however_rare(tmp_path):
    one, values, _ = decided(tmp_path, "codice", [str(10_000 + n) for n in range(500)] + ["00185"])
    assert one.logical == "text"
    assert values[-1] == "00185"


def test_house_numbers_that_turn_stay_text_and_that_is_said(tmp_path):
    one, values, _ = decided(tmp_path, "civico", [str(n % 90 + 1) for n in range(40_000)] + ["12/A"])
    assert (one.logical, one.refused, one.refused_by) == ("text", "integer", "12/A")
    assert values[-1] == "12/A"


def test_one_value_in_a_hundred_that_does_not_fit_is_a_reject(tmp_path):
    one, values, kept = decided(tmp_path, "superficie", [f"{n},5" for n in range(200)] + ["da definire"])
    assert (one.logical, one.misfits) == ("number", 1)
    assert values[-1] is None
    assert kept == [(202, "da definire")]


def test_more_than_that_and_the_column_is_text(tmp_path):
    one, values, kept = decided(tmp_path, "superficie", [f"{n},5" for n in range(100)] + ["da definire"] * 10)
    assert one.logical == "text"
    assert one.refused
    assert values[0] == "0,5"
    assert not kept


def test_words_for_nothing_are_nothing_in_a_column_of_numbers_and_words_in_a_column_of_words(tmp_path):
    one, values, kept = decided(tmp_path, "importo", ["1.500", "N/D", "2.000", "-", "114.000.000"] * 5)
    assert (one.logical, one.missing, kept) == ("integer", 10, [])
    assert values[:5] == [1500, None, 2000, None, 114_000_000]
    text, values, _ = decided(tmp_path, "sigla", ["TO", "NA", "MI", "-"] * 5)
    assert text.logical == "text"
    assert values[:4] == ["TO", "NA", "MI", "-"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1,5", "2,25", "3"], [1.5, 2.25, 3.0]),
        (["1.5", "2.25", "3"], [1.5, 2.25, 3.0]),
        (["1.234,5", "2", "3,25"], [1234.5, 2.0, 3.25]),
        (["1,234.5", "2", "3.25"], [1234.5, 2.0, 3.25]),
        (["12,5 %", "3 %", "100 %"], [12.5, 3.0, 100.0]),
        (["€ 1.234,56", "€ 5,00", "€ 7"], [1234.56, 5.0, 7.0]),
    ],
)
def test_numbers_in_either_mark(tmp_path, values, expected):
    one, found, _ = decided(tmp_path, "valore", values * 8)
    assert one.logical == "number"
    assert found[: len(expected)] == expected


def test_a_thousand_and_one_and_a_bit_are_told_apart_by_the_rest_of_the_file(tmp_path):
    rows = [("a", "b"), *((f"{n}.{n % 9 + 1}{n % 7}{n % 3}", f"{n},5") for n in range(1, 60))]
    table = parsed(tmp_path, written(rows))
    assert decide(table, shop_in(tmp_path))[0].logical == "integer"
    rows = [("a", "b"), *((f"{n}.{n % 9 + 1}{n % 7}{n % 3}", f"{n}.5") for n in range(1, 60))]
    table = parsed(tmp_path, written(rows, delimiter=","))
    assert decide(table, shop_in(tmp_path))[0].logical == "number"


@pytest.mark.parametrize(
    ("beside", "is_decided"),
    [
        (["08.30", "19.00", "23.45"], False),  # times of day
        (["47.1", "62.01.0", "01.11.10"], False),  # codes
        (["$1.5", "$2.25", "$6,123.45"], False),  # another currency than the other column
        (["€ 1.234,56", "€ 7,25", "€ 12,00"], True),
        (["12,5%", "7,25 %", "100 %"], True),
    ],
)
def test_only_numbers_say_which_mark_a_file_has(tmp_path, beside, is_decided):
    shares = ["7,5 %"] * 3 if beside[0].startswith("$") else ["x"] * 3
    rows = [("a", "b", "c"), *((f"{n}{n % 9},{n % 7}{n % 3}5", beside[n % 3], shares[n % 3]) for n in range(10, 60))]
    found = decide(parsed(tmp_path, written(rows)), shop_in(tmp_path))[0]
    assert (found.logical, found.candidate.convention.name) == ("number", "comma")
    assert found.assumed is not is_decided


def test_the_whole_column_says_which_comes_first_day_or_month(tmp_path):
    european, values, _ = decided(tmp_path, "data", ["01/02/2024"] * 50 + ["31/12/2024"])
    assert not european.assumed
    assert values[0].month == 2
    american, values, _ = decided(tmp_path, "data", ["01/02/2024"] * 50 + ["12/31/2024"])
    assert not american.assumed
    assert values[0].month == 1


def test_where_nothing_says_it_the_country_does_and_that_is_said(tmp_path):
    one, values, _ = decided(tmp_path, "data", ["01/02/2024", "03/04/2024"] * 20)
    assert one.assumed
    assert one.confidence < 0.6
    assert values[0].month == 2
    told, values, _ = decided(tmp_path, "data", ["01/02/2024", "03/04/2024"] * 20, Told(date_order="month-first"))
    assert not told.assumed
    assert values[0].month == 1


def test_a_wide_table_is_decided_some_columns_at_a_time(tmp_path, monkeypatch):
    rows = [("id", "a", "b", "c", "d"), *((str(n), f"{n},5", f"0{n}", "x", "31/12/2024") for n in range(30))]
    table = parsed(tmp_path, written(rows))
    whole = decide(table, shop_in(tmp_path))
    monkeypatch.setattr("portico.lake.deciding._AT_ONCE", 2)
    assert decide(table, shop_in(tmp_path)) == whole
    assert [one.logical for one in whole] == ["integer", "number", "text", "text", "date"]


def test_dates_of_several_writings_stand_in_one_column(tmp_path):
    one, values, _ = decided(tmp_path, "data", ["2024-01-31", "31/12/99", "5.6.2020"] * 10)
    assert one.logical == "date"
    assert [str(value) for value in values[:3]] == ["2024-01-31", "1999-12-31", "2020-06-05"]


@pytest.mark.parametrize(
    ("header", "values", "logical"),
    [
        ("Ora apertura", ["08.30", "12.45", "19.00"], "time"),
        ("orario", ["8.30", "19.00", "20:15"], "time"),
        ("ora", ["8.30", "8.75", "9.00"], "number"),
        ("apertura", ["8.30", "12.45", "19.00"], "number"),
    ],
)
def test_a_point_parts_hours_from_minutes_only_where_the_header_speaks_of_time(tmp_path, header, values, logical):
    one, found, _ = decided(tmp_path, header, values * 20)
    assert one.logical == logical
    assert logical != "time" or str(found[1]).endswith(":00")


def test_a_timetable_beyond_midnight_stays_text(tmp_path):
    one, values, _ = decided(tmp_path, "departure_time", ["07:30:00"] * 300 + ["25:10:00"])
    assert (one.logical, one.meaning) == ("text", "service-time")
    assert values[-1] == "25:10:00"


def test_blanks_around_values_do_not_make_them_text(tmp_path):
    one, values, _ = decided(tmp_path, "superficie", [" 1,5 ", "2,5", "\u00a03,5"] * 10)
    assert one.logical == "number"
    assert values[:3] == [1.5, 2.5, 3.5]
    late, values, _ = decided(tmp_path, "superficie", ["1,5"] * 3_000 + [" 2,5 "])
    assert late.logical == "number"
    assert values[-1] == 2.5


def test_a_column_empty_at_first_is_looked_at_further_on(tmp_path):
    one, values, _ = decided(tmp_path, "data_fine", [""] * 3_000 + ["31/12/2024"] * 5)
    assert one.logical == "date"
    assert str(values[-1]) == "2024-12-31"


def test_an_empty_column_is_text_and_nothing_is_invented(tmp_path):
    one, values, kept = decided(tmp_path, "note", ["", " ", ""])
    assert one.logical == "text"
    assert values == [None, None, None]
    assert not kept


def test_what_the_sample_says_of_a_large_table_is_proved_by_all_of_it(tmp_path):
    """A value that only the middle of the file holds must not be lost to a proposal made at its beginning."""
    rows = [("id", "civico", "superficie"), *((str(n), str(n % 90 + 1), f"{n},5") for n in range(60_000))]
    rows[30_003] = ("30002", "7bis", "30002,5")
    table = parsed(tmp_path, written(rows))
    shop = shop_in(tmp_path)
    expected = expect(table, shop)
    assert expected is not None
    made = typed.write(table, expected, (), shop)
    proved = typed.proved(table, expected, (), made, shop)
    assert set(proved) == {"id", "superficie"}
    found = decide(table, shop, proved)
    assert [one.logical for one in found] == ["integer", "text", "number"]


NUMBERS = st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=40)


@settings(max_examples=60)
@given(numbers=NUMBERS, comma=st.booleans(), places=st.integers(1, 4))
def test_decimals_are_read_back(tmp_path_factory, numbers, comma, places):
    texts = [f"{number / 10**places:.{places}f}" for number in numbers]
    shown = [text.replace(".", ",") for text in texts] if comma else texts
    told = Told(decimal="comma" if comma else "point")
    _, values, kept = decided(tmp_path_factory.mktemp("d"), "valore", shown, told)
    assert not kept
    assert [float(value) for value in values] == [float(text) + 0.0 for text in texts]


@settings(max_examples=60)
@given(
    days=st.lists(st.dates(), min_size=2, max_size=30), pattern=st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y"])
)
def test_dates_are_read_back_or_stay_as_they_stood(tmp_path_factory, days, pattern):
    kept_days = [day for day in days if 1000 <= day.year <= 2199] or [days[0].replace(year=2024, day=1)]
    texts = [day.strftime(pattern) for day in kept_days]
    one, values, rejects = decided(tmp_path_factory.mktemp("d"), "data", texts)
    if one.logical == "date" and not one.assumed:
        assert values == kept_days
    assert not rejects
