"""A new city folder: every file with an example of each kind and a comment that says what belongs there."""

from __future__ import annotations

import re
import shutil
from importlib import resources
from pathlib import Path

from portico.errors import InputError, UsageError

_MARK = "NEW-CITY"
_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def write(folder: Path) -> list[str]:
    """Write the template into ``folder``, whose name becomes the id of the city; return the files written.

    Raises UsageError for a name that cannot be an id or a folder that has something in it; nothing is touched then.
    """
    identifier = folder.resolve().name
    if not _FORM.fullmatch(identifier):
        raise UsageError("city-name-form", name=identifier)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("folder-not-empty", folder=str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with resources.as_file(resources.files(__name__) / "files") as template:
            shutil.copytree(template, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        settings = folder / "city.toml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace(_MARK, identifier), encoding="utf-8")
        (folder / "gitignore").rename(folder / ".gitignore")
    except OSError as error:
        raise InputError("folder-not-writable", folder=str(folder), detail=error.strerror or str(error)) from error
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
