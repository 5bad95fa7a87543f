"""What every command takes, and how it finds its city."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from portico import city
from portico.build import lake_of
from portico.city import City
from portico.territory.layers import Territory, territory
from portico.translation import Translator

ENVIRONMENT = "PORTICO_CITY"
AsOf = Annotated[
    date | None, Parameter(name="--as-of", help="The day for which to answer, YYYY-MM-DD; today by default.")
]


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """Options of every command."""

    city: Annotated[
        str, Parameter(help="The city folder; else $PORTICO_CITY, else the nearest parent with city.toml.")
    ] = ""
    json: Annotated[bool, Parameter(negative="", help="Print JSON for programs on standard output.")] = False
    lang: Annotated[Literal["en", "it"], Parameter(help="The language of words.")] = "en"

    @property
    def say(self) -> Translator:
        """The translator into the language asked for."""
        return Translator(self.lang)

    @property
    def folder(self) -> Path:
        """The city folder."""
        return city.find(self.city, os.environ.get(ENVIRONMENT, ""), Path.cwd())

    def open(self) -> City:
        """Open the city."""
        return city.open(self.folder)

    def territory(self) -> Territory:
        """Open the city and read its territory from the lake."""
        opened = self.open()
        return territory(opened, lake_of(opened))


DEFAULTS = Common()


def today(as_of: date | None) -> date:
    """Return the day asked for, else today by this machine's clock: the only place where a command asks the clock."""
    return as_of or date.today()  # noqa: DTZ011 - the day where the person sits
