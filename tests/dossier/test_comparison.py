"""Sites side by side: a difference is named only where the ranges leave no doubt."""

from __future__ import annotations

import shutil

import pytest
from tests.cities import AS_OF, AT, write_borgo_prova
from tests.shared import needs_shared

from portico import city as cities
from portico.build import build, lake_of
from portico.dossier.comparison import comparison, named_in, sites_of, to_dict
from portico.errors import UnknownNameError, UsageError
from portico.territory.layers import territory
from portico.territory.model import Mode
from portico.translation import LANGUAGES, Translator


@pytest.fixture(scope="module")
def borgo(tmp_path_factory):
    folder = write_borgo_prova(tmp_path_factory.mktemp("compared") / "borgo-prova")
    opened = cities.open(folder)
    build(opened, as_of=AS_OF, at=AT)
    yield territory(opened, lake_of(opened))
    opened.database.close()
    shutil.rmtree(folder)


def test_ids_come_with_commas_or_one_by_one_and_each_counts_once():
    assert named_in(["a, b", "", "c", "a"]) == ("a", "b", "c")
    for wrong in ([], ["a"], ["a,a"], ["a,b,c,d,e,f"]):
        with pytest.raises(UsageError):
            sites_of(wrong)


def test_an_unknown_site_gets_advice(borgo):
    with pytest.raises(UnknownNameError) as raised:
        comparison(borgo, ("filanda", "cavva"), AS_OF)
    assert raised.value.values["name"] == "cavva"


def test_what_is_not_known_of_a_site_is_said_and_is_no_difference(borgo):
    found = comparison(borgo, ("prato-grande", "filanda", "bosco"), AS_OF)
    rows = {(row.name, row.lines[0].basis if row.lines[0] else ""): row for row in found.attributes}
    assert rows["status", ""].verdict.values["sites"] == [found.sites[2].name], "stated to be unknown is unknown"
    assert not any(row.differs for row in found.attributes)
    assert "attribute.asking-price" in {label.values["text"].id for label in found.unstated}
    assert all(row.nearer is None for row in found.minutes), "nobody knows where the wood lies"
    said = Translator("en")(found.minutes[0].verdict)
    assert said == "not known of Wood plot"


def test_differences_are_named(borgo):
    found = comparison(borgo, ("prato-grande", "filanda"), AS_OF)
    rows = {row.name: row for row in found.attributes if not row.label.values["basis"]}
    assert (rows["status"].verdict.id, rows["status"].differs) == ("compare-same", False)
    assert (rows["condition"].verdict.id, rows["condition"].differs) == ("compare-differs", True)


def test_a_site_is_nearer_only_beyond_every_doubt(torino_territory):
    sites = ("cavallerizza", "scarmagno")
    found = comparison(torino_territory, sites, AS_OF)
    clear = 0
    for row in found.minutes:
        minutes = {site.id: cell.minutes for site, cell in zip(found.sites, row.cells, strict=True)}
        if row.nearer is None:
            continue
        clear += 1
        own = minutes.pop(row.nearer.id)
        assert all(own.high < other.low for other in minutes.values())
        assert row.verdict.values["by"] == pytest.approx(min(one.low for one in minutes.values()) - own.high, abs=0.06)
    assert clear > 3
    assert {row.mode for row in found.minutes} == set(Mode)
    listed = [(site.id, kind, mode) for site in found.sites for kind, modes in found.nearer(site) for mode in modes]
    assert len(listed) == clear


@needs_shared("data", "osm", "laquila")
def test_a_city_with_streets_compares_by_them(laquila_territory):
    names = tuple(site.id for site in laquila_territory.sites[:5])
    found = comparison(laquila_territory, names, AS_OF)
    methods = {piece.method for row in found.minutes for cell in row.cells for piece in cell.minutes.evidence}
    assert {"territory.streets.car", "territory.timetable"} <= methods


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_plain_data_every_site_stands_in_every_row(torino_territory, language):
    sites = ("cavallerizza", "campo-volo")
    told = to_dict(comparison(torino_territory, sites, AS_OF), Translator(language))
    assert [site["id"] for site in told["sites"]] == list(sites)
    assert all(set(row["of"]) == set(sites) for row in told["attributes"])
    assert all(set(row["from"]) == set(sites) for row in told["nearest"])
    assert not [row for row in told["nearest"] if "{" in row["verdict"]]
