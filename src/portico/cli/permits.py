"""``permits check|plan|ask``: the procedures of a project on a site. Not legal advice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from portico.build import lake_of
from portico.city import City
from portico.cli.common import DEFAULTS, Common, today
from portico.cli.permits_asked import Doing, interview
from portico.cli.permits_output import ending_of, show_gantt, write_plan
from portico.cli.permits_shown import show
from portico.cli.show import as_json, err, out
from portico.dossier import permits_plain
from portico.errors import InputError, UsageError
from portico.messages import Message
from portico.permits import answers as projects
from portico.permits import pack as packs
from portico.permits.answers import Project, given
from portico.permits.model import Pack
from portico.permits.plan import Plan
from portico.permits.plan import plan as planned
from portico.permits.sited import plan_at
from portico.permits.tables import FOLDER
from portico.territory.layers import territory

Filed = Annotated[
    date | None, Parameter(name="--filed", help="The day of filing, YYYY-MM-DD; the project's, else today.")
]
_PROJECT = Path("project.toml")


def check(pack: Path | None = None, *, common: Common = DEFAULTS) -> int:
    """Say everything that is wrong with a rule pack, with file, row and advice.

    Exit code 0: nothing is wrong; 1: something is.

    Parameters
    ----------
    pack
        The folder with pack.toml; else the city's rules/permits.
    """
    found = packs.read(pack or common.folder / FOLDER)
    if common.json:
        as_json({"pack": permits_plain.pack(found, common.say), "findings": []})
    else:
        _tell(found, common)
    return 0


def _tell(found: Pack, common: Common) -> None:
    say, console = common.say, out()
    terms = sum(len(one.terms) for one in found.procedures.values())
    values = {
        "title": found.notes.title,
        "procedures": len(found.procedures),
        "triggers": len(found.triggers),
        "attributes": len(found.attributes),
        "terms": terms,
        "day": found.notes.as_of,
    }
    console.print(say(Message("permits-checked", values)), markup=False)
    counts = permits_plain.pack(found, say)["confidence"]
    console.print(say(Message("permits-confidence", counts)), markup=False)


def plan(
    project: Path,
    *,
    site: str = "",
    filed: Filed = None,
    why: Annotated[bool, Parameter(negative="", help="Say of every procedure why it is needed or not.")] = False,
    gantt: Annotated[bool, Parameter(negative="", help="Show the plan over time as a chart.")] = False,
    output: Annotated[
        Path | None, Parameter(name=["--output", "-o"], help="Write it to a file: .ics, .pdf or .json.")
    ] = None,
    common: Common = DEFAULTS,
) -> int:
    """Say which procedures a project needs, by whom, in how many days, with which documents. Not legal advice.

    Parameters
    ----------
    project
        A TOML file with [answers]; `portico permits ask` writes one.
    site
        A site of the register: what is known of it is not asked.
    """
    city = common.open()
    if output:
        ending_of(output)  # before anything is worked out
    pack = packs.of_city(city.folder)
    read = projects.read(project, pack)
    where = site or read.site
    made = composer(city, pack, where, today(filed or read.filed))(read)
    name = read.name or project.stem
    found = permits_plain.plan(made, common.say, name=name, site=where)
    if output:
        write_plan(found, output, city.settings, common.say)
    if common.json:
        as_json(found)
    elif output:
        err().print(common.say(Message("permits-written", {"file": str(output)})), markup=False)
    elif gantt:
        show_gantt(found, common.say, out())
    else:
        show(found, common.say, out(), why=why)
    return 0


def composer(city: City, pack: Pack, site: str, filed: date) -> Callable[[Project], Plan]:
    """Return what plans a project in a city, on one of its sites where one is named; that is looked up once."""
    calendar = city.settings.calendar
    if not site:
        return lambda project: planned(pack, given(project), filed, calendar)
    known = territory(city, lake_of(city))
    here = known.site(site)
    return lambda project: plan_at(pack, known, here, given(project), filed)


def ask(
    *,
    output: Annotated[
        Path, Parameter(name=["--output", "-o"], help="The project to begin or to go on with.")
    ] = _PROJECT,
    site: str = "",
    filed: Filed = None,
    common: Common = DEFAULTS,
) -> int:
    """Ask what can still change the path of a project, what changes it most first, and save the answers.

    Questions come one line each, on a terminal or from a pipe; an empty line is "not known". It can be stopped at any
    time, and goes on where it was left.

    Parameters
    ----------
    site
        A site of the register: what is known of it is not asked.
    """
    city = common.open()
    pack = packs.of_city(city.folder)
    start = _begun(output, pack)
    where = site or start.site
    begun = replace(start, site=where)
    doing = Doing(composer(city, pack, where, today(filed or start.filed)), partial(projects.write, output))
    is_new = not output.exists()
    doing.save(begun)  # refused here, before anything is asked
    try:
        done = interview(pack, begun, doing, common.say)
    except InputError:
        if is_new and not projects.read(output, pack).answers:
            output.unlink()  # nothing was answered: nothing is left behind
        raise
    err().print(common.say(Message("permits-saved", {"file": str(output), "count": len(done.answers)})), markup=False)
    found = permits_plain.plan(doing.plan(done), common.say, name=done.name or output.stem, site=where)
    if common.json:
        as_json(found)
    else:
        show(found, common.say, out(), why=False)
    return 0


def _begun(path: Path, pack: Pack) -> Project:
    if path.is_dir():
        raise UsageError("file-is-folder", file=str(path))
    return projects.read(path, pack) if path.is_file() else Project()
