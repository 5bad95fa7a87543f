"""Composes the rooms: from a city's folder to versions in its lake.

Tables of facts are published (``facts``), files among the sources and those that were fetched are ingested
(``sources``), one after the other (``commands``).
"""

from portico.build.commands import build
from portico.build.model import Built, Step
from portico.build.queries import lake_of, outdated

__all__ = ["Built", "Step", "build", "lake_of", "outdated"]
