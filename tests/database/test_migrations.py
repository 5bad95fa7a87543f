"""The hand-written migrations make what the stores declare."""

from __future__ import annotations

import importlib
import re

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from tests.databases import EVERY, fresh
from tests.shared import ROOT

from portico.database import metadata, upgrade

ROOMS = sorted(path.parent.name for path in (ROOT / "src" / "portico").glob("*/store.py"))


@pytest.fixture(params=EVERY)
def database(request, tmp_path):
    for room in ROOMS:
        importlib.import_module(f"portico.{room}.store")
    with fresh(request.param, tmp_path) as made:
        yield made


def test_every_migration_stands_in_one_line_up_to_the_newest():
    folder = ROOT / "src" / "portico" / "database" / "migrations" / "versions"
    found = {}
    for path in folder.glob("r*.py"):
        text = path.read_text("utf-8")
        revision = re.search(r'^revision = "(\w+)"', text, re.MULTILINE)[1]
        down = re.search(r"^down_revision = (.+)$", text, re.MULTILINE)[1].strip('"')
        assert path.name.startswith(f"r{revision}_")
        found[revision] = down
    revision, seen = upgrade.HEAD, []
    while revision != "None":
        seen.append(revision)
        revision = found[revision]
    assert sorted(seen) == sorted(found)


def test_the_migrations_make_what_the_stores_declare(database):
    with database.write() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    assert found == []


def test_the_names_of_keys_are_those_of_the_stores(database):
    with database.write() as connection:
        inspector = inspect(connection)
        for table in metadata.sorted_tables:
            made = {one["name"] for one in inspector.get_foreign_keys(table.name)}
            declared = {str(one.name) for one in table.foreign_key_constraints}
            assert made == declared
            assert inspector.get_pk_constraint(table.name)["name"] == table.primary_key.name


def test_bringing_up_to_date_twice_changes_nothing(database):
    with database.write() as connection:
        before = sorted(inspect(connection).get_table_names())
    database.close()
    database._current = False
    with database.write() as connection:
        assert sorted(inspect(connection).get_table_names()) == before
