"""A file written whole, or not at all: beside its place first, so that nobody reads half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from portico.errors import StateError, UsageError


def write_whole(path: Path, content: str | bytes) -> None:
    """Write ``content`` (text as UTF-8) to ``path``; after any error what stood there stands there.

    Raises UsageError where its folder is not there or ``path`` is one itself, StateError where the disk refuses.
    """
    if not path.parent.is_dir():
        raise UsageError("file-folder-missing", folder=str(path.parent))
    if path.is_dir():
        raise UsageError("file-is-folder", file=str(path))
    raw = content.encode("utf-8") if isinstance(content, str) else content
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)  # still there only where something went wrong
    except PermissionError as error:
        raise StateError("file-not-writable", file=str(path), detail=error.strerror or str(error)) from error
    except OSError as error:
        raise StateError("state-failed", path=path.name, detail=error.strerror or str(error)) from error
