"""Tables of industries: what contradicts itself is found with its row, before it is published."""

from __future__ import annotations

import pytest
from tests.cities import AS_OF, INDUSTRIES, csv_text, write_industries

from portico import city
from portico.messages import Message
from portico.translation import LANGUAGES, Translator


def findings(folder, name, number, **cells):
    """The findings where row ``number`` of a table is changed, or one more follows the last (None)."""
    rows = [dict(row) for row in INDUSTRIES[name]]
    if number is None:
        rows.append({**rows[-1], "id": "one-more"} | cells)
    else:
        rows[number] |= cells
    (folder / "facts" / f"{name}.csv").write_text(csv_text(name, rows), "utf-8")
    return [(found.kind, found.place.row, found.place.column) for found in city.open(folder).findings(AS_OF)]


@pytest.fixture
def folder(tiny_city):
    return write_industries(tiny_city)


def test_tables_that_fit_together_have_no_findings(folder):
    assert city.open(folder).findings(AS_OF) == ()


@pytest.mark.parametrize(
    ("name", "number", "cells", "expected"),
    [
        ("areas", 1, {"reference": "borgo"}, ("area-its-own-reference", 3, "reference")),
        ("areas", 1, {"reference": "lnd"}, ("lost-reference", 3, "reference")),
        ("areas", 1, {"area_km2": "0"}, ("number-impossible.area_km2", 3, "area_km2")),
        ("areas", 1, {"population": "-1"}, ("number-impossible.population", 3, "population")),
        ("areas", 2, {"municipalities": "Valle;Borgo"}, ("areas-overlap", 4, "municipalities")),
        ("employment", 4, {"area": "brogo"}, ("lost-reference", 6, "area")),
        ("employment", 5, {"division": "C10"}, ("division-form", 7, "division")),
        ("employment", 5, {"employment": "-1"}, ("number-impossible.employment", 7, "employment")),
        ("employment", 5, {"firms": "0", "herfindahl": ""}, ("number-impossible.firms", 7, "firms")),
        ("employment", 5, {"herfindahl": "0.01"}, ("number-impossible.herfindahl", 7, "herfindahl")),
        ("employment", 5, {"herfindahl": "1.2"}, ("number-impossible.herfindahl", 7, "herfindahl")),
        ("employment", 6, {"employment": "10001"}, ("part-above-whole", 8, "employment")),
        ("employment", 6, {"firms": "101"}, ("part-above-whole", 8, "firms")),
        ("employment", None, {"division": "5.5", "employment": "1"}, ("division-form", 16, "division")),
        (
            "employment",
            None,
            {"division": "55", "employment": "1", "firms": "1"},
            ("industries-pair-twice", 16, "division"),
        ),
        ("skill_relatedness", 0, {"other": "10"}, ("related-to-itself", 2, "other")),
        ("skill_relatedness", 0, {"relatedness": "1.7"}, ("number-impossible.relatedness", 2, "relatedness")),
        ("skill_relatedness", 0, {"division": "food"}, ("division-form", 2, "division")),
        (
            *("skill_relatedness", None),
            {"division": "25", "other": "1.0", "relatedness": "0.1"},
            ("division-form", 6, "other"),
        ),
        (
            *("skill_relatedness", None),
            {"division": "25", "other": "10", "relatedness": "0.1"},
            ("industries-pair-twice", 6, "other"),
        ),
    ],
)
def test_what_cannot_be_is_found_with_its_row_and_column(folder, name, number, cells, expected):
    assert expected in findings(folder, name, number, **cells)


def test_a_cell_that_is_kept_secret_is_no_fault(folder):
    assert findings(folder, "employment", 5, employment="", firms="", herfindahl="") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_says_what_to_do(language):
    said = Translator(language)(Message("areas-overlap", {"municipality": "Borgo", "other": "valley"}))
    assert "Borgo" in said
    assert "valley" in said
