"""Brings a database to the newest schema by the hand-written migrations."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

HEAD = "0003"


def upgrade(engine: Engine) -> None:
    """Run the migrations that ``engine``'s database has not seen; each in the one transaction of the upgrade."""
    from alembic import command  # noqa: PLC0415 - slow to import and wanted only when the schema is old
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)
