"""From a folder to a city."""

from __future__ import annotations

import pytest
from tests.cities import AS_OF

from portico import city
from portico.city.opening import notes_of, read_toml, refuse_faults
from portico.errors import CityNotFoundError, InputError, RejectedError


def test_opening_a_city_writes_nothing(tiny_city):
    before = sorted(tiny_city.rglob("*"))
    opened = city.open(tiny_city)
    assert opened.settings.name.pick("en") == "Borgo Prova"
    assert opened.facts["sites"].rows
    assert sorted(tiny_city.rglob("*")) == before


def test_a_folder_without_settings_is_no_city(tmp_path):
    with pytest.raises(CityNotFoundError) as raised:
        city.open(tmp_path)
    assert raised.value.exit_code == 2
    with pytest.raises(CityNotFoundError):
        city.open(tmp_path / "nowhere")


def test_the_named_folder_comes_before_the_environment_and_that_before_the_parents(tiny_city, tmp_path):
    nowhere = tmp_path / "empty"
    nowhere.mkdir()
    deep = tiny_city / "facts"
    assert city.find(str(tiny_city), str(nowhere), nowhere) == tiny_city
    assert city.find("", str(tiny_city), nowhere) == tiny_city
    assert city.find("", "", deep) == tiny_city
    assert city.find("", "", tiny_city) == tiny_city


@pytest.mark.parametrize("named", [("x", ""), ("", "x"), ("", "")])
def test_no_city_anywhere_is_a_usage_error(tmp_path, named):
    given = [str(tmp_path / one) if one else "" for one in named]
    with pytest.raises(CityNotFoundError):
        city.find(*given, tmp_path)


def test_all_faults_of_the_settings_are_told_at_once(tiny_city):
    path = tiny_city / "city.toml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("EPSG:31287", "here").replace("languages", "lanuages").replace("west = 14.0", "west = 'x'"),
        "utf-8",
    )
    with pytest.raises(RejectedError) as raised:
        city.open(tiny_city)
    assert sorted(found.kind for found in raised.value.findings) == [
        "missing-key",
        "unknown-key",
        "wrong-form",
        "wrong-type",
    ]
    assert raised.value.values["count"] == 4


def test_errors_refuse_a_build_and_warnings_do_not(tiny_city):
    path = tiny_city / "facts" / "site_attributes.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    assert [found.kind for found in refuse_faults(city.open(tiny_city), AS_OF)] == ["site-without-status"]
    path.write_text("\n".join(lines[:-1]).replace(",available,", ",free,") + "\n", "utf-8")
    with pytest.raises(RejectedError) as raised:
        refuse_faults(city.open(tiny_city), AS_OF)
    assert {found.kind for found in raised.value.findings} == {"unknown-word"}


def test_a_table_without_notes_has_the_licence_of_the_city(tiny_city, torino):
    assert notes_of(city.open(tiny_city).settings, "sites").licence == "CC-BY-4.0"
    assert notes_of(torino.settings, "sites").licence == "ODbL-1.0"


def test_a_missing_toml_file_is_one_sentence(tiny_city):
    with pytest.raises(InputError) as raised:
        read_toml(city.open(tiny_city), tiny_city / "briefs" / "no.toml")
    assert raised.value.message_id == "file-missing"
    assert raised.value.values["file"].endswith("no.toml")
