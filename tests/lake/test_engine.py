"""The embedded engine."""

from __future__ import annotations

import threading

import duckdb
import pytest

from portico.errors import EngineError
from portico.lake import engine as engine_module
from portico.lake.engine import Engine, installed_extension


def test_the_installed_extension_is_of_the_engines_own_version():
    assert f"v{duckdb.__version__}" in installed_extension()


def test_an_engine_never_installs_by_itself():
    cursor = Engine().cursor()
    found = dict(
        cursor.execute("SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%known_extensions'").fetchall()
    )
    assert found == {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    cursor.close()


def test_geometry_is_loaded_only_when_asked_for():
    engine = Engine()
    with engine.cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute("SELECT ST_X(ST_Point(1, 2))")
    with engine.cursor(spatial=True) as cursor:
        assert cursor.execute("SELECT ST_X(ST_Point(1, 2))").fetchone() == (1.0,)


@pytest.mark.parametrize("content", [None, b"", b"not an extension"])
def test_an_extension_that_does_not_load_is_one_sentence(tmp_path, content):
    path = tmp_path / "spatial.duckdb_extension"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EngineError) as raised:
        Engine(str(path)).cursor(spatial=True)
    assert raised.value.message_id == "engine-extension"


def test_an_extension_that_is_not_installed_is_one_sentence(monkeypatch):
    monkeypatch.setattr(engine_module.util, "find_spec", lambda _name: None)
    with pytest.raises(EngineError) as raised:
        Engine().cursor(spatial=True)
    assert raised.value.message_id == "engine-extension-missing"


def test_threads_do_not_see_each_others_temporary_tables():
    engine = Engine()
    found = []

    def work(number):
        with engine.cursor() as cursor:
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE incoming AS SELECT {number} AS n")
            found.append(cursor.execute("SELECT n FROM incoming").fetchone() == (number,))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8
