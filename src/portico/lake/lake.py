"""The lake of one city: its database, its folder of files and its engine, handed to every function of this room."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portico.database import Database
from portico.lake.engine import EXTENSION_SETTING, Engine
from portico.lake.objects import Objects


@dataclass(frozen=True, slots=True)
class Lake:
    """What the functions of this room work on."""

    database: Database
    objects: Objects
    engine: Engine


def open_lake(database: Database, folder: Path) -> Lake:
    """Return the lake whose files lie in ``folder``. Nothing is created or read yet.

    Lakes of one process share its engine: to load the geometry functions takes a quarter of a second.
    """
    return Lake(database, Objects(folder), _shared(os.environ.get(EXTENSION_SETTING, ""), os.getpid()))


def open_engine() -> Engine:
    """Return an engine of one's own, with the geometry extension that the environment names, if it does."""
    return Engine(os.environ.get(EXTENSION_SETTING, ""))


@cache
def _shared(extension: str, _process: int) -> Engine:
    return Engine(extension)
