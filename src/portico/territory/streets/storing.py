"""Graphs and hierarchies kept on the disk: what was made once need not be made again. They can always be remade."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path

import numpy as np

from portico.territory.model import Mode
from portico.territory.streets.hierarchy import Hierarchy
from portico.territory.streets.model import StreetGraph
from portico.territory.streets.speeds import AS_OF
from portico.territory.streets.streets import Streets

_FORM = 1
"""Counted up when what is kept changes, or how it is made: what an earlier version kept is then not found."""
_GRAPH = tuple(one for one in StreetGraph.__slots__ if one not in ("mode", "names", "about"))
_HIERARCHY = tuple(Hierarchy.__slots__)


def key_of(**made_of: object) -> str:
    """Return the name under which streets are kept, by all that decides them: bytes, extent, speed, our rules.

    >>> len(key_of(sha256="ab", walk_km_h=4.5))
    32
    """
    plain = json.dumps({**made_of, "form": _FORM, "speeds": AS_OF.isoformat()}, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:32]


def keep(folder: Path, key: str, streets: Streets) -> None:
    """Keep ``streets`` with their hierarchy; a disk that refuses keeps nothing, which costs time and no answer."""
    graph, above = streets.graph, streets.hierarchy
    arrays = {f"graph_{name}": getattr(graph, name) for name in _GRAPH}
    arrays |= {f"above_{name}": getattr(above, name) for name in _HIERARCHY}
    about = json.dumps({"mode": graph.mode.value, "names": list(graph.names), "about": dict(graph.about)})
    place = _place(folder, key, graph.mode)
    part = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, about=np.frombuffer(about.encode(), dtype=np.uint8), **arrays)
        part.replace(place)
    except OSError:
        part.unlink(missing_ok=True)


def kept(folder: Path, key: str, mode: Mode, snap_limit_m: float) -> Streets | None:
    """Return the streets kept under ``key``, nothing where there are none or what is there is damaged."""
    try:
        with _place(folder, key, mode).open("rb") as file, np.load(file, allow_pickle=False) as found:
            about = json.loads(found["about"].tobytes())
            graph = StreetGraph(
                mode=Mode(about["mode"]),
                names=tuple(about["names"]),
                about=about["about"],
                **{name: found[f"graph_{name}"] for name in _GRAPH},
            )
            above = Hierarchy(*(found[f"above_{name}"] for name in _HIERARCHY))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return Streets(graph, above, snap_limit_m)


def _place(folder: Path, key: str, mode: Mode) -> Path:
    return folder / f"{key}-{mode.value}.npz"
