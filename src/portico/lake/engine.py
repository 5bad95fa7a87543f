"""The embedded engine: one connection a process, a cursor a thread, the geometry extension loaded by path.

Nothing is ever downloaded: automatic installation and loading are off, and the extension comes from the installed
package of the same version, or from the path in ``PORTICO_SPATIAL_EXTENSION``.
"""

from __future__ import annotations

import os
import tempfile
import threading
from importlib import util
from pathlib import Path

import duckdb

from portico.errors import EngineError

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": str(min(os.cpu_count() or 1, 8)),
    "memory_limit": "640MB",
    "preserve_insertion_order": "true",
}
EXTENSION_SETTING = "PORTICO_SPATIAL_EXTENSION"


class Engine:
    """The engine of one process. Opened when first used; ``spatial`` loads the geometry functions (about 0.2 s)."""

    def __init__(self, extension: str = "") -> None:
        """Use the geometry extension at the path ``extension``, else the installed one."""
        self._extension = extension
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._has_spatial = False
        self._lock = threading.Lock()

    def cursor(self, *, spatial: bool = False) -> duckdb.DuckDBPyConnection:
        """Return a cursor for the calling thread."""
        with self._lock:
            if self._connection is None:
                spill = str(Path(tempfile.gettempdir()) / f"portico-spill-{os.getpid()}")
                self._connection = duckdb.connect(":memory:", config=_CONFIG | {"temp_directory": spill})
            if spatial and not self._has_spatial:
                self._load(self._connection)
                self._has_spatial = True
            return self._connection.cursor()

    def _load(self, connection: duckdb.DuckDBPyConnection) -> None:
        path = self._extension or installed_extension()
        try:
            connection.load_extension(path)
        except duckdb.Error as error:
            raise EngineError("engine-extension", path=Path(path).name, detail=str(error).splitlines()[0]) from error


def installed_extension() -> str:
    """Return the path of the installed geometry extension of exactly this engine's version."""
    package = util.find_spec("duckdb_extension_spatial")
    folders = list(package.submodule_search_locations or ()) if package else []
    for folder in folders:
        path = Path(folder) / "extensions" / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
        if path.is_file():
            return str(path)
    raise EngineError("engine-extension-missing", version=duckdb.__version__)
