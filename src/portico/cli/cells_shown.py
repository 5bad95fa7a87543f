"""How the measuring of cells reaches people and programs: before, meanwhile and afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from portico.build.cells import Measured, Planned, Progress, Survey
from portico.build.cells_asked import Wanted, licences
from portico.city import City
from portico.cli.common import Common
from portico.cli.show import as_json, out, table
from portico.dossier.derived import plain, sources
from portico.lake.classes import Classes, classes
from portico.lake.lake import Lake
from portico.messages import Message
from portico.translation import Translator

_TENTHS = 10
_VALUE = "value"


def show_survey(surveyed: Survey, city: City, wanted: Wanted, say: Translator, console: Console) -> None:
    """Say about how many cells there will be, before any is made."""
    show_survey_of(wanted.area, surveyed.about, wanted.resolution, city, say, console)


def show_survey_of(area: str, about: int, resolution: int, city: City, say: Translator, console: Console) -> None:
    """Say about how many cells an area, or the extent of the city, has."""
    where = Message("cells-area", {"name": area}) if area else city.settings.name
    console.print(say(Message("cells-about", {"where": where, "count": about, "resolution": resolution})), markup=False)


def show_planned(planned: Planned, common: Common, console: Console | None = None) -> None:
    """Say what will be measured: how many cells, what there is to reach, what it rests on."""
    say, others = common.say, planned.others
    if console is None and common.json:
        as_json(_planned(planned, say))
        return
    console = console or out()
    cells = {"count": len(planned.cells), "here": len(planned.judged), "metres": planned.network.settings.snap_limit_m}
    told = [
        Message("cells-planned", {"dataset": planned.wanted.dataset, "title": planned.wanted.title(others.title)}),
        Message("cells-planned-cells", cells),
        Message("cells-planned-others", {"count": len(others.points), "title": others.title}),
    ]
    if others.unplaced or others.off_streets:
        values = {"unplaced": others.unplaced, "off": others.off_streets}
        told.append(Message("cells-planned-left-out", values))
    if others.unknown:
        told.append(Message("cells-planned-unknown", {"count": others.unknown}))
    if planned.standing is not None:
        told.append(Message("cells-standing", {"version": planned.standing.short}))
    for line in told:
        console.print(say(line), markup=False, highlight=False)


@contextmanager
def watched(say: Translator, console: Console) -> Iterator[Progress]:
    """Say on standard error how many cells are done: a bar on a terminal, else a line each tenth."""
    if not console.is_terminal:
        yield _Lines(say, console)
        return
    columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        bar = bars.add_task(say("cells"), total=None)
        yield lambda done, of: bars.update(bar, completed=done, total=of)


class _Lines:
    """Says a line each tenth of the cells."""

    def __init__(self, say: Translator, console: Console) -> None:
        self._say, self._console = say, console
        self._said = 0

    def __call__(self, done: int, of: int) -> None:
        reached = done * _TENTHS // max(1, of)
        if reached <= self._said:
            return
        self._said = reached
        self._console.print(f"  {self._say(Message('cells-done', {'done': done, 'count': of}))}", markup=False)


def show_measured(planned: Planned, measured: Measured, lake: Lake, common: Common) -> None:
    """Say what became of it: the version, its numbers in classes, what it rests on and under which licences."""
    say, found = common.say, classes(lake, measured.version, _VALUE)
    rests_on = planned.derivation.rests_on
    if common.json:
        as_json(_planned(planned, say) | _measured(measured, found))
        return
    console = out()
    status = say("new" if measured.is_new else "unchanged")
    values = {"dataset": planned.wanted.dataset, "version": measured.version.short, "status": status}
    console.print(say(Message("cells-published", values)), markup=False)
    unit = say.unit(found.column.unit)
    rows = [(say(range_of(one.low, one.high, say)), say.number(one.count)) for one in found.classes]
    rows.append((say("unknown"), say.number(found.unknown)))
    console.print(table([f"{say('access-value')} ({unit})", say("cells")], rows, numbers=(0, 1)))
    for line in sources(planned.derivation, say):
        console.print(line, markup=False)
    console.print(say(Message("cells-licence", {"licence": licences(rests_on) or "–"})), markup=False)


def range_of(low: float, high: float, say: Translator) -> Message:
    """Return a class in words: from the least to the most of its values."""
    least, most = say.number(low), say.number(high)
    return Message("as-written", {"text": least if least == most else f"{least} – {most}"})


def _planned(planned: Planned, say: Translator) -> dict[str, Any]:
    wanted, others, made = planned.wanted, planned.others, planned.derivation
    return {
        "dataset": wanted.dataset,
        "title": say(wanted.title(others.title)),
        "measure": wanted.kind.value,
        "mode": wanted.mode.value,
        "direction": wanted.towards.value,
        "resolution": wanted.resolution,
        "cells": len(planned.cells),
        "cells_on_streets": len(planned.judged),
        "places": len(others.points),
        "places_without_position": others.unplaced,
        "places_off_streets": others.off_streets,
        "amounts_unknown": others.unknown,
        "pairs": planned.pairs,
        "licence": licences(made.rests_on),
        **plain(made),
        "standing": planned.standing.id if planned.standing else None,
    }


def _measured(measured: Measured, found: Classes) -> dict[str, Any]:
    return {
        "version": measured.version.id,
        "new": measured.is_new,
        "unit": found.column.unit,
        "classes": [{"low": one.low, "high": one.high, "cells": one.count} for one in found.classes],
        "cells_unknown": found.unknown,
    }
