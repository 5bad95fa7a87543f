"""``permits reform|losses|case|services``: what a reform would save; permits in the words of others."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from cyclopts import Parameter
from rich.console import Console
from rich.padding import Padding
from rich.text import Text as Line

from portico.cli.common import DEFAULTS, Common, today
from portico.cli.permits import Filed
from portico.cli.show import as_json, err, out, table
from portico.dossier import reform_plain
from portico.errors import UsageError
from portico.files import write_whole
from portico.messages import Message
from portico.permits import answers as projects
from portico.permits import pack as packs
from portico.permits import portfolio, whatif
from portico.permits.exchange import suap
from portico.permits.exchange.cpsv import services as as_services
from portico.permits.exchange.filing import filing
from portico.permits.exchange.suap_words import LATEST
from portico.permits.model import Pack
from portico.permits.reform import Project, effect
from portico.permits.simplify import simplifications
from portico.translation import Translator

PROJECTS = "projects"
_MANY = 100
Portfolio = Annotated[
    tuple[Path, ...],
    Parameter(
        name="--projects", help="Projects, or folders of them; else the city's projects/.", consume_multiple=True
    ),
]


def reform(
    reform_file: Annotated[Path, Parameter(name="REFORM")],
    *,
    projects: Portfolio = (),
    filed: Filed = None,
    common: Common = DEFAULTS,
) -> int:
    """Say what a reform would save over a portfolio of projects: days, procedures, documents. Not legal advice.

    Parameters
    ----------
    reform_file
        A TOML file with [[changes]]: remove, merge, parallel, shorten, tacit, drop-document.
    """
    city = common.open()
    pack = packs.of_city(city.folder)
    asked = whatif.read(reform_file, pack)
    many = _portfolio(projects, city.folder, pack)
    day = today(filed)
    with err().status("") as status:

        def progress(done: int, of: int) -> None:
            if done % _MANY == 0 or done == of:
                status.update(common.say(Message("reform-progress", {"done": done, "of": of})))

        made = effect(pack, asked, many, day, city.settings.calendar, progress)
    found = reform_plain.effect(made, pack, day, common.say)
    if common.json:
        as_json(found)
    else:
        _show_reform(found, common.say, out())
    return 0


def losses(*, projects: Portfolio = (), filed: Filed = None, common: Common = DEFAULTS) -> int:
    """Say where projects lose days and papers: steps without a law, documents asked twice, needless sequences."""
    city = common.open()
    pack = packs.of_city(city.folder)
    many = _portfolio(projects, city.folder, pack)
    found = reform_plain.simplifications(
        simplifications(pack, many, today(filed), city.settings.calendar), pack, common.say
    )
    if common.json:
        as_json(found)
    else:
        _show_losses(found, common.say, out())
    return 0


def _portfolio(paths: tuple[Path, ...], city: Path, pack: Pack) -> list[Project]:
    return portfolio.read(paths or (city / PROJECTS,), pack)


def case(
    project: Path,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="The JSON file to write.")],
    municipality: Annotated[str, Parameter(help="Six digits of the statistical office; else the city's first.")] = "",
    filed: Filed = None,
    number: Annotated[int, Parameter(help="The number of the case in its context.")] = 1,
    specification: Annotated[str, Parameter(help="The version of the specification.")] = LATEST,
    common: Common = DEFAULTS,
) -> int:
    """Write a project as a case in the form of the Italian one-stop shop (SUAP), to be sent or compared.

    Parameters
    ----------
    project
        A TOML file with [answers]; `portico permits ask` writes one.
    """
    city = common.open()
    pack = packs.of_city(city.folder)
    read = projects.read(project, pack)
    day = today(filed or read.filed)
    at = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(city.settings.time_zone))
    codes = [one.code for one in city.settings.areas if one.kind.value == "municipality" and one.code]
    if not municipality and not codes:
        raise UsageError("case-without-municipality")
    # The same project, day and number is the same case: its id is worked out, not drawn.
    identifier = uuid.uuid5(uuid.NAMESPACE_OID, f"{city.settings.id}/{read.name or project.stem}/{day}/{number}")
    cui = suap.Cui(city.settings.id, day, number, str(identifier))
    made = filing(pack, projects.given(read), at, cui, municipality or codes[0])
    plain = suap.export(made, specification)
    suap.interpret(plain, output.name)  # what is written can be read again
    _written(output, plain, len(made.use_cases), common)
    return 0


def services(
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="The JSON-LD file to write.")],
    base: Annotated[str, Parameter(help="The address that every identifier begins with.")] = "urn:portico:permits:",
    common: Common = DEFAULTS,
) -> int:
    """Write the procedures of a pack as public services (CPSV-AP 3.2.0, JSON-LD), for catalogues of services."""
    city = common.open()
    pack = packs.of_city(city.folder)
    made = as_services(pack, base, city.settings.name, today(None))
    count = sum(one["type"] == "cpsv:PublicService" for one in made["@graph"])
    _written(output, made, count, common)
    return 0


def _written(path: Path, plain: dict[str, Any], count: int, common: Common) -> None:
    write_whole(path, json.dumps(plain, ensure_ascii=False, indent=2) + "\n")
    if common.json:
        as_json({"file": str(path), "procedures": count})
    else:
        err().print(common.say(Message("case-written", {"file": str(path), "count": count})), markup=False)


def _show_reform(found: dict[str, Any], say: Translator, console: Console) -> None:
    values = {"title": found["title"], "count": found["projects"], "day": found["filed"]}
    console.print(say(Message("reform-head", values)), style="bold", markup=False)
    _disclaim(found, say, console)
    together = found["together"]
    console.print(say(Message("reform-touched", {"count": together["touched"], "of": found["projects"]})), markup=False)
    rows = [
        (say(Message("reform-days", {"title": each["title"]})), *_range(together, key))
        for key, each in together["before"]["days"].items()
    ]
    rows += [(say(f"reform-row.{key}"), *_numbers(together, key)) for key in ("filed", "asked", "papers", "undecided")]
    columns = ["", *(say(f"reform-column.{name}") for name in ("before", "after", "saved"))]
    console.print(table(columns, rows, numbers=(1, 2, 3)))
    for each in found["alone"]:
        console.print()
        console.print(Line(each["words"], style="bold"))
        tail = "; ".join(reform_plain.saved_words(each["saved"], say))
        console.print(Padding(Line(tail), (0, 0, 0, 2)))
        rule = say(Message("reform-rule", {"rule": each["rule"] or "–", "count": each["touched"]}))
        console.print(Padding(Line(rule, style="dim"), (0, 0, 0, 2)))


def _range(one: dict[str, Any], key: str) -> tuple[str, str, str]:
    before, after, saved = (one[side]["days"].get(key, {"low": 0, "high": 0}) for side in ("before", "after", "saved"))
    return reform_plain.between(before), reform_plain.between(after), reform_plain.spared(saved)


def _numbers(one: dict[str, Any], key: str) -> tuple[str, str, str]:
    return str(one["before"][key]), str(one["after"][key]), str(one["saved"][key])


def _disclaim(found: dict[str, Any], say: Translator, console: Console) -> None:
    console.print(Line(found["disclaimer"], style="yellow"))
    if "pack" in found:
        values = {"title": found["pack"]["title"], "day": found["pack"]["as_of"]}
        console.print(say(Message("reform-pack", values)), style="dim", markup=False)


def _show_losses(found: dict[str, Any], say: Translator, console: Console) -> None:
    console.print(say(Message("losses-head", {"count": found["projects"]})), style="bold", markup=False)
    _disclaim(found, say, console)
    _part("losses-without-law", [(one["title"], str(one["projects"])) for one in found["without_law"]], say, console)
    rows = [(one["title"], str(one["projects"]), str(one["times"]), str(one["spared"])) for one in found["asked_twice"]]
    _part("losses-asked-twice", rows, say, console)
    sequence = [(one["words"], one["basis"], reform_plain.spared(one["saved"])) for one in found["in_sequence"]]
    _part("losses-in-sequence", sequence, say, console)


def _part(name: str, rows: Sequence[tuple[str, ...]], say: Translator, console: Console) -> None:
    console.print()
    console.print(say(name), style="bold", markup=False)
    if not rows:
        console.print(Padding(Line(say("losses-none")), (0, 0, 0, 2)))
        return
    columns = say(f"{name}.columns").split(" / ")
    numbers = tuple(number for number, cell in enumerate(rows[0]) if cell[:1].isdigit() or cell[:1] == "-")
    console.print(table(columns, rows, numbers=numbers))
