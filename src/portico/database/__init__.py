"""The transactional database: one file inside the city folder for one office, a server for several."""

from portico.database.engine import Connection, Database
from portico.database.schema import metadata

__all__ = ["Connection", "Database", "metadata"]
