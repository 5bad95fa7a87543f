"""What a person and a program are told about versions: compared, cleaned up, verified, copied, exported."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from tests.lakes import put, wells

from portico import city
from portico.build import lake_of
from portico.cli.common import Common
from portico.cli.versions import copy, diff, export, gc, verify
from portico.errors import InputError, UnknownNameError, UsageError


@pytest.fixture(scope="module")
def untouched(torino, tmp_path_factory):
    """The reference city with wells, published three times, the last two in 2026. Read only."""
    place = tmp_path_factory.mktemp("versions") / "torino"
    shutil.copytree(torino.folder, place)
    opened = city.open(place)
    lake = lake_of(opened)
    put(lake, wells(1.0), at="2020-01-01T00:00:00+00:00")
    put(lake, wells(1.0, 2.0))
    put(lake, wells(1.5, 2.0, 3.0))
    opened.database.close()
    return place


@pytest.fixture
def folder(untouched, tmp_path):
    """A copy of it, to be changed at will."""
    return shutil.copytree(untouched, tmp_path / "torino")


@pytest.fixture(params=["en", "it"])
def common(request, untouched, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    return Common(city=str(untouched), lang=request.param)


@pytest.fixture
def program(untouched):
    return Common(city=str(untouched), json=True)


def said(capsys):
    text = capsys.readouterr().out
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "{" not in text
    return text


def told(capsys):
    return json.loads(capsys.readouterr().out)


def test_a_dataset_alone_compares_its_last_two_publications(capsys, common):
    assert diff("wells", common=common) == 0
    text = said(capsys)
    assert "w0" in text
    assert "depth: 1.0 → 1.5" in text
    assert "+ id=w2" in text


def test_a_program_gets_what_changed_as_json(capsys, program):
    assert diff("wells@1", "wells@3", common=program) == 0
    found = told(capsys)
    assert found["rows"] == {"added": 2, "removed": 0, "changed": 1, "same": 0}
    assert (found["key"], found["key_found"], found["cells"]) == (["id"], True, {"depth": 1})
    assert found["examples"]["changed"] == [{"key": {"id": "w0"}, "cells": {"depth": {"old": 1.0, "new": 1.5}}}]
    assert diff("wells@2", key="id,depth", common=program) == 0
    found = told(capsys)
    assert (found["key"], found["rows"]["added"], found["rows"]["removed"]) == (["id", "depth"], 2, 1)


def test_two_names_of_one_version_are_the_same(capsys, common):
    assert diff("wells@3", "wells", common=common) == 0
    assert said(capsys).count("wells@") == 2


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("sites",), UsageError),
        (("wels",), UnknownNameError),
        (("wells@9",), UnknownNameError),
    ],
)
def test_what_cannot_be_compared_is_refused(program, arguments, error):
    with pytest.raises(error):
        diff(*arguments, common=program)


def test_columns_that_differ_are_listed(capsys, common):
    diff("wells", "sites", common=common)
    assert "depth" in said(capsys)


def test_without_apply_clean_up_only_says_what_would_go(capsys, common):
    assert gc(keep_days=30, keep_last=2, common=common) == 0
    text = said(capsys)
    assert "wells" in text
    assert "--apply" in text
    assert verify(common=common) == 0


def test_clean_up_says_why_the_rest_stays(capsys, common):
    assert gc(common=common) == 0
    assert "wells" in said(capsys)


def test_clean_up_removes_what_is_old_and_the_program_is_told(capsys, folder):
    program = Common(city=str(folder), json=True)
    gc(keep_days=30, keep_last=2, apply=True, common=program)
    found = told(capsys)
    assert [one["dataset"] for one in found["going"]] == ["wells"]
    assert found["removed"]["versions"] == 1
    assert all(one["reasons"] for one in found["kept"])
    gc(keep_days=30, keep_last=2, apply=True, common=program)
    assert told(capsys)["going"] == []


def test_clean_up_says_what_it_did(capsys, folder, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert gc(keep_days=30, keep_last=2, apply=True, common=Common(city=str(folder), lang="it")) == 0
    assert "--apply" not in said(capsys)


def test_limits_that_mean_nothing_are_wrong_usage(program):
    with pytest.raises(UsageError):
        gc(keep_last=0, common=program)


def test_all_is_whole_until_something_is_damaged(capsys, folder, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    common = Common(city=str(folder))
    assert verify(deep=True, common=common) == 0
    said(capsys)
    opened = city.open(folder)
    lake = lake_of(opened)
    head = put(lake, wells(9.0)).version
    lake.objects.path(head.file).write_bytes(b"damaged")
    opened.database.close()
    assert verify(common=common) == 1
    assert "wells" in capsys.readouterr().out
    assert verify(common=Common(city=str(folder), json=True)) == 1
    found = told(capsys)
    assert found["errors"] == 1
    assert found["findings"][0]["file"] == head.file


def test_a_copy_works_as_the_state_of_another_folder(capsys, common, untouched, tmp_path):
    target = tmp_path / "copied"
    shutil.copytree(untouched, target, ignore=shutil.ignore_patterns(".portico"))
    assert copy(str(target / ".portico"), common=common) == 0
    capsys.readouterr()
    there = Common(city=str(target), json=True)
    assert diff("wells", common=there) == 0
    assert told(capsys)["rows"]["added"] == 1
    with pytest.raises(InputError):
        copy(str(target / ".portico"), common=there)


def test_a_program_is_told_of_the_copy(capsys, program, tmp_path):
    assert copy(str(tmp_path / "copied"), common=program) == 0
    found = told(capsys)
    assert found["errors"] == 0
    assert found["files"] == found["brought"] > 3


@pytest.mark.parametrize("ending", ["csv", "parquet", "geojson", "gpkg", "xlsx"])
def test_the_ending_of_the_target_says_the_format(capsys, common, tmp_path, ending):
    target = tmp_path / f"out.{ending}"
    assert export("wells@2", str(target), common=common) == 0
    assert str(target) in capsys.readouterr().out
    assert target.stat().st_size > 0
    about = json.loads((tmp_path / f"out.{ending}-metadata.json").read_text("utf-8"))
    assert about["resources"][0]["rows"] == 2


def test_a_dataset_without_a_licence_is_not_said_to_be_under_one(capsys, common, folder, tmp_path):
    with lake_of(city.open(folder)).database.write() as connection:
        connection.exec_driver_sql("UPDATE dataset SET licence = '' WHERE id = 'wells'")
    common = replace(common, city=str(folder))
    assert export("wells", str(tmp_path / "out.csv"), common=common) == 0
    assert "--licence" in capsys.readouterr().out


def test_in_a_folder_the_file_is_named_by_dataset_and_version(capsys, program, tmp_path):
    place = tmp_path / "exports"
    place.mkdir()
    assert export("wells", str(place), form="geojson", common=program) == 0
    found = told(capsys)
    assert found["file"] == str(place / f"wells-{found['version'][:12]}.geojson")
    assert export("wells", str(place), common=program) == 0
    assert told(capsys)["file"].endswith(".csv")


def test_what_is_there_is_replaced_only_when_that_is_asked(program, tmp_path):
    target = tmp_path / "out.csv"
    target.write_bytes(b"mine")
    with pytest.raises(UsageError):
        export("wells", str(target), common=program)
    assert target.read_bytes() == b"mine"
    assert export("wells", str(target), overwrite=True, bom=True, common=program) == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbfid,depth,place\r\n")


@pytest.mark.parametrize("target", ["out.xls", "out", "out.txt"])
def test_a_format_nobody_knows_is_wrong_usage(program, tmp_path, target):
    with pytest.raises(UnknownNameError):
        export("wells", str(tmp_path / target), common=program)


def test_what_a_format_cannot_hold_is_refused(program, tmp_path):
    with pytest.raises(InputError):
        export("site_attributes", str(tmp_path / "out.geojson"), common=program)
    assert not (tmp_path / "out.geojson").exists()
