"""The answer to a brief as one HTML file: no network, no script, nothing else needed to read or print it."""

from __future__ import annotations

import functools
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from portico.city.model import CitySettings
from portico.dossier import plain
from portico.files import write_whole
from portico.lake.commands import cite
from portico.lake.lake import Lake
from portico.match import firm_words
from portico.match.model import Shortlist
from portico.match.robustness import robustness
from portico.translation import Translator


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("portico.dossier", "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def report(answer: Shortlist, settings: CitySettings, say: Translator) -> str:
    """Return the report of a shortlist as HTML; every text from data is escaped."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            answer=answer,
            settings=settings,
            say=say,
            plain=plain,
            evidence=cited(answer),
            firm=robustness(answer),
            words=firm_words,
        )
    )


def cited(answer: Shortlist) -> list[tuple[str, str]]:
    """Return the datasets and versions that the report rests on."""
    measured = [
        one.measured for entry in answer.entries for group in (entry.musts, entry.contributions) for one in group
    ]
    return sorted({(piece.dataset, piece.version) for one in measured for piece in one.found.evidence if piece.version})


def write_report(answer: Shortlist, settings: CitySettings, lake: Lake, say: Translator, path: Path) -> None:
    """Write the report to ``path``, whole or not at all, and note the versions it cites.

    A lake that cannot be written loses nothing to clean-up either, so that there the note is left out. Raises
    as ``write_whole`` does.
    """
    write_whole(path, report(answer, settings, say))
    if lake.database.is_writable:
        cite(lake, cited(answer), f"report {path.name}")
