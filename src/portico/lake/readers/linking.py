"""Where a reader finds a file: under a name in the workshop that no program takes for a pattern or another format."""

from __future__ import annotations

import shutil
from pathlib import Path

from portico.lake.found import Workshop


def linked(path: Path, shop: Workshop, ending: str) -> Path:
    """Return the file at ``path`` under a plain name in the workshop, ending in ``ending`` (".xlsx").

    Names matter to programs: brackets and stars are patterns to the engine, endings formats to others.
    """
    place = shop.place(ending)
    try:
        place.symlink_to(path.resolve())
    except OSError:  # where links are not for everyone
        shutil.copyfile(path, place)
    return place


def text(content: str) -> str:
    """Return ``content`` as an SQL text.

    >>> text("L'Aquila")
    "'L''Aquila'"
    """
    return "'" + content.replace("'", "''") + "'"
