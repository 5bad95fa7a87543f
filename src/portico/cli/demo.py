"""``demo``: the main job on the reference city, in one command."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from portico import city as cities
from portico.build import build, lake_of
from portico.cli.common import DEFAULTS, AsOf, Common, today
from portico.cli.match_shown import show
from portico.cli.serve import Port, serve
from portico.cli.show import err, out
from portico.dossier.report import write_report
from portico.errors import EngineError, InputError, UsageError
from portico.match import briefs
from portico.match.shortlist import shortlist
from portico.messages import Message
from portico.territory.layers import territory

REPORT = "shortlist.html"
_STATE = shutil.ignore_patterns(".portico", "__pycache__")


def demo(
    folder: str = "", /, *, no_serve: bool = False, port: Port = 8123, as_of: AsOf = None, common: Common = DEFAULTS
) -> int:
    """Build the reference city, print the shortlist of its brief, write it as a page, serve the portal.

    Parameters
    ----------
    folder
        Where to put the city's folder; ./portico-demo by default. A city that is there already is used as it is.
    no_serve
        End after the report.
    port
        The port of the portal.
    """
    place = Path(folder or "portico-demo")
    progress = err()
    started = time.perf_counter()
    if not (place / "city.toml").is_file():
        _copy(place)
    city = cities.open(place)
    if not city.settings.demo_brief:
        raise UsageError("demo-brief-missing", folder=str(place))
    progress.print(
        common.say(Message("demo-building", {"city": city.settings.name, "folder": str(place)})), markup=False
    )
    built = build(city, as_of=today(as_of), at=datetime.now(UTC).isoformat(timespec="seconds"))
    rows = sum(step.version.row_count for step in built.steps)
    values = {
        "count": len(built.steps),
        "rows": rows,
        "new": built.new,
        "seconds": round(time.perf_counter() - started, 1),
    }
    progress.print(common.say(Message("demo-built", values)), markup=False)
    lake = lake_of(city)
    answer = shortlist(briefs.read(city, city.settings.demo_brief), territory(city, lake), today(as_of))
    show(answer, common.say, out())
    report = place / REPORT
    write_report(answer, city.settings, lake, common.say, report)
    progress.print(common.say(Message("report-written", {"file": str(report)})), markup=False)
    if no_serve:
        return 0
    return serve(port=port, common=replace(common, city=str(place)))


def _copy(place: Path) -> None:
    """Copy the reference city to ``place``, without any working state."""
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise UsageError("folder-not-empty", folder=str(place))
    try:
        with resources.as_file(_reference()) as source:
            shutil.copytree(source, place, ignore=_STATE, dirs_exist_ok=True)
    except OSError as error:
        raise InputError("folder-not-writable", folder=str(place), detail=error.strerror or str(error)) from error


def _reference() -> Path:
    """Return the first city that names a brief to show: inside the installed package, else beside it in a checkout."""
    packaged = Path(str(resources.files("portico"))) / "cities"
    shelf = packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "cities"
    for place in sorted(path.parent for path in shelf.glob("*/city.toml")):
        if cities.open(place).settings.demo_brief:
            return place
    raise EngineError("demo-city-missing")
