"""``brief new|check|list``: an investor's need asked for in the terminal, looked over, listed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from portico.city import City
from portico.cli.brief_asked import Terminal
from portico.cli.common import DEFAULTS, Common
from portico.cli.show import as_json, out, table
from portico.dossier import plain
from portico.errors import CityNotFoundError, RejectedError, UsageError
from portico.files import write_whole
from portico.match import briefs
from portico.match.form import RANGE, Fields, fields_of, filled
from portico.match.interview import HOW, Interview
from portico.match.model import Brief
from portico.match.names import names_of
from portico.match.presets import NAMES, preset, presets
from portico.match.writing import as_data, to_toml
from portico.messages import Finding, Message, Place
from portico.settings import Document

Presets = Literal["plant", "laboratory", "office", "data-centre", "logistics", "food", "none"]


@Parameter(name="*")
@dataclass(frozen=True)
class Answers:
    """Answers given as options; what is given is not asked."""

    title: Annotated[str | None, Parameter(help="What the brief is called.")] = None
    activity: Annotated[str | None, Parameter(help="plant, laboratory, office, data-centre, logistics or food.")] = None
    sector: Annotated[str | None, Parameter(help="automotive, ict, aerospace, biomedical, food, …")] = None
    ateco: Annotated[str | None, Parameter(help="Codes of ATECO or NACE, with commas between them.")] = None
    area: Annotated[str | None, Parameter(help="Land, at least: hectares.")] = None
    area_basis: Annotated[str | None, Parameter(help="offered, buildable or whole-holding.")] = None
    floor_area: Annotated[str | None, Parameter(help="Floor area, at least: m².")] = None
    floor_area_basis: Annotated[str | None, Parameter(help="existing, usable or building-rights.")] = None
    premises: Annotated[str | None, Parameter(help="land, building.")] = None
    use: Annotated[str | None, Parameter(help="Permitted uses, of which one must be.")] = None
    rail: Annotated[str | None, Parameter(help="yes: a rail siding must reach the site.")] = None
    power: Annotated[str | None, Parameter(help="Electric power, at least: MW.")] = None
    ownership: Annotated[str | None, Parameter(help="public, private, mixed.")] = None
    tenure: Annotated[str | None, Parameter(help="sale, lease, surface-right, concession.")] = None
    operational_by: Annotated[str | None, Parameter(help="The day by which it can be had, YYYY-MM-DD.")] = None
    budget: Annotated[str | None, Parameter(help="Price, at most: EUR.")] = None
    remediation: Annotated[str | None, Parameter(help="not-needed, done, under-way, needed.")] = None
    not_in: Annotated[str | None, Parameter(help="Municipalities to leave out, with commas between them.")] = None
    not_sites: Annotated[str | None, Parameter(help="Sites to leave out by id, with commas between them.")] = None
    weights: Annotated[
        str | None, Parameter(help="Weights of the wants in their order, with commas: 40,30,20..30.")
    ] = None
    order: Annotated[
        str | None, Parameter(help="Places of the wants in an order, with commas, 1 counts most: 2,1,3.")
    ] = None


_WEIGHTS = ("weights", "order")
_HEAD = ("activity", "sector", "ateco")


def new(
    *,
    from_: Annotated[Presets | None, Parameter(name="--from", help="The preset to begin with.")] = None,
    answers: Answers | None = None,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    force: Annotated[bool, Parameter(negative="")] = False,
    defaults: Annotated[bool, Parameter(negative="")] = False,
    common: Common = DEFAULTS,
) -> int:
    """Ask what an investor needs and write it as a brief, TOML with comments.

    Questions come one line each, on a terminal or from a pipe; where no line is left, what was proposed holds.

    Parameters
    ----------
    output
        The file to write; else its name is made of the title, in this folder.
    force
        Replace the file where it is there already.
    defaults
        Ask nothing: the preset and the options decide.
    """
    answers = answers or Answers()
    city = _city(common)
    settled = _settled(answers, common.lang)
    if output:
        _refuse(output, force=force)
    terminal = Terminal(common.say, silent=defaults)
    start = dict(_start(from_, answers, terminal))
    if answers.title is not None:
        start = {name: texts for name, texts in start.items() if not name.startswith("title-")}
    interview = Interview(start | settled, terminal.ask, terminal.tell, names_of(city) if city else None)
    asked = frozenset(settled) | _weigh(interview.fields, answers)
    asked |= {"activity"} if terminal.was_asked else set()
    brief = _made(interview.run(common.lang, asked), city)
    path = output or Path(f"{_slug(common.say(brief.title))}.toml")
    _refuse(path, force=force)
    write_whole(path, to_toml(brief, common.say))
    if common.json:
        as_json({"file": str(path), "brief": as_data(brief)})
    else:
        out().print(common.say(Message("brief-written", {"file": str(path)})), markup=False)
    return 0


def _start(from_: str | None, answers: Answers, terminal: Terminal) -> Fields:
    """Return the fields to begin with: of the preset, else of the preset of the activity, which is asked for first."""
    name = from_ or answers.activity or terminal.activity()
    return {} if name == "none" else fields_of(preset(name))


def _settled(answers: Answers, language: str) -> dict[str, list[str]]:
    given = {each.name: getattr(answers, each.name) for each in fields(answers) if each.name not in _WEIGHTS}
    names = {"title": f"title-{language}"} | {name: name for name in _HEAD}
    return {
        names.get(name, f"must-{name.replace('_', '-')}"): [text] for name, text in given.items() if text is not None
    }


def _weigh(into: dict[str, list[str]], answers: Answers) -> frozenset[str]:
    """State the weights of the wants as the options say, and return the fields this settles."""
    given = answers.weights if answers.weights is not None else answers.order
    if given is None:
        return frozenset()
    rows = [name.partition("-")[0] for name in into if re.fullmatch(r"w\d+-criterion", name)]
    parts = [one.strip() for one in given.split(",")]
    if len(parts) != len(rows):
        raise UsageError("weights-how-many", count=len(parts), wants=len(rows))
    key = "weight" if answers.weights is not None else "order"
    gone = re.compile(r"w\d+-(weight|order)|total|order_as|source-.*")
    for name in [name for name in into if gone.fullmatch(name)]:
        del into[name]
    into |= {f"{row}-{key}": [part] for row, part in zip(rows, parts, strict=True)}
    if RANGE in given:
        into["total"] = ["100"]
    return frozenset({HOW, *(f"{row}-{key}" for row in rows)})


def _made(given: Fields, city: City | None) -> Brief:
    """Return the brief in the fields; raise RejectedError with what is wrong, each with the name of its field."""
    form = filled(given)
    brief, findings = briefs.interpret(Document("brief", form.data, {}), names_of(city) if city else None)
    faults = form.by_field(findings)
    if brief is None or faults:
        told = [
            Finding(message, Place("", 0, _option(name))) for name, messages in faults.items() for message in messages
        ]
        raise RejectedError("brief-rejected", tuple(told), file="brief")
    return brief


def _option(field: str) -> str:
    """Return the option that fills a field of a brief.

    >>> _option("must-area"), _option("title-it"), _option("w0-weight")
    ('--area', '--title', '--weights')
    """
    if re.match(r"w\d+-|wants$", field):
        return "--order" if field.endswith("-order") else "--weights"
    return f"--{field.removeprefix('must-').removesuffix('-it').removesuffix('-en')}" if field else ""


def _slug(title: str) -> str:
    """Return a name for a file made of a title.

    >>> _slug("Stabilimento di moduli: Agliè")
    'stabilimento-di-moduli-aglie'
    """
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60] or "brief"


def _refuse(path: Path, *, force: bool) -> None:
    if not path.parent.is_dir():
        raise UsageError("brief-folder-missing", folder=str(path.parent))
    if path.is_dir() or (path.exists() and not force):
        raise UsageError("brief-exists", file=str(path))


def _city(common: Common) -> City | None:
    """Return the city where there is one; a brief can do without, unless one was named."""
    try:
        return common.open()
    except CityNotFoundError:
        if common.city:
            raise
        return None


def check(file: str, *, common: Common = DEFAULTS) -> int:
    """Say everything that is wrong with a brief, with line and advice.

    Exit code 0: nothing is wrong; 1: something is.

    Parameters
    ----------
    file
        A file, TOML or JSON, or a name in the city's briefs/.
    """
    city = _city(common)
    path = briefs.find(city, file) if city and not Path(file).is_file() else Path(file)
    brief = briefs.check(briefs.document_of(path), names_of(city) if city else None)
    say = common.say
    shared = list(zip(brief.wants, brief.shares(), strict=True))
    if common.json:
        weights = [
            {"criterion": one.criterion, "label": plain.name_of(one, say), "share": share} for one, share in shared
        ]
        as_json({"file": str(path), "brief": as_data(brief), "weights": weights})
        return 0
    values = {"file": path.name, "title": brief.title, "musts": len(brief.musts), "count": len(brief.wants)}
    out().print(say(Message("brief-sound", values)), markup=False)
    rows = [(plain.name_of(one, say), f"{say.number(100 * share)} %") for one, share in shared]
    out().print(table(["", ""], rows, numbers=(1,), header=False))
    return 0


def list_briefs(*, common: Common = DEFAULTS) -> int:
    """List the briefs of the city, and the presets to begin with."""
    city = _city(common)
    own = [briefs.read(city, name) for name in briefs.names(city)] if city else []
    begin = list(zip(NAMES, presets(), strict=True))
    say = common.say
    if common.json:
        as_json(
            {
                "briefs": [plain.brief(one, say) for one in own],
                "presets": [{**plain.brief(one, say), "id": name, "source": say(one.source)} for name, one in begin],
            }
        )
        return 0
    console = out()
    if city:
        console.print(say(Message("briefs-head", {"city": city.settings.name})), style="bold", markup=False)
        console.print(table(["", ""], [(one.id, say(one.title)) for one in own], header=False))
        console.print()
    console.print(say("presets-head"), style="bold", markup=False)
    console.print(table(["", "", ""], [(name, say(one.title), say(one.source)) for name, one in begin], header=False))
    return 0
