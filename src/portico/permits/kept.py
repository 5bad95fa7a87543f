"""What a city keeps on permits, as its files are now: its pack, its projects, its reforms. Read again once one changes.

A pack is read in a tenth of a second, and a page, a sheet or a shortlist of many sites asks for it again and again.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, cast

from portico.errors import InputError, UnknownNameError
from portico.messages import did_you_mean
from portico.permits import answers, pack, whatif
from portico.permits.answers import Project
from portico.permits.model import Pack
from portico.permits.tables import FOLDER
from portico.permits.whatif import WhatIf

PROJECTS, REFORMS = "projects", "reforms"
_SUFFIX = ".toml"
_MOST = 64
_KEPT: OrderedDict[object, object] = OrderedDict()
_LOCK = threading.Lock()
T = TypeVar("T")


def pack_of(city_folder: Path) -> Pack:
    """Return the pack of a city. Raises UsageError where it keeps none, RejectedError with every fault."""
    return _kept(("pack", city_folder), _state(city_folder / FOLDER), lambda: pack.of_city(city_folder))


def state(city_folder: Path) -> tuple[object, ...]:
    """Return what changes when a pack, a project or a reform of the city does."""
    return tuple(_state(city_folder / one) for one in (FOLDER, PROJECTS, REFORMS))


def projects_in(city_folder: Path) -> tuple[str, ...]:
    """Return the names of a city's projects."""
    return _names(city_folder / PROJECTS)


def project_of(city_folder: Path, name: str, rules: Pack) -> Project:
    """Return a project of a city; never a file outside its folder.

    Raises UnknownNameError for any other name, RejectedError with every fault.
    """
    path = _file(city_folder / PROJECTS, name, "permits-project-unknown")
    return _kept(("project", path, rules.digest), _state(path), lambda: answers.read(path, rules))


def readable(city_folder: Path, rules: Pack) -> list[tuple[str, Project]]:
    """Return the projects of a city by name; one that is broken is left to ``portico permits plan`` to explain."""
    return _readable(projects_in(city_folder), lambda name: project_of(city_folder, name, rules))


def reforms_in(city_folder: Path) -> tuple[str, ...]:
    """Return the names of a city's reforms."""
    return _names(city_folder / REFORMS)


def reform_of(city_folder: Path, name: str, rules: Pack) -> WhatIf:
    """Return a reform of a city; raises as ``project_of`` does."""
    path = _file(city_folder / REFORMS, name, "permits-reform-unknown")
    return _kept(("reform", path, rules.digest), _state(path), lambda: whatif.read(path, rules))


def readable_reforms(city_folder: Path, rules: Pack) -> list[tuple[str, WhatIf]]:
    """Return the reforms of a city by name; one that is broken is left to ``portico permits reform`` to explain."""
    return _readable(reforms_in(city_folder), lambda name: reform_of(city_folder, name, rules))


def _readable(names: Sequence[str], read: Callable[[str], T]) -> list[tuple[str, T]]:
    found = []
    for name in names:
        with contextlib.suppress(InputError):
            found.append((name, read(name)))
    return found


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob(f"*{_SUFFIX}")))


def _file(folder: Path, name: str, message: str) -> Path:
    names = _names(folder)
    if name not in names:
        raise UnknownNameError(message, name=name, advice=did_you_mean(name, names))
    return folder / f"{name}{_SUFFIX}"


def _state(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Return names, sizes and times of a file or of the files in a folder."""
    files = sorted(path.iterdir()) if path.is_dir() else [path] if path.exists() else []
    found = [(one.name, one.stat()) for one in files if one.is_file()]
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in found)


def _kept(key: object, state: object, make: Callable[[], T]) -> T:
    with _LOCK:
        known = _KEPT.get(key)
        if isinstance(known, tuple) and known[0] == state:
            _KEPT.move_to_end(key)
            return cast("T", known[1])
    made = make()
    with _LOCK:
        _KEPT[key] = (state, made)
        while len(_KEPT) > _MOST:
            _KEPT.popitem(last=False)
    return made
